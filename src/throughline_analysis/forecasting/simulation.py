"""Chances of goals from the forecasts of their key results, when some things go wrong together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.forecasting.histories import BoolArray, FloatArray, IndexArray
from throughline_analysis.forecasting.outlooks import LeafOutlook
from throughline_analysis.forecasting.shares import share_intervals
from throughline_analysis.networks import GoalGraph, rollup_means
from throughline_analysis.networks.leaves import normalised_weights

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Draws worked on at once, times nodes: some 30 MB.
MOST_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class CommonCause:
    """Something that moves several key results together: a market, a team, a supplier.

    `groups`, one entry per node: nodes with equal numbers share the cause, negative ones are not touched.
    `share_0_1` is the part of each touched key result's uncertainty that it explains.
    """

    groups: ArrayLike
    share_0_1: float


@dataclass(frozen=True, eq=False)
class GoalChances:
    """One entry per simulated goal, in ascending order of `nodes`.

    `chance` is the share of draws in which the goal reached the threshold, `chance_low` to `chance_high` what the
    number of draws leaves open (not what the forecasts leave open); `chance_apart` what it would be if key results
    had nothing in common. `mean`, `low` and `high` describe the goal's progress at the end.
    """

    nodes: IndexArray
    chance: FloatArray
    chance_low: FloatArray
    chance_high: FloatArray
    chance_apart: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    threshold: float
    n_draws: int
    method: str


def simulate_chances(
    graph: GoalGraph,
    outlook: LeafOutlook,
    *,
    rng: np.random.Generator,
    causes: Sequence[CommonCause] = (),
    nodes: ArrayLike | None = None,
    threshold: float = 0.7,
    level: float = 0.9,
    n_draws: int = 2_000,
) -> GoalChances:
    """Chance of each goal to reach a progress, from forecasts of its key results and what they have in common.

    Parameters
    ----------
    graph : GoalGraph
        Holds everything below the goals asked for.
    outlook : LeafOutlook
        A forecast per key result; `leaf_outlook` makes one of what `forecast_endings` gives.
    rng : numpy.random.Generator
    causes : sequence of CommonCause
        Shares of one key result must stay below one together.
    nodes : (n_goals,) of int, optional
        Which goals; all that are not leaves and have something to roll up, unless given.
    threshold : float in [0, 1]
        Progress that counts as reached.
    level : float in (0, 1)
        Coverage of the intervals of progress and of the chance.
    n_draws : int, at least 100
        More draws narrow `chance_low` to `chance_high`, nothing else.

    Returns
    -------
    GoalChances
        Each field (n_goals,).

    Raises
    ------
    InputError
        Shapes differ, an interval is upside down, shares add up to one or more, or a node has nothing to roll up.

    Notes
    -----
    Each draw gives every key result a normal number, the weighted sum of one number per cause and one of its own
    (Gaussian factor copula), turns it into an end by the two halves of a normal through low, median and high, and
    rolls up as `rollup_means` does. The same own numbers serve `chance_apart`. Things in common do not change what to
    expect of a mean; they widen it, so that high chances fall and low ones rise. Shares can hardly be measured from a
    quarter's readings: try half and double, and say what changes. Cost O(n_draws * (n_nodes + n_edges)), and eight
    bytes for each draw of each goal asked for.

    Source
    ------
    Vasicek (2002), Risk 15(12):160-162 (one common factor); Li (2000), Journal of Fixed Income 9(4):43-54,
    doi:10.3905/jfi.2000.319253; the two-piece normal: Wallis (2014), Statistical Science 29:106-112,
    doi:10.1214/13-STS417.

    Examples
    --------
    >>> from throughline_analysis.networks import goal_graph
    >>> graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 0.4, 0.4])
    >>> outlook = LeafOutlook([np.nan, 0.8, 0.8], [np.nan, 0.5, 0.5], [np.nan, 1.1, 1.1], level=0.9)
    >>> market = CommonCause([-1, 0, 0], share_0_1=0.5)
    >>> result = simulate_chances(graph, outlook, causes=[market], rng=np.random.default_rng(1))
    >>> bool(result.chance[0] < result.chance_apart[0])
    True
    """
    if not 0 < level < 1 or not 0 <= threshold <= 1 or n_draws < 100:
        raise InputError("`level` must lie between 0 and 1, `threshold` from 0 to 1, and `n_draws` be at least 100.")
    leaves, median, lower, upper = _spreads(graph, outlook)
    base = rollup_means(graph)
    wanted = _wanted_nodes(graph, nodes, is_empty=base.is_empty)
    loadings, own = _loadings(graph, causes, leaves)
    certain = np.where(np.isnan(base.progress), 0.0, base.progress)
    ends, hits = np.empty((len(wanted), n_draws)), np.zeros((2, len(wanted)))
    steps = _level_steps(graph)
    at_once = max(1, MOST_AT_ONCE // max(graph.n_nodes, 1))
    for begin in range(0, n_draws, at_once):
        draws = slice(begin, min(begin + at_once, n_draws))
        n_some = draws.stop - begin
        alone = rng.standard_normal((len(leaves), n_some))
        together = own[:, None] * alone
        for groups, loading, n_groups in loadings:
            shared = rng.standard_normal((n_groups + 1, n_some))
            together += loading[:, None] * shared[groups]
        for row, z in enumerate((together, alone)):
            progress = np.repeat(certain[:, None], n_some, axis=1)
            raw = median[:, None] + np.where(z < 0, lower[:, None], upper[:, None]) * z
            progress[leaves] = np.clip(raw, 0.0, 1.0)
            for goals, weights in steps:
                progress[goals] = weights @ progress
            # A mean of ones may miss one by its last digit.
            hits[row] += (progress[wanted] >= threshold - 1e-12).sum(axis=1)
            if z is together:
                ends[:, draws] = progress[wanted]
    chance_low, chance_high = share_intervals(hits[0], np.full(len(wanted), float(n_draws)), level=level)
    low, high = np.quantile(ends, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return GoalChances(
        nodes=wanted,
        chance=hits[0] / n_draws,
        chance_low=chance_low,
        chance_high=chance_high,
        chance_apart=hits[1] / n_draws,
        mean=ends.mean(axis=1),
        low=low,
        high=high,
        level=level,
        threshold=threshold,
        n_draws=n_draws,
        method="Gaussian factor copula, simulated",
    )


def _spreads(graph: GoalGraph, outlook: LeafOutlook) -> tuple[IndexArray, FloatArray, FloatArray, FloatArray]:
    """Leaves with a forecast, their medians, and the standard deviations below and above."""
    from scipy.special import ndtri

    columns = [np.array(column, dtype=np.float64) for column in (outlook.median, outlook.low, outlook.high)]
    if any(column.shape != (graph.n_nodes,) for column in columns):
        raise InputError("The fields of `outlook` must have one entry per node; use nan where there is no forecast.")
    if not 0 < outlook.level < 1:
        raise InputError(f"The level of the outlook is {outlook.level:g}; it must lie between 0 and 1.")
    given = ~np.isnan(columns[0])
    for node in np.flatnonzero(given & ~graph.leaves):
        raise InputError(f"Node {node} has an outlook but is no leaf; give forecasts for key results only.")
    median, low, high = (column[given] for column in columns)
    if not ((low <= median) & (median <= high) & np.isfinite(high - low)).all():
        raise InputError("An interval of the outlook is upside down, missing or endless; give low <= median <= high.")
    reach = float(ndtri((1 + outlook.level) / 2))
    return np.flatnonzero(given), median, (median - low) / reach, (high - median) / reach


def _wanted_nodes(graph: GoalGraph, nodes: ArrayLike | None, *, is_empty: BoolArray) -> IndexArray:
    if nodes is None:
        return np.flatnonzero(~graph.leaves & ~is_empty)
    given = np.array(nodes)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise InputError("`nodes` must be one row of node numbers.")
    wanted = np.unique(given).astype(np.intp)
    for node in wanted.tolist():
        graph.require_node(node)
        if is_empty[node]:
            raise InputError(f"Node {node} has nothing to roll up, so it has no chance to give; add a key result.")
    return wanted


def _loadings(
    graph: GoalGraph, causes: Sequence[CommonCause], leaves: IndexArray
) -> tuple[list[tuple[IndexArray, FloatArray, int]], FloatArray]:
    """For each cause the group and loading of each leaf, and the loading of what is a leaf's own."""
    found: list[tuple[IndexArray, FloatArray, int]] = []
    explained = np.zeros(len(leaves))
    for cause in causes:
        groups = np.array(cause.groups)
        if groups.shape != (graph.n_nodes,) or groups.dtype.kind not in "iu":
            raise InputError("`groups` of a common cause must hold one whole number per node; -1 where it is not felt.")
        if not 0 <= cause.share_0_1 < 1:
            raise InputError(f"A common cause explains {cause.share_0_1:g} of the uncertainty; give 0 to below 1.")
        touched = groups[leaves] >= 0
        names, which = np.unique(np.where(touched, groups[leaves], -1), return_inverse=True)
        share = np.where(touched, cause.share_0_1, 0.0)
        explained += share
        found.append((which.astype(np.intp), np.sqrt(share), len(names)))
    if (explained >= 1).any():
        node = int(leaves[explained >= 1][0])
        raise InputError(f"The common causes explain all that is uncertain about node {node}, or more; lower a share.")
    return found, np.sqrt(1 - explained)


def _level_steps(graph: GoalGraph) -> list[tuple[IndexArray, csr_array]]:
    """For each level above the leaves: its goals with something below, and their weights over all nodes."""
    from scipy.sparse import csr_array

    weights = normalised_weights(graph, rollup_means(graph))
    levels = graph.levels
    steps: list[tuple[IndexArray, csr_array]] = []
    for low, high in itertools.pairwise(levels.node_bounds[1:].tolist()):
        goals = levels.order[low:high]
        counts = levels.firsts[low + 1 : high + 1] - levels.firsts[low:high]
        edges = levels.edges[levels.firsts[low] : levels.firsts[high]]
        rows = np.repeat(np.arange(len(goals)), counts)
        kept = weights[edges] > 0
        matrix = csr_array(
            (weights[edges][kept], (rows[kept], graph.children[edges][kept])), shape=(len(goals), graph.n_nodes)
        )
        counting = np.diff(matrix.indptr) > 0
        steps.append((goals[counting], matrix[counting]))
    return steps
