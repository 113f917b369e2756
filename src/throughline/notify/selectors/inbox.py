"""The inbox of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.kernel.paging import Page, page_of
from throughline.kernel.prepared import Prepared
from throughline.notify.models import Notification
from throughline.notify.notices import notice_kinds
from throughline.notify.policies import visible_notifications
from throughline.notify.selectors.wording import Worded, notification_read_url, notification_url, worded

# Beyond this the exact number helps nobody, and counting stays cheap.
COUNTED_UP_TO = 99


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One notification as its reader sees it. `url` goes through the redirect that marks it read;
    `read_url` takes a POST that marks it read in place.
    """

    id: int
    sentence: str
    url: str
    read_url: str
    kind: str
    group: str
    subject: SubjectRef
    created_at: datetime
    read_at: datetime | None
    is_openable: bool


def unread_count(actor: Actor) -> int:
    """Unread notifications, counted up to 99; one query over an index of unread ones."""
    return len(_UNREAD(person_id=actor.person_id)) if actor.person_id is not None else 0


# As `visible_notifications` has it for a person.
_UNREAD = Prepared(
    lambda person_id: (
        Notification.objects.filter(person_id=person_id, read_at=None).order_by().values_list("id")[:COUNTED_UP_TO]
    ),
    person_id=int,
)


def inbox_page(
    actor: Actor, *, is_unread_only: bool = False, group: str = "", cursor: str = "", size: int = 50
) -> tuple[list[InboxLine], Page[Notification]]:
    """A page of the inbox, unread first and newest first within; one query and two per kind of subject."""
    rows: QuerySet[Notification] = Notification.objects.filter(visible_notifications(actor))
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    rows = cast("QuerySet[Notification]", rows.select_related("by_person").annotate(is_read=is_read))
    if is_unread_only:
        rows = rows.filter(read_at=None)
    if group:
        rows = rows.filter(kind__in=[kind.key for kind in notice_kinds() if kind.group == group])
    page = page_of(rows, order=("is_read", "-id"), cursor=cursor, size=size)
    return [_line(actor, item) for item in worded(actor, page.rows)], page


def _line(actor: Actor, item: Worded) -> InboxLine:
    row = item.notification
    return InboxLine(
        id=row.pk,
        sentence=item.sentence,
        url=notification_url(actor.org_slug, row.pk),
        read_url=notification_read_url(actor.org_slug, row.pk),
        kind=row.kind,
        group=item.group,
        subject=SubjectRef(row.subject_kind, row.subject_id),
        created_at=row.created_at,
        read_at=row.read_at,
        is_openable=item.card is not None and bool(item.card.url),
    )


def notification_for_reading(actor: Actor, notification_id: int) -> Notification:
    """One of the actor's notifications, or NotFound."""
    row = (
        Notification.objects.select_related("by_person")
        .filter(visible_notifications(actor), pk=notification_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row
