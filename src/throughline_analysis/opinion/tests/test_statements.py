"""What groups say: published intervals, another implementation, error rates, and planted statements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control, hypergeom

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import (
    bridging_statements,
    dividing_statements,
    group_agreement,
    held_out_labels,
    representative_statements,
    votes_from_matrix,
)
from throughline_analysis.opinion.profiles import AnswerTable
from throughline_analysis.opinion.shares import difference_chances, differences, majority_chances, selected, wilson
from throughline_analysis.opinion.tests.conversations import answered, in_groups


def test_wilson_interval_equals_the_published_example() -> None:
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3: 81/263 gives 0.2553 to 0.3662."""
    found = wilson(np.array([81, 15, 0, 1]), np.array([263, 148, 20, 29]), 0.95)
    np.testing.assert_allclose(found.low, [0.2553, 0.0624, 0.0, 0.0061], atol=5e-5)
    np.testing.assert_allclose(found.high, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


def test_difference_interval_equals_the_formula_worked_by_hand() -> None:
    """Agresti and Caffo (2000): 8 of 8 against 4 of 8 become 9/10 and 5/10, so 0.4 +- 1.96 * sqrt(0.034)."""
    one = np.array([8])
    found = differences(one, one, other_successes=np.array([4]), other_trials=one, level=0.95)
    half = 1.959964 * np.sqrt(0.09 / 10 + 0.25 / 10)
    np.testing.assert_allclose(
        [found.estimate[0], found.low[0], found.high[0]], [0.4, 0.4 - half, 0.4 + half], atol=1e-6
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_choice_among_many_equals_scipys(chances: list[float]) -> None:
    found = selected(np.array(chances), 0.95)
    expected = false_discovery_control(chances)
    np.testing.assert_allclose(found.adjusted, expected, atol=1e-12)
    assert found.is_chosen.tolist() == (expected <= 0.05 + 1e-15).tolist()


def test_difference_intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(1)
    n = np.full(4000, 12)
    other = np.full(4000, 20)
    found = differences(
        rng.binomial(12, 0.8, 4000), n, other_successes=rng.binomial(20, 0.5, 4000), other_trials=other, level=0.95
    )
    # Agresti and Caffo report 0.94 to 0.97 at such sizes; 4,000 runs are sure to half a per cent.
    assert 0.935 < float(((found.low <= 0.3) & (found.high >= 0.3)).mean()) < 0.98


def planted(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Statement 0 divides, 1 is agreed by all, 2 rejected by all, 3 to 19 split everybody evenly."""
    labels = np.repeat([0, 1, 2], 60)
    chances = np.full((180, 20), 0.5)
    chances[:, 0] = np.array([0.9, 0.5, 0.1])[labels]
    chances[:, 1], chances[:, 2] = 0.85, 0.1
    return answered(chances, rng, seen_0_1=0.9, passed_0_1=0.03), labels


def test_planted_statements_are_found_and_their_intervals_hold_the_truth() -> None:
    table, labels = planted(np.random.default_rng(2))
    votes = votes_from_matrix(table)
    divide = dividing_statements(votes, labels)
    assert divide.statement.tolist()[0] == 0
    assert (divide.group_more[0], divide.group_less[0]) == (0, 2)
    # Three in a hundred pass, so the true difference is 0.8 * 0.97.
    assert divide.low[0] < 0.776 < divide.high[0]
    bridge = bridging_statements(votes, labels)
    assert sorted(zip(bridge.statement.tolist(), bridge.side.tolist(), strict=True)) == [(1, 1), (2, -1)]
    assert (bridge.low <= bridge.lowest_share).all()
    stand_for = representative_statements(votes, labels)
    assert {(0, 0, 1), (2, 0, -1)} <= set(
        zip(stand_for.group.tolist(), stand_for.statement.tolist(), stand_for.side.tolist(), strict=True)
    )


def test_nothing_stands_out_where_groups_are_drawn_at_random() -> None:
    rng = np.random.default_rng(3)
    n_found = 0
    for _ in range(100):
        votes = votes_from_matrix(answered(np.full((40, 30), 0.5), rng))
        labels = rng.integers(0, 2, 40)
        n_found += len(representative_statements(votes, labels).statement) > 0
        n_found += len(dividing_statements(votes, labels).statement) > 0
    # At a level of 5 % about 10 of 200; 20 is three standard errors more.
    assert n_found <= 20


def test_held_out_labels_equal_brute_force_and_take_the_circle_out() -> None:
    rng = np.random.default_rng(4)
    table, labels = in_groups((8, 7), 6, rng, apart=0.3, seen_0_1=0.8)
    votes = votes_from_matrix(table)
    found = held_out_labels(votes, labels)
    answers = AnswerTable(votes)
    counts = answers.counts(labels, 2)
    rows = 0
    for person in range(15):
        for statement in np.flatnonzero(~np.isnan(table[person])):
            shorter = table.copy()
            shorter[person, statement] = np.nan
            part = AnswerTable(votes_from_matrix(shorter))
            # The profiles stay those of all votes; only this person's likelihood loses the vote.
            expected = part.chances(labels, counts)[person]
            if abs(expected[0] - expected[1]) > 1e-9:
                assert found[rows] == expected.argmax()
            rows += 1


def test_fewer_statements_seem_to_divide_with_held_out_labels() -> None:
    """Cut at random through noise: the same votes that made the cut make it look real."""
    from throughline_analysis.opinion.regrouping import divided_into

    rng = np.random.default_rng(5)
    votes = votes_from_matrix(answered(np.full((100, 12), 0.5), rng))
    labels = divided_into(votes, 2, min_size=5)
    circular = dividing_statements(votes, labels).statement
    held_out = dividing_statements(votes, held_out_labels(votes, labels)).statement
    assert len(held_out) < len(circular)


def test_shares_are_those_counted_and_unseen_statements_have_none() -> None:
    found = group_agreement(votes_from_matrix([[1, np.nan], [0, np.nan], [-1, 1]]), [0, 0, 1])
    assert found.share[0, 0] == 0.5
    assert np.isnan(found.share[0, 1])
    assert (found.low[0, 1], found.high[0, 1]) == (0, 1)
    assert found.seen.tolist() == [[2, 0], [1, 1]]


@given(st.integers(0, 500))
def test_doubling_everybody_changes_no_share(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, labels = in_groups((4, 3), 5, rng, seen_0_1=0.7)
    once = group_agreement(votes_from_matrix(table), labels)
    twice = group_agreement(votes_from_matrix(np.vstack([table, table])), np.append(labels, labels))
    np.testing.assert_array_equal(once.share, twice.share)


def test_labels_that_do_not_fit_are_refused() -> None:
    votes = votes_from_matrix([[1, -1, 1], [-1, 1, 1]])
    with pytest.raises(InputError, match="one per person or one per vote"):
        group_agreement(votes, [0])
    with pytest.raises(InputError, match="level"):
        group_agreement(votes, [0, 1], level=1.0)
    with pytest.raises(NotEnoughData, match="Nobody"):
        bridging_statements(votes, [-1, -1])
    with pytest.raises(NotEnoughData, match="1 groups have votes"):
        dividing_statements(votes, [0, 0])
    with pytest.raises(InputError, match="one per person"):
        held_out_labels(votes, [0])


@given(st.integers(0, 30), st.integers(0, 30), st.data())
def test_chances_of_differences_equal_scipys_exact_distribution(n: int, m: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    one, other, seen, other_seen = (np.array([number]) for number in (a, b, n, m))
    found = difference_chances(one, seen, other_successes=other, other_trials=other_seen)
    tails = hypergeom.sf(a - 1, n + m, a + b, n), hypergeom.cdf(a, n + m, a + b, n)
    assert found[0] == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-9)
    expected = binomtest(a, n, alternative="greater").pvalue if n else 1.0
    assert majority_chances(one, seen)[0] == pytest.approx(expected, rel=1e-9)


def test_chance_of_the_lady_tasting_tea_is_the_published_one() -> None:
    """Fisher (1935), The Design of Experiments: three of four right has a chance of 17 in 70 on one side."""
    four = np.array([4])
    found = difference_chances(np.array([3]), four, other_successes=np.array([1]), other_trials=four)
    assert found[0] == pytest.approx(2 * 17 / 70)


@pytest.mark.parametrize("sizes", [(5, 5), (10, 40), (10, 100)])
def test_nothing_stands_out_in_small_groups_drawn_at_random(sizes: tuple[int, int]) -> None:
    """Ten of ten agree by chance in one statement of a thousand; a normal approximation takes that for certain."""
    rng = np.random.default_rng([6, *sizes])
    labels = np.repeat([0, 1], sizes)
    n_found = 0
    for _ in range(100):
        votes = votes_from_matrix(answered(np.full((sum(sizes), 60), 0.5), rng))
        n_found += len(representative_statements(votes, labels).statement) > 0
    # 5 of 100 at the level of 5 %; more than 11 happen less than once in 200 times.
    assert n_found <= 11


def test_a_number_that_no_group_has_does_not_keep_statements_from_bridging() -> None:
    table = np.repeat([[1, 1], [-1, 1]], 20, axis=0)
    found = bridging_statements(votes_from_matrix(table), np.repeat([0, 2], 20))
    assert (found.statement.tolist(), found.lowest_group.tolist(), found.lowest_seen.tolist()) == ([1], [0], [20])


def test_labels_of_people_and_of_votes_are_not_confused() -> None:
    votes = votes_from_matrix([[1, 1, np.nan], [np.nan] * 3, [np.nan, np.nan, -1]])
    with pytest.raises(InputError, match="unclear"):
        group_agreement(votes, held_out_labels(votes, [0, 1, 1]))
    one_each = votes_from_matrix([[1, np.nan], [np.nan, -1]])
    assert group_agreement(one_each, [0, 1]).seen.tolist() == [[1, 0], [0, 1]]


def test_labels_that_are_no_numbers_of_groups_are_refused() -> None:
    votes = votes_from_matrix([[1, -1, 1], [-1, 1, 1]])
    with pytest.raises(InputError, match="whole number"):
        held_out_labels(votes, [0.9, 1.2])
    with pytest.raises(InputError, match="number the groups from 0"):
        group_agreement(votes, [0, 10**9])


def test_counts_beside_the_statements_are_the_answers_given() -> None:
    table, labels = planted(np.random.default_rng(7))
    votes = votes_from_matrix(table)
    seen = group_agreement(votes, labels).seen
    stand_for, divide = representative_statements(votes, labels), dividing_statements(votes, labels)
    assert stand_for.seen.tolist() == seen[stand_for.group, stand_for.statement].tolist()
    assert divide.seen_more.tolist() == seen[divide.group_more, divide.statement].tolist()
    assert divide.seen_less.tolist() == seen[divide.group_less, divide.statement].tolist()
