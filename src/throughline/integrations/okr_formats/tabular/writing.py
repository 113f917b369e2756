"""Writing a table of goals as CSV, XLSX or JSON, so that reading it again gives identical content."""

import csv
import io
import json
import re
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from throughline.integrations.okr_formats.tabular.cells import (
    EMAIL,
    ID_SEPARATORS,
    guarded,
    number_text,
    parents_text,
    sheet_text,
)
from throughline.integrations.okr_formats.tabular.columns import (
    CHECK_IN_COLUMNS,
    CHOICES,
    GOAL_COLUMNS,
)
from throughline.integrations.okr_formats.tabular.goal_table import (
    CheckInRow,
    GoalRow,
    GoalTable,
    ParentLink,
    UnwritableTable,
)

UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
JSON_VERSION = "throughline-goals/1"


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """A CSV file holds one table, so goals and check-ins are two files."""

    goals: bytes
    check_ins: bytes


def write_csv(table: GoalTable) -> CsvFiles:
    """Two CSV files in UTF-8 with a byte order mark, which spreadsheet programs need.

    Raises UnwritableTable.
    """
    _require_writable(table)
    return CsvFiles(_csv(GOAL_COLUMNS, table.goals), _csv(CHECK_IN_COLUMNS, table.check_ins))


def write_xlsx(table: GoalTable) -> bytes:
    """A workbook with the sheets goals and check_ins. Raises UnwritableTable."""
    # Imported where it is used: it is slow to load, and most of what runs here never opens a workbook.
    from openpyxl import Workbook

    _require_writable(table)
    rows: list[GoalRow | CheckInRow] = [*table.goals, *table.check_ins]
    for row in rows:
        # Before the first sheet is begun: a writer left in the middle of a sheet cannot be closed.
        for field in fields(row):
            if isinstance(text := getattr(row, field.name), str):
                sheet_text(guarded(text))
    workbook = Workbook(write_only=True)
    _write_sheet(workbook.create_sheet("goals"), GOAL_COLUMNS, table.goals)
    _write_sheet(workbook.create_sheet("check_ins"), CHECK_IN_COLUMNS, table.check_ins)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def write_json(table: GoalTable) -> bytes:
    """One JSON document, one goal or check-in per line. Raises UnwritableTable."""
    _require_writable(table)
    goals = ",\n".join(_json_row(goal) for goal in table.goals)
    check_ins = ",\n".join(_json_row(check_in) for check_in in table.check_ins)
    parts = [f'"format": "{JSON_VERSION}"']
    for key, rows in (("goals", goals), ("check_ins", check_ins)):
        parts.append(f'"{key}": [\n{rows}\n]' if rows else f'"{key}": []')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _csv(columns: tuple[str, ...], rows: tuple[GoalRow, ...] | tuple[CheckInRow, ...]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell_text(getattr(row, column)) for column in columns])
    return written.getvalue().encode("utf-8-sig")


def _cell_text(value: Any) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value[0], ParentLink):
        return guarded(parents_text(value))
    return guarded(";".join(value))


def _write_sheet(sheet: Any, columns: tuple[str, ...], rows: tuple[GoalRow, ...] | tuple[CheckInRow, ...]) -> None:
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_sheet_cell(sheet, getattr(row, column)) for column in columns])


def _sheet_cell(sheet: Any, value: Any) -> Any:
    """Numbers and dates as such where a workbook keeps them exactly, everything else as text that
    never runs.
    """
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == ():
        return None
    if isinstance(value, Decimal):
        number_text(value)
        if Decimal(format(float(value), ".15g")) == value:
            return float(value)
    if isinstance(value, date) and value >= date(1900, 3, 1):
        # Earlier days are one off in workbooks, which believe that 1900 was a leap year.
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet)
    cell.value = sheet_text(_cell_text(value))
    cell.data_type = "s"
    return cell


def _json_row(row: GoalRow | CheckInRow) -> str:
    content = {field.name: _json_value(getattr(row, field.name)) for field in fields(row)}
    return json.dumps({key: value for key, value in content.items() if value is not None}, ensure_ascii=False)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json_parent(item) if isinstance(item, ParentLink) else item for item in value] or None
    return value


def _json_parent(link: ParentLink) -> dict[str, str]:
    parent = {"id": link.goal_id}
    return parent if link.weight is None else {**parent, "weight": number_text(link.weight)}


def _require_writable(table: GoalTable) -> None:
    """Refuses what could not be read back as it is: separators in ids, NULs, an owner without an address."""
    for goal in table.goals:
        _require_texts(goal, goal.id)
        emails = [goal.owner_email, *goal.co_owner_emails]
        links = (*goal.parent_ids, *goal.supports_ids)
        _require_ids_and_emails([goal.id, *(link.goal_id for link in links)], emails)
        if not goal.title.strip():
            raise UnwritableTable(f"The goal {goal.id} has no title. Give it one before the export.")
        for column, choices in CHOICES.items():
            value = getattr(goal, column)
            if value is not None and value not in choices:
                raise UnwritableTable(f"“{value}” of goal {goal.id} is none of {', '.join(choices)}.")
    for check_in in table.check_ins:
        _require_texts(check_in, check_in.goal_id)
        _require_ids_and_emails([check_in.goal_id], [check_in.by_email])


def _require_ids_and_emails(ids: list[str], emails: list[str | None]) -> None:
    for one in ids:
        if not one or ID_SEPARATORS.search(one):
            raise UnwritableTable(f"“{one}” cannot be an id: ids have no spaces, commas, colons or semicolons.")
    for email in emails:
        if email is not None and EMAIL.fullmatch(email) is None:
            raise UnwritableTable(f"“{email}” of goal {ids[0]} is no e-mail address.")


def _require_texts(row: GoalRow | CheckInRow, goal_id: str) -> None:
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, str) and UNWRITABLE.search(value):
            raise UnwritableTable(f"{field.name} of goal {goal_id} holds a character no file can hold. Remove it.")
        if isinstance(value, Decimal):
            number_text(value)
