"""Non-negative factors of a sparse matrix: each text a mixture of few parts, each part a weighting of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
MOST_SWEEPS = 200
# The sweep that lowers the squared error by less than this part of the first one's ends the search.
TOLERANCE = 1e-4
# Keeps a factor from dying at exactly zero, as in Gillis (2020), section 8.1.1.
SMALLEST = 1e-16
OVERSAMPLING = 8
POWER_STEPS = 4


@dataclass(frozen=True, eq=False)
class Factors:
    """`mixture` (n_rows, k) times `parts` (k, n_columns) is near the matrix; `error` is the Frobenius distance."""

    mixture: FloatArray
    parts: FloatArray
    error: float
    n_sweeps: int


@dataclass(frozen=True, eq=False)
class Anchor:
    """What a fit has to respect: `parts` to stay near with `strength`, and the entries of the mixture that may be used.

    `allowed`: (n_rows, k) of bool, or None for all.
    """

    parts: FloatArray
    strength: float
    allowed: NDArray[np.bool_] | None = None


def singular_vectors(
    matrix: csr_matrix, n_parts: int, *, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The leading singular triplets of a sparse matrix by randomised subspace iteration.

    Source: Halko, Martinsson and Tropp (2011), SIAM Review 53:217-288, doi:10.1137/090771806.
    """
    width = min(n_parts + OVERSAMPLING, min(matrix.shape))
    basis = _orthonormal(matrix @ rng.normal(size=(matrix.shape[1], width)))
    transposed = matrix.T.tocsr()
    for _ in range(POWER_STEPS):
        basis = _orthonormal(matrix @ _orthonormal(transposed @ basis))
    small = transposed @ basis
    squares, turned = np.linalg.eigh(small.T @ small)
    values = np.sqrt(np.maximum(squares[::-1], 0))[:n_parts]
    left = turned[:, ::-1][:, :n_parts]
    right = (small @ left) / np.maximum(values, SMALLEST)
    return basis @ left, values, right.T


def _orthonormal(block: FloatArray) -> FloatArray:
    """Orthonormal columns of the same space, by way of a small symmetric matrix: no factorisation of a tall one."""
    values, vectors = np.linalg.eigh(block.T @ block)
    return np.asarray((block @ vectors) / np.sqrt(np.maximum(values, max(values[-1], SMALLEST) * 1e-12)))


def starting_factors(
    triplets: tuple[FloatArray, FloatArray, FloatArray], n_parts: int, *, fill: float
) -> tuple[FloatArray, FloatArray]:
    """Non-negative double singular value decomposition; zeros are filled with `fill` (usually the mean / 100).

    Source: Boutsidis and Gallopoulos (2008), Pattern Recognition 41:1350-1362, doi:10.1016/j.patcog.2007.09.010.
    """
    left, values, right = triplets
    mixture, parts = np.full((len(left), n_parts), fill), np.full((n_parts, right.shape[1]), fill)
    for part in range(min(n_parts, len(values))):
        best: tuple[float, FloatArray, FloatArray] = (0.0, left[:, part], right[part])
        for sign in (1.0, -1.0):
            up, down = np.maximum(sign * left[:, part], 0), np.maximum(sign * right[part], 0)
            size = float(np.linalg.norm(up) * np.linalg.norm(down))
            if size > best[0]:
                best = (size, up / np.linalg.norm(up), down / np.linalg.norm(down))
        scale = np.sqrt(values[part] * best[0])
        if best[0] > 0:
            mixture[:, part] = np.maximum(scale * best[1], fill)
            parts[part] = np.maximum(scale * best[2], fill)
    return mixture, parts


def factorise(
    matrix: csr_matrix,
    start: tuple[FloatArray, FloatArray],
    *,
    anchor: Anchor | None = None,
    most_sweeps: int = MOST_SWEEPS,
    tolerance: float = TOLERANCE,
) -> Factors:
    """Hierarchical alternating least squares from a start; the error never rises.

    Raises InputError when a number is negative. With an anchor the error includes
    `strength` * |parts - anchor|^2. Cost per sweep: non-zeros * k + (rows + columns) * k^2.

    Source: Cichocki and Phan (2009), IEICE Transactions E92-A:708-721, doi:10.1587/transfun.E92.A.708; Gillis and
    Glineur (2012), Neural Computation 24:1085-1105, doi:10.1162/NECO_a_00256.
    """
    if matrix.nnz and matrix.data.min() < 0:
        raise InputError("The matrix has a negative number; non-negative factors need numbers from zero on.")
    # Both factors lie with one part a row, so that every step of a sweep runs along memory.
    mixture, parts = np.array(start[0].T, order="C"), start[1].copy()
    allowed = None if anchor is None or anchor.allowed is None else np.array(anchor.allowed.T, order="C")
    if allowed is not None:
        mixture[~allowed] = 0
    transposed = matrix.T.tocsr()
    square = float(matrix.data @ matrix.data)
    first_drop, previous, sweep = 0.0, np.inf, 0
    while sweep < most_sweeps:
        sweep += 1
        _improve(mixture, np.ascontiguousarray((matrix @ parts.T).T), parts @ parts.T, allowed=allowed)
        products, gram = np.ascontiguousarray((transposed @ mixture.T).T), mixture @ mixture.T
        if anchor is None:
            _improve(parts, products, gram)
        else:
            pull = anchor.strength * np.eye(len(gram))
            _improve(parts, products + anchor.strength * anchor.parts, gram + pull)
        error = square - 2 * float(np.sum(products * parts)) + float(np.sum(gram * (parts @ parts.T)))
        if anchor is not None:
            error += anchor.strength * float(np.sum((parts - anchor.parts) ** 2))
        drop, previous = previous - error, error
        if sweep == 2:
            first_drop = drop
        if sweep >= 2 and drop <= tolerance * max(first_drop, SMALLEST):
            break
    mixed = np.ascontiguousarray(mixture.T)
    return Factors(mixture=mixed, parts=parts, error=float(np.sqrt(max(previous, 0.0))), n_sweeps=sweep)


def mixtures_of(matrix: csr_matrix, parts: FloatArray, *, sweeps: int = 30) -> FloatArray:
    """Non-negative mixtures of given parts that come nearest to each row."""
    gram = parts @ parts.T
    products = np.ascontiguousarray((matrix @ parts.T).T)
    mixture = np.maximum(products / np.maximum(np.diag(gram), SMALLEST)[:, None], 0)
    for _ in range(sweeps):
        _improve(mixture, products, gram)
    return np.ascontiguousarray(mixture.T)


def _improve(
    factor: FloatArray, products: FloatArray, gram: FloatArray, *, allowed: NDArray[np.bool_] | None = None
) -> None:
    """One pass over the rows of a factor, each set to its best value with the others fixed; in place."""
    for row in range(len(factor)):
        size = gram[row, row]
        if size <= SMALLEST:
            continue
        better = products[row] - gram[row] @ factor
        better /= size
        better += factor[row]
        np.maximum(better, SMALLEST, out=better)
        factor[row] = better if allowed is None else np.where(allowed[row], better, 0.0)
