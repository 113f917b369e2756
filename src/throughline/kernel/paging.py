"""Lists by key, never by offset: a page costs the same at row ten and at row ten million."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from throughline.kernel.errors import Invalid

RowT = TypeVar("RowT", bound=Model)
MAX_SIZE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Some rows and the cursors of the neighbouring pages ("" when there is none)."""

    rows: list[RowT]
    next_cursor: str
    previous_cursor: str


def page_of(
    queryset: QuerySet[RowT], *, order: Sequence[str] = ("-id",), cursor: str = "", size: int = 50
) -> Page[RowT]:
    """One page of a queryset in a total order (`order` must end in a unique column, all columns not null).

    One query of `size + 1` rows. A cursor that was not made here raises `Invalid`.
    """
    size = max(1, min(size, MAX_SIZE))
    backward, position = _decode(cursor, len(order)) if cursor else (False, None)
    effective = [_flipped(name) for name in order] if backward else list(order)
    rows_query = queryset.order_by(*effective)
    if position is not None:
        try:
            rows_query = rows_query.filter(_beyond(effective, position))
        except (TypeError, ValueError, ValidationError):
            # Well-formed, but of another list: a name where this one has a date or a number.
            raise _refusal() from None
    rows = list(rows_query[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if backward:
        rows.reverse()
    has_next = has_more if not backward else position is not None
    has_previous = has_more if backward else position is not None
    return Page(
        rows=rows,
        next_cursor=_encode(rows[-1], order, backward=False) if rows and has_next else "",
        previous_cursor=_encode(rows[0], order, backward=True) if rows and has_previous else "",
    )


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows after `position`: the first column beyond, or equal and the second beyond, and so on."""
    condition = Q()
    equal = Q()
    for name, value in zip(order, position, strict=True):
        column = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{step}": value})
        equal &= Q(**{column: value})
    return condition


def _encode(row: Model, order: Sequence[str], *, backward: bool) -> str:
    values = []
    for name in order:
        value: Any = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value if isinstance(value, int | float | str) else value.isoformat())
    text = json.dumps([int(backward), *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _refusal() -> Invalid:
    return Invalid({"cursor": "This page address is not one this list gave out; start at the first page."})


def _decode(cursor: str, columns: int) -> tuple[bool, list[Any]]:
    refusal = _refusal()
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise refusal from None
    is_ours = isinstance(parts, list) and len(parts) == columns + 1 and parts[0] in (0, 1)
    if not is_ours or not all(isinstance(part, int | float | str) for part in parts):
        raise refusal
    if any(isinstance(part, int | float) and not abs(part) < 2**63 for part in parts):
        raise refusal
    # A NUL or half a surrogate pair is in no row, and no database can be asked for it.
    if any(
        isinstance(part, str) and ("\0" in part or part != part.encode(errors="replace").decode()) for part in parts
    ):
        raise refusal
    return bool(parts[0]), parts[1:]
