"""Writing a prepared import through the goals app, in batches that commit one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from django.db import transaction

from throughline.goals.rules.records import CheckInRecord, RecordProblem
from throughline.goals.selectors import cycle_for_edit, goal_visible
from throughline.goals.services import (
    BulkCheckIn,
    BulkGoal,
    checkins_write_bulk,
    cycle_create,
    cycle_start,
    goal_close,
    goal_reopen,
    goals_write_bulk,
    initiative_done,
    roll_up_everything,
)
from throughline.goals.services.bulk import ids_known
from throughline.integrations.models import ImportedGoal
from throughline.integrations.okr_formats.tabular.goal_table import GoalRow
from throughline.integrations.rules import FindingKind
from throughline.integrations.rules.comparing import GoalPlan, row_as_json
from throughline.integrations.rules.mapping import CycleChoice
from throughline.integrations.rules.records import checkin_of_row
from throughline.integrations.rules.results import FoundLine
from throughline.integrations.selectors.matching import person_ids_by_email
from throughline.integrations.services.preparing import Prepared
from throughline.integrations.services.resolving import rows_resolved, with_people
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.clock import today
from throughline.kernel.errors import ThroughlineError

Progress = Callable[[int, int], None]
REASON = "Changed by an import."
BATCH = 1000


@dataclass(slots=True)
class WriteRefusals:
    """What the goals app did not take, and what it left out of what it took."""

    new: int = 0
    changed: int = 0
    check_ins: int = 0
    lines: list[FoundLine] = field(default_factory=list)
    notes: list[FoundLine] = field(default_factory=list)


def prepared_write(actor: Actor, plan: Prepared, *, progress: Progress | None = None) -> WriteRefusals:
    """Write everything that is new or changed; what was refused comes back with its place in the files."""
    told = _Told(plan)
    total = len(plan.plan.to_write) + len(plan.plan.check_ins)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done = min(done + count, total)
        if progress is not None:
            progress(done, total)

    if progress is not None:
        progress(0, total)
    for cycle in plan.cycles:
        _cycle_create(actor, cycle)
    if plan.plan.to_write:
        _goals_write(actor, plan, told, step)
    if plan.plan.check_ins:
        _check_ins_write(actor, plan, told, step)
    if total:
        roll_up_everything(actor=actor)
    _remember(actor, plan, told)
    if progress is not None:
        progress(total, total)
    return told.refusals


class _Told:
    """Collects refusals with their places."""

    def __init__(self, plan: Prepared) -> None:
        self.plan = plan
        self.outcomes = {goal.row.id: goal.outcome for goal in plan.plan.goals}
        self.titles = {goal.row.id: goal.row.title for goal in plan.plan.goals}
        self.refusals = WriteRefusals()
        self.refused_ids: set[str] = set()

    def refuse(self, goal_id: str, reason: str) -> None:
        if goal_id not in self.refused_ids:
            self.refused_ids.add(goal_id)
            self.refusals.new += self.outcomes.get(goal_id) == FindingKind.NEW
            self.refusals.changed += self.outcomes.get(goal_id) == FindingKind.CHANGED
        self.refusals.lines.append(self._line(goal_id, reason))

    def note(self, goal_id: str, reason: str) -> None:
        self.refusals.notes.append(self._line(goal_id, reason))

    def problems(self, problems: Iterable[RecordProblem]) -> None:
        for problem in problems:
            (self.refuse if problem.is_refused else self.note)(problem.id, problem.reason)

    def check_in(self, goal_id: str, reason: str) -> None:
        self.refusals.check_ins += 1
        self.refusals.lines.append(self._line(goal_id, f"Check-in: {reason}"))

    def _line(self, goal_id: str, reason: str) -> FoundLine:
        place = self.plan.places.get(goal_id)
        title = self.titles.get(goal_id, goal_id)
        return (
            FoundLine(place.file, place.line, title, reason) if place is not None else FoundLine("", 0, title, reason)
        )


def _cycle_create(actor: Actor, choice: CycleChoice) -> None:
    """A cycle that has begun already runs from the start."""
    if choice.starts_on is None or choice.ends_on is None:
        return
    with transaction.atomic():
        cycle = cycle_create(actor=actor, name=choice.name, starts_on=choice.starts_on, ends_on=choice.ends_on)
        if choice.starts_on <= today(actor.time_zone):
            cycle_start(actor=actor, cycle=cycle_for_edit(actor, cycle.pk))


def _goals_write(actor: Actor, plan: Prepared, told: _Told, step: Callable[[int], None]) -> None:
    written = [goal for goal in plan.plan.goals if goal.outcome != FindingKind.UNCHANGED]
    rows = _with_those_above(plan.plan.goals, written)
    new_ids = frozenset(goal.row.id for goal in written if goal.outcome == FindingKind.NEW)
    resolved = rows_resolved(actor, rows, new_ids=new_ids, over_on=today(actor.time_zone))
    for goal_id, reason in resolved.refused:
        told.refuse(goal_id, reason)
    for goal_id, reason in resolved.notes:
        if told.outcomes.get(goal_id) != FindingKind.UNCHANGED:
            told.note(goal_id, reason)
    changed = [goal for goal in written if goal.outcome == FindingKind.CHANGED]
    reopened = _closed_reopen(actor, changed)
    try:
        result = goals_write_bulk(actor=actor, goals=_as_they_stand(resolved.goals, reopened), on_progress=step)
    finally:
        _close_again(actor, reopened)
    told.problems(result.problems)
    for goal in changed:
        _rest_of_change(actor, goal, ids=result.ids, told=told)


def _with_those_above(goals: Sequence[GoalPlan], written: Sequence[GoalPlan]) -> list[GoalRow]:
    """The rows to write, and unchanged ones they are part of or aligned to: the writer knows goals by its rows."""
    wanted = {link.goal_id for goal in written for link in (*goal.row.parent_ids, *goal.row.supports_ids)}
    ids = {goal.row.id for goal in written}
    return [goal.row for goal in goals if goal.row.id in ids or goal.row.id in wanted]


def _closed_reopen(actor: Actor, changed: Sequence[GoalPlan]) -> dict[str, tuple[int, float | None, str]]:
    """Objectives that are closed and whose file changed: opened for the change, with what they are closed with again."""
    ids = {goal.row.id if (goal.row.kind or "") == "objective" else _first(goal.row) for goal in changed}
    numbers = ids_known(actor, sorted(ids - {""}))
    system = system_actor(actor.org_id, actor.org_slug)
    found: dict[str, tuple[int, float | None, str]] = {}
    for goal_id, number in numbers.items():
        goal = goal_visible(system, number)
        if goal.state == "closed":
            found[goal_id] = (number, goal.score_0_1, goal.retrospective)
            goal_reopen(actor=system, goal=goal, reason=REASON)
    return found


def _as_they_stand(goals: Sequence[BulkGoal], reopened: Mapping[str, object]) -> list[BulkGoal]:
    """A goal that is open for the change only is no change of state."""
    return [replace(goal, state="active") if goal.external_id in reopened else goal for goal in goals]


def _close_again(actor: Actor, reopened: Mapping[str, tuple[int, float | None, str]]) -> None:
    system = system_actor(actor.org_id, actor.org_slug)
    for number, score, retrospective in reopened.values():
        goal = goal_visible(system, number)
        if goal.state == "active":
            goal_close(actor=system, goal=goal, score_0_1=score, retrospective=retrospective, reason=REASON)


def _rest_of_change(actor: Actor, goal: GoalPlan, *, ids: Mapping[str, int], told: _Told) -> None:
    """What a bulk change leaves to the goal's own page, done where it is plain and else named."""
    before = goal.present
    if before is None or goal.row.id in told.refused_ids:
        return
    is_part = (goal.row.kind or "") != "objective"
    if is_part and goal.row.state != before.state:
        system = system_actor(actor.org_id, actor.org_slug)
        if goal.row.kind == "initiative" and goal.row.state in ("closed", "active"):
            with suppress(ThroughlineError):
                initiative_done(
                    actor=system, initiative=goal_visible(system, ids[goal.row.id]), is_done=goal.row.state == "closed"
                )
                return
        told.note(
            goal.row.id, f"The file now says {goal.row.state}; change the state on the goal's page if that is so."
        )
    gone = {link.goal_id for link in before.parent_ids} - {link.goal_id for link in goal.row.parent_ids}
    if gone:
        words = "moved to another goal" if is_part else "no longer under " + ", ".join(sorted(gone))
        told.note(
            goal.row.id, f"In the file it is {words}; the connection here stays until somebody ends it on its page."
        )


