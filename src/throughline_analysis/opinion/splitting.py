"""How well people fall into two halves along one direction: the two-means cluster index, and where to look for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.opinion.continuum import SmallFloats
from throughline_analysis.opinion.residuals import top_components
from throughline_analysis.opinion.votes import BoolArray, FloatArray

TINY = float(np.finfo(np.float64).tiny)
# Information about a position, against one vote on the strongest statement, below which nothing of it was seen.
SMALLEST_INFORMATION = 1e-9
# A direction is sharpened this many times; more changes nothing that a test could see.
SHARPENINGS = 3
# Loadings are shrunk by the non-negative garrote with this penalty, in squared standard errors (Breiman 1995).
GARROTE_PENALTY = 1.0
TWO_MEANS_STEPS = 8


@dataclass(frozen=True, eq=False)
class Cut:
    """Best division of scores into low and high: `index` is within over total sum of squares, in [0, 1]."""

    index: float
    threshold: float


@dataclass(frozen=True, eq=False)
class Split:
    """Cut along one direction; `loadings` (n_statements,), `scores` and `weights` (n_people,)."""

    index: float
    loadings: FloatArray
    scores: FloatArray
    weights: FloatArray
    is_high: BoolArray
    threshold: float


@dataclass(frozen=True, eq=False)
class Splits:
    """One split per axis looked along, and the squared singular value of each axis."""

    splits: tuple[Split, ...]
    squares: FloatArray
    axes: FloatArray

    @property
    def indices(self) -> FloatArray:
        """(n_axes,) cluster index of each split."""
        return np.array([split.index for split in self.splits])


def best_cut(scores: FloatArray, weights: FloatArray, *, min_size: int) -> Cut:
    """Exact weighted two-means on a line, both sides at least `min_size` people. O(n log n)."""
    order = np.argsort(scores, kind="stable")
    sorted_scores, sorted_weights = scores[order], weights[order]
    total = float(sorted_weights.sum())
    centre = float(sorted_weights @ sorted_scores) / max(total, TINY)
    centred = sorted_scores - centre
    sums = np.cumsum(sorted_weights * centred)[min_size - 1 : len(scores) - min_size]
    below = np.cumsum(sorted_weights)[min_size - 1 : len(scores) - min_size]
    spread = float(sorted_weights @ centred**2)
    if not len(sums) or spread <= TINY:
        return Cut(index=1.0, threshold=float("inf"))
    # A side of people who saw nothing of the direction weighs nothing; rounding must not make it matter.
    least = SMALLEST_INFORMATION * total
    between = sums**2 / np.maximum(below, least) + sums**2 / np.maximum(total - below, least)
    at = int(between.argmax())
    threshold = (centred[min_size - 1 + at] + centred[min_size + at]) / 2 + centre
    return Cut(index=max(1 - float(between[at]) / spread, 0.0), threshold=threshold)


def best_indices(scores: FloatArray, weights: FloatArray, *, min_size: int) -> FloatArray:
    """(n_rows,) index of the best cut of each row of scores (n_rows, n_people), all with the same weights."""
    n_people = scores.shape[1]
    order = np.argsort(scores, axis=1)
    rows, heavy = np.take_along_axis(scores, order, axis=1), weights[order]
    total = float(weights.sum())
    rows -= (scores @ weights / max(total, TINY))[:, None]
    spread = (scores**2) @ weights - (scores @ weights) ** 2 / max(total, TINY)
    sides = slice(min_size - 1, n_people - min_size)
    below = np.cumsum(heavy, axis=1)[:, sides]
    sums = np.cumsum(heavy * rows, axis=1)[:, sides]
    if not sums.shape[1]:
        return np.ones(len(scores))
    least = max(SMALLEST_INFORMATION * total, TINY)
    between = (sums**2 * (1 / np.maximum(below, least) + 1 / np.maximum(total - below, least))).max(axis=1)
    is_spread = spread > TINY
    return np.where(is_spread, np.maximum(1 - between / np.where(is_spread, spread, 1.0), 0.0), 1.0)


def split_along(table: SmallFloats, mask: SmallFloats, loadings: FloatArray, *, min_size: int) -> Split:
    """Cut people by their least-squares position along `loadings`; who saw more of it weighs more."""
    scores, weights = scores_along(table, mask, loadings)
    cut = best_cut(scores, weights, min_size=min_size)
    return Split(cut.index, loadings, scores, weights, scores > cut.threshold, cut.threshold)


def scores_along(table: SmallFloats, mask: SmallFloats, loadings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each person's least-squares position along `loadings`, and its information; 0 where nothing of it was seen."""
    length = max(float(np.abs(loadings).max()), TINY)
    unit = (loadings / length).astype(np.float32)
    weights = (mask @ unit**2).astype(np.float64)
    own = (table @ unit).astype(np.float64)
    scores = np.where(weights > SMALLEST_INFORMATION, own / np.maximum(weights, SMALLEST_INFORMATION), 0.0)
    return scores / length, weights * length**2


