"""What a goal's number rests on in the end: its leaves, their weights, and the ways by which they count."""

import heapq
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import AlignmentRule, GoalGraph
from throughline_analysis.networks.levels import (
    BoolArray,
    FloatArray,
    IndexArray,
    distinct,
    joined_ranges,
)
from throughline_analysis.networks.means import MeanRollup, counting_weights, rollup_means


@dataclass(frozen=True, eq=False)
class LeafWeights:
    """Leaves that count for a goal, ascending; weights sum to one (no leaves at all: empty arrays).

    `path_counts` says by how many ways each leaf counts: exact up to 2**53, a rounded number above.
    `leaf_paths` counts exactly.
    """

    node: int
    leaves: IndexArray
    weights: FloatArray
    path_counts: FloatArray


@dataclass(frozen=True)
class LeafPath:
    """One way from a goal down to a leaf, both included, and the product of the weights along it."""

    nodes: tuple[int, ...]
    weight: float


@dataclass(frozen=True)
class LeafPaths:
    """The heaviest ways from a goal to a leaf, heaviest first; `path_count` is how many there are in all."""

    node: int
    leaf: int
    weight: float
    path_count: int
    paths: tuple[LeafPath, ...]

    @property
    def folded_count(self) -> int:
        """How many ways are not listed."""
        return self.path_count - len(self.paths)


def leaf_weights(graph: GoalGraph, node: int) -> LeafWeights:
    """Weight of every leaf in one goal's progress: the sum over its paths of the product of weights.

    Parameters
    ----------
    graph : GoalGraph
        Holds everything below the goal.
    node : int
        The goal. A leaf weighs one in itself.

    Returns
    -------
    LeafWeights
        `leaves`, `weights`, `path_counts`: each (n_counting_leaves,), in ascending order of leaf.

    Raises
    ------
    InputError
        The node is not in the graph.

    Notes
    -----
    Weights sum to one, up to rounding, unless the goal has nothing to roll up; then there are no rows. The
    sum of weight times clamped leaf progress is the goal's progress. Cost: one roll-up of `graph` and one
    pass downwards over the goal's descendants.

    Examples
    --------
    Key result 3 counts for goal 0 through goals 1 and 2.

    >>> graph = goal_graph(
    ...     [0, 0, 1, 2, 2], [1, 2, 3, 3, 4], leaves=[False] * 3 + [True] * 2, progress=[0, 0, 0, 1, 0]
    ... )
    >>> result = leaf_weights(graph, 0)
    >>> result.leaves.tolist(), result.weights.tolist(), result.path_counts.tolist()
    ([3, 4], [0.75, 0.25], [2.0, 1.0])
    """
    graph.require_node(node)
    result = rollup_means(graph)
    normalised = normalised_weights(graph, result)
    weight, paths = np.zeros(graph.n_nodes), np.zeros(graph.n_nodes)
    if not result.is_empty[node]:
        weight[node] = paths[node] = 1.0
    for level_nodes in _descendants_by_level(graph, node):
        counts = graph.starts[level_nodes + 1] - graph.starts[level_nodes]
        edges = joined_ranges(graph.starts[level_nodes], counts)
        counting = normalised[edges] > 0
        source, edges = np.repeat(level_nodes, counts)[counting], edges[counting]
        np.add.at(weight, graph.children[edges], weight[source] * normalised[edges])
        np.add.at(paths, graph.children[edges], paths[source])
    leaves = np.flatnonzero(graph.leaves & (paths > 0))
    return LeafWeights(node=node, leaves=leaves, weights=weight[leaves], path_counts=paths[leaves])


def leaf_paths(graph: GoalGraph, node: int, *, leaf: int, limit: int = 5) -> LeafPaths:
    """The ways by which one leaf counts for one goal, the heaviest first, and how many there are in all.

    Parameters
    ----------
    graph : GoalGraph
        Holds everything below the goal.
    node, leaf : int
        The goal and the leaf.
    limit : int, at least 1
        How many ways to list.

    Returns
    -------
    LeafPaths
        Heaviest first, ties by the smaller node numbers. No paths and weight zero when the leaf does not
        count for the goal.

    Raises
    ------
    InputError
        A node is not in the graph, `leaf` is not a leaf, or `limit` is below 1.

    Notes
    -----
    Best-first search that only walks edges leading to the leaf and knows the heaviest remainder from each
    node, so the first paths found are the heaviest. `path_count` is exact however large. Cost: one roll-up of
    `graph`, plus the edges between the goal and the leaf, plus limit * depth * children per goal.

    Examples
    --------
    >>> graph = goal_graph(
    ...     [0, 0, 1, 2, 2], [1, 2, 3, 3, 4], leaves=[False] * 3 + [True] * 2, progress=[0, 0, 0, 1, 0]
    ... )
    >>> result = leaf_paths(graph, 0, leaf=3, limit=1)
    >>> result.paths[0].nodes, result.weight, result.path_count, result.folded_count
    ((0, 1, 3), 0.75, 2, 1)
    """
    graph.require_node(node)
    graph.require_node(leaf)
    if not graph.leaves[leaf]:
        raise InputError(f"Node {leaf} is not a leaf; ask for a way to a key result that is measured itself.")
    if limit < 1:
        raise InputError(f"`limit` is {limit}; ask for at least one path.")
    between = _Between.of(graph, node, leaf)
    return LeafPaths(
        node=node,
        leaf=leaf,
        weight=between.weight.get(node, 0.0),
        path_count=between.path_count.get(node, 0),
        paths=between.heaviest(node, leaf, limit),
    )


