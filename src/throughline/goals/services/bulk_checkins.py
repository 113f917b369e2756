"""Check-ins in bulk: history as it was, each known one skipped, newest figures of the goals brought up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import attrgetter

from django.db import connection, transaction

from throughline.goals import policies
from throughline.goals.analysis.readings import readings_of
from throughline.goals.events import CheckInsImported
from throughline.goals.models import CheckIn, Goal
from throughline.goals.rules import GoalKind, Measure, Status
from throughline.goals.rules.records import BulkResult, RecordProblem
from throughline.goals.services.checkins import due_after
from throughline.goals.services.rolling import MEASURED_FIELDS, reading_set
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, rows_insert, statistics_refresh

BATCH = 4900
_FIGURES = ("value", "confidence_0_1", "status", "checked_in_on", "due_on", "reminded", *MEASURED_FIELDS)
_figures = attrgetter(*_FIGURES)
_STATUSES = frozenset(Status)
_WRITE = f"UPDATE goals_goal SET {', '.join(f'{name} = %s' for name in _FIGURES)} WHERE id = %s"  # noqa: S608 - columns of ours

# Goal, day, value, confidence, status, note: two check-ins that agree in all of these are the same one.
_Key = tuple[int, date, float | None, float | None, str, str]


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
        if not written:
            # Early, because every further batch looks for what is there already.
            statistics_refresh(rows_written=fresh * 2)
        written, same = written + fresh, same + known
        if on_progress is not None:
            on_progress(len(batch))
    statistics_refresh(rows_written=written)
    return BulkResult(created=0, changed=0, unchanged=same, alignments=0, check_ins=written, problems=tuple(problems))


def _batches(rows: Iterable[BulkCheckIn]) -> Iterator[list[BulkCheckIn]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


@dataclass(slots=True)
class _Newest:
    """The figures of a goal's latest check-in, and the latest value among its check-ins."""

    on: date
    confidence_0_1: float | None
    status: str
    value: float | None = None
    value_on: date = date.min

    def follow(self, on: date, value: float | None, confidence_0_1: float | None, status: str) -> None:
        """Take over a check-in written later, unless it is of an earlier day."""
        if on >= self.on:
            self.on, self.confidence_0_1, self.status = on, confidence_0_1, status
        if value is not None and on >= self.value_on:
            self.value, self.value_on = value, on


@transaction.atomic
def _batch_write(actor: Actor, batch: Sequence[BulkCheckIn], problems: list[RecordProblem]) -> tuple[int, int]:
    ids = sorted({row.goal_id for row in batch})
    goals = {
        goal.pk: goal
        for goal in Goal.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("part_of__cycle", "cycle")
    }
    newest: dict[int, _Newest] = {}
    # A goal nobody has checked in on has no history to compare with; most of a first import are such.
    standing = _standing([number for number, goal in goals.items() if goal.checked_in_on is not None])
    known = set(standing)
    for goal_id, on, value, confidence, status, _ in standing:
        newest.setdefault(goal_id, _Newest(on, confidence, status)).follow(on, value, confidence, status)
    fresh: list[_Key] = []
    by_person: list[int | None] = []
    same = 0
    for row in batch:
        words = _problem(goals.get(row.goal_id), row)
        if words:
            problems.append(RecordProblem(str(row.goal_id), words, is_refused=True))
            continue
        key = (row.goal_id, row.on, row.value, row.confidence_0_1, row.status, row.note.strip())
        if key in known:
            same += 1
            continue
        known.add(key)
        fresh.append(key)
        by_person.append(row.by_person_id)
        latest = newest.get(row.goal_id)
        if latest is None:
            latest = newest[row.goal_id] = _Newest(row.on, row.confidence_0_1, row.status)
        latest.follow(row.on, row.value, row.confidence_0_1, row.status)
    if fresh:
        _write(actor, fresh, by_person)
        touched = {key[0] for key in fresh}
        _figures_write({number: newest[number] for number in sorted(touched)}, goals, problems)
    return len(fresh), same


def _standing(goal_ids: Sequence[int]) -> list[_Key]:
    """Check-ins of these goals that stand, in the order of writing."""
    rows = CheckIn.objects.filter(goal_id__in=goal_ids, corrected_by=None).order_by("id")
    return list(rows.values_list("goal_id", "on", "value", "confidence_0_1", "status", "note"))


def _write(actor: Actor, fresh: Sequence[_Key], by_person: Sequence[int | None]) -> None:
    moment = now()
    columns = ("goal_id", "on", "value", "confidence_0_1", "status", "note", "by_person_id", "created_at")
    rows = [(*key, person_id, moment) for key, person_id in zip(fresh, by_person, strict=True)]
    numbers = rows_insert(actor, CheckIn, columns=columns, rows=rows)
    event = CheckInsImported(first_id=min(numbers), last_id=max(numbers), count=len(numbers))
    event_record(actor, event, subject=SubjectRef(policies.GOAL, fresh[0][0]))


def _problem(goal: Goal | None, row: BulkCheckIn) -> str:
    if goal is None:
        return "The goal of this check-in is not known."
    if row.value is not None and not (goal.kind == GoalKind.KEY_RESULT and goal.measure != Measure.MILESTONES):
        return "Only key results measured by a value take one; its milestones or key results say how far it is."
    if row.value is not None and not abs(row.value) <= 1e15:
        return "The value is no ordinary number."
    if row.confidence_0_1 is not None and not 0 <= row.confidence_0_1 <= 1:
        return "The confidence is no chance from 0 to 1."
    if row.status and row.status not in _STATUSES:
        return f"The status “{row.status}” is none of: {', '.join(Status)}."
    return ""


def _figures_write(newest: Mapping[int, _Newest], goals: dict[int, Goal], problems: list[RecordProblem]) -> None:
    """Bring the newest figures of goals up to their check-ins; one write."""
    measured = []
    for goal_id, latest in newest.items():
        goal = goals[goal_id]
        goal.confidence_0_1, goal.status, goal.checked_in_on = latest.confidence_0_1, latest.status, latest.on
        goal.reminded = 0
        goal.due_on = due_after(goal, goal.part_of if goal.part_of is not None else goal, day=latest.on)
        if latest.value is not None:
            goal.value = latest.value
        if goal.kind == GoalKind.KEY_RESULT and goal.measure != Measure.MILESTONES:
            measured.append(goal)
    for goal, reading in zip(measured, readings_of(measured), strict=True):
        if isinstance(reading, Invalid):
            problems.append(RecordProblem(str(goal.pk), str(reading), is_refused=False))
        else:
            reading_set(goal, reading)
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, [(*_figures(goals[number]), number) for number in newest])
