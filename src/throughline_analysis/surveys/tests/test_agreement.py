"""Agreement within teams: published nulls, worked by hand, properties, coverage and chance."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import TeamAgreement, null_distributions, within_team_agreement
from throughline_analysis.surveys import agreement as module

seeds = st.integers(min_value=0, max_value=10_000)


def agreement(answers: ArrayLike, teams: ArrayLike, seed: int = 0, **options: Any) -> TeamAgreement:
    return within_team_agreement(
        answers, teams, **({"lowest": 1, "highest": 5, "rng": np.random.default_rng(seed)} | options)
    )


def test_the_nulls_have_the_published_variances() -> None:
    # LeBreton and Senter (2008), table 2, five options, printed with two digits.
    result = agreement([1, 2, 3, 4, 5], ["a"] * 5)
    variances = dict(zip(result.nulls, result.null_variances.round(2).tolist(), strict=True))
    assert variances == {
        "uniform": 2.0,
        "slight skew": 1.34,
        "moderate skew": 0.9,
        "heavy skew": 0.44,
        "triangular": 1.32,
        "normal": 1.04,
    }


@pytest.mark.parametrize("n_options", [2, 4, 7, 9, 11])
def test_uniform_and_triangular_nulls_exist_for_any_scale(n_options: int) -> None:
    nulls = null_distributions(n_options)
    assert set(nulls) == {"uniform", "triangular"}
    option = np.arange(n_options)
    uniform, triangular = (np.array(nulls[name]) for name in ("uniform", "triangular"))
    assert uniform @ option**2 - (uniform @ option) ** 2 == pytest.approx((n_options**2 - 1) / 12)
    assert triangular.sum() == pytest.approx(1.0)
    assert triangular == pytest.approx(triangular[::-1])
    assert (np.diff(triangular)[: n_options // 2 - 1] > 0).all()


def test_r_wg_of_ten_items_is_spearman_brown_of_one() -> None:
    # James, Demaree and Wolf (1984): r_wg(1) of 0.5 becomes 10 * 0.5 / (1 + 9 * 0.5) = 0.909 with ten items.
    answers = [2, 2, 3, 4, 4]
    assert np.var(answers, ddof=1) == 1.0
    one, ten = agreement(answers, ["a"] * 5), agreement(np.tile(np.array(answers)[:, None], 10), ["a"] * 5)
    assert one.r_wg[0].tolist() == [0.5]
    assert ten.r_wg[0].tolist() == pytest.approx([0.909], abs=5e-4)


@settings(max_examples=30)
@given(seeds, st.integers(min_value=1, max_value=4))
def test_every_team_equals_the_formula_worked_for_it_alone(seed: int, n_items: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, (30, n_items)).astype(float)
    teams = rng.integers(0, 4, 30)
    if np.bincount(teams).max() < 5:
        return
    result = agreement(answers, teams)
    for index, team in enumerate(result.teams):
        members = answers[teams == team]
        ratio = members.var(axis=0, ddof=1).mean() / result.null_variances
        one = np.maximum(1 - ratio, 0)
        assert result.r_wg[:, index] == pytest.approx(n_items * one / (n_items * one + 1 - one), abs=1e-12)
        assert result.is_clipped[:, index].tolist() == (ratio > 1).tolist()
        assert result.n_people[index] == len(members)


@settings(max_examples=30)
@given(seeds)
def test_mirroring_the_scale_changes_no_agreement_against_the_uniform_null(seed: int) -> None:
    answers = np.random.default_rng(seed).integers(1, 6, (20, 3)).astype(float)
    teams = [0] * 10 + [1] * 10
    plain, mirrored = agreement(answers, teams), agreement(6 - answers, teams)
    assert mirrored.r_wg[0] == pytest.approx(plain.r_wg[0], abs=1e-12)
    assert mirrored.low[0] == pytest.approx(plain.low[0], abs=1e-9)


def test_the_figure_lies_within_its_interval_and_both_within_zero_and_one() -> None:
    rng = np.random.default_rng(1)
    result = agreement(rng.integers(1, 6, (200, 3)), np.arange(200) % 25)
    assert (result.low >= 0).all()
    assert (result.low <= result.r_wg).all()
    assert (result.r_wg <= result.high).all()
    assert (result.high <= 1).all()


def test_a_team_of_one_mind_is_at_one_but_not_certain_of_it() -> None:
    result = agreement([4.0] * 5 + [1, 3, 5, 2, 4], ["a"] * 5 + ["b"] * 5)
    assert result.r_wg[0, 0] == 1.0
    # Five people would miss a share of 1 - 0.025^(1/5) = 0.52 in one of forty cases; held at a half: variance 0.25.
    assert result.low[0, 0] == pytest.approx(1 - 0.25 / 2)
    everybody = agreement([4.0] * 10, ["a"] * 5 + ["b"] * 5)
    assert everybody.r_wg.tolist() == [[1.0, 1.0]] * 6


@pytest.mark.parametrize(
    ("shares", "n", "least"),
    [((0.1, 0.2, 0.4, 0.2, 0.1), 8, 0.92), ((0.02, 0.03, 0.05, 0.2, 0.7), 15, 0.91), ((0, 0, 0.1, 0.8, 0.1), 8, 0.92)],
)
def test_intervals_hold_the_truth_about_as_often_as_they_say(shares: tuple[float, ...], n: int, least: float) -> None:
    share, option = np.array(shares), np.arange(5)
    truth = 1 - (share @ option**2 - (share @ option) ** 2) / 2
    rng = np.random.default_rng(2)
    result = agreement(rng.choice(5, size=1000 * n, p=share) + 1.0, np.repeat(np.arange(1000), n))
    hits = (result.low[0] <= truth + 1e-9) & (truth <= result.high[0] + 1e-9)
    # Standard error of 95 % in 1,000 is 0.7 points.
    assert least <= hits.mean() <= 0.995


@pytest.mark.parametrize("people", [5, 20])
def test_half_or_double_the_imagined_people_hardly_moves_the_intervals(
    monkeypatch: pytest.MonkeyPatch, people: int
) -> None:
    rng = np.random.default_rng(7)
    answers, teams = rng.choice([2.0, 3, 4, 5], 120), np.repeat(np.arange(12), 10)
    usual = agreement(answers, teams)
    assert module.PRIOR_PEOPLE == 10
    monkeypatch.setattr(module, "PRIOR_PEOPLE", people)
    assert agreement(answers, teams).low == pytest.approx(usual.low, abs=0.03)


def test_teams_that_answer_at_random_are_above_chance_in_one_of_twenty() -> None:
    rng = np.random.default_rng(3)
    result = agreement(rng.integers(1, 6, (8000, 2)), np.repeat(np.arange(1000), 8))
    # Standard error 0.7 points, and the limit itself is drawn.
    assert result.is_above_chance.mean() == pytest.approx(0.05, abs=0.025)


def test_small_teams_and_people_with_gaps_are_left_out_and_counted() -> None:
    answers = np.full((14, 2), 4.0)
    answers[0, 1] = np.nan
    result = agreement(answers, ["a"] * 6 + ["b"] * 4 + ["c"] * 4)
    assert (result.teams.tolist(), result.n_people.tolist()) == (["a"], [5])
    assert (result.n_left_out, result.n_teams_left_out) == (1, 2)


def test_own_nulls_are_used_and_checked() -> None:
    uniform = (0.2,) * 5
    result = agreement([1, 2, 3, 4, 5], [0] * 5, nulls={"uniform": uniform, "polar": (0.5, 0, 0, 0, 0.5)})
    assert result.r_wg[:, 0].tolist() == [0.0, 1 - 2.5 / 4]
    for wrong, words in (
        ({"polar": uniform}, "must hold"),
        ({"uniform": (0.5, 0.5)}, "must give 5 shares"),
        ({"uniform": uniform, "one": (0, 0, 1, 0, 0)}, "perfect agreement"),
    ):
        with pytest.raises(InputError, match=words):
            agreement([1, 2, 3, 4, 5], [0] * 5, nulls=wrong)


def test_refusals() -> None:
    with pytest.raises(NotEnoughData, match="No team has 5"):
        agreement([1, 2, 3, 4], [0] * 4)
    with pytest.raises(InputError, match="one label for each"):
        agreement([1, 2, 3, 4, 5], [0] * 4)
    with pytest.raises(InputError, match="outside the scale"):
        agreement([1, 2, 3, 4, 6], [0] * 5)
    with pytest.raises(InputError, match="one column or a table"):
        agreement(np.ones((2, 2, 2)), [0, 1])
    with pytest.raises(InputError, match="must be whole numbers"):
        agreement([1, 2, 3, 4, 5], [0] * 5, lowest=0.5)
    with pytest.raises(InputError, match="from 2 to 101"):
        null_distributions(1)


def test_the_input_stays_as_it_was() -> None:
    answers, teams = np.array([1.0, 2, 3, 4, 5]), np.array(["a"] * 5)
    agreement(answers, teams)
    assert answers.tolist() == [1, 2, 3, 4, 5]
    assert teams.tolist() == ["a"] * 5


def test_ends_of_the_scale_may_be_whole_floats() -> None:
    answers, teams = [4, 4, 5, 4, 3.0], ["a"] * 5
    assert agreement(answers, teams, lowest=1.0, highest=5.0).r_wg.tolist() == agreement(answers, teams).r_wg.tolist()


@pytest.mark.parametrize("factor", [0.5, 2])
def test_half_or_double_the_chance_draws_moves_a_limit_by_a_step_and_the_least_spread_only_equal_distances(
    monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    rng = np.random.default_rng(7)
    answers, teams = rng.choice([2.0, 3, 4, 5], 120), np.repeat(np.arange(12), 10)
    # Half of every team one step from the other half: all are equally far from the middle, which is no spread at all.
    halves, many = np.tile([3.0, 4.0], 1000), np.repeat(np.arange(200), 10)
    usual, apart = agreement(answers, teams), agreement(halves, many)
    monkeypatch.setattr(module, "CHANCE_DRAWS", int(4_000 * factor))
    # Sums of squares of ten whole answers move in steps; one step of r_wg is below 0.05.
    assert agreement(answers, teams).chance_limit == pytest.approx(usual.chance_limit, abs=0.05)
    monkeypatch.setattr(module, "LEAST_SPREAD", 0.05 * factor)
    assert agreement(answers, teams).low.tolist() == usual.low.tolist()
    moved = np.abs(agreement(halves, many).low - apart.low).max()
    assert 0 < moved < 0.15
