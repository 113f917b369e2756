"""Printed codes: wide enough, symmetrical, and read back as what they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis.disclosure import codes_of, limits_of, words_of
from throughline_analysis.errors import InputError

GROUPS = st.tuples(st.integers(5, 300), st.sampled_from([2, 3, 5, 7, 11]))


@given(GROUPS)
def test_limits_are_exactly_the_sums_that_are_printed_alike(group: tuple[int, int]) -> None:
    n, points = group
    sums = np.arange((points - 1) * n + 1)
    codes = codes_of(sums, n, points=points)
    limits = limits_of(codes, n, points=points)
    for code in np.unique(codes):
        alike = sums[codes == code]
        assert set(limits.low[codes == code]) == {alike.min()}
        assert set(limits.high[codes == code]) == {alike.max()}


@given(GROUPS)
def test_mirrored_answers_have_the_mirrored_code(group: tuple[int, int]) -> None:
    n, points = group
    sums = np.arange((points - 1) * n + 1)
    codes, mirrored = (codes_of(part, n, points=points) for part in (sums, sums[::-1]))
    assert (codes + mirrored == (2 if n < 20 else 100)).all()


@given(GROUPS)
def test_a_group_alone_never_shows_that_everybody_or_nobody_gave_an_answer(group: tuple[int, int]) -> None:
    n, points = group
    largest = (points - 1) * n
    limits = limits_of(codes_of([0, largest], n, points=points), n, points=points)
    assert limits.high[0] >= points - 1
    assert limits.low[1] <= largest - (points - 1)


@given(st.integers(41, 2_000))
def test_above_forty_every_class_holds_two_neighbouring_counts(n: int) -> None:
    codes = codes_of(np.arange(n + 1), n, points=2)
    assert np.unique(codes, return_counts=True)[1].min() >= 2


def test_at_forty_and_below_some_classes_hold_a_single_count() -> None:
    codes = codes_of(np.arange(21), 20, points=2)
    assert np.unique(codes, return_counts=True)[1].min() == 1


@given(st.integers(20, 400), st.integers(0, 400))
def test_shares_are_rounded_to_the_nearest_five_percent_but_for_the_ends(n: int, yes: int) -> None:
    yes = min(yes, n)
    code = int(codes_of(yes, n, points=2))
    nearest = min(range(0, 101, 5), key=lambda step: (abs(100 * yes - step * n), abs(step - 50)))
    assert code == min(max(nearest, 5), 95)


def test_words_say_what_is_printed() -> None:
    assert [words_of(code) for code in (0, 1, 50)] == ["lower third", "middle third", "50 %"]


def test_impossible_sums_are_refused() -> None:
    with pytest.raises(InputError, match="larger than its group"):
        codes_of([6], [5], points=2)
    with pytest.raises(InputError, match="whole numbers"):
        codes_of([2.5], [5], points=2)


def test_a_third_of_a_group_that_is_too_large_for_one_is_refused() -> None:
    # Fifteen of the twenty-five answered: read as twenty-five, the third would stand for something else.
    with pytest.raises(InputError, match="how many people answered"):
        limits_of([2], [25], points=2)
    assert limits_of([2], [15], points=2).low.tolist() == [11]
