"""Everything the page of one goal shows, in a number of queries that does not grow with the goal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, prefetch_related_objects

from throughline.decisions.selectors import SignOff, sign_off_of
from throughline.goals import policies
from throughline.goals.models import (
    Alignment,
    Dependency,
    Goal,
    GoalStakeholder,
    GoalStep,
    Milestone,
)
from throughline.goals.rules import NEXT_STATES, STATE_LABELS, GoalState, Visibility
from throughline.goals.selectors.fetching import goal_visible
from throughline.goals.selectors.history import CheckInLine, latest_checkins, newest_checkins
from throughline.goals.selectors.rows import GoalRow, goal_row, goal_url, rows_from, url_prefix
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.kernel.prepared import Prepared, PreparedModels
from throughline.kernel.verdict import Verdict
from throughline.ledger.subjects import SubjectCard, subject_card

DEPENDENCY_LABELS = {
    "requested": "Asked for",
    "accepted": "Promised",
    "declined": "Declined",
    "at_risk": "At risk",
    "delivered": "Delivered",
}
SHOWN = 200


_STAKEHOLDERS = Prepared(
    lambda goal_id: (
        GoalStakeholder.objects.filter(goal_id=goal_id)
        .order_by("stakeholder__name")
        .values_list("stakeholder_id", "stakeholder__name")
    ),
    goal_id=int,
)
_ALIGNED_UP = PreparedModels(
    lambda goal_id: (
        Alignment.objects.filter(child_id=goal_id, ends_on=None)
        .select_related("parent__owner", "parent__unit", "parent__cycle")
        .order_by("rule", "id")[:SHOWN]
    ),
    goal_id=int,
)
_ALIGNED_DOWN = PreparedModels(
    lambda goal_id: (
        Alignment.objects.filter(parent_id=goal_id, ends_on=None)
        .select_related("child__owner", "child__unit", "child__cycle")
        .order_by("rule", "id")[:SHOWN]
    ),
    goal_id=int,
)
_PARTS = PreparedModels(
    lambda goal_id: (
        Goal.objects.filter(part_of_id=goal_id)
        .select_related("owner", "unit", "cycle")
        .order_by("position", "id")[:SHOWN]
    ),
    goal_id=int,
)
_DEPENDENCIES = PreparedModels(
    lambda goal_id: (
        Dependency.objects.filter(Q(goal_id=goal_id) | Q(provider_goal_id=goal_id))
        .select_related("provider", "goal", "provider_goal")
        .order_by("id")[: 2 * SHOWN]
    ),
    goal_id=int,
)
_STEPS = Prepared(
    lambda goal_id: (
        GoalStep.objects.filter(goal_id=goal_id)
        .order_by("-id")
        .values_list("from_state", "to_state", "reason", "by_person__name", "on", "created_at")[:SHOWN]
    ),
    goal_id=int,
)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody by number and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A key result or initiative with its milestones and latest check-in."""

    row: GoalRow
    goal: Goal
    milestones: tuple[Milestone, ...]
    latest: CheckInLine | None


@dataclass(frozen=True, slots=True)
class AlignmentRow:
    """A goal above or below. `row` is None when the reader may not open it: "something you cannot open"."""

    alignment_id: int
    rule: str
    weight: float
    row: GoalRow | None


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """What a goal needs, or has promised to another."""

    id: int
    text: str
    state: str
    state_label: str
    answer: str
    needed_on: date | None
    provider: NamedPerson
    goal_title: str
    goal_url: str
    can_answer: Verdict


@dataclass(frozen=True, slots=True)
class StepRow:
    """One change of state with its reason."""

    from_label: str
    to_label: str
    reason: str
    by_name: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class GoalPage:
    """A goal's page. For a part, `objective` is the goal it belongs to; otherwise the goal itself."""

    goal: Goal
    row: GoalRow
    objective: Goal
    objective_url: str
    state_label: str
    next_states: tuple[str, ...]
    can_edit: Verdict
    can_propose: Verdict
    can_check_in: Verdict
    can_comment: Verdict
    key_results: tuple[PartRow, ...]
    initiatives: tuple[PartRow, ...]
    removed: tuple[PartRow, ...]
    parents: tuple[AlignmentRow, ...]
    children: tuple[AlignmentRow, ...]
    needs: tuple[DependencyRow, ...]
    promises: tuple[DependencyRow, ...]
    steps: tuple[StepRow, ...]
    sign_off: SignOff | None
    serves: SubjectCard | None
    co_owners: tuple[NamedPerson, ...]
    stakeholders: tuple[NamedPerson, ...]
    latest: tuple[CheckInLine, ...]


