"""Five million dated readings to one date, then the roll-up of 250,000 goals; beside pandas merge_asof.

Readings come as they lie in a database: in the order they were entered, which is nearly that of their dates (one in
fifty was entered up to a month late). Both ways end with the same number per goal: ours from rows in any order, the
peer's after the sort by date that merge_asof needs.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from bench.rollup import LARGE, made_up_rows
from bench.runner import Figure, Skipped
from throughline_analysis.networks import goal_graph, linear_progress, readings_as_of, rollup_means

NAME = "asof"
N_READINGS = 5_000_000
DAYS = 730
RUNS = 7
PEER_RUNS = 2


def run() -> Iterator[Figure | Skipped]:
    """Time from readings to progress, of the first part alone, and in rows of random order."""
    rows = made_up_rows(*LARGE)
    rng = np.random.default_rng(41)
    leaves = np.flatnonzero(rows.leaves)
    entered = np.sort(rng.integers(0, DAYS * 86_400, N_READINGS))
    late = rng.random(N_READINGS) < 0.02
    times = entered - late * rng.integers(0, 30 * 86_400, N_READINGS)
    series = rng.choice(leaves, N_READINGS)
    values = rng.random(N_READINGS) * 120
    at = DAYS * 86_400 * 2 // 3
    n_nodes = len(rows.leaves)
    baselines, targets = np.zeros(n_nodes), np.full(n_nodes, 100.0)

    def rolled_up(value: NDArray[np.float64]) -> NDArray[np.float64]:
        progress = linear_progress(value, baselines=baselines, targets=targets)
        graph = goal_graph(
            rows.parents,
            rows.children,
            weights=rows.weights,
            leaves=rows.leaves,
            progress=progress,
            excluded=rows.excluded,
        )
        return rollup_means(graph).progress

    def ours() -> NDArray[np.float64]:
        return readings_as_of(series, times, values=values, at=at, n_series=n_nodes).value

    def pandas_way() -> NDArray[np.float64]:
        import pandas as pd

        readings = pd.DataFrame({"node": series, "time": times, "value": values})
        readings = readings.sort_values("time", kind="stable")
        asked = pd.DataFrame({"node": np.arange(n_nodes), "time": np.full(n_nodes, at)})
        found = pd.merge_asof(asked, readings, on="time", by="node")
        return np.asarray(found.sort_values("node")["value"], dtype=np.float64)

    if not np.array_equal(ours(), pandas_way(), equal_nan=True):
        raise RuntimeError("The library and pandas disagree, so their times cannot be compared.")
    case = f"{N_READINGS:,} readings to one date"
    whole, processor = median_ms(lambda: rolled_up(ours()), RUNS)
    peer, _ = median_ms(lambda: rolled_up(pandas_way()), PEER_RUNS)
    yield Figure(NAME, f"{case}, then roll-up of {LARGE[0]:,} nodes", whole, "ms", 500, "pandas merge_asof", peer)
    yield Figure(NAME, f"processor time, {case}, then roll-up of {LARGE[0]:,} nodes", processor, "ms", 500)
    yield Figure(NAME, case, median_ms(ours, RUNS)[0], "ms")
    order = rng.permutation(N_READINGS)
    series, times, values = series[order], times[order], values[order]
    yield Figure(NAME, f"{case}, rows in random order", median_ms(ours, RUNS)[0], "ms")


def median_ms(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median wall time and median processor time in milliseconds."""
    walls, processors = [], []
    for _ in range(runs):
        started, processor = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - started) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    return round(statistics.median(walls), 1), round(statistics.median(processors), 1)
