"""Tables of answers, checked: what every part of `surveys` reads the same way."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]


def answer_table(answers: ArrayLike, *, least_items: int = 1) -> FloatArray:
    """People by items as floats, copied; refuses other shapes and infinite answers."""
    table = np.array(answers, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < least_items:
        raise InputError(
            f"Answers must be a table of people by items with at least {least_items} items; got shape {table.shape}."
        )
    _refuse_infinite(table)
    return table


def answer_column(values: ArrayLike, *, name: str) -> FloatArray:
    """One number a person as floats, copied; refuses other shapes and infinite numbers."""
    column = np.array(values, dtype=np.float64)
    if column.ndim != 1:
        raise InputError(f"{name} must be one number for each person; got shape {column.shape}.")
    _refuse_infinite(column)
    return column


def labels(groups: ArrayLike, n_people: int, *, name: str) -> NDArray[np.generic]:
    """One label a person, such as a team; refuses other shapes."""
    column = np.array(groups)
    if column.shape != (n_people,):
        raise InputError(f"{name} must be one label for each of the {n_people} people; got shape {column.shape}.")
    return np.asarray(column)


def require_range(values: FloatArray, lowest: float, *, highest: float) -> None:
    """Refuse an empty range and answers outside it; nan passes."""
    if not (np.isfinite([lowest, highest]).all() and lowest < highest):
        raise InputError(f"The lowest possible answer ({lowest:g}) must lie below the highest ({highest:g}).")
    outside = (values < lowest) | (values > highest)
    if outside.any():
        wrong = float(values[outside][0])
        raise InputError(f"An answer of {wrong:g} lies outside the scale from {lowest:g} to {highest:g}.")


def require_level(level: float) -> None:
    """Refuse a coverage outside (0, 1)."""
    if not 0 < level < 1:
        raise InputError("The level of an interval lies between 0 and 1, for example 0.95.")


def _refuse_infinite(values: FloatArray) -> None:
    if np.isinf(values).any():
        raise InputError("An answer is infinite; correct it, or give nan for a missing answer.")
