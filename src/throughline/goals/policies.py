"""Who may read and change what about goals. Each `can_` has its reason; `visible_goals` is the twin of `can_read_goal`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Func, Q

from throughline.goals.models import (
    Alignment,
    Comment,
    Cycle,
    Dependency,
    Goal,
    GoalStakeholder,
    StrategicTheme,
)
from throughline.goals.rules import GoalLevel, GoalState, Visibility
from throughline.kernel.actor import Actor
from throughline.kernel.verdict import YES, Verdict, allow_if, no

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

GOAL = "goals.goal"
CYCLE = "goals.cycle"
THEME = "goals.theme"


def owns(actor: Actor, goal: Goal) -> bool:
    """Whether the actor owns the goal, its objective, or either together with somebody (one or two queries)."""
    if actor.person_id is None:
        return False
    if goal.owner_id == actor.person_id or actor.person_id in _co_owner_ids(goal):
        return True
    if goal.part_of_id is None or goal.part_of is None:
        return False
    return goal.part_of.owner_id == actor.person_id or actor.person_id in _co_owner_ids(goal.part_of)


def _co_owner_ids(goal: Goal) -> Iterable[int]:
    return {row.person_id for row in goal.co_owners.all()}


def visible_goals(actor: Actor) -> Q:
    """Goals the actor may read, as a filter on Goal."""
    if actor.is_system:
        return Q()
    if actor.is_guest:
        shared = actor.shared_ids(GOAL)
        return Q(pk__in=shared) | Q(part_of_id__in=shared)
    if actor.is_leader:
        return Q()
    if not actor.is_member or actor.person_id is None:
        return Q(pk__in=[])
    return Q(_ReadableAsMember(actor))


class _ReadableAsMember(Func):
    """Open goals, one's own and one's units', and those one's signature may be asked for; parts with their goal.

    One expression in plain SQL: as lookups the same takes Django several milliseconds to put together, on every query
    of every page. `can_read_goal` says it a second time in lookups, and a test holds the two together.
    """

    output_field = BooleanField()

    def __init__(self, actor: Actor) -> None:
        super().__init__(F("visibility"), F("owner_id"), F("unit_id"), F("id"), F("part_of_id"))
        self.actor = actor

    def as_sql(self, compiler: Any, connection: Any, *template: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        visibility, owner, unit, own, part_of = (
            compiler.compile(expression)[0] for expression in self.get_source_expressions()
        )
        actor, units = self.actor, sorted(self.actor.own_unit_ids | self.actor.led_unit_ids)
        among, among_params = _ASKED, [actor.org_id, actor.person_id] * 4
        if actor.stakeholder_ids:
            among += _ASKED_AS_STAKEHOLDER.format(places=_places(actor.stakeholder_ids))
            among_params += [actor.org_id, *sorted(actor.stakeholder_ids)]
        in_units = f"OR {unit} IN ({_places(units)})" if units else ""
        sql = f"({visibility} = %s OR {owner} = %s {in_units} OR {own} IN ({among}) OR {part_of} IN ({among}))"
        return sql, (Visibility.OPEN.value, actor.person_id, *units, *among_params, *among_params)


def _places(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))


# Objectives and parts a person co-owns, owns, promised something for, or owns a goal above of.
_ASKED = """
    SELECT goal_id FROM goals_goalcoowner WHERE org_id = %s AND person_id = %s
    UNION ALL SELECT id FROM goals_goal WHERE org_id = %s AND owner_id = %s
    UNION ALL SELECT goal_id FROM goals_dependency WHERE org_id = %s AND provider_id = %s
    UNION ALL SELECT below.child_id FROM goals_goal above
        JOIN goals_alignment below ON below.parent_id = above.id AND below.ends_on IS NULL
        WHERE above.org_id = %s AND above.owner_id = %s"""
_ASKED_AS_STAKEHOLDER = """
    UNION ALL SELECT goal_id FROM goals_goalstakeholder WHERE org_id = %s AND stakeholder_id IN ({places})"""


def _asked_to_sign(actor: Actor) -> Q:
    """Goals somebody else's signature may be asked for: they must read what they sign, a team's goal too."""
    provided = Dependency.objects.filter(provider_id=actor.person_id).values("goal_id")
    above = Alignment.objects.filter(parent__owner_id=actor.person_id, ends_on=None).values("child_id")
    sources = [provided, above]
    if actor.stakeholder_ids:
        sources.append(GoalStakeholder.objects.filter(stakeholder_id__in=actor.stakeholder_ids).values("goal_id"))
    found = Q()
    for asked in sources:
        found |= Q(pk__in=asked) | Q(part_of_id__in=asked)
    return found


def can_read_goal(actor: Actor, goal: Goal) -> Verdict:
    """Open goals are read by every member, a team's by owner, unit and leaders, by guests what was shared."""
    if actor.is_system:
        return YES
    if actor.is_guest:
        shared = actor.shared_ids(GOAL)
        return allow_if(goal.pk in shared or goal.part_of_id in shared, "This goal was not shared with you.")
    is_team = goal.unit_id is not None and goal.unit_id in (actor.own_unit_ids | actor.led_unit_ids)
    may = actor.is_member and (
        goal.visibility == Visibility.OPEN
        or actor.is_leader
        or is_team
        or owns(actor, goal)
        or Goal.objects.filter(_asked_to_sign(actor), pk=goal.pk).exists()
    )
    return allow_if(may, "This goal is its owner's and team's; ask the owner to share it.")


