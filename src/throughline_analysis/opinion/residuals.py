"""What is left of each vote when the statement's mean is taken away, and the directions in which it varies most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.opinion.votes import FloatArray, IndexArray, Votes

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Up to this many people or statements the small Gram matrix is decomposed exactly; beyond, by block Krylov steps.
EXACT_SIZE = 400
# Extra columns and steps of the block Krylov method; more steps are made until the singular values stand still.
EXTRA_COLUMNS = 2
KRYLOV_STEPS = 3
MOST_RESTARTS = 8
# Relative change of a singular value below which it is taken as found; a map is read to two digits.
SINGULAR_TOLERANCE = 2e-3
# Axes weaker than this against the first are rounding of small floats.
SMALLEST_RATIO = 1e-6
# A new column of a Krylov space of which less than this part is new is rounding of small floats.
SMALLEST_NEW_PART = 1e-5
# Loadings this close to the strongest count as just as strong, so that rounding does not choose the sign.
SAME_STRENGTH = 1e-6

Block = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Residuals:
    """Votes minus the mean of their statement, sparse: what was not seen is exactly zero.

    Taking the mean only where there is a vote equals filling every gap with the statement's mean and centring the
    full table, without the full table.
    """

    matrix: csr_array
    means: FloatArray
    seen: IndexArray


@dataclass(frozen=True, eq=False)
class Directions:
    """Leading right singular vectors, (n_statements, n_dimensions), and singular values, largest first.

    Where the votes have fewer axes than were asked for, the last loadings and values are zero.
    """

    loadings: FloatArray
    singular_values: FloatArray


def residuals_of(votes: Votes) -> Residuals:
    """Sparse residual matrix of the votes; statements without votes have mean 0. Cost O(n_votes)."""
    from scipy.sparse import csr_array

    seen = np.bincount(votes.statements, minlength=votes.n_statements)
    total = np.bincount(votes.statements, weights=votes.values, minlength=votes.n_statements)
    means = total / np.maximum(seen, 1)
    data = votes.values.astype(np.float32)
    data -= means.astype(np.float32)[votes.statements]
    starts = votes.starts.astype(np.int32) if votes.n_votes < np.iinfo(np.int32).max else votes.starts
    matrix = csr_array((data, votes.statements, starts), shape=(votes.n_people, votes.n_statements))
    return Residuals(matrix=matrix, means=means, seen=seen)


def leading_directions(residuals: Residuals, n_dimensions: int, *, tolerance: float = SINGULAR_TOLERANCE) -> Directions:
    """Truncated singular value decomposition of the sparse residual matrix; signs are fixed.

    Each direction points so that its largest loading is positive, of equally large ones the first, which makes the
    result the same everywhere.
    """
    matrix = residuals.matrix
    if not matrix.nnz or not np.any(matrix.data):
        raise NotEnoughData("All votes on each statement are the same, so there is nothing to draw a map from.")
    smaller = min(matrix.shape)
    n_found = min(n_dimensions, smaller)
    if smaller <= EXACT_SIZE:
        loadings, values = _exact(matrix, n_found)
    else:
        loadings, values = _krylov(matrix, n_found, tolerance=tolerance)
    is_there = values > SMALLEST_RATIO * values[0]
    loadings, values = np.where(is_there, loadings, 0.0), np.where(is_there, values, 0.0)
    strength = np.abs(loadings)
    strongest = (strength >= (1 - SAME_STRENGTH) * strength.max(axis=0)).argmax(axis=0)
    loadings = loadings * np.where(loadings[strongest, np.arange(n_found)] < 0, -1.0, 1.0)
    return Directions(loadings=loadings, singular_values=values)


def top_components(table: Block, n_dimensions: int) -> tuple[FloatArray, FloatArray]:
    """Right singular vectors and squared singular values of a small dense table, by its smaller Gram matrix."""
    if table.shape[1] <= table.shape[0]:
        squares, loadings = _top_of_gram((table.T @ table).astype(np.float64), n_dimensions)
        return loadings, squares
    squares, scores = _top_of_gram((table @ table.T).astype(np.float64), n_dimensions)
    return _right_vectors(table.T @ scores, np.sqrt(np.maximum(squares, 0.0))), squares


def _exact(matrix: csr_array, n_found: int) -> tuple[FloatArray, FloatArray]:
    is_wide = matrix.shape[1] > matrix.shape[0]
    sparse = matrix.astype(np.float64)
    gram = (sparse @ sparse.T if is_wide else sparse.T @ sparse).toarray()
    squares, vectors = _top_of_gram(gram, n_found)
    values = np.sqrt(np.maximum(squares, 0.0))
    if is_wide:
        vectors = _right_vectors(sparse.T @ vectors, values)
    return vectors, values


def _right_vectors(images: FloatArray, values: FloatArray) -> FloatArray:
    """Right singular vectors from the images of the left ones; zero where there is no such axis."""
    is_there = values > SMALLEST_RATIO * values[0]
    return np.asarray(np.where(is_there, images / np.where(is_there, values, 1.0), 0.0), dtype=np.float64)


def _top_of_gram(gram: FloatArray, n_found: int) -> tuple[FloatArray, FloatArray]:
    from scipy.linalg import eigh

    size = len(gram)
    squares, vectors = eigh(gram, subset_by_index=(size - n_found, size - 1), check_finite=False)
    if len(squares) < n_found:
        # LAPACK's search for a few values may lose some that are exactly alike; the full decomposition does not.
        squares, vectors = eigh(gram, check_finite=False)
        squares, vectors = squares[-n_found:], vectors[:, -n_found:]
    return squares[::-1].astype(np.float64), vectors[:, ::-1].astype(np.float64)


def _krylov(matrix: csr_array, n_found: int, *, tolerance: float) -> tuple[FloatArray, FloatArray]:
    """Restarted block Krylov iteration; only products of the sparse matrix with narrow blocks."""
    n_columns = min(n_found + EXTRA_COLUMNS, min(matrix.shape))
    # A fixed, spread-out start: the same input gives the same map, and no caller has to pass a generator.
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], n_columns)).astype(np.float32)
    block = np.linalg.qr(start)[0]
    image = matrix @ block
    previous = np.zeros(n_found)
    for _ in range(MOST_RESTARTS if tolerance >= SINGULAR_TOLERANCE else MOST_RESTARTS**2):
        basis, images = _krylov_basis(matrix, block, image)
        squares, inner = _top_of_gram(images.T.astype(np.float64) @ images, n_columns)
        weights = inner.astype(np.float32)
        block, image = basis @ weights, images @ weights
        values = np.sqrt(np.maximum(squares[:n_found], 0.0))
        if np.all(np.abs(values - previous) <= tolerance * np.maximum(values, SMALLEST_RATIO * values[0])):
            break
        previous = values
    return block[:, :n_found].astype(np.float64), values


def _krylov_basis(matrix: csr_array, block: Block, image: Block) -> tuple[Block, Block]:
    """Orthonormal basis of the Krylov space of a block, and its image; each new block is cleared of the old ones.

    Columns that bring nothing new are dropped: made long again, their rounding would not be orthogonal to the rest.
    """
    basis, images = block, image
    across = matrix.T
    for _ in range(KRYLOV_STEPS):
        following = across @ image
        longest = float(np.sqrt(np.square(following).sum(axis=0).max()))
        for _ in range(2):
            following = following - basis @ (basis.T @ following)
        block, new_part = np.linalg.qr(following)
        block = block[:, np.abs(np.diag(new_part)) > SMALLEST_NEW_PART * longest]
        if not block.shape[1]:
            break
        image = matrix @ block
        basis, images = np.hstack([basis, block]), np.hstack([images, image])
    return basis, images


def profile_sums(matrix: csr_array, loadings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For each person the sums over seen statements of loading times residual, and of loading times loading.

    Returns (n_people, n_dimensions) and (n_people, n_dimensions, n_dimensions): the right side and the matrix of
    the person's least-squares position.
    """
    n_dimensions = loadings.shape[1]
    pairs = [(a, b) for a in range(n_dimensions) for b in range(a, n_dimensions)]
    products = np.stack([loadings[:, a] * loadings[:, b] for a, b in pairs], axis=1)
    flat = pattern_of(matrix) @ products.astype(np.float32)
    information = np.empty((matrix.shape[0], n_dimensions, n_dimensions))
    for column, (a, b) in enumerate(pairs):
        information[:, a, b] = information[:, b, a] = flat[:, column]
    return (matrix @ loadings.astype(np.float32)).astype(np.float64), information


def pattern_of(matrix: csr_array) -> csr_array:
    """1 where there is a vote, sharing the index arrays."""
    from scipy.sparse import csr_array

    return csr_array((np.ones(matrix.nnz, dtype=np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)
