"""Goals with their check-ins as plain records, for files and for another installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from throughline.goals.models import Alignment, CheckIn, Goal
from throughline.goals.policies import visible_goals
from throughline.goals.rules.records import (
    CheckInRecord,
    GoalRecord,
    MilestoneRecord,
    ParentRecord,
    record_id,
)
from throughline.goals.selectors.rows import GoalFilter, goals_visible_to
from throughline.kernel.actor import Actor

CHUNK = 2000


def goal_records(actor: Actor, wanted: GoalFilter | None = None) -> Iterator[GoalRecord]:
    """Objectives that fit the filter, each followed by its parts, removed ones left out; read in chunks by key.

    Parents the actor may not see are left out with their alignment.
    """
    objectives = goals_visible_to(actor, wanted).filter(kind="objective").order_by("id")
    for chunk in _chunks(objectives.values_list("id", flat=True)):
        yield from _records(actor, chunk)


def checkin_records(actor: Actor, wanted: GoalFilter | None = None) -> Iterator[CheckInRecord]:
    """Check-ins of the same goals and their parts, by goal and day."""
    objectives = goals_visible_to(actor, wanted).filter(kind="objective").order_by("id")
    for chunk in _chunks(objectives.values_list("id", flat=True)):
        parts = Goal.objects.filter(part_of_id__in=chunk).exclude(state="dropped")
        ids = [*chunk, *parts.values_list("id", flat=True)]
        rows = CheckIn.objects.filter(goal_id__in=ids, corrected_by=None).order_by("goal_id", "on", "id")
        for row in rows.select_related("goal", "by_person"):
            yield CheckInRecord(
                goal_id=record_id(row.goal.external_id, row.goal_id),
                on=row.on,
                value=row.value,
                confidence_0_1=row.confidence_0_1,
                status=row.status,
                note=row.note,
                by_email=row.by_person.email or None if row.by_person is not None else None,
            )


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    numbers = list(ids)
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


def _records(actor: Actor, ids: list[int]) -> Iterator[GoalRecord]:
    rows = (
        Goal.objects.filter(pk__in=ids)
        .select_related("owner", "unit", "cycle", "theme")
        .prefetch_related("co_owners__person", "parts__milestones", "parts__owner")
        .order_by("id")
    )
    above: dict[int, list[ParentRecord]] = {}
    readable = Goal.objects.filter(visible_goals(actor)).values("id")
    aligned = Alignment.objects.filter(child_id__in=ids, ends_on=None, parent_id__in=readable)
    for child_id, parent_id, external_id, weight, rule in aligned.order_by("id").values_list(
        "child_id", "parent_id", "parent__external_id", "weight", "rule"
    ):
        above.setdefault(child_id, []).append(ParentRecord(record_id(external_id, parent_id), weight, rule))
    for row in rows:
        yield _record(row, parents=tuple(above.get(row.pk, ())))
        for part in sorted(row.parts.all(), key=lambda item: (item.position, item.pk)):
            if part.state != "dropped":
                yield _record(part, parents=(ParentRecord(record_id(row.external_id, row.pk)),))


def _record(row: Goal, *, parents: tuple[ParentRecord, ...]) -> GoalRecord:
    is_objective = row.is_objective
    serves = f"{row.serves_kind}:{row.serves_id}" if row.serves_id is not None else None
    milestones = sorted(row.milestones.all(), key=lambda item: (item.position, item.pk)) if row.measure else []
    return GoalRecord(
        id=record_id(row.external_id, row.pk),
        title=row.title,
        kind=row.kind,
        parents=parents,
        description=row.description,
        level=row.level if is_objective else "",
        visibility=row.visibility if is_objective else "",
        cycle=row.cycle.name if is_objective and row.cycle is not None else None,
        unit=row.unit.name if is_objective and row.unit is not None else None,
        owner_email=row.owner.email or None if row.owner is not None else None,
        co_owner_emails=tuple(sorted(item.person.email for item in row.co_owners.all() if item.person.email))
        if is_objective
        else (),
        theme=row.theme.title if is_objective and row.theme is not None else None,
        serves=serves if is_objective else None,
        state=row.state,
        measure=row.measure,
        metric_key=row.metric_key,
        metric_unit=row.metric_unit,
        baseline=row.baseline,
        target=row.target,
        low=row.low,
        high=row.high,
        milestones=tuple(MilestoneRecord(item.title, item.weight, item.due_on, item.done_on) for item in milestones),
        weight=row.weight,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cadence=row.cadence,
    )
