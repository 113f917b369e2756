"""State tables, due dates and what a change means for signatures: pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum


class GoalKind(StrEnum):
    """An objective, or one of its parts."""

    OBJECTIVE = "objective"
    KEY_RESULT = "key_result"
    INITIATIVE = "initiative"


class GoalLevel(StrEnum):
    """Whose goal it is."""

    ORGANISATION = "organisation"
    UNIT = "unit"
    PERSON = "person"


class Visibility(StrEnum):
    """Who in the organisation may read a goal: everybody, or its owner, unit and leaders."""

    OPEN = "open"
    TEAM = "team"


class Measure(StrEnum):
    """The four kinds of key result."""

    INCREASE_TO = "increase_to"
    DECREASE_TO = "decrease_to"
    KEEP_WITHIN = "keep_within"
    MILESTONES = "milestones"


class GoalState(StrEnum):
    """Where a goal stands between a first thought and its end."""

    CANDIDATE = "candidate"
    PROPOSED = "proposed"
    SIGNED_OFF = "signed_off"
    ACTIVE = "active"
    CLOSED = "closed"
    DROPPED = "dropped"


STATE_LABELS: Mapping[GoalState, str] = {
    GoalState.CANDIDATE: "Candidate",
    GoalState.PROPOSED: "Proposed",
    GoalState.SIGNED_OFF: "Signed off",
    GoalState.ACTIVE: "Active",
    GoalState.CLOSED: "Closed",
    GoalState.DROPPED: "Dropped",
}

# What may follow what. Reopening a closed goal makes it active again; reopening a dropped one makes it a candidate.
NEXT_STATES: Mapping[GoalState, frozenset[GoalState]] = {
    GoalState.CANDIDATE: frozenset({GoalState.PROPOSED, GoalState.DROPPED}),
    GoalState.PROPOSED: frozenset({GoalState.CANDIDATE, GoalState.SIGNED_OFF, GoalState.DROPPED}),
    GoalState.SIGNED_OFF: frozenset({GoalState.PROPOSED, GoalState.ACTIVE, GoalState.DROPPED}),
    GoalState.ACTIVE: frozenset({GoalState.CLOSED, GoalState.DROPPED}),
    GoalState.CLOSED: frozenset({GoalState.ACTIVE}),
    GoalState.DROPPED: frozenset({GoalState.CANDIDATE}),
}
# Only these count for the goals above; the others are left out and shown struck through.
COUNTING_STATES = frozenset({GoalState.SIGNED_OFF, GoalState.ACTIVE, GoalState.CLOSED})
OPEN_STATES = frozenset({GoalState.CANDIDATE, GoalState.PROPOSED, GoalState.SIGNED_OFF, GoalState.ACTIVE})
# Parts can be changed and check-ins taken; what is closed or dropped is reopened first.
EDITABLE_STATES = OPEN_STATES
CHECKIN_STATES = frozenset({GoalState.SIGNED_OFF, GoalState.ACTIVE})
# Steps that somebody must give a reason for.
REASON_NEEDED = frozenset(
    {
        (GoalState.PROPOSED, GoalState.CANDIDATE),
        (GoalState.ACTIVE, GoalState.CLOSED),
        (GoalState.CLOSED, GoalState.ACTIVE),
        (GoalState.DROPPED, GoalState.CANDIDATE),
        *((state, GoalState.DROPPED) for state in OPEN_STATES),
    }
)


def may_follow(state: str, following: str) -> bool:
    """Whether a goal in one state may go straight to another."""
    return GoalState(following) in NEXT_STATES[GoalState(state)]


def needs_reason(state: str, following: str) -> bool:
    """Whether that step needs a reason in words."""
    return (GoalState(state), GoalState(following)) in REASON_NEEDED


def counts_upwards(kind: str, state: str) -> bool:
    """Whether a goal counts for what is above it. A part counts for its own objective unless it was removed."""
    if kind == GoalKind.OBJECTIVE:
        return state in COUNTING_STATES
    return state != GoalState.DROPPED and kind == GoalKind.KEY_RESULT


class CycleState(StrEnum):
    """A cycle is planned, runs, and is closed; a closed one stays closed."""

    PLANNING = "planning"
    RUNNING = "running"
    CLOSED = "closed"


CYCLE_STEPS: tuple[tuple[str, str], ...] = (
    ("Stakeholders", "Name who has a stake in these goals, inside and outside."),
    ("Input", "Gather what they see, and turn it into themes and candidate goals."),
    ("Alignment and priority", "Connect goals to those above and to the purpose; choose what matters most."),
    ("Engagement and sign-off", "Have the right people sign the exact text, and settle objections."),
    ("Monitor and adjust", "Check in, talk about what changes, and close with what was learned."),
)


class DependencyState(StrEnum):
    """How far somebody else's promise is."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    AT_RISK = "at_risk"
    DELIVERED = "delivered"


