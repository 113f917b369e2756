"""Tables of answers, checked: what every part of `surveys` reads the same way."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.given import as_floats

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]


def answer_table(answers: ArrayLike, *, least_items: int = 1) -> FloatArray:
    """People by items as floats, copied; refuses other shapes and infinite answers."""
    table = as_floats(answers, name="Answers")
    if table.ndim != 2 or table.shape[1] < least_items:
        raise InputError(
            f"Answers must be a table of people by items with at least {least_items} items; got shape {table.shape}."
        )
    _refuse_infinite(table)
    return table


def answer_column(values: ArrayLike, *, name: str) -> FloatArray:
    """One number a person as floats, copied; refuses other shapes and infinite numbers."""
    column = as_floats(values, name=name)
    if column.ndim != 1:
        raise InputError(f"{name} must be one number for each person; got shape {column.shape}.")
    _refuse_infinite(column)
    return column


def labels(groups: ArrayLike, n_people: int, *, name: str) -> NDArray[np.generic]:
    """One label a person, such as a team; refuses other shapes, missing labels and kinds that have no order."""
    try:
        column: NDArray[np.generic] = np.array(groups)
        if column.shape != (n_people,):
            raise InputError(f"{name} must be one label for each of the {n_people} people; got shape {column.shape}.")
        # Only what is missing (nan, no date) differs from itself; left in, all without a label would be one group.
        is_missing = column != column
        if is_missing.any() or (column.dtype.kind == "O" and any(label is None for label in column)):
            raise InputError(
                f"{name} must have a label for everybody; leave out who has none, or label them all alike."
            )
        np.unique(column)
    except TypeError as error:
        raise InputError(
            f"{name} must be labels of one kind, such as all numbers or all words, none missing."
        ) from error
    return column


def whole_ends(values: FloatArray, lowest: float, *, highest: float) -> tuple[int, int]:
    """Both ends of a scale with one step an option, as whole numbers; otherwise as `require_range`."""
    require_range(values, lowest, highest=highest)
    if lowest != round(lowest) or highest != round(highest):
        raise InputError(
            f"The ends of the scale ({lowest:g} and {highest:g}) must be whole numbers, one step an option."
        )
    return int(lowest), int(highest)


def require_range(values: FloatArray, lowest: float, *, highest: float) -> None:
    """Refuse an empty range and answers outside it; nan passes."""
    if not (np.isfinite([lowest, highest]).all() and lowest < highest):
        raise InputError(f"The lowest possible answer ({lowest:g}) must lie below the highest ({highest:g}).")
    outside = (values < lowest) | (values > highest)
    if outside.any():
        wrong = float(values[outside][0])
        raise InputError(f"An answer of {wrong:g} lies outside the scale from {lowest:g} to {highest:g}.")


def _refuse_infinite(values: FloatArray) -> None:
    if np.isinf(values).any():
        raise InputError("An answer is infinite; correct it, or give nan for a missing answer.")
