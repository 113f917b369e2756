"""Where people leave sooner than others with the same time behind them: hazards by group."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.intervals import check_level
from throughline_analysis.retention.at_risk import RiskTable, risk_table_of_all
from throughline_analysis.retention.histories import BoolArray, FloatArray, Histories, IndexArray
from throughline_analysis.retention.rates import poisson_interval


@dataclass(frozen=True, eq=False)
class HazardRates:
    """Leavings per unit of time, rows the shown groups, columns the bands of time behind one.

    `cuts` (n_bands + 1,) bounds the bands; `exposure`: time watched in the band; `people`: how many were watched in it.
    All are nan, and not `is_shown`, where fewer than the smallest group were.
    """

    group: IndexArray
    cuts: FloatArray
    hazard: FloatArray
    low: FloatArray
    high: FloatArray
    events: FloatArray
    exposure: FloatArray
    people: FloatArray
    is_shown: BoolArray
    refused: IndexArray
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class StandardisedLeaving:
    """Leavings of each shown group against what everybody's hazard makes of the same histories.

    `ratio` is observed / expected with its interval; nan, with an interval from 0 to infinity, for a group nobody of
    which was watched when anybody left. `differs` marks groups whose ratio is away from one after
    correction for many groups (Holm) on `p_value`.
    """

    group: IndexArray
    observed: FloatArray
    expected: FloatArray
    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    p_value: FloatArray
    differs: BoolArray
    n: IndexArray
    refused: IndexArray
    level: float
    method: str


def hazard_rates(watched: Histories, cuts: ArrayLike, *, level: float = 0.95) -> HazardRates:
    """Leavings per unit of time in bands of the time behind one, for each group.

    Parameters
    ----------
    watched : Histories
        Of `histories`.
    cuts : (n_bands + 1,) of float, ascending
        Bounds of the bands, for example 0, 1, 2, 5 years. Leavings outside do not count. A leaving exactly at a bound
        belongs to the band that ends there.
    level : float in (0, 1)
        Coverage of the intervals, at least.

    Returns
    -------
    HazardRates
        Tables (n_shown, n_bands).

    Raises
    ------
    InputError
        `cuts` not ascending, negative or fewer than two.
    NotEnoughData
        No band of any group holds enough people.

    Notes
    -----
    Leavings divided by time watched within the band, which is the maximum likelihood where the hazard is constant in
    it; exact Poisson interval. Each band of a group is a result about those watched in it and is refused under the
    floor like a group. Cost O(n_people * n_bands).

    Source
    ------
    Holford (1980), Biometrics 36:299-305, doi:10.2307/2529982. Interval: Garwood (1936), Biometrika 28:437-442,
    doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> watched = histories([0.5, 1, 2, 2, 3, 4], [True, True, True, False, False, False])
    >>> hazard_rates(watched, [0, 1, 4]).hazard.round(2).tolist()
    [[0.36, nan]]
    """
    check_level(level)
    cut = as_floats(cuts, name="cuts")
    if cut.ndim != 1 or len(cut) < 2 or not (np.isfinite(cut).all() and cut[0] >= 0 and (np.diff(cut) > 0).all()):
        raise InputError("`cuts` must be two or more finite times from 0 on, each later than the one before.")
    began = np.zeros(watched.n) if watched.entry is None else watched.entry
    shape = (len(watched.shown), len(cut) - 1)
    events, exposure, people = np.empty(shape), np.empty(shape), np.empty(shape)
    for band in range(shape[1]):
        low, high = cut[band], cut[band + 1]
        spent = np.minimum(watched.duration, high) - np.maximum(began, low)
        is_here = spent > 0
        leaves = is_here & watched.has_left & (watched.duration <= high)
        exposure[:, band] = watched.per_group(np.where(is_here, spent, 0.0))
        people[:, band] = watched.per_group(is_here.astype(np.float64))
        events[:, band] = watched.per_group(leaves.astype(np.float64))
    is_shown = people >= watched.smallest_group
    if not is_shown.any():
        raise NotEnoughData(f"No band holds {watched.smallest_group} people of one group; take wider bands.")
    return HazardRates(
        group=watched.shown,
        cuts=cut,
        refused=watched.refused,
        level=level,
        method="piecewise constant, exact Poisson",
        people=np.where(is_shown, people, math.nan),
        is_shown=is_shown,
        **_shown_rates(events, exposure, is_shown=is_shown, level=level),
    )


def _shown_rates(
    events: FloatArray, exposure: FloatArray, *, is_shown: BoolArray, level: float
) -> dict[str, FloatArray]:
    low, high = poisson_interval(events, level=level)
    time = np.where(is_shown, exposure, math.nan)
    tables = {"hazard": events / time, "low": low / time, "high": high / time}
    return tables | {"events": np.where(is_shown, events, math.nan), "exposure": time}


def standardised_leaving(watched: Histories, *, level: float = 0.95) -> StandardisedLeaving:
    """Whether a group loses more people than others with as much time behind them.

    Parameters
    ----------
    watched : Histories
        Of `histories`, with at least two groups.
    level : float in (0, 1)
        Coverage of the intervals, at least; also of the marks in `differs` together.

    Returns
    -------
    StandardisedLeaving
        One entry per shown group.

    Raises
    ------
    InputError
        `level` out of range.
    NotEnoughData
        Nobody left, or everybody is in one group.

    Notes
    -----
    Expected leavings of a group add up, over its people, everybody's cumulative hazard (Nelson-Aalen) over the time
    they were watched: the number the group would lose at the common pace, its tenures being what they are. They are
    the expected numbers of the log-rank test. Interval: exact Poisson of the observed number over the expected. The
    group itself is part of everybody, so ratios lie nearer to one than against all others, the more so the larger its
    share; the interval is then too wide rather than too narrow.
    A group that differs may differ in pay, place or kind of work; the ratio names no cause. Cost O(n_people).

    Source
    ------
    Breslow, Day (1987), Statistical Methods in Cancer Research II, ch. 2, IARC 82 (indirect standardisation).
    Aalen (1978), Annals of Statistics 6:701-726, doi:10.1214/aos/1176344247. Holm (1979), Scandinavian Journal of
    Statistics 6:65-70.

    Examples
    --------
    >>> watched = histories([1, 2, 3, 4, 5] * 2, [True] * 5 + [False] * 5, groups=[0] * 5 + [1] * 5)
    >>> told = standardised_leaving(watched)
    >>> told.observed.tolist(), told.expected.round(2).tolist(), told.differs.tolist()
    ([5.0, 0.0], [2.5, 2.5], [False, False])
    """
    from scipy.special import pdtr, pdtrc

    check_level(level)
    observed, expected = observed_and_expected(watched, pooled_rows(watched))
    low, high = poisson_interval(observed, level=level)
    below = pdtr(observed, expected)
    above = np.where(observed > 0, pdtrc(observed - 1, expected), 1.0)
    p_value = np.minimum(1.0, 2 * np.minimum(below, above))
    return StandardisedLeaving(
        group=watched.shown,
        observed=observed,
        expected=expected,
        ratio=_per_expected(observed, expected, without=math.nan),
        low=_per_expected(low, expected, without=0.0),
        high=_per_expected(high, expected, without=math.inf),
        p_value=p_value,
        differs=_holm(p_value) <= 1 - level,
        n=watched.people,
        refused=watched.refused,
        level=level,
        method="observed over expected, exact Poisson, Holm",
    )


def _per_expected(values: FloatArray, expected: FloatArray, *, without: float) -> FloatArray:
    return np.asarray(np.divide(values, expected, out=np.full(len(values), without), where=expected > 0))


def pooled_rows(watched: Histories) -> RiskTable:
    """Rows of everybody together, refused where there is nothing to compare."""
    if not watched.has_left.any():
        raise NotEnoughData("Nobody left while we watched; groups cannot be compared yet.")
    if int((np.diff(watched.bounds) > 0).sum()) < 2:
        raise NotEnoughData("Everybody is in one group; give at least two groups to compare.")
    return risk_table_of_all(watched)


def observed_and_expected(watched: Histories, pooled: RiskTable) -> tuple[FloatArray, FloatArray]:
    """Leavings of each shown group, and how many the hazard of everybody together makes of its histories."""
    total = np.concatenate(([0.0], np.cumsum(pooled.left / pooled.at_risk)))
    over = total[np.searchsorted(pooled.time, watched.duration, side="right")]
    if watched.entry is not None:
        over = over - total[np.searchsorted(pooled.time, watched.entry, side="right")]
    return watched.per_group(watched.has_left.astype(np.float64)), watched.per_group(over)


def _holm(p_value: FloatArray) -> FloatArray:
    """Adjusted p-values: each may be held against the level by itself."""
    order = np.argsort(p_value)
    stepped = np.maximum.accumulate(p_value[order] * (len(p_value) - np.arange(len(p_value))))
    adjusted = np.empty_like(p_value)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