NEXT_DEPENDENCY_STATES: Mapping[DependencyState, frozenset[DependencyState]] = {
    DependencyState.REQUESTED: frozenset({DependencyState.ACCEPTED, DependencyState.DECLINED}),
    DependencyState.ACCEPTED: frozenset({DependencyState.AT_RISK, DependencyState.DELIVERED, DependencyState.DECLINED}),
    DependencyState.AT_RISK: frozenset({DependencyState.ACCEPTED, DependencyState.DELIVERED, DependencyState.DECLINED}),
    DependencyState.DECLINED: frozenset({DependencyState.ACCEPTED}),
    DependencyState.DELIVERED: frozenset(),
}


class Status(StrEnum):
    """How a check-in sees its goal."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


STATUS_LABELS: Mapping[Status, str] = {
    Status.ON_TRACK: "On track",
    Status.AT_RISK: "At risk",
    Status.OFF_TRACK: "Off track",
}


def status_label(status: str) -> str:
    """The words of a stored status; "" where none was stated."""
    return STATUS_LABELS[Status(status)] if status else ""


CADENCE_DAYS: Mapping[str, int] = {"weekly": 7, "fortnightly": 14, "monthly": 30}
CADENCE_LABELS: Mapping[str, str] = {"weekly": "Weekly", "fortnightly": "Every two weeks", "monthly": "Monthly"}


def next_due_on(after: date, cadence: str, *, ends_on: date | None = None) -> date:
    """The day the next check-in is due; the last one falls on the last day, not beyond it."""
    due = after + timedelta(days=CADENCE_DAYS[cadence])
    return min(due, ends_on) if ends_on is not None and ends_on > after else due


class ReminderStage(IntEnum):
    """What has been said about a due check-in: to the owner when due and 3 days late, to the lead 7 days late."""

    NONE = 0
    DUE = 1
    LATE = 2
    LEAD_TOLD = 3


STAGE_AFTER_DAYS: Mapping[ReminderStage, int] = {
    ReminderStage.DUE: 0,
    ReminderStage.LATE: 3,
    ReminderStage.LEAD_TOLD: 7,
}


def reminder_stage(due_on: date, day: date) -> ReminderStage:
    """The furthest stage that has been reached on `day`."""
    late_days = (day - due_on).days
    reached = [stage for stage, after in STAGE_AFTER_DAYS.items() if late_days >= after]
    return max(reached, default=ReminderStage.NONE)


@dataclass(frozen=True, slots=True)
class DueState:
    """How urgent a due date is: `state` good, warn, bad or wait, with words."""

    state: str
    label: str
    late_days: int


def due_state(due_on: date, day: date) -> DueState:
    """Not due, due today, late, or very late (so late that the lead is told)."""
    late = (day - due_on).days
    if late < 0:
        return DueState("wait", "due tomorrow" if late == -1 else f"due in {-late} days", late)
    if late == 0:
        return DueState("warn", "due today", 0)
    words = "1 day late" if late == 1 else f"{late} days late"
    return DueState("bad" if late >= STAGE_AFTER_DAYS[ReminderStage.LATE] else "warn", words, late)


def term_problems(
    *,
    measure: str,
    baseline: float | None,
    target: float | None,
    low: float | None,
    high: float | None,
) -> dict[str, str]:
    """What is wrong with the terms of a key result, per field; empty when they make sense together."""
    if measure not in set(Measure):
        return {"measure": "Choose how it is measured: increase to, decrease to, keep within or milestones."}
    if measure == Measure.MILESTONES:
        return {}
    problems: dict[str, str] = {}
    if measure == Measure.KEEP_WITHIN:
        if low is None:
            problems["low"] = "Give the lower edge of the range."
        if high is None:
            problems["high"] = "Give the upper edge of the range."
        if low is not None and high is not None and not low < high:
            problems["high"] = "The upper edge must be above the lower one."
        return problems
    if baseline is None:
        problems["baseline"] = "Give the value it starts from."
    if target is None:
        problems["target"] = "Give the value to reach."
    if baseline is None or target is None:
        return problems
    if measure == Measure.INCREASE_TO and not target > baseline:
        problems["target"] = "To increase, the target must be above the baseline; or choose “decrease to”."
    if measure == Measure.DECREASE_TO and not target < baseline:
        problems["target"] = "To decrease, the target must be below the baseline; or choose “increase to”."
    return problems


def weight_problem(weight: float) -> str:
    """Why a weight cannot be taken, or ""."""
    if weight == 0 or 1e-9 <= weight <= 1e9:
        return ""
    return "A weight is 0 (aligned, but not counted) or a positive number; 1 is usual."
