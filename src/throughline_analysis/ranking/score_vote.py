"""Score voting: everybody scores what they know, the highest mean wins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.intervals import check_level
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray

# Differences below this part of the largest score are rounding.
EQUAL_PART = 1e-12


@dataclass(frozen=True, eq=False)
class ScoreResult:
    """Outcome of score voting, in candidate order.

    `mean`, `low`, `high`: nan where nobody gave a score; the interval also where fewer than two people did or all gave
    the same, which says nothing about how people differ. `total`: sum.
    `place`: 1 is highest, equal means share a place; 0 where fewer than the quorum gave a score. `winners`: those in
    place 1. `n`: scores per candidate.
    """

    winners: tuple[int, ...]
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    total: FloatArray
    place: IndexArray
    n: IndexArray
    level: float
    method: str


def score_vote(scores: ArrayLike, *, quorum: int = 1, level: float = 0.95) -> ScoreResult:
    """Mean score of each candidate with an interval, and who wins.

    Parameters
    ----------
    scores : (n_voters, n_candidates) of float, nan for no opinion
        All on one scale; higher is better.
    quorum : int >= 1
        How many must have scored a candidate for it to be placed.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    ScoreResult
        Winners, means with intervals, places.

    Raises
    ------
    InputError
        Wrong shape, infinite scores, `quorum` below one.
    NotEnoughData
        No candidate reaches the quorum.

    Notes
    -----
    "No opinion" does not count, neither for nor against; the quorum keeps a candidate known to few from winning by
    their praise. Adding or removing another candidate changes no mean, raising a score never harms, and two groups
    in which all scored everybody, and that elect the same candidate, elect it together. People may exaggerate: a
    majority's favourite can lose. Intervals are Student's t for the mean of people like these, each candidate by itself; with few
    scores on few steps they are rough, and they may pass the ends of the scale.
    Cost O(n_voters * n_candidates).

    Source
    ------
    Balinski, Laraki (2010), Majority Judgment, ch. 17, doi:10.7551/mitpress/9780262015134.001.0001, for what a mean of
    scores can and cannot do.
    Student (1908), Biometrika 6:1-25, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> result = score_vote([[5, 1], [4, 2], [np.nan, 3]])
    >>> result.winners, result.mean.tolist(), result.n.tolist()
    ((0,), [4.5, 2.0], [2, 3])
    """
    check_level(level)
    given = as_floats(scores, name="scores")
    if given.ndim != 2:
        raise InputError(f"`scores` has shape {given.shape}; give voters x candidates.")
    if np.isinf(given).any():
        raise InputError("`scores` holds an infinite score; use nan for no opinion.")
    if quorum < 1:
        raise InputError(f"`quorum` is {quorum}; at least one person must have scored.")
    is_given = ~np.isnan(given)
    n = is_given.sum(axis=0)
    is_placed = n >= quorum
    if not is_placed.any():
        raise NotEnoughData(f"No candidate was scored by {quorum}; ask more people or lower the quorum.")
    filled = np.where(is_given, given, 0.0)
    total = filled.sum(axis=0)
    mean = np.divide(total, n, out=np.full(len(n), math.nan), where=n > 0)
    # Means of the same scores in another order must not differ by rounding, whatever their unit.
    size = float(np.abs(filled).max(initial=0.0))
    reach = _reach(np.where(is_given, given - mean, 0.0), n, size=size, level=level)
    place = np.array([1 + int((mean[is_placed] > own + EQUAL_PART * size).sum()) for own in mean]) * is_placed
    return ScoreResult(
        winners=tuple(np.flatnonzero(place == 1).tolist()),
        mean=mean,
        low=mean - reach,
        high=mean + reach,
        total=total,
        place=place,
        n=n,
        level=level,
        method="mean score, Student's t",
    )


def _reach(left: FloatArray, n: IndexArray, *, size: float, level: float) -> FloatArray:
    from scipy.special import stdtrit

    spare = np.maximum(n - 1, 1)
    error = np.sqrt((left**2).sum(axis=0) / (spare * np.maximum(n, 1)))
    return np.where((n > 1) & (error > EQUAL_PART * size), stdtrit(spare, (1 + level) / 2) * error, math.nan)
