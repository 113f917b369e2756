"""Joining subjects. Callers have checked that the actor may change the later end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.events import DomainEvent
from throughline.ledger.models import Link, Relation
from throughline.ledger.services.recording import event_record

# Both databases leave what is joined already as it is.
_CREATE = """
INSERT INTO ledger_link (org_id, relation, from_kind, from_id, to_kind, to_id) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class LinkCreated(DomainEvent):
    """Two subjects were joined; the event's subject is the later one."""

    kind: ClassVar[str] = "ledger.link_created"
    link_id: int
    relation: Relation


@dataclass(frozen=True)
class LinkRemoved(DomainEvent):
    """Two subjects were parted."""

    kind: ClassVar[str] = "ledger.link_removed"
    link_id: int
    relation: Relation


def link_create(*, actor: Actor, later: SubjectRef, relation: Relation, earlier: SubjectRef) -> Link:
    """Join two subjects once; joining them again returns the link that exists and records nothing."""
    link, is_new = Link.objects.get_or_create(
        org_id=actor.org_id,
        relation=relation,
        from_kind=later.kind,
        from_id=later.id,
        to_kind=earlier.kind,
        to_id=earlier.id,
    )
    if is_new:
        event_record(actor, LinkCreated(link_id=link.pk, relation=relation), subject=later, context=earlier)
    return link


def link_remove(*, actor: Actor, later: SubjectRef, relation: Relation, earlier: SubjectRef) -> bool:
    """Part two subjects; answers whether they were joined."""
    link = Link.objects.filter(
        relation=relation, from_kind=later.kind, from_id=later.id, to_kind=earlier.kind, to_id=earlier.id
    ).first()
    if link is None:
        return False
    event_record(actor, LinkRemoved(link_id=link.pk, relation=relation), subject=later, context=earlier)
    link.delete()
    return True


def links_create_bulk(*, actor: Actor, links: Iterable[tuple[SubjectRef, Relation, SubjectRef]]) -> int:
    """Join many pairs without an event each (the batch's own event names its range); answers how many were given."""
    rows = [
        (actor.org_id, relation.value, later.kind, later.id, earlier.kind, earlier.id)
        for later, relation, earlier in links
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_CREATE, rows)
    return len(rows)
