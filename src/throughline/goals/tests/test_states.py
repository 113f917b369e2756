"""From candidate to closed: every step allowed or refused, with its reason, its event and nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.worlds import World, as_actor
from throughline.goals.models import Goal, GoalStep
from throughline.goals.rules import NEXT_STATES, GoalState, may_follow
from throughline.goals.services import (
    GoalFields,
    KeyResultTerms,
    cycle_close,
    cycle_start,
    dependency_decline,
    dependency_request,
    goal_align,
    goal_close,
    goal_drop,
    goal_edit,
    goal_propose,
    goal_reopen,
    goal_signatories_set,
    goal_start,
    goal_unalign,
    goal_withdraw_proposal,
    initiative_add,
    key_result_add,
    key_result_edit,
)
from throughline.goals.tests.goal_world import (
    SERVED,
    WAIT,
    active_goal,
    cycle_of,
    goal_of,
    proposed,
    signed_by,
    unit_fields,
    with_key_result,
)
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event
from throughline.ledger.outbox import outbox_drain


def fields_of(goal: Goal, **changes: Any) -> GoalFields:
    serves = SubjectRef(goal.serves_kind, goal.serves_id) if goal.serves_id else None
    fields = GoalFields(
        title=goal.title,
        description=goal.description,
        level=goal.level,
        unit_id=goal.unit_id,
        owner_id=goal.owner_id,
        cycle_id=goal.cycle_id,
        serves=serves,
    )
    return replace(fields, **changes)


def test_every_state_has_its_table() -> None:
    assert set(NEXT_STATES) == set(GoalState)
    assert not may_follow("candidate", "active")
    assert not may_follow("closed", "dropped")
    assert may_follow("dropped", "candidate")


def test_goal_goes_the_whole_way(world: World) -> None:
    tom = as_actor(world.tom)
    goal = active_goal(world)
    assert (goal.state, goal.signed_version) == ("active", goal.version)
    goal_close(actor=tom, goal=goal, score_0_1=0.7, retrospective="Phones first.", reason="The half-year is over")
    goal.refresh_from_db()
    assert (goal.state, goal.score_0_1) == ("closed", 0.7)
    goal_reopen(actor=tom, goal=goal, reason="One clinic is missing")
    steps = list(GoalStep.objects.filter(goal=goal).order_by("id").values_list("to_state", flat=True))
    assert steps == ["candidate", "proposed", "signed_off", "active", "closed", "active"]
    kinds = set(Event.objects.filter(subject_kind="goals.goal", subject_id=goal.pk).values_list("kind", flat=True))
    assert {"goals.goal_created", "goals.goal_proposed", "goals.goal_signed", "goals.goal_started",
            "goals.goal_closed", "goals.goal_reopened"} <= kinds  # fmt: skip


def test_signature_of_everyone_makes_it_signed_off_by_reaction(world: World) -> None:
    tom, lea = as_actor(world.tom), as_actor(world.lea)
    goal = goal_of(world, co_owner_ids=(world.lea.pk,))
    with_key_result(tom, goal)
    goal.refresh_from_db()
    signed_by(proposed(goal, tom), tom)
    outbox_drain()
    goal.refresh_from_db()
    assert goal.state == "proposed"
    from throughline.decisions.selectors import proposal_for, sign_off_of
    from throughline.decisions.services import position_take

    sign_off = sign_off_of(lea, SubjectRef("goals.goal", goal.pk))
    assert sign_off is not None
    position_take(actor=lea, proposal=proposal_for(lea, sign_off.proposal_id), stance="agree", version=sign_off.version)
    outbox_drain()
    goal.refresh_from_db()
    assert (goal.state, goal.signed_version) == ("signed_off", goal.version)


def test_goal_without_purpose_cannot_be_proposed(world: World) -> None:
    goal = goal_of(world)
    with pytest.raises(Invalid) as refused:
        goal_propose(actor=as_actor(world.tom), goal=goal, version=goal.version)
    assert "serves" in refused.value.problems
    goal.refresh_from_db()
    assert goal.state == "candidate"


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, goal: goal_start(actor=actor, goal=goal),
        lambda actor, goal: goal_close(actor=actor, goal=goal, score_0_1=1, retrospective="", reason="Done"),
        lambda actor, goal: goal_withdraw_proposal(actor=actor, goal=goal, reason="Not now"),
        lambda actor, goal: goal_reopen(actor=actor, goal=goal, reason="Again"),
    ],
)
def test_candidate_cannot_skip_steps(world: World, act: Callable[..., object]) -> None:
    goal = goal_of(world)
    with pytest.raises(Conflict):
        act(as_actor(world.tom), goal)
    assert GoalStep.objects.filter(goal=goal).count() == 1


def test_dropping_needs_a_reason(world: World) -> None:
    with pytest.raises(Invalid):
        goal_drop(actor=as_actor(world.tom), goal=goal_of(world), reason=" ")


def test_stale_version_is_a_conflict(world: World) -> None:
    tom = as_actor(world.tom)
    goal = goal_of(world)
    with_key_result(tom, goal)
    with pytest.raises(Conflict):
        goal_edit(actor=tom, goal=goal, fields=unit_fields(world, title="Other"), version=1)
    goal.refresh_from_db()
    assert goal.title != "Other"


def asked_again(world: World, change: Callable[[Goal], object]) -> dict[str, bool]:
    """Who must sign anew after a change of a goal that owner, parent's owner, provider and stakeholder signed."""
    from throughline.decisions.selectors import sign_off_of
    from throughline.people.models import Stakeholder

    tom = as_actor(world.tom)
    above = goal_of(world, title="Above", owner_id=world.lea.pk)
    goal = goal_of(world, serves=SERVED)
    with_key_result(tom, goal)
    goal.refresh_from_db()
    goal_align(actor=tom, child=goal, parent=above, version=goal.version)
    goal.refresh_from_db()
    dependency_request(actor=tom, goal=goal, provider_id=world.ben.pk, text="A booking API", version=goal.version)
    stakeholder = Stakeholder.objects.create(
        org=world.org, kind="senior_leader", name="Fay", person=world.fay, represents="x", influence=3, interest=3
    )
    goal_signatories_set(actor=tom, goal=goal, stakeholder_ids=[stakeholder.pk])
    goal.refresh_from_db()
    people = {"owner": world.tom, "parent": world.lea, "provider": world.ben, "stakeholder": world.fay}
    signed_by(proposed(goal, tom), *(as_actor(person) for person in people.values()))
    goal.refresh_from_db()
    assert goal.state == "signed_off"
    change(goal)
    sign_off = sign_off_of(tom, SubjectRef("goals.goal", goal.pk))
    assert sign_off is not None
    signed = {row.person_id: row.is_signed for row in sign_off.rows}
    return {name: not signed[person.pk] for name, person in people.items() if person.pk in signed}


