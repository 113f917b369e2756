"""Shares and differences of shares with intervals, and the correction for looking at many of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray

# A tail is added up until a term is this small against the sum.
SMALLEST_TERM = 1e-12


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
    """Two-sided chance of so uneven a division of the successes when both shares are equal: Fisher's exact test.

    Twice the smaller tail of the hypergeometric distribution, at most 1. Exact at every size, because groups are small
    and many cells are looked at: a normal approximation is wrong by orders of magnitude where ten of ten agree.
    """
    both, seen = successes + other_successes, trials + other_trials
    is_high = successes * seen >= both * trials
    # The lower tail of agreeing is the upper tail of not agreeing.
    own = np.where(is_high, successes, trials - successes)
    whole = np.where(is_high, both, seen - both)
    flat = (np.asarray(column, dtype=np.float64).ravel() for column in np.broadcast_arrays(own, trials, whole, seen))
    return np.minimum(2 * _upper_tail(*flat), 1.0).reshape(own.shape)


def majority_chances(successes: IndexArray, trials: IndexArray) -> FloatArray:
    """One-sided chance of so many successes when at most half are expected: the exact binomial test; 1 without trials."""
    from scipy.special import bdtrc

    chances = bdtrc(successes - 1.0, np.maximum(trials, 1), 0.5)
    return np.asarray(np.where(successes > 0, chances, 1.0), dtype=np.float64)


def _upper_tail(own: FloatArray, trials: FloatArray, whole: FloatArray, seen: FloatArray) -> FloatArray:
    """(n,) chance of `own` or more of `whole` marked ones among `trials` drawn from `seen`; `own` is not below its mean.

    From there on each term is smaller than the one before, so they are added until nothing is gained.
    """
    from scipy.special import betaln

    def log_choose(n: FloatArray, k: FloatArray) -> FloatArray:
        return np.asarray(-np.log(n + 1) - betaln(n - k + 1, k + 1), dtype=np.float64)

    log_first = log_choose(whole, own) + log_choose(seen - whole, trials - own) - log_choose(seen, trials)
    total, term = np.ones_like(own), np.ones_like(own)
    at = np.arange(len(own))
    step = own.copy()
    while len(at):
        rest, others = (whole[at] - step) * (trials[at] - step), seen[at] - whole[at] - trials[at] + step + 1
        term = term * rest / ((step + 1) * others)
        total[at] += term
        is_open = term > SMALLEST_TERM * total[at]
        at, term, step = at[is_open], term[is_open], step[is_open] + 1
    return np.exp(log_first) * total


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
