"""This app's endpoints, below `/api/v1/o/<org>/`."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from throughline.access.rest import ApiPage, ApiRequest, Cursor, Size, api_router
from throughline.notify import selectors, services
from throughline.notify.selectors import InboxLine

router = api_router("notify")
Group = Literal["asked", "told", "reminder"]


class NotificationOut(Schema):
    """Something you were told, worded by what you may see today. `subject` is what it is about
    ("goals.goal:12").
    """

    id: int
    sentence: str
    kind: str
    group: str
    subject: str
    url: str
    created_at: datetime
    read_at: datetime | None


class ReadAllOut(Schema):
    """How many notifications were new."""

    count: int


class PreferenceOut(Schema):
    """The pace of one group through one channel, and the paces that may be chosen."""

    group: str
    channel: str
    pace: str
    paces: list[str]
    is_default: bool


class PreferenceIn(Schema):
    """A pace for one group through one channel."""

    group: Group
    channel: str = Field(max_length=40)
    pace: str = Field(max_length=10)


def _shown(line: InboxLine) -> NotificationOut:
    return NotificationOut(
        id=line.id,
        sentence=line.sentence,
        kind=line.kind,
        group=line.group,
        subject=str(line.subject),
        url=line.url,
        created_at=line.created_at,
        read_at=line.read_at,
    )


@router.get("notifications", response=ApiPage[NotificationOut])
def notifications(
    request: ApiRequest,
    unread: bool = False,
    group: Group | Literal[""] = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> ApiPage[NotificationOut]:
    """Your notifications, unread first and newest first within."""
    lines, page = selectors.inbox_page(request.actor, is_unread_only=unread, group=group, cursor=cursor, size=size)
    return ApiPage(items=[_shown(line) for line in lines], next_cursor=page.next_cursor)


@router.post("notifications/read", response=ReadAllOut)
def notifications_read_all(request: ApiRequest) -> ReadAllOut:
    """Mark everything read."""
    return ReadAllOut(count=services.notifications_read_all(actor=request.actor))


@router.post("notifications/{notification_id}/read", response={204: None})
def notification_read(request: ApiRequest, notification_id: int) -> None:
    """Mark one notification read; again changes nothing."""
    row = selectors.notification_for_reading(request.actor, notification_id)
    services.notification_read(actor=request.actor, notification=row)


@router.get("preferences", response=list[PreferenceOut])
def preferences(request: ApiRequest) -> list[PreferenceOut]:
    """What you are told, how and when: every group and channel."""
    return [
        PreferenceOut(
            group=choice.group,
            channel=choice.channel,
            pace=choice.pace,
            paces=list(choice.paces),
            is_default=choice.is_default,
        )
        for choice in selectors.preferences_of(request.actor)
    ]


@router.put("preferences", response=list[PreferenceOut])
def preferences_set(request: ApiRequest, payload: list[PreferenceIn]) -> list[PreferenceOut]:
    """Set the pace of the groups and channels given; the others stay."""
    paces: dict[tuple[str, str], str] = {(item.group, item.channel): item.pace for item in payload}
    services.preferences_set(actor=request.actor, paces=paces)
    return preferences(request)
