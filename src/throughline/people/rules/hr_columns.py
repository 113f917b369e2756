"""Which column of an HR export means what: a first guess from names and values, and the mapping a person
confirms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from throughline.kernel.errors import Invalid
from throughline.people.rules import plain_words
from throughline.people.rules.hr_dates import DATE_FORMATS, date_format_guess
from throughline.people.rules.hr_file import TableHead
from throughline.people.rules.hr_targets import TARGET_LABELS, TARGETS, UNIT_STYLES
from throughline.people.rules.rows import PersonColumn


@dataclass(frozen=True, slots=True)
class HrMapping:
    """What each column means (`columns`: target to position), and how dates and units are written."""

    columns: Mapping[str, int] = field(default_factory=dict)
    date_format: str = "iso"
    unit_style: str = "name"
    is_leaving_when_missing: bool = False

    def given(self) -> frozenset[PersonColumn]:
        """The columns of a person that this file speaks about; the others stay as they are."""
        names = {"name" if key in ("first_name", "last_name") else key for key in self.columns}
        return frozenset(PersonColumn(name) for name in names if name in PersonColumn._value2member_map_)

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "date_format": self.date_format,
            "unit_style": self.unit_style,
            "is_leaving_when_missing": self.is_leaving_when_missing,
        }


def mapping_read(data: Mapping[str, Any], *, n_columns: int) -> HrMapping:
    """The mapping a page, the API or the command line sent; raises Invalid naming each target that cannot be."""
    problems: dict[str, str] = {}
    raw = data.get("columns")
    if not isinstance(raw, Mapping):
        raise Invalid({"columns": "Send which column means what, as target: position, counting from 0."})
    columns: dict[str, int] = {}
    for key, position in raw.items():
        if key not in TARGET_LABELS:
            problems[str(key)] = f"“{key}” is nothing a column can mean; possible are {', '.join(TARGET_LABELS)}."
        elif isinstance(position, bool) or not isinstance(position, int) or not 0 <= position < n_columns:
            problems[key] = f"Choose one of the {n_columns} columns of the file."
        else:
            columns[key] = position
    for position, count in Counter(columns.values()).items():
        if count > 1:
            twice = [key for key, other in columns.items() if other == position]
            problems.setdefault(twice[-1], f"This column is already used as {TARGET_LABELS[twice[0]].lower()}.")
    if "name" not in columns and not {"first_name", "last_name"} <= set(columns):
        problems.setdefault("name", "Choose the column with the name, or the two with first and last name.")
    if "external_id" not in columns and "email" not in columns:
        problems.setdefault(
            "external_id",
            "Choose a column with an id or an e-mail; without one, a second import would add everybody twice.",
        )
    if "unit_parent" in columns and "unit" not in columns:
        problems.setdefault("unit", "A column with the unit above needs one with the unit itself.")
    date_format, unit_style = data.get("date_format", "iso"), data.get("unit_style", "name")
    if date_format not in {entry.key for entry in DATE_FORMATS}:
        problems["date_format"] = "Choose one of the listed ways of writing dates."
    if unit_style not in UNIT_STYLES:
        problems["unit_style"] = "Choose one of the listed ways of naming units."
    if problems:
        raise Invalid(problems)
    return HrMapping(columns, str(date_format), str(unit_style), data.get("is_leaving_when_missing") is True)


def mapping_guess(head: TableHead) -> HrMapping:
    """What the columns most likely mean, from their names first and their values second."""
    columns = _by_name(head.columns)
    if "email" not in columns:
        position = _first_where(head, columns, lambda value: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)))
        if position is not None:
            columns["email"] = position
    if "name" in columns and {"first_name", "last_name"} <= set(columns):
        del columns["name"]
    dates = [line[columns[key]] for key in ("started_on", "left_on") if key in columns for line in head.samples]
    return HrMapping(columns=columns, date_format=date_format_guess(dates), unit_style=_unit_style(head, columns))


def _by_name(names: Sequence[str]) -> dict[str, int]:
    plain = [" ".join(re.sub(r"[^a-z0-9]+", " ", plain_words(_unjoined(name))).split()) for name in names]
    columns: dict[str, int] = {}
    for target in TARGETS:
        wanted = [*target.names]
        places = [plain.index(name) for name in wanted if name in plain]
        free = [place for place in places if place not in columns.values()]
        if free:
            columns[target.key] = free[0]
    return columns


def _unjoined(name: str) -> str:
    """“EmployeeId” as two words, so that both ways of writing are recognised."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _first_where(head: TableHead, taken: Mapping[str, int], is_like: Any) -> int | None:
    for position in range(len(head.columns)):
        values = [line[position] for line in head.samples if line[position]]
        if position not in taken.values() and values and all(is_like(value) for value in values):
            return position
    return None


def _unit_style(head: TableHead, columns: Mapping[str, int]) -> str:
    if "unit" not in columns or "unit_parent" in columns:
        return "name"
    values = [line[columns["unit"]] for line in head.samples if line[columns["unit"]]]
    for mark in (">", "\\", "|"):
        if values and sum(mark in value for value in values) * 2 > len(values):
            return mark
    # A slash inside a name ("R/D") is common, so it counts only when most cells have one between spaces.
    if values and sum(" / " in value or value.startswith("/") for value in values) * 2 > len(values):
        return "/"
    return "name"
