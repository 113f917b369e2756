"""Check-ins: a reading with its confidence, carried to everything above in the same transaction."""

from __future__ import annotations

import math
from datetime import date

from django.db import transaction

from throughline.goals import policies
from throughline.goals.events import CheckInCorrected, CheckInSubmitted
from throughline.goals.models import CheckIn, Goal
from throughline.goals.rules import CHECKIN_STATES, GoalKind, GoalState, Measure, Status, next_due_on
from throughline.goals.services.rolling import MEASURED_FIELDS, key_result_measured, roll_up_above
from throughline.goals.services.versions import goal_ref
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.services import event_record

NOTE_LENGTH = 4000


@transaction.atomic
def checkin_submit(
    *,
    actor: Actor,
    goal: Goal,
    value: float | None,
    confidence_0_1: float | None,
    status: str,
    note: str = "",
    on: date | None = None,
) -> CheckIn:
    """Take a reading of a key result, or say how confident one is of a goal that is not measured by a value."""
    row, objective = _locked(goal)
    policies.can_check_in(actor, row).require()
    if objective.state not in CHECKIN_STATES or row.state in (GoalState.DROPPED, GoalState.CLOSED):
        raise Conflict("Check-ins are taken once a goal is signed and until it is closed or dropped.")
    day = on if on is not None else today(actor.time_zone)
    _check(row, value=value, confidence_0_1=confidence_0_1, status=status, note=note)
    if day > today(actor.time_zone):
        raise Invalid({"on": "A check-in says how things are; choose today or an earlier day."})
    checkin = _save(actor, row, value=value, confidence_0_1=confidence_0_1, status=status, note=note, on=day)
    _carry(actor, row, objective)
    event_record(
        actor,
        CheckInSubmitted(
            checkin_id=checkin.pk,
            on=day,
            value=value,
            confidence_0_1=confidence_0_1,
            status=Status(status) if status else None,
        ),
        subject=goal_ref(row),
        context=goal_ref(objective),
    )
    return checkin


@transaction.atomic
def checkin_correct(
    *,
    actor: Actor,
    checkin: CheckIn,
    value: float | None,
    confidence_0_1: float | None,
    status: str,
    note: str = "",
) -> CheckIn:
    """Replace a check-in by a corrected one of the same day; the first stays in the history."""
    row, objective = _locked(checkin.goal)
    policies.can_check_in(actor, row).require()
    old = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if old.corrected_by_id is not None:
        raise Conflict("This check-in was corrected already; correct the newer one.")
    if objective.state in (GoalState.CLOSED, GoalState.DROPPED):
        raise Conflict(f"This goal is {objective.state}; reopen it before you correct its check-ins.")
    _check(row, value=value, confidence_0_1=confidence_0_1, status=status, note=note)
    new = _save(actor, row, value=value, confidence_0_1=confidence_0_1, status=status, note=note, on=old.on)
    old.corrected_by = new
    old.save(update_fields=["corrected_by"])
    _carry(actor, row, objective)
    event_record(
        actor,
        CheckInCorrected(checkin_id=new.pk, corrected_id=old.pk),
        subject=goal_ref(row),
        context=goal_ref(objective),
    )
    return new


def _locked(goal: Goal) -> tuple[Goal, Goal]:
    """The goal and its objective, locked together in one query; the objective is the goal itself if it has none."""
    ids = {goal.pk, goal.objective_id}
    rows = {row.pk: row for row in Goal.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if rows.keys() != ids:
        raise NotFound
    row, objective = rows[goal.pk], rows[goal.objective_id]
    if row.part_of_id is not None:
        row.part_of = objective
    return row, objective


def _check(goal: Goal, *, value: float | None, confidence_0_1: float | None, status: str, note: str) -> None:
    problems: dict[str, str] = {}
    is_measured = goal.kind == GoalKind.KEY_RESULT and goal.measure != Measure.MILESTONES
    if is_measured and value is None:
        problems["value"] = "Give the value as it is now."
    elif value is not None and not is_measured:
        problems["value"] = "This is not measured by a value; its number follows from its milestones or key results."
    elif value is not None and not (math.isfinite(value) and abs(value) <= 1e15):
        problems["value"] = "Give an ordinary number."
    if confidence_0_1 is not None and not 0 <= confidence_0_1 <= 1:
        problems["confidence_0_1"] = "Confidence is a chance from 0 to 100 per cent."
    if status and status not in set(Status):
        problems["status"] = "Choose on track, at risk or off track."
    if len(note) > NOTE_LENGTH:
        problems["note"] = f"Keep the note below {NOTE_LENGTH} characters."
    if not problems and value is None and confidence_0_1 is None and not status and not note.strip():
        problems[""] = "Say something: a status, a confidence or a note."
    if problems:
        raise Invalid(problems)


def _save(
    actor: Actor,
    goal: Goal,
    *,
    value: float | None,
    confidence_0_1: float | None,
    status: str,
    note: str,
    on: date,
) -> CheckIn:
    return CheckIn.objects.create(
        org_id=actor.org_id,
        goal=goal,
        value=value,
        confidence_0_1=confidence_0_1,
        status=status,
        note=note.strip(),
        on=on,
        by_person_id=actor.person_id,
        created_at=now(),
    )


def _carry(actor: Actor, goal: Goal, objective: Goal) -> None:
    """Bring a goal's newest figures and next due date up to its check-ins, and the roll-up above it."""
    newest = list(
        CheckIn.objects.filter(goal_id=goal.pk, corrected_by=None)
        .order_by("-on", "-id")
        .values("value", "confidence_0_1", "status", "on")[:20]
    )
    latest = newest[0]
    goal.confidence_0_1, goal.status, goal.checked_in_on = latest["confidence_0_1"], latest["status"], latest["on"]
    goal.value = next((item["value"] for item in newest if item["value"] is not None), goal.value)
    goal.due_on = due_after(goal, objective, day=latest["on"])
    goal.reminded = 0
    fields = ["confidence_0_1", "status", "checked_in_on", "value", "due_on", "reminded"]
    if goal.kind == GoalKind.KEY_RESULT:
        key_result_measured(goal)
        fields += MEASURED_FIELDS
    goal.save(update_fields=fields)
    if goal.kind == GoalKind.KEY_RESULT:
        roll_up_above(actor, [objective.pk])


def due_after(goal: Goal, objective: Goal, *, day: date) -> date | None:
    """When the next check-in of a key result is due after a day; None where none is expected."""
    if goal.kind != GoalKind.KEY_RESULT or objective.state != GoalState.ACTIVE:
        return None
    if goal.state in (GoalState.DROPPED, GoalState.CLOSED):
        return None
    cycle = objective.cycle
    cadence = goal.cadence or objective.cadence or (cycle.cadence if cycle is not None else "") or "monthly"
    ends_on = goal.ends_on or objective.ends_on or (cycle.ends_on if cycle is not None else None)
    return next_due_on(day, cadence, ends_on=ends_on)
