"""Goals as a network, read in a few queries however large: what is above, below, and all of it.

Plain SQL that looks rows up by lists of numbers. Joined to a recursive query instead, SQLite believes that a million
rows come from it and reads whole tables first, to make filters of them; levels are few, so a query a level is quicker.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from throughline.goals.models import Alignment, Goal
from throughline.goals.rules import COUNTING_STATES, GoalState
from throughline.kernel.actor import Actor

# Far below the number of parameters either database takes in one statement.
CHUNK = 5000

_STEPS_UP = """
SELECT child_id, parent_id, weight FROM goals_alignment
WHERE child_id IN ({children}) AND ends_on IS NULL AND rule = 'contributes'"""
# Columns of a key result hold its reading as it counts: zero and unread without one.
_OTHERS = """
SELECT goal_id, SUM(weight), SUM(weight * progress), SUM(weight * progress_raw), SUM(weight * unread_share_0_1)
FROM (
    SELECT alignment.parent_id AS goal_id, alignment.weight, child.progress, child.progress_raw, child.unread_share_0_1
    FROM goals_alignment alignment JOIN goals_goal child ON child.id = alignment.child_id
    WHERE alignment.parent_id IN ({above}) AND alignment.ends_on IS NULL AND alignment.rule = 'contributes'
    AND child.id NOT IN ({above}) AND child.state IN ({counting}) AND NOT child.is_empty
    UNION ALL
    SELECT part.part_of_id, part.weight, part.progress, part.progress_raw, part.unread_share_0_1
    FROM goals_goal part
    WHERE part.part_of_id IN ({above}) AND part.kind = 'key_result' AND part.state <> %s
) counted
GROUP BY goal_id HAVING SUM(weight) > 0"""
_CHILD = """
    child.id, child.kind, child.state, child.progress, child.progress_raw, child.unread_share_0_1,
    child.is_empty, child.has_reading, child.metric_key, child.metric_unit, child.amount, child.value
"""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One goal with the numbers a roll-up reads."""

    id: int
    kind: str
    state: str
    progress: float
    raw: float
    unread_share_0_1: float
    is_empty: bool
    has_reading: bool
    metric_key: str
    metric_unit: str
    amount: float | None
    value: float | None

    @property
    def measure(self) -> tuple[str, str] | None:
        """Metric and unit in which amounts are counted, or None."""
        return (self.metric_key, self.metric_unit) if self.metric_key else None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A child, or a key result, of a parent."""

    parent_id: int
    child_id: int
    weight: float
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Some goals (`inner`), all that stands directly below them, and the edges between."""

    inner: tuple[int, ...]
    nodes: dict[int, GraphNode]
    edges: tuple[GraphEdge, ...]


def ancestors_above(actor: Actor, objective_ids: Collection[int]) -> list[int]:
    """The objectives and everything they contribute to, by any path; a query a level."""
    return sorted({*objective_ids, *(parent_id for _, parent_id, _ in _steps_up(objective_ids))})


def _steps_up(objective_ids: Collection[int]) -> list[tuple[int, int, float]]:
    """Contributing alignments (child, parent, weight) from these objectives all the way up, each once."""
    seen, level = set(objective_ids), sorted(objective_ids)
    steps: list[tuple[int, int, float]] = []
    with connection.cursor() as cursor:
        while level:
            found: list[tuple[int, int, float]] = []
            for start in range(0, len(level), CHUNK):
                children = level[start : start + CHUNK]
                cursor.execute(_STEPS_UP.format(children=_places(children)), children)
                found += cursor.fetchall()
            steps += found
            level = sorted({parent_id for _, parent_id, _ in found} - seen)
            seen.update(level)
    return steps


def neighbourhood_above(actor: Actor, objective_ids: Collection[int]) -> Neighbourhood:
    """The objectives, their ancestors and all children of these, locking the ancestors; a query a level and three."""
    inner = ancestors_above(actor, objective_ids)
    # Two check-ins below one goal must not overwrite each other's roll-up; SQLite writes one at a time anyway.
    locked = list(Goal.objects.select_for_update().filter(pk__in=inner).order_by("pk").values_list(*_NODE_FIELDS))
    nodes = {row[0]: GraphNode(*row) for row in locked}
    return _with_children(nodes)


@dataclass(frozen=True, slots=True)
class OtherChildren:
    """Key results and children of one goal that a climb does not touch, added up: weights, and weighted numbers."""

    goal_id: int
    weight: float
    progress: float
    raw: float
    unread: float


@dataclass(frozen=True, slots=True)
class Climb:
    """Objectives with all their ancestors, the contributing edges between them, and the sums of what else is below."""

    nodes: dict[int, GraphNode]
    edges: tuple[GraphEdge, ...]
    others: tuple[OtherChildren, ...]


def climb_above(actor: Actor, objective_ids: Collection[int]) -> Climb:
    """What a roll-up of means needs, locking the ancestors; a query a level and two.

    The database adds up the children that stay as they are: a goal near the top has hundreds, and none is read here.
    """
    steps = _steps_up(objective_ids)
    inner = sorted({*objective_ids, *(parent_id for _, parent_id, _ in steps)})
    locked = Goal.objects.select_for_update().filter(pk__in=inner).order_by("pk").values_list(*_NODE_FIELDS)
    nodes = {row[0]: GraphNode(*row) for row in locked}
    edges = tuple(GraphEdge(parent_id, child_id, weight, is_counted=True) for child_id, parent_id, weight in steps)
    return Climb(nodes, edges, _others(inner))


