"""A roll-up kept ready, so that one new reading costs what lies above it and not what the organisation holds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import LARGEST_RAW, GoalGraph
from throughline_analysis.networks.levels import (
    FloatArray,
    Groups,
    IndexArray,
    Levels,
    distinct,
    grouped,
    joined_ranges,
)
from throughline_analysis.networks.means import (
    FILLED,
    N_COLUMNS,
    MeanRollup,
    climb_levels,
    counting_weights,
    in_node_order,
    leaf_columns,
    weighted_means,
)


@dataclass(frozen=True, eq=False)
class ChangedProgress:
    """The numbers of one leaf and of every goal above it that it counts for; children before parents.

    `nodes` says which; the others have one entry for each: `progress`, `raw` and `unread_share_0_1` as in
    `MeanRollup`, `progress_before` what stood there before.
    """

    nodes: IndexArray
    progress: FloatArray
    raw: FloatArray
    unread_share_0_1: FloatArray
    progress_before: FloatArray


@dataclass(frozen=True, eq=False)
class _Above:
    """Counting edges only, by where a node stands in the order of calculation: who lies above it."""

    levels: Levels
    weights: FloatArray
    parents: Groups
    position_of: IndexArray
    scratch: IndexArray


class PreparedRollup:
    """The progress of every goal, kept up to date one reading at a time; make one with `prepare_rollup`.

    It holds numbers of its own: the graph it was made from never changes. Not safe to share between threads.
    """

    def __init__(self, graph: GoalGraph, above: _Above, columns: FloatArray) -> None:
        self._graph = graph
        self._above = above
        self._columns = columns

    @property
    def graph(self) -> GoalGraph:
        """The graph as it was prepared, with the readings of that moment."""
        return self._graph

    def progress_of(self, node: int) -> float:
        """Progress of one node now; nan where there is nothing to roll up."""
        self._graph.require_node(node)
        position = self._above.position_of[node]
        return float(self._columns[0, position]) if self._columns[FILLED, position] else math.nan

    def rollup(self) -> MeanRollup:
        """All numbers as they stand now, as `rollup_means` would give them. Cost O(n_nodes)."""
        return in_node_order(self._graph, self._columns)

    def preview_reading(self, leaf: int, progress: float) -> ChangedProgress:
        """What would change if the leaf had this raw progress (nan: no reading); nothing is kept.

        Raises InputError when the node is not a leaf or the progress is not a sound number.
        """
        positions, before, after = self._with_reading(leaf, progress)
        self._columns[:, positions] = before
        return self._change(positions, before, after)

    def set_reading(self, leaf: int, progress: float) -> ChangedProgress:
        """Keep a new raw progress of a leaf (nan: no reading) and say what changed above it.

        Raises InputError as `preview_reading` does; then nothing is kept.
        """
        positions, before, after = self._with_reading(leaf, progress)
        return self._change(positions, before, after)

    def _with_reading(self, leaf: int, progress: float) -> tuple[IndexArray, FloatArray, FloatArray]:
        self._graph.require_node(leaf)
        if not self._graph.leaves[leaf]:
            raise InputError(f"Node {leaf} is not a leaf; only what is measured itself takes a reading.")
        if abs(progress) > LARGEST_RAW:
            raise InputError(f"The progress {progress:g} of node {leaf} is not sound; check its baseline and target.")
        above, columns = self._above, self._columns
        first = above.position_of[leaf : leaf + 1]
        positions = self._positions_above(first)
        before = columns.take(positions, axis=1)
        raw = 0.0 if math.isnan(progress) else float(progress)
        columns[:FILLED, first[0]] = min(max(raw, 0.0), 1.0), raw, math.isnan(progress)
        self._climb(positions[1:])
        return positions, before, columns.take(positions, axis=1)

    def _positions_above(self, first: IndexArray) -> IndexArray:
        """The leaf and what lies above it, in the order of calculation."""
        parents, scratch = self._above.parents, self._above.scratch
        frontier, found = first, [first]
        while True:
            begins = parents.starts.take(frontier)
            reached = parents.order[joined_ranges(begins, parents.starts.take(frontier + 1) - begins)]
            if not len(reached):
                break
            frontier = distinct(reached, scratch)
            found.append(frontier)
        if len(found) == 1:
            return first
        everything = distinct(np.concatenate(found), scratch)
        everything.sort()
        return everything

    def _climb(self, positions: IndexArray) -> None:
        levels, columns = self._above.levels, self._columns
        bounds = np.searchsorted(positions, levels.node_bounds).tolist()
        begins = levels.firsts.take(positions)
        counts = levels.firsts.take(positions + 1) - begins
        for low, high in itertools.pairwise(bounds):
            if low == high:
                continue
            edges = joined_ranges(begins[low:high], counts[low:high])
            ends = counts[low:high].cumsum()
            means = np.empty((N_COLUMNS, high - low))
            child = levels.child_positions.take(edges)
            weights = self._above.weights.take(edges)
            weighted_means(weights, columns, child=child, cuts=ends - counts[low:high], means=means)
            columns[:, positions[low:high]] = means

    def _change(self, positions: IndexArray, before: FloatArray, after: FloatArray) -> ChangedProgress:
        # Whatever lies above a leaf by counting edges has that leaf to roll up, before and after.
        return ChangedProgress(
            nodes=self._above.levels.order.take(positions),
            progress=after[0],
            raw=after[1],
            unread_share_0_1=after[2],
            progress_before=before[0],
        )


def prepare_rollup(graph: GoalGraph) -> PreparedRollup:
    """Roll everything up once and keep what it takes to follow single readings in a fraction of a millisecond.

    Parameters
    ----------
    graph : GoalGraph
        Of `goal_graph`.

    Returns
    -------
    PreparedRollup
        `set_reading(leaf, progress)` keeps a reading and returns what changed; `preview_reading` asks "what if"
        and keeps nothing; `rollup()` gives all numbers.

    Notes
    -----
    After any number of readings the numbers are those of `rollup_means` on a graph with these readings, to the
    last bit: every goal above the leaf is summed anew in the same order, nothing is added to or subtracted from
    an old number. Preparing costs one roll-up and one sort of the edges; a reading costs the edges below the
    goals above its leaf, so a goal with 100,000 children above it costs 100,000. A new alignment, weight or
    exclusion needs a new graph.

    Examples
    --------
    >>> graph = goal_graph([0, 0, 1], [1, 2, 3], leaves=[False, False, True, True], progress=[0, 0, 1, 0.5])
    >>> prepared = prepare_rollup(graph)
    >>> changed = prepared.set_reading(3, 0.8)
    >>> changed.nodes.tolist(), changed.progress.tolist(), changed.progress_before.tolist()
    ([3, 1, 0], [0.8, 0.8, 0.9], [0.5, 0.5, 0.75])
    >>> prepared.progress_of(0)
    0.9
    """
    levels = graph.levels
    weights = counting_weights(graph)[levels.edges]
    columns = leaf_columns(graph)
    climb_levels(levels, weights, columns=columns)
    counting = np.flatnonzero(weights > 0)
    counts = np.diff(levels.firsts)
    parent_positions = np.repeat(np.arange(graph.n_nodes, dtype=np.intp), counts)[counting]
    by_child = grouped(levels.child_positions[counting], graph.n_nodes)
    position_of = np.empty(graph.n_nodes, dtype=np.intp)
    position_of[levels.order] = np.arange(graph.n_nodes, dtype=np.intp)
    above = _Above(
        levels=levels,
        weights=weights,
        parents=Groups(order=parent_positions[by_child.order], starts=by_child.starts),
        position_of=position_of,
        scratch=np.empty(graph.n_nodes, dtype=np.intp),
    )
    return PreparedRollup(graph, above, columns)
