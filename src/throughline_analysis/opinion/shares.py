"""Shares and differences of shares with intervals, and the correction for looking at many of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray


@dataclass(frozen=True, eq=False)
class Ranges:
    """An estimate with both ends of its interval; all of one shape."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False)
class Selection:
    """What stands out of many comparisons: `is_chosen`, corrected chances, and the level that intervals then need."""

    is_chosen: BoolArray
    adjusted: FloatArray
    interval_level: float


def normal_quantile(level: float) -> float:
    """z such that a normal variable lies within plus or minus z with this chance."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def wilson(successes: IndexArray, trials: IndexArray, level: float) -> Ranges:
    """Wilson score intervals of shares; no trials give nan with the interval 0 to 1. Wilson (1927)."""
    z = normal_quantile(level)
    n = np.maximum(trials, 1)
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    is_seen = trials > 0
    return Ranges(
        estimate=np.where(is_seen, share, np.nan),
        low=np.where(is_seen, np.clip(centre - half, 0.0, 1.0), 0.0),
        high=np.where(is_seen, np.clip(centre + half, 0.0, 1.0), 1.0),
    )


def differences(
    successes: IndexArray, trials: IndexArray, *, other_successes: IndexArray, other_trials: IndexArray, level: float
) -> Ranges:
    """Differences of two shares with Agresti and Caffo's interval (one success and one failure added to each)."""
    z = normal_quantile(level)
    difference, error = _smoothed_difference(successes, trials, other_successes, other_trials)
    return Ranges(
        estimate=difference,
        low=np.clip(difference - z * error, -1.0, 1.0),
        high=np.clip(difference + z * error, -1.0, 1.0),
    )


def difference_chances(
    successes: IndexArray, trials: IndexArray, *, other_successes: IndexArray, other_trials: IndexArray
) -> FloatArray:
    """Two-sided chance of so large a difference when both shares are equal; agrees with `differences`."""
    from scipy.special import ndtr

    difference, error = _smoothed_difference(successes, trials, other_successes, other_trials)
    return np.asarray(2 * ndtr(-np.abs(difference) / error), dtype=np.float64)


def selected(chances: FloatArray, level: float) -> Selection:
    """Benjamini and Hochberg's choice among many chances, and the level at which intervals of the chosen hold.

    Of the chosen at most 1 - `level` are expected to be wrong, and of the intervals at `interval_level` at most
    1 - `level` of the chosen ones are expected to miss (Benjamini and Yekutieli 2005).
    """
    flat = chances.ravel()
    n_all = len(flat)
    order = np.argsort(flat, kind="stable")
    steps = flat[order] * n_all / np.arange(1, n_all + 1)
    adjusted = np.empty(n_all)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    is_chosen = (adjusted <= 1 - level).reshape(chances.shape)
    n_chosen = max(int(is_chosen.sum()), 1)
    return Selection(
        is_chosen=is_chosen,
        adjusted=adjusted.reshape(chances.shape),
        interval_level=1 - (1 - level) * n_chosen / max(n_all, 1),
    )


def _smoothed_difference(
    successes: IndexArray, trials: IndexArray, other_successes: IndexArray, other_trials: IndexArray
) -> tuple[FloatArray, FloatArray]:
    share = (successes + 1) / (trials + 2)
    other = (other_successes + 1) / (other_trials + 2)
    error = np.sqrt(share * (1 - share) / (trials + 2) + other * (1 - other) / (other_trials + 2))
    return share - other, error