ALL = {"owner": True, "parent": True, "provider": True, "stakeholder": True}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("target", ALL),
        ("date", ALL),
        ("measure", ALL),
        ("wording", ALL),
        ("editorial", {"owner": False, "parent": False, "provider": False, "stakeholder": False}),
        ("key_result", {"owner": True, "parent": False, "provider": False, "stakeholder": True}),
        ("initiative", {"owner": True, "parent": False, "provider": False, "stakeholder": True}),
        ("alignment", {"owner": True, "provider": False, "stakeholder": False}),
        ("dependency", {"owner": True, "parent": False, "stakeholder": False}),
    ],
)
def test_change_asks_exactly_whom_it_affects(world: World, name: str, expected: dict[str, bool]) -> None:
    tom = as_actor(world.tom)

    def part(goal: Goal) -> Goal:
        return Goal.objects.get(part_of=goal, kind="key_result")

    def change(goal: Goal) -> None:
        version = goal.version
        if name == "target":
            key_result_edit(actor=tom, key_result=part(goal), terms=replace(WAIT, target=8), version=version)
        elif name == "measure":
            terms = KeyResultTerms(WAIT.title, "keep_within", low=5, high=9, metric_unit="days")
            key_result_edit(actor=tom, key_result=part(goal), terms=terms, version=version)
        elif name == "date":
            goal_edit(actor=tom, goal=goal, fields=_edited(goal, ends_on=date(2026, 5, 1)), version=version)
        elif name in ("wording", "editorial"):
            fields = _edited(goal, title="Patients wait half as long!")
            goal_edit(actor=tom, goal=goal, fields=fields, version=version, is_editorial=name == "editorial")
        elif name == "key_result":
            terms = KeyResultTerms("Fewer calls", baseline=0, target=5)
            key_result_add(actor=tom, goal=goal, terms=terms, version=version)
        elif name == "initiative":
            initiative_add(actor=tom, goal=goal, title="Booking online", version=version)
        elif name == "alignment":
            goal_unalign(actor=tom, alignment=goal.alignments_up.get(), version=version)
        else:
            dependency_decline(actor=as_actor(world.ben), dependency=goal.dependencies.get(), answer="No time")

    assert asked_again(world, change) == expected


