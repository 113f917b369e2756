"""Order of calculation: nodes sorted so that children come before their parents, found level by level.

Internal to `networks`, except `GoalCycle`, which callers catch to name the goals of a circle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError

IndexArray = NDArray[np.intp]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Below this many rows a comparison sort beats the fixed cost of building a sparse matrix (measured: equal
# near 6,000).
SMALL = 6_000
# Deeper than any organisation's goals; a deeper graph is still right, only planned the general way.
MOST_ROUNDS = 40
NAMED_IN_MESSAGE = 12


class GoalCycle(InputError):
    """Goals contribute to each other in a circle, so none of them has a number.

    `nodes` holds one circle, each node once, parent before child, beginning at its smallest number.
    """

    def __init__(self, nodes: tuple[int, ...], sentence: str = "") -> None:
        said = f"Goals contribute to each other in a circle: {around(nodes)}. Remove one of these alignments."
        super().__init__(sentence or said)
        self.nodes = nodes


def around(nodes: tuple[int, ...]) -> str:
    """A circle in words, folded when it is long."""
    shown = [str(node) for node in nodes[:NAMED_IN_MESSAGE]]
    folded = len(nodes) - len(shown)
    if folded > 0:
        shown.append(f"({folded} more)")
    return " -> ".join([*shown, str(nodes[0])])


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows sorted by a whole-number key; rows with key k are `order[starts[k]:starts[k + 1]]`, as given."""

    order: IndexArray
    starts: IndexArray


@dataclass(frozen=True, eq=False)
class Levels:
    """A calculation plan over the contributing edges.

    `order` lists nodes, children first; level l is `order[node_bounds[l]:node_bounds[l + 1]]`. `edges` are
    row numbers of contributing edges in the order of their parents; level l uses
    `edges[edge_bounds[l]:edge_bounds[l + 1]]`, and `firsts[i]` is where the edges of node `order[i]` begin.
    `child_positions` says where in `order` each child stands.
    """

    order: IndexArray
    node_bounds: IndexArray
    edges: IndexArray
    edge_bounds: IndexArray
    firsts: IndexArray
    child_positions: IndexArray


def grouped(keys: IndexArray, size: int) -> Groups:
    """Stable grouping of rows by key in O(rows + size); keys lie in 0..size-1."""
    if len(keys) < SMALL:
        order = np.argsort(keys, kind="stable")
        starts = np.zeros(size + 1, dtype=np.intp)
        np.cumsum(np.bincount(keys, minlength=size), out=starts[1:])
        return Groups(order=order, starts=starts)
    # Only a large graph needs it, and importing it takes longer than most roll-ups.
    from scipy.sparse import csr_array

    # Turning row-compressed into column-compressed storage is a counting sort in compiled code.
    one_per_row = csr_array(
        (np.ones(len(keys), dtype=np.int8), keys, np.arange(len(keys) + 1)), shape=(len(keys), size)
    )
    by_column = one_per_row.tocsc()
    return Groups(order=by_column.indices.astype(np.intp), starts=by_column.indptr.astype(np.intp))


def joined_ranges(starts: IndexArray, counts: IndexArray) -> IndexArray:
    """starts[0], starts[0] + 1, … (counts[0] of them), then the same for the next, as one array."""
    ends: IndexArray = counts.cumsum()
    joined: IndexArray = np.repeat(starts - (ends - counts), counts)
    joined += np.arange(len(joined), dtype=np.intp)
    return joined


def distinct(nodes: IndexArray, scratch: IndexArray) -> IndexArray:
    """The distinct nodes among `nodes`; `scratch` is overwritten at these nodes and saves sorting."""
    rows = np.arange(len(nodes), dtype=np.intp)
    scratch[nodes] = rows
    is_last: BoolArray = scratch[nodes] == rows
    return nodes[is_last]


