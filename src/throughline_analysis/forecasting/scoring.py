"""Were the chances right? The Brier score and what it is made of, and how often intervals held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.forecasting.histories import BoolArray, FloatArray, IndexArray
from throughline_analysis.forecasting.shares import share_interval
from throughline_analysis.intervals import Interval, check_level

FEWEST_FORECASTS = 10
# A group of fewer forecasts says nothing about how often things came true in it.
FEWEST_PER_GROUP = 5


@dataclass(frozen=True)
class BrierScore:
    """Mean squared difference between chance and what happened: 0 is perfect, 0.25 is what always saying 0.5 gets.

    score = reliability - resolution + uncertainty + within_groups, exactly. `reliability` (smaller is better) is how
    far chances stand from what came true, `resolution` (larger is better) how far the groups differ from each other,
    `uncertainty` what the outcomes alone amount to, `within_groups` the rest that comes from chances that differ
    inside a group. The `_corrected` ones are without the bias of small groups and may fall below zero. `skill` is the
    part of `uncertainty` that the forecasts save, 0 for always saying the overall share.
    """

    score: float
    interval: Interval
    reliability: float
    resolution: float
    uncertainty: float
    within_groups: float
    reliability_corrected: float
    resolution_corrected: float
    uncertainty_corrected: float
    skill: float
    n_groups: int
    n: int


@dataclass(frozen=True)
class IntervalCoverage:
    """How often what happened lay inside the forecast interval, with the interval of that share.

    `below` and `above` count what fell out on either side. `is_as_promised` is True where the promised level lies in
    the interval.
    """

    coverage: float
    interval: Interval
    promised: float
    below: int
    above: int
    n: int

    @property
    def is_as_promised(self) -> bool:
        """Whether the data do not contradict the promised level."""
        return self.interval.low <= self.promised <= self.interval.high


def brier_score(chances: ArrayLike, outcomes: ArrayLike, *, n_groups: int = 10, level: float = 0.95) -> BrierScore:
    """Mean squared error of chances, split into what was unreliable, what was told apart and what nobody could know.

    Parameters
    ----------
    chances : (n,) of float in [0, 1]
        What was forecast.
    outcomes : (n,) of bool or {0, 1}
        What happened.
    n_groups : int, at least 1
        Into how many groups of equal size the forecasts are sorted by chance; equal chances stay together, and groups
        have at least five forecasts, so there may be fewer.
    level : float in (0, 1)
        Coverage of the interval of the score.

    Returns
    -------
    BrierScore
        Score, interval and parts.

    Raises
    ------
    InputError
        Shapes differ, a chance is outside [0, 1], or an outcome is not true or false.
    NotEnoughData
        Fewer than ten forecasts, or the same outcome every time, so that there is nothing to explain.

    Notes
    -----
    The interval is the mean plus or minus Student's t times the standard error of squared differences; forecasts are
    treated as independent, which goals of one quarter are not. Cost O(n log n).

    Source
    ------
    Brier (1950), Monthly Weather Review 78:1-3; Murphy (1973), Journal of Applied Meteorology 12:595-600; Stephenson,
    Coelho and Jolliffe (2008), Weather and Forecasting 23:752-757, doi:10.1175/2007WAF2006116.1 (within groups); Ferro
    and Fricker (2012), QJRMS 138:1954-1960, doi:10.1002/qj.1924 (bias).

    Examples
    --------
    >>> result = brier_score([0.1] * 5 + [0.9] * 5, [0, 0, 0, 0, 1, 1, 1, 1, 1, 0])
    >>> round(result.score, 3), round(result.reliability, 3), round(result.resolution, 3), result.uncertainty
    (0.17, 0.01, 0.09, 0.25)
    """
    from scipy.special import stdtrit

    chance, happened = checked_forecasts(chances, outcomes, level=level)
    n = len(chance)
    overall = float(happened.mean())
    if overall in (0.0, 1.0):
        raise NotEnoughData("Every forecast had the same outcome, so there is nothing to tell apart; wait for others.")
    squared = (chance - happened) ** 2
    margin = float(stdtrit(n - 1, (1 + level) / 2)) * float(squared.std(ddof=1)) / n**0.5
    score = float(squared.mean())
    groups = chance_groups(chance, n_groups)
    sizes = np.bincount(groups).astype(np.float64)
    forecast = np.bincount(groups, weights=chance) / sizes
    observed = np.bincount(groups, weights=happened) / sizes
    reliability = float((sizes * (forecast - observed) ** 2).sum() / n)
    resolution = float((sizes * (observed - overall) ** 2).sum() / n)
    uncertainty = overall * (1 - overall)
    bias = float((sizes / np.maximum(sizes - 1, 1) * observed * (1 - observed)).sum() / n)
    return BrierScore(
        score=score,
        interval=Interval(max(0.0, score - margin), min(1.0, score + margin), level, "Student t"),
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within_groups=score - reliability + resolution - uncertainty,
        reliability_corrected=reliability - bias,
        resolution_corrected=resolution - bias + uncertainty / (n - 1),
        uncertainty_corrected=uncertainty * n / (n - 1),
        skill=1 - score / uncertainty,
        n_groups=len(sizes),
        n=n,
    )


def interval_coverage(
    low: ArrayLike, high: ArrayLike, *, outcomes: ArrayLike, promised: float, level: float = 0.95
) -> IntervalCoverage:
    """How often intervals held what they promised.

    Parameters
    ----------
    low, high, outcomes : (n,) of float
        Ends of the forecast intervals, both belonging to them, and what happened.
    promised : float in (0, 1)
        Coverage the intervals were made for.
    level : float in (0, 1)
        Coverage of the interval around the share.

    Returns
    -------
    IntervalCoverage
        Share inside, its Jeffreys interval, and how many fell out on each side.

    Raises
    ------
    InputError
        Shapes differ, a number is missing, an interval is upside down, or a level is out of range.
    NotEnoughData
        Fewer than ten intervals.

    Notes
    -----
    Intervals are treated as independent. Holding as often as promised is not enough: endless intervals always hold.

    Source
    ------
    Brown, Cai and DasGupta (2001), Statistical Science 16:101-133, doi:10.1214/ss/1009213286 (Jeffreys interval).

    Examples
    --------
    >>> result = interval_coverage([0] * 20, [1] * 20, outcomes=[0.5] * 17 + [1.5] * 3, promised=0.9)
    >>> result.coverage, result.above, result.is_as_promised
    (0.85, 3, True)
    """
    ends = [np.array(column, dtype=np.float64) for column in (low, high, outcomes)]
    if any(column.shape != ends[0].shape or column.ndim != 1 for column in ends):
        raise InputError("`low`, `high` and `outcomes` must be rows of the same length.")
    if np.isnan(np.array(ends)).any() or (ends[0] > ends[1]).any():
        raise InputError("An interval is missing a number or upside down; its low end must not lie above its high end.")
    if not (0 < promised < 1 and 0 < level < 1):
        raise InputError("`promised` and `level` must lie between 0 and 1, such as 0.9.")
    n = len(ends[0])
    if n < FEWEST_FORECASTS:
        raise NotEnoughData(f"There are {n} intervals; their coverage is judged from {FEWEST_FORECASTS} on.")
    below, above = int((ends[2] < ends[0]).sum()), int((ends[2] > ends[1]).sum())
    inside = n - below - above
    return IntervalCoverage(inside / n, share_interval(inside, n, level=level), promised, below, above, n)


def checked_forecasts(chances: ArrayLike, outcomes: ArrayLike, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Chances and outcomes as floats, or the reason why they cannot be judged."""
    chance, happened = np.array(chances, dtype=np.float64), np.array(outcomes, dtype=np.float64)
    if chance.ndim != 1 or chance.shape != happened.shape:
        raise InputError(
            f"There are {chance.size} chances and {happened.size} outcomes; give one of each per forecast."
        )
    if not ((chance >= 0) & (chance <= 1)).all():
        raise InputError("A chance lies outside 0 to 1; give chances, not percentages.")
    if not ((happened == 0) | (happened == 1)).all():
        raise InputError("An outcome is neither true nor false; leave out forecasts that are not settled yet.")
    check_level(level)
    if len(chance) < FEWEST_FORECASTS:
        raise NotEnoughData(f"There are {len(chance)} settled forecasts; they are judged from {FEWEST_FORECASTS} on.")
    return chance, happened


def chance_groups(chance: FloatArray, n_groups: int) -> IndexArray:
    """Group of each forecast, from 0: neighbours in chance, equally many where ties allow, none too small."""
    if n_groups < 1:
        raise InputError(f"`n_groups` is {n_groups}; choose at least one group.")
    n = len(chance)
    wanted = max(1, min(n_groups, n // FEWEST_PER_GROUP))
    order = np.argsort(chance, kind="stable")
    ordered = chance[order]
    starts_value: BoolArray = np.ones(n, dtype=np.bool_)
    starts_value[1:] = ordered[1:] > ordered[:-1]
    # A group begins at the first value that reaches its share of the forecasts, so ties stay together.
    first_of_value = np.flatnonzero(starts_value)[np.cumsum(starts_value) - 1]
    rough = first_of_value * wanted // n
    starts_group = np.flatnonzero(np.diff(rough, prepend=-1) > 0)
    kept = [0]
    for start in starts_group[1:].tolist():
        if start - kept[-1] >= FEWEST_PER_GROUP and n - start >= FEWEST_PER_GROUP:
            kept.append(start)
    groups = np.empty(n, dtype=np.intp)
    groups[order] = np.searchsorted(kept, np.arange(n), side="right") - 1
    return groups
