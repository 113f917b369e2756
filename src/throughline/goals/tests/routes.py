"""Who may open which page of goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.goals.models import Goal, Milestone
from throughline.goals.services import (
    KeyResultTerms,
    MilestoneTerms,
    checkin_submit,
    comment_add,
    dependency_request,
    goal_align,
    goal_drop,
    initiative_add,
)
from throughline.goals.tests.goal_world import (
    active_goal,
    cycle_of,
    goal_of,
    proposed,
    signed_by,
    theme_of,
    with_key_result,
)

Kwargs = Callable[[World], Mapping[str, Any]]

# A goal of Platform that Tom owns: changed by him, who leads the unit, and by leaders.
OWNERS = expecting(MEMBERS_ONLY, member=403, elsewhere=403, facilitator=403, administrator=403)
# A candidate is changed by facilitators and administrators too.
CANDIDATE = expecting(MEMBERS_ONLY, member=403, elsewhere=403)
PLANNERS = expecting(MEMBERS_ONLY, member=403, elsewhere=403, team_lead=403)
# Guests may come, but this one was shared with nobody.
NOT_SHARED = expecting(MEMBERS_ONLY, guest=404)


def _candidate(world: World) -> Mapping[str, Any]:
    return {"goal_id": goal_of(world).pk}


def _active(world: World) -> Mapping[str, Any]:
    return {"goal_id": active_goal(world).pk}


def _proposed(world: World) -> Mapping[str, Any]:
    return {"goal_id": proposed(goal_of(world), as_actor(world.tom)).pk}


def _signed(world: World) -> Mapping[str, Any]:
    tom = as_actor(world.tom)
    goal = goal_of(world)
    signed_by(proposed(goal, tom), tom)
    return {"goal_id": goal.pk}


def _dropped(world: World) -> Mapping[str, Any]:
    goal = goal_of(world)
    goal_drop(actor=as_actor(world.tom), goal=goal, reason="Not now.")
    return {"goal_id": goal.pk}


def _key_result(world: World) -> Mapping[str, Any]:
    return {"goal_id": with_key_result(as_actor(world.tom), goal_of(world)).pk}


def _initiative(world: World) -> Mapping[str, Any]:
    goal = goal_of(world)
    made = initiative_add(actor=as_actor(world.tom), goal=goal, title="Try it", version=goal.version)
    return {"goal_id": made.pk}


def _milestone(world: World) -> Mapping[str, Any]:
    terms = KeyResultTerms(title="Steps", measure="milestones", milestones=(MilestoneTerms(title="First"),))
    key_result = with_key_result(as_actor(world.tom), goal_of(world), terms)
    return {"milestone_id": Milestone.objects.get(key_result=key_result).pk}


def _alignment(world: World) -> Mapping[str, Any]:
    child, parent = goal_of(world, title="A child"), goal_of(world, title="A parent")
    alignment = goal_align(actor=as_actor(world.tom), child=child, parent=parent, version=child.version)
    return {"alignment_id": alignment.pk}


def _dependency(world: World) -> Mapping[str, Any]:
    goal = goal_of(world)
    made = dependency_request(
        actor=as_actor(world.tom), goal=goal, provider_id=world.mia.pk, text="Ten beds", version=goal.version
    )
    return {"dependency_id": made.pk, "answer": "accept"}


def _checkin(world: World) -> Mapping[str, Any]:
    goal = Goal.objects.get(part_of_id=active_goal(world).pk)
    made = checkin_submit(
        actor=as_actor(world.tom), goal=goal, value=15, confidence_0_1=0.6, status="on_track", note=""
    )
    return {"checkin_id": made.pk}


def _comment(world: World) -> Mapping[str, Any]:
    return {"comment_id": comment_add(actor=as_actor(world.ben), goal=goal_of(world), text="Good.").pk}


def _cycle(world: World) -> Mapping[str, Any]:
    return {"cycle_id": cycle_of(world).pk}


def _theme(world: World) -> Mapping[str, Any]:
    return {"theme_id": theme_of(world).pk}


def _row(name: str, expected: Mapping[str, Any], kwargs: Kwargs | None = None, **rest: Any) -> RouteRow:
    return RouteRow(f"goals:{name}", expected, kwargs or (lambda world: {}), **rest)


MINE = expecting(MEMBERS_ONLY, guest=404, elsewhere=403, team_lead=403, leader=403, facilitator=403, administrator=403)

ROUTES: list[RouteRow] = [
    _row("list", MEMBERS_ONLY),
    _row("export", MEMBERS_ONLY),
    _row("due", MEMBERS_ONLY),
    _row("new", MEMBERS_ONLY),
    _row("cycles", MEMBERS_ONLY),
    _row("cycle_new", PLANNERS),
    _row("cycle_edit", PLANNERS, _cycle),
    _row("cycle_start", PLANNERS, _cycle),
    _row("cycle_close", PLANNERS, _cycle),
    _row("themes", MEMBERS_ONLY),
    _row("theme_new", PLANNERS),
    _row("theme", MEMBERS_ONLY, _theme),
    _row("theme_edit", PLANNERS, _theme),
    _row("theme_drop", PLANNERS, _theme),
    _row("unalign", CANDIDATE, _alignment),
    _row(
        "dependency_answer",
        expecting(MEMBERS_ONLY, member=403, team_lead=403, facilitator=403, administrator=403),
        _dependency,
        note="Mia (elsewhere) was asked; leaders may answer for anybody.",
    ),
    _row("checked_in", OWNERS, _checkin),
    _row("checkin_correct", OWNERS, _checkin),
    _row("comment_change", MINE, _comment, note="Ben (member) wrote it."),
    _row("comment_withdraw", allowed(MINE, 302), _comment, method="post"),
    _row(
        "milestone_done",
        allowed(OWNERS, 302),
        _milestone,
        method="post",
        data=lambda world: {"is_done": "1"},
    ),
    _row("goal", NOT_SHARED, _candidate),
    _row("explain", MEMBERS_ONLY, _active),
    _row("versions", MEMBERS_ONLY, _active),
    _row("edit", CANDIDATE, _candidate),
    _row("propose", CANDIDATE, _candidate),
    _row("stakeholders", CANDIDATE, _candidate),
    _row("withdraw", OWNERS, _proposed),
    _row("start", OWNERS, _signed),
    _row("close", OWNERS, _active),
    _row("drop", CANDIDATE, _candidate),
    _row("reopen", OWNERS, _dropped),
    _row("key_result_new", CANDIDATE, _candidate),
    _row("initiative_new", CANDIDATE, _candidate),
    _row("part_edit", CANDIDATE, _key_result),
    _row("part_remove", CANDIDATE, _key_result),
    _row(
        "initiative_done",
        allowed(OWNERS, 302),
        _initiative,
        method="post",
        data=lambda world: {"is_done": "1"},
    ),
    _row("align", CANDIDATE, _candidate),
    _row("depend", CANDIDATE, _candidate),
    _row("check_in", OWNERS, _active),
    _row("comment", NOT_SHARED, _candidate),
]
