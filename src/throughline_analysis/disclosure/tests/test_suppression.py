"""Which units are shown: safe always, and never fewer than could be."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis.disclosure import STANDARD_RULES, remainders, unit_tree, visible_units
from throughline_analysis.errors import InputError, NotEnoughData

SMALL_TREES = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.tuples(*[st.integers(0, max(i - 1, 0)) for i in range(n)]),
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
    )
)


def built(drawn: tuple[tuple[int, ...], list[int]]) -> tuple[list[int], list[int]]:
    return [-1, *drawn[0][1:]], drawn[1]


def is_safe(parents: list[int], own: list[int], shown: set[int]) -> bool:
    """Straight from the definition: count the people of each shown unit who are in none of the shown ones below."""
    rest = dict.fromkeys(shown, 0)
    size = dict.fromkeys(shown, 0)
    for unit, people in enumerate(own):
        above, is_first = unit, True
        while above >= 0:
            if above in shown:
                size[above] += people
                if is_first:
                    rest[above] += people
                    is_first = False
            above = parents[above]
    return all(n >= 5 for n in size.values()) and all(n == 0 or n >= 5 for n in rest.values())


@given(SMALL_TREES)
def test_no_safe_choice_shows_more_units(drawn: tuple[tuple[int, ...], list[int]]) -> None:
    parents, own = built(drawn)
    if sum(own) < 5:
        return
    shown = set(np.flatnonzero(visible_units(unit_tree(parents), own).is_shown).tolist())
    assert 0 in shown
    assert is_safe(parents, own, shown)
    others = range(1, len(own))
    most = max(
        1 + n for n in range(len(own)) for extra in combinations(others, n) if is_safe(parents, own, {0, *extra})
    )
    assert len(shown) == most


@given(SMALL_TREES, st.lists(st.booleans(), min_size=9, max_size=9))
def test_hiding_more_of_a_safe_choice_keeps_it_safe(
    drawn: tuple[tuple[int, ...], list[int]], hidden: list[bool]
) -> None:
    parents, own = built(drawn)
    if sum(own) < 5:
        return
    shown = visible_units(unit_tree(parents), own).is_shown
    fewer = {int(unit) for unit in np.flatnonzero(shown) if unit == 0 or not hidden[unit]}
    assert is_safe(parents, own, fewer)


@given(SMALL_TREES)
def test_remainders_are_those_of_the_definition(drawn: tuple[tuple[int, ...], list[int]]) -> None:
    parents, own = built(drawn)
    tree = unit_tree(parents)
    rest = remainders(tree, own, [True] * len(own))
    assert rest.tolist() == own


def test_the_smallest_sibling_that_is_large_enough_is_the_one_hidden() -> None:
    units = visible_units(unit_tree([-1, 0, 0, 0, 0]), [0, 4, 12, 6, 9])
    assert units.is_shown.tolist() == [True, False, True, False, True]
    assert units.n_candidates == 4


def test_two_small_siblings_hide_each_other() -> None:
    assert visible_units(unit_tree([-1, 0, 0, 0]), [0, 3, 2, 9]).is_shown.tolist() == [True, False, False, True]


def test_half_the_floor_shows_more_and_double_shows_less() -> None:
    tree, own = unit_tree([-1, 0, 0, 0, 0]), [0, 3, 6, 11, 14]
    counts = [
        int(visible_units(tree, own, rules=replace(STANDARD_RULES, floor=floor)).is_shown.sum()) for floor in (3, 5, 10)
    ]
    assert counts == [5, 3, 2]
    assert visible_units(tree, own, rules=replace(STANDARD_RULES, floor=10)).is_shown.tolist()[-1]


def test_units_that_may_not_be_shown_are_not() -> None:
    shown = visible_units(unit_tree([-1, 0, 0]), [0, 9, 9], allowed=[True, False, True]).is_shown
    assert shown.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("parents", "words"),
    [([0, 0], "0 topmost"), ([-1, -1], "2 topmost"), ([-1, 2, 1], "circle"), ([-1, 7], "outside"), ([], "one row")],
)
def test_what_is_no_tree_is_refused(parents: list[int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        unit_tree(parents)


def test_fewer_than_five_people_are_not_enough() -> None:
    with pytest.raises(NotEnoughData, match="fewer than 5"):
        visible_units(unit_tree([-1, 0]), [1, 3])


def test_counts_must_fit_the_tree() -> None:
    with pytest.raises(InputError, match="one count per unit"):
        visible_units(unit_tree([-1, 0]), [9])
    with pytest.raises(InputError, match="negative"):
        visible_units(unit_tree([-1, 0]), [9, -1])