def goal_page(actor: Actor, goal_id: int) -> GoalPage:
    """One goal, or one part, with everything around it that the actor may see."""
    goal = goal_visible(actor, goal_id)
    objective = goal.part_of if goal.part_of is not None else goal
    day = today(actor.time_zone)
    parts = _parts(actor, objective, day)
    alive = [part for part in parts if part.goal.state != GoalState.DROPPED]
    serves = None
    if objective.serves_id is not None:
        serves = subject_card(actor, SubjectRef(objective.serves_kind, objective.serves_id))
    state = GoalState(objective.state)
    dependencies = _dependencies(actor, objective)
    above, below = _alignments(actor, objective)
    return GoalPage(
        goal=goal,
        row=replace(goal_row(goal, url=goal_url(actor, goal.pk), day=day), child_count=len(alive)),
        objective=objective,
        objective_url=goal_url(actor, objective.pk),
        state_label=STATE_LABELS[state],
        next_states=tuple(sorted(NEXT_STATES[state])),
        can_edit=policies.can_edit_goal(actor, goal),
        can_propose=policies.can_propose_goal(actor, objective),
        can_check_in=policies.can_check_in(actor, goal),
        can_comment=policies.can_comment(actor, goal),
        key_results=tuple(part for part in alive if part.row.kind == "key_result"),
        initiatives=tuple(part for part in alive if part.row.kind == "initiative"),
        removed=tuple(part for part in parts if part.goal.state == GoalState.DROPPED),
        parents=above,
        children=below,
        needs=tuple(row for row, is_promise in dependencies if not is_promise),
        promises=tuple(row for row, is_promise in dependencies if is_promise),
        steps=_steps(objective),
        sign_off=sign_off_of(actor, SubjectRef(policies.GOAL, objective.pk)),
        serves=serves,
        co_owners=tuple(
            NamedPerson(row.person_id, row.person.name)
            for row in sorted(objective.co_owners.all(), key=lambda row: row.person.name)
        ),
        stakeholders=tuple(NamedPerson(number, name) for number, name in _STAKEHOLDERS(goal_id=objective.pk)),
        latest=latest_checkins(actor, objective.pk, goal.pk),
    )


def _parts(actor: Actor, objective: Goal, day: date) -> list[PartRow]:
    goals = _PARTS(goal_id=objective.pk)
    for goal in goals:
        goal.part_of = objective
    with_milestones = [goal for goal in goals if goal.measure == "milestones"]
    prefetch_related_objects(with_milestones, "milestones")
    newest = {line.goal_id: line for line in newest_checkins(actor, objective.pk)}
    prefix = url_prefix(actor)
    return [
        PartRow(
            row=goal_row(goal, url=f"{prefix}{goal.pk}/", day=day),
            goal=goal,
            milestones=_milestones(goal),
            latest=newest.get(goal.pk),
        )
        for goal in goals
    ]


def _milestones(goal: Goal) -> tuple[Milestone, ...]:
    if goal.measure != "milestones":
        return ()
    return tuple(sorted(goal.milestones.all(), key=lambda item: (item.position, item.pk)))


def _alignments(actor: Actor, goal: Goal) -> tuple[tuple[AlignmentRow, ...], tuple[AlignmentRow, ...]]:
    """What the goal stands under and what stands under it, as many of each as are shown; two or three queries."""
    up, down = _ALIGNED_UP(goal_id=goal.pk), _ALIGNED_DOWN(goal_id=goal.pk)
    others = [row.parent for row in up] + [row.child for row in down]
    # Goals that are not everybody's are few; whether this reader may see them is asked for all of them together.
    closed = [other.pk for other in others if other.visibility != Visibility.OPEN or not actor.is_member]
    seen = Goal.objects.filter(policies.visible_goals(actor), pk__in=closed).values_list("id", flat=True)
    hidden = set(closed).difference(seen) if closed else set()
    shown = {row.id: row for row in rows_from(actor, [other for other in others if other.pk not in hidden])}
    return (
        tuple(AlignmentRow(row.pk, row.rule, row.weight, shown.get(row.parent_id)) for row in up),
        tuple(AlignmentRow(row.pk, row.rule, row.weight, shown.get(row.child_id)) for row in down),
    )


def _dependencies(actor: Actor, objective: Goal) -> list[tuple[DependencyRow, bool]]:
    """What a goal needs and what it promised, each with whether it is a promise."""
    found = [(row, row.provider_goal_id == objective.pk) for row in _DEPENDENCIES(goal_id=objective.pk)]
    if not found:
        return []
    prefetch_related_objects([row for row, _ in found], "provider_goal__co_owners")
    others = {(row.goal_id if is_promise else row.provider_goal_id) for row, is_promise in found}
    shown = dict(
        Goal.objects.filter(
            policies.visible_goals(actor), pk__in=[number for number in others if number is not None]
        ).values_list("id", "title")
    )
    prefix = url_prefix(actor)
    lines = []
    for row, is_promise in found:
        number = row.goal_id if is_promise else row.provider_goal_id
        lines.append(
            (
                DependencyRow(
                    id=row.pk,
                    text=row.text,
                    state=row.state,
                    state_label=DEPENDENCY_LABELS[row.state],
                    answer=row.answer,
                    needed_on=row.needed_on,
                    provider=NamedPerson(row.provider_id, row.provider.name),
                    goal_title=shown.get(number, "") if number is not None else "",
                    goal_url=f"{prefix}{number}/" if number in shown else "",
                    can_answer=policies.can_answer_dependency(actor, row),
                ),
                is_promise,
            )
        )
    return lines


def _steps(goal: Goal) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(
            from_label=STATE_LABELS[GoalState(from_state)] if from_state else "",
            to_label=STATE_LABELS[GoalState(to_state)],
            reason=reason,
            by_name=by_name or "Throughline",
            on=on,
            at=at,
        )
        for from_state, to_state, reason, by_name, on, at in reversed(_STEPS(goal_id=goal.pk))
    )
