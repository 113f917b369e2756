"""Key results that count for a goal by several ways, each way with its share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from throughline.goals.analysis.numbers import percent
from throughline.goals.models import Goal
from throughline.goals.policies import visible_goals
from throughline.goals.rules import COUNTING_STATES
from throughline.goals.selectors.past import PastGraph, past_graph
from throughline.kernel.actor import Actor
from throughline_analysis.networks import AlignmentRule, GoalGraph, goal_graph, leaf_paths, leaf_weights

# The heaviest of them; more than these nobody compares.
LEAVES_SHOWN, WAYS_SHOWN = 12, 4
HIDDEN = "something you cannot open"


@dataclass(frozen=True, slots=True)
class Way:
    """One way from the goal down to a key result, by titles, and its share of the goal's number."""

    titles: tuple[str, ...]
    share_percent: float


@dataclass(frozen=True, slots=True)
class SharedKeyResult:
    """A key result reached by several ways; `share_percent` is their sum, `folded` counts ways not listed."""

    title: str
    share_percent: float
    ways: tuple[Way, ...]
    folded: int


def shared_key_results(actor: Actor, goal_id: int, *, on: date) -> tuple[SharedKeyResult, ...]:
    """What counts several times for an objective the caller has fetched as visible, the heaviest first.

    Reads everything below the goal, so a page asks for it only when its reader does.
    """
    past = past_graph(actor, goal_id, on=on)
    ids = [*past.objective_ids, *(part.id for part in past.key_results)]
    graph, node = _graph(past, ids), ids.index(goal_id)
    found = leaf_weights(graph, node)
    leaves = zip(found.leaves, found.weights, found.path_counts, strict=True)
    several = [(int(leaf), float(weight)) for leaf, weight, count in leaves if count > 1 and weight > 0]
    several.sort(key=lambda item: (-item[1], item[0]))
    titles = _titles(actor, ids)
    return tuple(_shared(graph, node, leaf, ids=ids, titles=titles) for leaf, _ in several[:LEAVES_SHOWN])


def _graph(past: PastGraph, ids: list[int]) -> GoalGraph:
    index = {number: row for row, number in enumerate(ids)}
    own = [(part.objective_id, part.id, part.weight, True) for part in past.key_results]
    edges = [(edge.parent_id, edge.child_id, edge.weight, edge.is_counted) for edge in past.edges]
    edges = [edge for edge in (*edges, *own) if edge[0] in index and edge[1] in index]
    left_out = [past.states.get(number) not in COUNTING_STATES for number in past.objective_ids]
    return goal_graph(
        [index[edge[0]] for edge in edges],
        [index[edge[1]] for edge in edges],
        leaves=[False] * len(past.objective_ids) + [True] * len(past.key_results),
        # Only the ways matter here, not how far anything is.
        progress=[math.nan] * len(past.objective_ids) + [0.0] * len(past.key_results),
        weights=[edge[2] for edge in edges],
        rules=[AlignmentRule.CONTRIBUTES if edge[3] else AlignmentRule.SUPPORTS for edge in edges],
        excluded=left_out + [False] * len(past.key_results),
    )


def _titles(actor: Actor, ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), 5000):
        rows = Goal.objects.filter(visible_goals(actor), pk__in=ids[start : start + 5000])
        found.update(rows.values_list("pk", "title"))
    return found


def _shared(graph: GoalGraph, node: int, leaf: int, *, ids: list[int], titles: dict[int, str]) -> SharedKeyResult:
    found = leaf_paths(graph, node, leaf=leaf, limit=WAYS_SHOWN)
    ways = tuple(
        Way(tuple(titles.get(ids[step], HIDDEN) for step in path.nodes[1:-1]), percent(path.weight))
        for path in found.paths
    )
    title = titles.get(ids[leaf], HIDDEN)
    return SharedKeyResult(title, percent(found.weight), ways, found.folded_count)
