"""Whether a figure rises or falls over several rounds, by more than noise."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.surveys.answers import FloatArray, answer_column

# With three rounds the line has one degree of freedom left, and its interval is twelve standard errors to each side.
LEAST_ROUNDS = 4
# Squares of what is left beside the line that are below this part of the squared figure are rounding.
ON_THE_LINE = 1e-24

Direction = Literal["rising", "falling", "not told from noise"]


@dataclass(frozen=True, eq=False)
class Trend:
    """A straight line through the rounds.

    `slope` per unit of time with `interval`; `direction` in words. `fitted` (n_rounds,) is the line at each round.
    `dispersion` is how much more the rounds scatter around the line than their standard errors explain, at least 1:
    above 2 or so there are ups and downs that no line describes; None where no standard errors were given.
    """

    slope: float
    interval: Interval
    direction: Direction
    fitted: FloatArray
    dispersion: float | None
    n_rounds: int
    method: str


def trend(
    times: ArrayLike, estimates: ArrayLike, *, standard_errors: ArrayLike | None = None, level: float = 0.95
) -> Trend:
    """The slope of a figure over survey rounds, with an interval that knows how few rounds there are.

    Parameters
    ----------
    times : (n_rounds,) of float
        For example years; at least four different ones, in any order, gaps allowed.
    estimates : (n_rounds,) of float, nan for a round without the figure
    standard_errors : (n_rounds,) of float above zero, optional
        Sampling error of each round.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    Trend
        `slope`, `interval`, `direction`, `fitted`.

    Raises
    ------
    InputError
        Lengths differ, a time twice, or a standard error not above zero.
    NotEnoughData
        Fewer than four rounds with the figure, or all exactly on one line and no standard errors given.

    Notes
    -----
    Least squares; with standard errors weighted by 1 / error², the variance multiplied by `dispersion` (Birge's
    ratio) where the rounds scatter more than their errors, because rounds share moods and events that no error knows.
    Student's t with n_rounds - 2 degrees of freedom either way. The line is a summary, not a forecast. For two rounds
    see `changes`. Cost O(n_rounds).

    Source
    ------
    Birge (1932), Physical Review 40:207-227, doi:10.1103/PhysRev.40.207; Draper and Smith (1998), Applied Regression
    Analysis, chapter 9, doi:10.1002/9781118625590.

    Examples
    --------
    >>> result = trend([2015, 2016, 2017, 2018, 2019], [0.55, 0.56, 0.58, 0.58, 0.60])
    >>> round(result.slope, 3), round(result.interval.low, 3), round(result.interval.high, 3), result.direction
    (0.012, 0.007, 0.017, 'rising')
    """
    check_level(level)
    time, figure = answer_column(times, name="Times"), answer_column(estimates, name="Estimates")
    error = np.ones(len(time)) if standard_errors is None else answer_column(standard_errors, name="Standard errors")
    if time.shape != figure.shape or error.shape != time.shape or np.isnan(time).any():
        raise InputError("Times, estimates and standard errors must have one entry for each round.")
    if len(np.unique(time)) < len(time):
        raise InputError("A time is given twice; combine the figures of one round first.")
    is_given = ~np.isnan(figure)
    if not (error[is_given] > 0).all():
        raise InputError("Standard errors must be above zero where there is an estimate.")
    n = int(is_given.sum())
    if n < LEAST_ROUNDS:
        raise NotEnoughData(f"{n} rounds have the figure; a trend needs at least {LEAST_ROUNDS}.")
    slope, variance, fitted, scatter = _line(time, figure, weights=np.where(is_given, 1 / error**2, 0.0))
    if standard_errors is None and scatter <= ON_THE_LINE * float(np.nanmax(np.abs(figure))) ** 2:
        raise NotEnoughData(
            "All rounds lie exactly on one line, so nothing says how far a figure strays from it; give the standard "
            "errors of the rounds."
        )
    dispersion = scatter / (n - 2)
    factor = dispersion if standard_errors is None else max(dispersion, 1.0)
    half = _t_point(n - 2, level) * float(np.sqrt(variance * factor))
    method = "least squares, t" if standard_errors is None else "weighted least squares, t, Birge ratio"
    interval = Interval(low=slope - half, high=slope + half, level=level, method=method)
    return Trend(
        slope=slope,
        interval=interval,
        direction="rising" if interval.low > 0 else "falling" if interval.high < 0 else "not told from noise",
        fitted=fitted,
        dispersion=None if standard_errors is None else max(dispersion, 1.0),
        n_rounds=n,
        method=method,
    )


def _line(time: FloatArray, figure: FloatArray, *, weights: FloatArray) -> tuple[float, float, FloatArray, float]:
    """Slope, its variance for errors of 1 / sqrt(weight), the line at all times, and the weighted scatter."""
    known = np.where(weights > 0, figure, 0.0)
    share = weights / weights.sum()
    centre, level = float(share @ time), float(share @ known)
    away = time - centre
    square = float(weights @ away**2)
    slope = float(weights @ (away * (known - level))) / square
    fitted = level + slope * away
    return slope, 1 / square, fitted, float(weights @ (known - fitted) ** 2)


def _t_point(freedom: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))
