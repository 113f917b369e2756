"""Which units may be shown by their sizes alone: the smallest siblings are hidden until every remainder is safe.

Groups that contain one another or do not touch (a tree) have a simple arithmetic: whatever is obtained by adding
and subtracting shown counts is a combination of the *rests*, each the people of a shown unit who are in no shown
unit below it. A release is therefore safe exactly when every rest has nobody or at least five people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.disclosure.tree import IntArray, UnitTree
from throughline_analysis.errors import InputError, NotEnoughData

NOTHING = -np.inf


@dataclass(frozen=True, eq=False)
class VisibleUnits:
    """Which units are shown, and what that leaves.

    `is_shown` (n_units,); `n` people in each unit, everything below included; `rest` people of a shown unit in no
    shown unit below it, -1 for hidden units; `n_candidates` units with at least five people.
    """

    is_shown: NDArray[np.bool_]
    n: IntArray
    rest: IntArray
    n_candidates: int


def visible_units(
    tree: UnitTree,
    own_counts: ArrayLike,
    *,
    allowed: ArrayLike | None = None,
    rules: ReleaseRules = STANDARD_RULES,
) -> VisibleUnits:
    """The most units that can be shown together without a group or remainder of one to four people.

    Among equally many, those with more people are kept, so that the smallest siblings are the ones hidden.

    Parameters
    ----------
    tree : UnitTree
        The units.
    own_counts : (n_units,) of int
        People directly in each unit, not below it.
    allowed : (n_units,) of bool, optional
        Units that may be shown at all; the topmost always may.
    rules : ReleaseRules
        The floor.

    Returns
    -------
    VisibleUnits
        The choice, with the remainders that prove it.

    Raises
    ------
    InputError
        Shapes differ or a count is negative.
    NotEnoughData
        Fewer than five people in all: nothing can be shown.

    Notes
    -----
    Exact: dynamic programming over the tree, where a unit passes to the next shown unit above it how many people
    it leaves over, 0 to 4 or "five and more". Depends on sizes only, never on answers.
    Cost O(n_units * floor**2).

    Source
    ------
    The problem is cell suppression in a hierarchical table, Fischetti and Salazar (2001), Management Science
    47:1008-1027, doi:10.1287/mnsc.47.7.1008.9805; frequencies in a tree admit this exact solution.

    Examples
    --------
    A department of three teams: with the team of 3 hidden, its size would follow; the next smallest goes too.

    >>> from throughline_analysis.disclosure import unit_tree
    >>> units = visible_units(unit_tree([-1, 0, 0, 0]), [0, 3, 7, 9])
    >>> units.is_shown.tolist(), units.rest.tolist()
    ([True, False, False, True], [10, -1, -1, 9])
    """
    own = _counts(tree, own_counts)
    n = tree.subtree_sum(own)
    if n[tree.root] < rules.floor:
        raise NotEnoughData(f"There are fewer than {rules.floor} answers, so nothing can be shown; wait for more.")
    may = np.ones(tree.n_units, dtype=np.bool_) if allowed is None else np.array(allowed, dtype=np.bool_)
    if may.shape != (tree.n_units,):
        raise InputError(f"`allowed` has shape {may.shape} for {tree.n_units} units; give one entry per unit.")
    may[tree.root] = True
    may &= n >= rules.floor
    is_shown = _best_choice(tree, own, may=may, worth=1 + n / (1 + n.sum()), floor=rules.floor)
    return VisibleUnits(is_shown=is_shown, n=n, rest=remainders(tree, own, is_shown), n_candidates=int(may.sum()))


def remainders(tree: UnitTree, own_counts: ArrayLike, is_shown: ArrayLike) -> IntArray:
    """People of each shown unit who are in no shown unit below it; -1 for hidden units.

    Examples
    --------
    >>> from throughline_analysis.disclosure import unit_tree
    >>> remainders(unit_tree([-1, 0, 0, 0]), [0, 3, 7, 9], [True, False, True, True]).tolist()
    [3, -1, 7, 9]
    """
    own, shown = np.asarray(own_counts, dtype=np.int64), np.asarray(is_shown, dtype=np.bool_)
    nearest = tree.nearest(shown)
    rest = np.bincount(nearest[nearest >= 0], weights=own[nearest >= 0], minlength=tree.n_units).astype(np.int64)
    return np.asarray(np.where(shown, rest, -1), dtype=np.int64)


def _counts(tree: UnitTree, own_counts: ArrayLike) -> IntArray:
    given = np.asarray(own_counts)
    counts = given.astype(np.int64) if given.dtype.kind in "iu" else np.zeros(0, dtype=np.int64)
    if counts.shape != (tree.n_units,):
        raise InputError(
            f"`own_counts` has shape {given.shape} for {tree.n_units} units; give one count per unit, whole numbers."
        )
    if (counts < 0).any():
        raise InputError("A count of people is negative; check where the counts come from.")
    return counts


def _best_choice(
    tree: UnitTree, own: IntArray, *, may: NDArray[np.bool_], worth: NDArray[np.float64], floor: int
) -> NDArray[np.bool_]:
    """Backwards over the levels: the best total for each number left over; forwards: which choice it was.

    `choices[unit]` keeps, child by child, the totals before that child, so the way back can be found again.
    """
    n_units, states = tree.n_units, floor + 1
    children: list[list[int]] = [[] for _ in range(n_units)]
    for units in tree.levels[1:]:
        for unit in units.tolist():
            children[tree.parents[unit]].append(unit)
    best: list[list[float]] = [[]] * n_units
    steps: list[list[list[float]]] = [[] for _ in range(n_units)]
    for units in reversed(tree.levels):
        for unit in units.tolist():
            total = [NOTHING] * states
            total[min(int(own[unit]), floor)] = 0.0
            for child in children[unit]:
                steps[unit].append(total)
                total = _merged(total, best[child], floor)
            steps[unit].append(total)
            best[unit] = _with_showing(total, float(worth[unit]), floor) if may[unit] else total
    is_shown = np.zeros(n_units, dtype=np.bool_)
    leaves_over = [0] * n_units
    for units in tree.levels:
        for unit in units.tolist():
            left = _state_inside(best[unit], steps[unit][-1], leaves_over[unit], may=bool(may[unit]), floor=floor)
            is_shown[unit] = left.is_shown
            _hand_down(left.state, children[unit], steps=steps[unit], best=best, into=leaves_over, floor=floor)
    return is_shown


@dataclass(frozen=True, slots=True)
class _Inside:
    is_shown: bool
    state: int


def _merged(total: list[float], child: list[float], floor: int) -> list[float]:
    merged = [NOTHING] * (floor + 1)
    for left, have in enumerate(total):
        if have == NOTHING:
            continue
        for more, gain in enumerate(child):
            state = min(left + more, floor)
            if have + gain > merged[state]:
                merged[state] = have + gain
    return merged


def _with_showing(total: list[float], worth: float, floor: int) -> list[float]:
    """A unit that is shown takes what is left over below it with it and leaves nothing."""
    shown = max(total[0], total[floor]) + worth
    return [max(total[0], shown), *total[1:]]


def _state_inside(best: list[float], total: list[float], leaves: int, *, may: bool, floor: int) -> _Inside:
    if may and leaves == 0 and best[0] > total[0]:
        return _Inside(is_shown=True, state=0 if total[0] >= total[floor] else floor)
    return _Inside(is_shown=False, state=leaves)


def _hand_down(
    state: int,
    children: list[int],
    *,
    steps: list[list[float]],
    best: list[list[float]],
    into: list[int],
    floor: int,
) -> None:
    """Find, child by child from the last, which numbers left over add up to `state` at the best total."""
    for position in range(len(children) - 1, -1, -1):
        before, child = steps[position], children[position]
        wanted = steps[position + 1][state]
        state, into[child] = next(
            (left, more)
            for left, have in enumerate(before)
            for more, gain in enumerate(best[child])
            if have > NOTHING and min(left + more, floor) == state and have + gain == wanted
        )
