"""Meaning lent by an embedding: each text also speaks, in part, with the words of its nearest neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.text.embedding import cosine_blocks
from throughline_analysis.text.terms import unit_rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEIGHBOURS = 10
# Part of a text's weight that comes from its neighbours.
BORROWED_SHARE = 0.5


def neighbours(unit: NDArray[np.float32]) -> csr_matrix:
    """Rows that sum to one: for each text its nearest others by cosine, weighted by it; a row may be empty."""
    from scipy.sparse import csr_matrix as make

    n_texts = len(unit)
    kept = min(NEIGHBOURS, n_texts - 1)
    if kept < 1:
        return make((n_texts, n_texts))
    columns = np.empty((n_texts, kept), dtype=np.int32)
    weights = np.empty((n_texts, kept))
    for low, block in cosine_blocks(unit):
        rows = np.arange(len(block))
        block[rows, rows + low] = -np.inf
        best = np.sort(np.argpartition(-block, kept - 1, axis=1)[:, :kept], axis=1)
        columns[low : low + len(block)] = best
        weights[low : low + len(block)] = np.maximum(np.take_along_axis(block, best, axis=1), 0)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    starts = np.arange(0, n_texts * kept + 1, kept)
    near = make((weights.ravel(), columns.ravel(), starts), shape=(n_texts, n_texts))
    near.eliminate_zeros()
    return near


def spread(matrix: csr_matrix, near: csr_matrix | None) -> csr_matrix:
    """Unit rows of each text's own words and those of its neighbours; the matrix itself where there are none.

    Source: document expansion by neighbours, Tao, Wang, Mei and Zhai (2006), doi:10.3115/1220835.1220887.
    """
    if near is None:
        return matrix
    return unit_rows(((1 - BORROWED_SHARE) * matrix + BORROWED_SHARE * (near @ matrix)).tocsr())
