"""Rows of a CSV file or a workbook, with the lines they stand on."""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from throughline.integrations.okr_formats.file_text import decode_file, require_size, split_lines
from throughline.integrations.okr_formats.model import UnreadableFile
from throughline.integrations.okr_formats.tabular.cells import Cell, text_of_sheet, unguarded

MOST_ROWS = 300_000
MOST_COLUMNS = 200
MOST_UNPACKED_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class RawRow:
    """The stated cells of one row by column; `problems` are reasons why a cell cannot be used."""

    line: int
    lines: tuple[int, ...]
    cells: dict[str, Cell]
    problems: tuple[str, ...] = ()
    text: str = ""


@dataclass(slots=True)
class Sheet:
    part: str
    line_count: int = 0
    columns: list[str] = field(default_factory=list)
    header_lines: tuple[int, ...] = ()
    rows: list[RawRow] = field(default_factory=list)
    blank_lines: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, values: list[Cell], lines: tuple[int, ...], *, problems: tuple[str, ...] = ()) -> None:
        """The first row with content is the header; the others are rows below it."""
        if all(value is None for value in values) and not problems:
            self.blank_lines += lines
            return
        if not self.columns:
            self.columns = [_column_name(value) for value in values]
            self.header_lines = lines
            return
        beyond = [value for value in values[len(self.columns) :] if value is not None]
        named = zip(self.columns, values, strict=False)
        cells: dict[str, Cell] = {name: value for name, value in named if name and value is not None}
        unnamed = [value for name, value in zip(self.columns, values, strict=False) if not name and value is not None]
        if beyond or unnamed:
            problems = (*problems, "a cell stands in a column without a name")
        text = " | ".join(str(value) for value in values if value is not None)[:200]
        self.rows.append(RawRow(lines[0], lines, cells, problems, text))


def _column_name(value: Cell) -> str:
    return "" if value is None else re.sub(r"[\s-]+", "_", str(value).strip().lower())


def read_csv_sheet(data: bytes, name: str, *, part: str = "") -> Sheet:
    """A CSV file's rows; comma, semicolon or tab, whichever its first line uses most.

    Raises UnreadableFile.
    """
    decoded = decode_file(data, name)
    lines = split_lines(decoded.text)
    sheet = Sheet(part, len(lines), notes=list(decoded.notes))
    first = next(line for line in lines if line.strip())
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter, strict=True)
    last_line = 0
    try:
        for values in reader:
            here = tuple(range(last_line + 1, reader.line_num + 1))
            last_line = reader.line_num
            if len(values) > MOST_COLUMNS:
                raise UnreadableFile(
                    f"Line {here[0]} of {name} has {len(values)} columns; at most {MOST_COLUMNS} can be read."
                )
            sheet.add([unguarded(value) if value != "" else None for value in values], here)
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} is no sound CSV file at line {last_line + 1} ({error}). "
            "Check that every quotation mark is closed and doubled inside a cell."
        ) from error
    return sheet


def read_workbook_sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook; formulas are not evaluated but refused with their row.

    Raises UnreadableFile.
    """
    # Imported where it is used: it is slow to load, and most of what runs here never opens a workbook.
    from openpyxl import load_workbook

    require_size(data, name)
    _require_sound_archive(data, name)
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return [_read_worksheet(worksheet, name) for worksheet in workbook.worksheets]
        finally:
            workbook.close()
    except UnreadableFile:
        raise
    except _WORKBOOK_FAULTS as error:
        raise UnreadableFile(
            f"{name} is a damaged workbook ({type(error).__name__}). Open it in a spreadsheet "
            f"program and save it again."
        ) from error


# What openpyxl and the standard library raise on archives that are sound but whose parts are not.
_WORKBOOK_FAULTS = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, ParseError, OSError, EOFError, OverflowError,
    zipfile.BadZipFile, NotImplementedError, RuntimeError, AssertionError, zipfile.LargeZipFile, zlib.error,
)  # fmt: skip


def _require_sound_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES or len(members) > 2000:
                raise UnreadableFile(
                    f"{name} unpacks to more than {MOST_UNPACKED_BYTES:,} bytes. Split it into smaller files."
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        head = part.read(4096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise UnreadableFile(
                            f"{name} declares XML entities, which no sound workbook does; it was not opened."
                        )
    except UnreadableFile:
        raise
    except Exception as error:
        # zlib, zipfile and struct fail in many ways on a damaged archive; to the reader they all mean the
        # same.
        raise UnreadableFile(
            f"{name} is no workbook (XLSX), or it is damaged or locked. Save it again without a password."
        ) from error


def _read_worksheet(worksheet: Any, name: str) -> Sheet:
    sheet = Sheet(str(worksheet.title))
    if not hasattr(worksheet, "iter_rows"):
        return sheet
    if hasattr(worksheet, "reset_dimensions"):
        worksheet.reset_dimensions()
    for number, row in enumerate(worksheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise UnreadableFile(
                f"Sheet “{sheet.part}” of {name} has more than {MOST_ROWS:,} rows. Delete the empty ones or split it."
            )
        problems: list[str] = []
        values = [_cell_value(cell, problems) for cell in row]
        while values and values[-1] is None:
            values.pop()
        sheet.line_count = number
        sheet.add(values, (number,), problems=tuple(problems))
    return sheet


def _cell_value(cell: Any, problems: list[str]) -> Cell:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        problems.append("a cell holds a formula, which is not evaluated; replace it by its value")
        return str(value)
    if cell.data_type == "e":
        problems.append(f"a cell holds the spreadsheet error {value}")
        return str(value)
    if isinstance(value, bool | time):
        return str(value)
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return number if number.is_finite() else str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return unguarded(text_of_sheet(str(value)))
