"""Who is promised more than there is: demands on people and teams over time, against what they can give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.levels import FloatArray, IndexArray

# A load above capacity by less than this part of the highest load is rounding of sums.
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class CapacityContention:
    """Where demands exceed capacity.

    One entry per stretch of time in which a resource is over-promised by a constant amount: `resource`, `begin`, `end`,
    `load` (all demands together) and `excess` (load minus capacity); by resource, then time. The demands at work in
    stretch i are `demands[firsts[i]:firsts[i + 1]]`, rows of the input. For each resource, (n_resources,): `peak` load,
    `overload` (excess times its duration, together) and `utilisation_0_1`, the used part of its capacity from the first
    demand to the last of all (above 1 possible; infinite where something is demanded of no capacity).
    """

    resource: IndexArray
    begin: FloatArray
    end: FloatArray
    load: FloatArray
    excess: FloatArray
    firsts: IndexArray
    demands: IndexArray
    peak: FloatArray
    overload: FloatArray
    utilisation_0_1: FloatArray


def capacity_contention(
    resources: ArrayLike, begins: ArrayLike, ends: ArrayLike, *, amounts: ArrayLike, capacity: ArrayLike
) -> CapacityContention:
    """When and by how much people, teams or budgets are promised more than they can give, and by which goals.

    Parameters
    ----------
    resources : (n_demands,) of int
        Which resource a demand is on: 0 to n_resources - 1.
    begins, ends : (n_demands,) of float
        From when to when (end not included), in any one unit; a demand takes some time.
    amounts : (n_demands,) of float, at least 0
        How much of the resource it takes all that time: full-time equivalents, hours a week.
    capacity : (n_resources,) of float, at least 0
        How much there is, always. State time away as a demand.

    Returns
    -------
    CapacityContention

    Raises
    ------
    InputError
        Shapes differ, a demand ends before it begins, or a number is out of range.

    Notes
    -----
    Load changes only where a demand begins or ends, so it is summed once over these moments in order. The numbers are
    promises, not work done. Cost O(n log n) for n demands, plus the demands listed in over-promised stretches.

    Source
    ------
    Definition of Throughline; the sum is the sweep line of Shamos and Hoey (1976), doi:10.1109/SFCS.1976.16.

    Examples
    --------
    Team 0 can give 2; goals 0 and 1 take 1.5 each, and overlap from 5 to 10.

    >>> result = capacity_contention([0, 0], [0, 5], [10, 15], amounts=[1.5, 1.5], capacity=[2])
    >>> result.begin.tolist(), result.end.tolist(), result.excess.tolist(), result.demands.tolist()
    ([5.0], [10.0], [1.0], [0, 1])
    """
    which, begin, end, amount, room = _checked(resources, begins, ends, amounts, capacity)
    n_resources, n = len(room), len(which)
    moments = np.concatenate([begin, end])
    on = np.concatenate([which, which])
    change = np.concatenate([amount, -amount])
    order = np.lexsort((moments, on))
    moments, on, change = moments[order], on[order], change[order]
    is_new = np.ones(2 * n, dtype=np.bool_)
    is_new[1:] = (on[1:] != on[:-1]) | (moments[1:] != moments[:-1])
    firsts = np.flatnonzero(is_new)
    at, on = moments[firsts], on[firsts]
    load = np.cumsum(np.add.reduceat(change, firsts)) if n else np.empty(0)
    # Each resource ends at zero by itself; what rounding leaves over must not reach the next.
    is_last = np.append(on[1:] != on[:-1], True)[: len(on)]
    rest = np.where(is_last, load, 0.0)
    load = np.maximum(load - (np.cumsum(rest) - rest), 0.0)
    until = np.where(is_last, at, np.append(at[1:], 0.0)[: len(at)])
    lasting = until - at
    excess = load - room[on]
    peak = np.zeros(n_resources)
    np.maximum.at(peak, on, load)
    over = (excess > TOLERANCE * peak[on]) & (lasting > 0)
    span = float(end.max() - begin.min()) if n else 0.0
    used = np.bincount(on, weights=load * lasting, minlength=n_resources)
    listed, counts = _demands_at_work(which, begin, end, on[over], at[over])
    return CapacityContention(
        resource=on[over],
        begin=at[over],
        end=until[over],
        load=load[over],
        excess=excess[over],
        firsts=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        demands=listed,
        peak=peak,
        overload=np.bincount(on[over], weights=(excess * lasting)[over], minlength=n_resources).astype(np.float64),
        utilisation_0_1=np.divide(used, room * span, out=np.where(used > 0, np.inf, 0.0), where=room * span > 0),
    )


def _demands_at_work(
    which: IndexArray, begin: FloatArray, end: FloatArray, resource: IndexArray, at: FloatArray
) -> tuple[IndexArray, IndexArray]:
    """Rows of the demands at work at each of these moments, joined, and how many there are each time."""
    order = np.lexsort((begin, which))
    starts = np.searchsorted(which[order], np.arange(which.max(initial=-1) + 2))
    found: list[IndexArray] = []
    for number, moment in zip(resource.tolist(), at.tolist(), strict=True):
        rows = order[starts[number] : starts[number + 1]]
        rows = rows[: np.searchsorted(begin[rows], moment, side="right")]
        found.append(np.sort(rows[end[rows] > moment]))
    joined = np.concatenate(found) if found else np.empty(0, dtype=np.intp)
    return joined.astype(np.intp), np.array([len(rows) for rows in found], dtype=np.intp)


def _checked(
    resources: ArrayLike, begins: ArrayLike, ends: ArrayLike, amounts: ArrayLike, capacity: ArrayLike
) -> tuple[IndexArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    which = np.array(resources)
    if which.size == 0:
        which = which.astype(np.intp)
    begin, end, amount, room = (np.array(column, dtype=np.float64) for column in (begins, ends, amounts, capacity))
    if which.ndim != 1 or which.dtype.kind not in "iu":
        raise InputError("`resources` must be one row of whole numbers, one per demand.")
    if not which.shape == begin.shape == end.shape == amount.shape or room.ndim != 1:
        raise InputError("Give one resource, begin, end and amount per demand, and one capacity per resource.")
    if len(which) and (which.min() < 0 or which.max() >= len(room)):
        raise InputError(f"A demand names a resource outside 0 to {len(room) - 1}.")
    if not (np.isfinite(begin) & np.isfinite(end) & (begin < end)).all():
        raise InputError("A demand does not end after it begins; correct its dates.")
    if not ((amount >= 0) & np.isfinite(amount)).all() or not ((room >= 0) & np.isfinite(room)).all():
        raise InputError("Amounts and capacities must be numbers from 0 on.")
    return which.astype(np.intp), begin, end, amount, room
