"""This app's endpoints, below `/api/v1/o/<org>/`."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from throughline.access.outgoing import MailFailed
from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size, api_router
from throughline.kernel.errors import Invalid, NotFound
from throughline.notify import selectors, services
from throughline.notify.models import MailServer
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


class PreferenceIn(ApiBody):
    """A pace for one group through one channel."""

    group: Group
    channel: str = Field(max_length=40)
    pace: str = Field(max_length=10)


class MailServerOut(Schema):
    """The organisation's outgoing mail; the password is never shown."""

    host: str
    port: int
    security: str
    user_name: str
    has_password: bool
    from_address: str
    from_name: str
    tested_at: datetime | None


class MailServerIn(ApiBody):
    """A mail server; `password` null keeps the stored one, "" is none."""

    host: str = Field(max_length=200)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user_name: str = Field("", max_length=200)
    password: str | None = Field(None, max_length=500)
    from_address: str = Field(max_length=254)
    from_name: str = Field("", max_length=120)


class MailTestIn(ApiBody):
    """Where a test mail goes."""

    to: str = Field(max_length=254)


def _mail_server(server: MailServer) -> MailServerOut:
    return MailServerOut(
        host=server.host,
        port=server.port,
        security=server.security,
        user_name=server.user_name,
        has_password=bool(server.password_sealed),
        from_address=server.from_address,
        from_name=server.from_name,
        tested_at=server.tested_at,
    )


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
def notification_read(request: ApiRequest, notification_id: Id) -> None:
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


@router.get("mail-server", response=MailServerOut)
def mail_server(request: ApiRequest) -> MailServerOut:
    """The mail server, for administrators; 404 while none is set up."""
    server = selectors.mail_server_of(request.actor)
    if server is None:
        raise NotFound("No mail server is set up.")
    return _mail_server(server)


@router.put("mail-server", response=MailServerOut)
def mail_server_set(request: ApiRequest, payload: MailServerIn) -> MailServerOut:
    """Set up or change the mail server."""
    given = services.MailServerGiven(**payload.dict())
    return _mail_server(services.mail_server_set(actor=request.actor, given=given))


@router.delete("mail-server", response={204: None})
def mail_server_remove(request: ApiRequest) -> None:
    """Stop sending mail; the inbox goes on."""
    services.mail_server_remove(actor=request.actor)


@router.post("mail-server/test", response=MailServerOut)
def mail_server_test(request: ApiRequest, payload: MailTestIn) -> MailServerOut:
    """Send a test mail now. When it does not go out, 422 says why and what to try."""
    try:
        return _mail_server(services.mail_server_test(actor=request.actor, to=payload.to))
    except MailFailed as error:
        raise Invalid({"to": str(error)}) from error
