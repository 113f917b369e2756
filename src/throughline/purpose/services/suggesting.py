"""Contributing to a purpose before it is adopted, and what becomes of it."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.models import FateAnswer
from throughline.ledger.rules import FateKind
from throughline.ledger.services import event_record, fate_answer
from throughline.purpose.events import SuggestionMade, SuggestionTakenUp
from throughline.purpose.models import Statement, Suggestion
from throughline.purpose.policies import can_edit, can_suggest, own_id
from throughline.purpose.services.writing import TEXT_LENGTH, statement_locked

SUGGESTION_LENGTH = 4_000


@transaction.atomic
def suggestion_add(*, actor: Actor, statement: Statement, text: str, wording: str = "") -> Suggestion:
    """Say what is missing or wrong, with the wording one would use if one has it."""
    can_suggest(actor, statement).require()
    problems = {}
    if not text.strip():
        problems["text"] = "Say what you would change, and why; whoever writes the draft reads it."
    elif len(text) > SUGGESTION_LENGTH:
        problems["text"] = f"Shorten it to {SUGGESTION_LENGTH:,} characters."
    if len(wording) > TEXT_LENGTH:
        problems["wording"] = f"Shorten the wording to {TEXT_LENGTH:,} characters."
    if problems:
        raise Invalid(problems)
    suggestion = Suggestion.objects.create(
        org_id=actor.org_id,
        statement=statement,
        version=statement.latest_version,
        person_id=own_id(actor),
        text=text.strip(),
        wording=wording.strip(),
        created_at=now(),
    )
    event_record(actor, SuggestionMade(version=suggestion.version), subject=suggestion.ref, context=statement.ref)
    return suggestion


@transaction.atomic
def suggestion_take_up(*, actor: Actor, suggestion: Suggestion, version: int) -> Suggestion:
    """Say in which version it went; its author is told now, and again when that version is adopted."""
    statement = statement_locked(suggestion.statement)
    can_edit(actor, statement).require()
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if suggestion.taken_up_version is not None:
        raise Conflict(f"This was taken up in version {suggestion.taken_up_version} already.")
    if not suggestion.version < version <= statement.latest_version:
        raise Invalid(
            {
                "version": f"Choose a version after version {suggestion.version}, which this was said about, "
                f"up to version {statement.latest_version}. Write the new version first."
            }
        )
    suggestion.taken_up_version = version
    suggestion.save()
    event_record(actor, SuggestionTakenUp(version=version), subject=suggestion.ref, context=statement.ref)
    return suggestion


@transaction.atomic
def suggestion_answer(*, actor: Actor, suggestion: Suggestion, kind: str, reason: str) -> FateAnswer:
    """Answer it, or say why it is not taken up; its author is told."""
    can_edit(actor, suggestion.statement).require()
    if suggestion.taken_up_version is not None:
        raise Conflict(f"This was taken up in version {suggestion.taken_up_version} already.")
    if kind not in (FateKind.ANSWERED, FateKind.NOT_TAKEN_UP):
        raise Invalid({"kind": "Choose “answered” or “not taken up”."})
    return fate_answer(actor=actor, ref=suggestion.ref, kind=FateKind(kind), reason=reason)
