"""What was read, said and changed on a goal, newest pages first, by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from throughline.goals.models import CheckIn, Comment, Goal, GoalVersion
from throughline.goals.policies import can_edit_comment
from throughline.goals.rules import GoalState, status_label
from throughline.goals.selectors.fetching import goal_visible
from throughline.kernel.actor import Actor
from throughline.kernel.paging import page_of
from throughline.kernel.prepared import Prepared

LATEST = 10


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One check-in as pages show it."""

    id: int
    goal_id: int
    goal_title: str
    unit: str
    value: float | None
    confidence_percent: int | None
    status: str
    status_label: str
    note: str
    on: date
    by_name: str
    at: datetime
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """Check-ins, newest first."""

    rows: tuple[CheckInLine, ...]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One comment. A withdrawn one has no text."""

    id: int
    text: str
    by_id: int | None
    by_name: str
    at: datetime
    is_edited: bool
    is_withdrawn: bool
    can_edit: bool
    mentions: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Comments, oldest first on each page, the newest page first."""

    rows: tuple[CommentLine, ...]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version with the text before it, for the difference."""

    number: int
    on: date
    at: datetime
    author_name: str
    reason: str
    is_editorial: bool
    changes: tuple[str, ...]
    text: str
    previous_text: str
    is_signed: bool


_LINE_COLUMNS = (
    "id", "goal_id", "goal__title", "goal__metric_unit", "value", "confidence_0_1", "status", "note", "on",
    "by_person__name", "created_at", "corrected_by_id",
)  # fmt: skip


def _line_of(
    number: int,
    goal_id: int,
    title: str,
    unit: str,
    value: float | None,
    confidence_0_1: float | None,
    status: str,
    note: str,
    on: date,
    by_name: str | None,
    at: datetime,
    corrected_by_id: int | None,
) -> CheckInLine:
    return CheckInLine(
        id=number,
        goal_id=goal_id,
        goal_title=title,
        unit=unit,
        value=value,
        confidence_percent=None if confidence_0_1 is None else round(confidence_0_1 * 100),
        status=status,
        status_label=status_label(status),
        note=note,
        on=on,
        by_name=by_name or "",
        at=at,
        is_corrected=corrected_by_id is not None,
    )


def _line(row: CheckIn) -> CheckInLine:
    by_name = row.by_person.name if row.by_person is not None else None
    goal = row.goal
    return _line_of(
        *(row.pk, goal.pk, goal.title, goal.metric_unit, row.value, row.confidence_0_1, row.status, row.note),
        *(row.on, by_name, row.created_at, row.corrected_by_id),
    )


def checkins_of(actor: Actor, goal_id: int, *, cursor: str = "", size: int = 30) -> CheckInPage:
    """Check-ins of one goal or part, corrected ones included and marked."""
    return checkins_on(actor, goal_visible(actor, goal_id), cursor=cursor, size=size)


def checkins_on(actor: Actor, goal: Goal, *, cursor: str = "", size: int = 30) -> CheckInPage:
    """The same of a goal the caller has fetched as visible; one query."""
    rows = CheckIn.objects.filter(goal=goal).select_related("goal", "by_person")
    page = page_of(rows, order=("-on", "-id"), cursor=cursor, size=size)
    return CheckInPage(tuple(_line(row) for row in page.rows), page.next_cursor, page.previous_cursor)


def latest_checkins(actor: Actor, objective_id: int, goal_id: int) -> tuple[CheckInLine, ...]:
    """The ten newest check-ins on an objective, one goal, and the objective's living parts; the caller may see them."""
    return tuple(_line_of(*columns) for columns in _LATEST(objective_id=objective_id, goal_id=goal_id))


def newest_checkins(actor: Actor, objective_id: int) -> tuple[CheckInLine, ...]:
    """The newest check-in on each part of an objective the caller has fetched as visible; one query."""
    return tuple(_line_of(*columns[:-1]) for columns in _NEWEST(objective_id=objective_id))


