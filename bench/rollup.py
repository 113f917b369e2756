"""Roll-up of goals at the size the product is designed for, beside a networkx loop in the same run.

Each case starts from unsorted rows in memory, as they come from a database, and ends with a number per goal.
Time is the median of several runs in one process; memory is the high-water mark of a process of its own that
builds the rows and rolls up once, interpreter and libraries included.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_ms, own_peak_mb, peak_mb_of
from throughline_analysis.networks import (
    KnownProgress,
    goal_graph,
    leaf_weights,
    rollup_amounts,
    rollup_ancestors,
    rollup_means,
)

NAME = "rollup"
# Goals per level from the organisation down to key results, as parts of the whole; level 0 is one
# purpose-wide goal.
LEVEL_PARTS = (0.0, 0.00008, 0.0008, 0.008, 0.04, 0.16, 0.4, 1.0)
RUNS = 9
PEER_RUNS = 3
LARGE = (250_000, 500_000)
HUGE = (1_000_000, 2_000_000)


@dataclass(frozen=True, eq=False)
class Rows:
    """A made-up organisation's goals as unsorted rows."""

    parents: NDArray[np.intp]
    children: NDArray[np.intp]
    weights: NDArray[np.float64]
    leaves: NDArray[np.bool_]
    progress: NDArray[np.float64]
    excluded: NDArray[np.bool_]


