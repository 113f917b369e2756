"""Fetching one thing and checking in the same call: NotFound when it may not be seen, Refused when not changed."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from throughline.goals import policies
from throughline.goals.models import (
    Alignment,
    CheckIn,
    Comment,
    Cycle,
    Dependency,
    Goal,
    Milestone,
    StrategicTheme,
)
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.prepared import PreparedModels


def goal_visible(actor: Actor, goal_id: int) -> Goal:
    """A goal or part the actor may read, with owner, unit, cycle, theme and objective; two queries."""
    found = _GOAL(goal_id=goal_id)
    prefetch_related_objects(found, "co_owners__person", "part_of__co_owners__person")
    if not found or not policies.can_read_goal(actor, found[0]):
        raise NotFound("There is no goal here that you can open.")
    return found[0]


_GOAL = PreparedModels(
    lambda goal_id: Goal.objects.filter(pk=goal_id).select_related(
        "owner", "unit", "cycle", "theme", "part_of", "part_of__owner"
    ),
    goal_id=int,
)


def goal_for_edit(actor: Actor, goal_id: int) -> Goal:
    """A goal or part the actor may change."""
    goal = goal_visible(actor, goal_id)
    policies.can_edit_goal(actor, goal).require()
    return goal


def objective_visible(actor: Actor, goal_id: int) -> Goal:
    """An objective the actor may read; a part counts as not there."""
    goal = goal_visible(actor, goal_id)
    if not goal.is_objective:
        raise NotFound("This is part of a goal; open its goal.")
    return goal


def goal_for_checkin(actor: Actor, goal_id: int) -> Goal:
    """A goal or part the actor may check in on."""
    goal = goal_visible(actor, goal_id)
    policies.can_check_in(actor, goal).require()
    return goal


def _part_for_edit(actor: Actor, goal_id: int, kind: str) -> Goal:
    goal = goal_visible(actor, goal_id)
    if goal.kind != kind:
        raise NotFound
    policies.can_edit_goal(actor, goal).require()
    return goal


def key_result_for_edit(actor: Actor, goal_id: int) -> Goal:
    """A key result the actor may change."""
    return _part_for_edit(actor, goal_id, "key_result")


def initiative_for_edit(actor: Actor, goal_id: int) -> Goal:
    """An initiative the actor may change."""
    return _part_for_edit(actor, goal_id, "initiative")


def milestone_for_edit(actor: Actor, milestone_id: int) -> Milestone:
    """A milestone of a key result the actor may check in on."""
    milestone = Milestone.objects.select_related("key_result").filter(pk=milestone_id).first()
    if milestone is None:
        raise NotFound
    milestone.key_result = goal_for_checkin(actor, milestone.key_result_id)
    return milestone


def alignment_for_edit(actor: Actor, alignment_id: int) -> Alignment:
    """An alignment whose child the actor may change."""
    alignment = Alignment.objects.select_related("parent").filter(pk=alignment_id, ends_on=None).first()
    if alignment is None:
        raise NotFound
    alignment.child = goal_for_edit(actor, alignment.child_id)
    return alignment


def dependency_for_answer(actor: Actor, dependency_id: int) -> Dependency:
    """A dependency the actor may answer for. The person asked reads it even when the goal is a team's."""
    dependency = Dependency.objects.select_related("goal", "provider_goal", "provider").filter(pk=dependency_id).first()
    if dependency is None:
        raise NotFound
    is_asked = actor.person_id is not None and dependency.provider_id == actor.person_id
    if not is_asked and not policies.can_read_goal(actor, dependency.goal):
        raise NotFound
    policies.can_answer_dependency(actor, dependency).require()
    return dependency


def comment_for_edit(actor: Actor, comment_id: int) -> Comment:
    """A comment of one's own on a goal one may still read."""
    comment = Comment.objects.filter(pk=comment_id, withdrawn_at=None).first()
    if comment is None:
        raise NotFound
    comment.goal = goal_visible(actor, comment.goal_id)
    policies.can_edit_comment(actor, comment).require()
    return comment


def checkin_for_correction(actor: Actor, checkin_id: int) -> CheckIn:
    """A check-in that stands, on a goal the actor may check in on."""
    checkin = CheckIn.objects.filter(pk=checkin_id, corrected_by=None).first()
    if checkin is None:
        raise NotFound
    checkin.goal = goal_for_checkin(actor, checkin.goal_id)
    return checkin


def cycle_visible(actor: Actor, cycle_id: int) -> Cycle:
    """A cycle the actor may read."""
    cycle = Cycle.objects.filter(policies.visible_cycles(actor), pk=cycle_id).first()
    if cycle is None:
        raise NotFound("There is no cycle here that you can open.")
    return cycle


def cycle_for_edit(actor: Actor, cycle_id: int) -> Cycle:
    """A cycle the actor may change."""
    cycle = cycle_visible(actor, cycle_id)
    policies.can_manage_cycles(actor).require()
    return cycle


def theme_visible(actor: Actor, theme_id: int) -> StrategicTheme:
    """A strategic theme the actor may read."""
    themes = StrategicTheme.objects.select_related("cycle").filter(policies.visible_themes(actor))
    theme = themes.filter(pk=theme_id).first()
    if theme is None:
        raise NotFound("There is no theme here that you can open.")
    return theme


def theme_for_edit(actor: Actor, theme_id: int) -> StrategicTheme:
    """A strategic theme the actor may change."""
    theme = theme_visible(actor, theme_id)
    policies.can_manage_themes(actor).require()
    return theme
