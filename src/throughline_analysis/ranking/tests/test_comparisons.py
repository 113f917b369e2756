"""Tallying comparisons: counts are right whichever way they are counted, and what is wrong is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import Comparisons, Outcome, comparisons

rows = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(1, 4), st.sampled_from(Outcome), st.integers(0, 2), st.sampled_from([0, 1, 2.5])
    ),
    min_size=1,
    max_size=60,
)


def looped(first: list[int], second: list[int], said: list[int], group: list[int], count: list[float]) -> dict:
    found: dict[tuple[int, int, int], list[float]] = {}
    for one, two, outcome, of_group, times in zip(first, second, said, group, count, strict=True):
        row = found.setdefault((of_group, min(one, two), max(one, two)), [0.0] * 4)
        column = {0: 2, 2: 3}.get(outcome)
        if column is None:
            winner = one if outcome == Outcome.FIRST else two
            column = 0 if winner == min(one, two) else 1
        row[column] += times
    return found


def as_dict(tally: Comparisons) -> dict[tuple[int, int, int], list[float]]:
    table = np.column_stack([tally.wins_first, tally.wins_second, tally.ties, tally.undecided])
    keys = zip(tally.group.tolist(), tally.first.tolist(), tally.second.tolist(), strict=True)
    return dict(zip(keys, table.tolist(), strict=True))


@given(rows, st.sampled_from([5, 400]))
def test_the_tally_is_what_a_loop_counts_by_table_or_by_sorting(given_rows: list[tuple], n_items: int) -> None:
    first = [row[0] for row in given_rows]
    second = [(row[0] + row[1]) % 5 for row in given_rows]
    said, group, count = ([row[column] for row in given_rows] for column in (2, 3, 4))
    tally = comparisons(first, second, outcomes=said, n_items=n_items, counts=count, groups=group)
    assert as_dict(tally) == looped(first, second, said, group, count)
    keys = list(as_dict(tally))
    assert keys == sorted(keys)


def test_counting_into_a_table_and_sorting_agree_on_many_rows() -> None:
    rng = np.random.default_rng(4)
    first = rng.integers(0, 30, 5_000)
    second = (first + rng.integers(1, 30, 5_000)) % 30
    said = rng.integers(-1, 3, 5_000)
    by_table = comparisons(first, second, outcomes=said, n_items=30)
    by_sorting = comparisons(first, second, outcomes=said, n_items=3_000)
    assert as_dict(by_table) == as_dict(by_sorting)


def test_pooling_adds_up_the_groups() -> None:
    tally = comparisons([0, 1, 0, 2], [1, 0, 1, 1], outcomes=[1, 1, 0, 2], n_items=3, groups=[0, 0, 1, 1])
    assert as_dict(tally.pooled()) == {(0, 0, 1): [1, 1, 1, 0], (0, 1, 2): [0, 0, 0, 1]}
    assert tally.pooled().pooled().n_groups == 1


def test_turning_every_pair_round_changes_nothing() -> None:
    tally = comparisons([0, 2, 1], [1, 0, 2], outcomes=[1, -1, 0], n_items=3)
    turned = comparisons([1, 0, 2], [0, 2, 1], outcomes=[-1, 1, 0], n_items=3)
    assert as_dict(tally) == as_dict(turned)


def test_inputs_stay_unchanged() -> None:
    first, second, said = np.array([1, 0]), np.array([0, 1]), np.array([1, 2])
    comparisons(first, second, outcomes=said, n_items=2)
    assert (first.tolist(), second.tolist(), said.tolist()) == ([1, 0], [0, 1], [1, 2])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": [0, 1]}, "differ in length"),
        ({"first": [3]}, "outside 0 to 2"),
        ({"second": [-1]}, "outside 0 to 2"),
        ({"second": [0]}, "against itself"),
        ({"outcomes": [3]}, "outside -1, 0, 1 and 2"),
        ({"outcomes": [0.5]}, "whole numbers"),
        ({"first": [[0]]}, "flat list"),
        ({"counts": [-1]}, "not negative"),
        ({"counts": [np.nan]}, "finite"),
        ({"counts": [1e13]}, "more answers than there can be"),
        ({"counts": [[1]]}, "differ in length"),
        ({"counts": ["often"]}, "must be numbers"),
        # True for "the first won" would be read as 1, but False as a tie.
        ({"outcomes": [True]}, "whole numbers; it holds bool"),
        ({"n_items": 3.0}, "whole number of them"),
        ({"second": [[1], [1, 2]]}, "flat list"),
        ({"groups": [-1]}, "negative"),
        ({"groups": [10**12]}, "number the groups from 0"),
        ({"n_items": 1}, "at least two"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(changed: dict, words: str) -> None:
    right = {"first": [0], "second": [1], "outcomes": [1], "n_items": 3}
    with pytest.raises(InputError, match=words):
        comparisons(**{**right, **changed})


def test_no_comparison_at_all_is_too_little() -> None:
    with pytest.raises(NotEnoughData, match="no comparisons yet"):
        comparisons([], [], outcomes=[], n_items=3)
