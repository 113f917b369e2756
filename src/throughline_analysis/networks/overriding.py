"""Numbers that somebody states instead of the roll-up: counted above, marked, and never hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import LARGEST_RAW, GoalGraph
from throughline_analysis.networks.levels import BoolArray, FloatArray, IndexArray
from throughline_analysis.networks.means import (
    FILLED,
    MeanRollup,
    counting_weights,
    in_node_order,
    leaf_columns,
    weighted_means,
)


@dataclass(frozen=True, eq=False)
class OverriddenRollup(MeanRollup):
    """A roll-up with stated numbers in it, in node order.

    `is_overridden` marks the nodes that state their number. `rolled_up` is what each node would show without its own
    statement (those below it still count), nan where there is nothing to roll up. `stated_share_0_1` is the part of a
    node's weight that rests on statements: 1 for an overridden node, 0 where everything is read; nan where empty.
    """

    is_overridden: BoolArray
    rolled_up: FloatArray
    stated_share_0_1: FloatArray


def rollup_overridden(graph: GoalGraph, nodes: ArrayLike, *, progress: ArrayLike) -> OverriddenRollup:
    """Progress of every goal when some goals state theirs: a stated number replaces the roll-up and is marked.

    Parameters
    ----------
    graph : GoalGraph
        Of `goal_graph`.
    nodes : (n_overridden,) of int
        Goals or key results whose number is stated; each once.
    progress : (n_overridden,) of float
        The stated raw progress, 1 = reached; held within [0, 1] for `progress`, kept in `raw`.

    Returns
    -------
    OverriddenRollup
        As `MeanRollup`, and `is_overridden`, `rolled_up`, `stated_share_0_1`: each (n_nodes,).

    Raises
    ------
    InputError
        A node is not in the graph or given twice, or a stated number is missing or beyond reason.

    Notes
    -----
    Above, a stated number counts exactly as a reading would; a goal with nothing to roll up counts once it states a
    number. Nothing stated rests on missing readings, so `unread_share_0_1` is 0 there. Without statements the result
    is that of `rollup_means`, to the last bit. Cost O(n_nodes + n_edges).

    Source
    ------
    Definition of Throughline (design: roll-up).

    Examples
    --------
    >>> graph = goal_graph([0, 0, 1], [1, 2, 3], leaves=[False, False, True, True], progress=[0, 0, 0.5, 0.25])
    >>> result = rollup_overridden(graph, [1], progress=[0.75])
    >>> result.progress.tolist(), result.rolled_up.tolist()
    ([0.625, 0.75, 0.5, 0.25], [0.625, 0.25, 0.5, 0.25])
    >>> result.is_overridden.tolist(), result.stated_share_0_1.tolist()
    ([False, True, False, False], [0.5, 1.0, 0.0, 0.0])
    """
    stated, numbers = _statements(graph, nodes, progress)
    levels = graph.levels
    position_of = np.empty(graph.n_nodes, dtype=np.intp)
    position_of[levels.order] = np.arange(graph.n_nodes, dtype=np.intp)
    order = np.argsort(position_of[stated])
    positions, numbers = position_of[stated][order], numbers[order]
    replacing = np.stack([np.clip(numbers, 0.0, 1.0), numbers, np.zeros(len(numbers)), np.ones(len(numbers))])
    columns = leaf_columns(graph)
    rolled = columns[0].copy()
    share = np.zeros(graph.n_nodes)
    share[positions] = 1.0
    was_filled = columns[FILLED].copy()
    weights = counting_weights(graph)[levels.edges]
    bounds = np.searchsorted(positions, levels.node_bounds)
    for level in range(len(levels.node_bounds) - 1):
        low, high = int(levels.node_bounds[level]), int(levels.node_bounds[level + 1])
        if level > 0:
            first, last = levels.edge_bounds[level], levels.edge_bounds[level + 1]
            cuts, child = levels.firsts[low:high] - first, levels.child_positions[first:last]
            weighted_means(weights[first:last], columns, child=child, cuts=cuts, means=columns[:, low:high])
            rolled[low:high], was_filled[low:high] = columns[0, low:high], columns[FILLED, low:high]
            counted = weights[first:last] * columns[FILLED, child]
            total = np.add.reduceat(counted, cuts)
            part = np.add.reduceat(counted * share[child], cuts)
            mixed = np.divide(part, total, out=np.zeros(high - low), where=total > 0)
            share[low:high] = np.where(share[low:high] == 1.0, 1.0, mixed)
        here = slice(bounds[level], bounds[level + 1])
        columns[:, positions[here]] = replacing[:, here]
    result = in_node_order(graph, columns)
    columns_by_node = np.empty((3, graph.n_nodes))
    columns_by_node[:, levels.order] = np.stack([np.where(was_filled > 0, rolled, np.nan), share, was_filled])
    is_overridden = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_overridden[stated] = True
    return OverriddenRollup(
        progress=result.progress,
        raw=result.raw,
        unread_share_0_1=result.unread_share_0_1,
        is_empty=result.is_empty,
        is_overridden=is_overridden,
        rolled_up=columns_by_node[0],
        stated_share_0_1=np.where(result.is_empty, np.nan, columns_by_node[1]),
    )


def _statements(graph: GoalGraph, nodes: ArrayLike, progress: ArrayLike) -> tuple[IndexArray, FloatArray]:
    stated = np.array(nodes)
    if stated.size == 0:
        stated = stated.astype(np.intp)
    numbers = np.array(progress, dtype=np.float64)
    if stated.ndim != 1 or stated.dtype.kind not in "iu" or numbers.shape != stated.shape:
        raise InputError("`nodes` and `progress` must be rows of the same length: node numbers, and what they state.")
    for node in stated[(stated < 0) | (stated >= graph.n_nodes)].tolist():
        graph.require_node(node)
    if len(np.unique(stated)) < len(stated):
        raise InputError("A node states its number twice; keep the statement that holds.")
    # A comparison with nan is False.
    if not (np.abs(numbers) <= LARGEST_RAW).all():
        raise InputError("A stated number is missing or beyond reason; give a progress such as 0.6.")
    return stated.astype(np.intp), numbers