def _check_ins_write(actor: Actor, plan: Prepared, told: _Told, step: Callable[[int], None]) -> None:
    records = [checkin_of_row(row) for row in plan.plan.check_ins]
    ids = ids_known(actor, [record.goal_id for record in records])
    people = person_ids_by_email(actor, {record.by_email for record in records if record.by_email})
    rows: list[BulkCheckIn] = []
    names: dict[int, str] = {}
    for record, person_id in sorted(with_people(records, people), key=lambda pair: ids.get(pair[0].goal_id, 0)):
        number = ids.get(record.goal_id)
        if number is None:
            told.check_in(record.goal_id, "Its goal is not here, or was not taken.")
            continue
        names[number] = record.goal_id
        rows.append(_check_in(record, number, person_id))
    result = checkins_write_bulk(actor=actor, check_ins=rows, on_progress=step)
    for problem in result.problems:
        goal_id = names.get(int(problem.id), problem.id) if problem.id.isdecimal() else problem.id
        if problem.is_refused:
            told.check_in(goal_id, problem.reason)
        else:
            told.note(goal_id, problem.reason)


def _check_in(record: CheckInRecord, number: int, person_id: int | None) -> BulkCheckIn:
    return BulkCheckIn(
        goal_id=number,
        on=record.on,
        value=record.value,
        confidence_0_1=record.confidence_0_1,
        status=record.status,
        note=record.note,
        by_person_id=person_id,
    )


def _first(row: GoalRow) -> str:
    return row.parent_ids[0].goal_id if row.parent_ids else ""


def _remember(actor: Actor, plan: Prepared, told: _Told) -> None:
    """Keep what the files said, except of goals that were refused: those are tried again the next time."""
    rows = [
        ImportedGoal(org_id=actor.org_id, external_id=goal_id, content=row_as_json(row))
        for goal_id, row in plan.stated.items()
        if goal_id not in told.refused_ids
    ]
    for start in range(0, len(rows), BATCH):
        ImportedGoal.objects.bulk_create(
            rows[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["org", "external_id"],
            update_fields=["content"],
        )
