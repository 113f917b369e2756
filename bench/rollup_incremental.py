"""One reading in a graph of a million goals, beside rolling all of them up again.

The structure is prepared once; each measured step keeps a new reading of another leaf, drawn at random, and
returns the new numbers of every goal above it. The full roll-up of the peer has its graph built already.
"""

import math
import statistics
import sys
import time
from collections.abc import Iterator

import numpy as np

from bench.rollup import HUGE, made_up_rows
from bench.runner import Figure, Skipped, median_ms, own_peak_mb, peak_mb_of
from throughline_analysis.networks import GoalGraph, goal_graph, prepare_rollup, rollup_means

NAME = "rollup_incremental"
READINGS = 2_000
PEER_RUNS = 5


def built(n_nodes: int, n_edges: int) -> GoalGraph:
    """The graph of the roll-up benchmark."""
    rows = made_up_rows(n_nodes, n_edges)
    return goal_graph(
        rows.parents,
        rows.children,
        weights=rows.weights,
        leaves=rows.leaves,
        progress=rows.progress,
        excluded=rows.excluded,
    )


def run() -> Iterator[Figure | Skipped]:
    """Time of one reading: median and 99th percentile, how much it touches, preparation and memory."""
    graph = built(*HUGE)
    size = f"{HUGE[0]:,} nodes and {HUGE[1]:,} edges"
    started = time.perf_counter()
    prepared = prepare_rollup(graph)
    preparing = (time.perf_counter() - started) * 1000
    rng = np.random.default_rng(21)
    leaves = rng.choice(np.flatnonzero(graph.leaves), READINGS, replace=False).tolist()
    readings = (rng.random(READINGS) * 1.2).tolist()
    times, processor_times, touched = [], [], []
    for leaf, reading in zip(leaves, readings, strict=True):
        started, processor_started = time.perf_counter(), time.process_time()
        changed = prepared.set_reading(leaf, reading)
        processor_times.append((time.process_time() - processor_started) * 1000)
        times.append((time.perf_counter() - started) * 1000)
        touched.append(len(changed.nodes))
    progress = graph.progress.copy()
    progress[leaves] = readings
    if not same_as_full(prepared.rollup().progress, graph, progress):
        raise RuntimeError("The prepared and the full roll-up disagree, so their times cannot be compared.")
    peer = median_ms(lambda: rollup_means(graph), PEER_RUNS)
    case = f"one leaf among {size}"
    yield Figure(NAME, case, round(statistics.median(times), 3), "ms", 1, "full roll-up, graph built", peer)
    # Of the processor's time: the slowest hundredth by the clock tells what else the machine was doing.
    slow = round(float(np.quantile(processor_times, 0.99)), 3)
    yield Figure(NAME, f"99th percentile of processor time, {case}", slow, "ms")
    yield Figure(NAME, f"goals renewed per reading, median, {case}", float(statistics.median(touched)), "goals")
    yield Figure(NAME, f"prepare, {size}, graph built", round(preparing, 1), "ms")
    yield Figure(NAME, f"memory, graph and prepared structure, {size}", peak_mb_of("bench.rollup_incremental"), "MB")


def same_as_full(found: object, graph: GoalGraph, progress: object) -> bool:
    """Whether the kept numbers are those of a graph built with the new readings, to the last bit."""
    fresh = goal_graph(
        graph.parents,
        graph.children,
        weights=graph.weights,
        leaves=graph.leaves,
        progress=np.asarray(progress),
        excluded=graph.excluded,
    )
    return np.array_equal(np.asarray(found), rollup_means(fresh).progress, equal_nan=True)


if __name__ == "__main__":
    held = prepare_rollup(built(*HUGE))
    if math.isnan(held.progress_of(0)):
        sys.exit("The topmost goal has no number.")
    print(round(own_peak_mb(), 1))