def made_up_rows(n_nodes: int, n_edges: int) -> Rows:
    """The same rows on every machine: seven levels, several parents, a tenth unread, a twentieth excluded."""
    rng = np.random.default_rng(20)
    bounds = [1 + int(part * (n_nodes - 1)) for part in LEVEL_PARTS]
    first_of_level = np.zeros(n_nodes, dtype=np.intp)
    for low, high in itertools.pairwise(bounds):
        first_of_level[low:high] = low
    nodes = np.arange(1, n_nodes, dtype=np.intp)
    # Everybody has a parent anywhere above; then further alignments until the wanted number of different
    # pairs is there.
    pairs = (rng.random(n_nodes - 1) * first_of_level[1:]).astype(np.intp) * n_nodes + nodes
    while len(pairs) < n_edges:
        more = rng.integers(bounds[1], n_nodes, n_edges - len(pairs))
        pairs = np.unique(
            np.append(pairs, (rng.random(len(more)) * first_of_level[more]).astype(np.intp) * n_nodes + more)
        )
    pairs = rng.permutation(pairs)
    leaves = np.ones(n_nodes, dtype=np.bool_)
    leaves[pairs // n_nodes] = False
    progress = rng.random(n_nodes) * 1.2
    progress[rng.random(n_nodes) < 0.1] = math.nan
    return Rows(
        parents=pairs // n_nodes,
        children=pairs % n_nodes,
        weights=rng.integers(1, 6, len(pairs)).astype(np.float64),
        leaves=leaves,
        progress=progress,
        excluded=rng.random(n_nodes) < 0.05,
    )


def ours(rows: Rows) -> NDArray[np.float64]:
    """From rows to progress with the library."""
    graph = goal_graph(
        rows.parents,
        rows.children,
        weights=rows.weights,
        leaves=rows.leaves,
        progress=rows.progress,
        excluded=rows.excluded,
    )
    return rollup_means(graph).progress


def networkx_loop(rows: Rows) -> NDArray[np.float64]:
    """From rows to progress the way one would write it with networkx: a graph, a topological sort, a loop."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(rows.leaves)))
    graph.add_weighted_edges_from(
        zip(rows.parents.tolist(), rows.children.tolist(), rows.weights.tolist(), strict=True)
    )
    leaves, progress, excluded = rows.leaves.tolist(), rows.progress.tolist(), rows.excluded.tolist()
    means = [math.nan] * len(leaves)
    for node in reversed(list(nx.topological_sort(graph))):
        if leaves[node]:
            means[node] = 0.0 if math.isnan(progress[node]) else min(max(progress[node], 0.0), 1.0)
            continue
        total = reached = 0.0
        for child, edge in graph.adj[node].items():
            if not excluded[child] and not math.isnan(means[child]):
                total += edge["weight"]
                reached += edge["weight"] * means[child]
        if total > 0:
            means[node] = reached / total
    return np.array(means)


WAYS: dict[str, Callable[[Rows], NDArray[np.float64]]] = {"ours": ours, "networkx": networkx_loop}


def run() -> Iterator[Figure | Skipped]:
    """Time and memory of the full roll-up at two sizes, of the other calculations, and of one check-in."""
    rows = made_up_rows(*LARGE)
    case = f"means from {LARGE[0]:,} nodes and {LARGE[1]:,} edges"
    if not np.allclose(ours(rows), networkx_loop(rows), equal_nan=True, atol=1e-9):
        raise RuntimeError("The library and the networkx loop disagree, so their times cannot be compared.")
    peer = median_ms(lambda: networkx_loop(rows), PEER_RUNS)
    yield Figure(NAME, case, median_ms(lambda: ours(rows), RUNS), "ms", 150, "networkx loop", peer)
    yield from memory_figures(case)
    yield from parts(rows)
    huge = made_up_rows(*HUGE)
    case = f"means from {HUGE[0]:,} nodes and {HUGE[1]:,} edges"
    yield Figure(NAME, case, median_ms(lambda: ours(huge), RUNS), "ms", 700)
    yield check_in_figure()


def parts(rows: Rows) -> Iterator[Figure]:
    """The calculations on a graph that is already built."""
    graph = goal_graph(rows.parents, rows.children, leaves=rows.leaves, progress=rows.progress)
    measures = np.zeros(graph.n_nodes, dtype=np.intp)
    size = f"{graph.n_nodes:,} nodes, graph built"
    yield Figure(NAME, f"means, {size}", median_ms(lambda: rollup_means(graph), RUNS), "ms")
    amounts = median_ms(lambda: rollup_amounts(graph, graph.progress, measures=measures), RUNS)
    yield Figure(NAME, f"amounts, {size}", amounts, "ms")
    yield Figure(
        NAME,
        f"leaf weights of the topmost goal, {size}",
        median_ms(lambda: leaf_weights(graph, 0), RUNS),
        "ms",
    )


def check_in_figure() -> Figure:
    """One check-in: 300 goals above the changed key result, in ten levels, with five children each."""
    n_ancestors, n_levels, n_children = 300, 10, 5
    per_level = n_ancestors // n_levels
    parents, children = [], []
    outside = n_ancestors
    for goal in range(n_ancestors):
        below = min(goal // per_level + 1, n_levels - 1) * per_level + goal % per_level
        inside = [below] if below > goal else []
        others = n_children - len(inside)
        parents += [goal] * n_children
        children += [*inside, *range(outside, outside + others)]
        outside += others
    leaves = np.zeros(outside, dtype=np.bool_)
    leaves[children[-1]] = True
    old = np.arange(n_ancestors, outside - 1)
    rng = np.random.default_rng(20)
    known = KnownProgress(
        nodes=old,
        progress=rng.random(len(old)),
        raw=rng.random(len(old)),
        unread_share_0_1=np.zeros(len(old)),
        is_empty=np.zeros(len(old), dtype=np.bool_),
    )
    above, below_rows = np.array(parents), np.array(children)
    progress = np.full(outside, 0.5)

    def check_in() -> object:
        return rollup_ancestors(goal_graph(above, below_rows, leaves=leaves, progress=progress), known)

    case = f"one check-in, {n_ancestors} goals above in {n_levels} levels, {len(parents):,} edges"
    return Figure(NAME, case, median_ms(check_in, 200), "ms", 1)


def memory_figures(case: str) -> Iterator[Figure]:
    """Highest memory of a process of its own, for both ways."""
    value, peer = (peak_mb_of("bench.rollup", way) for way in WAYS)
    yield Figure(NAME, f"memory, {case}", value, "MB", 500, "networkx loop", peer)


if __name__ == "__main__":
    WAYS[sys.argv[1]](made_up_rows(*LARGE))
    print(round(own_peak_mb(), 1))
