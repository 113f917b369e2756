"""R² of every subset of predictors, and each predictor's Shapley share of it, in memory that does not grow with 2^p.

A subset is reached by deciding for one predictor after another: left out (its row is dropped) or taken in (the rest is
swept by it, a Schur complement). What remains gets smaller with every decision, so most of the 2^p states are tiny and
the whole tree costs a few operations a subset. Many states are handled at once; a batch that has grown too long is cut.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# A predictor of which less than this part of the variance is left, given the subset, adds nothing. Correlations carry
# rounding of about 1e-16, and a sweep by such a remainder would multiply it by up to this number's inverse.
LEAST_REMAINDER = 1e-9
# Numbers in one plane of a batch: 2**14 of them are 128 KiB, so that the few planes in use stay in the second cache.
BATCH = 2**14
LEVELS_A_STAGE = 5


@dataclass(frozen=True, eq=False)
class ShapleyShares:
    """`shares` (n_matrices, n_predictors), adding up to `r_squared` (n_matrices,)."""

    shares: FloatArray
    r_squared: FloatArray


@dataclass(frozen=True, eq=False)
class _States:
    """Subsets decided so far, many side by side; the last axis is (prefix, matrix).

    `rows[i]` (n_left - i + 1, n_states): the swept matrix of predictor i from its diagonal on, the outcome last;
    `explained`: R² so far; `sizes`: predictors taken in.
    """

    rows: list[FloatArray]
    explained: FloatArray
    sizes: NDArray[np.intp]


def shapley_shares(correlations: FloatArray) -> ShapleyShares:
    """Shares of R² averaged over all orders, for many correlation matrices with the outcome as the last variable.

    `correlations` is (n_matrices, p + 1, p + 1). Cost about 2^p * 10 operations a matrix.
    """
    n_matrices, n_predictors = len(correlations), correlations.shape[1] - 1
    parts = [_shares_of_block(correlations[first : first + BATCH // 16]) for first in range(0, n_matrices, BATCH // 16)]
    shares = np.concatenate(parts) if parts else np.empty((0, n_predictors))
    return ShapleyShares(shares=shares, r_squared=shares.sum(axis=1))


def _shares_of_block(correlations: FloatArray) -> FloatArray:
    n_matrices, n_predictors = len(correlations), correlations.shape[1] - 1
    planes = np.ascontiguousarray(np.moveaxis(correlations, 0, -1))
    start = _States(
        rows=[planes[i, i:] for i in range(n_predictors)],
        explained=np.zeros(n_matrices),
        sizes=np.zeros(1, dtype=np.intp),
    )
    tree = _Tree(n_matrices, n_predictors)
    tree.walk(start)
    # shares_j = sum over T with j of (w(t-1) + w(t)) R²(T), less the sum over all T of w(t) R²(T). The second is the
    # same for every j, so the rule that shares add up to R² of all predictors gives it without another pass.
    common = (tree.with_predictor.sum(axis=1) - tree.explained_by_all) / n_predictors
    return np.asarray(tree.with_predictor - common[:, None])


def order_weights(n_predictors: int) -> FloatArray:
    """w(t-1) + w(t) for t = 0 … p, where w(t) = t! (p-t-1)! / p! and w(-1) = w(p) = 0."""
    position = np.zeros(n_predictors + 2)
    chance = 1.0 / n_predictors
    for size in range(n_predictors):
        position[size + 1] = chance
        chance *= (size + 1) / (n_predictors - size - 1) if size + 1 < n_predictors else 0.0
    return position[:-1] + position[1:]


class _Tree:
    """One walk over all subsets; adds up weighted R² by predictor."""

    def __init__(self, n_matrices: int, n_predictors: int) -> None:
        self.n_matrices = n_matrices
        self.n_predictors = n_predictors
        self.weights = order_weights(n_predictors)
        self.with_predictor = np.zeros((n_matrices, n_predictors))
        self.explained_by_all = np.zeros(n_matrices)

    def walk(self, states: _States) -> FloatArray:
        """Finish the given states; returns for each the sum of weighted R² over all subsets below it."""
        n_left, n_states = len(states.rows), len(states.explained)
        if n_left == 0:
            return self._weighted(states)
        n_levels = min(n_left, LEVELS_A_STAGE)
        for _ in range(n_levels):
            states = _decide_next(states)
        below = self._cut_and_walk(states)
        first = self.n_predictors - n_left
        # The last decision is the slowest axis: see _decide_next.
        table = below.reshape(2**n_levels, n_states // self.n_matrices, self.n_matrices)
        by_choice = table.sum(axis=1)
        for level in range(n_levels):
            taken = by_choice.reshape(2 ** (n_levels - level - 1), 2, 2**level, self.n_matrices)[:, 1]
            self.with_predictor[:, first + level] += taken.sum(axis=(0, 1))
        return np.asarray(table.sum(axis=0).ravel())

    def _cut_and_walk(self, states: _States) -> FloatArray:
        n_states = len(states.explained)
        longest = max(BATCH >> LEVELS_A_STAGE, self.n_matrices) // self.n_matrices * self.n_matrices
        if not states.rows or n_states <= longest:
            return self.walk(states)
        below = np.empty(n_states)
        for low in range(0, n_states, longest):
            high = min(low + longest, n_states)
            part = _States(
                rows=[row[:, low:high] for row in states.rows],
                explained=states.explained[low:high],
                sizes=states.sizes[low // self.n_matrices : high // self.n_matrices],
            )
            below[low:high] = self.walk(part)
        return below

    def _weighted(self, states: _States) -> FloatArray:
        table = states.explained.reshape(len(states.sizes), self.n_matrices)
        if states.sizes[-1] == self.n_predictors:
            self.explained_by_all = table[-1].copy()
        return np.asarray((table * self.weights[states.sizes][:, None]).ravel())


def _decide_next(states: _States) -> _States:
    """Both decisions for the first predictor left: states without it, then the same states with it."""
    pivot, n_states = states.rows[0], len(states.explained)
    remainder = pivot[0]
    is_redundant = remainder < LEAST_REMAINDER
    factors = pivot[1:] / np.where(is_redundant, np.inf, remainder) if is_redundant.any() else pivot[1:] / remainder
    rows = []
    for index, row in enumerate(states.rows[1:]):
        both = np.empty((len(row), 2 * n_states))
        both[:, :n_states] = row
        swept = both[:, n_states:]
        np.multiply(factors[index:], pivot[index + 1], out=swept)
        np.subtract(row, swept, out=swept)
        rows.append(both)
    explained = np.empty(2 * n_states)
    explained[:n_states] = states.explained
    np.multiply(factors[-1], pivot[-1], out=explained[n_states:])
    explained[n_states:] += states.explained
    return _States(rows=rows, explained=explained, sizes=np.concatenate([states.sizes, states.sizes + 1]))
