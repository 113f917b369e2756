"""Speaking to a proposal: positions, signatures and the objections they raise."""

from __future__ import annotations

from django.db import transaction

from throughline.decisions.events import ObjectionRaised, ObjectionResolved, PositionTaken
from throughline.decisions.models import Objection, Position, Proposal, ProposalVersion, Signatory
from throughline.decisions.policies import can_take_position, own_id
from throughline.decisions.rules import SIGNING, Capacity, ObjectionState, Stance
from throughline.decisions.services.opening import context_of
from throughline.decisions.services.polling import complete_if_ready, proposal_locked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record

REASON_LENGTH = 4_000


@transaction.atomic
def position_take(
    *, actor: Actor, proposal: Proposal, stance: str, version: int, reason: str = "", quote: str = ""
) -> Position:
    """Say what one thinks of exactly this version; agreement is a signature, objecting raises an objection.

    `quote` is the passage objected to, word for word; empty means the whole text. Taking another position
    withdraws one's own open objections. A sign-off completes with its last signature.
    """
    proposal = proposal_locked(proposal)
    can_take_position(actor, proposal).require()
    if version != proposal.version:
        raise Conflict(
            f"This moved on to version {proposal.version} while you were reading version {version}. "
            "Read what changed, then take your position on the new text."
        )
    text = ProposalVersion.objects.get(proposal=proposal, version=version)
    chosen = _checked(stance, reason=reason, quote=quote, text=text.text)
    held = set(
        Signatory.objects.filter(proposal=proposal, person_id=own_id(actor), dropped_since=None).values_list(
            "capacity", flat=True
        )
    )
    Position.objects.filter(proposal=proposal, person_id=own_id(actor), is_current=True).update(is_current=False)
    position = Position.objects.create(
        org_id=actor.org_id,
        proposal=proposal,
        person_id=own_id(actor),
        stance=chosen,
        reason=reason.strip(),
        capacities=[capacity.value for capacity in Capacity if capacity in held],
        version=version,
        text_hash=text.text_hash,
        created_at=now(),
    )
    event_record(
        actor,
        PositionTaken(position_id=position.pk, stance=chosen, version=version),
        subject=proposal.ref,
        context=context_of(proposal),
    )
    if chosen is Stance.OBJECT:
        _raise(actor, proposal, position=position, quote=quote.strip())
    else:
        _withdraw_own(actor, proposal)
    if chosen in SIGNING:
        complete_if_ready(actor, proposal)
    return position


def _checked(stance: str, *, reason: str, quote: str, text: str) -> Stance:
    if stance not in Stance._value2member_map_:
        raise Invalid({"stance": "Choose what you think: agree, agree with a reservation, object or abstain."})
    chosen = Stance(stance)
    problems: dict[str, str] = {}
    if chosen is Stance.OBJECT and not reason.strip():
        problems["reason"] = "Say why: an objection without a reason cannot be integrated."
    if chosen is Stance.AGREE_WITH_RESERVATION and not reason.strip():
        problems["reason"] = "Write your reservation, so that it is on record."
    if len(reason) > REASON_LENGTH:
        problems["reason"] = f"Shorten the reason to {REASON_LENGTH:,} characters."
    if quote.strip() and chosen is not Stance.OBJECT:
        problems["quote"] = "A passage is quoted only for an objection; choose “object” or clear the quote."
    elif quote.strip() and " ".join(quote.split()) not in " ".join(text.split()):
        problems["quote"] = "These words are not in the text; copy the passage from it exactly, or leave it empty."
    if problems:
        raise Invalid(problems)
    return chosen


def _raise(actor: Actor, proposal: Proposal, *, position: Position, quote: str) -> None:
    objection = Objection.objects.create(
        org_id=actor.org_id,
        proposal=proposal,
        person_id=own_id(actor),
        version=position.version,
        text_hash=position.text_hash,
        quote=quote,
        reason=position.reason,
        created_at=position.created_at,
    )
    event_record(
        actor,
        ObjectionRaised(objection_id=objection.pk, version=position.version),
        subject=proposal.ref,
        context=context_of(proposal),
    )


def _withdraw_own(actor: Actor, proposal: Proposal) -> None:
    """Whoever now agrees or abstains objects no longer."""
    own = Objection.objects.filter(proposal=proposal, person_id=own_id(actor), state=ObjectionState.OPEN)
    for objection in own:
        objection.state, objection.settled_at = ObjectionState.WITHDRAWN, now()
        objection.settled_by_id = actor.person_id
        objection.save()
        event_record(
            actor,
            ObjectionResolved(objection_id=objection.pk, state=ObjectionState.WITHDRAWN),
            subject=proposal.ref,
            context=context_of(proposal),
        )
