"""CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these is read as a formula by spreadsheets; an apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Spreadsheets recognise UTF-8 by this mark.
BYTE_ORDER_MARK = "\ufeff"


def cell_safe(value: object) -> str:
    """The cell as text that no spreadsheet runs; numbers stay numbers."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A whole CSV file with its byte order mark; commas, quotes where needed, CRLF."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow([cell_safe(name) for name in header])
    writer.writerows([cell_safe(value) for value in row] for row in rows)
    return out.getvalue()
