"""What the printed values of a tree allow: the exact range of every group's sum, and the gate that uses it.

Printed values say that the sum of each shown unit lies in an interval of whole numbers. In a tree the sums that
remain possible for any unit again form an interval of whole numbers, found by one pass up and one pass down. So
the question "could this person have answered the other way" has an exact answer for every person at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.tree import IntArray, UnitTree
from throughline_analysis.errors import InputError

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TreeValues:
    """A tree with what is printed about it; every array is (n_units, n_questions).

    `own_largest`: largest possible sum of the people directly in the unit. `low`, `high`: what the unit's printed
    value allows, 0 and the largest possible sum where hidden.
    """

    tree: UnitTree
    own_largest: IntArray
    low: IntArray
    high: IntArray

    def mirrored(self) -> TreeValues:
        """The same with every answer turned round, so that upper bounds become lower ones."""
        largest = self.tree.subtree_sum(self.own_largest)
        return TreeValues(self.tree, self.own_largest, low=largest - self.high, high=largest - self.low)


@dataclass(frozen=True, eq=False)
class TreeRanges:
    """What remains possible; every array is (n_units, n_questions), bounds are included and reached.

    `own_low`, `own_high`: sum of the people directly in the unit. `low`, `high`: sum of the unit with everything
    below. `up_low`, `up_high`: the same, from the unit and what is below it alone.
    """

    own_low: IntArray
    own_high: IntArray
    low: IntArray
    high: IntArray
    up_low: IntArray
    up_high: IntArray


def tree_ranges(values: TreeValues) -> TreeRanges:
    """Exact range of every sum, given everything that is printed about the tree.

    Parameters
    ----------
    values : TreeValues
        The tree and its printed values.

    Returns
    -------
    TreeRanges
        The ranges.

    Raises
    ------
    InputError
        No answers agree with the values.

    Notes
    -----
    Sets that contain one another or do not touch have a totally unimodular matrix, so whole numbers between the
    bounds are all reached. Cost O(n_units * n_questions).

    Source
    ------
    Edmonds and Giles (1977), Annals of Discrete Mathematics 1:185-204, doi:10.1016/S0167-5060(08)70734-9.

    Examples
    --------
    Ten people, seven or eight of them yes; of a team of five, four or five. The other five have two to four.

    >>> import numpy as np
    >>> from throughline_analysis.disclosure import unit_tree
    >>> tree = unit_tree([-1, 0, 0])
    >>> own = np.array([[0], [5], [5]])
    >>> ranges = tree_ranges(TreeValues(tree, own, low=np.array([[7], [4], [0]]), high=np.array([[8], [5], [5]])))
    >>> ranges.own_low.ravel().tolist(), ranges.own_high.ravel().tolist()
    ([0, 4, 2], [0, 5, 4])
    """
    tree, own = values.tree, values.own_largest
    up_low, up_high = np.array(values.low), np.array(values.high)
    sum_low, sum_high = np.zeros_like(own), np.array(own)
    for units, starts in zip(reversed(tree.levels[1:]), reversed(tree.starts), strict=True):
        up_low[units] = np.maximum(up_low[units], sum_low[units])
        up_high[units] = np.minimum(up_high[units], sum_high[units])
        above = tree.parents[units[starts]]
        sum_low[above] += np.add.reduceat(up_low[units], starts, axis=0)
        sum_high[above] += np.add.reduceat(up_high[units], starts, axis=0)
    root = tree.levels[0]
    up_low[root] = np.maximum(up_low[root], sum_low[root])
    up_high[root] = np.minimum(up_high[root], sum_high[root])
    low, high = np.array(up_low), np.array(up_high)
    for units in tree.levels[1:]:
        above = tree.parents[units]
        low[units] = np.maximum(up_low[units], low[above] - (sum_high[above] - up_high[units]))
        high[units] = np.minimum(up_high[units], high[above] - (sum_low[above] - up_low[units]))
    if (low > high).any():
        raise InputError(
            "No answers agree with what is printed about the tree; check that values and sizes belong together."
        )
    return TreeRanges(
        own_low=np.maximum(0, low - (sum_high - own)),
        own_high=np.minimum(own, high - sum_low),
        low=low,
        high=high,
        up_low=up_low,
        up_high=up_high,
    )


def tree_gate(values: TreeValues, is_shown: BoolArray, *, n: IntArray, largest_answers: IntArray) -> BoolArray:
    """Hide values until every person could have given the lowest and the highest answer to every question.

    Parameters
    ----------
    values : TreeValues
        The tree and its printed values.
    is_shown : (n_units, n_questions) of bool
        Which are printed.
    n : (n_units,) of int
        People in each unit; of several values that could be hidden the one of the smallest unit is.
    largest_answers : (n_questions,) of int
        Highest answer to each question, 1 for yes and no, 4 for five points.

    Returns
    -------
    (n_units, n_questions) of bool
        What may be printed; a subset of `is_shown`. It keeps the topmost unit wherever its value alone keeps nobody from
        either answer, as by the standard rules.

    Notes
    -----
    Values and ranges are exact, so the outcome depends on what is printed and on nothing else. Each round hides at
    most one value for each binding one; rounds end because every round hides something. Cost O(rounds *
    n_units * n_questions), two or three rounds in practice.

    Examples
    --------
    >>> import numpy as np
    >>> from throughline_analysis.disclosure import unit_tree
    >>> tree = unit_tree([-1, 0, 0])
    >>> own, shown = np.array([[0], [6], [6]]), np.array([[True], [True], [False]])
    >>> values = TreeValues(tree, own, low=np.array([[4], [5], [0]]), high=np.array([[5], [6], [6]]))
    >>> tree_gate(values, shown, n=np.array([12, 6, 6]), largest_answers=np.array([1])).ravel().tolist()
    [True, False, False]
    """
    kept = np.array(is_shown, dtype=np.bool_)
    low, high = np.array(values.low), np.array(values.high)
    largest = values.tree.subtree_sum(values.own_largest)
    children = _children_of(values.tree)
    open_questions = np.arange(kept.shape[1])
    while len(open_questions):
        part = TreeValues(
            values.tree, values.own_largest[:, open_questions], low=low[:, open_questions], high=high[:, open_questions]
        )
        to_hide: set[tuple[int, int]] = set()
        for side in (part, part.mirrored()):
            need = largest_answers[open_questions]
            to_hide |= _binding_values(side, kept[:, open_questions], n=n, need=need, children=children)
        for unit, column in to_hide:
            question = open_questions[column]
            kept[unit, question] = False
            low[unit, question], high[unit, question] = 0, largest[unit, question]
        open_questions = open_questions[sorted({column for _, column in to_hide})]
    return kept


def _binding_values(
    values: TreeValues, is_shown: BoolArray, *, n: IntArray, need: IntArray, children: list[list[int]]
) -> set[tuple[int, int]]:
    """One (unit, question) to hide for each unit from above whose value keeps somebody from the highest answer."""
    ranges = tree_ranges(values)
    stuck = (values.own_largest > 0) & (ranges.own_high < need)
    found: dict[tuple[int, int], int] = {}
    for unit, question in np.argwhere(stuck).tolist():
        binding, choice = _why(ranges, is_shown, (unit, question), tree=values.tree, n=n, children=children)
        found.setdefault((binding, question), choice)
    return {(choice, question) for (_, question), choice in found.items()}


def _why(
    ranges: TreeRanges,
    is_shown: BoolArray,
    stuck: tuple[int, int],
    *,
    tree: UnitTree,
    n: IntArray,
    children: list[list[int]],
) -> tuple[int, int]:
    """The shown unit whose upper bound binds the stuck one, and the smallest unit whose hiding loosens it.

    Walks upwards: as long as the bound comes from the unit above, that unit's other children are held up by what
    is printed about them, and those values are the ones to choose from.
    """
    here, question = stuck
    holding = [child for child in children[here] if ranges.up_low[child, question] > 0]
    while here != tree.root and (
        ranges.high[here, question] < ranges.up_high[here, question] or not is_shown[here, question]
    ):
        above = int(tree.parents[here])
        holding += [child for child in children[above] if child != here and ranges.up_low[child, question] > 0]
        here = above
    choices: list[int] = []
    while holding:
        child = holding.pop()
        if is_shown[child, question]:
            choices.append(child)
        else:
            holding += [below for below in children[child] if ranges.up_low[below, question] > 0]
    # The topmost unit goes last, and never by the standard rules, as its own value alone keeps nobody.
    if is_shown[here, question] and (here != tree.root or not choices):
        choices.append(here)
    return here, min(choices, key=lambda one: (int(n[one]), one))


def _children_of(tree: UnitTree) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in range(tree.n_units)]
    for units in tree.levels[1:]:
        for unit in units.tolist():
            children[int(tree.parents[unit])].append(unit)
    return children
