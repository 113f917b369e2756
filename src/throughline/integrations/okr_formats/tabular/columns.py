"""The columns of our plain table, and how the cells of a row become a goal or a check-in."""

from collections.abc import Callable
from typing import Any

from throughline.integrations.okr_formats.tabular.cells import (
    BadCell,
    read_choice,
    read_date,
    read_email,
    read_emails,
    read_id,
    read_number,
    read_parents,
    read_text,
)
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow
from throughline.integrations.okr_formats.tabular.sheets import RawRow

GOAL_COLUMNS = (
    "id", "parent_ids", "cycle", "kind", "title", "description", "unit", "owner_email", "co_owner_emails",
    "theme", "purpose", "state", "key_result_kind", "metric_unit", "direction", "baseline",
    "target", "low", "high",
    "milestones", "weight", "starts_on", "ends_on", "supports_ids", "level", "visibility", "metric_key",
    "cadence",
)  # fmt: skip
CHECK_IN_COLUMNS = ("goal_id", "on", "value", "confidence", "status", "note", "by_email")
KINDS = ("objective", "key_result", "initiative")
KEY_RESULT_KINDS = ("increase_to", "decrease_to", "keep_within", "milestones")
LEVELS = ("organisation", "unit", "person")
VISIBILITIES = ("open", "team")
CADENCES = ("weekly", "fortnightly", "monthly")
CHOICES = {
    "kind": KINDS,
    "key_result_kind": KEY_RESULT_KINDS,
    "level": LEVELS,
    "visibility": VISIBILITIES,
    "cadence": CADENCES,
}
NUMBERS = ("baseline", "target", "low", "high", "weight", "value", "confidence")
DATES = ("starts_on", "ends_on", "on")
TEXTS = (
    "cycle", "title", "description", "unit", "theme", "purpose", "state", "metric_unit", "direction",
    "milestones", "status", "note", "metric_key",
)  # fmt: skip


def goal_of_row(row: RawRow) -> tuple[GoalRow | None, tuple[str, ...]]:
    """The goal of a row, or every reason why it is none."""
    values, problems = _values(row, GOAL_COLUMNS)
    if not (values.get("title") or "").strip() and "title" in values:
        problems.append("title is missing")
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        problems.append(f"ends_on ({ends_on}) lies before starts_on ({starts_on})")
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and high < low:
        problems.append(f"high ({high}) is less than low ({low})")
    weight = values.get("weight")
    if weight is not None and weight < 0:
        problems.append(f"weight is {weight}; it cannot be negative")
    return (None, tuple(problems)) if problems else (GoalRow(**values), ())


def check_in_of_row(row: RawRow) -> tuple[CheckInRow | None, tuple[str, ...]]:
    """The check-in of a row, or every reason why it is none."""
    values, problems = _values(row, CHECK_IN_COLUMNS)
    if "on" in values and values["on"] is None:
        problems.append("on is missing; write the date of the check-in like 2026-03-31")
    confidence = values.get("confidence")
    if confidence is not None and not 0 <= confidence <= 1:
        problems.append(f"confidence is {confidence}; write it as a chance between 0 and 1")
    return (None, tuple(problems)) if problems else (CheckInRow(**values), ())


def _values(row: RawRow, columns: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = list(row.problems)
    for column in columns:
        cell = row.cells.get(column)
        try:
            values[column] = _reader(column)(cell, column)
        except BadCell as error:
            problems.append(str(error))
    return values, problems


def _reader(column: str) -> Callable[[Any, str], Any]:
    if column in NUMBERS:
        return read_number
    if column in DATES:
        return read_date
    if column in {"id", "goal_id"}:
        return read_id
    if column in {"owner_email", "by_email"}:
        return read_email
    if column == "co_owner_emails":
        return read_emails
    if column in {"parent_ids", "supports_ids"}:
        return read_parents
    if column in CHOICES:
        return lambda cell, name: read_choice(cell, name, CHOICES[name])
    if column in TEXTS:
        return lambda cell, _: read_text(cell)
    raise KeyError(column)