def levels_of(
    parents: IndexArray,
    children: IndexArray,
    *,
    contributing: IndexArray,
    n_nodes: int,
    parents_by_child: Groups | None = None,
) -> Levels:
    """Plan the calculation over edges sorted by parent; raises GoalCycle when there is no order.

    `contributing` are the row numbers of the edges that take part, ascending; `parents_by_child` holds the
    same edges as parents grouped by child (in `order`, not row numbers), where the caller has them already.
    Cost O(nodes + edges) plus some microseconds per level; a real organisation has about ten levels.
    """
    if len(contributing) < len(parents):
        parents, children = parents[contributing], children[contributing]
    child_counts = np.bincount(parents, minlength=n_nodes)
    child_starts = child_counts.cumsum() - child_counts
    heights = _heights_of_few(children, child_counts, child_starts) if len(parents) < SMALL else None
    if heights is not None:
        order = heights.argsort(kind="stable")
        node_bounds = np.zeros(int(heights.max(initial=-1)) + 2, dtype=np.intp)
        np.bincount(heights).cumsum(out=node_bounds[1:])
    else:
        if parents_by_child is None:
            by_child = grouped(children, n_nodes)
            parents_by_child = Groups(order=parents[by_child.order], starts=by_child.starts)
        order, node_bounds = _ordered_upwards(parents_by_child, child_counts, children)
    # Level 0 has no children, and is most of the graph.
    n_childless = int(node_bounds[1]) if len(node_bounds) > 1 else 0
    inner = order[n_childless:]
    firsts = np.zeros(n_nodes + 1, dtype=np.intp)
    inner_counts = child_counts[inner]
    inner_counts.cumsum(out=firsts[n_childless + 1 :])
    rows = joined_ranges(child_starts[inner], inner_counts)
    positions = np.empty(n_nodes, dtype=np.intp)
    positions[order] = np.arange(n_nodes, dtype=np.intp)
    return Levels(
        order=order,
        node_bounds=node_bounds,
        edges=contributing[rows],
        edge_bounds=firsts[node_bounds],
        firsts=firsts,
        child_positions=positions[children[rows]],
    )


def _heights_of_few(children: IndexArray, counts: IndexArray, starts: IndexArray) -> IndexArray | None:
    """Level of every node: one above its highest child, found by repeating until nothing changes.

    For few edges this takes a fraction of the steps of `_ordered_upwards`. None when `MOST_ROUNDS` rounds
    do not suffice: the graph is deep or has a circle, which the other way finds and names.
    """
    heights = (counts > 0).astype(np.intp)
    # Only children that have children themselves lift a goal above the first level.
    lifting = heights.take(children)
    lifts = children[lifting.nonzero()[0]]
    if not len(lifts):
        return heights
    inner = counts.nonzero()[0]
    lift_counts = np.add.reduceat(lifting, starts[inner])
    is_lifted = lift_counts.nonzero()[0]
    lifted, lift_counts = inner[is_lifted], lift_counts[is_lifted]
    cuts = lift_counts.cumsum() - lift_counts
    current = b""
    for _ in range(MOST_ROUNDS):
        above = np.maximum.reduceat(heights.take(lifts), cuts)
        above += 1
        # Comparing bytes takes a third of comparing arrays, which is felt at this size.
        before, current = current, above.tobytes()
        if before == current:
            return heights
        heights[lifted] = above
    return None


def _ordered_upwards(
    parents_by_child: Groups, child_counts: IndexArray, children: IndexArray
) -> tuple[IndexArray, IndexArray]:
    """Nodes in levels, children first, each node and edge touched once, and where each level begins."""
    n_nodes = len(child_counts)
    waiting = child_counts.copy()
    scratch = np.empty(n_nodes, dtype=np.intp)
    frontier = np.flatnonzero(waiting == 0)
    frontiers: list[IndexArray] = []
    while len(frontier):
        frontiers.append(frontier)
        begins = parents_by_child.starts[frontier]
        counts = parents_by_child.starts[frontier + 1] - begins
        reached = parents_by_child.order[joined_ranges(begins, counts)]
        np.subtract.at(waiting, reached, 1)
        frontier = distinct(reached[waiting[reached] == 0], scratch)
    order = np.concatenate(frontiers) if frontiers else np.empty(0, dtype=np.intp)
    if len(order) < n_nodes:
        raise GoalCycle(one_cycle(children, np.cumsum(child_counts) - child_counts, waiting))
    return order, np.cumsum([0, *map(len, frontiers)], dtype=np.intp)


def one_cycle(children: IndexArray, child_starts: IndexArray, waiting: IndexArray) -> tuple[int, ...]:
    """One circle among the nodes that never became ready; each of them has a child that did not either."""
    node = int(np.flatnonzero(waiting > 0)[0])
    ends = np.append(child_starts[1:], len(children))
    seen_at: dict[int, int] = {}
    walk: list[int] = []
    while node not in seen_at:
        seen_at[node] = len(walk)
        walk.append(node)
        below = children[child_starts[node] : ends[node]]
        node = int(below[waiting[below] > 0][0])
    circle = walk[seen_at[node] :]
    smallest = circle.index(min(circle))
    return tuple(circle[smallest:] + circle[:smallest])
