"""The one door for meaning from outside: a function that gives each text a vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

Embed = Callable[[Sequence[str]], ArrayLike]
FloatArray = NDArray[np.float64]
# Cosines of one block: 200 rows against 100,000 texts take 80 MB as float32.
CELLS_PER_BLOCK = 20_000_000


def embedded(embed: Embed, texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of the texts, one row each; a text the function gives all zeros keeps zeros (like nothing).

    Raises InputError when the function does not give one finite row of numbers per text.
    """
    given = embed(list(texts))
    try:
        vectors = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("The embedding function must give numbers, in rows of one length.") from None
    if vectors.ndim != 2 or vectors.shape[0] != len(texts) or vectors.shape[1] == 0:
        raise InputError(
            f"The embedding function gave shape {vectors.shape} for {len(texts)} texts; it must give one row per text."
        )
    if not np.isfinite(vectors).all():
        row = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
        raise InputError(f"The embedding function gave a number that is not finite for text {row}.")
    # Divided by the largest number first, so that no square is too large or too small for a float.
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    vectors = np.divide(vectors, largest, out=np.zeros_like(vectors), where=largest > 0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return np.asarray(unit, dtype=np.float32)


def cosine_blocks(unit: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Cosines of all texts with all, some rows at a time: (number of the first row, block)."""
    n_texts = len(unit)
    step = max(CELLS_PER_BLOCK // max(n_texts, 1), 1)
    for low in range(0, n_texts, step):
        yield low, unit[low : low + step] @ unit.T
