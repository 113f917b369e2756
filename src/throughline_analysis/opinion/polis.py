"""Groups the way Polis publishes them, for comparison with conversations that were held there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.opinion.residuals import Residuals, leading_directions, residuals_of
from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray, Votes, votes_from_rows, whole_numbers

# Constants of the published procedure.
N_AXES = 2
DEFAULT_MIN_VOTES = 7
DEFAULT_MAX_GROUPS = 5
FEWEST_GROUPS = 2
# Lloyd's algorithm stops as in scikit-learn: after this many rounds, or when centres move less than this part of
# the mean variance.
MOST_ROUNDS = 300
CENTRE_TOLERANCE = 1e-4
# Singular values are found to this relative accuracy, so that groups do not hang on the method of decomposition.
AXIS_TOLERANCE = 1e-7
# Rows of distances held at a time.
CHUNK_ROWS = 1000


@dataclass(frozen=True, eq=False)
class PolisGroups:
    """The result of the published procedure; there are always at least two groups, whatever the votes.

    `positions` (n_people, 2), nan without votes; `labels` (n_people,), -1 for people below the vote threshold;
    `silhouettes` of 2, 3, … groups, nan where so many could not be formed. `statement_positions` (n_statements, 2)
    of a person who only agrees with that statement. `is_withdrawn` (n_statements,) as used here.
    """

    n_groups: int
    labels: IndexArray
    positions: FloatArray
    silhouettes: FloatArray
    loadings: FloatArray
    means: FloatArray
    statement_positions: FloatArray
    is_withdrawn: BoolArray
    n_people: int
    n_votes: int
    method: str


def polis_groups(
    votes: Votes,
    *,
    withdrawn: ArrayLike = (),
    min_votes: int = DEFAULT_MIN_VOTES,
    max_groups: int = DEFAULT_MAX_GROUPS,
    n_base_clusters: int | None = None,
) -> PolisGroups:
    """Groups by the procedure that Polis publishes, step by step, without any test.

    Parameters
    ----------
    votes : Votes
        All votes, those on withdrawn statements too: they count towards the threshold, as they do there.
    withdrawn : (any,) of int
        Statements moderated out: set to zero for everybody before the axes are found.
    min_votes : int >= 1
        People with fewer votes are drawn on the map and not grouped.
    max_groups : int >= 2
        Most groups tried.
    n_base_clusters : int, optional
        First form this many small clusters and group those, weighted by size; Polis uses 100. None groups people.

    Returns
    -------
    PolisGroups

    Raises
    ------
    InputError
        A setting is out of range, or a withdrawn statement is unknown.
    NotEnoughData
        Fewer than three people reach the threshold, or they do not differ.

    Notes
    -----
    Unseen votes are filled with the statement's mean; two principal components; each person's projection is
    multiplied by the root of statements over own votes; k-means for 2 to 5 groups, started at the leftmost distinct
    positions; the number of groups with the highest mean silhouette wins. Not included: the memory of earlier runs
    (smoothed numbers of groups, last centres) that the running system keeps. Use it to reproduce; use
    `opinion_groups` to know. Cost O(n_people²) for the silhouettes without base clusters.

    Source
    ------
    Small, Bjorkegren, Erkkilä, Shaw and Megill (2021), Recerca 26(2):1-26, doi:10.6035/recerca.5516.

    Examples
    --------
    >>> table = np.repeat([[1] * 8, [-1] * 8], 5, axis=0) * np.where(np.eye(10, 8) > 0, -1, 1)
    >>> polis_groups(votes_from_matrix(table)).n_groups
    2
    """
    if min_votes < 1 or max_groups < FEWEST_GROUPS or (n_base_clusters is not None and n_base_clusters < max_groups):
        raise InputError("`min_votes` is at least 1, `max_groups` at least 2, and there are more base clusters.")
    active = _without(votes, withdrawn)
    residuals = residuals_of(active)
    directions = leading_directions(residuals, N_AXES, tolerance=AXIS_TOLERANCE)
    loadings = np.zeros((votes.n_statements, N_AXES))
    loadings[:, : directions.loadings.shape[1]] = directions.loadings
    stretch = _stretches(votes, active)
    positions = (residuals.matrix.astype(np.float64) @ loadings) * stretch[:, None]
    positions[votes.seen_by_person == 0] = np.nan
    grouped = np.flatnonzero(votes.seen_by_person >= min_votes)
    if len(grouped) <= FEWEST_GROUPS:
        raise NotEnoughData(f"{len(grouped)} people gave {min_votes} votes or more; grouping them needs three.")
    divisions, scores = _divisions(positions[grouped], max_groups=max_groups, n_base_clusters=n_base_clusters)
    if np.isnan(scores).all():
        raise NotEnoughData("All people who voted enough stand at the same place, so there is nothing to divide.")
    best = int(np.nanargmax(scores))
    labels = np.full(votes.n_people, -1, dtype=np.intp)
    labels[grouped] = divisions[best]
    return PolisGroups(
        n_groups=best + FEWEST_GROUPS,
        labels=labels,
        positions=positions,
        silhouettes=scores,
        loadings=loadings,
        means=residuals.means,
        statement_positions=_statement_positions(votes, residuals, loadings),
        is_withdrawn=active.is_withdrawn,
        n_people=len(grouped),
        n_votes=votes.n_votes,
        method="principal components of mean-filled votes, k-means, best silhouette",
    )


def _without(votes: Votes, withdrawn: ArrayLike) -> Votes:
    given = whole_numbers(withdrawn, "withdrawn", n_rows=None, total=votes.n_statements)
    also = np.append(given, np.flatnonzero(votes.is_withdrawn))
    return votes_from_rows(
        votes.people,
        votes.statements,
        votes.values,
        withdrawn=also,
        n_people=votes.n_people,
        n_statements=votes.n_statements,
    )


def _stretches(votes: Votes, active: Votes) -> FloatArray:
    """Root of statements over own votes; a statement set to zero counts as answered by everybody."""
    is_known = np.bincount(votes.statements, minlength=votes.n_statements) > 0
    n_zeroed = int((is_known & active.is_withdrawn).sum())
    return np.asarray(np.sqrt(is_known.sum() / np.maximum(active.seen_by_person + n_zeroed, 1)), dtype=np.float64)


def _statement_positions(votes: Votes, residuals: Residuals, loadings: FloatArray) -> FloatArray:
    n_known = int((np.bincount(votes.statements, minlength=votes.n_statements) > 0).sum())
    return np.asarray((1 - residuals.means)[:, None] * loadings * np.sqrt(n_known), dtype=np.float64)


def _divisions(
    points: FloatArray, *, max_groups: int, n_base_clusters: int | None
) -> tuple[list[IndexArray], FloatArray]:
    """Labels for 2, 3, … groups and their silhouettes."""
    members = np.arange(len(points))
    weights = np.ones(len(points))
    if n_base_clusters is not None and len(np.unique(points, axis=0)) > n_base_clusters:
        members = k_means(points, weights, n_base_clusters)
        weights = np.bincount(members, minlength=n_base_clusters).astype(np.float64)
        sums = [np.bincount(members, weights=points[:, axis], minlength=n_base_clusters) for axis in range(N_AXES)]
        points = np.stack(sums, axis=1) / np.maximum(weights, 1)[:, None]
    n_places = len(np.unique(points, axis=0))
    divisions = [
        k_means(points, weights, k) for k in range(FEWEST_GROUPS, max_groups + 1) if k <= n_places and k < len(points)
    ]
    scores = np.full(max_groups - FEWEST_GROUPS + 1, np.nan)
    if divisions:
        scores[: len(divisions)] = silhouettes(points, divisions)
    return [labels[members] for labels in divisions], scores


def k_means(points: FloatArray, weights: FloatArray, n_groups: int) -> IndexArray:
    """Lloyd's algorithm from the leftmost distinct points; labels (n_points,)."""
    centres = np.unique(points, axis=0)[:n_groups]
    tolerance = CENTRE_TOLERANCE * float(points.var(axis=0).mean())
    labels = np.full(len(points), -1, dtype=np.intp)
    for _ in range(MOST_ROUNDS):
        distances = _squared_distances(points, centres)
        nearest = distances.argmin(axis=1)
        moved = _centres(points, weights, nearest, distances=distances, n_groups=n_groups)
        shift = float(((moved - centres) ** 2).sum())
        is_same = np.array_equal(nearest, labels)
        labels, centres = np.asarray(nearest, dtype=np.intp), moved
        if is_same:
            return labels
        if shift <= tolerance:
            break
    return np.asarray(_squared_distances(points, centres).argmin(axis=1), dtype=np.intp)


