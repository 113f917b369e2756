"""How much goals amount to together: sums that count nothing twice, normalised at the child."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import LARGEST_RAW, AlignmentRule, GoalGraph
from throughline_analysis.networks.levels import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class AmountRollup:
    """Amount of every node, in node order, and the share each edge passed up.

    `amount` is nan where `is_empty`: no leaf with the same measure arrives there. `has_unread` marks sums in
    which a missing reading stands as zero. `share_0_1` has one entry per edge of the graph, in the graph's
    own edge order.
    """

    amount: FloatArray
    has_unread: BoolArray
    is_empty: BoolArray
    share_0_1: FloatArray


def rollup_amounts(graph: GoalGraph, amounts: ArrayLike, *, measures: ArrayLike) -> AmountRollup:
    """Amount of every goal: each leaf's amount, divided among its parents so that nothing counts twice above.

    Parameters
    ----------
    graph : GoalGraph
        Of `goal_graph`; its weights are read as shares of the child, its progress is not used.
    amounts : (n_nodes,) of float, nan for no reading
        Amount read at each leaf (42 customers, 1.5 million). Ignored where the graph has no leaf.
    measures : (n_nodes,) of int
        Which metric and unit a node is counted in: equal numbers, same metric and unit. Negative: not counted
        in any amount.

    Returns
    -------
    AmountRollup
        `amount`, `has_unread`, `is_empty`: each (n_nodes,); `share_0_1`: (n_edges,), in the graph's edge
        order.

    Raises
    ------
    InputError
        Shapes differ or an amount is infinite.

    Notes
    -----
    The shares of a child are its weights over the parents that have the same measure, contribute and are not
    excluded, divided by their sum. So at most the whole of a leaf arrives at any ancestor over all paths
    together, and what stands at the goals without such parents adds up to the sum of all leaves. An excluded
    child passes nothing up. A child whose shares are all zero keeps its amount to itself. A leaf without a
    reading counts as zero and is marked. Cost O(n_nodes + n_edges) plus some microseconds per level.

    Source
    ------
    Definition of Throughline (design: roll-up). It is mass flowing upwards through a network without loss.

    Examples
    --------
    Key result 3 (100 customers) serves goals 1 and 2 alike, and both serve goal 0: there it counts once.

    >>> graph = goal_graph([0, 0, 1, 2], [1, 2, 3, 3], leaves=[False] * 3 + [True], progress=[0, 0, 0, 0.5])
    >>> rollup_amounts(graph, [0, 0, 0, 100], measures=[7, 7, 7, 7]).amount.tolist()
    [100.0, 50.0, 50.0, 100.0]
    """
    own = _own_amounts(graph, amounts)
    measure = np.array(measures)
    if measure.shape != (graph.n_nodes,) or (measure.size and measure.dtype.kind not in "iu"):
        raise InputError("`measures` must hold one whole number per node; use -1 where nothing is counted.")
    counted = graph.leaves & (measure >= 0)
    share = _shares(graph, measure)
    levels = graph.levels
    passed = share[levels.edges]
    amount = np.where(counted & ~np.isnan(own), own, 0.0)[levels.order]
    unread = (counted & np.isnan(own)).astype(np.float64)[levels.order]
    filled = counted.astype(np.float64)[levels.order]
    for level in range(1, len(levels.node_bounds) - 1):
        low, high = levels.node_bounds[level], levels.node_bounds[level + 1]
        first, last = levels.edge_bounds[level], levels.edge_bounds[level + 1]
        cuts = levels.firsts[low:high] - first
        child, part = levels.child_positions[first:last], passed[first:last]
        arrives = part > 0
        amount[low:high] = np.add.reduceat(part * amount[child], cuts)
        unread[low:high] = np.maximum.reduceat(arrives * unread[child], cuts)
        filled[low:high] = np.maximum.reduceat(arrives * filled[child], cuts)
    result = AmountRollup(
        amount=np.empty(graph.n_nodes),
        has_unread=np.empty(graph.n_nodes, dtype=np.bool_),
        is_empty=np.empty(graph.n_nodes, dtype=np.bool_),
        share_0_1=share,
    )
    result.amount[levels.order] = np.where(filled > 0, amount, np.nan)
    result.has_unread[levels.order] = unread > 0
    result.is_empty[levels.order] = filled == 0
    return result


def _own_amounts(graph: GoalGraph, amounts: ArrayLike) -> FloatArray:
    own = np.array(amounts, dtype=np.float64)
    if own.shape != (graph.n_nodes,):
        raise InputError(f"`amounts` has shape {own.shape} for {graph.n_nodes} nodes; give one amount per node.")
    own[~graph.leaves] = np.nan
    wild = np.flatnonzero(np.abs(own) > LARGEST_RAW)
    if len(wild):
        raise InputError(f"The amount of node {wild[0]} is {own[wild[0]]:g}; correct that reading.")
    return own


def _shares(graph: GoalGraph, measure: np.ndarray[tuple[int, ...], np.dtype[np.integer]]) -> FloatArray:
    above, below = graph.parents, graph.children
    counts = (
        (graph.rules == AlignmentRule.CONTRIBUTES)
        & (measure[above] == measure[below])
        & (measure[below] >= 0)
        & ~graph.excluded[above]
        & ~graph.excluded[below]
    )
    weights = np.where(counts, graph.weights, 0.0)
    total = np.bincount(below, weights=weights, minlength=graph.n_nodes)[below]
    return np.divide(weights, total, out=np.zeros(graph.n_edges), where=total > 0)
