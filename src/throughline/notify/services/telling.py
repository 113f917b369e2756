"""Telling people something, once each, through the channels they chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from throughline.access.selectors import time_zones_of
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.ids import SubjectRef
from throughline.notify.channels import CHANNELS, Channel
from throughline.notify.models import Delivery, Notification
from throughline.notify.notices import notice_kind
from throughline.notify.rules import DIGEST, OFF, next_digest_at
from throughline.notify.selectors.preferences import paces_of

BATCH = 1000
LONGEST_ONCE = 120


@transaction.atomic
def notify(
    *,
    actor: Actor,
    person_ids: Iterable[int],
    kind: str,
    subject: SubjectRef,
    once: str,
    about: SubjectRef | None = None,
    data: Mapping[str, Any] | None = None,
    by_person_id: int | None = None,
) -> int:
    """Tell people about a subject; answers how many were told for the first time.

    `once` names the fact, so that telling it again (a repeated reaction) has no effect. Whoever did it
    (`by_person_id`, else the actor) is not told.
    """
    if len(once) > LONGEST_ONCE:
        raise ValueError(f"“{once}” names the fact in more than {LONGEST_ONCE} characters; use ids, not words.")
    group = notice_kind(kind).group
    by = by_person_id if by_person_id is not None else actor.person_id
    wanted = sorted({number for number in person_ids if number != by})
    told = 0
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        known = set(Notification.objects.filter(person_id__in=batch, once=once).values_list("person_id", flat=True))
        fresh = [person_id for person_id in batch if person_id not in known]
        if not fresh:
            continue
        moment = now()
        inbox = paces_of(fresh, group=group, channel="inapp")
        rows = Notification.objects.bulk_create(
            Notification(
                org_id=actor.org_id,
                person_id=person_id,
                kind=kind,
                subject_kind=subject.kind,
                subject_id=subject.id,
                about_kind=about.kind if about else "",
                about_id=about.id if about else None,
                by_person_id=by,
                data=dict(data or {}),
                once=once,
                created_at=moment,
                # Switched off in the inbox: kept for looking up, but nothing that counts as new.
                read_at=moment if inbox[person_id] == OFF else None,
            )
            for person_id in fresh
        )
        for channel in CHANNELS:
            if not channel.is_kept and channel.is_ready():
                _deliveries_add(actor, channel, rows, group=group, moment=moment)
        told += len(rows)
    return told


def _deliveries_add(
    actor: Actor, channel: Channel, rows: Sequence[Notification], *, group: str, moment: datetime
) -> None:
    person_ids = [row.person_id for row in rows]
    paces = paces_of(person_ids, group=group, channel=channel.key)
    late = [person_id for person_id, pace in paces.items() if pace == DIGEST]
    zones = time_zones_of(actor, late) if late else {}
    Delivery.objects.bulk_create(
        Delivery(
            org_id=actor.org_id,
            notification=row,
            channel=channel.key,
            is_digest=paces[row.person_id] == DIGEST,
            due_at=next_digest_at(moment, zones.get(row.person_id, "UTC"))
            if paces[row.person_id] == DIGEST
            else moment,
        )
        for row in rows
        if paces[row.person_id] != OFF
    )
