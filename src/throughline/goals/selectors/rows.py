"""Goals in lists: one filter, three views (table, tree, outline), rows ready to print."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from throughline.goals.models import Alignment, Goal, GoalCoOwner
from throughline.goals.policies import GOAL, visible_goals
from throughline.goals.rules import (
    STATE_LABELS,
    DueState,
    GoalState,
    counts_upwards,
    due_state,
    status_label,
)
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Invalid
from throughline.kernel.paging import page_of
from throughline.ledger.selectors import subject_ids_matching
from throughline.people.selectors import in_unit

# Orders a table may have; every column is never null, and the id makes the order total.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "progress": ("progress", "id"),
    "-progress": ("-progress", "-id"),
    "newest": ("-id",),
}
# Children shown below one goal in the outline and the tree before the rest is behind a link.
CHILDREN_SHOWN = 200
MOST_BY_WORDS = 1000


@dataclass(frozen=True, slots=True)
class GoalFilter:
    """What a list shows. `query()` writes it into an address, `of()` reads it back; both leave out what is not set."""

    q: str = ""
    kind: str = "objective"
    state: str = ""
    cycle_id: int | None = None
    unit_id: int | None = None
    theme_id: int | None = None
    owner_id: int | None = None
    status: str = ""
    level: str = ""
    is_mine: bool = False

    def query(self, **changes: Any) -> str:
        """The filter, changed in these respects, as the query part of an address without its question mark."""
        wanted = replace(self, **changes)
        pairs = [
            (item.name, "1" if value is True else str(value))
            for item in fields(wanted)
            if (value := getattr(wanted, item.name)) != item.default
        ]
        return urlencode(pairs)

    @property
    def is_set(self) -> bool:
        return self != GoalFilter()


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal as a list shows it. `is_counted` False is struck through; `is_unread` marks a zero for want of a reading."""

    id: int
    url: str
    title: str
    kind: str
    state: str
    state_label: str
    owner_id: int | None
    owner_name: str
    unit_name: str
    cycle_name: str
    progress_percent: int
    is_empty: bool
    is_unread: bool
    is_counted: bool
    status: str
    status_label: str
    confidence_percent: int | None
    due: DueState | None
    # Filled in by `with_child_counts`.
    child_count: int = 0
    depth: int = 0
    weight: float = 1.0
    rule: str = ""
    part_of_id: int | None = None
    metric_unit: str = ""
    value: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class GoalTablePage:
    """Some rows and the cursors of the pages beside them ("" when there is none)."""

    rows: tuple[GoalRow, ...]
    next_cursor: str
    previous_cursor: str


_ROW_COLUMNS = (
    "org_id", "title", "kind", "state", "owner_id", "owner__org_id", "owner__name", "unit_id", "unit__org_id",
    "unit__name", "cycle_id", "cycle__org_id", "cycle__name", "progress", "is_empty", "has_reading", "status",
    "confidence_0_1", "due_on", "weight", "part_of_id", "metric_unit", "value", "target",
)  # fmt: skip


def goals_visible_to(actor: Actor, wanted: GoalFilter | None = None) -> QuerySet[Goal]:
    """Goals the actor may read that fit a filter, unordered."""
    wanted = wanted or GoalFilter()
    goals = Goal.objects.filter(visible_goals(actor))
    if wanted.kind:
        goals = goals.filter(kind=wanted.kind)
    if wanted.state:
        goals = goals.filter(_in_state(wanted))
    for name in ("cycle_id", "theme_id", "owner_id"):
        if getattr(wanted, name) is not None:
            goals = goals.filter(**{name: getattr(wanted, name)})
    for name in ("status", "level"):
        if getattr(wanted, name):
            goals = goals.filter(**{name: getattr(wanted, name)})
    if wanted.unit_id is not None:
        goals = goals.filter(in_unit(actor, wanted.unit_id))
    if wanted.q.strip():
        goals = goals.filter(_with_words(actor, wanted.q))
    if wanted.is_mine and actor.person_id is None:
        return goals.none()
    if wanted.is_mine and actor.person_id is not None:
        mine = GoalCoOwner.objects.filter(person_id=actor.person_id).values("goal_id")
        goals = goals.filter(Q(owner_id=actor.person_id) | Q(pk__in=mine))
    return goals


