"""Planning a meeting from a format, changing it, and moving it through its states."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record, search_index
from throughline.meetings import policies
from throughline.meetings.events import AgendaChanged, MeetingChanged, MeetingMoved, MeetingPlanned
from throughline.meetings.formats import FORMATS
from throughline.meetings.models import AgendaItem, Meeting, MeetingPerson, Unattributed
from throughline.meetings.references import meeting_ref
from throughline.meetings.rules import MAX_TITLE, NEXT_STATES, STATE_WORDS, MeetingState

ACTIVITIES = ("board", "grouping", "discussion", "outcome")


@dataclass(frozen=True, slots=True)
class AgendaDraft:
    """One agenda item as typed."""

    title: str
    minutes: int
    activity: str
    facilitator_note: str = ""


@transaction.atomic
def meeting_plan(
    *,
    actor: Actor,
    format_key: str,
    title: str,
    starts_at: datetime,
    time_zone: str,
    unit_id: int | None = None,
    question: str | None = None,
    what_for: str | None = None,
    call_url: str = "",
    wants_anonymous: bool = False,
    agenda: Sequence[AgendaDraft] | None = None,
) -> Meeting:
    """Plan a meeting; question, purpose and agenda come from the format unless given. The planner facilitates."""
    policies.can_plan(actor).require()
    policies.can_plan_for(actor, unit_id).require()
    if format_key not in FORMATS:
        raise Invalid({"format": "Choose one of the formats shown."})
    chosen = FORMATS[format_key]
    fields = _checked(title=title, time_zone=time_zone, call_url=call_url, starts_at=starts_at)
    meeting = Meeting.objects.create(
        org_id=actor.org_id,
        format=format_key,
        question=(chosen.question if question is None else question).strip(),
        what_for=(chosen.what_for if what_for is None else what_for).strip(),
        unit_id=unit_id,
        wants_anonymous=wants_anonymous,
        created_by_id=policies.person_id_of(actor),
        created_at=now(),
        public_id=secrets.token_hex(8),
        receipt_salt=secrets.token_hex(32),
        **fields,
    )
    MeetingPerson.objects.create(
        org_id=actor.org_id,
        meeting=meeting,
        person_id=policies.person_id_of(actor),
        is_facilitator=True,
        invited_at=now(),
    )
    lines = (
        agenda
        if agenda is not None
        else [AgendaDraft(line.title, line.minutes, line.activity, line.facilitator_note) for line in chosen.agenda]
    )
    _agenda_save(actor, meeting, lines)
    event_record(
        actor, MeetingPlanned(unit_id=unit_id), subject=meeting_ref(meeting.pk), context=meeting_ref(meeting.pk)
    )
    _index(actor, meeting)
    return meeting


@transaction.atomic
def meeting_change(
    *,
    actor: Actor,
    meeting: Meeting,
    version: int,
    title: str,
    question: str,
    what_for: str,
    starts_at: datetime,
    time_zone: str,
    call_url: str,
    wants_anonymous: bool,
) -> Meeting:
    """Change what a meeting says about itself. `version` is the one the form was made from."""
    policies.can_change_meeting(actor, meeting).require()
    fields = _checked(title=title, time_zone=time_zone, call_url=call_url, starts_at=starts_at)
    if meeting.state != MeetingState.PLANNED and wants_anonymous != meeting.wants_anonymous:
        raise Invalid({"wants_anonymous": "This is settled when the board opens: people have already relied on it."})
    changed = Meeting.objects.filter(pk=meeting.pk, version=version).update(
        version=version + 1,
        question=question.strip(),
        what_for=what_for.strip(),
        wants_anonymous=wants_anonymous,
        **fields,
    )
    if not changed:
        raise Conflict("Somebody else changed this meeting while you were typing. Compare, then save again.")
    meeting.refresh_from_db()
    event_record(
        actor, MeetingChanged(version=meeting.version), subject=meeting_ref(meeting.pk), context=meeting_ref(meeting.pk)
    )
    _index(actor, meeting)
    return meeting


def _checked(*, title: str, time_zone: str, call_url: str, starts_at: datetime) -> dict[str, object]:
    problems: dict[str, str] = {}
    if not title.strip():
        problems["title"] = "Give the meeting a title people will recognise."
    if len(title.strip()) > MAX_TITLE:
        problems["title"] = f"Keep the title within {MAX_TITLE} characters."
    if time_zone not in available_timezones():
        problems["time_zone"] = "Choose a time zone such as Europe/Berlin."
    if call_url and not call_url.startswith(("https://", "http://")):
        problems["call_url"] = "Give the whole address of the call, beginning with https://."
    if problems:
        raise Invalid(problems)
    moment = starts_at if starts_at.tzinfo is not None else starts_at.replace(tzinfo=ZoneInfo(time_zone))
    return {"title": title.strip(), "time_zone": time_zone, "call_url": call_url.strip(), "starts_at": moment}


def _index(actor: Actor, meeting: Meeting) -> None:
    search_index(
        actor=actor, ref=meeting_ref(meeting.pk), title=meeting.title, body=f"{meeting.question} {meeting.outcome}"
    )


@transaction.atomic
def agenda_replace(*, actor: Actor, meeting: Meeting, items: Sequence[AgendaDraft]) -> None:
    """Set the whole agenda. Ticks of items that kept their title stay."""
    policies.can_change_meeting(actor, meeting).require()
    ticked = {item.title for item in meeting.agenda.all() if item.is_done}
    meeting.agenda.all().delete()
    _agenda_save(actor, meeting, items, ticked=ticked)
    event_record(actor, AgendaChanged(item_id=None), subject=meeting_ref(meeting.pk), context=meeting_ref(meeting.pk))


def _agenda_save(
    actor: Actor, meeting: Meeting, items: Sequence[AgendaDraft], *, ticked: set[str] | None = None
) -> None:
    if not 1 <= len(items) <= 30:
        raise Invalid({"agenda": "An agenda has 1 to 30 items."})
    for place, item in enumerate(items, start=1):
        if not item.title.strip() or len(item.title.strip()) > MAX_TITLE:
            raise Invalid({"agenda": f"Item {place} needs a title of at most {MAX_TITLE} characters."})
        if not 1 <= item.minutes <= 480:
            raise Invalid({"agenda": f"Item {place} (“{item.title}”) needs 1 to 480 minutes."})
        if item.activity not in ACTIVITIES:
            raise Invalid({"agenda": f"Item {place} (“{item.title}”) is one of {', '.join(ACTIVITIES)}."})
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(
                org_id=actor.org_id,
                meeting=meeting,
                position=place,
                title=item.title.strip(),
                minutes=item.minutes,
                activity=item.activity,
                facilitator_note=item.facilitator_note.strip(),
                is_done=item.title.strip() in (ticked or set()),
            )
            for place, item in enumerate(items, start=1)
        ]
    )


@transaction.atomic
def agenda_item_tick(*, actor: Actor, item: AgendaItem, is_done: bool) -> AgendaItem:
    """Tick an agenda item off, or take the tick back."""
    policies.can_change_meeting(actor, item.meeting).require()
    item.is_done = is_done
    item.save(update_fields=["is_done"])
    _agenda_event(actor, item)
    return item


@transaction.atomic
def agenda_item_start(*, actor: Actor, item: AgendaItem) -> AgendaItem:
    """Start an item's time for everybody present."""
    policies.can_change_meeting(actor, item.meeting).require()
    AgendaItem.objects.filter(meeting_id=item.meeting_id).exclude(pk=item.pk).update(started_at=None)
    item.started_at, item.is_done = now(), False
    item.save(update_fields=["started_at", "is_done"])
    _agenda_event(actor, item)
    return item


