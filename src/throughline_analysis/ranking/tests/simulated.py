"""Comparisons drawn from known scores, and the log posterior written out once more, slowly and plainly."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.ranking import Comparisons, comparisons
from throughline_analysis.ranking.fitting import TIE_PRIOR_SD

FloatArray = NDArray[np.float64]


def drawn(
    rng: np.random.Generator,
    scores: FloatArray,
    n_comparisons: int,
    *,
    nu: float = 0.0,
    groups: NDArray[np.intp] | None = None,
) -> Comparisons:
    """Random pairs judged by Davidson's model; `scores` (n_groups, n_items) where groups are given."""
    n_items = scores.shape[-1]
    first = rng.integers(0, n_items, n_comparisons)
    second = (first + rng.integers(1, n_items, n_comparisons)) % n_items
    of_group = np.zeros(n_comparisons, dtype=np.intp) if groups is None else groups
    table = np.atleast_2d(scores)
    difference = table[of_group, first] - table[of_group, second]
    win, loss = np.exp(difference / 2), np.exp(-difference / 2)
    at = rng.random(n_comparisons) * (win + loss + nu)
    said = np.where(at < win, 1, np.where(at < win + loss, -1, 0))
    return comparisons(first, second, outcomes=said, n_items=n_items, groups=groups)


def log_posterior(tally: Comparisons, scores: FloatArray, log_nu: float | None, *, prior_sd: float) -> float:
    """By a loop over pairs, from the definition; `scores` (n_groups, n_items) or (n_items,)."""
    nu = 0.0 if log_nu is None else math.exp(log_nu)
    table = np.atleast_2d(scores)
    total = 0.0 if log_nu is None else -(log_nu**2) / (2 * TIE_PRIOR_SD**2)
    for row in range(len(tally.first)):
        one = math.exp(table[tally.group[row], tally.first[row]])
        two = math.exp(table[tally.group[row], tally.second[row]])
        whole = one + two + nu * math.sqrt(one * two)
        total += tally.wins_first[row] * math.log(one / whole) + tally.wins_second[row] * math.log(two / whole)
        if tally.ties[row]:
            total += tally.ties[row] * math.log(nu * math.sqrt(one * two) / whole)
    return total - float((scores**2).sum()) / (2 * prior_sd**2)


def curvature(function: Callable[[FloatArray], float], at: FloatArray, step: float = 1e-3) -> FloatArray:
    """Second derivatives of a function by central differences."""
    size = len(at)
    found = np.empty((size, size))
    unit = np.eye(size) * step
    for one in range(size):
        for two in range(one, size):
            corners = (
                function(at + unit[one] + unit[two])
                - function(at + unit[one] - unit[two])
                - function(at - unit[one] + unit[two])
                + function(at - unit[one] - unit[two])
            )
            found[one, two] = found[two, one] = corners / (4 * step**2)
    return found
