"""Check-ins in bulk: history as it was, each known one skipped, newest figures of the goals brought up to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from throughline.goals import policies
from throughline.goals.events import CheckInsImported
from throughline.goals.models import CheckIn, Goal
from throughline.goals.rules import GoalKind, Measure, Status
from throughline.goals.rules.records import BulkResult, RecordProblem
from throughline.goals.services.checkins import due_after
from throughline.goals.services.rolling import MEASURED_FIELDS, key_result_measured_by
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record

BATCH = 4900
_FIGURES = ("value", "confidence_0_1", "status", "checked_in_on", "due_on", "reminded", *MEASURED_FIELDS)
_WRITE = f"UPDATE goals_goal SET {', '.join(f'{name} = %s' for name in _FIGURES)} WHERE id = %s"  # noqa: S608


@dataclass(frozen=True, slots=True)
class BulkCheckIn:
    """One check-in of a goal by its number."""

    goal_id: int
    on: date
    value: float | None = None
    confidence_0_1: float | None = None
    status: str = ""
    note: str = ""
    by_person_id: int | None = None


def checkins_write_bulk(
    *,
    actor: Actor,
    check_ins: Iterable[BulkCheckIn],
    on_progress: Callable[[int], None] | None = None,
) -> BulkResult:
    """Write check-ins, best given sorted by goal; those known already (same goal, day and content) are skipped."""
    policies.can_import_goals(actor).require()
    problems: list[RecordProblem] = []
    written = same = 0
    for batch in _batches(check_ins):
        fresh, known = _batch_write(actor, batch, problems)
        written, same = written + fresh, same + known
        if on_progress is not None:
            on_progress(len(batch))
    return BulkResult(created=0, changed=0, unchanged=same, alignments=0, check_ins=written, problems=tuple(problems))


def _batches(rows: Iterable[BulkCheckIn]) -> Iterator[list[BulkCheckIn]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


@transaction.atomic
def _batch_write(actor: Actor, batch: Sequence[BulkCheckIn], problems: list[RecordProblem]) -> tuple[int, int]:
    ids = sorted({row.goal_id for row in batch})
    goals = {
        goal.pk: goal
        for goal in Goal.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("part_of__cycle", "cycle")
    }
    known = {
        tuple(row)
        for row in CheckIn.objects.filter(goal_id__in=ids, corrected_by=None).values_list(
            "goal_id", "on", "value", "confidence_0_1", "status", "note"
        )
    }
    moment = now()
    fresh: list[CheckIn] = []
    same = 0
    for row in batch:
        words = _problem(goals.get(row.goal_id), row)
        key = (row.goal_id, row.on, row.value, row.confidence_0_1, row.status, row.note.strip())
        if words:
            problems.append(RecordProblem(str(row.goal_id), words, is_refused=True))
        elif key in known:
            same += 1
        else:
            known.add(key)
            fresh.append(_built(actor, row, moment))
    if fresh:
        rows = CheckIn.objects.bulk_create(fresh)
        numbers = [row.pk for row in rows]
        event = CheckInsImported(first_id=min(numbers), last_id=max(numbers), count=len(numbers))
        event_record(actor, event, subject=SubjectRef(policies.GOAL, rows[0].goal_id))
        _figures_write({row.goal_id for row in rows}, goals, problems)
    return len(fresh), same


def _built(actor: Actor, row: BulkCheckIn, moment: datetime) -> CheckIn:
    return CheckIn(
        org_id=actor.org_id,
        goal_id=row.goal_id,
        value=row.value,
        confidence_0_1=row.confidence_0_1,
        status=row.status,
        note=row.note.strip(),
        on=row.on,
        by_person_id=row.by_person_id,
        created_at=moment,
    )


def _problem(goal: Goal | None, row: BulkCheckIn) -> str:
    if goal is None:
        return "The goal of this check-in is not known."
    is_measured = goal.kind == GoalKind.KEY_RESULT and goal.measure != Measure.MILESTONES
    if row.value is not None and not is_measured:
        return "Only key results measured by a value take one; its milestones or key results say how far it is."
    if row.value is not None and not abs(row.value) <= 1e15:
        return "The value is no ordinary number."
    if row.confidence_0_1 is not None and not 0 <= row.confidence_0_1 <= 1:
        return "The confidence is no chance from 0 to 1."
    if row.status and row.status not in set(Status):
        return f"The status “{row.status}” is none of: {', '.join(Status)}."
    return ""


def _figures_write(goal_ids: Collection[int], goals: dict[int, Goal], problems: list[RecordProblem]) -> None:
    """Bring the newest figures of goals up to their check-ins; two queries and one write."""
    standing = CheckIn.objects.filter(goal_id__in=goal_ids, corrected_by=None)
    rank = Window(RowNumber(), partition_by=[F("goal_id")], order_by=[F("on").desc(), F("id").desc()])
    newest = standing.annotate(rank=rank).filter(rank=1)
    for goal_id, confidence, status, on in newest.values_list("goal_id", "confidence_0_1", "status", "on"):
        goal = goals[goal_id]
        goal.confidence_0_1, goal.status, goal.checked_in_on, goal.reminded = confidence, status, on, 0
        goal.due_on = due_after(goal, goal.part_of if goal.part_of is not None else goal, day=on)
    readings = standing.filter(value__isnull=False).annotate(rank=rank).filter(rank=1)
    for goal_id, value in readings.values_list("goal_id", "value"):
        goals[goal_id].value = value
    for goal_id in goal_ids:
        goal = goals[goal_id]
        if goal.kind == GoalKind.KEY_RESULT and goal.measure != Measure.MILESTONES:
            try:
                key_result_measured_by(goal, [])
            except Invalid as error:
                problems.append(RecordProblem(str(goal_id), str(error), is_refused=False))
    with connection.cursor() as cursor:
        cursor.executemany(
            _WRITE, [[*(getattr(goals[number], name) for name in _FIGURES), number] for number in sorted(goal_ids)]
        )
