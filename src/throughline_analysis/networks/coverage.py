"""Where the line is broken: what reaches no purpose, and what nobody serves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import AlignmentRule, GoalGraph
from throughline_analysis.networks.levels import BoolArray, IndexArray, distinct, grouped, joined_ranges


class Reach(IntEnum):
    """How a goal reaches a purpose: not at all, only with a supporting step on the way, or by contributing."""

    NONE = 0
    SUPPORTS = 1
    CONTRIBUTES = 2


class Service(IntEnum):
    """How a purpose is served: by nobody, by support alone, by goals without a key result, or measurably."""

    NONE = 0
    SUPPORTED = 1
    UNMEASURED = 2
    MEASURED = 3


@dataclass(frozen=True, eq=False)
class PurposeCoverage:
    """How purposes and goals hang together.

    `reach`, (n_nodes,), is a `Reach` per node and `steps`, (n_nodes,), the fewest alignments up to a purpose, -1 where
    none is reached. `service`, one `Service` per entry of `purposes`. `unreached` are nodes that count and reach no
    purpose, `unserved` purposes that nobody serves. `reached_share_0_1` is the part of the goals and key results that
    contribute to a purpose; 1 where there are none.
    """

    purposes: IndexArray
    reach: IndexArray
    steps: IndexArray
    service: IndexArray
    unreached: IndexArray
    unserved: IndexArray
    reached_share_0_1: float


def purpose_coverage(graph: GoalGraph, purposes: ArrayLike) -> PurposeCoverage:
    """What no purpose reaches, and which purposes nobody serves.

    Parameters
    ----------
    graph : GoalGraph
        Purposes, goals and key results; what serves a purpose is aligned below it.
    purposes : (n_purposes,) of int
        Which nodes are purposes (or values, or themes, whatever is to be served).

    Returns
    -------
    PurposeCoverage
        `purposes`, `unreached`, `unserved` in ascending order.

    Raises
    ------
    InputError
        A purpose is not in the graph, given twice, or measured itself.

    Notes
    -----
    Excluded nodes (candidates, dropped goals) carry nothing and are not listed, also not among the unserved, and weight
    does not matter: a goal of weight zero is aligned. One supporting alignment makes a way a supporting one. The
    number says who is connected, not whether the connection is true. Cost O(n_nodes + n_edges).

    Source
    ------
    Definition of Throughline; reachability by breadth-first search.

    Examples
    --------
    Purpose 0 is served by goal 2 with key result 4; nobody serves purpose 1; goal 3 hangs in the air.

    >>> graph = goal_graph([0, 2], [2, 4], leaves=[False] * 4 + [True], progress=[0, 0, 0, 0, 0.5])
    >>> result = purpose_coverage(graph, [0, 1])
    >>> result.unreached.tolist(), result.unserved.tolist(), result.steps.tolist()
    ([3], [1], [0, 0, 1, -1, 2])
    """
    tops = _purposes(graph, purposes)
    counts = ~graph.excluded
    counts[tops] = True
    sound = counts[graph.parents] & counts[graph.children]
    strong = sound & (graph.rules == AlignmentRule.CONTRIBUTES)
    starts = tops[~graph.excluded[tops]]
    steps = _steps_down(graph, starts, sound)
    by_contributing = _steps_down(graph, starts, strong) >= 0
    reach = np.where(by_contributing, Reach.CONTRIBUTES, np.where(steps >= 0, Reach.SUPPORTS, Reach.NONE))
    is_purpose = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_purpose[tops] = True
    judged = ~is_purpose & ~graph.excluded
    service = _services(graph, tops, sound=sound, strong=strong, is_purpose=is_purpose)
    n_judged = int(judged.sum())
    return PurposeCoverage(
        purposes=tops,
        reach=reach.astype(np.intp),
        steps=steps,
        service=service,
        unreached=np.flatnonzero(judged & (reach == Reach.NONE)),
        unserved=tops[(service == Service.NONE) & ~graph.excluded[tops]],
        reached_share_0_1=float((judged & by_contributing).sum() / n_judged) if n_judged else 1.0,
    )


def _purposes(graph: GoalGraph, purposes: ArrayLike) -> IndexArray:
    given = np.array(purposes)
    if given.size == 0:
        given = given.astype(np.intp)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError("`purposes` must be one row of node numbers.")
    tops = np.unique(given).astype(np.intp)
    if len(tops) < len(given):
        raise InputError("A purpose is given twice; name each once.")
    for node in tops.tolist():
        graph.require_node(node)
        if graph.leaves[node]:
            raise InputError(f"Node {node} is measured itself, so it is a key result and no purpose.")
    return tops


def _steps_down(graph: GoalGraph, starts: IndexArray, used: BoolArray) -> IndexArray:
    """Fewest steps from any start down to each node over the used edges; -1 where there is no way."""
    steps = np.full(graph.n_nodes, -1, dtype=np.intp)
    scratch = np.empty(graph.n_nodes, dtype=np.intp)
    frontier, step = starts, 0
    while len(frontier):
        steps[frontier] = step
        edges = joined_ranges(graph.starts[frontier], graph.starts[frontier + 1] - graph.starts[frontier])
        below = graph.children[edges[used[edges]]]
        frontier, step = distinct(below[steps[below] < 0], scratch), step + 1
    return steps


def _services(
    graph: GoalGraph, tops: IndexArray, *, sound: BoolArray, strong: BoolArray, is_purpose: BoolArray
) -> IndexArray:
    """How each purpose is served; another purpose below hands on what serves it but does not serve by itself."""
    judged = ~is_purpose & ~graph.excluded
    supported = _leads_up(graph, judged, sound)
    contributed = _leads_up(graph, judged, strong)
    measured = _leads_up(graph, graph.leaves & ~graph.excluded, strong)
    ranked = np.where(contributed, Service.UNMEASURED, np.where(supported, Service.SUPPORTED, Service.NONE))
    return np.where(measured, Service.MEASURED, ranked)[tops].astype(np.intp)


def _leads_up(graph: GoalGraph, from_nodes: BoolArray, used: BoolArray) -> BoolArray:
    """Where a node lies above one of `from_nodes` over the used edges."""
    edges = np.flatnonzero(used)
    by_child = grouped(graph.children[edges], graph.n_nodes)
    parents = graph.parents[edges][by_child.order]
    found = np.zeros(graph.n_nodes, dtype=np.bool_)
    scratch = np.empty(graph.n_nodes, dtype=np.intp)
    frontier = np.flatnonzero(from_nodes)
    while len(frontier):
        begins = by_child.starts[frontier]
        above = parents[joined_ranges(begins, by_child.starts[frontier + 1] - begins)]
        frontier = distinct(above[~found[above]], scratch)
        found[frontier] = True
    return found
