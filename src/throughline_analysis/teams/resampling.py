"""Intervals from resamples, and counts drawn at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import Interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def basic_interval(estimate: float, draws: FloatArray, *, level: float, method: str, n_units: int) -> Interval:
    """Basic bootstrap interval inside [0, 1]: the resamples' error, turned round the estimate.

    It takes off the bias of a measure that resampling makes larger, as every measure of inequality is. The errors are
    widened as Student's t and the loss of one degree of freedom ask for with `n_units` units. Source: Davison and
    Hinkley (1997), Bootstrap Methods, doi:10.1017/CBO9780511802843, section 5.2; widening: Hesterberg (2015),
    doi:10.1080/00031305.2015.1089789, section 3.2.
    """
    from scipy.special import ndtri, stdtrit

    middle, reach = float(draws.mean()), (1 + level) / 2
    wider = float(stdtrit(n_units - 1, reach) / ndtri(reach)) * np.sqrt(n_units / (n_units - 1))
    low, high = middle + wider * (np.quantile(draws, [1 - reach, reach]) - middle)
    return Interval(
        low=float(np.clip(2 * estimate - high, 0, 1)),
        high=float(np.clip(2 * estimate - low, 0, 1)),
        level=level,
        method=f"basic bootstrap over {method}",
    )


def corrected(estimate: float, draws: FloatArray) -> float:
    """The estimate less the bias that the resamples show, inside [0, 1]."""
    return float(np.clip(2 * estimate - draws.mean(), 0, 1))


def whole_numbers(values: ArrayLike, name: str) -> IntArray:
    """Own copy as whole numbers, or InputError."""
    given = np.array(values)
    if given.size == 0:
        return given.astype(np.int64)
    if given.dtype.kind not in "iu":
        raise InputError(f"`{name}` must be whole numbers.")
    return given.astype(np.int64)