def _in_state(wanted: GoalFilter) -> Q:
    """Parts have the state of their objective in lists, except that a removed one is dropped."""
    own = Q(state=wanted.state, part_of=None)
    if wanted.kind == "objective":
        return Q(state=wanted.state)
    if wanted.state == GoalState.DROPPED:
        return own | Q(state=wanted.state) | Q(part_of__state=wanted.state)
    return own | (Q(part_of__state=wanted.state) & ~Q(state=GoalState.DROPPED))


def _with_words(actor: Actor, text: str) -> Q:
    """Goals whose words begin with each of these, by the word index; parts by their objective's entry and their own."""
    plain = Q()
    for word in text.split()[:6]:
        plain &= Q(title__icontains=word) | Q(description__icontains=word)
    found = subject_ids_matching(actor, text, kind=GOAL, limit=MOST_BY_WORDS + 1)
    # So many goals have these words that the first page of any order is full soon; reading on in order is quicker.
    if len(found) > MOST_BY_WORDS:
        return plain
    return Q(pk__in=found) | (Q(part_of_id__in=found) & plain)


def goals_table(
    actor: Actor, wanted: GoalFilter, *, cursor: str = "", size: int = 50, order: str = "title"
) -> GoalTablePage:
    """One page of the filtered goals as rows; two queries."""
    if order not in ORDERS:
        raise Invalid({"order": f"Order by one of: {', '.join(ORDERS)}."})
    return _page(actor, goals_visible_to(actor, wanted), cursor=cursor, size=size, order=ORDERS[order])


def goal_tree_roots(actor: Actor, wanted: GoalFilter, *, cursor: str = "", size: int = 50) -> GoalTablePage:
    """Filtered goals that stand under no other goal of the same filter; two queries."""
    goals = goals_visible_to(actor, replace(wanted, kind="objective"))
    if not wanted.is_set:
        goals = goals.filter(is_aligned=False)
    else:
        # With a narrower filter a goal is a root when its parents do not fit: its place is then at the top.
        above = Alignment.objects.filter(child_id=OuterRef("pk"), ends_on=None, parent_id__in=goals.values("id"))
        goals = goals.filter(Q(is_aligned=False) | Q(~Exists(above)))
    return _page(actor, goals, cursor=cursor, size=size, order=ORDERS["title"])


def goal_tree_children(actor: Actor, goal_id: int, *, limit: int = CHILDREN_SHOWN) -> tuple[GoalRow, ...]:
    """What stands directly below a goal, its key results and initiatives first; four queries."""
    return goal_children(actor, [goal_id], limit=limit).get(goal_id, ())


def goal_outline(actor: Actor, wanted: GoalFilter, *, cursor: str = "", size: int = 20) -> GoalTablePage:
    """Roots with two levels below them, flattened with a depth; a fixed number of queries."""
    page = goal_tree_roots(actor, wanted, cursor=cursor, size=size)
    first = goal_children(actor, [row.id for row in page.rows], limit=CHILDREN_SHOWN)
    second = goal_children(
        actor,
        sorted({row.id for rows in first.values() for row in rows if row.kind == "objective"}),
        limit=CHILDREN_SHOWN,
    )
    flat: list[GoalRow] = []
    for root in page.rows:
        flat.append(root)
        for child in first.get(root.id, ()):
            flat.append(replace(child, depth=1))
            flat.extend(replace(grandchild, depth=2) for grandchild in second.get(child.id, ()))
    return GoalTablePage(tuple(flat), page.next_cursor, page.previous_cursor)


def goal_children(actor: Actor, goal_ids: Collection[int], *, limit: int) -> dict[int, tuple[GoalRow, ...]]:
    """Rows directly below several goals, at most `limit` of all kinds for each; four queries in all."""
    if not goal_ids:
        return {}
    below: dict[int, list[tuple[int, float, str]]] = {}
    parts = Goal.objects.filter(part_of_id__in=goal_ids).order_by("part_of_id", "-kind", "position", "id")
    for parent_id, child_id, weight in parts.values_list("part_of_id", "id", "weight"):
        below.setdefault(parent_id, []).append((child_id, weight, "part"))
    aligned = Alignment.objects.filter(parent_id__in=goal_ids, ends_on=None).order_by("rule", "child__title", "id")
    for parent_id, child_id, weight, rule in aligned.values_list("parent_id", "child_id", "weight", "rule"):
        below.setdefault(parent_id, []).append((child_id, weight, rule))
    wanted = {child_id for rows in below.values() for child_id, _, _ in rows[:limit]}
    found = rows_of(actor, Goal.objects.filter(visible_goals(actor), pk__in=wanted))
    rows = {row.id: row for row in with_child_counts(found)}
    return {
        parent_id: tuple(
            replace(rows[child_id], weight=weight, rule=rule)
            for child_id, weight, rule in items[:limit]
            if child_id in rows
        )
        for parent_id, items in below.items()
    }


