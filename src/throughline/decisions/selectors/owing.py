"""What of decisions waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Max, OuterRef, Q, Subquery

from throughline.decisions.models import Objection, Position, Proposal, Signatory
from throughline.decisions.rules import Capacity, ObjectionState, ProposalState
from throughline.kernel.actor import Actor

# More than a person can look through at once; the log has the rest.
MOST_SHOWN = 100


def positions_owed(actor: Actor) -> Sequence[Proposal]:
    """Open proposals that ask the actor and have no answer of theirs on what now stands; one query."""
    if actor.person_id is None:
        return []
    mine = Signatory.objects.filter(
        proposal_id=OuterRef("pk"), person_id=actor.person_id, dropped_since=None
    ).order_by()
    needed = mine.values("proposal_id").annotate(latest=Max("asked_since")).values("latest")
    spoken = Position.objects.filter(proposal_id=OuterRef("pk"), person_id=actor.person_id, is_current=True).values(
        "version"
    )
    asked = Signatory.objects.filter(person_id=actor.person_id, dropped_since=None).values("proposal_id")
    return list(
        Proposal.objects.filter(state=ProposalState.OPEN, pk__in=asked)
        .annotate(needed_version=Subquery(needed[:1]), spoken_version=Subquery(spoken[:1]))
        .filter(Q(spoken_version=None) | Q(spoken_version__lt=F("needed_version")))
        .order_by("closes_on", "id")[:MOST_SHOWN]
    )


def objections_owed(actor: Actor) -> Sequence[Objection]:
    """Open objections the actor should answer, as opener or owner; one query."""
    if actor.person_id is None:
        return []
    owned = Signatory.objects.filter(
        person_id=actor.person_id, dropped_since=None, capacity__in=(Capacity.OWNER, Capacity.CO_OWNER)
    ).values("proposal_id")
    return list(
        Objection.objects.filter(
            Q(proposal__opened_by_id=actor.person_id) | Q(proposal_id__in=owned),
            state=ObjectionState.OPEN,
            proposal__state=ProposalState.OPEN,
        )
        .exclude(person_id=actor.person_id)
        .select_related("proposal", "person")
        .order_by("id")[:MOST_SHOWN]
    )
