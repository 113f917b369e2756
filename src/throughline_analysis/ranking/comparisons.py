"""Pairwise comparisons as they are collected, and the tally that every calculation starts from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

# Up to this many cells of a pair table per comparison, counting into the whole table beats sorting.
TABLE_CELLS_PER_ROW = 4

# Columns of the tally: the smaller item number was preferred, the larger was, a tie, undecided. Read at
# 2 * (outcome + 1) + (1 if the larger number came first).
ANSWERS = np.array([1, 0, 2, 2, 0, 1, 3, 3], dtype=np.intp)
N_CODES = 4
# Every group gets a place in tables of groups; a personnel number given as a group would ask for more than there is.
HIGHEST_GROUP = 10_000_000
# More answers to a pair than there are people; beyond, sums of them lose the prior's digits.
MOST_ANSWERS = 1e12


class Outcome(IntEnum):
    """What somebody said of a pair. Undecided is an answer too, but says nothing about either item."""

    SECOND = -1
    TIE = 0
    FIRST = 1
    UNDECIDED = 2


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Tally of comparisons: one row per pair (and group) that was met, the smaller item number first.

    `first < second`, sorted by group, then first, then second; `wins_first`, `wins_second`, `ties` and `undecided`
    count the answers. `group` is all zero and `n_groups` one where no groups were given. Build it with
    `comparisons`; nothing changes it.
    """

    n_items: int
    n_groups: int
    first: IndexArray
    second: IndexArray
    group: IndexArray
    wins_first: FloatArray
    wins_second: FloatArray
    ties: FloatArray
    undecided: FloatArray

    @property
    def decided(self) -> FloatArray:
        """Answers per row that carry information: wins and ties."""
        return self.wins_first + self.wins_second + self.ties

    def per_item(self, counts: FloatArray) -> FloatArray:
        """Sum of a count per row over the rows of each item, (n_items,)."""
        return summed(self.first, counts, self.n_items) + summed(self.second, counts, self.n_items)

    def pooled(self) -> Comparisons:
        """The same comparisons without groups."""
        if self.n_groups == 1:
            return self
        key, row = np.unique(self.first * self.n_items + self.second, return_inverse=True)
        tallies = [
            summed(row, counts, len(key)) for counts in (self.wins_first, self.wins_second, self.ties, self.undecided)
        ]
        return Comparisons(
            self.n_items, 1, key // self.n_items, key % self.n_items, np.zeros(len(key), dtype=np.intp), *tallies
        )


def comparisons(
    first: ArrayLike,
    second: ArrayLike,
    *,
    outcomes: ArrayLike,
    n_items: int,
    counts: ArrayLike | None = None,
    groups: ArrayLike | None = None,
) -> Comparisons:
    """Tally of who was preferred to whom, checked, ready for every calculation of this part.

    Parameters
    ----------
    first, second : (n_rows,) of int
        The two items of each comparison, numbered from 0. Which comes first does not matter.
    outcomes : (n_rows,) of int in {-1, 0, 1, 2}
        `Outcome`: the second was preferred, both alike, the first was preferred, cannot decide.
    n_items : int
        How many items there are, those that were never compared included.
    counts : (n_rows,) of float >= 0, optional
        How often each row was said; once unless given.
    groups : (n_rows,) of int from 0 to 10,000,000, optional
        Group of the person who said it, numbered from 0.

    Returns
    -------
    Comparisons
        One row per pair and group.

    Raises
    ------
    InputError
        Shapes differ, an item is compared with itself or not in the list, an outcome is outside the set, a number is
        not whole.
    NotEnoughData
        There is no comparison at all.

    Notes
    -----
    Cost O(n_rows), by counting into a table of all pairs where that table is not much larger than the input, and
    O(n_rows log n_rows) by sorting otherwise.

    Examples
    --------
    >>> tally = comparisons([0, 1, 0], [1, 0, 2], outcomes=[1, -1, 2], n_items=3)
    >>> tally.wins_first.tolist(), tally.undecided.tolist()
    ([2.0, 0.0], [0.0, 1.0])
    """
    one, two = whole_numbers(first, name="first"), whole_numbers(second, name="second")
    said = whole_numbers(outcomes, name="outcomes")
    of_group = np.zeros(len(one), dtype=np.intp) if groups is None else whole_numbers(groups, name="groups")
    many = None if counts is None else as_floats(counts, name="counts")
    _check_rows(one, two, said, of_group, many, n_items)
    n_groups = 1 if groups is None else int(of_group.max()) + 1
    code = ANSWERS[(said + 1) * 2 + (one > two)]
    key = np.minimum(one, two) * n_items + np.maximum(one, two)
    if n_groups > 1:
        key += of_group * (n_items * n_items)
    pairs, table = _counted(key, code, many, n_cells=n_groups * n_items * n_items)
    inside = pairs % (n_items * n_items) if n_groups > 1 else pairs
    first_item = inside // n_items
    return Comparisons(
        n_items, n_groups, first_item, inside - first_item * n_items, pairs // (n_items * n_items), *table
    )