def _agenda_event(actor: Actor, item: AgendaItem) -> None:
    ref = meeting_ref(item.meeting_id)
    event_record(actor, AgendaChanged(item_id=item.pk), subject=ref, context=ref)


@transaction.atomic
def meeting_move(*, actor: Actor, meeting: Meeting, to: MeetingState) -> Meeting:
    """Open the board, begin grouping (the reveal of unattributed posts), or open it again. Closing is its own service."""
    policies.can_change_meeting(actor, meeting).require()
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if to == MeetingState.CLOSED:
        raise Invalid({"state": "Close the meeting with its outcome."})
    if to not in NEXT_STATES[MeetingState(meeting.state)]:
        words = STATE_WORDS[MeetingState(meeting.state)][1].lower()
        raise Conflict(f"The meeting is {words} by now; reload the page to see what can be done next.")
    meeting.state = to
    meeting.opened_at = meeting.opened_at or now()
    meeting.version += 1
    meeting.save(update_fields=["state", "opened_at", "version"])
    if to == MeetingState.GROUPING:
        Unattributed.objects.filter(meeting=meeting, is_shown=False).update(is_shown=True)
    event_record(actor, MeetingMoved(state=to), subject=meeting_ref(meeting.pk), context=meeting_ref(meeting.pk))
    return meeting