def _latest(objective_id: int, goal_id: int) -> QuerySet[CheckIn, tuple[Any, ...]]:
    goals = Goal.objects.filter(
        Q(pk=objective_id) | Q(pk=goal_id) | (Q(part_of_id=objective_id) & ~Q(state=GoalState.DROPPED))
    )
    rows = CheckIn.objects.filter(goal_id__in=goals.values("id"), corrected_by=None).order_by("-on", "-id")
    return rows.values_list(*_LINE_COLUMNS)[:LATEST]


def _newest(objective_id: int) -> QuerySet[CheckIn, tuple[Any, ...]]:
    rank = Window(RowNumber(), partition_by=[F("goal_id")], order_by=[F("on").desc(), F("id").desc()])
    parts = Goal.objects.filter(part_of_id=objective_id).values("id")
    rows = CheckIn.objects.filter(goal_id__in=parts, corrected_by=None).annotate(rank=rank).filter(rank=1)
    return rows.order_by("-on", "-id").values_list(*_LINE_COLUMNS, "rank")


_LATEST = Prepared(_latest, objective_id=int, goal_id=int)
_NEWEST = Prepared(_newest, objective_id=int)


def readings_of(actor: Actor, goal_id: int, *, limit: int = 200) -> tuple[tuple[date, float], ...]:
    """The latest readings of a key result for a small chart, oldest first; the caller has fetched it as visible."""
    rows = CheckIn.objects.filter(goal_id=goal_id, corrected_by=None, value__isnull=False).order_by("-on", "-id")
    found = [(on, value) for on, value in rows.values_list("on", "value")[:limit] if value is not None]
    return tuple(reversed(found))


def comments_of(actor: Actor, goal_id: int, *, cursor: str = "", size: int = 50) -> CommentPage:
    """Comments on a goal; three queries."""
    return comments_on(actor, goal_visible(actor, goal_id), cursor=cursor, size=size)


def comments_on(actor: Actor, goal: Goal, *, cursor: str = "", size: int = 50) -> CommentPage:
    """Comments on a goal the caller has fetched as visible; two queries."""
    rows = Comment.objects.filter(goal=goal).select_related("by_person").prefetch_related("mentions__person")
    page = page_of(rows, order=("-id",), cursor=cursor, size=size)
    lines = tuple(
        CommentLine(
            id=row.pk,
            text=row.text,
            by_id=row.by_person_id,
            by_name=row.by_person.name if row.by_person is not None else "",
            at=row.created_at,
            is_edited=row.edited_at is not None,
            is_withdrawn=row.withdrawn_at is not None,
            can_edit=row.withdrawn_at is None and bool(can_edit_comment(actor, row)),
            mentions=tuple((item.person_id, item.person.name) for item in row.mentions.all()),
        )
        for row in reversed(page.rows)
    )
    return CommentPage(lines, page.next_cursor, page.previous_cursor)


def goal_versions(actor: Actor, goal_id: int, *, limit: int = 100) -> tuple[VersionRow, ...]:
    """The versions of an objective, newest first, each beside the text before it; one query and the goal's."""
    goal = goal_visible(actor, goal_id)
    rows = list(
        GoalVersion.objects.filter(goal_id=goal.objective_id).select_related("author").order_by("-number")[: limit + 1]
    )
    before = {row.number: row.text for row in rows}
    signed = goal.part_of.signed_version if goal.part_of is not None else goal.signed_version
    return tuple(
        VersionRow(
            number=row.number,
            on=row.on,
            at=row.created_at,
            author_name=row.author.name if row.author is not None else "",
            reason=row.reason,
            is_editorial=row.is_editorial,
            changes=tuple(row.changes),
            text=row.text,
            previous_text=before.get(row.number - 1, ""),
            is_signed=row.number == signed,
        )
        for row in rows[:limit]
    )
