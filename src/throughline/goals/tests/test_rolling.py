"""Roll-up in the database equals the library on the whole graph, and any past day can be explained."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds import World, as_actor
from throughline.goals.analysis.explanation import goal_explanation
from throughline.goals.analysis.numbers import everything_rolled_up
from throughline.goals.models import Alignment, CheckIn, Goal, GoalVersion
from throughline.goals.rules.records import ParentRecord
from throughline.goals.selectors.graph import everything
from throughline.goals.services import (
    BulkGoal,
    GoalFields,
    KeyResultTerms,
    checkin_submit,
    goal_drop,
    goals_write_bulk,
    key_result_remove,
    roll_up_everything,
)
from throughline.kernel.actor import system_actor
from throughline.kernel.clock import today

STATES = ("active", "active", "closed", "candidate", "dropped")


@st.composite
def organisations(draw: st.DrawFn) -> list[BulkGoal]:
    """A few goals in layers, several parents, both rules, all states, key results with and without a metric."""
    n_goals = draw(st.integers(2, 7))
    rows: list[BulkGoal] = []
    for number in range(n_goals):
        above = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=3)) if number else []
        parents = tuple(
            ParentRecord(
                f"g{parent}",
                draw(st.sampled_from([0.0, 1.0, 2.5])),
                draw(st.sampled_from(["contributes", "contributes", "supports"])),
            )
            for parent in above
        )
        metric = draw(st.sampled_from(["", "patients"]))
        fields = GoalFields(title=f"Goal {number}", level="organisation", metric_key=metric)
        rows.append(
            BulkGoal(f"g{number}", fields, parents=parents, state=draw(st.sampled_from(STATES)), on=date(2026, 1, 5))
        )
    for number in range(draw(st.integers(1, 8))):
        terms = KeyResultTerms(
            title=f"Key result {number}",
            baseline=0,
            target=10,
            weight=draw(st.sampled_from([0.5, 1.0, 3.0])),
            metric_key=draw(st.sampled_from(["", "patients"])),
        )
        home = f"g{draw(st.integers(0, n_goals - 1))}"
        rows.append(BulkGoal(f"k{number}", GoalFields(title=terms.title), "key_result", home, terms))
    return rows


def stored(actor: Any) -> dict[int, tuple[float, ...]]:
    rows = Goal.objects.filter(kind="objective").values_list(
        "id", "progress", "progress_raw", "unread_share_0_1", "is_empty", "amount"
    )
    return {row[0]: tuple(-1.0 if value is None else float(value) for value in row[1:]) for row in rows}


def from_scratch(actor: Any) -> dict[int, tuple[float, ...]]:
    return {
        row.id: (
            row.progress,
            row.raw,
            row.unread_share_0_1,
            float(row.is_empty),
            -1.0 if row.amount is None else row.amount,
        )
        for row in everything_rolled_up(everything(actor))
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=organisations(), data=st.data())
def test_step_by_step_equals_the_whole_roll_up(world: World, rows: list[BulkGoal], data: st.DataObject) -> None:
    actor = system_actor(world.org.pk, "meridian")
    for model in (CheckIn, GoalVersion, Alignment):
        model.objects.all().delete()
    Goal.objects.filter(part_of__isnull=False).delete()
    Goal.objects.all().delete()
    assert not goals_write_bulk(actor=actor, goals=rows).problems
    roll_up_everything(actor=actor)
    parts = list(Goal.objects.filter(kind="key_result", part_of__state__in=["active"]).order_by("id"))
    for part in parts[:4]:
        value = data.draw(st.floats(-5, 15))
        checkin_submit(actor=actor, goal=part, value=value, confidence_0_1=None, status="")
    for goal in Goal.objects.filter(kind="objective", state="active").order_by("id")[:1]:
        goal_drop(actor=actor, goal=goal, reason="No longer wanted")
    for part in Goal.objects.filter(kind="key_result", part_of__state="active").order_by("-id")[:1]:
        objective = Goal.objects.get(pk=part.part_of_id)
        key_result_remove(actor=actor, key_result=part, version=objective.version, reason="Measured elsewhere")
    after, whole = stored(actor), from_scratch(actor)
    assert after.keys() == whole.keys()
    for number, figures in after.items():
        assert figures == pytest.approx(whole[number], abs=1e-9)
    for goal in Goal.objects.filter(kind="objective"):
        then = goal_explanation(actor, goal.pk, on=today())
        now_found = goal_explanation(actor, goal.pk)
        assert then.progress_percent == pytest.approx(now_found.progress_percent, abs=0.1)
        assert sum(line.points for line in now_found.lines) == pytest.approx(now_found.progress_percent, abs=0.051)


def test_circle_in_an_import_is_refused_and_named(world: World) -> None:
    actor = as_actor(world.ada)
    rows = [
        BulkGoal("a", GoalFields(title="A", level="organisation"), parents=(ParentRecord("b"),)),
        BulkGoal("b", GoalFields(title="B", level="organisation"), parents=(ParentRecord("a"),)),
    ]
    result = goals_write_bulk(actor=actor, goals=rows)
    assert result.alignments == 1
    assert "closes a circle" in result.problems[0].reason


def test_repeated_import_changes_nothing(world: World) -> None:
    actor = as_actor(world.ada)
    rows = [
        BulkGoal("a", GoalFields(title="A", level="organisation"), state="active"),
        BulkGoal("b", GoalFields(title="B", level="organisation"), parents=(ParentRecord("a"),), state="active"),
        BulkGoal("k", GoalFields(title="K"), "key_result", "b", KeyResultTerms("K", baseline=0, target=1)),
    ]
    first = goals_write_bulk(actor=actor, goals=rows)
    versions = GoalVersion.objects.count()
    again = goals_write_bulk(actor=actor, goals=rows)
    assert (first.created, again.created, again.changed, again.unchanged) == (3, 0, 0, 3)
    assert (again.alignments, again.problems) == (0, ())
    assert GoalVersion.objects.count() == versions
    assert Goal.objects.count() == 3


def test_changed_import_makes_a_version(world: World) -> None:
    actor = as_actor(world.ada)
    row = BulkGoal("a", GoalFields(title="A", level="organisation"), state="active")
    goals_write_bulk(actor=actor, goals=[row])
    changed = BulkGoal("a", GoalFields(title="A, sooner", level="organisation"), state="active")
    assert goals_write_bulk(actor=actor, goals=[changed]).changed == 1
    goal = Goal.objects.get(external_id="a")
    assert (goal.title, goal.version) == ("A, sooner", 2)


def test_check_in_queries_do_not_grow_with_the_goal(world: World, django_assert_max_num_queries: Any) -> None:
    actor = system_actor(world.org.pk, "meridian")
    rows = [BulkGoal("top", GoalFields(title="Top", level="organisation"), state="active")]
    for number in range(40):
        fields = GoalFields(title=f"Goal {number}", level="organisation")
        rows.append(BulkGoal(f"g{number}", fields, parents=(ParentRecord("top"),), state="active"))
        terms = KeyResultTerms("K", baseline=0, target=1)
        rows.append(BulkGoal(f"k{number}", GoalFields(title="K"), "key_result", f"g{number}", terms))
    goals_write_bulk(actor=actor, goals=rows)
    part = Goal.objects.get(external_id="k7")
    with django_assert_max_num_queries(13):
        checkin_submit(actor=actor, goal=part, value=1, confidence_0_1=None, status="")
