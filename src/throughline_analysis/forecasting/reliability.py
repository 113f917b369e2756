"""When we say seventy percent, how often does it happen? The reliability curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.forecasting.histories import FloatArray, IndexArray
from throughline_analysis.forecasting.scoring import chance_groups, checked_forecasts
from throughline_analysis.forecasting.shares import share_intervals


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """One entry per group of forecasts with similar chances, ascending.

    `chance` is what was said on average, `observed` how often it happened, `low` and `high` its Jeffreys interval,
    `counts` how many forecasts are in the group.
    """

    chance: FloatArray
    observed: FloatArray
    low: FloatArray
    high: FloatArray
    counts: IndexArray
    level: float
    n: int

    @property
    def n_off(self) -> int:
        """How many groups' intervals leave out what was said; about n_groups * (1 - level) by luck alone."""
        return int(((self.chance < self.low) | (self.chance > self.high)).sum())


def reliability_curve(
    chances: ArrayLike, outcomes: ArrayLike, *, n_groups: int = 10, level: float = 0.95
) -> ReliabilityCurve:
    """How often things happened, group by group of what was forecast, with intervals.

    Parameters
    ----------
    chances, outcomes, n_groups
        As for `brier_score`.
    level : float in (0, 1)
        Coverage of each group's interval.

    Returns
    -------
    ReliabilityCurve
        `chance`, `observed`, `low`, `high`, `counts`: each (n_groups,) or shorter.

    Raises
    ------
    InputError
        Shapes differ, a chance is outside [0, 1], or an outcome is not true or false.
    NotEnoughData
        Fewer than ten forecasts.

    Notes
    -----
    Groups hold equally many forecasts, so no point of the curve rests on two or three. Forecasts are treated as
    independent. Cost O(n log n).

    Source
    ------
    Bröcker and Smith (2007), Weather and Forecasting 22:651-661, doi:10.1175/WAF993.1.

    Examples
    --------
    >>> curve = reliability_curve([0.2] * 10 + [0.8] * 10, [1] * 2 + [0] * 8 + [1] * 9 + [0])
    >>> curve.chance.round(1).tolist(), curve.observed.tolist(), curve.n_off
    ([0.2, 0.8], [0.2, 0.9], 0)
    """
    chance, happened = checked_forecasts(chances, outcomes, level=level)
    groups = chance_groups(chance, n_groups)
    counts = np.bincount(groups)
    hits = np.bincount(groups, weights=happened).astype(np.float64)
    low, high = share_intervals(hits, counts.astype(np.float64), level=level)
    said = np.bincount(groups, weights=chance) / counts
    return ReliabilityCurve(said, hits / counts, low, high, counts.astype(np.intp), level, len(chance))
