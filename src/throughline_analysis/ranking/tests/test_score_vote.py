"""Score voting: means, intervals, and what a mean of scores is known to keep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import score_vote

cell = st.one_of(st.integers(0, 5), st.just(None))
tables = st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=8)


def as_scores(table: list[list[int | None]]) -> np.ndarray:
    return np.array([[math.nan if own is None else own for own in row] for row in table])


def test_students_interval_of_his_own_sleep_data() -> None:
    """Student (1908), Biometrika 6:1-25: extra hours of sleep, drug 2: mean 2.33, standard deviation 2.002."""
    hours = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    result = score_vote(hours[:, None])
    assert result.mean[0] == pytest.approx(2.33)
    reach = 2.002249 / math.sqrt(10) * student.ppf(0.975, 9)
    # Six digits of the standard deviation.
    assert (result.low[0], result.high[0]) == pytest.approx((2.33 - reach, 2.33 + reach), abs=1e-5)


@given(tables)
def test_intervals_are_those_of_scipy(table: list) -> None:
    scores = as_scores(table)
    n = (~np.isnan(scores)).sum(axis=0)
    if not n.any():
        with pytest.raises(NotEnoughData):
            score_vote(scores)
        return
    result = score_vote(scores)
    for column in range(3):
        own = scores[~np.isnan(scores[:, column]), column]
        if len(own) > 1 and own.std() > 0:
            expected = student.interval(0.95, len(own) - 1, own.mean(), own.std(ddof=1) / math.sqrt(len(own)))
            assert (result.low[column], result.high[column]) == pytest.approx(expected)


@given(tables, st.integers(0, 2))
def test_another_candidate_changes_no_mean_and_no_order(table: list, without: int) -> None:
    scores = as_scores(table)
    rest = np.delete(scores, without, axis=1)
    if np.isnan(rest).all():
        return
    whole, part = score_vote(scores), score_vote(rest)
    kept = np.delete(np.arange(3), without)
    np.testing.assert_array_equal(whole.mean[kept], part.mean)
    for one in range(2):
        for two in range(2):
            if part.place[one] and part.place[two]:
                ahead = whole.place[kept[one]] < whole.place[kept[two]]
                assert ahead == (part.place[one] < part.place[two])


@given(tables, st.integers(0, 7))
def test_a_higher_score_never_makes_the_winner_lose(table: list, voter: int) -> None:
    scores = as_scores(table)
    if np.isnan(scores).all():
        return
    winner = score_vote(scores).winners[0]
    raised = scores.copy()
    raised[voter % len(table), winner] += 1
    assert winner in score_vote(raised).winners


@given(tables, tables)
def test_two_groups_of_full_ballots_that_elect_the_same_elect_it_together(one: list, two: list) -> None:
    first, second = np.nan_to_num(as_scores(one)), np.nan_to_num(as_scores(two))
    common = set(score_vote(first).winners) & set(score_vote(second).winners)
    if common:
        assert set(score_vote(np.concatenate([first, second])).winners) == common


def test_a_majoritys_favourite_can_lose() -> None:
    assert score_vote([[5, 4], [5, 4], [0, 5]]).winners == (1,)


def test_the_quorum_keeps_the_unknown_from_winning() -> None:
    scores = np.array([[3, np.nan], [4, np.nan], [3, 5.0]])
    assert score_vote(scores).winners == (1,)
    result = score_vote(scores, quorum=2)
    assert (result.winners, result.place.tolist()) == ((0,), [1, 0])
    assert np.isnan(result.low[1])


def test_intervals_cover_the_mean_of_people_like_these() -> None:
    rng = np.random.default_rng(71)
    chances = np.array([0.05, 0.15, 0.3, 0.3, 0.2])
    truth = float(chances @ np.arange(1, 6))
    held = []
    for _ in range(200):
        result = score_vote(rng.choice(np.arange(1.0, 6.0), (20, 20), p=chances))
        held.append(np.mean((result.low <= truth) & (truth <= result.high)))
    # Three standard errors of the simulation are 0.010; the steps of the scale cost a little.
    assert np.mean(held) == pytest.approx(0.95, abs=0.013)


def test_equal_means_share_the_place_and_the_smallest_vote_counts() -> None:
    result = score_vote([[1, 2], [2, 1]])
    assert (result.winners, result.place.tolist()) == ((0, 1), [1, 1])
    assert score_vote([[3]]).mean.tolist() == [3]


def test_input_stays_unchanged_and_wrong_input_is_refused() -> None:
    scores = np.array([[1, np.nan], [2, 3.0]])
    before = scores.copy()
    score_vote(scores)
    np.testing.assert_array_equal(scores, before)
    with pytest.raises(InputError, match="voters x candidates"):
        score_vote([1, 2])
    with pytest.raises(InputError, match="infinite"):
        score_vote([[math.inf]])
    with pytest.raises(InputError, match="quorum"):
        score_vote(scores, quorum=0)
    with pytest.raises(NotEnoughData, match="scored by 3"):
        score_vote(scores, quorum=3)


def test_scores_that_are_all_the_same_have_a_mean_and_no_interval() -> None:
    result = score_vote([[0.1, 1], [0.1, 2], [0.1, 3]])
    assert result.mean.tolist() == [pytest.approx(0.1), 2]
    assert np.isnan([result.low[0], result.high[0]]).all()
    assert result.low[1] < 2 < result.high[1]


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e6])
def test_means_of_the_same_scores_in_another_order_are_equal_in_any_unit(unit: float) -> None:
    scores = unit * (1 + np.array([[0.1, 0.3], [0.2, 0.2], [0.3, 0.1]]))
    # Added up in this order the two means differ in the last digit.
    assert score_vote(scores).winners == (0, 1)
    assert score_vote(scores + unit * 1e-6 * np.array([1, 0])).winners == (0,)