def _others(inner: Sequence[int]) -> tuple[OtherChildren, ...]:
    if not inner:
        return ()
    counting = sorted(COUNTING_STATES)
    sql = _OTHERS.format(above=_places(inner), counting=_places(counting))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*inner, *inner, *counting, *inner, GoalState.DROPPED])
        return tuple(OtherChildren(*row) for row in cursor.fetchall())


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def neighbourhood_of(actor: Actor, goal_id: int) -> Neighbourhood:
    """One objective and what stands directly below it; two queries."""
    nodes = {row[0]: GraphNode(*row) for row in Goal.objects.filter(pk=goal_id).values_list(*_NODE_FIELDS)}
    return _with_children(nodes)


_NODE_FIELDS = (
    "id", "kind", "state", "progress", "progress_raw", "unread_share_0_1", "is_empty", "has_reading",
    "metric_key", "metric_unit", "amount", "value",
)  # fmt: skip


def _with_children(nodes: dict[int, GraphNode]) -> Neighbourhood:
    """These goals, all that stands directly below them, and the edges between; two queries per 5,000 goals."""
    inner = tuple(nodes)
    edges: list[GraphEdge] = []
    found = dict(nodes)
    with connection.cursor() as cursor:
        for start in range(0, len(inner), CHUNK):
            above = inner[start : start + CHUNK]
            for sql in _BELOW:
                cursor.execute(sql.format(above=_places(above), child=_CHILD), above)
                for parent_id, weight, rule, *node in cursor.fetchall():
                    child = _node(node)
                    found.setdefault(child.id, child)
                    edges.append(GraphEdge(parent_id, child.id, weight, rule == "contributes"))
    return Neighbourhood(inner, found, tuple(edges))


_BELOW = (
    """SELECT alignment.parent_id, alignment.weight, alignment.rule, {child}
    FROM goals_alignment alignment JOIN goals_goal child ON child.id = alignment.child_id
    WHERE alignment.parent_id IN ({above}) AND alignment.ends_on IS NULL""",
    """SELECT child.part_of_id, child.weight, 'contributes', {child}
    FROM goals_goal child WHERE child.part_of_id IN ({above}) AND child.kind = 'key_result'""",
)


def _node(row: list[Any]) -> GraphNode:
    # SQLite hands booleans out of raw SQL as 0 and 1.
    row[6], row[7] = bool(row[6]), bool(row[7])
    return GraphNode(*row)


@dataclass(frozen=True, slots=True)
class ParentShare:
    """A parent of a goal as far as shares of amounts need it."""

    child_id: int
    parent_id: int
    weight: float
    state: str
    metric_key: str
    metric_unit: str


def parents_of(actor: Actor, child_ids: Collection[int]) -> list[ParentShare]:
    """The contributing parents of goals; one query."""
    rows = Alignment.objects.filter(child_id__in=sorted(child_ids), ends_on=None, rule="contributes")
    return [
        ParentShare(*row)
        for row in rows.values_list(
            "child_id", "parent_id", "weight", "parent__state", "parent__metric_key", "parent__metric_unit"
        )
    ]


def everything(actor: Actor) -> Neighbourhood:
    """All objectives and key results of the organisation with all edges; two queries, for full roll-ups only."""
    rows = Goal.objects.exclude(kind="initiative").order_by("id").values_list(*_NODE_FIELDS)
    nodes = {row[0]: GraphNode(*row) for row in rows.iterator(chunk_size=5000)}
    edges = [
        GraphEdge(parent_id, child_id, weight, rule == "contributes")
        for parent_id, child_id, weight, rule in Alignment.objects.filter(ends_on=None)
        .values_list("parent_id", "child_id", "weight", "rule")
        .iterator(chunk_size=5000)
    ]
    edges += [
        GraphEdge(parent_id, child_id, weight, is_counted=True)
        for parent_id, child_id, weight in Goal.objects.filter(kind="key_result")
        .values_list("part_of_id", "id", "weight")
        .iterator(chunk_size=5000)
    ]
    return Neighbourhood(tuple(nodes), nodes, tuple(edges))


def path_up(actor: Actor, *, start_id: int, goal_id: int) -> list[int]:
    """Goals on one shortest way from `start_id` up to `goal_id`, both included; empty when there is none.

    Used to name the circle a new alignment would close; one query per level, supporting alignments included.
    """
    came_from: dict[int, int] = {start_id: 0}
    frontier = [start_id]
    while frontier and goal_id not in came_from:
        steps = Alignment.objects.filter(child_id__in=frontier, ends_on=None).order_by("id")
        frontier = []
        for child_id, parent_id in steps.values_list("child_id", "parent_id"):
            if parent_id not in came_from:
                came_from[parent_id] = child_id
                frontier.append(parent_id)
    if goal_id not in came_from:
        return []
    path = [goal_id]
    while path[-1] != start_id:
        path.append(came_from[path[-1]])
    return path[::-1]
