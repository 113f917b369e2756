"""Which processes key results follow, and how often: the prior of every forecast, given or learnt."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from throughline_analysis.forecasting.filtering import Filtered, Processes, reached
from throughline_analysis.forecasting.histories import FloatArray, IndexArray
from throughline_analysis.forecasting.mixtures import NormalMixtures
from throughline_analysis.intervals import Interval

# Scales a key result may wander on, as a share of the way from baseline to target. Below one hundredth a history that
# has not moved yet would promise never to move; three ways is beyond any key result that still means something.
SMALLEST_SCALE = 0.01
LARGEST_SCALE = 3.0
N_SCALES = 16
# Spread of the drift between key results, in scales.
DRIFTS = (0.3, 1.0, 3.0, 10.0, 30.0)
# Noise, deviation, memory, wander, bend, settling. A quarter of a decade to half a decade apart, which is as fine as
# the scales: a coarser grid would have to explain noise by wandering.
SHAPES = (
    (1.0, 0.0, 1.0, 0.0, 0.0, math.inf),
    (0.0, 1.0, 0.05, 0.0, 0.0, math.inf),
    (0.0, 1.0, 0.15, 0.0, 0.0, math.inf),
    (0.0, 1.0, 0.40, 0.0, 0.0, math.inf),
    (0.3, 0.7, 0.15, 0.0, 0.0, math.inf),
    (0.3, 0.7, 0.40, 0.0, 0.0, math.inf),
    (0.001, 0.0, 1.0, 1.0, 0.0, math.inf),
    (0.02, 0.0, 1.0, 1.0, 0.0, math.inf),
    (0.1, 0.0, 1.0, 1.0, 0.0, math.inf),
    (0.0003, 0.0, 1.0, 0.0, 1.0, math.inf),
    (0.0012, 0.0, 1.0, 0.0, 1.0, math.inf),
    (0.005, 0.0, 1.0, 0.0, 1.0, math.inf),
    (0.02, 0.0, 1.0, 0.0, 1.0, math.inf),
    (0.08, 0.0, 1.0, 0.0, 1.0, math.inf),
    (1.0, 0.0, 1.0, 0.0, 0.0, 0.15),
    (1.0, 0.0, 1.0, 0.0, 0.0, 0.3),
    (1.0, 0.0, 1.0, 0.0, 0.0, 0.6),
    (0.02, 0.0, 1.0, 1.0, 0.0, 0.3),
)
# The default mix: share, middle and spread (of the logarithm) of the scale for each of SHAPES, in their order; middle
# and spread of the drift in ways per key result; printed by `python -m bench.forecast default`.
DEFAULT_SHAPES = (
    (0.02, 0.13, 0.4),
    (0.02, 0.07, 0.4),
    (0.02, 0.14, 0.4),
    (0.02, 0.20, 0.4),
    (0.11, 0.05, 0.4),
    (0.04, 0.07, 0.6),
    (0.18, 0.35, 0.4),
    (0.34, 0.20, 0.4),
    (0.02, 0.21, 0.4),
    (0.08, 2.05, 0.4),
    (0.02, 0.15, 1.0),
    (0.02, 0.45, 0.4),
    (0.05, 0.21, 0.4),
    (0.02, 0.31, 0.5),
    (0.02, 0.15, 1.0),
    (0.13, 0.05, 0.4),
    (0.02, 0.15, 1.0),
    (0.02, 0.15, 1.0),
)
DEFAULT_DRIFT = 0.36
DEFAULT_DRIFT_SPREAD = 0.8
DEFAULT_MEAN_DRIFT = 0.68
DEFAULT_POWER = 0.5
# Half of it has a third more parts and the same coverage to a thousandth.
DEFAULT_SMALLEST = 2e-4
# What the ten kinds cannot teach: key results whose target lies closer to the baseline, or further away, than theirs.
# This part of every scale is spread further, with these spreads (of the logarithm) of scale and drift.
DEFAULT_TAIL = 0.2
DEFAULT_TAIL_SPREAD = 1.2
DEFAULT_DRIFT_TAIL_SPREAD = 2.0
# Readings that span more than this, in ways, are forecast on a smaller scale; half and double in the tests.
DEFAULT_WIDEST = 0.75


@dataclass(frozen=True)
class Backtest:
    """How readings that were held back compared with forecasts made without them.

    `coverage_0_1` is the share inside the intervals of level `level`, with its own interval; `n` readings of as many
    key results, the same ones the mix was learnt from, so others may do a little worse.
    """

    coverage_0_1: float
    interval: Interval
    level: float
    n: int


@dataclass(frozen=True, eq=False)
class ProcessMix:
    """How often key results follow which process on which scale; from `learn_process_mix` or `default_mix`.

    One entry per part: `processes` and `scales` are rows of the candidates, `shares` say how often they occur and sum to
    one. `mean_drifts` are the average drifts at the start, 1 being from baseline to target by the end.
    `evidence_power` says how much a key result's own short history counts against what holds for all: 1 is Bayes'
    rule, less where histories turned out to promise more than they kept. Readings that span more than `widest` ways
    are put on a smaller scale, on which they span as much, and are given no direction beforehand. `n_series`
    histories taught it, 0 for the default, which has no `backtest` either.
    """

    processes: IndexArray
    scales: IndexArray
    shares: FloatArray
    mean_drifts: FloatArray
    evidence_power: float
    widest: float
    n_series: int
    backtest: Backtest | None


@lru_cache(maxsize=1)
def candidate_processes() -> Processes:
    """Every shape with every spread of drift."""
    columns = zip(*((*shape, drift) for shape, drift in itertools.product(SHAPES, DRIFTS)), strict=True)
    return Processes(*(np.array(column) for column in columns))


def candidate_scales() -> FloatArray:
    """The scales, evenly spaced in ratio."""
    return np.geomspace(SMALLEST_SCALE, LARGEST_SCALE, N_SCALES)


def log_evidence(run: Filtered, counts: IndexArray, *, rows: IndexArray, scales: FloatArray) -> FloatArray:
    """Log likelihood of each history under each part, (n_parts, n_series); `rows` are rows of `run`."""
    weighed = -0.5 * run.log_spread[rows]
    weighed -= np.log(scales)[:, None] * (counts - 1)
    weighed -= run.squares[rows] * (0.5 / scales**2)[:, None]
    return weighed


def predictive(run: Filtered, weighed: FloatArray, *, rows: IndexArray, scales: FloatArray) -> NormalMixtures:
    """Where the key results end: one normal per part, weighed by `weighed`, log shares up to a constant."""
    shares = np.exp(weighed - weighed.max(axis=0))
    shares /= shares.sum(axis=0)
    deviations = np.sqrt(run.variance)[rows] * scales[:, None]
    return NormalMixtures(shares=shares, means=run.mean[rows], deviations=deviations)


def _log_normal(away: FloatArray, spread: float) -> FloatArray:
    density: FloatArray = np.exp(-0.5 * (away / spread) ** 2)
    return density


@lru_cache(maxsize=1)
def default_mix() -> ProcessMix:
    """The mix to forecast with when there are not enough histories to learn one: broad, so intervals are wide.

    Returns
    -------
    ProcessMix
        With `n_series` 0 and no backtest.

    Notes
    -----
    Learnt from equal parts of the ten made-up kinds of key result in `bench/forecast.py` (steady, wandering, mean
    reverting, levelling off, S-shaped, in jumps, changing course, adding up, flat, with outliers) and written down as
    a log-normal of the scale for each shape and one of the drift. It is a belief about key results in general, not a
    finding: intervals hold on average over such kinds, not for each kind. A fifth of the belief is spread over scales
    and drifts further away, for key results unlike these.

    Examples
    --------
    >>> default_mix().n_series
    0
    """
    scale_rows = np.arange(N_SCALES)
    log_scale = np.log(candidate_scales())
    parts = []
    for shape, (share, centre, spread) in enumerate(DEFAULT_SHAPES):
        near, far = (_log_normal(log_scale - math.log(centre), wide) for wide in (spread, DEFAULT_TAIL_SPREAD))
        fits = (1 - DEFAULT_TAIL) * near / near.sum() + DEFAULT_TAIL * far / far.sum()
        for row, drift in enumerate(DRIFTS):
            away = log_scale + math.log(drift / DEFAULT_DRIFT)
            steep = _log_normal(away, DEFAULT_DRIFT_SPREAD) + DEFAULT_TAIL * _log_normal(
                away, DEFAULT_DRIFT_TAIL_SPREAD
            )
            parts.append((shape * len(DRIFTS) + row, share * fits * steep))
    processes = np.repeat([process for process, _ in parts], N_SCALES)
    shares = np.concatenate([weight for _, weight in parts])
    shares /= shares.sum()
    kept = shares > DEFAULT_SMALLEST
    mix = ProcessMix(
        processes=processes[kept].astype(np.intp),
        scales=np.tile(scale_rows, len(parts))[kept].astype(np.intp),
        shares=shares[kept] / shares[kept].sum(),
        mean_drifts=DEFAULT_MEAN_DRIFT / reached(np.ones(1), candidate_processes().settling[processes[kept]]),
        evidence_power=DEFAULT_POWER,
        widest=DEFAULT_WIDEST,
        n_series=0,
        backtest=None,
    )
    # One and the same object for all callers.
    for column in (mix.processes, mix.scales, mix.shares, mix.mean_drifts):
        column.setflags(write=False)
    return mix
