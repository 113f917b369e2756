"""Share still here after a time: Kaplan-Meier curves of many groups at once, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import check_level
from throughline_analysis.retention.at_risk import RiskTable, cumulated, multiplied, risk_table_by_group
from throughline_analysis.retention.histories import FloatArray, Histories, IndexArray

METHOD = "Kaplan-Meier, log-log Greenwood"


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """One group's curve, a row per time somebody left: share still here right after it, with its interval.

    Before the first row the share is 1. After `watched_until` nothing is known.
    """

    group: int
    time: FloatArray
    at_risk: IndexArray
    left: IndexArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    watched_until: float
    n: int


@dataclass(frozen=True, eq=False)
class SurvivalCurves:
    """Curves of all shown groups, one after another; `curve(place)` takes one out.

    `group` (n_shown,) ascending; `bounds` (n_shown + 1,) cuts the rows `time` to `variance`; `variance` is
    Greenwood's sum, the variance of the log of the share. `n`: people per group; `refused`: groups too small to show.
    """

    group: IndexArray
    bounds: IndexArray
    time: FloatArray
    at_risk: IndexArray
    left: IndexArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    variance: FloatArray
    watched_until: FloatArray
    n: IndexArray
    refused: IndexArray
    watched: Histories
    level: float
    method: str

    def curve(self, place: int) -> SurvivalCurve:
        """The curve of `group[place]`."""
        if not 0 <= place < len(self.group):
            raise InputError(f"There are {len(self.group)} shown groups; {place} is none of them.")
        rows = slice(int(self.bounds[place]), int(self.bounds[place + 1]))
        return SurvivalCurve(
            group=int(self.group[place]),
            time=self.time[rows],
            at_risk=self.at_risk[rows],
            left=self.left[rows],
            survival=self.survival[rows],
            low=self.low[rows],
            high=self.high[rows],
            watched_until=float(self.watched_until[place]),
            n=int(self.n[place]),
        )


def survival_curves(watched: Histories, *, level: float = 0.95) -> SurvivalCurves:
    """Share of each group still here after any time, with intervals point by point.

    Parameters
    ----------
    watched : Histories
        Of `histories`.
    level : float in (0, 1)
        Coverage of the interval at each time by itself, not of the whole curve.

    Returns
    -------
    SurvivalCurves
        A row for each group and time of leaving.

    Raises
    ------
    InputError
        `level` out of range.

    Notes
    -----
    At each time of leaving the share is multiplied by 1 - left / at risk (Kaplan-Meier, the product-limit estimate).
    Interval: normal on the log of minus the log of the share, with Greenwood's variance; it stays inside [0, 1] and
    covers well from about ten people at risk. Once everybody at risk has left the share is 0; its upper end is the
    last one before (exact binomial if there is none), since a share still here never rises.
    Leaving and being still here when last seen must be unrelated given the time behind one. Times are taken as exact:
    somebody who leaves and somebody last seen at the same time, the leaving came first.
    With late entry the first few people watched count for all: where the only one watched at a time leaves, the share
    is 0 from there on, whoever enters later. Its interval is then nearly all of [0, 1]; `at_risk` shows why.
    scipy's `ecdf` for censored data gives the same curve for one group without late entry, and is an oracle in the
    tests. Cost O(n_people) after sorting.

    Source
    ------
    Kaplan, Meier (1958), JASA 53:457-481, doi:10.1080/01621459.1958.10501452. Interval: Kalbfleisch, Prentice (2002),
    The Statistical Analysis of Failure Time Data, doi:10.1002/9781118032985. Late entry: Tsai, Jewell, Wang (1987),
    A note on the product-limit estimator under right censoring and left truncation, Biometrika 74:883-886.

    Examples
    --------
    >>> watched = histories([1, 2, 2, 3, 4], [True, True, False, True, False])
    >>> curves = survival_curves(watched)
    >>> curves.time.tolist(), curves.survival.round(2).tolist()
    ([1.0, 2.0, 3.0], [0.8, 0.6, 0.3])
    """
    check_level(level)
    table = shown_rows(risk_table_by_group(watched), watched)
    survival, variance = _product_limit(table)
    low, high = _intervals(table, survival, variance, level=level)
    last = watched.by_group[watched.bounds[1:][watched.shown] - 1]
    return SurvivalCurves(
        group=watched.shown,
        bounds=table.bounds,
        time=table.time,
        at_risk=table.at_risk,
        left=table.left,
        survival=survival,
        low=low,
        high=high,
        variance=variance,
        watched_until=watched.duration[last],
        n=watched.people,
        refused=watched.refused,
        watched=watched,
        level=level,
        method=METHOD,
    )


def shown_rows(table: RiskTable, watched: Histories) -> RiskTable:
    """The rows of the groups that are shown."""
    if len(watched.shown) == len(watched.bounds) - 1:
        return table
    rows = np.diff(table.bounds)
    is_shown = np.zeros(len(rows), dtype=np.bool_)
    is_shown[watched.shown] = True
    kept = np.repeat(is_shown, rows)
    bounds = np.concatenate(([0], np.cumsum(rows[watched.shown])))
    return RiskTable(table.time[kept], table.at_risk[kept], table.left[kept], bounds)


def _product_limit(table: RiskTable) -> tuple[FloatArray, FloatArray]:
    at_risk, left = table.at_risk.astype(np.float64), table.left.astype(np.float64)
    stays = at_risk - left
    spread = np.divide(left, at_risk * stays, out=np.zeros_like(stays), where=stays > 0)
    return multiplied(stays / at_risk, table.bounds), cumulated(spread, table.bounds)


def _intervals(
    table: RiskTable, survival: FloatArray, variance: FloatArray, *, level: float
) -> tuple[FloatArray, FloatArray]:
    low, high = log_log_interval(survival, variance, level=level)
    empty = np.flatnonzero(survival == 0)
    if len(empty):
        rows = np.diff(table.bounds)
        group_start = np.repeat(table.bounds[:-1], rows)
        # The first row of zeros takes the upper end of the row before it, or the binomial bound if there is none.
        is_zero = survival == 0
        is_first_zero = is_zero & ~np.concatenate(([False], is_zero[:-1] & (group_start[1:] == group_start[:-1])))
        for row in np.flatnonzero(is_first_zero):
            stop = table.bounds[np.searchsorted(table.bounds, row, side="right")]
            none_before = row == group_start[row]
            bound = 1 - ((1 - level) / 2) ** (1 / table.at_risk[row]) if none_before else high[row - 1]
            low[row:stop], high[row:stop] = 0.0, bound
    return low, high


def log_log_interval(survival: FloatArray, variance: FloatArray, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Interval of a share strictly between 0 and 1 from the variance of its log; 0 and 1 come back as they are."""
    from statistics import NormalDist

    reach = NormalDist().inv_cdf((1 + level) / 2)
    inside = (survival > 0) & (survival < 1)
    log = np.log(survival, out=np.full_like(survival, -1.0), where=inside)
    power = np.exp(np.minimum(reach * np.sqrt(variance) / -log, math.log(np.finfo(float).max) / 2))
    low = np.where(inside, np.exp(log * power), survival)
    high = np.where(inside, np.exp(log / power), survival)
    return low, high
