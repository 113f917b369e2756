"""What was known on a date: the latest reading of every series at that moment, from millions of dated readings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.networks.levels import BoolArray, FloatArray, IndexArray

# Rows worked on at once, so that what is touched stays in the processor's cache.
BLOCK = 1 << 16
# More than a year in nanoseconds, the coarsest unit of a date by the finest in use.
MARGIN = 10**17


@dataclass(frozen=True, eq=False)
class AsOf:
    """The latest reading of each series, (n_series,) each.

    `value` is nan where `row` is -1: nothing had been read by then. `row` is where the reading stands in the input.
    """

    value: FloatArray
    row: IndexArray

    @property
    def has_reading(self) -> BoolArray:
        """Where something had been read."""
        return self.row >= 0


def readings_as_of(
    series: ArrayLike,
    times: ArrayLike,
    *,
    values: ArrayLike,
    at: Any,
    n_series: int,
    recorded: ArrayLike | None = None,
    known_at: Any = None,
) -> AsOf:
    """The latest reading of every series at a date, and, if asked, as far as it was known at another.

    Parameters
    ----------
    series : (n_readings,) of int from 0 to n_series - 1
        What was read, for example the node number of a key result; rows in any order.
    times : (n_readings,) of datetime64, date, int or float
        When the value was true.
    values : (n_readings,) of float, nan for a reading that was withdrawn
        A withdrawn reading is passed over, and the one before it counts again.
    at : datetime64, date, int or float
        The date, in the unit of `times`; readings of that very moment belong to it.
    n_series : int
    recorded, known_at : optional
        When each reading was written down, and the date whose knowledge is wanted: later entries are passed over.

    Returns
    -------
    AsOf
        `value` and `row`, each (n_series,).

    Raises
    ------
    InputError
        Shapes differ, a series number is out of range, a time is missing, or only one of `recorded` and `known_at`
        is given.

    Notes
    -----
    Of several readings at the same moment the later row counts. No sorting: two passes over the readings in any
    order, O(n_readings + n_series), and faster when rows are in order of time.

    Source
    ------
    The two times are the valid and the transaction time of Snodgrass (1999), Developing Time-Oriented Database
    Applications in SQL, ch. 10.

    Examples
    --------
    >>> known = readings_as_of([0, 1, 0, 0], [1, 2, 3, 9], values=[10, 20, 30, 90], at=5, n_series=3)
    >>> known.value.tolist(), known.row.tolist()
    ([30.0, 20.0, nan], [2, 1, -1])
    """
    number = _series_numbers(series, n_series)
    when, limit = _comparable_times(times, at, "times")
    value = np.asarray(values, dtype=np.float64)
    if not number.shape == when.shape == value.shape:
        raise InputError(f"There are {number.size} series numbers, {when.size} times and {value.size} values.")
    if (recorded is None) != (known_at is None):
        raise InputError("Give both `recorded` and `known_at`, or neither.")
    written = None if recorded is None else _comparable_times(recorded, known_at, "recorded")
    if written is not None and written[0].shape != when.shape:
        raise InputError("`recorded` must have one entry per reading.")
    row = np.full(n_series, -1, dtype=np.intp)
    latest = np.full(n_series, _before_everything(when.dtype), dtype=when.dtype)
    for begin in range(0, len(when), BLOCK):
        block = slice(begin, min(begin + BLOCK, len(when)))
        counts = (when[block] <= limit) & (value[block] == value[block])
        if written is not None:
            counts &= written[0][block] <= written[1]
        _take_block(row, latest, rows=np.flatnonzero(counts) + begin, number=number, when=when)
    found = np.where(row >= 0, value[row] if len(value) else np.nan, np.nan)
    return AsOf(value=np.asarray(found, dtype=np.float64).reshape(n_series), row=row)


def _take_block(
    row: IndexArray, latest: NDArray[Any], *, rows: IndexArray, number: IndexArray, when: NDArray[Any]
) -> None:
    """Let the readings of a block that are not older than what is known take its place; later rows win."""
    which, moment = number[rows], when[rows]
    is_newer = moment >= latest[which]
    if not is_newer.all():
        rows, which, moment = rows[is_newer], which[is_newer], moment[is_newer]
    if not (moment[1:] >= moment[:-1]).all():
        order = np.argsort(moment, kind="stable")
        rows, which, moment = rows[order], which[order], moment[order]
    # In order of time, the last assignment to a series is its latest reading.
    latest[which] = moment
    row[which] = rows


def _series_numbers(series: ArrayLike, n_series: int) -> IndexArray:
    number = np.asarray(series)
    if number.size == 0:
        number = number.astype(np.intp)
    if number.ndim != 1 or number.dtype.kind not in "iu":
        raise InputError("`series` must be one row of whole numbers, one per reading.")
    number = number.astype(np.intp, copy=False)
    # Read without a sign, a negative number is larger than any number of series.
    if len(number) and number.view(np.uintp).max() >= n_series:
        raise InputError(f"`series` names a series outside 0 to {n_series - 1}.")
    return number


def _comparable_times(times: ArrayLike, at: Any, name: str) -> tuple[NDArray[Any], Any]:
    """Times as whole or floating numbers, and the date on the same scale."""
    when = np.asarray(times)
    if when.size == 0:
        when = when.astype(np.float64)
    if when.dtype.kind == "O" and all(isinstance(entry, datetime.date) for entry in when.flat):
        when = when.astype("datetime64[us]")
    if when.ndim != 1 or when.dtype.kind not in "iufM":
        raise InputError(f"`{name}` must be one row of dates or numbers, one per reading.")
    if when.dtype.kind == "M":
        try:
            limit = np.datetime64(at)
        except ValueError as error:
            raise InputError(f"`{name}` are dates, so the date asked for must be one too.") from error
        if np.isnat(when).any() or np.isnat(limit):
            raise InputError(f"`{name}` has an entry without a date, or the date asked for is missing.")
        return when.view(np.int64), _last_not_after(limit, when.dtype)
    if when.dtype.kind == "f" and np.isnan(when).any():
        raise InputError(f"`{name}` has a missing entry; leave that reading out.")
    if not isinstance(at, (int, float, np.integer, np.floating)) or at != at:
        raise InputError(f"`{name}` are numbers, so the date asked for must be a number too.")
    return when, at


def _last_not_after(limit: np.datetime64, dtype: np.dtype[Any]) -> int:
    """The last moment of a unit that is not after a date, as a whole number: the date is changed, never the times.

    A far date ("never" as 9999-12-31) has no place in nanoseconds and would come out in the past. A coarser date means
    its first moment, as numpy has it.
    """
    bounds = np.iinfo(np.int64)
    if np.promote_types(dtype, limit.dtype) == dtype:
        # The outermost three years of a unit of nanoseconds (1677, 2262) are given away: numpy rounds them wrongly.
        first, last = np.array([bounds.min + MARGIN, bounds.max - MARGIN]).view(dtype).astype(limit.dtype)
        if not first < limit < last:
            return bounds.max if limit >= last else bounds.min
        return int(limit.astype(dtype).astype(np.int64))
    moment = limit.astype(dtype)
    return int(moment.astype(np.int64)) - int(moment.astype(limit.dtype) > limit)


def _before_everything(dtype: np.dtype[Any]) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min
