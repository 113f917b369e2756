"""How long it all may take when durations are uncertain, and how critical each step is then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.networks.levels import FloatArray
from throughline_analysis.networks.schedule import NO_SLACK, StepNetwork

# Draws worked on at once, times steps.
MOST_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class UncertainSchedule:
    """The plan when durations are uncertain, from simulated courses.

    `mean` and `interval` are of the whole duration. `criticality`, (n_steps,), is the share of courses in which a step
    has no slack, with its Jeffreys interval `criticality_low` to `criticality_high` for the number of draws;
    `mean_slack` the room it has on average, `slack_low` to `slack_high` in the middle `level` of the courses;
    `influence` the correlation of its duration with the whole, 0 where a duration is certain. `chance_in_time` is the
    share of courses that keep the deadline, None without one. `certain_duration` is what adding up the means gives:
    never more than `mean`.
    """

    mean: float
    interval: Interval
    criticality: FloatArray
    criticality_low: FloatArray
    criticality_high: FloatArray
    mean_slack: FloatArray
    slack_low: FloatArray
    slack_high: FloatArray
    influence: FloatArray
    chance_in_time: float | None
    chance_interval: Interval | None
    certain_duration: float
    n_draws: int


def three_point_draws(
    optimistic: ArrayLike,
    likely: ArrayLike,
    *,
    pessimistic: ArrayLike,
    n_draws: int,
    rng: np.random.Generator,
    common_share_0_1: float = 0.0,
) -> FloatArray:
    """Possible durations from three estimates a step: best case, most likely, worst case.

    Parameters
    ----------
    optimistic, likely, pessimistic : (n_steps,) of float
        In this order of size; equal ones make a duration certain.
    n_draws : int, at least 1
    rng : numpy.random.Generator
    common_share_0_1 : float from 0 to below 1
        How strongly durations hang together (correlation of the normal numbers behind them): teams that are slow in
        one step are slow in the next.

    Returns
    -------
    (n_draws, n_steps) of float
        For `uncertain_critical_path`.

    Raises
    ------
    InputError
        Shapes differ, estimates are out of order, or a number is out of range.

    Notes
    -----
    Beta distribution on the range with its mode at the likely value and mean (optimistic + 4 likely + pessimistic) / 6.
    People's worst cases are rarely the worst; widen them if past plans ran over. Cost O(n_draws * n_steps).

    Source
    ------
    Malcolm, Roseboom, Clark and Fazar (1959), Operations Research 7:646-669, doi:10.1287/opre.7.5.646.

    Examples
    --------
    >>> draws = three_point_draws([1, 2], [2, 2], pessimistic=[9, 2], n_draws=5000, rng=np.random.default_rng(1))
    >>> draws.shape, draws.mean(axis=0).round(1).tolist()
    ((5000, 2), [3.0, 2.0])
    """
    from scipy.special import betaincinv, ndtr

    best, usual, worst = (np.array(column, dtype=np.float64) for column in (optimistic, likely, pessimistic))
    if best.ndim != 1 or not best.shape == usual.shape == worst.shape:
        raise InputError("Give one optimistic, one likely and one pessimistic duration per step.")
    if not ((best >= 0) & (best <= usual) & (usual <= worst) & np.isfinite(worst)).all():
        raise InputError("The estimates of a step are out of order; give 0 <= optimistic <= likely <= pessimistic.")
    if n_draws < 1 or not 0 <= common_share_0_1 < 1:
        raise InputError("`n_draws` must be at least 1 and `common_share_0_1` from 0 to below 1.")
    own = rng.standard_normal((n_draws, len(best)))
    shared = rng.standard_normal((n_draws, 1))
    z = np.sqrt(common_share_0_1) * shared + np.sqrt(1 - common_share_0_1) * own
    width = worst - best
    open_ = width > 0
    draws = np.repeat(best[None, :], n_draws, axis=0)
    towards = (usual[open_] - best[open_]) / width[open_]
    draws[:, open_] += width[open_] * betaincinv(1 + 4 * towards, 5 - 4 * towards, ndtr(z[:, open_]))
    return draws


def uncertain_critical_path(
    draws: ArrayLike, before: ArrayLike, after: ArrayLike, *, deadline: float | None = None, level: float = 0.9
) -> UncertainSchedule:
    """How long it all may take, and how often each step is the one that decides.

    Parameters
    ----------
    draws : (n_draws, n_steps) of float, at least 0
        Possible durations, one course a row: from `three_point_draws`, from past projects, or any other way. At least
        100 rows.
    before, after : (n_dependencies,) of int
        As for `critical_path`.
    deadline : float, optional
        In the unit of the draws, counted from the beginning.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    UncertainSchedule

    Raises
    ------
    InputError
        Shapes differ, a duration is negative or missing, there are fewer than 100 rows, or a step is unknown.
    GoalCycle
        Steps wait for each other in a circle. (An InputError.)

    Notes
    -----
    Every course is scheduled by itself. The mean of the longest chain is longer than the longest chain of the means,
    because whichever chain runs late decides; plans that add up means are too short by that. The interval is the
    percentile interval of the courses. Cost O(n_draws * (n_steps + n_dependencies)).

    Source
    ------
    Van Slyke (1963), Operations Research 11:839-860, doi:10.1287/opre.11.5.839 (criticality index); Fulkerson (1962),
    Expected critical path lengths in PERT networks, Operations Research 10:808-817 (means are too short).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> draws = three_point_draws([1, 1, 1], [2, 2, 1], pessimistic=[6, 6, 1], n_draws=4000, rng=rng)
    >>> plan = uncertain_critical_path(draws, [0, 1], [2, 2], deadline=5)
    >>> plan.criticality.round(1).tolist(), plan.mean > plan.certain_duration
    ([0.5, 0.5, 1.0], True)
    """
    courses = np.array(draws, dtype=np.float64)
    if courses.ndim != 2 or len(courses) < 100 or courses.shape[1] < 1:
        raise InputError("`draws` must be (n_draws, n_steps) with at least 100 courses and one step.")
    if not ((courses >= 0) & np.isfinite(courses)).all():
        raise InputError("A drawn duration is negative or missing; every course needs every step.")
    check_level(level)
    if deadline is not None and np.isnan(deadline):
        raise InputError("The deadline is missing; leave it out where there is none.")
    n_draws, n_steps = courses.shape
    network = StepNetwork.of(before, after, n_steps=n_steps)
    whole = np.empty(n_draws)
    critical, slack = np.zeros(n_steps), np.empty((n_steps, n_draws))
    at_once = max(1, MOST_AT_ONCE // n_steps)
    for begin in range(0, n_draws, at_once):
        some = courses[begin : begin + at_once].T
        finish = network.finishes(some)
        ends = finish.max(axis=0)
        whole[begin : begin + at_once] = ends
        room = network.latest_finishes(some, ends) - finish
        critical += (room <= NO_SLACK * ends).sum(axis=1)
        slack[:, begin : begin + at_once] = np.maximum(room, 0.0)
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = np.quantile(whole, tails)
    slack_low, slack_high = np.quantile(slack, tails, axis=1)
    shares = _jeffreys(critical, n_draws, level=level)
    kept = None if deadline is None else int((whole <= deadline).sum())
    kept_low, kept_high = (0.0, 1.0) if kept is None else (float(end) for end in _jeffreys(kept, n_draws, level=level))
    return UncertainSchedule(
        mean=float(whole.mean()),
        interval=Interval(float(low), float(high), level, "percentiles of simulated courses"),
        criticality=critical / n_draws,
        criticality_low=shares[0],
        criticality_high=shares[1],
        mean_slack=slack.mean(axis=1),
        slack_low=slack_low,
        slack_high=slack_high,
        influence=_correlations(courses, whole),
        chance_in_time=None if kept is None else kept / n_draws,
        chance_interval=None if kept is None else Interval(kept_low, kept_high, level, "Jeffreys"),
        certain_duration=float(network.finishes(courses.mean(axis=0)[:, None]).max()),
        n_draws=n_draws,
    )


def _jeffreys(hits: FloatArray | int, tries: int, *, level: float) -> tuple[FloatArray, FloatArray]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = np.where(np.equal(hits, 0), 0.0, betaincinv(np.add(hits, 0.5), tries - np.subtract(hits, 0.5), tail))
    high = np.where(np.equal(hits, tries), 1.0, betaincinv(np.add(hits, 0.5), tries - np.subtract(hits, 0.5), 1 - tail))
    return low, high


def _correlations(courses: FloatArray, whole: FloatArray) -> FloatArray:
    apart, ends = courses - courses.mean(axis=0), whole - whole.mean()
    spread = np.sqrt((apart**2).sum(axis=0) * (ends**2).sum())
    certain = courses.max(axis=0) == courses.min(axis=0)
    influence: FloatArray = np.divide(ends @ apart, spread, out=np.zeros(len(spread)), where=(spread > 0) & ~certain)
    return influence
