"""Goals that pull against each other: opposed directions on one metric, or on metrics that move together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import Interval
from throughline_analysis.networks.levels import BoolArray, FloatArray, IndexArray

# With fewer common steps even a correlation of 0.7 is not told from none after correcting for a handful of pairs.
FEWEST_STEPS = 8
# Weaker links are real now and then, and nobody would act on them.
WEAKEST_LINK = 0.3


class Pull(StrEnum):
    """What two goals are to each other."""

    CONFLICT = "conflict"
    SYNERGY = "synergy"


@dataclass(frozen=True)
class GoalPair:
    """Two goals whose metrics move together, or are the same.

    `correlation` of the steps of the two metrics with its interval and `n_steps`; for one and the same metric it is 1,
    for certain, and `interval` is None. `is_possible_together` is False where no value of the metric suits both goals.
    """

    first: int
    second: int
    pull: Pull
    is_same_metric: bool
    is_possible_together: bool
    correlation: float
    interval: Interval | None
    n_steps: int


@dataclass(frozen=True, eq=False)
class MetricLinks:
    """Correlations of metrics' steps, (n_metrics, n_metrics) each, symmetric.

    `is_linked` where a link is at least `WEAKEST_LINK` strong and stands the correction for many; `correlation`, `low`
    and `high` are 0, -1 and 1 where fewer than eight common steps say anything, `n_steps` how many there were.
    """

    correlation: FloatArray
    low: FloatArray
    high: FloatArray
    n_steps: IndexArray
    is_linked: BoolArray
    level: float
    method: str


def metric_links(readings: ArrayLike, *, level: float = 0.95, false_share: float = 0.1) -> MetricLinks:
    """Which metrics move together, judged by their steps from one date to the next.

    Parameters
    ----------
    readings : (n_dates, n_metrics) of float, nan for a missing reading
        One row per date, evenly spaced.
    level : float in (0, 1)
        Coverage of each interval.
    false_share : float in (0, 1)
        Share of the links found that may be luck.

    Returns
    -------
    MetricLinks

    Raises
    ------
    InputError
        Not a table, or an infinite reading.

    Notes
    -----
    Steps, not levels: two metrics that both grow are not thereby connected. Pearson's correlation of the steps that
    both metrics have, Fisher's interval, and the Benjamini-Hochberg procedure over all pairs that could be judged. A
    link says that two metrics moved together at once; not which moves which, nor that pushing one would move the
    other, nor anything about delays. Cost O(n_dates * n_metrics squared).

    Source
    ------
    Yule (1926), JRSS 89:1-63, doi:10.2307/2341482 (levels mislead); Fisher (1921), Metron 1:3-32; Benjamini and
    Hochberg (1995), JRSS B 57:289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> steps = rng.normal(size=(30, 3))
    >>> steps[:, 1] = -steps[:, 0] + 0.3 * steps[:, 1]
    >>> metric_links(steps.cumsum(axis=0)).is_linked.tolist()
    [[False, True, False], [True, False, False], [False, False, False]]
    """
    from scipy.special import ndtr, ndtri

    table = np.array(readings, dtype=np.float64)
    if table.ndim != 2 or np.isinf(table).any():
        raise InputError("`readings` must be a table of numbers, one row per date and one column per metric.")
    if not (0 < level < 1 and 0 < false_share < 1):
        raise InputError("`level` and `false_share` must lie between 0 and 1.")
    steps = np.diff(table, axis=0)
    counts, correlation = _pairwise(steps)
    able = counts >= FEWEST_STEPS
    np.fill_diagonal(able, False)
    correlation = np.where(able, correlation, 0.0)
    error = 1 / np.sqrt(np.maximum(counts - 3.0, 1.0))
    # A perfect correlation has no logit-like transform; the last digit is given away.
    z = np.arctanh(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))
    reach = float(ndtri((1 + level) / 2)) * error
    chance = 2 * ndtr(-np.abs(z) / error)
    is_found = _least_false(chance, able, false_share)
    return MetricLinks(
        correlation=correlation,
        low=np.where(able, np.tanh(z - reach), -1.0),
        high=np.where(able, np.tanh(z + reach), 1.0),
        n_steps=counts,
        is_linked=is_found & (np.abs(correlation) >= WEAKEST_LINK),
        level=level,
        method="Pearson on steps, Fisher interval, Benjamini-Hochberg",
    )


def goal_pairs(
    metrics: ArrayLike,
    directions: ArrayLike,
    *,
    links: MetricLinks | None = None,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
) -> tuple[GoalPair, ...]:
    """Pairs of goals that pull against each other or along, by metric and direction.

    Parameters
    ----------
    metrics : (n_goals,) of int
        Which metric each goal is measured by; a column of the readings behind `links`, if given. Negative: none, so
        the goal is in no pair.
    directions : (n_goals,) of {-1, 0, 1}
        Up (1), down (-1), or keep where it is (0).
    links : MetricLinks, optional
        Of `metric_links`; only equal metrics are compared unless given.
    low, high : (n_goals,) of float, optional
        Which values of the metric suit the goal: from its target on for a rising one, up to it for a falling one.

    Returns
    -------
    tuple of GoalPair
        Conflicts first, the strongest first; then synergies likewise.

    Raises
    ------
    InputError
        Shapes differ, a direction is not -1, 0 or 1, or a metric has no column in `links`.

    Notes
    -----
    On one metric, up and down conflict; equal directions are a synergy (or a duplicate). On linked metrics the sign of
    the link turns the second direction. A goal that keeps its metric where it is conflicts with one that moves the same
    metric only when their ranges have no value in common. Goals with opposed directions but ranges in common are still
    listed, as possible together. Cost O(n_goals log n_goals) and what is found: one pair for every two goals on one
    metric or on linked ones.

    Source
    ------
    Definition of Throughline.

    Examples
    --------
    >>> pairs = goal_pairs([0, 0, 1], [1, -1, 1], low=[80, 0, 5], high=[100, 60, 9])
    >>> [(pair.first, pair.second, str(pair.pull), pair.is_possible_together) for pair in pairs]
    [(0, 1, 'conflict', False)]
    """
    metric, direction = np.array(metrics), np.array(directions)
    if metric.size == 0:
        return ()
    if metric.ndim != 1 or metric.shape != direction.shape or metric.dtype.kind not in "iu":
        raise InputError("Give one metric number and one direction per goal.")
    if not np.isin(direction, (-1, 0, 1)).all():
        raise InputError("A direction is 1 for up, -1 for down or 0 for keeping.")
    if links is not None and metric.max() >= len(links.correlation):
        raise InputError("A goal names a metric that has no column in the readings behind `links`.")
    lowest = np.full(len(metric), -np.inf) if low is None else np.array(low, dtype=np.float64)
    highest = np.full(len(metric), np.inf) if high is None else np.array(high, dtype=np.float64)
    if lowest.shape != metric.shape or highest.shape != metric.shape or not (lowest <= highest).all():
        raise InputError("`low` and `high` must hold a range per goal, low end first.")
    found = []
    for one, other in _pairs_that_may_pull(metric, links):
        is_same = bool(metric[one] == metric[other])
        is_apart = is_same and bool(lowest[one] > highest[other] or lowest[other] > highest[one])
        sign = 1.0 if is_same or links is None else float(np.sign(links.correlation[metric[one], metric[other]]))
        push = float(direction[one]) * float(direction[other]) * sign
        if push == 0 and not is_apart:
            continue
        pull = Pull.CONFLICT if push < 0 or is_apart else Pull.SYNERGY
        found.append(_pair(one, other, pull=pull, is_apart=is_apart, cell=_cell(links, metric[one], metric[other])))
    return tuple(sorted(found, key=lambda pair: (pair.pull, -abs(pair.correlation), pair.first, pair.second)))


def _pairs_that_may_pull(metric: NDArray[np.integer], links: MetricLinks | None) -> Iterator[tuple[int, int]]:
    """Pairs of goals, smaller number first, on one metric or on two linked ones; metric by metric, never all by all."""
    order = np.argsort(metric, kind="stable")
    names, firsts = np.unique(metric[order], return_index=True)
    goals = dict(zip(names.tolist(), (part.tolist() for part in np.split(order, firsts[1:])), strict=True))
    for name, here in goals.items():
        if name < 0:
            continue
        yield from itertools.combinations(here, 2)
        linked = [] if links is None else np.flatnonzero(links.is_linked[name]).tolist()
        for other in linked:
            if other > name:
                pairs = itertools.product(here, goals.get(other, []))
                yield from ((min(pair), max(pair)) for pair in pairs)


def _cell(links: MetricLinks | None, one: int, other: int) -> tuple[float, Interval, int] | None:
    if links is None or one == other:
        return None
    low, high = float(links.low[one, other]), float(links.high[one, other])
    interval = Interval(low, high, links.level, "Fisher z")
    return float(links.correlation[one, other]), interval, int(links.n_steps[one, other])


def _pair(one: int, other: int, *, pull: Pull, is_apart: bool, cell: tuple[float, Interval, int] | None) -> GoalPair:
    correlation, interval, n_steps = (1.0, None, 0) if cell is None else cell
    return GoalPair(
        first=one,
        second=other,
        pull=pull,
        is_same_metric=cell is None,
        is_possible_together=not is_apart,
        correlation=correlation,
        interval=interval,
        n_steps=n_steps,
    )


def _pairwise(steps: FloatArray) -> tuple[IndexArray, FloatArray]:
    """How many steps two metrics have in common, and the correlation over these."""
    seen = ~np.isnan(steps)
    # Centred and scaled first, so that large metrics do not drown the digits of small ones.
    with np.errstate(invalid="ignore", divide="ignore"):
        n_each = np.maximum(seen.sum(axis=0), 1)
        filled = np.where(seen, steps, 0.0)
        filled = np.where(seen, filled - filled.sum(axis=0) / n_each, 0.0)
        scale = np.sqrt((filled**2).sum(axis=0) / n_each)
        filled = np.divide(filled, scale, out=np.zeros_like(filled), where=scale > 0)
        ones = seen.astype(np.float64)
        counts = ones.T @ ones
        sums, squares, products = filled.T @ ones, (filled**2).T @ ones, filled.T @ filled
        n = np.maximum(counts, 1.0)
        spread = np.maximum(squares - sums**2 / n, 0.0)
        shared = products - sums * sums.T / n
        both = np.sqrt(spread * spread.T)
        # A metric that did not move moves with nothing.
        correlation = np.divide(shared, both, out=np.zeros_like(both), where=both > 1e-9 * n)
    return counts.astype(np.intp), np.clip(correlation, -1.0, 1.0)


def _least_false(chance: FloatArray, able: BoolArray, false_share: float) -> BoolArray:
    """Benjamini-Hochberg over the pairs that could be judged."""
    rows, columns = np.nonzero(np.triu(able, k=1))
    chances = chance[rows, columns]
    order = np.argsort(chances, kind="stable")
    allowed = false_share * np.arange(1, len(order) + 1) / max(len(order), 1)
    passed = np.flatnonzero(chances[order] <= allowed)
    found = np.zeros_like(able)
    if len(passed):
        kept = order[: passed[-1] + 1]
        found[rows[kept], columns[kept]] = found[columns[kept], rows[kept]] = True
    return found
