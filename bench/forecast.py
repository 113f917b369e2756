"""Forecasts of key results whose end is known: time, and how often the 90 % interval holds, kind by kind.

Ten kinds of made-up key result, none of them made by the forecasting model itself, with 3 to 12 readings at irregular
times, a tenth of them missing. For each kind the mix is learnt from the same key results, without their ends; "all
kinds at once" mixes them in equal parts, so the mix has to serve all. `python -m bench.forecast default` prints the
numbers of the default mix, learnt from such a lot.
"""

import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped
from throughline_analysis.forecasting import (
    EndingForecast,
    KeyResultHistories,
    forecast_endings,
    key_result_histories,
    learn_process_mix,
)
from throughline_analysis.forecasting.made_up import KINDS, made_up
from throughline_analysis.forecasting.mixes import DRIFTS, SHAPES, candidate_scales

NAME = "forecast"
N_SERIES = 100_000
PER_KIND = 10_000
MISSING = 0.1
LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class Lot:
    """Histories and what each would be read at its end; `kinds` are rows of KINDS."""

    histories: KeyResultHistories
    endings: NDArray[np.float64]
    kinds: NDArray[np.intp]


def lot(kinds: tuple[str, ...], n_each: int, rng: np.random.Generator) -> Lot:
    """So many key results of each kind, in natural units of their own so that falling and large ones occur."""
    parts = [made_up(kind, n_each, rng) for kind in kinds]
    n_series = n_each * len(kinds)
    series = np.concatenate([part.series + row * n_each for row, part in enumerate(parts)])
    values = np.concatenate([part.values for part in parts])
    values[rng.random(len(values)) < MISSING] = math.nan
    baselines = rng.normal(0, 100, n_series)
    ways = rng.choice([-1.0, 1.0], n_series) * np.exp(rng.normal(2, 2, n_series))
    histories = key_result_histories(
        series,
        np.concatenate([part.times for part in parts]) * 90.0,
        values=baselines[series] + ways[series] * values,
        starts=np.zeros(n_series),
        ends=np.full(n_series, 90.0),
        baselines=baselines,
        targets=baselines + ways,
    )
    endings = baselines + ways * np.concatenate([part.endings for part in parts])
    return Lot(histories, endings, np.repeat([KINDS.index(kind) for kind in kinds], n_each))


def covered(forecast: EndingForecast, endings: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each end lies in its interval."""
    ends = endings[forecast.series]
    return (forecast.low <= ends) & (ends <= forecast.high)


def run() -> Iterator[Figure | Skipped]:
    """Time for 100,000 key results of all kinds, and coverage: all at once, each kind by itself, default mix."""
    everything = lot(KINDS, N_SERIES // len(KINDS), np.random.default_rng(31))
    started, processor = time.perf_counter(), time.process_time()
    mix = learn_process_mix(everything.histories, rng=np.random.default_rng(32))
    forecast = forecast_endings(everything.histories, mix, level=LEVEL)
    wall, processor = time.perf_counter() - started, time.process_time() - processor
    case = f"{N_SERIES:,} key results, mix learnt from them"
    yield Figure(NAME, case, round(wall, 2), "s", 10)
    yield Figure(NAME, f"processor time, {case}", round(processor, 2), "s", 10)
    inside = covered(forecast, everything.endings)
    mean = round(float(inside.mean()), 4)
    yield Figure(NAME, "coverage of the 90 % interval, all kinds at once", mean, "share", 0.92, at_least=0.88)
    for row, kind in enumerate(KINDS):
        held = round(float(inside[everything.kinds[forecast.series] == row].mean()), 4)
        yield Figure(NAME, f"coverage for {kind} among all kinds", held, "share")
    alone = [coverage_alone(kind) for kind in KINDS]
    for kind, held in zip(KINDS, alone, strict=True):
        yield Figure(NAME, f"coverage of the 90 % interval, only {kind}", round(held, 4), "share")
    mean = round(float(np.mean(alone)), 4)
    yield Figure(NAME, "coverage of the 90 % interval, mean over kinds alone", mean, "share", 0.92, at_least=0.88)
    default = forecast_endings(everything.histories, level=LEVEL)
    held = round(float(covered(default, everything.endings).mean()), 4)
    yield Figure(NAME, "coverage with the default mix, all kinds", held, "share")


def coverage_alone(kind: str) -> float:
    """Coverage when an organisation's key results are all of one kind."""
    alone = lot((kind,), PER_KIND, np.random.default_rng(33))
    mix = learn_process_mix(alone.histories, rng=np.random.default_rng(34))
    return float(covered(forecast_endings(alone.histories, mix, level=LEVEL), alone.endings).mean())


def default_table() -> None:
    """Print what `mixes.DEFAULT_SHAPES` and the constants after it should be."""
    everything = lot(KINDS, 2_000, np.random.default_rng(35))
    mix = learn_process_mix(everything.histories, rng=np.random.default_rng(36))
    log_scale = np.log(candidate_scales())[mix.scales]
    shape, drift = mix.processes // len(DRIFTS), np.log(np.array(DRIFTS))[mix.processes % len(DRIFTS)] + log_scale
    # Broader than learnt: no shape is ruled out, and no shape has one scale only.
    for row in range(len(SHAPES)):
        share = mix.shares * (shape == row)
        centre, spread = math.log(0.15), 1.0
        if share.sum() > 0:
            centre = (share * log_scale).sum() / share.sum()
            spread = max(math.sqrt((share * (log_scale - centre) ** 2).sum() / share.sum()), 0.4)
        print(f"    ({max(share.sum(), 0.02):.2f}, {math.exp(centre):.2f}, {spread:.1f}),")
    centre = (mix.shares * drift).sum()
    spread = math.sqrt((mix.shares * (drift - centre) ** 2).sum())
    print(
        f"drift {math.exp(centre):.2f}, spread {spread:.2f}, mean {mix.mean_drifts[0]:.2f}, power {mix.evidence_power}"
    )
    print(f"backtest {mix.backtest}")


if __name__ == "__main__" and sys.argv[1:] == ["default"]:
    default_table()
