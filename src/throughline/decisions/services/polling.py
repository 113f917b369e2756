"""The poll of a proposal as its method judges it, locked while a change is made, and the completion of
sign-offs.
"""

from __future__ import annotations

from throughline.decisions.events import ProposalDecided, SignOffCompleted
from throughline.decisions.methods import METHODS
from throughline.decisions.models import Objection, Option, Proposal
from throughline.decisions.rules import Outcome, ProposalState
from throughline.decisions.selectors.polls import poll_of
from throughline.decisions.services.opening import context_of
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import NotFound
from throughline.ledger.services import event_record


def proposal_locked(proposal: Proposal) -> Proposal:
    """The row as it is now, locked until the transaction ends."""
    row = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if row is None:
        raise NotFound
    return row


def objection_locked(objection: Objection) -> Objection:
    """The row as it is now with its proposal, both locked."""
    row = Objection.objects.select_for_update().filter(pk=objection.pk).first()
    if row is None:
        raise NotFound
    row.proposal = proposal_locked(Proposal(pk=row.proposal_id))
    return row


def complete_if_ready(actor: Actor, proposal: Proposal) -> bool:
    """Decide a self-completing proposal when its last signature is in; answers whether it was."""
    method = METHODS[proposal.method]
    if not method.is_self_completing or proposal.state != ProposalState.OPEN:
        return False
    if not method.judge(poll_of(actor, proposal)).may_adopt:
        return False
    proposal.reason = f"Everyone asked has signed version {proposal.version}."
    decide(actor, proposal, outcome=Outcome.ADOPTED)
    return True


def decide(actor: Actor, proposal: Proposal, *, outcome: Outcome) -> None:
    """Write the outcome; the caller has judged and set the reason."""
    proposal.state, proposal.outcome = ProposalState.DECIDED, outcome
    proposal.decided_by_id, proposal.decided_at = actor.person_id, now()
    proposal.save()
    context = context_of(proposal)
    if METHODS[proposal.method].is_self_completing and outcome is Outcome.ADOPTED:
        event_record(actor, SignOffCompleted(version=proposal.version), subject=proposal.ref, context=context)
    event_record(
        actor,
        ProposalDecided(outcome=outcome, version=proposal.version),
        subject=proposal.ref,
        context=context,
    )


def reject_options(proposal: Proposal, reasons: dict[str, str]) -> None:
    """Mark options as rejected with their reasons, adding those not named before."""
    for text, reason in reasons.items():
        Option.objects.update_or_create(
            org_id=proposal.org_id,
            proposal=proposal,
            text=text,
            defaults={"is_rejected": True, "reason": reason},
        )
