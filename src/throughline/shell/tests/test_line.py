"""The whole line once: a voice, a theme, a goal, signatures, and back to whoever spoke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.decisions.models import Proposal
from throughline.decisions.services import position_take
from throughline.goals.models import Goal
from throughline.goals.services import GoalFields, cycle_create, goal_create, goal_drop, goal_propose
from throughline.kernel.clock import at
from throughline.kernel.ids import SubjectRef
from throughline.ledger.outbox import outbox_drain
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import fates_of, trace_of, trace_stations
from throughline.meetings.models import Contribution, Meeting, Theme
from throughline.meetings.rules import CardMove, CardRef, MeetingState
from throughline.meetings.services import (
    contribution_post,
    meeting_close,
    meeting_move,
    meeting_plan,
    theme_create,
)
from throughline.notify.models import Notification
from throughline.purpose.services import statement_start
from throughline.shell.journeys.feeding import cycle_meeting_link

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Line:
    """What the fixture built: Ben's voice in a theme of a closed meeting, and Tom's goal prompted by the theme."""

    def __init__(self, world: World) -> None:
        ada, ben = as_actor(world.ada), as_actor(world.ben)
        self.purpose = statement_start(actor=ada, level="organisation", text="Care that never waits for a computer.")
        self.cycle = cycle_create(actor=ada, name="Spring", starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30))
        meeting = meeting_plan(
            actor=ada,
            format_key="listening_session",
            title="What slows us",
            starts_at=NOON,
            time_zone="UTC",
            unit_id=world.top.pk,
        )
        meeting = meeting_move(actor=ada, meeting=meeting, to=MeetingState.OPEN)
        self.voice: Contribution = contribution_post(actor=ben, meeting=meeting, text="We lose what we typed")
        other = contribution_post(actor=as_actor(world.mia), meeting=meeting, text="The forms are too long")
        meeting = meeting_move(actor=ada, meeting=meeting, to=MeetingState.GROUPING)
        card = CardMove(CardRef("n", self.voice.pk), seen_in=None)
        self.theme: Theme = theme_create(actor=ada, meeting=meeting, title="Lost work", moves=[card])
        meeting.refresh_from_db()
        self.meeting: Meeting = meeting_close(
            actor=ada, meeting=meeting, outcome="Two themes.", version=meeting.version
        )
        self.other = other
        cycle_meeting_link(actor=ada, cycle_id=self.cycle.pk, meeting_id=meeting.pk)
        self.goal: Goal = goal_create(
            actor=as_actor(world.tom),
            fields=GoalFields(
                title="Nobody loses work",
                owner_id=world.tom.pk,
                unit_id=world.platform.pk,
                cycle_id=self.cycle.pk,
                serves=SubjectRef("purpose.statement", self.purpose.pk),
            ),
            prompted_by=[self.theme_ref],
        )

    @property
    def theme_ref(self) -> SubjectRef:
        return SubjectRef("meetings.theme", self.theme.pk)

    @property
    def voice_ref(self) -> SubjectRef:
        return SubjectRef("meetings.contribution", self.voice.pk)

    def sign(self, world: World) -> None:
        """Tom proposes; everybody asked signs; reactions settle."""
        self.goal = goal_propose(actor=as_actor(world.tom), goal=self.goal, version=self.goal.version)
        proposal = Proposal.objects.get(subject_kind="goals.goal", subject_id=self.goal.pk)
        for signatory in proposal.signatories.select_related("person"):
            position_take(actor=as_actor(signatory.person), proposal=proposal, stance="agree", version=proposal.version)
        outbox_drain()
        self.goal.refresh_from_db()


@pytest.fixture
def line(world: World) -> Line:
    with at(NOON):
        return Line(world)


def test_a_voice_waits_until_its_goal_is_signed(world: World, line: Line) -> None:
    actor = as_actor(world.ada)
    assert fates_of(actor, [line.voice_ref])[line.voice_ref].kind is FateKind.WAITING
    line.sign(world)
    fate = fates_of(actor, [line.voice_ref])[line.voice_ref]
    assert fate.kind is FateKind.SHAPED
    assert fate.shaped == (SubjectRef("goals.goal", line.goal.pk),)
    assert fate.via == line.theme_ref


def test_each_contributor_is_told_once_when_the_goal_is_signed(world: World, line: Line) -> None:
    line.sign(world)
    outbox_drain()
    told = Notification.objects.filter(kind="shell.input_signed")
    assert [row.person_id for row in told] == [world.ben.pk]
    assert told[0].about_id == line.goal.pk


def test_a_dropped_candidate_tells_nobody_and_a_dropped_signed_goal_does(world: World, line: Line) -> None:
    second = goal_create(
        actor=as_actor(world.tom),
        fields=GoalFields(title="Another one", owner_id=world.tom.pk, unit_id=world.platform.pk),
        prompted_by=[line.theme_ref],
    )
    goal_drop(actor=as_actor(world.tom), goal=second, reason="Not now")
    outbox_drain()
    assert not Notification.objects.filter(kind="shell.input_dropped").exists()
    line.sign(world)
    goal_drop(actor=as_actor(world.tom), goal=line.goal, reason="The vendor solved it")
    outbox_drain()
    assert Notification.objects.filter(kind="shell.input_dropped", person_id=world.ben.pk).count() == 1


def test_the_trace_runs_from_voice_to_goal_and_back(world: World, line: Line) -> None:
    actor = as_actor(world.ada)
    down = {node.ref for node in trace_of(actor, line.voice_ref).downstream}
    assert {line.theme_ref, SubjectRef("goals.goal", line.goal.pk)} <= down
    up = {node.ref for node in trace_of(actor, SubjectRef("goals.goal", line.goal.pk)).upstream}
    assert {line.theme_ref, line.voice_ref} <= up
    stations = trace_stations(actor, SubjectRef("goals.goal", line.goal.pk))
    assert sum(station.is_here for station in stations) == 1


def test_the_trace_hides_what_a_reader_may_not_open(world: World, line: Line) -> None:
    from throughline.people.services import unit_create  # a meeting of a unit Mia does not belong to

    ada = as_actor(world.ada)
    closed = unit_create(actor=ada, name="Closed circle", parent=world.platform)
    private = meeting_plan(
        actor=as_actor(world.tom),
        format_key="retrospective",
        title="Among us",
        starts_at=NOON,
        time_zone="UTC",
        unit_id=closed.pk,
    )
    private = meeting_move(actor=as_actor(world.tom), meeting=private, to=MeetingState.OPEN)
    theme = theme_create(actor=as_actor(world.tom), meeting=private, title="Secret theme")
    goal = goal_create(
        actor=as_actor(world.tom),
        fields=GoalFields(title="An open goal", owner_id=world.tom.pk, unit_id=world.platform.pk),
        prompted_by=[SubjectRef("meetings.theme", theme.pk)],
    )
    trace = trace_of(as_actor(world.mia), SubjectRef("goals.goal", goal.pk))
    assert [node.card for node in trace.upstream if node.ref.kind == "meetings.theme"] == [None]
    stations = trace_stations(as_actor(world.mia), SubjectRef("goals.goal", goal.pk))
    assert "Secret theme" not in {station.title for station in stations}
    assert any(station.is_hidden for station in stations)


def test_home_shows_the_line_and_what_counted(world: World, line: Line, browse: Callable[[Any], Client]) -> None:
    line.sign(world)
    page = browse(world.ben).get(reverse("shell:home", args=["meridian"])).content.decode()
    assert "Your input counted" in page
    assert "Nobody loses work" in page


def test_cycle_counts_voices_with_a_visible_fate(world: World, line: Line, browse: Callable[[Any], Client]) -> None:
    line.sign(world)
    client = browse(world.ada)
    page = client.get(reverse("shell:cycle", args=["meridian", line.cycle.pk])).content.decode()
    assert "50 %" in page
    voices = client.get(
        reverse("shell:cycle_voices", args=["meridian", line.cycle.pk]), {"fate": "shaped"}
    ).content.decode()
    assert "We lose what we typed" in voices
    assert "The forms are too long" not in voices


def test_team_names_who_was_not_heard(world: World, line: Line, browse: Callable[[Any], Client]) -> None:
    page = browse(world.tom).get(reverse("shell:team_of", args=["meridian", world.platform.pk])).content.decode()
    assert "Not heard yet" in page
    aside = page.partition("Not heard yet")[2]
    assert "Fay Fontaine" in aside
    assert "Ben Brandt" not in aside


@pytest.mark.parametrize("who", ["ada", "ben", "tom", "mia"])
def test_search_finds_goals_by_the_beginnings_of_words(
    who: str, world: World, line: Line, browse: Callable[[Any], Client]
) -> None:
    page = (
        browse(getattr(world, who)).get(reverse("shell:search", args=["meridian"]), {"q": "nobo los"}).content.decode()
    )
    assert "Nobody loses work" in page


def test_guest_home_lists_only_what_was_shared(world: World, line: Line, browse: Callable[[Any], Client]) -> None:
    page = browse(world.gus).get(reverse("shell:home", args=["meridian"])).content.decode()
    assert "Shared with you" in page
    assert "Nobody loses work" not in page


@pytest.mark.parametrize(("address", "ceiling"), [("home", 40), ("waiting", 25), ("team", 32)])
def test_pages_keep_their_number_of_queries(
    address: str,
    ceiling: int,
    world: World,
    line: Line,
    browse: Callable[[Any], Client],
    django_assert_max_num_queries: Any,
) -> None:
    line.sign(world)
    client = browse(world.tom)
    with django_assert_max_num_queries(ceiling):
        assert client.get(reverse(f"shell:{address}", args=["meridian"])).status_code == 200
