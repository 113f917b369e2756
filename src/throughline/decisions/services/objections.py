"""Settling objections. A settled one stays visible with its answer."""

from __future__ import annotations

from django.db import transaction

from throughline.decisions.events import ObjectionResolved
from throughline.decisions.models import Objection
from throughline.decisions.policies import can_settle_objection, can_withdraw_objection
from throughline.decisions.rules import ObjectionState
from throughline.decisions.services.opening import context_of
from throughline.decisions.services.polling import complete_if_ready, objection_locked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.ledger.services import event_record

ANSWER_LENGTH = 4_000


@transaction.atomic
def objection_integrate(*, actor: Actor, objection: Objection, note: str) -> Objection:
    """Say how the text now takes the objection up."""
    objection = objection_locked(objection)
    can_settle_objection(actor, objection).require()
    return _settle(actor, objection, state=ObjectionState.INTEGRATED, note=note, missing="Say how it was integrated.")


@transaction.atomic
def objection_stand(*, actor: Actor, objection: Objection, note: str) -> Objection:
    """Record that it is not integrated, and why; it stays visible beside the decision."""
    objection = objection_locked(objection)
    can_settle_objection(actor, objection).require()
    return _settle(
        actor,
        objection,
        state=ObjectionState.STANDING,
        note=note,
        missing="Say why it is not integrated; it stays on record.",
    )


@transaction.atomic
def objection_withdraw(*, actor: Actor, objection: Objection, note: str = "") -> Objection:
    """Take one's own objection back."""
    objection = objection_locked(objection)
    can_withdraw_objection(actor, objection).require()
    return _settle(actor, objection, state=ObjectionState.WITHDRAWN, note=note, missing="")


def _settle(actor: Actor, objection: Objection, *, state: ObjectionState, note: str, missing: str) -> Objection:
    if missing and not note.strip():
        raise Invalid({"note": missing})
    if len(note) > ANSWER_LENGTH:
        raise Invalid({"note": f"Shorten the answer to {ANSWER_LENGTH:,} characters."})
    objection.state, objection.answer = state, note.strip()
    objection.settled_by_id, objection.settled_at = actor.person_id, now()
    objection.save()
    event_record(
        actor,
        ObjectionResolved(objection_id=objection.pk, state=state),
        subject=objection.proposal.ref,
        context=context_of(objection.proposal),
    )
    complete_if_ready(actor, objection.proposal)
    return objection
