"""Meetings as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import page_of
from throughline.kernel.verdict import Verdict
from throughline.meetings import policies
from throughline.meetings.formats import FORMATS
from throughline.meetings.models import AgendaItem, Contribution, Meeting, MeetingPerson, Theme, Unattributed
from throughline.meetings.rules import LIVE_STATES, STATE_WORDS, MeetingState
from throughline.meetings.selectors.presence import may_post_count

if TYPE_CHECKING:
    from throughline.people.models import Person


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a list of meetings."""

    meeting_id: int
    title: str
    url: str
    starts_at: datetime
    format_title: str
    unit_name: str
    state: str
    state_label: str
    named_count: int


@dataclass(frozen=True, slots=True)
class MeetingRows:
    """A page of the list and the cursors of its neighbours."""

    rows: list[MeetingRow]
    next_cursor: str
    previous_cursor: str


def meeting_for(actor: Actor, meeting_id: int) -> Meeting:
    """A meeting the actor may see; one query."""
    meeting = (
        Meeting.objects.filter(policies.visible_meetings(actor), pk=meeting_id)
        .select_related("unit", "created_by")
        .first()
    )
    if meeting is None:
        raise NotFound()
    return meeting


def boards_unsealed(actor: Actor) -> list[int]:
    """Closed meetings whose storage has not been cleaned for more than ten minutes; for the system only."""
    late = Meeting.objects.filter(
        state=MeetingState.CLOSED, sealed_at=None, closed_at__lt=now() - timedelta(minutes=10)
    )
    return list(late.values_list("pk", flat=True)) if actor.is_system else []


def agenda_item_for(actor: Actor, meeting: Meeting, item_id: int) -> AgendaItem:
    """An agenda item of a meeting the caller has fetched as visible."""
    item = AgendaItem.objects.filter(meeting=meeting, pk=item_id).select_related("meeting").first()
    if item is None:
        raise NotFound()
    return item


def meetings_list(
    actor: Actor, *, when: str = "upcoming", words: str = "", format_key: str = "", cursor: str = "", size: int = 30
) -> MeetingRows:
    """Meetings one may see: `upcoming` (also everything still open), `past` or `all`; one query besides policies."""
    meetings = Meeting.objects.filter(policies.visible_meetings(actor)).select_related("unit")
    is_coming = Q(starts_at__gte=now()) & ~Q(state=MeetingState.CLOSED) | Q(state__in=[*LIVE_STATES])
    if when == "upcoming":
        meetings = meetings.filter(is_coming)
    elif when == "past":
        meetings = meetings.exclude(is_coming)
    for word in words.split()[:6]:
        meetings = meetings.filter(Q(title__icontains=word) | Q(question__icontains=word))
    if format_key:
        meetings = meetings.filter(format=format_key)
    meetings = meetings.annotate(
        named_count=Count("contributions", filter=Q(contributions__withdrawn_at=None), distinct=True)
    )
    order = ("starts_at", "id") if when == "upcoming" else ("-starts_at", "-id")
    page = page_of(meetings, order=order, cursor=cursor, size=size)
    base = reverse("meetings:list", args=[actor.org_slug])
    return MeetingRows([_row(meeting, base) for meeting in page.rows], page.next_cursor, page.previous_cursor)


def _row(meeting: Meeting, base: str) -> MeetingRow:
    tone, label = STATE_WORDS[MeetingState(meeting.state)]
    return MeetingRow(
        meeting_id=meeting.pk,
        title=meeting.title,
        url=f"{base}{meeting.pk}/",
        starts_at=meeting.starts_at,
        format_title=FORMATS[meeting.format].title if meeting.format in FORMATS else meeting.format,
        unit_name=meeting.unit.name if meeting.unit is not None else "",
        state=tone,
        state_label=label,
        named_count=getattr(meeting, "named_count", 0),
    )


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything a meeting's page shows."""

    meeting: Meeting
    format_title: str
    facilitator_notes: tuple[str, ...]
    agenda: list[AgendaItem]
    people: list[tuple[Person, bool]]
    may_post: int
    named_count: int
    theme_count: int
    state: str
    state_label: str
    facilitate: Verdict
    change: Verdict
    post: Verdict
    anonymous: Verdict

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.agenda)


def meeting_page(actor: Actor, meeting: Meeting) -> MeetingPage:
    """The page of a meeting; about ten queries, however many people or contributions there are."""
    chosen = next((entry for entry in FORMATS if entry.key == meeting.format), None)
    may_post = may_post_count(meeting)
    tone, label = STATE_WORDS[MeetingState(meeting.state)]
    people = MeetingPerson.objects.filter(meeting=meeting).select_related("person").order_by("person__name", "id")[:200]
    return MeetingPage(
        meeting=meeting,
        format_title=chosen.title if chosen is not None else meeting.format,
        facilitator_notes=chosen.facilitator_notes if chosen is not None else (),
        agenda=list(meeting.agenda.order_by("position")),
        people=[(row.person, row.is_facilitator) for row in people],
        may_post=may_post,
        named_count=Contribution.objects.filter(meeting=meeting, withdrawn_at=None).count(),
        theme_count=Theme.objects.filter(meeting=meeting, is_removed=False, merged_into=None).count(),
        state=tone,
        state_label=label,
        facilitate=policies.can_facilitate(actor, meeting),
        change=policies.can_change_meeting(actor, meeting),
        post=policies.can_post(actor, meeting),
        anonymous=policies.can_post_anonymously(meeting, may_post=may_post),
    )


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme with its summary and how many said it."""

    theme: Theme
    count: int
    url: str


def outcome_of(actor: Actor, meeting: Meeting) -> list[ThemeLine]:
    """The themes of a meeting, most said first; two queries."""
    themes = Theme.objects.filter(meeting=meeting, is_removed=False, merged_into=None).annotate(
        named=Count("contributions")
    )
    other: dict[int | None, int] = {}
    for theme_id in Unattributed.objects.filter(meeting=meeting, is_shown=True, is_withdrawn=False).values_list(
        "theme_id", flat=True
    ):
        other[theme_id] = other.get(theme_id, 0) + 1
    lines = [
        ThemeLine(
            theme=theme,
            count=theme.named + other.get(theme.pk, 0),
            url=reverse("meetings:theme", args=[actor.org_slug, theme.pk]),
        )
        for theme in themes
    ]
    return sorted(lines, key=lambda line: (-line.count, line.theme.title, line.theme.pk))