def sharpened(table: SmallFloats, mask: SmallFloats, loadings: FloatArray) -> FloatArray:
    """Loadings regressed on the scores they give, what is within its own noise shrunk towards zero."""
    squares = np.einsum("nj,nj->j", table, table).astype(np.float64)
    variance = squares / np.maximum(mask.sum(axis=0), 1) + TINY
    for _ in range(SHARPENINGS):
        scores, _ = scores_along(table, mask, loadings)
        small = scores.astype(np.float32)
        information = np.maximum((small**2 @ mask).astype(np.float64), TINY)
        slopes = (small @ table).astype(np.float64) / information
        squared_z = slopes**2 * information / variance
        shrunk = slopes * np.maximum(0.0, 1 - GARROTE_PENALTY / np.maximum(squared_z, TINY))
        if not shrunk.any():
            return loadings
        loadings = shrunk
    return loadings


def best_splits(table: SmallFloats, mask: SmallFloats, n_axes: int, *, min_size: int) -> Splits:
    """One split for each of the leading axes, found again from the votes alone.

    `table` are residuals, zero where unseen; `mask` is 1.0 where seen. From each axis, two-means in the space of
    all axes turns the direction, and `sharpened` refines it.
    """
    axes, squares = top_components(table, n_axes)
    directions = [axes[:, 0]]
    if n_axes > 1:
        directions = two_means_directions(table @ axes, _information(mask, axes), axes, min_size=min_size)
    splits = tuple(
        split_along(table, mask, sharpened(table, mask, direction), min_size=min_size) for direction in directions
    )
    return Splits(splits=splits, squares=squares, axes=axes)


def two_means_directions(
    right: FloatArray, information: FloatArray, axes: FloatArray, *, min_size: int
) -> list[FloatArray]:
    """For each axis the loadings of the line between the two means that two-means reaches from a cut of that axis.

    `right` and `information` as `profile_sums` returns them.
    """
    directions = []
    for axis in range(axes.shape[1]):
        turned = np.zeros(axes.shape[1])
        turned[axis] = 1.0
        own = information[:, axis, axis]
        scores = np.where(own > TINY, right[:, axis] / np.maximum(own, TINY), 0.0)
        is_high = scores > best_cut(scores, own, min_size=min_size).threshold
        for _ in range(TWO_MEANS_STEPS):
            if min(int(is_high.sum()), int((~is_high).sum())) < min_size:
                break
            high, low = (group_centre(right, information, side) for side in (is_high, ~is_high))
            turned = high - low
            nearer = 2 * (right @ turned) > information_form(information, high) - information_form(information, low)
            if np.array_equal(nearer, is_high):
                break
            is_high = nearer
        directions.append(axes @ turned)
    return directions


def group_centre(right: FloatArray, information: FloatArray, is_member: BoolArray) -> FloatArray:
    """Position that explains the members' votes best: least squares over all their votes."""
    total = information[is_member].sum(axis=0)
    # Members who together saw too little for all axes get the shortest solution.
    return np.asarray(np.linalg.lstsq(total, right[is_member].sum(axis=0), rcond=None)[0], dtype=np.float64)


def information_form(information: FloatArray, position: FloatArray) -> FloatArray:
    """(n_people,) position' * information * position."""
    return np.asarray((information @ position) @ position, dtype=np.float64)


def _information(mask: SmallFloats, axes: FloatArray) -> FloatArray:
    n_axes = axes.shape[1]
    information = np.empty((len(mask), n_axes, n_axes))
    for a in range(n_axes):
        for b in range(a, n_axes):
            information[:, a, b] = information[:, b, a] = mask @ (axes[:, a] * axes[:, b])
    return information
