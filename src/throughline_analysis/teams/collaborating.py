"""Whether people work together across units more or less than chance would have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.teams.resampling import FloatArray, IntArray, whole_numbers

LEAST_PEOPLE = 10
LEAST_TIES = 10
PERMUTATIONS = 1_999


@dataclass(frozen=True, eq=False)
class CrossUnitCollaboration:
    """`share_across`: part of the ties (by weight) between different units; `expected`: the same when everybody has
    as much to do with others as now, but with anybody; `ratio`: the one divided by the other, 1 as chance, with its
    interval; `external_internal`: ties across less ties within, divided by all, from -1 to 1.

    `chance_low`, `chance_high`: range of the ratio when units are dealt out anew, with probability `level`;
    `chance_share`: part of these at least as far from their mean. `units`: names, ascending; `between`: (n_units,
    n_units) weight of ties over what chance expects, symmetric, nan where it expects none.
    """

    share_across: float
    expected: float
    ratio: float
    interval: Interval
    external_internal: float
    chance_low: float
    chance_high: float
    chance_share: float
    units: IntArray
    between: FloatArray
    n_people: int
    n_ties: int
    method: str


def cross_unit_collaboration(
    first: ArrayLike,
    second: ArrayLike,
    *,
    units: ArrayLike,
    rng: np.random.Generator,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> CrossUnitCollaboration:
    """Ties across units compared with a network of the same activity that knows no units.

    Parameters
    ----------
    first, second : (n_ties,) of int
        Two people who worked together (on a goal, in a meeting); their order is of no importance, rows for the same
        two add up.
    units : (n_people,) of int
        Unit of each person.
    rng : numpy Generator
        For the permutations.
    weights : (n_ties,) of float above 0, optional
        How much; 1 unless given.
    level : float in (0, 1)
        Coverage of the interval and of the range by chance.

    Returns
    -------
    CrossUnitCollaboration
        Share, expectation, ratio with interval, range by chance, and each pair of units.

    Raises
    ------
    InputError
        A person is out of range or tied to themselves, a weight is not positive, or shapes differ.
    NotEnoughData
        Fewer than 10 people with ties, 10 ties, or two units.

    Notes
    -----
    The expectation is the configuration model's: two people meet in proportion to both their activities. 1 less the
    share, less 1 less the expectation, is Newman's modularity of the units. The permutation deals the units out anew
    among the people with their ties as they are; it is the fairer test in small networks. The interval leaves out
    one person at a time (jackknife), since ties of one person hang together. More across is not better: units exist
    because some work belongs together. Cost O(permutations * n_ties).

    Source
    ------
    Newman (2006), PNAS 103:8577-8582, doi:10.1073/pnas.0601602103. External-internal index: Krackhardt and Stern
    (1988), doi:10.2307/2786835.

    Examples
    --------
    >>> pairs = [(0, 5), (1, 6), (2, 7), (3, 8), (4, 9), (0, 6), (1, 7), (2, 8), (3, 9), (0, 1)]
    >>> found = cross_unit_collaboration(*zip(*pairs), units=[0] * 5 + [1] * 5, rng=np.random.default_rng(1))
    >>> found.share_across, round(found.expected, 3), round(found.external_internal, 2)
    (0.9, 0.495, 0.8)
    """
    check_level(level)
    one, other, weight, unit = _ties(first, second, units, weights)
    names, number = np.unique(unit, return_inverse=True)
    active = np.bincount(np.concatenate([one, other]), minlength=len(unit)) > 0
    n_units = len(np.unique(number[active]))
    if active.sum() < LEAST_PEOPLE or len(one) < LEAST_TIES or n_units < 2:
        raise NotEnoughData(
            f"{int(active.sum())} people of {n_units} units with {len(one)} ties are too few; "
            f"it needs {LEAST_PEOPLE} people, {LEAST_TIES} ties and two units."
        )
    activity = _activity(one, other, weight, len(unit))
    share, expected = _share(one, other, weight, number), _expected(activity, number)
    ratio = share / expected
    people = np.flatnonzero(active)
    low, high = _jackknife(one, other, weight, number, ratio=ratio, people=people, level=level)
    ratios = _permuted(one, other, weight, number, people=people, rng=rng)
    distance = np.abs(ratios - ratios.mean())
    chance_low, chance_high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return CrossUnitCollaboration(
        share_across=share,
        expected=expected,
        ratio=ratio,
        interval=Interval(low=low, high=high, level=level, method="jackknife over people, Student's t"),
        external_internal=2 * share - 1,
        chance_low=float(chance_low),
        chance_high=float(chance_high),
        chance_share=float((1 + np.sum(distance >= abs(ratio - ratios.mean()) - 1e-12)) / (1 + PERMUTATIONS)),
        units=names.astype(np.int64),
        between=_between(one, other, weight, number, activity=activity, n_units=len(names)),
        n_people=int(active.sum()),
        n_ties=len(one),
        method="share across units over the configuration model's",
    )


def _share(one: IntArray, other: IntArray, weight: FloatArray, unit: IntArray) -> float:
    return float(weight[unit[one] != unit[other]].sum() / weight.sum())


def _activity(one: IntArray, other: IntArray, weight: FloatArray, n_people: int) -> FloatArray:
    """Weight of all ties of each person."""
    both = np.bincount(one, weight, n_people) + np.bincount(other, weight, n_people)
    return np.asarray(both, dtype=np.float64)


def _expected(activity: FloatArray, unit: IntArray) -> float:
    parts = np.bincount(unit, activity) / activity.sum()
    return float(1 - np.sum(parts**2))


def _permuted(
    one: IntArray, other: IntArray, weight: FloatArray, unit: IntArray, *, people: IntArray, rng: np.random.Generator
) -> FloatArray:
    """Ratios when the units of the people with ties are dealt out anew."""
    activity = _activity(one, other, weight, len(unit))
    mixed = unit.copy()
    ratios = np.empty(PERMUTATIONS)
    for row in range(PERMUTATIONS):
        mixed[people] = rng.permutation(unit[people])
        expected = _expected(activity, mixed)
        ratios[row] = _share(one, other, weight, mixed) / expected if expected > 0 else 1.0
    return ratios


def _jackknife(
    one: IntArray,
    other: IntArray,
    weight: FloatArray,
    unit: IntArray,
    *,
    ratio: float,
    people: IntArray,
    level: float,
) -> tuple[float, float]:
    """Interval of the ratio from leaving out each person with all their ties."""
    from scipy.special import stdtrit

    n_units = int(unit.max()) + 1
    activity = _activity(one, other, weight, len(unit))
    crosses = np.where(unit[one] != unit[other], weight, 0.0)
    across = np.bincount(one, crosses, len(unit)) + np.bincount(other, crosses, len(unit))
    total, all_across = weight.sum(), crosses.sum()
    by_unit = np.bincount(unit, activity, n_units)
    # What the neighbours of a person lose in activity, by their unit.
    lost = np.zeros((len(unit), n_units))
    np.add.at(lost, (one, unit[other]), weight)
    np.add.at(lost, (other, unit[one]), weight)
    values = []
    for person in people:
        rest = total - activity[person]
        parts = by_unit - lost[person]
        parts[unit[person]] -= activity[person]
        expected = 1 - np.sum((parts / (2 * rest)) ** 2) if rest > 0 else 0.0
        if expected > 1e-9:
            values.append((all_across - across[person]) / rest / expected)
    left_out = np.array(values)
    n = len(left_out)
    error = np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2))
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * float(error)
    return max(ratio - reach, 0.0), ratio + reach


def _between(
    one: IntArray, other: IntArray, weight: FloatArray, unit: IntArray, *, activity: FloatArray, n_units: int
) -> FloatArray:
    seen = np.zeros((n_units, n_units))
    np.add.at(seen, (unit[one], unit[other]), weight)
    seen = seen + seen.T
    by_unit = np.bincount(unit, activity, n_units)
    expected = np.outer(by_unit, by_unit) / by_unit.sum()
    return np.asarray(np.divide(seen, expected, out=np.full_like(seen, np.nan), where=expected > 0))


def _ties(
    first: ArrayLike, second: ArrayLike, units: ArrayLike, weights: ArrayLike | None
) -> tuple[IntArray, IntArray, FloatArray, IntArray]:
    one, other, unit = (
        whole_numbers(values, name) for values, name in ((first, "first"), (second, "second"), (units, "units"))
    )
    weight = np.ones(len(one)) if weights is None else np.array(weights, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape or weight.shape != one.shape or unit.ndim != 1:
        raise InputError("`first`, `second` and `weights` must be rows of the same length, `units` one row of people.")
    both = np.concatenate([one, other])
    if len(both) and (both.min() < 0 or both.max() >= len(unit)):
        raise InputError(f"A tie names a person outside 0 to {len(unit) - 1}.")
    if (one == other).any():
        raise InputError(f"Person {int(one[one == other][0])} is tied to themselves; leave such rows out.")
    if not ((weight > 0) & np.isfinite(weight)).all():
        raise InputError("Every weight must be a number above zero; leave out ties that are none.")
    return one, other, weight, unit