def silhouettes(points: FloatArray, divisions: list[IndexArray]) -> FloatArray:
    """Mean silhouette of each division of the same points; groups of one count 0. Rousseeuw (1987)."""
    sizes = [np.bincount(labels) for labels in divisions]
    ends = np.cumsum([0, *(len(size) for size in sizes)])
    member = np.zeros((len(points), ends[-1]))
    for number, labels in enumerate(divisions):
        member[np.arange(len(points)), ends[number] + labels] = 1.0
    totals = np.zeros(len(divisions))
    for low in range(0, len(points), CHUNK_ROWS):
        rows = slice(low, low + CHUNK_ROWS)
        sums = np.sqrt(_squared_distances(points[rows], points)) @ member
        for number, labels in enumerate(divisions):
            part = sums[:, ends[number] : ends[number + 1]]
            totals[number] += _silhouette_sum(part, labels[rows], sizes[number])
    return totals / len(points)


def _silhouette_sum(sums: FloatArray, labels: IndexArray, sizes: IndexArray) -> float:
    lines = np.arange(len(labels))
    own_size = sizes[labels]
    within = sums[lines, labels] / np.maximum(own_size - 1, 1)
    others = sums / np.maximum(sizes, 1)
    others[lines, labels] = np.inf
    others[:, sizes == 0] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(within, nearest)
    values = np.where((own_size > 1) & (widest > 0), (nearest - within) / np.where(widest > 0, widest, 1.0), 0.0)
    return float(values.sum())


def _centres(
    points: FloatArray, weights: FloatArray, labels: IndexArray, *, distances: FloatArray, n_groups: int
) -> FloatArray:
    """Weighted means; an empty group moves to the point farthest from its centre."""
    mass = np.bincount(labels, weights=weights, minlength=n_groups)
    sums = [np.bincount(labels, weights=weights * points[:, axis], minlength=n_groups) for axis in range(N_AXES)]
    means = np.stack(sums, axis=1) / np.where(mass > 0, mass, 1.0)[:, None]
    empty = np.flatnonzero(mass == 0)
    if len(empty):
        farthest = np.argsort(-distances[np.arange(len(labels)), labels], kind="stable")
        means[empty] = points[farthest[: len(empty)]]
    return np.asarray(means, dtype=np.float64)


def _squared_distances(points: FloatArray, centres: FloatArray) -> FloatArray:
    return np.asarray((points[:, None, 0] - centres[None, :, 0]) ** 2 + (points[:, None, 1] - centres[None, :, 1]) ** 2)
