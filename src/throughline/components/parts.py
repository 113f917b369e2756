"""What pages hand to the parts: frozen shapes. Anything with the same attributes will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Station:
    """One stop on a line. `is_hidden` marks what the reader may not open; give it no url."""

    kind_label: str
    title: str
    url: str = ""
    is_here: bool = False
    is_hidden: bool = False
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a guided line. `state` is done, here, todo or blocked."""

    label: str
    state: str = "todo"
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class TabLink:
    label: str
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class MenuLink:
    """One entry of a menu. `is_post` makes it a form with a token, for what changes something (sign out)."""

    label: str
    url: str
    is_post: bool = False
    is_current: bool = False
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a list. `state` is good, warn, bad or wait and needs `side`, its words."""

    title: str
    url: str = ""
    side: str = ""
    meta: str = ""
    state: str = ""


@dataclass(frozen=True)
class TreeRow:
    """One line of a tree, in display order. `toggle_url` opens or closes it; leave it empty on a leaf."""

    title: str
    url: str = ""
    depth: int = 0
    side: str = ""
    meta: str = ""
    state: str = ""
    toggle_url: str = ""
    is_open: bool = False
    is_struck: bool = False
    share_0_1: float | None = None


@dataclass(frozen=True)
class TimelineItem:
    at: datetime | date
    title: str
    url: str = ""
    detail: str = ""
    by: str = ""
    state: str = ""


@dataclass(frozen=True)
class Comment:
    """One comment. `text` is plain; paragraphs and addresses are made from it, so it is always escaped."""

    author: str
    at: datetime
    text: str
    author_url: str = ""
    edit_url: str = ""
    anchor: str = ""
    note: str = ""
    replies: Sequence[Comment] = ()


@dataclass(frozen=True)
class ChecklistItem:
    label: str
    is_done: bool = False
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Share:
    """One segment of a share bar. `tone` is strong, middle, light or open (an outline: still waiting)."""

    label: str
    count: int
    url: str = ""
    tone: str = "strong"


@dataclass(frozen=True)
class Column:
    """One column. The cell is `row[key]`; `is_sortable` needs a page that honours `?sort=key` and `-key`."""

    key: str
    label: str
    is_number: bool = False
    is_sortable: bool = False


@dataclass(frozen=True)
class DataTable:
    """Rows map a column's key to its cell; `<key>_url` beside a key links it. The first names the row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]
    note: str = ""


@dataclass(frozen=True)
class ChartPoint:
    """One point of a line. `low` and `high` give the band where the value is a forecast."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LineChart:
    """A line over equally spaced points. `summary` says in words what the picture shows and is required."""

    title: str
    summary: str
    points: Sequence[ChartPoint]
    forecast: Sequence[ChartPoint] = ()
    target: float | None = None
    target_label: str = "target"
    unit: str = ""
