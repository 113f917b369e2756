"""What earlier releases of the same ballots have said already, and what that leaves for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import atoms_of
from throughline_analysis.disclosure.cuts import OUTSIDE, minimum_cut
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.supports import row_space, small_groups
from throughline_analysis.disclosure.suppression import visible_units
from throughline_analysis.disclosure.tree import IntArray, UnitTree
from throughline_analysis.errors import InputError, NotEnoughData

BoolArray = NDArray[np.bool_]
# Three and more divisions are looked at together up to so many people; beyond, two by two.
SEEN_TOGETHER = 1_500


@dataclass(frozen=True, eq=False)
class Ledger:
    """What a release said about which ballots: kept under seal for the comparison with the next one, never shown.

    `keys` (n_people,) of the ballots; `answers` (n_people, n_questions) and `points` (n_questions,) as in the records,
    because a ballot that is withdrawn later must stay as safe as it was; `memberships` (n_people, n_slots) rows of the
    release's cells or -1; `divisions`, each (n_people,): the remainders of each tree the release shows; `sums`, `low`,
    `high`, `is_shown` (n_cells, n_questions) of the values, the sums only where shown; `has_comments`: whether the
    comments of these ballots have been listed. As sealed as the ballots themselves, and to be destroyed with them.
    """

    keys: IntArray
    answers: NDArray[np.int8]
    points: IntArray
    memberships: NDArray[np.int32]
    divisions: tuple[IntArray, ...]
    sums: IntArray
    low: IntArray
    high: IntArray
    is_shown: BoolArray
    has_comments: bool

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


def require_same_questions(earlier: Sequence[Ledger], points: IntArray) -> None:
    """Raise InputError unless every earlier release has the same questions."""
    for ledger in earlier:
        if not np.array_equal(ledger.points, points):
            raise InputError(
                f"An earlier release has {len(ledger.points)} questions and this one {len(points)}, or other numbers of "
                "possible answers; compare only releases of the same ballots, with the same questions in the same order."
            )


def answers_of(people: People, records: SurveyRecords, earlier: Sequence[Ledger]) -> NDArray[np.int8]:
    """(n_people, n_questions): answers of everybody in any of the releases, also of ballots withdrawn since.

    Raises InputError where one key stands for other answers than before: the comparison would compare strangers.
    """
    answers = np.full((len(people.keys), records.n_questions), MISSING, dtype=np.int8)
    answers[: people.n_new] = records.answers
    is_known = np.arange(len(people.keys)) < people.n_new
    for ledger in earlier:
        rows = people.rows_of(ledger.keys)
        before = is_known[rows]
        if not np.array_equal(answers[rows[before]], ledger.answers[before]):
            raise InputError(
                "A key of an earlier release comes with other answers now; give `keys` that stay with their ballots, "
                "and a new key to a ballot that was changed."
            )
        answers[rows] = ledger.answers
        is_known[rows] = True
    return answers


def guarded_units(
    tree: UnitTree,
    unit: IntArray,
    *,
    shown: BoolArray,
    others: Sequence[IntArray],
    people: IntArray,
    rules: ReleaseRules,
) -> BoolArray:
    """Fewer units, so that with other divisions of the same people no number about one to four people follows.

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

    Notes
    -----
    Two by two by the smallest cut, which is exact. With several others, groups that follow from three divisions and
    more are searched for among up to 1,500 people (`throughline_analysis.disclosure.supports`), exactly as well.
    Cost as `minimum_cut` for each other division; together O(n_groups**2 * n_atoms) a round.

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
    for other in others:
        while True:
            division = np.full(len(other), OUTSIDE, dtype=np.int64)
            division[people] = tree.nearest(kept)[unit]
            cut = minimum_cut(division, other, enough=rules.floor)
            if cut.weight >= rules.floor:
                break
            crossings = [side.people for side in cut.sides]
            kept = _with_fewer(kept, division, [other], crossings=crossings, tree=tree, own=own, rules=rules)
    if len(others) < 2 or len(others[0]) > SEEN_TOGETHER:
        return kept
    # What the others give away among themselves is out already, and no hiding here can take it back.
    known = set(singled_out(others, most=rules.floor - 1))
    while True:
        division = np.full(len(others[0]), OUTSIDE, dtype=np.int64)
        division[people] = tree.nearest(kept)[unit]
        groups = set(singled_out([division, *others], most=rules.floor - 1)) - known
        if not groups:
            return kept
        crossings = [np.isin(np.arange(len(division)), group) for group in sorted(groups)]
        kept = _with_fewer(kept, division, others, crossings=crossings, tree=tree, own=own, rules=rules)


def singled_out(divisions: Sequence[IntArray], *, most: int) -> list[tuple[int, ...]]:
    """Groups of at most `most` people, as row numbers, that adding and subtracting groups of the divisions gives."""
    slots = np.stack(divisions, axis=1)
    offsets = np.cumsum([0, *(slots.max(axis=0) + 1)[:-1]])
    slots = np.where(slots == OUTSIDE, OUTSIDE, slots + offsets).astype(np.int32)
    atoms = atoms_of(np.ascontiguousarray(slots))
    rows = np.zeros((int(slots.max()) + 1, atoms.n_atoms))
    atom, slot = np.nonzero(atoms.slots >= 0)
    rows[atoms.slots[atom, slot], atom] = 1.0
    rows = np.unique(rows[rows.any(axis=1)], axis=0)
    if not len(rows):
        return []
    found = small_groups(row_space(rows), np.bincount(atoms.of_person, minlength=atoms.n_atoms), most=most)
    return [tuple(np.flatnonzero(np.isin(atoms.of_person, group)).tolist()) for group in found]


def are_apart(division: IntArray, others: Sequence[IntArray], *, rules: ReleaseRules) -> bool:
    """Whether no number about one to four people follows from a division and others of the same people."""
    for other in others:
        if len(other) and minimum_cut(division, other, enough=rules.floor).weight < rules.floor:
            return False
    if len(others) < 2 or len(division) > SEEN_TOGETHER:
        return True
    return not set(singled_out([division, *others], most=rules.floor - 1)) - set(
        singled_out(others, most=rules.floor - 1)
    )


def _with_fewer(
    kept: BoolArray,
    division: IntArray,
    others: Sequence[IntArray],
    *,
    crossings: list[BoolArray],
    tree: UnitTree,
    own: IntArray,
    rules: ReleaseRules,
) -> BoolArray:
    """The units without those whose people stand out; raises NotEnoughData where only the topmost is left to hide."""
    size = tree.subtree_sum(own)
    to_hide = {_unit_to_hide(division, others, crossing, tree=tree, size=size) for crossing in crossings} - {-1}
    if not to_hide:
        raise NotEnoughData(
            f"Fewer than {rules.floor} ballots make the difference to an earlier release; wait for more."
        )
    fewer = np.array(kept)
    fewer[list(to_hide)] = False
    # What is hidden one by one may leave too few for a remainder; the sizes are looked at again.
    return visible_units(tree, own, allowed=fewer, rules=rules).is_shown


def _unit_to_hide(
    division: IntArray, others: Sequence[IntArray], crossing: BoolArray, *, tree: UnitTree, size: IntArray
) -> int:
    """The smallest shown unit of the people on a cut; else of those who share a group with them; else of all."""
    nearby = np.any([np.isin(other, other[crossing]) for other in others], axis=0)
    for people in (crossing, nearby, np.ones_like(crossing)):
        units = np.unique(division[people])
        inside = units[(units != OUTSIDE) & (units != tree.root)]
        if len(inside):
            return int(inside[np.argmin(size[inside])])
    return -1
