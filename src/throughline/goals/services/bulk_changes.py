"""Imported goals that are here already: changed where the import says something else, else left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from throughline.goals.models import Goal
from throughline.goals.rules import Measure
from throughline.goals.rules.records import RecordProblem
from throughline.goals.services.fields import KeyResultTerms, MilestoneTerms
from throughline.goals.services.goals import goal_edit
from throughline.goals.services.parts import initiative_edit, key_result_edit, terms_apply
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.errors import ThroughlineError
from throughline.kernel.ids import SubjectRef

if TYPE_CHECKING:
    from throughline.goals.services.bulk import BulkGoal
    from throughline.goals.services.fields import GoalFields

REASON = "Changed by an import."


def existing_changed(
    actor: Actor, batch: Sequence[BulkGoal], ids: Mapping[str, int], problems: list[RecordProblem]
) -> int:
    """Bring known goals up to the import, each as an edit of its own; answers how many changed."""
    numbers = [ids[row.external_id] for row in batch]
    goals = {
        goal.pk: goal
        for goal in Goal.objects.filter(pk__in=numbers)
        .select_related("part_of")
        .prefetch_related("co_owners", "milestones")
    }
    changed = 0
    for row in batch:
        goal = goals[ids[row.external_id]]
        if row.kind != goal.kind:
            words = f"It is a {goal.kind.replace('_', ' ')} here and a {row.kind.replace('_', ' ')} in the import."
            problems.append(RecordProblem(row.external_id, words, is_refused=True))
            continue
        if goal.is_objective and row.state != goal.state:
            words = f"It is {goal.state} here; its state is changed on its page, by the people who sign."
            problems.append(RecordProblem(row.external_id, words, is_refused=False))
        if _is_same(row, goal):
            continue
        try:
            with transaction.atomic():
                _change(actor, row, goal)
            changed += 1
        except ThroughlineError as error:
            problems.append(RecordProblem(row.external_id, str(error), is_refused=True))
    return changed


def _is_same(row: BulkGoal, goal: Goal) -> bool:
    if goal.is_objective:
        return _fields_now(goal) == _plain(row.fields)
    if row.terms is not None:
        return terms_now(goal) == _stripped(row.terms)
    now_fields = (goal.title, goal.description, goal.owner_id, goal.ends_on)
    return now_fields == (
        row.fields.title.strip(),
        row.fields.description.strip(),
        row.fields.owner_id,
        row.fields.ends_on,
    )


def _fields_now(goal: Goal) -> tuple[object, ...]:
    return (
        goal.title, goal.description, goal.level, goal.unit_id, goal.owner_id,
        tuple(sorted(row.person_id for row in goal.co_owners.all())),
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


def terms_now(goal: Goal) -> KeyResultTerms:
    """The terms of a key result as they are; milestones without their numbers."""
    items = sorted(goal.milestones.all(), key=lambda item: (item.position, item.pk))
    return KeyResultTerms(
        title=goal.title,
        measure=goal.measure,
        baseline=goal.baseline,
        target=goal.target,
        low=goal.low,
        high=goal.high,
        metric_key=goal.metric_key,
        metric_unit=goal.metric_unit,
        weight=goal.weight,
        owner_id=goal.owner_id,
        starts_on=goal.starts_on,
        ends_on=goal.ends_on,
        cadence=goal.cadence,
        description=goal.description,
        milestones=tuple(MilestoneTerms(item.title, item.weight, item.due_on) for item in items),
    )


def _stripped(terms: KeyResultTerms) -> KeyResultTerms:
    probe = Goal(measure=terms.measure)
    terms_apply(probe, terms)
    is_milestones = terms.measure == Measure.MILESTONES
    return KeyResultTerms(
        title=probe.title,
        measure=probe.measure,
        baseline=probe.baseline,
        target=probe.target,
        low=probe.low,
        high=probe.high,
        metric_key=probe.metric_key,
        metric_unit=probe.metric_unit,
        weight=probe.weight,
        owner_id=probe.owner_id,
        starts_on=probe.starts_on,
        ends_on=probe.ends_on,
        cadence=probe.cadence,
        description=probe.description,
        milestones=tuple(MilestoneTerms(item.title.strip(), item.weight, item.due_on) for item in terms.milestones)
        if is_milestones
        else (),
    )


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
