"""What of decisions waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from throughline.decisions.models import Objection, Position, Proposal, Signatory
from throughline.decisions.rules import Capacity, ObjectionState, ProposalState
from throughline.kernel.actor import Actor
from throughline.kernel.prepared import Prepared

# More than a person can look through at once; the log has the rest.
MOST_SHOWN = 100


def positions_owed(actor: Actor) -> Sequence[Proposal]:
    """Open proposals that ask the actor and have no answer of theirs on what now stands; one query, and one for what it finds."""
    if actor.person_id is None:
        return []
    ids = [row[0] for row in _ASKED(person_id=actor.person_id)]
    return list(Proposal.objects.filter(pk__in=ids).order_by("closes_on", "id")) if ids else []


def objections_owed(actor: Actor) -> Sequence[Objection]:
    """Open objections the actor should answer, as opener or owner; one query, and one for what it finds."""
    if actor.person_id is None:
        return []
    ids = [row[0] for row in _OBJECTED(person_id=actor.person_id)]
    if not ids:
        return []
    return list(Objection.objects.filter(pk__in=ids).select_related("proposal", "person").order_by("id"))


def _asked(person_id: int) -> QuerySet[Proposal, tuple[Any, ...]]:
    mine = Signatory.objects.filter(proposal_id=OuterRef("pk"), person_id=person_id, dropped_since=None).order_by()
    needed = mine.values("proposal_id").annotate(latest=Max("asked_since")).values("latest")
    spoken = Position.objects.filter(proposal_id=OuterRef("pk"), person_id=person_id, is_current=True).values("version")
    asked = Signatory.objects.filter(person_id=person_id, dropped_since=None).values("proposal_id")
    open_ones = Proposal.objects.filter(state=ProposalState.OPEN, pk__in=asked).annotate(
        needed_version=Subquery(needed[:1]), spoken_version=Subquery(spoken[:1])
    )
    owed = open_ones.filter(Q(spoken_version=None) | Q(spoken_version__lt=F("needed_version")))
    return owed.order_by("closes_on", "id").values_list("id")[:MOST_SHOWN]


def _objected(person_id: int) -> QuerySet[Objection, tuple[Any, ...]]:
    owned = Signatory.objects.filter(
        person_id=person_id, dropped_since=None, capacity__in=(Capacity.OWNER, Capacity.CO_OWNER)
    ).values("proposal_id")
    mine = Objection.objects.filter(
        Q(proposal__opened_by_id=person_id) | Q(proposal_id__in=owned),
        state=ObjectionState.OPEN,
        proposal__state=ProposalState.OPEN,
    )
    return mine.exclude(person_id=person_id).order_by("id").values_list("id")[:MOST_SHOWN]


_ASKED = Prepared(_asked, person_id=int)
_OBJECTED = Prepared(_objected, person_id=int)
