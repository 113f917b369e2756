"""The table under every estimate: at each time somebody left, how many could have and how many did."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from throughline_analysis.retention.histories import BoolArray, FloatArray, Histories, IndexArray


@dataclass(frozen=True, eq=False)
class RiskTable:
    """Rows per group and time of leaving, ascending in both; `bounds` (n_groups + 1,) cuts the rows into groups.

    `at_risk`: people here just before; `left`: people who left then.
    """

    time: FloatArray
    at_risk: IndexArray
    left: IndexArray
    bounds: IndexArray


def risk_table_by_group(watched: Histories) -> RiskTable:
    """Rows of every group, refused ones included; O(n_people)."""
    group = watched.group[watched.by_group]
    return _risk_table(
        watched.duration[watched.by_group],
        watched.has_left[watched.by_group],
        group=group,
        entry=None if watched.entry is None else watched.entry[watched.by_group],
        ends=watched.bounds[1:],
    )


def risk_table_of_all(watched: Histories) -> RiskTable:
    """Rows of everybody together, as one group; O(n_people)."""
    return _risk_table(
        watched.duration,
        watched.has_left,
        group=np.zeros(watched.n, dtype=np.intp),
        entry=watched.entry,
        ends=np.array([watched.n]),
    )


def _risk_table(
    duration: FloatArray, has_left: BoolArray, *, group: IndexArray, entry: FloatArray | None, ends: IndexArray
) -> RiskTable:
    is_first = np.empty(len(duration), dtype=np.bool_)
    is_first[0] = True
    np.logical_or(duration[1:] != duration[:-1], group[1:] != group[:-1], out=is_first[1:])
    start = np.flatnonzero(is_first)
    left = np.add.reduceat(has_left.astype(np.intp), start)
    start, left = start[left > 0], left[left > 0]
    time, of_group = duration[start], group[start]
    bounds = np.concatenate(([0], np.cumsum(np.bincount(of_group, minlength=len(ends)))))
    at_risk = ends[of_group] - start
    if entry is not None:
        at_risk = at_risk - _not_yet(time, bounds, entry=entry, ends=ends)
    return RiskTable(time, at_risk, left, bounds)


def _not_yet(time: FloatArray, bounds: IndexArray, *, entry: FloatArray, ends: IndexArray) -> IndexArray:
    """Of each row's group, how many were first watched at its time or later: they were not at risk of that leaving."""
    found = np.empty(len(time), dtype=np.intp)
    begin = 0
    for group, end in enumerate(ends.tolist()):
        rows = slice(bounds[group], bounds[group + 1])
        if rows.stop > rows.start:
            found[rows] = end - begin - np.searchsorted(np.sort(entry[begin:end]), time[rows], side="left")
        begin = end
    return found


def cumulated(values: FloatArray, bounds: IndexArray) -> FloatArray:
    """Running sum that starts anew in each group."""
    return _run(np.add, values, bounds)


def multiplied(values: FloatArray, bounds: IndexArray) -> FloatArray:
    """Running product that starts anew in each group."""
    return _run(np.multiply, values, bounds)


def _run(step: np.ufunc, values: FloatArray, bounds: IndexArray) -> FloatArray:
    """Group after group, so that no group's numbers carry the rounding of those before it."""
    found = np.empty(len(values))
    cuts = bounds.tolist()
    for first, last in pairwise(cuts):
        step.accumulate(values[first:last], out=found[first:last])
    return found
