"""From the lines of an HR export to people: every cell checked, every refusal with line, column, value and
reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from throughline.people.rules.hr_columns import HrMapping
from throughline.people.rules.hr_dates import date_format_label, date_read
from throughline.people.rules.hr_file import TableHead, TableLine
from throughline.people.rules.hr_targets import TARGET_LABELS
from throughline.people.rules.rows import PersonRow, Refusal
from throughline.people.rules.trees import cycles_of

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)*")
_YES = frozenset({"yes", "y", "true", "1", "x", "lead", "ja", "oui", "si"})
_NO = frozenset({"", "no", "n", "false", "0", "-", "nein", "non"})
_LONGEST = {"name": 160, "email": 254, "external_id": 120, "title": 160, "location": 120}


@dataclass(slots=True)
class ParsedPeople:
    """Everything a file says. `seen_ids` and `seen_emails` hold refused lines too: whoever is listed has not
    left.
    """

    rows: list[PersonRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    n_lines: int = 0
    seen_ids: set[str] = field(default_factory=set)
    seen_emails: set[str] = field(default_factory=set)


class _LineRefused(Exception):
    def __init__(self, target: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.target, self.value, self.reason = target, value, reason


def people_parse(lines: Iterable[TableLine], head: TableHead, mapping: HrMapping) -> ParsedPeople:
    """All people of a file. Reads each line once; equal texts (titles, units) are kept once."""
    parsed = ParsedPeople()
    kept: dict[str, str] = {}
    units: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for line in lines:
        parsed.n_lines += 1
        cells = _cells(line, mapping)
        _remember(parsed, cells)
        try:
            if len(line.cells) > len(head.columns):
                raise _LineRefused(
                    "",
                    "",
                    f"It has {len(line.cells)} cells, the header {len(head.columns)}. A separator inside a "
                    "cell needs quotes around it.",
                )
            row = _row(line.number, cells, mapping)
        except _LineRefused as refused:
            parsed.refusals.append(
                Refusal(
                    line.number,
                    _column_name(head, mapping, refused.target),
                    refused.value[:400],
                    refused.reason,
                    name=_name(cells)[:200],
                )
            )
            continue
        text = cells.get("unit", "")
        if text not in units:
            units[text] = unit_path(text, mapping.unit_style)
        parsed.rows.append(
            replace(
                row,
                title=kept.setdefault(row.title, row.title),
                location=kept.setdefault(row.location, row.location),
                unit=units[text],
            )
        )
        above.append(kept.setdefault(cells.get("unit_parent", ""), cells.get("unit_parent", "")))
    if "unit_parent" in mapping.columns:
        _place_units(parsed, above, head, mapping)
    return parsed


def unit_path(text: str, style: str) -> tuple[str, ...]:
    """The unit names of a cell from the top down."""
    if style == "name":
        return (text,) if text else ()
    return tuple(name for name in (part.strip() for part in text.split(style)) if name)


def _cells(line: TableLine, mapping: HrMapping) -> dict[str, str]:
    return {target: line.cells[position] for target, position in mapping.columns.items()}


def _remember(parsed: ParsedPeople, cells: Mapping[str, str]) -> None:
    if cells.get("external_id"):
        parsed.seen_ids.add(cells["external_id"])
    if cells.get("email"):
        parsed.seen_emails.add(cells["email"].lower())


def _name(cells: Mapping[str, str]) -> str:
    if "name" in cells:
        return " ".join(cells["name"].split())
    return " ".join(f"{cells.get('first_name', '')} {cells.get('last_name', '')}".split())


def _row(number: int, cells: Mapping[str, str], mapping: HrMapping) -> PersonRow:
    name, email, external_id = _name(cells), cells.get("email", "").lower(), cells.get("external_id", "")
    if not name:
        raise _LineRefused("name", "", "There is no name. Fill it in.")
    if not email and not external_id:
        raise _LineRefused(
            "external_id" if "external_id" in mapping.columns else "email",
            "",
            "There is neither an id nor an e-mail, so a second import could not find this person again. Fill one in.",
        )
    if email and not _EMAIL.fullmatch(email):
        raise _LineRefused(
            "email",
            cells["email"],
            "This is not an e-mail address. Write it as name@example.org, or leave it empty.",
        )
    for target, value in (
        ("name", name),
        ("email", email),
        ("external_id", external_id),
        ("title", cells.get("title", "")),
        ("location", cells.get("location", "")),
    ):
        if len(value) > _LONGEST[target]:
            raise _LineRefused(
                target,
                value,
                f"It has {len(value)} characters; at most {_LONGEST[target]} are kept. Shorten it.",
            )
    started_on, left_on = _date("started_on", cells, mapping), _date("left_on", cells, mapping)
    if started_on is not None and left_on is not None and left_on < started_on:
        raise _LineRefused("left_on", cells["left_on"], f"The last day is before the first day, {cells['started_on']}.")
    return PersonRow(
        line=number,
        name=name,
        email=email,
        external_id=external_id,
        title=cells.get("title", ""),
        location=cells.get("location", ""),
        manager=cells.get("manager", ""),
        is_lead=_yes_or_no(cells.get("is_lead", "")),
        started_on=started_on,
        left_on=left_on,
    )


def _date(target: str, cells: Mapping[str, str], mapping: HrMapping) -> date | None:
    text = cells.get(target, "")
    if not text:
        return None
    # A spreadsheet's own dates arrive as year-month-day whatever its text columns use.
    found = date_read(text, mapping.date_format) or date_read(text, "iso")
    if found is None:
        raise _LineRefused(target, text, f"This is not a date written as {date_format_label(mapping.date_format)}.")
    return found


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _LineRefused("is_lead", text, "This is neither yes nor no. Write yes, or leave it empty.")


def _column_name(head: TableHead, mapping: HrMapping, target: str) -> str:
    if target == "name" and target not in mapping.columns:
        target = "last_name"
    position = mapping.columns.get(target)
    return TARGET_LABELS.get(target, "") if position is None else head.columns[position] or f"column {position + 1}"


def _place_units(parsed: ParsedPeople, above: Sequence[str], head: TableHead, mapping: HrMapping) -> None:
    """Units given as name and the unit above it: make paths; a unit in a circle or with two places above is
    refused.
    """
    parents: dict[str, set[str]] = {}
    for row, parent in zip(parsed.rows, above, strict=True):
        if row.unit and parent:
            parents.setdefault(row.unit[0], set()).add(parent)
    single = {name: next(iter(found)) for name, found in parents.items() if len(found) == 1}
    circles = {name: cycle for cycle in cycles_of(single) for name in cycle}
    column = _column_name(head, mapping, "unit_parent")
    for index, (row, parent) in enumerate(zip(parsed.rows, above, strict=True)):
        if not row.unit:
            continue
        path, trouble = _path_above(parent, single, parents, circles)
        if trouble:
            parsed.refusals.append(Refusal(row.line, column, parent, trouble, is_whole_line=False, name=row.name))
            parsed.rows[index] = replace(row, unit=())
        else:
            parsed.rows[index] = replace(row, unit=(*path, row.unit[0]))


def _path_above(
    name: str, single: Mapping[str, str], parents: Mapping[str, set[str]], circles: Mapping[str, list[str]]
) -> tuple[tuple[str, ...], str]:
    path: list[str] = []
    while name:
        if name in circles:
            return (
                (),
                f"The units {' > '.join([*circles[name], circles[name][0]])} stand in a circle. The person "
                "is imported without this unit.",
            )
        if name in parents and name not in single:
            places = ", ".join(sorted(parents[name]))
            return (
                (),
                f"“{name}” has more than one unit above it ({places}). Use a column with whole paths. The "
                "person is imported without this unit.",
            )
        path.append(name)
        name = single.get(name, "")
    return tuple(reversed(path)), ""
