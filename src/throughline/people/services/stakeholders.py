"""The stakeholder register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.people import policies
from throughline.people.events import (
    StakeholderAdded,
    StakeholderEdited,
    StakeholderEnded,
    StakeholderReturned,
)
from throughline.people.models import Person, Stakeholder
from throughline.people.rules import HIGHEST, LOWEST, STAKEHOLDER_KINDS
from throughline.people.services.checking import version_require, words_checked

KIND = "people.stakeholder"
_LONGEST = {"name": 160, "represents": 400, "note": 2000}


@dataclass(frozen=True, slots=True)
class StakeholderFacts:
    """What the register says. `kind` is a key of rules.STAKEHOLDER_KINDS; `person_id` is who stands for it."""

    kind: str
    name: str
    represents: str
    influence: int
    interest: int
    is_group: bool = False
    person_id: int | None = None
    note: str = ""


def stakeholder_ref(stakeholder_id: int) -> SubjectRef:
    """The subject reference of a stakeholder."""
    return SubjectRef(KIND, stakeholder_id)


@transaction.atomic
def stakeholder_add(*, actor: Actor, facts: StakeholderFacts) -> Stakeholder:
    """Name a person or group with a stake."""
    policies.can_keep_register(actor).require()
    stakeholder = Stakeholder(org_id=actor.org_id, **_checked(facts, stakeholder=None))
    stakeholder.save()
    _index(actor, stakeholder)
    event = StakeholderAdded(
        stakeholder_id=stakeholder.pk,
        person_id=stakeholder.person_id,
        influence=stakeholder.influence,
        interest=stakeholder.interest,
    )
    event_record(actor, event, subject=stakeholder_ref(stakeholder.pk))
    return stakeholder


@transaction.atomic
def stakeholder_edit(
    *, actor: Actor, stakeholder: Stakeholder, facts: StakeholderFacts, version: int | None = None
) -> Stakeholder:
    """Change what the register says; the same again changes and records nothing."""
    policies.can_keep_register(actor).require()
    version_require(stakeholder, version, noun="stakeholder")
    values = _checked(facts, stakeholder=stakeholder)
    if all(getattr(stakeholder, key) == value for key, value in values.items()):
        return stakeholder
    for key, value in values.items():
        setattr(stakeholder, key, value)
    stakeholder.version += 1
    stakeholder.save()
    _index(actor, stakeholder)
    event = StakeholderEdited(
        stakeholder_id=stakeholder.pk,
        person_id=stakeholder.person_id,
        influence=stakeholder.influence,
        interest=stakeholder.interest,
    )
    event_record(actor, event, subject=stakeholder_ref(stakeholder.pk))
    return stakeholder


@transaction.atomic
def stakeholder_end(*, actor: Actor, stakeholder: Stakeholder, ended_on: date | None = None) -> Stakeholder:
    """The stake ends; the entry stays in the register as ended."""
    policies.can_keep_register(actor).require()
    if stakeholder.ended_on is not None:
        raise Conflict(f"“{stakeholder.name}” has ended on {stakeholder.ended_on.isoformat()} already.")
    day = ended_on or today(actor.time_zone)
    stakeholder.ended_on, stakeholder.version = day, stakeholder.version + 1
    stakeholder.save(update_fields=["ended_on", "version"])
    event = StakeholderEnded(stakeholder_id=stakeholder.pk, ended_on=day)
    event_record(actor, event, subject=stakeholder_ref(stakeholder.pk))
    return stakeholder


@transaction.atomic
def stakeholder_return(*, actor: Actor, stakeholder: Stakeholder) -> Stakeholder:
    """Undo an ending."""
    policies.can_keep_register(actor).require()
    if stakeholder.ended_on is None:
        raise Conflict(f"“{stakeholder.name}” has not ended.")
    stakeholder.ended_on, stakeholder.version = None, stakeholder.version + 1
    stakeholder.save(update_fields=["ended_on", "version"])
    event_record(actor, StakeholderReturned(stakeholder_id=stakeholder.pk), subject=stakeholder_ref(stakeholder.pk))
    return stakeholder


def _checked(facts: StakeholderFacts, *, stakeholder: Stakeholder | None) -> Mapping[str, Any]:
    given = {key: getattr(facts, key) for key in _LONGEST}
    values: dict[str, Any] = dict(words_checked(given, _LONGEST, required=("name", "represents")))
    problems: dict[str, str] = {}
    if facts.kind not in STAKEHOLDER_KINDS:
        problems["kind"] = f"Choose one of {', '.join(STAKEHOLDER_KINDS.values())}."
    for key in ("influence", "interest"):
        if not LOWEST <= getattr(facts, key) <= HIGHEST:
            problems[key] = f"Choose a number from {LOWEST} (low) to {HIGHEST} (high)."
    others = Stakeholder.objects.exclude(pk=stakeholder.pk) if stakeholder else Stakeholder.objects.all()
    if others.filter(kind=facts.kind, name=values["name"]).exists():
        problems["name"] = f"The register has “{values['name']}” under this kind already."
    if facts.person_id is not None and not Person.objects.filter(pk=facts.person_id).exists():
        problems["person"] = "Choose somebody from the list of people and guests."
    if problems:
        raise Invalid(problems)
    return {
        **values,
        "kind": facts.kind,
        "influence": facts.influence,
        "interest": facts.interest,
        "is_group": facts.is_group,
        "person_id": facts.person_id,
    }


def _index(actor: Actor, stakeholder: Stakeholder) -> None:
    body = f"{STAKEHOLDER_KINDS.get(stakeholder.kind, '')} {stakeholder.represents}"
    search_index(actor=actor, ref=stakeholder_ref(stakeholder.pk), title=stakeholder.name, body=body)