@dataclass(frozen=True)
class _Between:
    """The graph between a goal and a leaf: steps down, and what the ways from each node add up to."""

    steps: dict[int, list[tuple[int, float]]]
    weight: dict[int, float]
    path_count: dict[int, int]
    best: dict[int, float]

    @classmethod
    def of(cls, graph: GoalGraph, node: int, leaf: int) -> "_Between":
        normalised = normalised_weights(graph, rollup_means(graph))
        leading_up = _leads_to(graph, leaf)
        weight, path_count, best = {leaf: 1.0}, {leaf: 1}, {leaf: 1.0}
        steps: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for level_nodes in reversed(_descendants_by_level(graph, node)):
            for above in level_nodes[leading_up[level_nodes]].tolist():
                rows = graph.edges_below(above)
                ways = zip(graph.children[rows].tolist(), normalised[rows].tolist(), strict=True)
                leading = [(child, share) for child, share in ways if share > 0 and child in weight]
                if not leading:
                    continue
                steps[above] = leading
                weight[above] = sum(share * weight[child] for child, share in leading)
                path_count[above] = sum(path_count[child] for child, _ in leading)
                best[above] = max(share * best[child] for child, share in leading)
        return cls(steps=steps, weight=weight, path_count=path_count, best=best)

    def heaviest(self, node: int, leaf: int, limit: int) -> tuple[LeafPath, ...]:
        if node not in self.weight:
            return ()
        found: list[LeafPath] = []
        queue: list[tuple[float, tuple[int, ...], float]] = [(-self.best[node], (node,), 1.0)]
        while queue and len(found) < limit:
            _, nodes, product = heapq.heappop(queue)
            if nodes[-1] == leaf:
                found.append(LeafPath(nodes=nodes, weight=product))
                continue
            for child, share in self.steps[nodes[-1]]:
                heapq.heappush(queue, (-product * share * self.best[child], (*nodes, child), product * share))
        return tuple(found)


def normalised_weights(graph: GoalGraph, result: MeanRollup) -> FloatArray:
    """Weight of each edge divided by the sum at its parent; zero where the child does not count."""
    counts = (graph.rules == AlignmentRule.CONTRIBUTES) & ~result.is_empty[graph.children]
    weights = np.where(counts, counting_weights(graph), 0.0)
    total = np.bincount(graph.parents, weights=weights, minlength=graph.n_nodes)[graph.parents]
    return np.divide(weights, total, out=np.zeros(graph.n_edges), where=total > 0)


def _leads_to(graph: GoalGraph, leaf: int) -> BoolArray:
    """Where a node lies above the leaf over contributing edges."""
    levels = graph.levels
    leads = levels.order == leaf
    for level in range(1, len(levels.node_bounds) - 1):
        low, high = levels.node_bounds[level], levels.node_bounds[level + 1]
        first, last = levels.edge_bounds[level], levels.edge_bounds[level + 1]
        cuts = levels.firsts[low:high] - first
        leads[low:high] = np.logical_or.reduceat(leads[levels.child_positions[first:last]], cuts)
    in_node_order = np.empty(graph.n_nodes, dtype=np.bool_)
    in_node_order[levels.order] = leads
    return in_node_order


def _descendants_by_level(graph: GoalGraph, node: int) -> list[IndexArray]:
    """The node and all nodes below it over contributing edges, in groups, parents before children."""
    levels = graph.levels
    scratch = np.empty(graph.n_nodes, dtype=np.intp)
    seen = np.zeros(graph.n_nodes, dtype=np.bool_)
    frontier = np.array([node], dtype=np.intp)
    while len(frontier):
        seen[frontier] = True
        counts = graph.starts[frontier + 1] - graph.starts[frontier]
        edges = joined_ranges(graph.starts[frontier], counts)
        below = graph.children[edges[graph.rules[edges] == AlignmentRule.CONTRIBUTES]]
        frontier = distinct(below[~seen[below]], scratch)
    positions = np.flatnonzero(seen[levels.order])
    groups = np.split(positions, np.searchsorted(positions, levels.node_bounds[1:-1]))
    return [np.sort(levels.order[group]) for group in reversed(groups) if len(group)]
