"""Telling people what follows from a change to a proposal."""

from __future__ import annotations

from throughline.decisions.methods import METHODS
from throughline.decisions.rules import ObjectionState, Outcome
from throughline.decisions.selectors.telling import (
    concerned_by,
    objection_to_tell,
    proposal_to_tell,
    stewards_of,
)
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event
from throughline.ledger.outbox import reaction
from throughline.notify.services import notify

_TOLD_BY_STATE = {
    ObjectionState.INTEGRATED: "decisions.objection_integrated",
    ObjectionState.STANDING: "decisions.objection_standing",
}


@reaction("decisions.proposal_opened", "decisions.reconsent_asked")
def ask_signatories(actor: Actor, event: Event) -> None:
    """Tell those who are asked, for the first time or again."""
    notify(
        actor=actor,
        person_ids=event.data["person_ids"],
        kind="decisions.asked" if event.kind == "decisions.proposal_opened" else "decisions.asked_again",
        subject=SubjectRef(event.subject_kind, event.subject_id),
        once=f"decisions.asked:{event.pk}",
        data={"version": event.data["version"]},
        by_person_id=event.actor_person_id,
    )


@reaction("decisions.objection_raised")
def tell_stewards(actor: Actor, event: Event) -> None:
    """An objection waits for an answer."""
    proposal = proposal_to_tell(actor, event.subject_id)
    if proposal is None:
        return
    notify(
        actor=actor,
        person_ids=stewards_of(actor, proposal),
        kind="decisions.objection_raised",
        subject=proposal.ref,
        once=f"decisions.objection:{event.data['objection_id']}",
        by_person_id=event.actor_person_id,
    )


@reaction("decisions.objection_resolved")
def tell_objector(actor: Actor, event: Event) -> None:
    """What became of one's objection."""
    kind = _TOLD_BY_STATE.get(ObjectionState(event.data["state"]))
    objection = objection_to_tell(actor, event.data["objection_id"])
    if kind is None or objection is None:
        return
    notify(
        actor=actor,
        person_ids=[objection.person_id],
        kind=kind,
        subject=objection.proposal.ref,
        once=f"decisions.objection_resolved:{objection.pk}",
        by_person_id=event.actor_person_id,
    )


@reaction("decisions.proposal_decided")
def tell_outcome(actor: Actor, event: Event) -> None:
    """Everyone asked hears the outcome."""
    proposal = proposal_to_tell(actor, event.subject_id)
    if proposal is None:
        return
    is_adopted = event.data["outcome"] == Outcome.ADOPTED
    adopted = "decisions.signed" if METHODS[proposal.method].is_self_completing else "decisions.adopted"
    notify(
        actor=actor,
        person_ids=concerned_by(actor, proposal),
        kind=adopted if is_adopted else "decisions.rejected",
        subject=proposal.ref,
        once=f"decisions.decided:{event.pk}",
        by_person_id=event.actor_person_id,
    )


@reaction("decisions.editorial_contested")
def tell_contest(actor: Actor, event: Event) -> None:
    """Whoever answers for the text hears that its change is contested."""
    proposal = proposal_to_tell(actor, event.subject_id)
    if proposal is None:
        return
    notify(
        actor=actor,
        person_ids=stewards_of(actor, proposal),
        kind="decisions.editorial_contested",
        subject=proposal.ref,
        once=f"decisions.contested:{event.pk}",
        data={"version": event.data["version"]},
        by_person_id=event.actor_person_id,
    )
