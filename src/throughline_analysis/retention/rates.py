"""How often something happens for the time people were watched: rates, and how two of them compare."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.retention.histories import SMALLEST_GROUP, FloatArray, Histories, IndexArray


@dataclass(frozen=True, eq=False)
class EventRates:
    """Events per unit of exposure, one entry per shown group; `refused`: groups too small to show."""

    group: IndexArray
    rate: FloatArray
    low: FloatArray
    high: FloatArray
    events: FloatArray
    exposure: FloatArray
    n: IndexArray
    refused: IndexArray
    level: float
    method: str


@dataclass(frozen=True)
class RateRatio:
    """First rate divided by the second, with its exact interval; `p_value` for a ratio of one, two-sided.

    Infinite where the second has no event.
    """

    ratio: float
    interval: Interval
    p_value: float
    events: tuple[int, int]


def event_rates(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    people: ArrayLike,
    smallest_group: int = SMALLEST_GROUP,
    level: float = 0.95,
) -> EventRates:
    """Events per unit of exposure in each group, with exact intervals.

    Parameters
    ----------
    events : (n_groups,) of int >= 0
        How often it happened: people who left, concerns raised.
    exposure : (n_groups,) of float > 0
        How long people were watched, added up over all of a group, such as person-years.
    people : (n_groups,) of int
        How many different people that was.
    smallest_group : int >= 5
        Groups with fewer people are refused.
    level : float in (0, 1)
        Coverage of the intervals, at least.

    Returns
    -------
    EventRates
        Rates per unit of exposure of the groups that are shown; `group` gives their place in the input.

    Raises
    ------
    InputError
        Shapes differ; events or people negative or broken; exposure not positive where people were watched.
    NotEnoughData
        Every group is too small.

    Notes
    -----
    Exact Poisson interval of the count (Garwood), divided by the exposure: it covers at least at its level, from zero
    events on. Events are taken to come one by one; where one departure draws others along, intervals are too narrow.
    Cost O(n_groups).

    Source
    ------
    Garwood (1936), Biometrika 28:437-442, doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    Four of 31 people left in 28.5 person-years; the second group is refused.

    >>> told = event_rates([4, 1], [28.5, 2.0], people=[31, 3])
    >>> told.rate.round(3).tolist(), told.low.round(3).tolist(), told.high.round(3).tolist(), told.refused.tolist()
    ([0.14], [0.038], [0.359], [1])
    """
    check_level(level)
    if smallest_group < SMALLEST_GROUP:
        raise InputError(f"`smallest_group` is {smallest_group}; results about people begin at {SMALLEST_GROUP}.")
    count, time = as_floats(events, name="events"), as_floats(exposure, name="exposure")
    n = as_floats(people, name="people")
    if count.ndim != 1 or not count.shape == time.shape == n.shape:
        raise InputError("`events`, `exposure` and `people` must be flat and of one length.")
    for name, numbers in (("events", count), ("people", n)):
        if not (np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))).all():
            raise InputError(f"`{name}` must be whole numbers from 0 on.")
    shown = np.flatnonzero(n >= smallest_group)
    if len(shown) == 0:
        raise NotEnoughData(f"Every group has fewer than {smallest_group} people; join groups or wait for more.")
    if not (np.isfinite(time[shown]).all() and (time[shown] > 0).all()):
        raise InputError("`exposure` must be finite and above zero for every group that is shown.")
    low, high = poisson_interval(count[shown], level=level)
    return EventRates(
        group=shown,
        rate=count[shown] / time[shown],
        low=low / time[shown],
        high=high / time[shown],
        events=count[shown],
        exposure=time[shown],
        n=n[shown].astype(np.intp),
        refused=np.flatnonzero((n > 0) & (n < smallest_group)),
        level=level,
        method="exact Poisson (Garwood)",
    )


def leaving_rates(watched: Histories, *, level: float = 0.95) -> EventRates:
    """People who left per unit of time watched, in each group.

    Parameters
    ----------
    watched : Histories
        Of `histories`.
    level : float in (0, 1)
        Coverage of the intervals, at least.

    Returns
    -------
    EventRates
        Rates per unit of the durations, of the shown groups.

    Raises
    ------
    InputError
        `level` out of range.

    Notes
    -----
    As `event_rates`, exposure being the time from entry to the end of each history. One number for people of all
    tenures: groups with many newcomers look worse where newcomers leave sooner; `standardised_leaving` allows for that.
    Cost O(n_people).

    Examples
    --------
    >>> watched = histories([1, 2, 2, 3, 4], [True, True, False, True, False])
    >>> leaving_rates(watched).rate.tolist()
    [0.25]
    """
    check_level(level)
    began = 0.0 if watched.entry is None else watched.entry
    exposure = watched.per_group(watched.duration - began)
    events = watched.per_group(watched.has_left.astype(np.float64))
    low, high = poisson_interval(events, level=level)
    return EventRates(
        group=watched.shown,
        rate=events / exposure,
        low=low / exposure,
        high=high / exposure,
        events=events,
        exposure=exposure,
        n=watched.people,
        refused=watched.refused,
        level=level,
        method="exact Poisson (Garwood)",
    )


def rate_ratio(events: tuple[int, int], exposure: tuple[float, float], *, level: float = 0.95) -> RateRatio:
    """How many times as often it happens in one group as in another, with an exact interval.

    Parameters
    ----------
    events : two of int >= 0
        Events in the first and the second group.
    exposure : two of float > 0
        Time watched in each.
    level : float in (0, 1)
        Coverage of the interval, at least.

    Returns
    -------
    RateRatio
        Ratio, interval, and the chance of a count at least as uneven if the rates are equal.

    Raises
    ------
    InputError
        Negative or broken counts, exposure not positive.
    NotEnoughData
        Nothing happened in either group.

    Notes
    -----
    Given both counts together the first is binomial, its chance a function of the ratio; the interval is Clopper and
    Pearson's for that chance. The p-value doubles the smaller tail, so that it agrees with the interval. Cost O(1).

    Source
    ------
    Przyborowski, Wilenski (1940), Homogeneity of results in testing samples from Poisson series, Biometrika 31:313-323.
    Clopper, Pearson (1934),
    Biometrika 26:404-413, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> told = rate_ratio((12, 5), (100.0, 110.0))
    >>> round(told.ratio, 2), round(told.interval.low, 2), round(told.interval.high, 2)
    (2.64, 0.87, 9.57)
    """
    from scipy.special import bdtr, bdtrc, betaincinv

    check_level(level)
    one, two = events
    if not all(math.isfinite(count) and count >= 0 and count == int(count) for count in events):
        raise InputError(f"`events` is {events}; give whole numbers from 0 on.")
    if not all(math.isfinite(time) and time > 0 for time in exposure):
        raise InputError(f"`exposure` is {exposure}; give positive times.")
    if one + two == 0:
        raise NotEnoughData("Nothing happened in either group; a ratio needs at least one event.")
    tail = (1 - level) / 2
    least = float(betaincinv(one, two + 1, tail)) if one > 0 else 0.0
    most = float(betaincinv(one + 1, two, 1 - tail)) if two > 0 else 1.0
    scale = exposure[1] / exposure[0]
    even = exposure[0] / (exposure[0] + exposure[1])
    below = float(bdtr(one, one + two, even))
    above = float(bdtrc(one - 1, one + two, even)) if one > 0 else 1.0
    return RateRatio(
        ratio=one / two * scale if two > 0 else math.inf,
        interval=Interval(
            least / (1 - least) * scale, most / (1 - most) * scale if most < 1 else math.inf, level, "Clopper-Pearson"
        ),
        p_value=min(1.0, 2 * min(below, above)),
        events=(int(one), int(two)),
    )


def poisson_interval(count: FloatArray, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Exact interval of the mean of a Poisson count."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    return low, np.asarray(gammaincinv(count + 1, 1 - tail), dtype=np.float64)