def summed(index: IndexArray, values: FloatArray, size: int) -> FloatArray:
    """Sum of the values at each index, (size,)."""
    return np.asarray(np.bincount(index, values, size), dtype=np.float64)


def _counted(
    key: IndexArray, code: IndexArray, counts: FloatArray | None, *, n_cells: int
) -> tuple[IndexArray, list[FloatArray]]:
    """The distinct keys in ascending order and, per answer, how often it was given for each key."""
    if n_cells <= TABLE_CELLS_PER_ROW * len(key):
        n_codes = int(code.max()) + 1
        full = np.bincount(code * n_cells + key, counts, n_codes * n_cells).reshape(n_codes, n_cells)
        is_met = full.any(axis=0) if counts is None else np.bincount(key, minlength=n_cells) > 0
        pairs = np.flatnonzero(is_met)
        met = [full[one][pairs].astype(np.float64) for one in range(n_codes)]
        return pairs, met + [np.zeros(len(pairs))] * (N_CODES - n_codes)
    pairs, row = np.unique(key, return_inverse=True)
    table = np.bincount(code * len(pairs) + row, counts, N_CODES * len(pairs)).astype(np.float64)
    return pairs, list(table.reshape(N_CODES, len(pairs)))


def whole_numbers(values: ArrayLike, *, name: str) -> IndexArray:
    """A flat copy as whole numbers; refuses fractions, and True and False, which would be read as 1 and 0."""
    try:
        given: NDArray[np.generic] = np.array(values)
    except ValueError as error:
        raise InputError(f"`{name}` must be a flat list of whole numbers.") from error
    if given.ndim != 1:
        raise InputError(f"`{name}` has shape {given.shape}; give a flat list, one entry each.")
    if given.size and given.dtype.kind not in "iu":
        raise InputError(f"`{name}` must hold whole numbers; it holds {given.dtype}.")
    return given.astype(np.intp)


def _check_rows(
    one: IndexArray,
    two: IndexArray,
    said: IndexArray,
    of_group: IndexArray,
    many: FloatArray | None,
    n_items: int,
) -> None:
    if n_items < 2 or not isinstance(n_items, int | np.integer):
        raise InputError(f"There are {n_items} items; a comparison needs a whole number of them, at least two.")
    shapes = {one.shape, two.shape, said.shape, of_group.shape, one.shape if many is None else many.shape}
    if len(shapes) > 1:
        raise InputError("`first`, `second`, `outcomes`, `counts` and `groups` differ in length; give one entry each.")
    if len(one) == 0:
        raise NotEnoughData("There are no comparisons yet; ask at least one person about at least one pair.")
    for name, items in (("first", one), ("second", two)):
        if items.min() < 0 or items.max() >= n_items:
            raise InputError(f"`{name}` names an item outside 0 to {n_items - 1}; correct it or raise `n_items`.")
    itself = np.flatnonzero(one == two)
    if len(itself):
        raise InputError(f"Comparison {itself[0]} sets item {one[itself[0]]} against itself; remove it.")
    if said.min() < Outcome.SECOND or said.max() > Outcome.UNDECIDED:
        raise InputError("`outcomes` holds a value outside -1, 0, 1 and 2; see `Outcome`.")
    if of_group.min() < 0:
        raise InputError("`groups` holds a negative number; number the groups from 0.")
    if of_group.max() > HIGHEST_GROUP:
        raise InputError(f"`groups` holds {of_group.max()}; number the groups from 0, to {HIGHEST_GROUP:,} at most.")
    if many is not None and not (np.isfinite(many).all() and (many >= 0).all()):
        raise InputError("`counts` must be finite and not negative.")
    if many is not None and many.max() > MOST_ANSWERS:
        raise InputError(
            f"`counts` holds {many.max():g}, more answers than there can be; give how often each was said."
        )
