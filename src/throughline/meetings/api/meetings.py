"""Meetings: formats, list, plan, edit, agenda, states, close."""

from typing import Any, Literal

from ninja import Status

from throughline.access.rest import ApiPage, ApiRequest, Cursor, Id, Size, Words
from throughline.kernel.actor import Actor
from throughline.meetings import policies, selectors, services
from throughline.meetings.api.router import router
from throughline.meetings.formats import FORMATS
from throughline.meetings.models import AgendaItem, Meeting
from throughline.meetings.schemas import (
    AgendaDo,
    AgendaItemBody,
    AgendaItemItem,
    CloseBody,
    FormatItem,
    MeetingBody,
    MeetingEdit,
    MeetingItem,
    MeetingLine,
    StateBody,
)
from throughline.meetings.services import AgendaDraft


def _drafts(agenda: list[AgendaItemBody]) -> list[AgendaDraft]:
    return [AgendaDraft(**item.dict()) for item in agenda]


def _agenda_item(item: AgendaItem, *, with_note: bool) -> AgendaItemItem:
    return AgendaItemItem(
        id=item.pk,
        title=item.title,
        minutes=item.minutes,
        activity=item.activity,
        facilitator_note=item.facilitator_note if with_note else "",
        started_at=item.started_at,
        is_done=item.is_done,
    )


def _meeting(actor: Actor, meeting: Meeting) -> MeetingItem:
    with_note = bool(policies.can_facilitate(actor, meeting))
    fields = {name: getattr(meeting, name) for name in MeetingItem.model_fields if name != "agenda"}
    agenda = [_agenda_item(item, with_note=with_note) for item in meeting.agenda.order_by("position")]
    return MeetingItem(**fields, agenda=agenda)


@router.get("meeting-formats", response=ApiPage[FormatItem], operation_id="meeting_formats")
def meeting_formats(request: ApiRequest) -> dict[str, Any]:
    """The formats a meeting can be planned from.

    All of them at once, for there are few; `next_cursor` is always empty.
    """
    policies.can_plan(request.actor).require()
    return {"items": list(FORMATS), "next_cursor": ""}


@router.get("meetings", response=ApiPage[MeetingLine], operation_id="meetings_list")
def meetings_list(
    request: ApiRequest,
    when: Literal["upcoming", "past", "all"] = "all",
    q: Words = "",
    format: Words = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> dict[str, Any]:
    """Meetings you may see: the coming ones from the nearest on, otherwise the newest first.

    `q` finds words of title and question; `format` is the key of a format.
    """
    page = selectors.meetings_list(request.actor, when=when, words=q, format_key=format, cursor=cursor, size=size)
    items = [
        MeetingLine(id=row.meeting_id, title=row.title, starts_at=row.starts_at, state_label=row.state_label)
        for row in page.rows
    ]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post("meetings", response={201: MeetingItem}, operation_id="meeting_plan")
def meeting_plan(request: ApiRequest, payload: MeetingBody) -> Status[MeetingItem]:
    """Plan a meeting from a format; you facilitate it. What is left out comes from the format."""
    fields = payload.dict(exclude={"format", "agenda"})
    agenda = _drafts(payload.agenda) if payload.agenda is not None else None
    meeting = services.meeting_plan(actor=request.actor, format_key=payload.format, agenda=agenda, **fields)
    return Status(201, _meeting(request.actor, meeting))


@router.get("meetings/{meeting_id}", response=MeetingItem, operation_id="meeting_get")
def meeting_get(request: ApiRequest, meeting_id: Id) -> MeetingItem:
    """One meeting with its agenda; notes to the facilitator only for those who facilitate."""
    return _meeting(request.actor, selectors.meeting_for(request.actor, meeting_id))


@router.put("meetings/{meeting_id}", response=MeetingItem, operation_id="meeting_edit")
def meeting_edit(request: ApiRequest, meeting_id: Id, payload: MeetingEdit) -> MeetingItem:
    """Change what a meeting says about itself, and its agenda when one is sent.

    Refused with 409 when `version` is no longer the newest. A changed agenda is written anew: its items get new ids,
    and those that keep their title keep their tick.
    """
    actor = request.actor
    meeting = services.meeting_change(
        actor=actor,
        meeting=selectors.meeting_for(actor, meeting_id),
        **payload.dict(exclude={"agenda"}),
    )
    if payload.agenda is not None:
        wanted = _drafts(payload.agenda)
        present = [
            AgendaDraft(item.title, item.minutes, item.activity, item.facilitator_note)
            for item in meeting.agenda.order_by("position")
        ]
        if wanted != present:
            services.agenda_replace(actor=actor, meeting=meeting, items=wanted)
    return _meeting(actor, meeting)


@router.put("meetings/{meeting_id}/agenda/{item_id}", response=AgendaItemItem, operation_id="agenda_item_do")
def agenda_item_do(request: ApiRequest, meeting_id: Id, item_id: Id, payload: AgendaDo) -> AgendaItemItem:
    """Start an agenda item's time for everybody, tick it off, or take the tick back."""
    actor = request.actor
    item = selectors.agenda_item_for(actor, selectors.meeting_for(actor, meeting_id), item_id)
    if payload.do == "start":
        item = services.agenda_item_start(actor=actor, item=item)
    else:
        item = services.agenda_item_tick(actor=actor, item=item, is_done=payload.do == "done")
    return _agenda_item(item, with_note=True)


@router.post("meetings/{meeting_id}/state", response=MeetingItem, operation_id="meeting_move")
def meeting_move(request: ApiRequest, meeting_id: Id, payload: StateBody) -> MeetingItem:
    """Open the board, begin grouping, or open it again; closing has its own address.

    Grouping reveals the contributions without a name that still wait. Refused with 409 when the meeting moved on.
    """
    meeting = selectors.meeting_for(request.actor, meeting_id)
    return _meeting(request.actor, services.meeting_move(actor=request.actor, meeting=meeting, to=payload.state))


@router.post("meetings/{meeting_id}/close", response=MeetingItem, operation_id="meeting_close")
def meeting_close(request: ApiRequest, meeting_id: Id, payload: CloseBody) -> MeetingItem:
    """Close a meeting with what it came to. This is final."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    closed = services.meeting_close(actor=request.actor, meeting=meeting, **payload.dict())
    return _meeting(request.actor, closed)
