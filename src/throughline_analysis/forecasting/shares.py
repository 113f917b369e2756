"""Intervals for shares: of chances, of hits, of simulated draws.

Internal to `forecasting`.
"""

from __future__ import annotations

import numpy as np

from throughline_analysis.forecasting.histories import FloatArray
from throughline_analysis.intervals import Interval


def share_intervals(hits: FloatArray, tries: FloatArray, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Jeffreys interval of each share; its low end is 0 at no hit and its high end 1 at hits only.

    Brown, Cai and DasGupta (2001), Statistical Science 16:101-133, doi:10.1214/ss/1009213286. Usable with fractional
    counts, as weighted ones are.
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = np.where(hits <= 0, 0.0, betaincinv(hits + 0.5, tries - hits + 0.5, tail))
    high = np.where(hits >= tries, 1.0, betaincinv(hits + 0.5, tries - hits + 0.5, 1 - tail))
    return low, high


def share_interval(hits: float, tries: float, *, level: float) -> Interval:
    """The same for one share."""
    low, high = share_intervals(np.array([float(hits)]), np.array([float(tries)]), level=level)
    return Interval(float(low[0]), float(high[0]), level, "Jeffreys")
