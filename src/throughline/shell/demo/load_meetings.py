"""Meetings: planned, opened, posted on, grouped, closed; and what became of their themes."""

from __future__ import annotations

import hashlib
from functools import partial

from django.apps import apps

from throughline.kernel.ids import SubjectRef
from throughline.ledger.rules import FateKind
from throughline.meetings.rules import CardMove, CardRef, MeetingState
from throughline.meetings.services import (
    agenda_item_tick,
    contribution_post,
    guest_invite,
    meeting_close,
    meeting_move,
    meeting_plan,
    people_invite,
    theme_create,
    theme_edit,
    theme_or_contribution_answer,
    unattributed_post,
)
from throughline.meetings.services.unattributed import posting_key_of
from throughline.shell.demo.load_people import TIME_ZONE
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.people import GUESTS
from throughline.shell.demo.story.voices import MEETINGS, StoryMeeting, StoryTheme

_GUEST_ADDRESSES = {key: (name, email) for key, name, email in GUESTS}
# Who answers the themes of a meeting; the answers in the story are written in their name.
_ANSWERED_BY = {"workshop": "amara", "nights": "joana", "wards": "margit", "retro": "renske"}
ANSWERED_AFTER_DAYS = 6
PLANNED_BEFORE_DAYS = 12


def meetings_script(stage: Stage, script: Script) -> None:
    """Every meeting, at its days."""
    for meeting in MEETINGS:
        planned = min(meeting.opens - PLANNED_BEFORE_DAYS, -4)
        script.add(planned, 9, partial(_plan, stage, meeting))
        if meeting.opens >= 0:
            continue
        script.add(meeting.opens, 8, partial(_move, stage, meeting, MeetingState.OPEN))
        _voices_script(stage, script, meeting)
        if meeting.closes is None:
            script.add(meeting.opens, 16, partial(_group, stage, meeting))
            continue
        script.add(meeting.closes, 14, partial(_move, stage, meeting, MeetingState.GROUPING))
        script.add(meeting.closes, 15, partial(_group, stage, meeting))
        script.add(meeting.closes, 16, partial(_close, stage, meeting))
        script.add(meeting.closes + ANSWERED_AFTER_DAYS, 10, partial(_answer, stage, meeting), settles=True)


def voices_of(meeting: StoryMeeting) -> list[tuple[str, str]]:
    """Everything said in a meeting, taking turns between the themes so that the board does not fill theme by theme."""
    queues = [list(theme.voices) for theme in meeting.themes] + [list(meeting.loose)]
    found: list[tuple[str, str]] = []
    while any(queues):
        found.extend(queue.pop(0) for queue in queues if queue)
    return found


def _voices_script(stage: Stage, script: Script, meeting: StoryMeeting) -> None:
    voices = voices_of(meeting)
    days = max((meeting.closes if meeting.closes is not None else meeting.opens) - meeting.opens, 1)
    for place, (person, text) in enumerate(voices):
        day = meeting.opens + (place * (days - 1)) // max(len(voices), 1)
        hour, minute = divmod(9 * 60 + 7 * place, 60)
        script.add(day, min(hour, 13), partial(_post, stage, meeting, person, text), minute=minute)


def _plan(stage: Stage, story: StoryMeeting) -> None:
    actor = stage.actor(story.facilitator)
    meeting = meeting_plan(
        actor=actor,
        format_key=story.format,
        title=story.title,
        starts_at=stage.calendar.moment(story.opens, 8),
        time_zone=TIME_ZONE,
        unit_id=stage.units[story.unit].pk,
        question=story.question,
        what_for=story.what_for,
        wants_anonymous=story.wants_anonymous,
    )
    stage.meetings[story.key] = meeting
    stage.refs[f"meeting:{story.key}"] = SubjectRef("meetings.meeting", meeting.pk)
    invited = [stage.person_id(key) for key in story.invited if key != story.facilitator]
    if invited:
        people_invite(actor=actor, meeting=meeting, person_ids=invited)
    for key in story.guests:
        name, email = _GUEST_ADDRESSES[key]
        guest_invite(actor=actor, meeting=meeting, email=email, name=name)


def _move(stage: Stage, story: StoryMeeting, to: MeetingState) -> None:
    actor = stage.actor(story.facilitator)
    stage.meetings[story.key] = meeting_move(actor=actor, meeting=stage.meetings[story.key], to=to)


def _post(stage: Stage, story: StoryMeeting, person: str, text: str) -> None:
    meeting = stage.meetings[story.key]
    if person:
        contribution_post(actor=stage.actor(person), meeting=meeting, text=text)
        return
    nonce = hashlib.sha256(f"{story.key} {text}".encode()).hexdigest()[:40]
    unattributed_post(meeting=meeting, key=posting_key_of(meeting), text=text, nonce=nonce)


def _cards(stage: Stage, story: StoryMeeting) -> dict[str, CardRef]:
    """The cards of a board by their words."""
    meeting = stage.meetings[story.key]
    named = apps.get_model("meetings", "Contribution").objects.filter(meeting=meeting, withdrawn_at=None)
    other = apps.get_model("meetings", "Unattributed").objects.filter(meeting=meeting, is_shown=True)
    found = {text: CardRef("n", number) for number, text in named.values_list("pk", "text")}
    return found | {text: CardRef("a", number) for number, text in other.values_list("number", "text")}


def _group(stage: Stage, story: StoryMeeting) -> None:
    actor, meeting = stage.actor(story.facilitator), stage.meetings[story.key]
    cards = _cards(stage, story)
    for theme in story.themes:
        moves = [CardMove(cards[text], None) for _, text in theme.voices if text in cards]
        made = theme_create(actor=actor, meeting=meeting, title=theme.title, moves=moves)
        if theme.summary:
            theme_edit(actor=actor, theme=made, title=theme.title, summary=theme.summary, version=made.version)
        stage.refs[f"theme:{theme.key}"] = SubjectRef("meetings.theme", made.pk)


def _close(stage: Stage, story: StoryMeeting) -> None:
    meeting = stage.meetings[story.key]
    actor = stage.actor(story.facilitator)
    for item in meeting.agenda.order_by("position"):
        agenda_item_tick(actor=actor, item=item, is_done=True)
    meeting.refresh_from_db()
    stage.meetings[story.key] = meeting_close(
        actor=actor, meeting=meeting, outcome=story.outcome, version=meeting.version
    )


def _answer(stage: Stage, story: StoryMeeting) -> None:
    """Themes with a written answer get it; those that became goals or decisions show by themselves."""
    for theme in story.themes:
        if theme.reason:
            _theme_answer(stage, story, theme)


def _theme_answer(stage: Stage, story: StoryMeeting, theme: StoryTheme) -> None:
    kind = FateKind.NOT_TAKEN_UP if theme.fate == "not_taken_up" else FateKind.ANSWERED
    theme_or_contribution_answer(
        actor=stage.actor(_ANSWERED_BY[story.key]),
        meeting=stage.meetings[story.key],
        ref=stage.refs[f"theme:{theme.key}"],
        kind=kind,
        reason=theme.reason,
    )
