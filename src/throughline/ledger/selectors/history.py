"""What happened to a subject, and what it is joined to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event, Link, Relation


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as a page shows it; words are found by the app that owns the kind."""

    event_id: int
    kind: str
    at: datetime
    person_id: int | None
    subject: SubjectRef
    data: dict[str, Any]


def history_of(actor: Actor, ref: SubjectRef, *, before: int | None = None, limit: int = 50) -> list[HistoryLine]:
    """Events of one subject, newest first. The caller has fetched the subject as visible to the actor."""
    events = Event.objects.filter(subject_kind=ref.kind, subject_id=ref.id).order_by("-id")
    if before is not None:
        events = events.filter(id__lt=before)
    return [
        HistoryLine(event.pk, event.kind, event.at, event.actor_person_id, ref, event.data) for event in events[:limit]
    ]


def links_from(
    actor: Actor, refs: Collection[SubjectRef], relation: Relation | None = None, *, limit: int | None = None
) -> list[Link]:
    """Links whose later end is one of `refs`: what prompted them, what they advance; at most `limit` of each kind."""
    return _links("from", refs, relation, limit)


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """A link as a walk needs it."""

    relation: str
    later: SubjectRef
    earlier: SubjectRef


def link_ends(actor: Actor, refs: Collection[SubjectRef], *, end: str, limit: int) -> list[LinkEnds]:
    """Links with one `end` ("from": the later, "to": the earlier) among `refs`, at most `limit` of each kind."""
    found: list[LinkEnds] = []
    for kind, ids in _by_kind(refs):
        links = Link.objects.filter(**{f"{end}_kind": kind, f"{end}_id__in": sorted(ids)})
        # By the end first, as the index has them, so that the limit stops the reading and not only the answer.
        rows = links.order_by(f"{end}_id", "id").values_list("relation", "from_kind", "from_id", "to_kind", "to_id")
        found.extend(LinkEnds(row[0], SubjectRef(row[1], row[2]), SubjectRef(row[3], row[4])) for row in rows[:limit])
    return found


def _by_kind(refs: Collection[SubjectRef]) -> list[tuple[str, set[int]]]:
    by_kind: dict[str, set[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.id)
    return sorted(by_kind.items())


def links_to(
    actor: Actor, refs: Collection[SubjectRef], relation: Relation | None = None, *, limit: int | None = None
) -> list[Link]:
    """Links whose earlier end is one of `refs`: what came of them; at most `limit` of each kind."""
    return _links("to", refs, relation, limit)


def _links(end: str, refs: Collection[SubjectRef], relation: Relation | None, limit: int | None) -> list[Link]:
    found: list[Link] = []
    for kind, ids in _by_kind(refs):
        links = Link.objects.filter(**{f"{end}_kind": kind, f"{end}_id__in": sorted(ids)})
        if relation is not None:
            links = links.filter(relation=relation)
        order = ("id",) if limit is None else (f"{end}_id", "id")
        found.extend(links.order_by(*order)[:limit])
    return found