def _page(actor: Actor, goals: QuerySet[Goal], *, cursor: str, size: int, order: Sequence[str]) -> GoalTablePage:
    page = page_of(with_row_columns(goals), order=order, cursor=cursor, size=size)
    return GoalTablePage(tuple(with_child_counts(rows_from(actor, page.rows))), page.next_cursor, page.previous_cursor)


def rows_of(actor: Actor, goals: QuerySet[Goal]) -> list[GoalRow]:
    """A queryset as rows, in its order; one query. The caller has filtered by what the actor may see."""
    return rows_from(actor, list(with_row_columns(goals)))


def with_row_columns(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """The same goals with what `goal_row` reads and no more: four wide tables take longer to read than to show."""
    return goals.select_related("owner", "unit", "cycle").only(*_ROW_COLUMNS)


def rows_from(actor: Actor, goals: Iterable[Goal]) -> list[GoalRow]:
    """Goals read `with_row_columns` as rows, without the number of what is below them; no query."""
    day = today(actor.time_zone)
    prefix = url_prefix(actor)
    return [goal_row(goal, url=f"{prefix}{goal.pk}/", day=day) for goal in goals]


def with_child_counts(rows: Sequence[GoalRow]) -> list[GoalRow]:
    """The same rows with how much stands below each; two queries."""
    counts = child_counts([row.id for row in rows if row.kind == "objective"])
    return [replace(row, child_count=counts[row.id]) if row.id in counts else row for row in rows]


def url_prefix(actor: Actor) -> str:
    """The address of goals without the number and the last slash, so that rows need no reversing each."""
    return reverse("goals:goal", args=[actor.org_slug, 0]).removesuffix("0/")


def goal_url(actor: Actor, goal_id: int) -> str:
    """The address of one goal or part."""
    return f"{url_prefix(actor)}{goal_id}/"


def goal_row(goal: Goal, *, url: str, day: Any) -> GoalRow:
    """One goal as a row; owner, unit and cycle must be loaded."""
    state = GoalState(goal.state)
    return GoalRow(
        id=goal.pk,
        url=url,
        title=goal.title,
        kind=goal.kind,
        state=goal.state,
        state_label=STATE_LABELS[state] if goal.is_objective else _part_label(state),
        owner_id=goal.owner_id,
        owner_name=goal.owner.name if goal.owner is not None else "",
        unit_name=goal.unit.name if goal.unit is not None else "",
        cycle_name=goal.cycle.name if goal.cycle is not None else "",
        progress_percent=round(goal.progress * 100),
        is_empty=goal.is_empty,
        is_unread=not goal.has_reading and not goal.is_empty,
        is_counted=counts_upwards(goal.kind, goal.state),
        status=goal.status,
        status_label=status_label(goal.status),
        confidence_percent=None if goal.confidence_0_1 is None else round(goal.confidence_0_1 * 100),
        due=due_state(goal.due_on, day) if goal.due_on is not None else None,
        weight=goal.weight,
        part_of_id=goal.part_of_id,
        metric_unit=goal.metric_unit,
        value=goal.value,
        target=goal.target,
    )


def _part_label(state: GoalState) -> str:
    return {GoalState.CLOSED: "Done", GoalState.DROPPED: "Removed"}.get(state, "")


def child_counts(goal_ids: Collection[int]) -> dict[int, int]:
    """How many parts and aligned goals stand below each; two queries."""
    counts: dict[int, int] = {}
    parts = Goal.objects.filter(part_of_id__in=goal_ids).exclude(state=GoalState.DROPPED)
    aligned = Alignment.objects.filter(parent_id__in=goal_ids, ends_on=None)
    for rows in (
        parts.values_list("part_of_id").annotate(n=Count("id")),
        aligned.values_list("parent_id").annotate(n=Count("id")),
    ):
        for parent_id, number in rows:
            counts[parent_id] = counts.get(parent_id, 0) + number
    return counts
