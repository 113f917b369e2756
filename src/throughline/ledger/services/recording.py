"""Recording what happened."""

from __future__ import annotations

from django.db import connection

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.ids import SubjectRef
from throughline.ledger.events import DomainEvent
from throughline.ledger.models import Event


def event_record(actor: Actor, event: DomainEvent, *, subject: SubjectRef, context: SubjectRef | None = None) -> Event:
    """Write one event in the caller's transaction; raises RuntimeError outside one.

    `context` is the thing whose page the change belongs to (the meeting of a contribution); live pages follow it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"“{event.kind}” must be recorded in the transaction of its change.")
    return Event.objects.create(
        org_id=actor.org_id,
        kind=event.kind,
        actor_person_id=actor.person_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        context_kind=context.kind if context else "",
        context_id=context.id if context else None,
        data=event.payload(),
        at=now(),
    )
