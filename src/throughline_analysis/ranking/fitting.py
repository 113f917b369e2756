"""The mode of the posterior by Newton's method, and the precision (inverse covariance) there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.ranking.comparisons import Comparisons, FloatArray, IndexArray, summed
from throughline_analysis.ranking.davidson import PairChances, log_total, pair_chances

# Prior of log nu: at 0 two equal items tie in one of three comparisons, at -4 in 1 %, at +4 in 96 %. Normal with
# this standard deviation it keeps both ends finite when nobody, or everybody, ties. Tests halve and double it.
TIE_PRIOR_SD = 2.0
# Newton stops when the squared step, in posterior standard deviations, is below this: far below any rounding shown.
SMALLEST_DECREMENT = 1e-8
SHORTEST_STEP = 1e-9
MOST_NEWTON_STEPS = 100
# Below this many items a Cholesky factorisation is cheaper than iterating.
ITEMS_FOR_ITERATION = 250
MOST_CG_STEPS = 60
# Part of the right-hand side left over. Newton corrects a step that is that far off with the next; variances of scores
# are off by its square. Tests halve and double it.
CG_PRECISION = 1e-4
# Standard deviations in log odds between which fits keep their digits. At 0.0001 hardly anything could move a score; at
# 1,000 one of two items would always win.
PRIOR_RANGE = (1e-4, 1e3)
NOT_SETTLED = "The scores did not settle; take a narrower `prior_sd`, or look for counts that are far too large."


@dataclass(frozen=True, eq=False)
class Mode:
    """Where the posterior is highest. `precision` is square: the items, then log nu where ties occurred."""

    scores: FloatArray
    tie_log_odds: float | None
    precision: Any
    prior_sd: float


@dataclass(frozen=True, eq=False)
class _Rows:
    """What the fit reads of the tally: the pairs, comparisons with an answer, wins of the first less the second."""

    n_items: int
    first: IndexArray
    second: IndexArray
    count: FloatArray
    won: FloatArray
    ties: float
    prior_sd: float

    def spread(self, by_row: FloatArray) -> FloatArray:
        """Per item: the sum over rows where it is first, less the sum where it is second."""
        return summed(self.first, by_row, self.n_items) - summed(self.second, by_row, self.n_items)


@dataclass(frozen=True, eq=False)
class _Slope:
    """Gradient of the log posterior at a point, and the chances there."""

    gradient: FloatArray
    chances: PairChances
    tie_log_odds: float | None


def check_prior(spread: float, *, name: str) -> None:
    """Refuse a standard deviation outside `PRIOR_RANGE`."""
    if not PRIOR_RANGE[0] <= spread <= PRIOR_RANGE[1]:
        raise InputError(
            f"`{name}` is {spread}; give a number of log odds from {PRIOR_RANGE[0]} to {PRIOR_RANGE[1]:g}."
        )


def posterior_mode(tally: Comparisons, prior_sd: float, *, is_sparse: bool) -> Mode:
    """Mode and precision under scores ~ N(0, prior_sd^2), independent; see `bradley_terry` for the model."""
    check_prior(prior_sd, name="prior_sd")
    ties = float(tally.ties.sum())
    rows = _Rows(
        n_items=tally.n_items,
        first=tally.first,
        second=tally.second,
        count=tally.decided,
        won=tally.wins_first - tally.wins_second,
        ties=ties,
        prior_sd=prior_sd,
    )
    point = _start(rows)
    slope = _slope(rows, point)
    for _ in range(MOST_NEWTON_STEPS):
        matrix = _precision(rows, slope, is_sparse=is_sparse)
        step = solved(matrix, slope.gradient)
        decrement = float(slope.gradient @ step)
        if decrement <= SMALLEST_DECREMENT:
            point = point + step
            break
        point, slope = _climbed(rows, point, step=step)
    else:
        raise NotEnoughData(NOT_SETTLED)
    return Mode(
        scores=point[: tally.n_items],
        tie_log_odds=float(point[-1]) if ties > 0 else None,
        precision=matrix,
        prior_sd=prior_sd,
    )


def _start(rows: _Rows) -> FloatArray:
    """The score at which each item would win, lose and tie as it did against one middling item: near the mode where
    everybody met many others, and only a start where not."""
    met = summed(rows.first, rows.count, rows.n_items) + summed(rows.second, rows.count, rows.n_items)
    # Inside (-1, 1), and zero for an item nobody met.
    lead = rows.spread(rows.won) / (met + 1)
    nu = 2 * rows.ties / (float(rows.count.sum()) - rows.ties + 1)
    # With x = exp(score / 2), Davidson's chances make lead = (x^2 - 1) / (x^2 + 1 + nu x); solved for x.
    scores = 2 * np.log((nu * lead + np.sqrt((nu * lead) ** 2 + 4 * (1 - lead * lead))) / (2 * (1 - lead)))
    scores -= scores.mean()
    return scores if rows.ties == 0 else np.append(scores, math.log(nu))


def _climbed(rows: _Rows, point: FloatArray, *, step: FloatArray) -> tuple[FloatArray, _Slope]:
    """The point after a Newton step, halved until the log posterior rises, which makes any start safe."""
    value = None
    while True:
        tried = point + step
        slope = _slope(rows, tried)
        # The log posterior is concave: while it still rises at the end of the step, it rose all the way.
        if slope.gradient @ step >= 0:
            return tried, slope
        value = _log_posterior(rows, point) if value is None else value
        if _log_posterior(rows, tried) >= value or np.abs(step).max() < SHORTEST_STEP:
            return tried, slope
        step = step / 2


def _scores_and_tie(rows: _Rows, point: FloatArray) -> tuple[FloatArray, float | None]:
    return point[: rows.n_items], float(point[-1]) if rows.ties > 0 else None


def _log_posterior(rows: _Rows, point: FloatArray) -> float:
    scores, tie_log_odds = _scores_and_tie(rows, point)
    difference = scores[rows.first] - scores[rows.second]
    value = float(rows.won @ difference) / 2 - float(rows.count @ log_total(difference, tie_log_odds))
    value -= float(scores @ scores) / (2 * rows.prior_sd**2)
    if tie_log_odds is not None:
        value += rows.ties * tie_log_odds - tie_log_odds**2 / (2 * TIE_PRIOR_SD**2)
    return value


def _slope(rows: _Rows, point: FloatArray) -> _Slope:
    scores, tie_log_odds = _scores_and_tie(rows, point)
    chances = pair_chances(scores[rows.first] - scores[rows.second], tie_log_odds)
    gradient = rows.spread((rows.won - rows.count * chances.lead) / 2) - scores / rows.prior_sd**2
    if tie_log_odds is not None:
        surplus = rows.ties - float(rows.count @ chances.tie) - tie_log_odds / TIE_PRIOR_SD**2
        gradient = np.append(gradient, surplus)
    return _Slope(gradient, chances, tie_log_odds)


def _precision(rows: _Rows, slope: _Slope, *, is_sparse: bool) -> Any:
    """Negative second derivatives of the log posterior: a weighted graph Laplacian plus the prior.

    Dense: only the upper triangle is filled, which is all that LAPACK and BLAS read.
    """
    n_items, chances = rows.n_items, slope.chances
    by_pair = rows.count * chances.information
    diagonal = summed(rows.first, by_pair, n_items) + summed(rows.second, by_pair, n_items)
    diagonal += rows.prior_sd**-2
    border, corner = None, 0.0
    if slope.tie_log_odds is not None:
        tied = rows.count * chances.tie
        border = rows.spread(-tied * chances.lead / 2)
        corner = float(tied @ (1 - chances.tie)) + TIE_PRIOR_SD**-2
    if is_sparse:
        return _sparse_precision(rows, by_pair, diagonal, border=border, corner=corner)
    size = n_items + (border is not None)
    matrix = np.zeros((size, size))
    matrix.ravel()[rows.first * size + rows.second] = -by_pair
    matrix.ravel()[: n_items * size : size + 1] = diagonal
    if border is not None:
        matrix[:n_items, n_items] = border
        matrix[n_items, n_items] = corner
    return matrix


def _sparse_precision(
    rows: _Rows, by_pair: FloatArray, diagonal: FloatArray, *, border: FloatArray | None, corner: float
) -> Any:
    from scipy import sparse

    items = np.arange(rows.n_items)
    down, across = [rows.first, rows.second, items], [rows.second, rows.first, items]
    entries = [-by_pair, -by_pair, diagonal]
    size = rows.n_items
    if border is not None:
        last = np.full(rows.n_items, rows.n_items)
        down += [last, items, last[:1]]
        across += [items, last, last[:1]]
        entries += [border, border, np.array([corner])]
        size += 1
    place = (np.concatenate(down), np.concatenate(across))
    return sparse.csr_array((np.concatenate(entries), place), shape=(size, size))


def solved(matrix: Any, right: FloatArray) -> FloatArray:
    """The vector x with matrix @ x = right, for a positive definite matrix: dense upper triangle, or sparse.

    Conjugate gradients with the diagonal as preconditioner, which settle in a few steps where comparisons are well
    mixed; a dense matrix they are slow on (a chain of items) is factorised instead.
    """
    from scipy.linalg.blas import dsymv

    if not isinstance(matrix, np.ndarray):
        scale = 1 / matrix.diagonal()
        return conjugate_gradients(lambda vector: matrix @ vector, right, scale=scale, most_steps=20 * len(right))[0]
    if len(right) > ITEMS_FOR_ITERATION:
        # BLAS reads by columns, so our upper triangle is its lower one.
        found, is_settled = conjugate_gradients(
            lambda vector: dsymv(1.0, matrix.T, vector, lower=1),
            right,
            scale=1 / np.diagonal(matrix),
            most_steps=MOST_CG_STEPS,
        )
        if is_settled:
            return found
    from scipy.linalg import cho_factor, cho_solve

    answer: FloatArray = cho_solve(cho_factor(matrix.T, lower=True, check_finite=False), right, check_finite=False)
    return answer


def conjugate_gradients(
    times: Callable[[FloatArray], FloatArray], right: FloatArray, *, scale: FloatArray, most_steps: int
) -> tuple[FloatArray, bool]:
    """Solution for one or several right-hand sides (columns) to `CG_PRECISION`, and whether it got there."""
    if right.ndim == 2:
        scale = scale[:, None]
    answer = np.zeros_like(right)
    left = right.copy()
    direction = scale * left
    size = (left * direction).sum(axis=0)
    goal = CG_PRECISION**2 * size
    for _ in range(most_steps):
        if (size <= goal).all():
            return answer, True
        pushed = times(direction)
        along = (direction * pushed).sum(axis=0)
        length = np.divide(size, along, out=np.zeros_like(size), where=along > 0)
        answer += length * direction
        left -= length * pushed
        scaled = scale * left
        new_size = (left * scaled).sum(axis=0)
        direction = scaled + np.divide(new_size, size, out=np.zeros_like(size), where=size > 0) * direction
        size = new_size
    return answer, False
