"""Check-ins: taken, corrected, carried upwards, refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.worlds import World, as_actor
from throughline.goals.analysis.explanation import goal_explanation
from throughline.goals.models import CheckIn, Goal
from throughline.goals.services import (
    KeyResultTerms,
    MilestoneTerms,
    checkin_correct,
    checkin_submit,
    goal_align,
    key_result_remove,
    milestone_done,
)
from throughline.goals.tests.goal_world import active_goal, goal_of, with_key_result
from throughline.kernel.clock import at, today
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.ledger.models import Event


def key_result_of(goal: Goal) -> Goal:
    return Goal.objects.get(part_of=goal, kind="key_result")


def submit(world: World, goal: Goal, value: float | None, **changes: object) -> CheckIn:
    given = {"confidence_0_1": 0.7, "status": "on_track", "note": "", **changes}
    return checkin_submit(actor=as_actor(world.tom), goal=goal, value=value, **given)


def test_check_in_moves_the_key_result_its_objective_and_the_goal_above(world: World) -> None:
    goal, above = active_goal(world), active_goal(world, title="Care without queues")
    goal_align(actor=as_actor(world.tom), child=goal, parent=above, version=goal.version)
    submit(world, key_result_of(goal), 15)
    part = key_result_of(goal)
    goal.refresh_from_db()
    above.refresh_from_db()
    assert (part.progress, goal.progress) == (0.5, 0.5)
    # Its own key result has no reading and counts as zero.
    assert above.progress == pytest.approx(0.25)
    assert above.unread_share_0_1 == pytest.approx(0.5)


def test_check_in_event_holds_numbers_and_names_the_objective(world: World) -> None:
    goal = active_goal(world)
    checkin = submit(world, key_result_of(goal), 15, note="We hired two nurses.")
    event = Event.objects.get(kind="goals.checkin_submitted")
    assert event.data["value"] == 15
    assert event.data["checkin_id"] == checkin.pk
    assert event.context_id == goal.pk
    assert "nurses" not in str(event.data)


def test_check_in_sets_the_next_due_day(world: World) -> None:
    goal = active_goal(world)
    with at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        submit(world, key_result_of(goal), 18)
    assert key_result_of(goal).due_on == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("value", "changes", "field"),
    [
        (None, {}, "value"),
        (float("nan"), {}, "value"),
        (15, {"confidence_0_1": 1.2}, "confidence_0_1"),
        (15, {"status": "fine"}, "status"),
        (15, {"on": date(2999, 1, 1)}, "on"),
    ],
)
def test_check_in_refuses_what_it_cannot_take(
    world: World, value: float | None, changes: dict[str, object], field: str
) -> None:
    goal = active_goal(world)
    with pytest.raises(Invalid) as refused:
        submit(world, key_result_of(goal), value, **changes)
    assert field in refused.value.problems
    assert not CheckIn.objects.exists()


def test_candidate_takes_no_check_in(world: World) -> None:
    goal = goal_of(world)
    part = with_key_result(as_actor(world.tom), goal)
    with pytest.raises(Conflict):
        submit(world, part, 15)


def test_member_cannot_check_in_for_somebody_else(world: World) -> None:
    goal = active_goal(world)
    with pytest.raises(Refused):
        checkin_submit(actor=as_actor(world.mia), goal=key_result_of(goal), value=15, confidence_0_1=None, status="")


def test_correction_replaces_the_reading_and_keeps_the_first(world: World) -> None:
    goal = active_goal(world)
    first = submit(world, key_result_of(goal), 51)
    new = checkin_correct(actor=as_actor(world.tom), checkin=first, value=15, confidence_0_1=0.5, status="at_risk")
    first.refresh_from_db()
    assert (first.value, first.corrected_by_id, new.on) == (51, new.pk, first.on)
    assert key_result_of(goal).progress == 0.5
    with pytest.raises(Conflict):
        checkin_correct(actor=as_actor(world.tom), checkin=first, value=1, confidence_0_1=None, status="")


def test_earlier_check_in_entered_later_does_not_change_the_present(world: World) -> None:
    goal = active_goal(world)
    submit(world, key_result_of(goal), 15)
    submit(world, key_result_of(goal), 19, on=today() - timedelta(days=3))
    assert key_result_of(goal).value == 15


def test_milestones_carry_upwards_when_done(world: World) -> None:
    goal = active_goal(world)
    tom = as_actor(world.tom)
    key_result_remove(actor=tom, key_result=key_result_of(goal), version=goal.version, reason="Other measure")
    steps = (MilestoneTerms("Design", 1), MilestoneTerms("Build", 3))
    goal.refresh_from_db()
    part = with_key_result(tom, goal, KeyResultTerms(title="Booking online", measure="milestones", milestones=steps))
    milestone_done(actor=tom, milestone=part.milestones.get(title="Build"))
    goal.refresh_from_db()
    assert goal.progress == 0.75


def test_failure_after_the_reading_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = active_goal(world)
    before = Goal.objects.values_list("progress", "value").get(pk=key_result_of(goal).pk)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken half-way")

    for step in ("roll_up_above", "event_record", "key_result_measured"):
        with monkeypatch.context() as patch:
            patch.setattr(f"throughline.goals.services.checkins.{step}", fail)
            with pytest.raises(RuntimeError):
                submit(world, key_result_of(goal), 15)
        assert not CheckIn.objects.exists()
        assert Goal.objects.values_list("progress", "value").get(pk=key_result_of(goal).pk) == before
    assert not Event.objects.filter(kind="goals.checkin_submitted").exists()


def test_past_day_is_explained_by_what_held_then(world: World) -> None:
    with at(datetime(2026, 2, 2, 9, tzinfo=UTC)):
        goal = active_goal(world)
        submit(world, key_result_of(goal), 18)
    with at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        submit(world, key_result_of(goal), 15)
    then = goal_explanation(as_actor(world.ben), goal.pk, on=date(2026, 2, 10))
    now_found = goal_explanation(as_actor(world.ben), goal.pk)
    assert (then.progress_percent, now_found.progress_percent) == (20.0, 50.0)
    assert sum(line.points for line in then.lines) == then.progress_percent