def _edited(goal: Goal, **changes: Any) -> GoalFields:
    return fields_of(goal, **changes)


@pytest.fixture(autouse=True)
def _served_things_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a goal serves belongs to another app; here every purpose statement can be opened."""
    from throughline.goals.services import fields

    known = fields.subject_cards

    def cards(actor: Any, refs: Any) -> dict[Any, Any]:
        refs = list(refs)
        served = {ref for ref in refs if ref.kind.startswith("purpose.")}
        return {**known(actor, set(refs) - served), **dict.fromkeys(served)}

    monkeypatch.setattr(fields, "subject_cards", cards)


def test_circle_is_refused_with_its_way(world: World) -> None:
    tom = as_actor(world.tom)
    first, second, third = (goal_of(world, title=title) for title in ("First", "Second", "Third"))
    goal_align(actor=tom, child=first, parent=second, version=1)
    goal_align(actor=tom, child=second, parent=third, version=1)
    with pytest.raises(Invalid) as refused:
        goal_align(actor=tom, child=third, parent=first, version=1)
    assert "“First” → “Second” → “Third”" in str(refused.value)


@pytest.mark.parametrize("step", ["version_next", "event_record", "parts_follow", "_advances"])
def test_failed_edit_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    goal = goal_of(world)
    events = Event.objects.count()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken half-way")

    monkeypatch.setattr(f"throughline.goals.services.goals.{step}", fail)
    if step == "event_record":
        with pytest.raises(RuntimeError):
            goal_of(world, title="Second")
        assert not Goal.objects.filter(title="Second").exists()
    else:
        with pytest.raises(RuntimeError):
            goal_edit(actor=as_actor(world.tom), goal=goal, fields=unit_fields(world, title="New"), version=1)
    goal.refresh_from_db()
    assert (goal.title, goal.version) == ("Patients wait half as long", 1)
    assert Event.objects.count() == events


def test_cycle_starts_signed_goals_and_closes_only_when_they_have_ended(world: World) -> None:
    ada = as_actor(world.ada)
    cycle = cycle_of(world)
    goal = active_goal(world)
    cycle.refresh_from_db()
    assert (cycle.state, goal.state) == ("running", "active")
    assert Goal.objects.get(part_of=goal).due_on is not None
    with pytest.raises(Conflict):
        cycle_start(actor=ada, cycle=cycle)
    with pytest.raises(Conflict):
        cycle_close(actor=ada, cycle=cycle)
    goal_close(actor=as_actor(world.tom), goal=goal, score_0_1=None, retrospective="", reason="Over")
    assert cycle_close(actor=ada, cycle=cycle).state == "closed"
    assert Goal.objects.get(part_of=goal).due_on is None
