"""The test for groups in large conversations: directions come from everybody, simulations only move along them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from throughline_analysis.opinion.continuum import HALF_WIDTH, item_curves
from throughline_analysis.opinion.residuals import Residuals, leading_directions, pattern_of, profile_sums
from throughline_analysis.opinion.resimulated import (
    FIRST_LOOK,
    MOST_AXES,
    Evidence,
    is_clearly_not_extreme,
    weighed,
)
from throughline_analysis.opinion.splitting import (
    SMALLEST_INFORMATION,
    TINY,
    Split,
    Splits,
    best_cut,
    best_indices,
    two_means_directions,
)
from throughline_analysis.opinion.votes import FloatArray, VoteCounts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Positions at which the chances of all statements are worked out; between them a score is interpolated.
N_POSITIONS = 33
# Halvings of the interval in which the spread of the continuum is sought, and its width against the spread found.
SPREAD_HALVINGS = 7
WIDEST = 1.5
# Axes that stand out are exact long before; those within noise need not be, their split is tested as it is.
AXIS_TOLERANCE = 5e-3


@dataclass(frozen=True, eq=False)
class _Line:
    """One direction through the sample: what each person saw of it, and how statements are answered on the whole."""

    pattern: csr_array
    loadings: FloatArray
    weights: FloatArray
    agree_0_1: FloatArray
    side_0_1: FloatArray

    def moments(self, spread: float) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of each person's score at each position, (n_people, N_POSITIONS), at this spread."""
        curves = item_curves(self.agree_0_1, (self.loadings * spread * self.side_0_1)[:, None])
        positions = np.linspace(-HALF_WIDTH, HALF_WIDTH, N_POSITIONS)
        shares = 1 / (1 + np.exp(-(curves.intercepts[:, None] + curves.slopes * positions)))
        side = self.side_0_1[:, None]
        votes = side * (2 * shares - 1)
        mean = votes - side * (2 * self.agree_0_1 - 1)[:, None]
        variance = np.maximum(side - votes**2, 0.0)
        # Who saw nothing of the direction stands in the middle of every simulation, as in the votes.
        weights = np.where(self.weights > 0, self.weights, np.inf)[:, None]
        means = (self.pattern @ (self.loadings[:, None] * mean)) / weights
        variances = (self.pattern @ (self.loadings[:, None] ** 2 * variance)) / weights**2
        return means, variances

    def expected_square(self, spread: float) -> float:
        """Expected weighted sum of squared scores."""
        means, variances = self.moments(spread)
        return float(self.weights @ (means**2 + variances).mean(axis=1))

    def matched_spread(self, square: float) -> float:
        """Spread of the continuum at which the scores are as wide as those found."""
        low, high = 0.0, WIDEST * float(np.sqrt(square / max(float(self.weights.sum()), TINY)))
        for _ in range(SPREAD_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.expected_square(middle) < square else (low, middle)
        return (low + high) / 2

    def simulated(self, square: float, n_simulations: int, rng: np.random.Generator) -> FloatArray:
        """Scores (n_simulations, n_people) of people spread evenly along the line."""
        means, variances = self.moments(self.matched_spread(square))
        shape = (n_simulations, len(self.weights))
        place = rng.uniform(0, N_POSITIONS - 1, shape)
        node = np.minimum(place.astype(np.intp), N_POSITIONS - 2)
        part = place - node
        person = np.arange(len(self.weights))
        drawn = means[person, node] * (1 - part) + means[person, node + 1] * part
        drawn += np.sqrt(variances[person, node]) * rng.standard_normal(shape)
        return np.asarray(drawn, dtype=np.float64)


def projected_evidence(
    residuals: Residuals,
    counts: VoteCounts,
    *,
    n_simulations: int,
    n_tested: int,
    min_group_size: int,
    rng: np.random.Generator,
) -> Evidence:
    """As `resimulated_evidence`, with directions fixed and scores of `n_tested` people drawn as sums of votes.

    A score is a sum over many votes, so given the position it is drawn from the normal distribution with the
    mean and variance that the person's own statements give.
    """
    directions = leading_directions(residuals, MOST_AXES, tolerance=AXIS_TOLERANCE)
    axes = directions.loadings[:, directions.singular_values > 0]
    people = np.flatnonzero(np.diff(residuals.matrix.indptr) > 0)
    if len(people) > n_tested:
        people = np.sort(rng.choice(people, n_tested, replace=False))
    sample = residuals.matrix[people]
    right, information = profile_sums(sample, axes)
    agree_0_1 = (counts.agree + 0.5) / (counts.agree + counts.disagree + 1)
    side_0_1 = (counts.agree + counts.disagree) / np.maximum(counts.seen, 1)
    found, null_squares, drawn = [], [], []
    for loadings in two_means_directions(right, information, axes, min_size=min_group_size):
        own, seen = profile_sums(sample, loadings[:, None])
        least = max(SMALLEST_INFORMATION * float((loadings**2).max()), TINY)
        weights = np.where(seen[:, 0, 0] > least, seen[:, 0, 0], 0.0)
        scores = np.where(weights > 0, own[:, 0] / np.maximum(weights, least), 0.0)
        cut = best_cut(scores, weights, min_size=min_group_size)
        line = _Line(pattern_of(sample), loadings, weights, agree_0_1, side_0_1)
        centred = scores - weights @ scores / max(float(weights.sum()), TINY)
        drawn.append(line.simulated(float(weights @ centred**2), n_simulations, rng))
        null_squares.append(drawn[-1] ** 2 @ weights)
        found.append(Split(cut.index, loadings, scores, weights, scores > cut.threshold, cut.threshold))
    squares = np.array([float(split.weights @ split.scores**2) for split in found])
    splits = Splits(splits=tuple(found), squares=squares, axes=axes)
    n_done = min(FIRST_LOOK, n_simulations)
    null = _null_indices(splits, drawn, slice(0, n_done), min_group_size=min_group_size)
    if not is_clearly_not_extreme(splits.indices, null):
        rest = _null_indices(splits, drawn, slice(n_done, n_simulations), min_group_size=min_group_size)
        null, n_done = np.concatenate([null, rest]), n_simulations
    return weighed(splits, null, np.array(null_squares).T[:n_done])


def _null_indices(splits: Splits, drawn: list[FloatArray], rows: slice, *, min_group_size: int) -> FloatArray:
    """(n_rows, n_axes) cluster indices of simulated scores."""
    columns = [
        best_indices(table[rows], split.weights, min_size=min_group_size)
        for split, table in zip(splits.splits, drawn, strict=True)
    ]
    return np.stack(columns, axis=1)
