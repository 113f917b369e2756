"""What earlier releases of the same ballots have said already, and what that leaves for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cuts import OUTSIDE, minimum_cut
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.suppression import visible_units
from throughline_analysis.disclosure.tree import IntArray, UnitTree
from throughline_analysis.errors import InputError, NotEnoughData

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ledger:
    """What a release said about which ballots: kept under seal for the comparison with the next one, never shown.

    `keys` (n_people,) of the ballots; `memberships` (n_people, n_slots) rows of the release's cells or -1;
    `divisions`, each (n_people,): the remainders of each tree the release shows; `sums`, `low`, `high`, `is_shown`
    (n_cells, n_questions) of the values, the sums only where shown.
    """

    keys: IntArray
    memberships: NDArray[np.int32]
    divisions: tuple[IntArray, ...]
    sums: IntArray
    low: IntArray
    high: IntArray
    is_shown: BoolArray

    @property
    def all_divisions(self) -> tuple[IntArray, ...]:
        """The remainders of each tree, and the cells of each level with and without filters."""
        return (*self.divisions, *(column.astype(np.int64) for column in self.memberships.T))

    @property
    def n_cells(self) -> int:
        """Number of cells of the release."""
        return len(self.sums)


@dataclass(frozen=True, eq=False)
class People:
    """Everybody in the new release (first, in its order) and in any earlier one."""

    keys: IntArray
    n_new: int

    def rows_of(self, keys: IntArray) -> IntArray:
        """Row of each key."""
        order = np.argsort(self.keys)
        return np.asarray(order[np.searchsorted(self.keys[order], keys)], dtype=np.int64)

    def spread(self, keys: IntArray, values: NDArray[np.int32] | IntArray) -> IntArray:
        """`values` by key as values by row, -1 for people without."""
        result = np.full((len(self.keys), *values.shape[1:]), OUTSIDE, dtype=np.int64)
        result[self.rows_of(keys)] = values
        return result


def people_of(keys: IntArray, earlier: Sequence[Ledger]) -> People:
    """The new ballots, then those that only earlier releases know."""
    old = [ledger.keys for ledger in earlier]
    others = np.setdiff1d(np.concatenate([*old, np.zeros(0, dtype=np.int64)]), keys)
    return People(keys=np.concatenate([keys, others]), n_new=len(keys))


def require_same_questions(earlier: Sequence[Ledger], n_questions: int) -> None:
    """Raise InputError unless every earlier release has the same questions."""
    for ledger in earlier:
        if ledger.is_shown.shape[1] != n_questions:
            raise InputError(
                f"An earlier release has {ledger.is_shown.shape[1]} questions and this one {n_questions}; "
                "compare only releases of the same ballots, with the same questions in the same order."
            )


def guarded_units(
    tree: UnitTree,
    unit: IntArray,
    *,
    shown: BoolArray,
    others: Sequence[IntArray],
    people: IntArray,
    rules: ReleaseRules,
) -> BoolArray:
    """Fewer units, so that no other division of the same people comes closer than five people to this one.

    Parameters
    ----------
    tree, unit : UnitTree and (n_new,) of int
        The hierarchy and the lowest unit of each person.
    shown : (n_units,) of bool
        Units shown by size.
    others : sequence of (n_people,) of int
        Divisions that are published too, -1 for people outside; new people first.
    people : (n_new,) of int
        Rows of the new people in `others`.

    Returns
    -------
    (n_units,) of bool
        A subset of `shown`.

    Raises
    ------
    NotEnoughData
        Fewer than five ballots differ from an earlier release as a whole, so that nothing new can be shown.

    Examples
    --------
    Two sites and two teams of eight; two people of the first team sit at the second site, so the sites stay hidden.

    >>> import numpy as np
    >>> from throughline_analysis.disclosure import STANDARD_RULES, unit_tree
    >>> sites, teams = np.array([1] * 6 + [2] * 10), np.array([0] * 8 + [1] * 8)
    >>> guarded_units(unit_tree([-1, 0, 0]), sites, shown=np.ones(3, dtype=bool), others=[teams],
    ...     people=np.arange(16), rules=STANDARD_RULES).tolist()
    [True, False, False]
    """
    kept = np.array(shown)
    own = np.bincount(unit, minlength=tree.n_units)
    size = tree.subtree_sum(own)
    for other in others:
        while True:
            division = np.full(len(other), OUTSIDE, dtype=np.int64)
            division[people] = tree.nearest(kept)[unit]
            cut = minimum_cut(division, other, enough=rules.floor)
            if cut.weight >= rules.floor:
                break
            to_hide = {_unit_to_hide(division, other, side.people, tree=tree, size=size) for side in cut.sides} - {-1}
            if not to_hide:
                raise NotEnoughData(
                    f"Fewer than {rules.floor} ballots make the difference to an earlier release; wait for more."
                )
            kept[list(to_hide)] = False
            # What is hidden one by one may leave too few for a remainder; the sizes are looked at again.
            kept = visible_units(tree, own, allowed=kept, rules=rules).is_shown
    return kept


def _unit_to_hide(division: IntArray, other: IntArray, crossing: BoolArray, *, tree: UnitTree, size: IntArray) -> int:
    """The smallest shown unit of the people on a cut; else of those who share a group with them; else of all."""
    nearby = np.isin(other, other[crossing])
    for people in (crossing, nearby, np.ones_like(crossing)):
        units = np.unique(division[people])
        inside = units[(units != OUTSIDE) & (units != tree.root)]
        if len(inside):
            return int(inside[np.argmin(size[inside])])
    return -1
