"""The opinion map: people near each other answered alike, statements point where those who agree stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.opinion.residuals import Residuals, leading_directions, profile_sums, residuals_of
from throughline_analysis.opinion.votes import BoolArray, FloatArray, Votes

# A map needs two people and two statements; less is a list.
SMALLEST_MAP = 2
# Positions spread at least this little, so that noise without any structure does not divide by zero.
SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """Positions of people and loadings of statements, axes in order of what they explain.

    `positions` and `standard_errors` (n_people, n_dimensions), in units of votes along unit loadings; nan where the
    person saw nothing. `loadings` (n_statements, n_dimensions), orthonormal columns. `explained_0_1`
    (n_dimensions,) share of the squared residuals. `spread` (n_dimensions,) standard deviation of true positions,
    noise taken away. `reliability_0_1` (n_people,): 1 - squared standard error over squared spread, on the first
    axis.
    """

    positions: FloatArray
    standard_errors: FloatArray
    loadings: FloatArray
    means: FloatArray
    explained_0_1: FloatArray
    spread: FloatArray
    reliability_0_1: FloatArray
    is_placed: BoolArray
    residual_variance: float
    n_people: int
    n_votes: int
    method: str


def opinion_map(votes: Votes, *, n_dimensions: int = 2) -> OpinionMap:
    """Place people so that those who answer alike stand together, with the uncertainty of every position.

    Parameters
    ----------
    votes : Votes
        Of `votes_from_rows` or `votes_from_matrix`.
    n_dimensions : int >= 1
        Axes wanted; fewer come back where the votes have fewer.

    Returns
    -------
    OpinionMap
        A person who answered little stands near the middle with a large standard error: the position is the best
        linear prediction, so it is pulled towards the mean by as much as it is uncertain.

    Raises
    ------
    InputError
        `n_dimensions` is below 1.
    NotEnoughData
        Fewer than two people with votes or two statements with votes, or all votes are the same.

    Notes
    -----
    Truncated singular value decomposition of the residuals (vote minus the statement's mean, zero where unseen),
    which equals principal components after filling gaps with the mean, but never makes the full table. Dividing the
    raw projection by the person's own information instead of by the table's width corrects for few votes exactly;
    the ridge is the noise variance over the spread of each axis. Axes have no meaning of their own and their sign is
    a convention. Distance on a two-dimensional map is a part of the disagreement, `explained_0_1` says how much.
    Cost O(n_votes * n_dimensions) per step of the decomposition; memory O(n_votes + people + statements).

    Source
    ------
    Musco and Musco (2015), NeurIPS 28 (block Krylov), arXiv:1504.05477; Robinson (1991), Statistical Science
    6:15-32, doi:10.1214/ss/1177011926 (best linear prediction).

    Examples
    --------
    >>> votes = votes_from_matrix([[1, 1, -1], [1, 1, -1], [-1, -1, 1], [-1, -1, 1]])
    >>> found = opinion_map(votes, n_dimensions=1)
    >>> (found.positions[:2] * found.positions[2:] < 0).all().item()
    True
    """
    if n_dimensions < 1:
        raise InputError(f"`n_dimensions` is {n_dimensions}; a map has at least one axis.")
    return map_of_residuals(residuals_of(votes), n_dimensions)


def map_of_residuals(residuals: Residuals, n_dimensions: int) -> OpinionMap:
    """The map of residuals that are already there."""
    matrix = residuals.matrix
    is_placed = np.diff(matrix.indptr) > 0
    n_placed, n_seen = int(is_placed.sum()), int((residuals.seen > 0).sum())
    if n_placed < SMALLEST_MAP or n_seen < SMALLEST_MAP:
        raise NotEnoughData(
            f"{n_placed} people answered {n_seen} statements; a map needs at least two of each. Ask for more answers."
        )
    directions = leading_directions(residuals, n_dimensions)
    right, information = profile_sums(matrix, directions.loadings)
    total = float(np.square(matrix.data, dtype=np.float64).sum())
    # Trace of information = sum over people of squared loadings seen: the noise that a projection would hold.
    axis_information = np.einsum("nkk->k", information)
    squares = directions.singular_values**2
    free = max(matrix.nnz - n_seen - n_placed, 1)
    noise = max(total - float(squares.sum()), 0.0) / max(free, 1)
    noise = min(max(noise, SMALLEST_SPREAD), total / matrix.nnz)
    signal = (np.square(right).sum(axis=0) - noise * axis_information) / _squared_information(information)
    spread = np.sqrt(np.maximum(signal, SMALLEST_SPREAD))
    precision = information.copy()
    axes = np.arange(len(spread))
    precision[:, axes, axes] += noise / spread**2
    covariance = np.linalg.inv(precision)
    positions = np.einsum("nab,nb->na", covariance, right)
    errors = np.sqrt(noise * np.einsum("naa->na", covariance))
    positions[~is_placed] = errors[~is_placed] = np.nan
    return OpinionMap(
        positions=positions,
        standard_errors=errors,
        loadings=directions.loadings,
        means=residuals.means,
        explained_0_1=squares / total,
        spread=spread,
        reliability_0_1=np.clip(1 - (errors[:, 0] / spread[0]) ** 2, 0.0, 1.0),
        is_placed=is_placed,
        residual_variance=noise,
        n_people=n_placed,
        n_votes=matrix.nnz,
        method="truncated SVD of sparse residuals, best linear prediction",
    )


def _squared_information(information: FloatArray) -> FloatArray:
    own = np.einsum("nkk->nk", information)
    return np.asarray(np.maximum((own**2).sum(axis=0), np.finfo(np.float64).tiny), dtype=np.float64)
