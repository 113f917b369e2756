"""What callers give as numbers, read the same way by every part."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError


def as_floats(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """A copy as floats, None as nan; refuses words, dates, complex numbers and rows of different length."""
    try:
        given: NDArray[np.generic] = np.array(values)
        if given.dtype.kind in "biuf" or (given.dtype.kind == "O" and not any(map(_is_word, given.ravel()))):
            return given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be numbers in rows of one length, with nan where one is missing.") from error
    raise InputError(f"{name} must be numbers; got {given.dtype}.")


def _is_word(value: object) -> bool:
    return isinstance(value, str | bytes)
