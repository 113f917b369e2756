"""Recording what was decided, and taking proposals back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from throughline.decisions.events import ProposalWithdrawn
from throughline.decisions.methods import METHODS
from throughline.decisions.models import Proposal
from throughline.decisions.policies import can_steward
from throughline.decisions.rules import Outcome, ProposalState
from throughline.decisions.selectors.polls import poll_of
from throughline.decisions.services.opening import OPTION_LENGTH, context_of
from throughline.decisions.services.polling import decide, proposal_locked, reject_options
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record

REASON_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class RejectedOption:
    """A way not taken, and why."""

    text: str
    reason: str


@transaction.atomic
def proposal_decide(
    *,
    actor: Actor,
    proposal: Proposal,
    outcome: str,
    reason: str,
    rejected_options: Sequence[RejectedOption] = (),
) -> Proposal:
    """Record the outcome with its reason and what was rejected; raises Conflict while the method says it is
    too early.
    """
    proposal = proposal_locked(proposal)
    can_steward(actor, proposal).require()
    problems: dict[str, str] = {}
    if outcome not in Outcome._value2member_map_:
        problems["outcome"] = "Choose whether it is adopted or rejected."
    if not reason.strip():
        problems["reason"] = "Give the reason; people read it long after the moment has passed."
    elif len(reason) > REASON_LENGTH:
        problems["reason"] = f"Shorten the reason to {REASON_LENGTH:,} characters."
    if any(not entry.text.strip() or not entry.reason.strip() for entry in rejected_options):
        problems["rejected_options"] = "Name each rejected option together with why it was rejected."
    elif any(len(entry.text) > OPTION_LENGTH for entry in rejected_options):
        problems["rejected_options"] = f"Shorten each rejected option to {OPTION_LENGTH} characters."
    if problems:
        raise Invalid(problems)
    judgement = METHODS[proposal.method].judge(poll_of(actor, proposal))
    if not (judgement.may_adopt if outcome == Outcome.ADOPTED else judgement.may_reject):
        raise Conflict(f"This cannot be recorded as {outcome} yet. {judgement.words}")
    proposal.reason = reason.strip()
    reject_options(proposal, {entry.text.strip(): entry.reason.strip() for entry in rejected_options})
    decide(actor, proposal, outcome=Outcome(outcome))
    return proposal


@transaction.atomic
def proposal_withdraw(*, actor: Actor, proposal: Proposal, reason: str = "") -> Proposal:
    """Take a proposal back; what was said stays readable."""
    proposal = proposal_locked(proposal)
    can_steward(actor, proposal).require()
    if len(reason) > REASON_LENGTH:
        raise Invalid({"reason": f"Shorten the reason to {REASON_LENGTH:,} characters."})
    proposal.state, proposal.reason = ProposalState.WITHDRAWN, reason.strip()
    proposal.save()
    event_record(actor, ProposalWithdrawn(version=proposal.version), subject=proposal.ref, context=context_of(proposal))
    return proposal
