"""How goals look in lists: rows, table cells and the lines of a tree, ready to print."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from throughline.components.parts import Column, DataTable, Row
from throughline.goals.rules import Status
from throughline.goals.selectors import GoalRow

STATUS_TONES: Mapping[str, str] = {Status.ON_TRACK: "good", Status.AT_RISK: "warn", Status.OFF_TRACK: "bad"}
STATE_TONES: Mapping[str, str] = {
    "candidate": "wait", "proposed": "wait", "signed_off": "good", "active": "good", "closed": "", "dropped": "",
}  # fmt: skip
KIND_WORDS: Mapping[str, str] = {"key_result": "Key result", "initiative": "Initiative", "objective": ""}


def progress_words(row: GoalRow) -> str:
    """A goal's number in words: what has no reading says so instead of a zero."""
    if row.kind == "initiative":
        return row.state_label or "open"
    if row.is_empty:
        return "not measured"
    return "no reading" if row.is_unread else f"{row.progress_percent} %"


def meta_words(row: GoalRow) -> str:
    """The quiet line below a title."""
    status = row.status_label if row.state in ("signed_off", "active") else ""
    state = "" if row.kind == "key_result" and not row.state_label else row.state_label
    due = row.due.label if row.due is not None and row.due.late_days >= 0 else ""
    parts = (
        KIND_WORDS[row.kind],
        state,
        row.unit_name if row.kind == "objective" else "",
        row.owner_name,
        status,
        due,
    )
    how = "supports, never counts" if row.rule == "supports" else ""
    return ", ".join(part for part in (*parts, how) if part)


def goal_rows(rows: Iterable[GoalRow]) -> list[Row]:
    """Goals as lines of a plain list."""
    return [Row(title=row.title, url=row.url, side=progress_words(row), meta=meta_words(row)) for row in rows]


COLUMNS = (
    Column("title", "Goal", is_sortable=True),
    Column("state", "State"),
    Column("unit", "Unit"),
    Column("owner", "Owner"),
    Column("status", "Status"),
    Column("confidence", "Chance", is_number=True),
    Column("progress", "Progress", is_number=True, is_sortable=True),
)

# Checked in on key results; most objectives have none of their own.
SELDOM = ("status", "confidence")


def goal_table(rows: Iterable[GoalRow]) -> DataTable:
    """Goals as a table that can be sorted by title and progress; a status and a chance where one of them has any."""
    cells = [
        {
            "title": row.title,
            "title_url": row.url,
            "state": row.state_label,
            "unit": row.unit_name,
            "owner": row.owner_name,
            "status": row.status_label,
            "confidence": "" if row.confidence_percent is None else f"{row.confidence_percent} %",
            "progress": progress_words(row),
        }
        for row in rows
    ]
    told = [column for column in COLUMNS if column.key not in SELDOM or any(cell[column.key] for cell in cells)]
    return DataTable(caption="Goals", columns=told, rows=cells)


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree. `toggle` is the query part of the address that opens or closes it, "" on a leaf."""

    title: str
    url: str
    meta: str
    side: str
    depth: int
    percent: int | None
    is_struck: bool
    is_open: bool
    toggle: str


def branch_of(row: GoalRow, *, depth: int, is_open: bool, toggle: str) -> Branch:
    """One row as a line of the tree."""
    has_bar = row.kind != "initiative" and not row.is_empty and not row.is_unread
    return Branch(
        title=row.title,
        url=row.url,
        meta=meta_words(row),
        side=progress_words(row),
        depth=min(depth, 8),
        percent=row.progress_percent if has_bar else None,
        is_struck=(not row.is_counted and row.kind != "initiative") or row.state == "dropped",
        is_open=is_open,
        toggle=toggle,
    )


def tree_lines(
    roots: Sequence[GoalRow],
    children: Mapping[int, Sequence[GoalRow]],
    opened: Collection[int],
    *,
    address: str,
) -> list[Branch]:
    """The roots and what is open below them, in order. `address` is the filter's query part without what is open."""
    lines: list[Branch] = []
    still = list(opened)

    def walk(rows: Sequence[GoalRow], depth: int, path: frozenset[int]) -> None:
        for row in rows:
            is_open = row.id in still and row.id not in path
            toggle = ""
            if row.child_count:
                kept = [number for number in still if number != row.id] if is_open else [*still, row.id]
                toggle = f"{address}&open={'.'.join(map(str, kept))}" if kept else address
            lines.append(branch_of(row, depth=depth, is_open=is_open, toggle=toggle))
            if is_open:
                walk(children.get(row.id, ()), depth + 1, path | {row.id})

    walk(roots, 0, frozenset())
    return lines


def outline_lines(rows: Iterable[GoalRow]) -> list[Branch]:
    """The outline: everything open to its second level, nothing to press."""
    return [branch_of(row, depth=row.depth, is_open=False, toggle="") for row in rows]
