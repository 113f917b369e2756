"""How one value is written into a cell and read back, and how spreadsheet formulas are kept out.

A text a spreadsheet would run as a formula is written with an apostrophe before it, and so is the empty
text (an empty cell means that nothing was stated). Reading takes exactly these apostrophes off again, so
any text survives.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from throughline.integrations.okr_formats.tabular.goal_table import ParentLink, UnwritableTable

Cell = str | Decimal | date | None

GUARD = "'"
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n|%")
NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,15})?|\.\d{1,15})")
ID_SEPARATORS = re.compile(r"[;,:\s\0]")
EMAIL = re.compile(r"[^@\s;,<>\"]{1,64}@[^@\s;,<>\"]{1,190}")
XML_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
XML_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LONGEST_SHEET_CELL = 32_767


class BadCell(ValueError):
    """One cell cannot be understood. The message is the reason shown beside the line."""


def guarded(text: str) -> str:
    return GUARD + text if _needs_guard(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith(GUARD) and _needs_guard(text[1:]) else text


def _needs_guard(text: str) -> bool:
    rest = text.lstrip(GUARD)
    return rest == "" or rest.lstrip(" \u00a0").startswith(FORMULA_STARTS)


def sheet_text(text: str) -> str:
    """Text as a workbook holds it: what XML forbids is written as _xHHHH_."""
    escaped = XML_FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if len(escaped) > LONGEST_SHEET_CELL:
        raise UnwritableTable(
            f"A text of {len(text):,} characters does not fit a workbook cell ({LONGEST_SHEET_CELL:,}). "
            "Export to CSV or JSON instead."
        )
    return escaped


def text_of_sheet(text: str) -> str:
    return XML_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def number_text(number: Decimal) -> str:
    if not number.is_finite() or NUMBER.fullmatch(text := format(number, "f")) is None:
        raise UnwritableTable(f"The number {number} has more digits than a goal file can hold (20 before, 15 after).")
    return text


def read_text(cell: Cell) -> str | None:
    if isinstance(cell, Decimal):
        return format(cell.to_integral_value() if cell == cell.to_integral_value() else cell, "f")
    return cell.isoformat() if isinstance(cell, date) else cell


def read_number(cell: Cell, column: str) -> Decimal | None:
    if cell is None or isinstance(cell, Decimal):
        return cell
    text = read_text(cell) or ""
    if not text.strip():
        return None
    if NUMBER.fullmatch(text.strip()) is None:
        raise BadCell(f"{column} is “{_short(text)}”, which is no number; write it like 12.5")
    return Decimal(text.strip())


def read_date(cell: Cell, column: str) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if cell is None or isinstance(cell, date):
        return cell
    text = (read_text(cell) or "").strip()
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is None:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCell(f"{column} is “{_short(text)}”, which is no date; write it like 2026-03-31") from error


def read_id(cell: Cell, column: str) -> str:
    text = (read_text(cell) or "").strip()
    if not text:
        raise BadCell(f"{column} is missing; give the goal a short id of its own")
    if ID_SEPARATORS.search(text):
        raise BadCell(f"{column} is “{_short(text)}”; an id has no spaces, commas, colons or semicolons")
    return text


def read_parents(cell: Cell, column: str = "parent_ids") -> tuple[ParentLink, ...]:
    """“12:0.5; 13” as two parents, the first with a weight."""
    links: list[ParentLink] = []
    for piece in re.split(r"[;,\s]+", (read_text(cell) or "").strip()):
        if not piece:
            continue
        goal_id, colon, weight = piece.partition(":")
        parent = read_id(goal_id, column)
        number = read_number(weight, f"the weight in {column}") if colon else None
        if colon and (number is None or number < 0):
            raise BadCell(f"{column} holds “{_short(piece)}”; write a parent with its weight like 12:0.5")
        if any(link.goal_id == parent for link in links):
            raise BadCell(f"{column} names {_short(parent)} twice")
        links.append(ParentLink(parent, number))
    return tuple(links)


def parents_text(parents: tuple[ParentLink, ...]) -> str:
    return ";".join(
        link.goal_id if link.weight is None else f"{link.goal_id}:{number_text(link.weight)}" for link in parents
    )


def read_email(cell: Cell, column: str) -> str | None:
    text = (read_text(cell) or "").strip()
    if text and EMAIL.fullmatch(text) is None:
        raise BadCell(f"{column} is “{_short(text)}”, which is no e-mail address")
    return text or None


def read_emails(cell: Cell, column: str) -> tuple[str, ...]:
    pieces = [piece for piece in re.split(r"[;,\s]+", read_text(cell) or "") if piece]
    emails = tuple(email for piece in pieces if (email := read_email(piece, column)) is not None)
    return tuple(dict.fromkeys(emails))


def read_choice(cell: Cell, column: str, choices: tuple[str, ...]) -> str | None:
    text = re.sub(r"[\s-]+", "_", (read_text(cell) or "").strip().lower())
    if text and text not in choices:
        raise BadCell(f"{column} is “{_short(read_text(cell) or '')}”; choose one of {', '.join(choices)}")
    return text or None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
