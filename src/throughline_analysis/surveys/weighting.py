"""Weights that make those who answered stand for all: post-stratification and raking."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.surveys.answers import FloatArray, IndexArray, labels

# A class in which fewer answered is merged first: one person would speak for too many.
LEAST_ANSWERS = 5
MARGINS_MET = 1e-9
MOST_ROUNDS = 1_000


@dataclass(frozen=True, eq=False)
class SurveyWeights:
    """`weights` (n_people,), above zero, with mean one.

    `n_effective` is how many equally weighted people are worth as much (Kish); `design_effect` = n / n_effective.
    `largest` is the largest weight. `worst_margin` is how far, in parts of the population, the weighted share of any
    class remains from its target: zero up to rounding, unless weights were capped.
    """

    weights: FloatArray
    n_effective: float
    design_effect: float
    largest: float
    worst_margin: float
    n_people: int
    n_rounds: int
    method: str


def poststratify(classes: ArrayLike, population: Mapping[Hashable, float]) -> SurveyWeights:
    """Weights that give each class the share it has among all people, asked or not.

    Parameters
    ----------
    classes : (n_people,) of hashable
        Class of each person who answered, for example unit by tenure.
    population : mapping of class to number of people (or share)
        Every class with anybody in it.

    Returns
    -------
    SurveyWeights
        `weights`: (n_people,); numbers.

    Raises
    ------
    InputError
        A class is not in the population, or a number is not finite and above zero.
    NotEnoughData
        Fewer than five people of a class answered.

    Notes
    -----
    Removes the bias from classes answering at different rates, if within a class those who answered are like those
    who did not. It cannot see other reasons for silence. Uneven weights cost precision: `n_effective`. Cost O(n).

    Source
    ------
    Holt and Smith (1979), Journal of the Royal Statistical Society A 142:33-46, doi:10.2307/2344652; effective number
    of people by Kish (1965), Survey Sampling, section 11.7.

    Examples
    --------
    >>> result = poststratify(["a"] * 8 + ["b"] * 12, {"a": 60, "b": 40})
    >>> result.weights[[0, 8]].round(3).tolist(), round(result.n_effective, 1)
    ([1.5, 0.667], 17.1)
    """
    margin = _margin("classes", classes, population)
    weights = (margin.targets / margin.counts)[margin.numbers]
    return _result(weights / weights.mean(), [margin], n_rounds=1, method="post-stratification")


def rake(
    margins: Mapping[str, ArrayLike],
    targets: Mapping[str, Mapping[Hashable, float]],
    *,
    largest: float | None = None,
) -> SurveyWeights:
    """Weights that meet several breakdowns at once, such as unit and tenure, without needing every combination.

    Parameters
    ----------
    margins : mapping of name to (n_people,) of hashable
        Class of each person who answered in each breakdown.
    targets : mapping of name to (mapping of class to number of people or share)
        The same names.
    largest : float above 1, optional
        Cap: no weight is more than this many times the mean. Targets are then met as far as the cap allows.

    Returns
    -------
    SurveyWeights
        `weights`: (n_people,); `worst_margin` says how well the targets are met.

    Raises
    ------
    InputError
        Names or lengths differ, a class is not among its targets, a number is not finite and above zero, or the cap
        is not above one.
    NotEnoughData
        Fewer than five people of a class answered, or no weights meet all targets (a combination nobody is in).

    Notes
    -----
    Iterative proportional fitting: breakdown after breakdown is scaled to its targets until all hold. Of all weights
    that meet the targets these change the sample least (in Kullback-Leibler divergence); interactions between
    breakdowns stay as they were answered. Otherwise as `poststratify`. Cost O(rounds * breakdowns * n).

    Source
    ------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11:427-444, doi:10.1214/aoms/1177731829; Deville,
    Särndal and Sautory (1993), JASA 88:1013-1020, doi:10.1080/01621459.1993.10476369.

    Examples
    --------
    >>> unit = ["north"] * 6 + ["south"] * 14
    >>> tenure = ["new", "old"] * 10
    >>> result = rake({"unit": unit, "tenure": tenure},
    ...     {"unit": {"north": 50, "south": 50}, "tenure": {"new": 30, "old": 70}})
    >>> weights = result.weights / 20
    >>> round(float(weights[:6].sum()), 6), round(float(weights[::2].sum()), 6)
    (0.5, 0.3)
    """
    if not margins or set(margins) != set(targets):
        raise InputError("Breakdowns and targets must have the same names, and at least one.")
    if largest is not None and not largest > 1:
        raise InputError("The largest weight must be above one, the mean.")
    read = [_margin(name, margins[name], targets[name]) for name in margins]
    if len({len(margin.numbers) for margin in read}) > 1:
        raise InputError("The breakdowns must have one class for each person, the same people in each.")
    weights, n_rounds = _raked(read, largest)
    result = _result(weights, read, n_rounds=n_rounds, method="raking" if largest is None else "raking, capped")
    if largest is None and result.worst_margin > 1e-6:
        raise NotEnoughData(
            "No weights meet all targets together, because nobody who answered is in some combination of classes; "
            "merge classes."
        )
    return result


@dataclass(frozen=True, eq=False)
class _Margin:
    """One breakdown: class number of each person, answers of each class, and the share it should have."""

    numbers: IndexArray
    counts: FloatArray
    targets: FloatArray

    def shares(self, weights: FloatArray) -> FloatArray:
        """Weighted share of each class."""
        totals = np.bincount(self.numbers, weights, minlength=len(self.counts))
        return np.asarray(totals / totals.sum())


def _margin(name: str, classes: ArrayLike, population: Mapping[Hashable, float]) -> _Margin:
    given: NDArray[np.generic] = np.array(classes)
    if given.ndim != 1 or not len(given):
        raise InputError(f"{name} must be one class for each person who answered.")
    given = labels(given, len(given), name=name)
    found, numbers, counts = np.unique(given, return_inverse=True, return_counts=True)
    keys = [key.item() if isinstance(key, np.generic) else key for key in found]
    unknown = [key for key in keys if key not in population]
    if unknown:
        raise InputError(f"{name}: the class {unknown[0]!r} is not in the population; add it or correct the label.")
    sizes = np.array(list(population.values()), dtype=np.float64)
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise InputError(f"{name}: numbers of people must be finite and above zero; leave empty classes out.")
    answered = dict(zip(keys, counts.tolist(), strict=True))
    few = [key for key in population if answered.get(key, 0) < LEAST_ANSWERS]
    if few:
        raise NotEnoughData(
            f"{name}: {answered.get(few[0], 0)} people of {few[0]!r} answered; weighting needs {LEAST_ANSWERS} in each "
            "class, so merge it with another."
        )
    targets = np.array([population[key] for key in keys], dtype=np.float64) / sizes.sum()
    return _Margin(numbers=numbers, counts=counts.astype(np.float64), targets=targets)


def _raked(margins: list[_Margin], largest: float | None) -> tuple[FloatArray, int]:
    """Weights with mean one after as many rounds as it takes, and their number."""
    weights, n_rounds, change = np.ones(len(margins[0].numbers)), 0, np.inf
    while change >= MARGINS_MET and n_rounds < MOST_ROUNDS:
        before = weights.copy()
        for margin in margins:
            weights *= (margin.targets / margin.shares(weights))[margin.numbers]
        weights /= weights.mean()
        if largest is not None:
            weights = np.minimum(weights, largest)
            weights = np.minimum(weights / weights.mean(), largest)
        n_rounds, change = n_rounds + 1, float(np.abs(weights - before).max())
    return weights, n_rounds


def effective_number(weights: FloatArray) -> float:
    """How many equally weighted people are worth as much (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _result(weights: FloatArray, margins: list[_Margin], *, n_rounds: int, method: str) -> SurveyWeights:
    effective = effective_number(weights)
    return SurveyWeights(
        weights=weights,
        n_effective=effective,
        design_effect=len(weights) / effective,
        largest=float(weights.max()),
        worst_margin=max(float(np.abs(margin.shares(weights) - margin.targets).max()) for margin in margins),
        n_people=len(weights),
        n_rounds=n_rounds,
        method=method,
    )
