"""A tree of units: checked once, summed upwards and walked level by level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class UnitTree:
    """Checked, read-only tree; make one with `unit_tree`.

    `parents` holds -1 for the topmost unit. `levels` are the unit numbers by depth, topmost first; within a
    level sorted by parent. `starts` gives, for each level but the first, where a new parent begins.
    """

    parents: IntArray
    depth: IntArray
    levels: tuple[IntArray, ...]
    starts: tuple[IntArray, ...]

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.parents)

    @property
    def root(self) -> int:
        """The topmost unit."""
        return int(self.levels[0][0])

    def children_sum(self, values: IntArray) -> IntArray:
        """For each unit, the sum of `values` (n_units, ...) over its children."""
        result = np.zeros_like(values)
        for units, starts in zip(self.levels[1:], self.starts, strict=True):
            result[self.parents[units[starts]]] = np.add.reduceat(values[units], starts, axis=0)
        return result

    def subtree_sum(self, own: ArrayLike) -> IntArray:
        """For each unit, the sum of `own` (n_units, ...) over itself and everything below."""
        total = np.array(own, dtype=np.int64)
        for units, starts in zip(reversed(self.levels[1:]), reversed(self.starts), strict=True):
            total[self.parents[units[starts]]] += np.add.reduceat(total[units], starts, axis=0)
        return total

    def paths(self) -> IntArray:
        """(n_units, n_levels): the units from the top down to each unit, itself last, -1 where there are no more."""
        path = np.full((self.n_units, len(self.levels)), -1, dtype=np.int64)
        for level, units in enumerate(self.levels):
            if level:
                path[units, :level] = path[self.parents[units], :level]
            path[units, level] = units
        return path

    def nearest(self, is_marked: NDArray[np.bool_]) -> IntArray:
        """For each unit, the nearest marked unit among itself and those above; -1 where none is."""
        found = np.where(is_marked, np.arange(self.n_units), -1)
        for units in self.levels[1:]:
            found[units] = np.where(found[units] >= 0, found[units], found[self.parents[units]])
        return found


def unit_tree(parents: ArrayLike) -> UnitTree:
    """Tree of units from the parent of each.

    Parameters
    ----------
    parents : (n_units,) of int
        Number of the parent of each unit, -1 for the one topmost unit. Units may come in any order.

    Returns
    -------
    UnitTree
        Own, read-only copy with the levels found.

    Raises
    ------
    InputError
        There is not exactly one topmost unit, a parent is no unit, or units are each other's parents.

    Notes
    -----
    Cost O(n_units * depth).

    Examples
    --------
    >>> unit_tree([-1, 0, 0, 1]).depth.tolist()
    [0, 1, 1, 2]
    """
    given = np.asarray(parents)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "iu":
        raise InputError("`parents` must be one row of whole numbers, one per unit, with -1 for the topmost unit.")
    above = given.astype(np.int64)
    n_units = len(above)
    if above.min() < -1 or above.max() >= n_units:
        raise InputError(f"`parents` names a unit outside 0 to {n_units - 1}; use -1 only for the topmost unit.")
    if (above == -1).sum() != 1:
        raise InputError(f"There are {(above == -1).sum()} topmost units; give exactly one, with the parent -1.")
    depth = np.full(n_units, -1, dtype=np.int64)
    order = np.argsort(above, kind="stable")
    begins = np.searchsorted(above[order], np.arange(n_units + 1))
    level = order[:1]
    levels: list[IntArray] = []
    starts: list[IntArray] = []
    while len(level):
        depth[level] = len(levels)
        levels.append(level)
        counts = begins[level + 1] - begins[level]
        with_children = level[counts > 0]
        children = [order[begins[unit] : begins[unit + 1]] for unit in with_children]
        level = np.concatenate(children) if children else order[:0]
        if len(level):
            starts.append(np.append(0, np.cumsum(counts[counts > 0])[:-1]))
    if (depth < 0).any():
        raise InputError(f"Unit {int(np.flatnonzero(depth < 0)[0])} is its own parent's parent; break the circle.")
    for array in (above, depth, *levels, *starts):
        array.setflags(write=False)
    return UnitTree(parents=above, depth=depth, levels=tuple(levels), starts=tuple(starts))
