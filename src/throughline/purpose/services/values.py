"""Defining values and the behaviours that show or contradict them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.services import event_record, search_remove
from throughline.purpose.events import ValueChanged, ValueEnded
from throughline.purpose.models import Behaviour, Value
from throughline.purpose.policies import can_manage_values
from throughline.purpose.rules import BehaviourKind
from throughline.purpose.services.indexing import value_refresh

MOST_BEHAVIOURS, BEHAVIOUR_LENGTH, NAME_LENGTH, MEANING_LENGTH = 20, 400, 120, 4_000


@transaction.atomic
def value_create(
    *, actor: Actor, name: str, meaning: str = "", shows: Sequence[str] = (), contradicts: Sequence[str] = ()
) -> Value:
    """Define a value."""
    can_manage_values(actor).require()
    _check(name, meaning, shows=shows, contradicts=contradicts)
    last = Value.objects.aggregate(last=Max("position"))["last"] or 0
    value = Value(org_id=actor.org_id, position=last + 1, created_at=now())
    return _save(actor, value, name=name, meaning=meaning, shows=shows, contradicts=contradicts)


@transaction.atomic
def value_edit(
    *,
    actor: Actor,
    value: Value,
    version: int,
    name: str,
    meaning: str = "",
    shows: Sequence[str] = (),
    contradicts: Sequence[str] = (),
) -> Value:
    """Reword a value or its behaviours, from the version the form was made of."""
    can_manage_values(actor).require()
    value = _locked(value)
    if version != value.version:
        raise Conflict("Somebody changed this value while you edited it. Your words are kept; look at the new ones.")
    _check(name, meaning, shows=shows, contradicts=contradicts)
    value.version += 1
    return _save(actor, value, name=name, meaning=meaning, shows=shows, contradicts=contradicts)


@transaction.atomic
def value_end(*, actor: Actor, value: Value) -> Value:
    """A value that no longer holds; goals that served it keep saying so."""
    can_manage_values(actor).require()
    value = _locked(value)
    if value.ended_at is not None:
        raise Conflict("This value has ended already.")
    value.ended_at = now()
    value.save()
    search_remove(actor=actor, ref=value.ref)
    event_record(actor, ValueEnded(), subject=value.ref)
    return value


def _locked(value: Value) -> Value:
    row = Value.objects.select_for_update().filter(pk=value.pk).first()
    if row is None:
        raise NotFound
    return row


def _check(name: str, meaning: str, *, shows: Sequence[str], contradicts: Sequence[str]) -> None:
    problems = {}
    if not name.strip():
        problems["name"] = "Name the value in a word or two."
    elif len(name.strip()) > NAME_LENGTH:
        problems["name"] = f"Shorten the name to {NAME_LENGTH} characters."
    if len(meaning) > MEANING_LENGTH:
        problems["meaning"] = f"Shorten the meaning to {MEANING_LENGTH:,} characters."
    for field, lines in (("shows", shows), ("contradicts", contradicts)):
        if len(lines) > MOST_BEHAVIOURS:
            problems[field] = f"Name at most {MOST_BEHAVIOURS} behaviours; the most telling ones."
        elif any(len(line) > BEHAVIOUR_LENGTH for line in lines):
            problems[field] = f"Shorten each behaviour to {BEHAVIOUR_LENGTH} characters."
    if problems:
        raise Invalid(problems)


def _save(
    actor: Actor, value: Value, *, name: str, meaning: str, shows: Sequence[str], contradicts: Sequence[str]
) -> Value:
    value.name, value.meaning = name.strip(), meaning.strip()
    try:
        with transaction.atomic():
            value.save()
    except IntegrityError:
        raise Invalid({"name": f"There is a value “{value.name}” already; edit that one."}) from None
    Behaviour.objects.filter(value=value).delete()
    for kind, lines in ((BehaviourKind.SHOWS, shows), (BehaviourKind.CONTRADICTS, contradicts)):
        kept = dict.fromkeys(line.strip() for line in lines if line.strip())
        Behaviour.objects.bulk_create(
            [
                Behaviour(org_id=actor.org_id, value=value, kind=kind, text=line, position=number)
                for number, line in enumerate(kept)
            ]
        )
    event_record(actor, ValueChanged(version=value.version), subject=value.ref)
    value_refresh(actor, value)
    return value
