"""Imported goals that are here already: changed where the import says something else, else left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from throughline.goals.models import Goal, GoalCoOwner, Milestone
from throughline.goals.rules import GoalKind, Measure
from throughline.goals.rules.records import RecordProblem
from throughline.goals.services.fields import MilestoneTerms
from throughline.goals.services.goals import goal_edit
from throughline.goals.services.parts import initiative_edit, key_result_edit, terms_kept
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.errors import ThroughlineError
from throughline.kernel.ids import SubjectRef

if TYPE_CHECKING:
    from throughline.goals.services.bulk import BulkGoal
    from throughline.goals.services.fields import GoalFields

REASON = "Changed by an import."
_COLUMNS = (
    "id", "kind", "state", "part_of_id", "title", "description", "level", "unit_id", "owner_id", "cycle_id", "theme_id",
    "serves_kind", "serves_id", "starts_on", "ends_on", "cadence", "visibility", "measure", "baseline", "target",
    "low", "high", "metric_key", "metric_unit", "weight",
)  # fmt: skip


def existing_changed(
    actor: Actor, batch: Sequence[BulkGoal], ids: Mapping[str, int], problems: list[RecordProblem]
) -> int:
    """Bring known goals up to the import, each as an edit of its own; answers how many changed."""
    present = _present([ids[row.external_id] for row in batch])
    changed = 0
    for row in batch:
        goal = present.goals[ids[row.external_id]]
        if row.kind != goal.kind:
            words = f"It is a {goal.kind.replace('_', ' ')} here and a {row.kind.replace('_', ' ')} in the import."
            problems.append(RecordProblem(row.external_id, words, is_refused=True))
            continue
        if goal.kind == GoalKind.OBJECTIVE and row.state != goal.state:
            words = f"It is {goal.state} here; its state is changed on its page, by the people who sign."
            problems.append(RecordProblem(row.external_id, words, is_refused=False))
        if _is_same(row, goal, present):
            continue
        try:
            with transaction.atomic():
                _change(actor, row, Goal.objects.select_related("part_of").get(pk=goal.id))
            changed += 1
        except ThroughlineError as error:
            problems.append(RecordProblem(row.external_id, str(error), is_refused=True))
    return changed


@dataclass(frozen=True, slots=True)
class _Present:
    """Goals as they are, in plain rows: a repeated import compares every one of them and changes few."""

    goals: dict[int, Any]
    co_owners: dict[int, list[int]]
    milestones: dict[int, list[MilestoneTerms]]


def _present(numbers: Sequence[int]) -> _Present:
    goals = {row.id: row for row in Goal.objects.filter(pk__in=numbers).values_list(*_COLUMNS, named=True)}
    co_owners: dict[int, list[int]] = defaultdict(list)
    owning = GoalCoOwner.objects.filter(goal_id__in=numbers).order_by("person_id")
    for goal_id, person_id in owning.values_list("goal_id", "person_id"):
        co_owners[goal_id].append(person_id)
    milestones: dict[int, list[MilestoneTerms]] = defaultdict(list)
    counted = [row.id for row in goals.values() if row.measure == Measure.MILESTONES]
    items = Milestone.objects.filter(key_result_id__in=counted).order_by("position", "id")
    for goal_id, title, weight, due_on in items.values_list("key_result_id", "title", "weight", "due_on"):
        milestones[goal_id].append(MilestoneTerms(title, weight, due_on))
    return _Present(goals, co_owners, milestones)


def _is_same(row: BulkGoal, goal: Any, present: _Present) -> bool:
    if goal.kind == GoalKind.OBJECTIVE:
        return _fields_now(goal, present.co_owners.get(goal.id, [])) == _plain(row.fields)
    if row.terms is not None:
        kept = terms_kept(row.terms)
        is_milestones = row.terms.measure == Measure.MILESTONES
        wanted = [_stripped(item) for item in row.terms.milestones] if is_milestones else []
        is_same = all(getattr(goal, name) == value for name, value in kept.items())
        return is_same and present.milestones.get(goal.id, []) == wanted
    now_fields = (goal.title, goal.description, goal.owner_id, goal.ends_on)
    return now_fields == (
        row.fields.title.strip(),
        row.fields.description.strip(),
        row.fields.owner_id,
        row.fields.ends_on,
    )


def _stripped(item: MilestoneTerms) -> MilestoneTerms:
    return MilestoneTerms(item.title.strip(), item.weight, item.due_on)


def _fields_now(goal: Any, co_owner_ids: Sequence[int]) -> tuple[object, ...]:
    return (
        goal.title, goal.description, goal.level, goal.unit_id, goal.owner_id, tuple(co_owner_ids),
        goal.cycle_id, goal.theme_id, goal.serves_kind, goal.serves_id, goal.starts_on, goal.ends_on,
        goal.cadence, goal.visibility, goal.metric_key, goal.metric_unit, goal.weight,
    )  # fmt: skip


def _plain(fields: GoalFields) -> tuple[object, ...]:
    serves = fields.serves or SubjectRef("", 0)
    return (
        fields.title.strip(), fields.description.strip(), fields.level, fields.unit_id, fields.owner_id,
        tuple(sorted(set(fields.co_owner_ids) - {fields.owner_id})),
        fields.cycle_id, fields.theme_id, serves.kind, serves.id or None, fields.starts_on, fields.ends_on,
        fields.cadence, fields.shown_to, fields.metric_key.strip(), fields.metric_unit.strip(), fields.weight,
    )  # fmt: skip


def _change(actor: Actor, row: BulkGoal, goal: Goal) -> None:
    """The import's policy was required for the whole, so each edit runs as the product; its version names the import."""
    system = system_actor(actor.org_id, actor.org_slug)
    # Read anew: an earlier row of the same batch may have changed the objective.
    version = Goal.objects.values_list("version", flat=True).get(pk=goal.objective_id)
    if goal.is_objective:
        goal_edit(actor=system, goal=goal, fields=row.fields, version=version, reason=REASON)
    elif row.terms is not None:
        known = {item.title: item.pk for item in goal.milestones.all()}
        milestones = tuple(
            MilestoneTerms(item.title, item.weight, item.due_on, known.pop(item.title.strip(), None))
            for item in row.terms.milestones
        )
        terms = replace(row.terms, milestones=milestones)
        key_result_edit(actor=system, key_result=goal, terms=terms, version=version, reason=REASON)
    else:
        initiative_edit(
            actor=system,
            initiative=goal,
            title=row.fields.title,
            version=version,
            description=row.fields.description,
            owner_id=row.fields.owner_id,
            ends_on=row.fields.ends_on,
            reason=REASON,
        )
