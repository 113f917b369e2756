"""Polls: who is asked, what they last said, and what is open."""

from __future__ import annotations

from collections.abc import Collection

from throughline.decisions.models import Objection, Position, Proposal, Signatory
from throughline.decisions.rules import Asked, Capacity, ObjectionState, Poll, Spoken, Stance, is_past_closing
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today


def poll_of(actor: Actor, proposal: Proposal) -> Poll:
    """The poll of one proposal; three queries."""
    return polls_of(actor, [proposal])[proposal.pk]


def polls_of(actor: Actor, proposals: Collection[Proposal]) -> dict[int, Poll]:
    """The polls of several proposals by number; three queries however many."""
    ids = [proposal.pk for proposal in proposals]
    since: dict[int, dict[int, dict[Capacity, int]]] = {number: {} for number in ids}
    rows = Signatory.objects.filter(proposal_id__in=ids, dropped_since=None).order_by("id")
    for number, person_id, capacity, asked_since in rows.values_list(
        "proposal_id", "person_id", "capacity", "asked_since"
    ):
        since[number].setdefault(person_id, {})[Capacity(capacity)] = asked_since
    last = {
        (number, person_id): Spoken(version, Stance(stance))
        for number, person_id, version, stance in Position.objects.filter(
            proposal_id__in=ids, is_current=True
        ).values_list("proposal_id", "person_id", "version", "stance")
    }
    open_counts = dict.fromkeys(ids, 0)
    for number in Objection.objects.filter(proposal_id__in=ids, state=ObjectionState.OPEN).values_list(
        "proposal_id", flat=True
    ):
        open_counts[number] += 1
    day = today(actor.time_zone)
    return {
        proposal.pk: Poll(
            version=proposal.version,
            asked=tuple(
                Asked(person_id, capacities, last.get((proposal.pk, person_id)))
                for person_id, capacities in since[proposal.pk].items()
            ),
            open_objections=open_counts[proposal.pk],
            is_past_closing=is_past_closing(proposal.closes_on, day),
        )
        for proposal in proposals
    }
