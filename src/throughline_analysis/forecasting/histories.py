"""The input of every forecast: dated readings of key results, each on its way from a baseline to a target."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

# A reading this many times the way from baseline to target away is a slip of the keyboard, and would drown all
# others when a mix is learnt.
MOST_WAYS_AWAY = 1e6


@dataclass(frozen=True, eq=False)
class KeyResultHistories:
    """Checked readings of many key results, on one scale; make one with `key_result_histories`.

    `times` run from 0 at a key result's start to 1 at its end, `values` from 0 at its baseline to 1 at its target,
    both sorted by series, then time; the readings of series s are rows `firsts[s]` to `firsts[s + 1] - 1`. `low` and
    `high` are what a value can be, on that scale, `lowest` and `highest` the same in the key result's own unit.
    `is_band` marks key results that want to end between baseline and target.
    """

    times: FloatArray
    values: FloatArray
    firsts: IndexArray
    baselines: FloatArray
    ways: FloatArray
    low: FloatArray
    high: FloatArray
    lowest: FloatArray
    highest: FloatArray
    is_band: BoolArray

    @property
    def n_series(self) -> int:
        """How many key results there are, those without a reading included."""
        return len(self.baselines)

    @property
    def counts(self) -> IndexArray:
        """How many readings each key result has."""
        counts: IndexArray = np.diff(self.firsts)
        return counts

    @property
    def spans(self) -> FloatArray:
        """From the lowest to the highest reading of each key result, in ways; 0 where there is none."""
        spans = np.zeros(self.n_series)
        read = np.flatnonzero(self.counts)
        if len(read):
            firsts = self.firsts[read]
            spans[read] = np.maximum.reduceat(self.values, firsts) - np.minimum.reduceat(self.values, firsts)
        return spans


def key_result_histories(
    series: ArrayLike,
    times: ArrayLike,
    *,
    values: ArrayLike,
    starts: ArrayLike,
    ends: ArrayLike,
    baselines: ArrayLike,
    targets: ArrayLike,
    lowest: ArrayLike | None = None,
    highest: ArrayLike | None = None,
    is_band: ArrayLike | None = None,
) -> KeyResultHistories:
    """Readings of many key results, checked, sorted and put on one scale so that they can be compared.

    Parameters
    ----------
    series : (n_readings,) of int from 0 to n_series - 1
        Which key result a reading belongs to; rows in any order.
    times : (n_readings,) of float, datetime64 or date
        When it was read; at the latest at the key result's end. Units as in `starts` and `ends`.
    values : (n_readings,) of float, nan for a missing reading
        What was read, in the key result's own unit.
    starts, ends : (n_series,) of float, datetime64 or date
        First and last day of each key result; readings before the start are welcome.
    baselines, targets : (n_series,) of float
        In the unit of the readings; different from each other. For `is_band` the two edges of the band.
    lowest, highest : (n_series,) of float, optional
        What a reading can be at all: 0 and 100 for a percentage, 0 and inf for a count. Unbounded unless given.
    is_band : (n_series,) of bool, optional
        True where the key result wants to end between the two edges. False unless given.

    Returns
    -------
    KeyResultHistories
        Own copies. Missing readings are left out; of several readings at one moment the last given counts.

    Raises
    ------
    InputError
        Shapes differ, a number is not finite, dates and numbers are mixed, a key result ends before it starts or has no
        way to go, a reading lies after the end or outside what it can be.

    Notes
    -----
    The baseline is not a reading. Where it was measured on the first day, give it as a reading too. Cost
    O(n_readings log n_readings).

    Examples
    --------
    >>> histories = key_result_histories(
    ...     [0, 0], [0, 45], values=[40, 50], starts=[0], ends=[90], baselines=[40], targets=[80])
    >>> histories.times.tolist(), histories.values.tolist()
    ([0.0, 0.5], [0.0, 0.25])
    """
    base, goal = _per_series(baselines, "baselines"), _per_series(targets, "targets", size=np.size(baselines))
    n_series = len(base)
    begin, finish, when = moments(("starts", starts), ("ends", ends), ("times", times))
    _require_ways(base, goal, begin=begin, finish=finish)
    number = _series_numbers(series, n_series)
    value = np.array(values, dtype=np.float64)
    if not number.shape == when.shape == value.shape:
        raise InputError(
            f"There are {len(number)} series numbers, {when.size} times and {value.size} values; give one per reading."
        )
    least, most = _limits(lowest, highest, n_series=n_series)
    _require_readings(number, when, value=value, finish=finish, least=least, most=most)
    read = ~np.isnan(value)
    number, when, value = number[read], when[read], value[read]
    way = goal - base
    time = (when - begin[number]) / (finish - begin)[number]
    scaled = (value - base[number]) / way[number]
    if len(scaled) and np.abs(scaled).max() > MOST_WAYS_AWAY:
        row = int(np.abs(scaled).argmax())
        raise InputError(f"The reading {value[row]:g} of series {number[row]} is far off its target; check its unit.")
    order = np.lexsort((time, number))
    number, time, scaled = number[order], time[order], scaled[order]
    is_last = np.ones(len(number), dtype=np.bool_)
    is_last[:-1] = (number[1:] != number[:-1]) | (time[1:] != time[:-1])
    number, time, scaled = number[is_last], time[is_last], scaled[is_last]
    edges = np.stack([(least - base) / way, (most - base) / way])
    return KeyResultHistories(
        times=time,
        values=scaled,
        firsts=np.searchsorted(number, np.arange(n_series + 1)).astype(np.intp),
        baselines=base,
        ways=way,
        low=edges.min(axis=0),
        high=edges.max(axis=0),
        lowest=least,
        highest=most,
        is_band=np.zeros(n_series, dtype=np.bool_) if is_band is None else _flags(is_band, n_series),
    )


def moments(*columns: tuple[str, ArrayLike]) -> list[FloatArray]:
    """Named columns of dates as days, or of numbers as they are; never some of each."""
    found, kinds = [], set()
    for name, given in columns:
        column = np.asarray(given)
        if column.dtype.kind == "O" and all(isinstance(entry, datetime.date) for entry in column.flat):
            column = column.astype("datetime64[us]")
        is_date = column.dtype.kind == "M"
        if is_date:
            column = column.astype("datetime64[us]")
            if np.isnat(column).any():
                raise InputError(f"`{name}` has an entry without a date; fill it in or leave the row out.")
            column = column.astype(np.int64) / 86_400e6
        if column.ndim != 1 or column.dtype.kind not in "biuf" or not np.isfinite(column).all():
            raise InputError(f"`{name}` must be one row of dates or finite numbers.")
        if len(column):
            kinds.add(is_date)
        found.append(column.astype(np.float64))
    if len(kinds) > 1:
        raise InputError(
            f"{', '.join(name for name, _ in columns)} mix dates and numbers; give all of them as one kind."
        )
    return found


def _per_series(values: ArrayLike, name: str, *, size: int | None = None) -> FloatArray:
    numbers = np.array(values, dtype=np.float64)
    if numbers.ndim != 1 or (size is not None and len(numbers) != size):
        raise InputError(f"`{name}` has shape {numbers.shape}; give one number per key result.")
    if not np.isfinite(numbers).all():
        raise InputError(f"`{name}` has an entry that is not finite; give the number of every key result.")
    return numbers


def _flags(values: ArrayLike, n_series: int) -> BoolArray:
    flags = np.array(values)
    if flags.shape != (n_series,) or flags.dtype.kind != "b":
        raise InputError("`is_band` must hold True or False for every key result.")
    return flags


def _limits(lowest: ArrayLike | None, highest: ArrayLike | None, *, n_series: int) -> tuple[FloatArray, FloatArray]:
    least = np.full(n_series, -np.inf) if lowest is None else np.array(lowest, dtype=np.float64)
    most = np.full(n_series, np.inf) if highest is None else np.array(highest, dtype=np.float64)
    if least.shape != (n_series,) or most.shape != (n_series,):
        raise InputError("`lowest` and `highest` must have one entry per key result; use infinity for no bound.")
    if not (least < most).all():
        raise InputError("`lowest` must lie below `highest` for every key result; use infinity for no bound.")
    return least, most


def _require_ways(base: FloatArray, goal: FloatArray, *, begin: FloatArray, finish: FloatArray) -> None:
    if not len(base) == len(begin) == len(finish):
        raise InputError("`starts`, `ends`, `baselines` and `targets` must have one entry per key result.")
    stuck = np.flatnonzero((base == goal) | ~np.isfinite(1.0 / np.where(base == goal, 1.0, goal - base)))
    if len(stuck):
        raise InputError(f"Baseline and target of series {stuck[0]} are equal or too close; set another target.")
    upside_down = np.flatnonzero(begin >= finish)
    if len(upside_down):
        raise InputError(f"Series {upside_down[0]} does not end after its start; correct its dates.")


def _series_numbers(series: ArrayLike, n_series: int) -> IndexArray:
    given = np.asarray(series)
    if given.size == 0:
        given = given.astype(np.intp)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError("`series` must be one row of whole numbers, one per reading.")
    number = given.astype(np.intp)
    if len(number) and (number.min() < 0 or number.max() >= n_series):
        raise InputError(f"`series` names a key result outside 0 to {n_series - 1}.")
    return number


def _require_readings(
    number: IndexArray,
    when: FloatArray,
    *,
    value: FloatArray,
    finish: FloatArray,
    least: FloatArray,
    most: FloatArray,
) -> None:
    if np.isinf(value).any():
        raise InputError("A reading is infinite; give the number that was read, or nan for none.")
    late = np.flatnonzero(when > finish[number])
    if len(late):
        raise InputError(f"A reading of series {number[late[0]]} lies after its end; leave it out of the forecast.")
    # A comparison with nan is False, so missing readings pass.
    outside = np.flatnonzero((value < least[number]) | (value > most[number]))
    if len(outside):
        row = int(outside[0])
        raise InputError(
            f"The reading {value[row]:g} of series {number[row]} lies outside {least[number[row]]:g} to "
            f"{most[number[row]]:g}; correct the reading or the bounds."
        )
