"""What the pages of imports show as tables and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from throughline.components.parts import Column, DataTable, Row
from throughline.integrations.okr_formats.tabular.cells import guarded
from throughline.integrations.rules import FindingKind

_FILE_COLUMNS = (
    Column("name", "File"),
    Column("format_label", "Format"),
    Column("goals", "Goals", is_number=True),
    Column("total", "Lines", is_number=True),
    Column("of_goals", "of goals", is_number=True),
    Column("links", "of dependencies", is_number=True),
    Column("check_ins", "of check-ins", is_number=True),
    Column("structure", "of structure", is_number=True),
    Column("unread", "not understood", is_number=True),
)
_FINDING_COLUMNS = (
    Column("file", "File"),
    Column("line", "Line", is_number=True),
    Column("text", "Text"),
    Column("reason", "Reason"),
)


def file_table(files: Sequence[Mapping[str, Any]]) -> DataTable:
    """One row per file: its format, and its lines by what they are."""
    rows = [
        {
            "name": file["name"],
            "format_label": file["format_label"],
            "goals": file["goals"],
            "total": file["lines"]["total"],
            "of_goals": file["lines"]["goals"],
            "links": file["lines"]["dependencies"],
            "check_ins": file["lines"]["check_ins"],
            "structure": file["lines"]["structure"],
            "unread": file["lines"]["unread"],
        }
        for file in files
    ]
    return DataTable("Files", [column for column in _FILE_COLUMNS if _is_told(column.key, rows)], rows)


def file_rows(files: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The same as lines of a list, where a table has no room."""
    words = {
        "goals": "of goals",
        "dependencies": "of dependencies",
        "check_ins": "of check-ins",
        "structure": "of structure",
        "unread": "not understood",
    }
    rows = []
    for file in files:
        lines = file["lines"]
        parts = [f"{lines[key]:,} {label}" for key, label in words.items() if lines[key] or key == "unread"]
        meta = f"{file['format_label']} · {', '.join(parts)}"
        rows.append(Row(file["name"], side=f"{lines['total']:,} lines", meta=meta))
    return rows


def _is_told(key: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    return key not in ("links", "check_ins") or any(row[key] for row in rows)


def finding_table(rows: Iterable[Any]) -> DataTable:
    """Lines that were not understood or taken, and notes."""
    words = {FindingKind.REFUSED: "Not taken: ", FindingKind.UNREAD: "", FindingKind.NOTE: ""}
    found = [
        {
            "file": row.file_name,
            "line": row.line or "",
            "text": row.text,
            "reason": words.get(FindingKind(row.kind), "") + row.reason,
        }
        for row in rows
    ]
    columns = (
        _FINDING_COLUMNS if any(row["text"] for row in found) else [c for c in _FINDING_COLUMNS if c.key != "text"]
    )
    return DataTable("Lines", columns, found)


def csv_answer(rows: Iterable[Sequence[object]], name: str) -> HttpResponse:
    """A CSV download that a spreadsheet opens without running anything."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) and cell else cell for cell in row])
    return download(written.getvalue().encode("utf-8-sig"), name, content_type="text/csv; charset=utf-8")


def download(data: bytes, name: str, *, content_type: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
