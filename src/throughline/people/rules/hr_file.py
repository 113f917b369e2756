"""Reading an HR export line by line: CSV in any usual encoding and delimiter, or the first sheet of an XLSX
file.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from throughline.kernel.errors import Invalid

_SNIFF_BYTES = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 300
MAX_CELL = 10_000


@dataclass(frozen=True, slots=True)
class TableHead:
    """What a file is: how it is written, its column names, and a few lines to look at."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of cells; `number` is where a person finds it in the file (the header is line 1 when it comes
    first).
    """

    number: int
    cells: Sequence[str]


def table_head(path: Path, *, samples: int = 200) -> TableHead:
    """Column names and the first lines; raises Invalid with a sentence for what cannot be read as a table."""
    if is_spreadsheet(path):
        encoding, delimiter = "xlsx", ""
    else:
        encoding, delimiter = _written_as(path)
    with closing(_lines(path, encoding, delimiter)) as lines:
        head = list(islice(lines, samples + 1))
    if not head:
        raise Invalid({"file": "The file is empty. Export it again with a first line of column names."})
    columns = tuple(cell.strip() for cell in head[0].cells)
    if len(columns) > MAX_COLUMNS:
        raise Invalid({"file": f"The first line has {len(columns)} columns; at most {MAX_COLUMNS} can be read."})
    if len([column for column in columns if column]) < 2:
        raise Invalid(
            {
                "file": "The first line has fewer than two column names. The file needs a header and "
                "columns separated by commas, semicolons or tabs."
            }
        )
    width = len(columns)
    return TableHead(encoding, delimiter, columns, tuple(_fitted(line.cells, width) for line in head[1:]))


def table_lines(path: Path, head: TableHead) -> Iterator[TableLine]:
    """Every line below the header that holds anything, cells as text, in file order; nothing is kept in
    memory.
    """
    width = len(head.columns)
    lines = _lines(path, head.encoding, head.delimiter)
    next(lines, None)
    for line in lines:
        if len(line.cells) > width and any(line.cells[width:]):
            yield TableLine(line.number, tuple(line.cells))
        else:
            yield TableLine(line.number, _fitted(line.cells, width))


def is_spreadsheet(path: Path) -> bool:
    """Whether the bytes are an XLSX file, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *([""] * (width - len(cells))))


def _lines(path: Path, encoding: str, delimiter: str) -> Generator[TableLine, None, None]:
    source = _sheet_lines(path) if encoding == "xlsx" else _csv_lines(path, encoding, delimiter)
    return (line for line in source if any(line.cells))


def _written_as(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        start = file.read(_SNIFF_BYTES)
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid({"file": "This is an old .xls file. Save it as .xlsx or .csv and upload it again."})
    encoding = _encoding_of(path, start)
    text = start.decode(encoding, errors="ignore")
    if "\x00" in text:
        raise Invalid({"file": "This is not a table of text. Upload a .csv or .xlsx file."})
    first = next((line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()), "")
    counts = {mark: first.count(mark) for mark in _DELIMITERS}
    return encoding, max(counts, key=lambda mark: counts[mark])


def _encoding_of(path: Path, start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # Older Windows exports; every byte means something in it, so names stay readable.
        return "cp1252"
    return "utf-8"


def _csv_lines(path: Path, encoding: str, delimiter: str) -> Iterator[TableLine]:
    with path.open("rb") as raw:
        # newline=None turns CR, LF and CRLF into one line end; `errors` covers the five unused bytes of
        # cp1252.
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=None)
        reader = csv.reader(text, delimiter=delimiter)
        last = 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise Invalid({"file": f"Line {reader.line_num} cannot be read: {error}."}) from error
            if cells is None:
                return
            # A quoted cell may hold line ends: the line a person looks for is where the record begins.
            yield TableLine(last + 1, [cell.strip()[:MAX_CELL] for cell in cells])
            last = reader.line_num


def _sheet_lines(path: Path) -> Iterator[TableLine]:
    # Imported where it is used: it is slow to load, and most of what runs here never opens a workbook.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Invalid(
            {"file": "The file looks like a spreadsheet but cannot be opened. Save it again as .xlsx."}
        ) from error
    try:
        sheet = book.worksheets[0]
        # Some exports state a wrong size; without it every row is read.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield TableLine(number, [_cell_text(value) for value in row[:MAX_COLUMNS]])
    finally:
        book.close()


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()[:MAX_CELL]
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
