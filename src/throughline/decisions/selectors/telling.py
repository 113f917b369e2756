"""Whom to tell about a proposal."""

from __future__ import annotations

from throughline.decisions.models import Objection, Proposal, Signatory
from throughline.decisions.rules import Capacity
from throughline.kernel.actor import Actor


def proposal_to_tell(actor: Actor, proposal_id: int) -> Proposal | None:
    """The proposal behind an event, or None when it is gone."""
    return Proposal.objects.filter(pk=proposal_id).first()


def objection_to_tell(actor: Actor, objection_id: int) -> Objection | None:
    """The objection behind an event with its proposal."""
    return Objection.objects.filter(pk=objection_id).select_related("proposal").first()


def stewards_of(actor: Actor, proposal: Proposal) -> set[int]:
    """Who answers for it: whoever opened it, and its owners."""
    owners = Signatory.objects.filter(
        proposal=proposal, dropped_since=None, capacity__in=(Capacity.OWNER, Capacity.CO_OWNER)
    ).values_list("person_id", flat=True)
    opener = {proposal.opened_by_id} if proposal.opened_by_id is not None else set()
    return {*owners, *opener}


def concerned_by(actor: Actor, proposal: Proposal) -> set[int]:
    """Everyone who was asked, and whoever opened it."""
    asked = Signatory.objects.filter(proposal=proposal, dropped_since=None).values_list("person_id", flat=True)
    return {*asked, *stewards_of(actor, proposal)}
