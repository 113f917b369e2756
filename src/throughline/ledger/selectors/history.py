"""What happened to a subject, and what it is joined to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

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


_ARM = """SELECT * FROM (
    SELECT '{direction}' AS direction, relation, '{near}' AS near, {near}_kind, {near}_id, {far}_kind, {far}_id
    FROM ledger_link WHERE org_id = %s AND {near}_kind = %s AND {near}_id IN ({places})
    ORDER BY {near}_id, id LIMIT %s) AS {name}"""


def link_steps(
    actor: Actor, frontiers: Mapping[str, Collection[SubjectRef]], *, limit: int
) -> list[tuple[str, str, SubjectRef, SubjectRef]]:
    """Links that lead on from each direction's subjects ("up", "down"): direction, relation, from where, to where.

    One query in plain SQL that reads at most `limit` links of each kind and end. They come by the near end first, as
    the index has them, so that the limit stops the reading and not only the answer.
    """
    arms: list[str] = []
    params: list[str | int] = []
    for direction, refs in frontiers.items():
        for kind, ids in _by_kind(refs):
            places = ", ".join(["%s"] * len(ids))
            for near, far in (("from", "to"), ("to", "from")):
                name = f"arm_{len(arms)}"
                arms.append(_ARM.format(direction=direction, near=near, far=far, places=places, name=name))
                params += [actor.org_id, kind, *sorted(ids), limit]
    if not arms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), params)
        return [
            (direction, relation, SubjectRef(near_kind, near_id), SubjectRef(far_kind, far_id))
            for direction, relation, near, near_kind, near_id, far_kind, far_id in cursor.fetchall()
            # The earlier end is upstream, except that what measures a thing came after it.
            if (direction == "up") == ((near == "from") != (relation == Relation.MEASURED_BY))
        ]


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
