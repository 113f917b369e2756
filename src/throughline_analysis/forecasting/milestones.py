"""How many milestones will be done at the end: counts and dates instead of a measured value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.forecasting.histories import FloatArray, moments
from throughline_analysis.intervals import Interval, check_level

# What a key result is believed to do before its first milestone: as planned, known about as well as from one milestone.
PRIOR_MILESTONES = 1.0


@dataclass(frozen=True, eq=False)
class MilestoneForecast:
    """Milestones done at the end. `chances[k]` is the probability that k of the open ones are done by then.

    `expected` is their mean and `interval` a range of whole numbers, both with those already done; `chance` is the
    probability that all are done. `n_done` went in.
    """

    expected: float
    interval: Interval
    chance: float
    chances: FloatArray
    n_done: int
    method: str


def forecast_milestones(
    done_at: ArrayLike,
    n_milestones: int,
    *,
    start: float | np.datetime64,
    today: float | np.datetime64,
    end: float | np.datetime64,
    prior_milestones: float = PRIOR_MILESTONES,
    level: float = 0.9,
) -> MilestoneForecast:
    """How many of a key result's milestones will be done at its end, with an interval and the chance of all.

    Parameters
    ----------
    done_at : (n_done,) of float, datetime64 or date
        When each milestone was done, between start and today; in any order, several on one day allowed.
    n_milestones : int
        How many there are in all; leave out what has no weight.
    start, today, end : float, datetime64 or date
        In the unit of `done_at`; start < end, start <= today <= end.
    prior_milestones : float above 0
        How many milestones the plan counts for before anything is seen. More: closer to plan.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    MilestoneForecast
        `chances`: (n_open + 1,), sums to one.

    Raises
    ------
    InputError
        Dates outside start to today or mixed with numbers, more done than there are, or a number out of range.

    Notes
    -----
    Milestones come at a steady but unknown rate. The rate has a gamma prior whose mean is the plan, all milestones
    from start to end; with k done in the time so far, the number in the time left is negative binomial, and what
    exceeds the open ones counts as all done. With nothing done yet the plan is believed less the longer it lasts. The
    interval is of whole numbers and covers at least `level`. It says nothing about milestones that hang on each
    other or differ in size; weigh those in a simulation. Cost O(n_milestones).

    Source
    ------
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.6, doi:10.1201/b16018 (gamma and Poisson).

    Examples
    --------
    >>> forecast = forecast_milestones([10, 25, 40], 6, start=0, today=45, end=90)
    >>> round(forecast.expected, 2), (forecast.interval.low, forecast.interval.high), round(forecast.chance, 2)
    (5.12, (3.0, 6.0), 0.51)
    """
    done, days = moments(("done_at", done_at), ("start, today and end", np.array([start, today, end])))
    first, now, last = days.tolist()
    _require_sound(done, n_milestones, start=first, today=now, end=last, level=level)
    if not (np.isfinite(prior_milestones) and prior_milestones > 0):
        raise InputError(f"`prior_milestones` is {prior_milestones:g}; it must be above 0.")
    n_open = n_milestones - len(done)
    planned = n_milestones / (last - first)
    shape = prior_milestones + len(done)
    exposure = prior_milestones / planned + (now - first)
    chances = _counts(shape, share=(last - now) / (exposure + last - now), most=n_open)
    below = np.cumsum(chances)
    tail = (1 - level) / 2
    # Rounding must not push the first index past the last.
    low = min(int(np.searchsorted(below, tail, side="right")), n_open)
    high = min(int(np.searchsorted(below, 1 - tail - 1e-12, side="left")), n_open)
    return MilestoneForecast(
        expected=float(len(done) + chances @ np.arange(n_open + 1)),
        interval=Interval(float(len(done) + low), float(len(done) + high), level, "gamma-Poisson, whole numbers"),
        chance=float(chances[-1]),
        chances=chances,
        n_done=len(done),
        method="gamma-Poisson with the plan as prior",
    )


def _counts(shape: float, *, share: float, most: int) -> FloatArray:
    """Negative binomial probabilities of 0 to most - 1, and of `most` or more."""
    from scipy.special import gammaln

    if share == 0:
        return np.array([1.0, *([0.0] * most)])
    number = np.arange(most)
    logs = gammaln(shape + number) - gammaln(shape) - gammaln(number + 1)
    fewer = np.exp(logs + shape * np.log1p(-share) + number * np.log(share))
    return np.append(fewer, max(0.0, 1.0 - float(fewer.sum())))


def _require_sound(
    done: FloatArray, n_milestones: int, *, start: float, today: float, end: float, level: float
) -> None:
    if not start <= today <= end or not start < end:
        raise InputError("The dates must be in order: start, today, end, and the end after the start.")
    if not ((done >= start) & (done <= today)).all():
        raise InputError("Every milestone must have been done between the start and today; correct its date.")
    if n_milestones != int(n_milestones):
        raise InputError(f"`n_milestones` is {n_milestones:g}; give a whole number.")
    if n_milestones < 1 or len(done) > n_milestones:
        raise InputError(f"{len(done)} of {n_milestones} milestones are done; give the number of all, at least 1.")
    check_level(level)
