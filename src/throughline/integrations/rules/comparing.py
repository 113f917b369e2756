"""What an import would change: rows of files against what is there and what the same file said the last time.

Three-way: a field is changed only when the file says something else than at its last import. What people changed here in
the meantime stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow, ParentLink
from throughline.integrations.rules import FindingKind

FIELD_LABELS: Mapping[str, str] = {
    "title": "Title", "parent_ids": "Parents", "cycle": "Cycle", "kind": "Kind", "description": "Description",
    "unit": "Unit", "owner_email": "Owner", "co_owner_emails": "Co-owners", "theme": "Strategic theme",
    "purpose": "Purpose", "state": "State", "key_result_kind": "Measured by", "metric_unit": "Metric unit",
    "baseline": "Baseline", "target": "Target", "low": "Lower edge", "high": "Upper edge",
    "milestones": "Milestones", "weight": "Weight", "starts_on": "First day", "ends_on": "Last day",
    "supports_ids": "Supports", "level": "Level", "visibility": "Read by", "metric_key": "Metric", "cadence": "Rhythm",
}  # fmt: skip
_NUMBERS = frozenset({"baseline", "target", "low", "high", "weight"})
_LINKS = frozenset({"parent_ids", "supports_ids"})
_DAYS = frozenset({"starts_on", "ends_on"})


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """What becomes of one row: `row` is what is written, `changes` says what differs, `present` is what is there."""

    outcome: FindingKind
    row: GoalRow
    changes: tuple[str, ...] = ()
    present: GoalRow | None = None


@dataclass(slots=True)
class Plan:
    """Every row of an import with what becomes of it."""

    goals: list[GoalPlan] = field(default_factory=list)
    check_ins: list[CheckInRow] = field(default_factory=list)
    check_ins_known: int = 0

    def count(self, outcome: FindingKind) -> int:
        """How many goals have this outcome."""
        return sum(goal.outcome == outcome for goal in self.goals)

    @property
    def to_write(self) -> list[GoalRow]:
        """New and changed rows."""
        return [goal.row for goal in self.goals if goal.outcome != FindingKind.UNCHANGED]


def plan_made(
    goals: Sequence[GoalRow],
    check_ins: Sequence[CheckInRow],
    *,
    present: Mapping[str, GoalRow],
    present_check_ins: Iterable[CheckInRow],
    last_import: Mapping[str, GoalRow],
    tables: Collection[str] = (),
) -> Plan:
    """Compare rows with what is there. In rows of `tables` an empty cell states nothing."""
    plan = Plan()
    for row in goals:
        plan.goals.append(
            _goal_plan(row, present=present.get(row.id), last=last_import.get(row.id), is_table=row.id in tables)
        )
    exact: set[tuple[Any, ...]] = set()
    said: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for known in present_check_ins:
        exact.add(_exact(known))
        said[known.goal_id].add(_said(known))
    for said_row in check_ins:
        # A file that states no day of its own gets the day of its first import; repeated later it says nothing new.
        is_known = _exact(said_row) in exact or (
            said_row.goal_id in last_import
            and said_row.goal_id not in tables
            and _said(said_row) in said[said_row.goal_id]
        )
        if is_known:
            plan.check_ins_known += 1
        else:
            plan.check_ins.append(said_row)
    return plan


def _goal_plan(row: GoalRow, *, present: GoalRow | None, last: GoalRow | None, is_table: bool) -> GoalPlan:
    if present is None:
        # A part that was removed is in no export, yet its file says nothing new.
        is_known = last is not None and all(_same(getattr(row, name), getattr(last, name)) for name in FIELD_LABELS)
        if is_known:
            return GoalPlan(FindingKind.UNCHANGED, row)
        return GoalPlan(FindingKind.NEW if last is None else FindingKind.CHANGED, row)
    compared = present if last is None else last
    differing: dict[str, Any] = {}
    for name in FIELD_LABELS:
        value = getattr(row, name)
        if (last is None or is_table) and (value is None or value == ()):
            # Nothing is stated, so nothing is changed.
            continue
        if not _same(value, getattr(compared, name)):
            differing[name] = value
    differing = {name: value for name, value in differing.items() if not _same(value, getattr(present, name))}
    if not differing:
        return GoalPlan(FindingKind.UNCHANGED, present)
    changes = tuple(
        f"{FIELD_LABELS[name]}: {_words(getattr(present, name))} → {_words(value)}" for name, value in differing.items()
    )
    return GoalPlan(FindingKind.CHANGED, replace(present, **differing), changes, present)


def _same(left: Any, right: Any) -> bool:
    return (
        (left or None) == (right or None)
        if isinstance(left, str | None) and isinstance(right, str | None)
        else left == right
    )


def _words(value: Any) -> str:
    if value is None or value == "" or value == ():
        return "empty"
    if isinstance(value, tuple):
        value = ", ".join(item.goal_id if isinstance(item, ParentLink) else str(item) for item in value)
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _exact(row: CheckInRow) -> tuple[Any, ...]:
    return (row.goal_id, row.on, row.value, row.confidence, row.status or "", (row.note or "").strip())


def _said(row: CheckInRow) -> tuple[Any, ...]:
    return (row.value, (row.note or "").strip())


def row_as_json(row: GoalRow) -> dict[str, Any]:
    """A row as plain data, without what is empty."""
    found: dict[str, Any] = {}
    for item in fields(row):
        value = getattr(row, item.name)
        if value is None or value == ():
            continue
        if isinstance(value, Decimal):
            value = f"{value:f}"
        elif isinstance(value, date):
            value = value.isoformat()
        elif item.name in _LINKS:
            value = [[link.goal_id, None if link.weight is None else f"{link.weight:f}"] for link in value]
        elif isinstance(value, tuple):
            value = list(value)
        found[item.name] = value
    return found


def row_of_json(data: Mapping[str, Any]) -> GoalRow:
    """What `row_as_json` wrote."""
    values: dict[str, Any] = dict(data)
    for name, value in data.items():
        if name in _NUMBERS:
            values[name] = Decimal(value)
        elif name in _DAYS:
            values[name] = date.fromisoformat(value)
        elif name in _LINKS:
            values[name] = tuple(
                ParentLink(number, None if weight is None else Decimal(weight)) for number, weight in value
            )
        elif name == "co_owner_emails":
            values[name] = tuple(value)
    return GoalRow(**values)
