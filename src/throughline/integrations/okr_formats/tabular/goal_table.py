"""The plain content of a goal file of ours: goals with their parents, and check-ins.

The same in every format.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class UnwritableTable(ValueError):
    """A table holds something no file of the chosen format can hold. The message says what and where."""


@dataclass(frozen=True, slots=True)
class ParentLink:
    """A goal this one contributes to; the weight is missing when none was stated."""

    goal_id: str
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal. A missing text is None; an empty one is the empty string, and stays so through every
    format.
    """

    id: str
    title: str
    parent_ids: tuple[ParentLink, ...] = ()
    cycle: str | None = None
    kind: str | None = None
    description: str | None = None
    unit: str | None = None
    owner_email: str | None = None
    co_owner_emails: tuple[str, ...] = ()
    theme: str | None = None
    purpose: str | None = None
    state: str | None = None
    key_result_kind: str | None = None
    metric_unit: str | None = None
    direction: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    milestones: str | None = None
    weight: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    supports_ids: tuple[ParentLink, ...] = ()
    level: str | None = None
    visibility: str | None = None
    metric_key: str | None = None
    cadence: str | None = None


@dataclass(frozen=True, slots=True)
class CheckInRow:
    goal_id: str
    on: date
    value: Decimal | None = None
    confidence: Decimal | None = None
    status: str | None = None
    note: str | None = None
    by_email: str | None = None


@dataclass(frozen=True, slots=True)
class GoalTable:
    goals: tuple[GoalRow, ...] = ()
    check_ins: tuple[CheckInRow, ...] = ()