def visible_themes(actor: Actor) -> Q:
    """Strategic themes the actor may read: every member all, a guest what was shared."""
    return Q() if actor.is_member else Q(pk__in=actor.shared_ids(THEME))


def can_read_theme(actor: Actor, theme: StrategicTheme) -> Verdict:
    """The twin of `visible_themes`."""
    return allow_if(actor.is_member or theme.pk in actor.shared_ids(THEME), "This theme was not shared with you.")


def visible_cycles(actor: Actor) -> Q:
    """Cycles the actor may read: every member all, a guest what was shared."""
    return Q() if actor.is_member else Q(pk__in=actor.shared_ids(CYCLE))


def can_read_cycle(actor: Actor, cycle: Cycle) -> Verdict:
    """The twin of `visible_cycles`."""
    return allow_if(actor.is_member or cycle.pk in actor.shared_ids(CYCLE), "This cycle was not shared with you.")


def can_manage_cycles(actor: Actor) -> Verdict:
    """Cycles and their stakeholders are set up by facilitators, leaders and administrators."""
    return allow_if(actor.is_facilitator, "Cycles are set up by facilitators, leaders and administrators; ask one.")


def can_manage_themes(actor: Actor) -> Verdict:
    """Strategic themes are set by the same people as cycles."""
    return allow_if(
        actor.is_facilitator, "Strategic themes are set by facilitators, leaders and administrators; ask one."
    )


def can_import_goals(actor: Actor) -> Verdict:
    """Imports write goals in other people's names: for administrators, facilitators and leaders."""
    return allow_if(actor.is_facilitator, "Goals are imported by administrators, facilitators and leaders; ask one.")


def can_create_goal(actor: Actor, *, level: str, owner_id: int | None) -> Verdict:
    """Any member may write down a candidate; a person's goal only that person or who leads or facilitates."""
    if not actor.is_member:
        return no("Guests give input and sign; ask a member to write the goal down.")
    if (
        level == GoalLevel.PERSON
        and owner_id != actor.person_id
        and not actor.is_facilitator
        and not actor.led_unit_ids
    ):
        return no("A person's goal is written down by that person or somebody who leads; suggest it to them.")
    return YES


def can_edit_goal(actor: Actor, goal: Goal) -> Verdict:
    """Owner, co-owners, who leads the unit, leaders; a candidate also by who wrote it down and by facilitators."""
    if actor.is_guest or not actor.is_member:
        return no("Guests cannot change goals; write a comment instead.")
    if actor.is_leader or owns(actor, goal):
        return YES
    if goal.unit_id is not None and actor.leads(goal.unit_id):
        return YES
    state = goal.part_of.state if goal.part_of is not None else goal.state
    if state == GoalState.CANDIDATE and (actor.is_facilitator or goal.created_by_id == actor.person_id):
        return YES
    return no("This goal is changed by its owners and by who leads its unit; write them a comment.")


# Proposing, starting, closing, dropping and aligning are changes of the goal like any other.
can_propose_goal = can_edit_goal
can_close_goal = can_edit_goal


def can_align(actor: Actor, child: Goal, parent: Goal) -> Verdict:
    """Whoever may change the child aligns it, to any goal they can read; the parent's owner signs it."""
    allowed = can_edit_goal(actor, child)
    return allowed if not allowed else can_read_goal(actor, parent)


def can_check_in(actor: Actor, goal: Goal) -> Verdict:
    """Owners of the part or of its objective, who leads the unit, and leaders."""
    may = actor.is_member and (
        actor.is_leader or owns(actor, goal) or (goal.unit_id is not None and actor.leads(goal.unit_id))
    )
    return allow_if(may, "Check-ins are made by the goal's owners and by who leads its unit.")


def can_comment(actor: Actor, goal: Goal) -> Verdict:
    """Everybody who may read a goal may comment on it, guests too."""
    return can_read_goal(actor, goal)


def can_edit_comment(actor: Actor, comment: Comment) -> Verdict:
    """A comment is its author's."""
    mine = actor.is_system or (actor.person_id is not None and comment.by_person_id == actor.person_id)
    return allow_if(mine, "Only who wrote a comment can change or withdraw it.")


def can_answer_dependency(actor: Actor, dependency: Dependency) -> Verdict:
    """The person asked, the owners of the goal that provides it, and leaders."""
    provider_goal = dependency.provider_goal
    may = actor.is_member and (
        actor.is_leader
        or (actor.person_id is not None and dependency.provider_id == actor.person_id)
        or (provider_goal is not None and owns(actor, provider_goal))
    )
    return allow_if(may, "Only who was asked can answer for this.")
