"""Goals built through services, for the tests of this app."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.worlds import World, as_actor
from throughline.goals.models import Cycle, Goal, StrategicTheme
from throughline.goals.services import (
    GoalFields,
    KeyResultTerms,
    cycle_create,
    cycle_start,
    goal_create,
    goal_propose,
    goal_sign_off_follow,
    key_result_add,
    strategic_theme_create,
)
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef

SERVED = SubjectRef("purpose.statement", 1)
WAIT = KeyResultTerms(title="Half the wait", measure="decrease_to", baseline=20, target=10, metric_unit="days")


def cycle_of(world: World, *, name: str = "2026 H1") -> Cycle:
    """A planned cycle."""
    return cycle_create(actor=as_actor(world.ada), name=name, starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30))


def theme_of(world: World) -> StrategicTheme:
    """A standing strategic theme."""
    return strategic_theme_create(actor=as_actor(world.ada), title="Shorter waits")


def unit_fields(world: World, *, title: str = "Patients wait half as long") -> GoalFields:
    """A goal of Platform that Tom owns."""
    return GoalFields(title=title, level="unit", unit_id=world.platform.pk, owner_id=world.tom.pk)


def goal_of(world: World, *, title: str = "Patients wait half as long", **changes: object) -> Goal:
    """A candidate of Platform, written by Tom."""
    return goal_create(actor=as_actor(world.tom), fields=replace(unit_fields(world, title=title), **changes))


def with_key_result(actor: Actor, goal: Goal, terms: KeyResultTerms = WAIT, *, version: int | None = None) -> Goal:
    """The goal's next key result."""
    goal.refresh_from_db()
    return key_result_add(actor=actor, goal=goal, terms=terms, version=version or goal.version)


def proposed(goal: Goal, actor: Actor) -> Goal:
    """The goal put up for signatures; what it serves is set past the purpose app, which sits beside this one."""
    Goal.objects.filter(pk=goal.pk).update(serves_kind=SERVED.kind, serves_id=SERVED.id)
    goal.refresh_from_db()
    return goal_propose(actor=actor, goal=goal, version=goal.version)


def signed_by(goal: Goal, *signers: Actor) -> Goal:
    """Signatures of these people on the newest version, and the state that follows."""
    from throughline.decisions.selectors import proposal_for, sign_off_of
    from throughline.decisions.services import position_take

    ref = SubjectRef("goals.goal", goal.pk)
    for signer in signers:
        sign_off = sign_off_of(signer, ref)
        assert sign_off is not None
        position_take(
            actor=signer,
            proposal=proposal_for(signer, sign_off.proposal_id),
            stance="agree",
            version=sign_off.version,
        )
    return goal_sign_off_follow(actor=signers[0], goal=goal)


def active_goal(world: World, *, title: str = "Patients wait half as long", **changes: object) -> Goal:
    """A goal of Platform that Tom owns, signed by him, with one key result and its cycle running."""
    tom = as_actor(world.tom)
    cycle = Cycle.objects.filter(name="2026 H1").first() or cycle_of(world)
    goal = goal_of(world, title=title, cycle_id=cycle.pk, **changes)
    with_key_result(tom, goal)
    goal.refresh_from_db()
    signed_by(proposed(goal, tom), tom)
    cycle.refresh_from_db()
    if cycle.state == "planning":
        cycle_start(actor=as_actor(world.ada), cycle=cycle)
    goal.refresh_from_db()
    if goal.state == "signed_off":
        goal_sign_off_follow(actor=tom, goal=goal)
        goal.refresh_from_db()
    return goal
