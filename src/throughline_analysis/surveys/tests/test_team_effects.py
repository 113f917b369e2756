"""ICC(1) and ICC(2): the published example, another implementation, properties and coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import team_effects
from throughline_analysis.surveys.tests.published import SHROUT_FLEISS

seeds = st.integers(min_value=0, max_value=10_000)


def test_the_example_of_shrout_and_fleiss() -> None:
    # Table 4 and the intervals that the R package psych prints for the same data.
    result = team_effects(SHROUT_FLEISS.ravel(), np.repeat(np.arange(6), 4))
    assert (round(result.icc1, 2), round(result.icc2, 2)) == (0.17, 0.44)
    assert (round(result.icc1_interval.low, 2), round(result.icc1_interval.high, 2)) == (-0.13, 0.72)
    assert (round(result.icc2_interval.low, 2), round(result.icc2_interval.high, 2)) == (-0.88, 0.91)


@given(seeds)
def test_the_test_of_any_difference_is_that_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    teams = np.repeat(np.arange(6), rng.integers(2, 7, 6))
    values = rng.normal(size=len(teams))
    result = team_effects(values, teams)
    expected = stats.f_oneway(*(values[teams == team] for team in range(6)))
    assert result.f_value == pytest.approx(expected.statistic, rel=1e-9)
    assert result.f_p == pytest.approx(expected.pvalue, abs=1e-12)


@given(seeds)
def test_order_of_people_and_units_of_the_scale_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    teams, values = np.arange(40) % 7, rng.normal(size=40)
    order = rng.permutation(40)
    plain, moved = team_effects(values, teams), team_effects(5 - 2 * values[order], teams[order])
    assert moved.icc1 == pytest.approx(plain.icc1, abs=1e-9)
    assert moved.icc2_interval.high == pytest.approx(plain.icc2_interval.high, abs=1e-9)


def test_icc2_is_spearman_brown_of_icc1_at_the_average_size() -> None:
    rng = np.random.default_rng(2)
    teams = np.repeat(np.arange(8), rng.integers(3, 12, 8))
    result = team_effects(rng.normal(size=len(teams)) + rng.normal(size=8)[teams], teams)
    size = result.team_size
    assert result.icc2 == pytest.approx(size * result.icc1 / (1 + (size - 1) * result.icc1))


@pytest.mark.parametrize("sizes", [(8, 9), (3, 16)], ids=["equal", "unequal"])
def test_intervals_hold_the_known_likeness_about_as_often_as_they_say(sizes: tuple[int, int]) -> None:
    rng, hits, found = np.random.default_rng(4), [], []
    for _ in range(400):
        teams = np.repeat(np.arange(20), rng.integers(*sizes, 20))
        values = np.sqrt(0.2) * rng.normal(size=20)[teams] + np.sqrt(0.8) * rng.normal(size=len(teams))
        result = team_effects(values, teams)
        hits.append(result.icc1_interval.low <= 0.2 <= result.icc1_interval.high)
        found.append(result.icc1)
    # Standard errors: one point of coverage, 0.004 of the mean; the estimate is slightly biased downwards.
    assert 0.915 <= np.mean(hits) <= 0.98
    assert np.mean(found) == pytest.approx(0.2, abs=0.02)


def test_teams_without_effect_are_around_zero_and_may_be_below() -> None:
    rng = np.random.default_rng(5)
    found = [team_effects(rng.normal(size=100), np.arange(100) % 10).icc1 for _ in range(200)]
    assert np.mean(found) == pytest.approx(0.0, abs=0.01)
    assert min(found) < 0


def test_people_without_answer_and_teams_of_one_are_left_out() -> None:
    values = np.append(SHROUT_FLEISS.ravel().astype(float), [np.nan, 3.0])
    teams = np.append(np.repeat(np.arange(6), 4), [0, 99])
    result = team_effects(values, teams)
    assert (result.n_people, result.n_teams, result.n_teams_left_out) == (24, 6, 1)
    assert round(result.icc1, 2) == 0.17


def test_smallest_legal_input_refusals_and_unchanged_input() -> None:
    values, teams = np.array([1.0, 2, 2, 3, 3, 4, 4, 6, 5, 6]), np.repeat(np.arange(5), 2)
    assert team_effects(values, teams).n_teams == 5
    assert values[0] == 1.0
    with pytest.raises(NotEnoughData, match="4 teams"):
        team_effects(values[:8], teams[:8])
    with pytest.raises(NotEnoughData, match="Nobody differs"):
        team_effects(teams.astype(float), teams)
    with pytest.raises(NotEnoughData, match="All team means are the same"):
        team_effects([1.0, 2] * 5, teams)
    with pytest.raises(InputError, match="one label"):
        team_effects(values, teams[:3])


def test_ends_of_icc2_below_zero_stay_below_it_where_teams_are_very_unequal() -> None:
    rng = np.random.default_rng(0)
    teams = np.repeat(np.arange(10), [2] * 8 + [60] * 2)
    values = rng.normal(size=len(teams))
    means = np.bincount(teams, values) / np.bincount(teams)
    # All team means nearly alike, so icc1 lies far below zero.
    result = team_effects(values - means[teams] + 0.03 * rng.normal(size=10)[teams], teams)
    assert result.icc1_interval.high < -1 / (result.team_size - 1)
    assert result.icc2_interval.low < result.icc2_interval.high < 0


def test_somebody_without_a_team_is_refused_rather_than_made_a_team() -> None:
    values = np.arange(12.0) % 5
    with pytest.raises(InputError, match="label for everybody"):
        team_effects(values, [1.0, 1, 2, 2, 3, 3, 4, 4, 5, 5, np.nan, np.nan])
    with pytest.raises(InputError, match="label for everybody"):
        team_effects(values, ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e", None, None])
    with pytest.raises(InputError, match="one kind"):
        team_effects(values, np.array(["a", "a", "b", "b", 3, 3, 4, 4, 5, 5, 6, 6], dtype=object))
