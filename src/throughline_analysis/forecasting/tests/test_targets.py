"""Milestones and reference classes: against scipy's distributions, on simulated truth, by their properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.forecasting import (
    TargetVerdict,
    forecast_milestones,
    reachable_target,
    reference_chance,
)


@given(st.integers(0, 6), st.integers(0, 6), st.floats(0.05, 0.95))
def test_milestone_chances_are_negative_binomial_cut_at_the_open_ones(n_done: int, n_open: int, today: float) -> None:
    n_all = max(n_done + n_open, 1)
    forecast = forecast_milestones(np.linspace(0, today, n_done), n_all, start=0, today=today, end=1)
    exposure = 1 / n_all + today
    law = nbinom(1 + n_done, exposure / (exposure + 1 - today))
    assert forecast.chances[:-1] == pytest.approx(law.pmf(np.arange(n_all - n_done)), abs=1e-10)
    assert forecast.chances.sum() == pytest.approx(1)
    assert n_done <= forecast.interval.low <= forecast.interval.high <= n_all
    assert n_done <= forecast.expected <= n_all


def test_milestone_intervals_cover_at_least_what_they_promise_when_rates_vary_around_the_plan() -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(2000):
        rate = rng.gamma(1.0, 8.0)
        times = np.sort(rng.random(rng.poisson(rate)))[:8]
        forecast = forecast_milestones(times[times <= 0.5], 8, start=0, today=0.5, end=1)
        inside += forecast.interval.low <= len(times) <= forecast.interval.high
    # Whole numbers cover more than asked, never less; three standard errors of 0.9 among 2,000 are 0.02.
    assert inside / 2000 > 0.88


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_and_double_the_plans_worth_move_the_chance_by_less_than_a_fifth(factor: float) -> None:
    plain = forecast_milestones([0.1, 0.3], 6, start=0, today=0.5, end=1)
    other = forecast_milestones([0.1, 0.3], 6, start=0, today=0.5, end=1, prior_milestones=factor)
    assert other.chance == pytest.approx(plain.chance, abs=0.2)
    assert other.expected == pytest.approx(plain.expected, abs=0.5)


def test_milestones_by_date_are_those_by_number_of_days() -> None:
    day = np.datetime64("2026-01-01")
    by_date = forecast_milestones(day + np.array([10, 25]), 6, start=day, today=day + 45, end=day + 90)
    by_number = forecast_milestones([10, 25], 6, start=0, today=45, end=90)
    assert by_date.chances.tolist() == pytest.approx(by_number.chances.tolist())


def test_milestones_at_the_edges() -> None:
    assert forecast_milestones([], 1, start=0, today=0, end=1).chances.tolist() == pytest.approx([0.5, 0.5])
    assert forecast_milestones([0.2], 1, start=0, today=0.5, end=1).chance == 1.0
    finished = forecast_milestones([0.2], 3, start=0, today=1, end=1)
    assert (finished.expected, finished.interval.low, finished.interval.high, finished.chance) == (1, 1, 1, 0)
    slow = forecast_milestones([], 5, start=0, today=0.8, end=1)
    assert slow.chance < forecast_milestones([], 5, start=0, today=0.2, end=1).chance
    firm = forecast_milestones([], 5, start=0, today=0.8, end=1, prior_milestones=100)
    assert firm.expected == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("done", "n_all", "terms", "words"),
    [
        ([2.0], 3, {}, "between the start and today"),
        ([0.1, 0.2], 1, {}, "2 of 1"),
        ([], 3, {"today": 2.0}, "in order"),
        ([], 3, {"prior_milestones": 0.0}, "above 0"),
        ([], 3, {"level": 0.0}, "coverage"),
        ([], 3.5, {}, "whole number"),
        ([], 3, {"today": np.datetime64("2026-02-01")}, "start, today and end"),
        (np.array(["2026-02-01"], dtype="datetime64[D]"), 3, {}, "mix dates and numbers"),
    ],
)
def test_milestones_that_cannot_be_are_refused(
    done: list[float], n_all: float, terms: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        forecast_milestones(done, n_all, **{"start": 0.0, "today": 0.5, "end": 1.0, **terms})


def test_reference_chances_and_their_intervals_recover_the_truth() -> None:
    rng = np.random.default_rng(12)
    inside, error = 0, []
    for _ in range(1500):
        result = reference_chance(rng.normal(size=25), 0.5)
        truth = 0.3085375  # of a standard normal above one half
        inside += result.interval.low <= truth <= result.interval.high
        error.append(result.chance - truth)
    # Jeffreys covers 0.9 on average over shares, not at each one; (r + 1/2)/(n + 1) leans 0.007 to the middle here.
    assert 0.86 <= inside / 1500 <= 0.94
    assert abs(np.mean(error)) < 0.015


def test_reachable_targets_cover_the_true_quantile_whatever_the_shape() -> None:
    rng = np.random.default_rng(13)
    for draw, truth in ((rng.normal, -0.2533471), (rng.exponential, 0.5108256)):
        inside = sum(
            result.interval.low <= truth <= result.interval.high
            for result in (reachable_target(draw(size=40), 0.6) for _ in range(1000))
        )
        # Ranks are whole numbers, so the interval covers its level or more.
        assert inside / 1000 >= 0.88


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=40), st.floats(-120, 120))
def test_a_harder_target_never_has_a_better_chance_and_doubling_everyone_keeps_the_share(
    outcomes: list[float], target: float
) -> None:
    result = reference_chance(outcomes, target)
    assert reference_chance(outcomes, target + 1).chance <= result.chance
    assert result.interval.low <= result.chance <= result.interval.high
    halved = reference_chance(outcomes, target, weights=np.full(len(outcomes), 0.5))
    assert halved.chance == pytest.approx(result.chance)
    assert reference_chance(outcomes * 2, target).reached == 2 * result.reached


def test_verdicts_follow_the_chance_and_admit_when_the_class_is_too_small() -> None:
    many = np.linspace(0, 1, 400)
    words = [reference_chance(many, target).verdict for target in (0.02, 0.15, 0.4, 0.7, 0.95)]
    assert words == ["easy", "realistic", "realistic_yet_challenging", "stretch", "out_of_reach"]
    assert reference_chance(np.linspace(0, 1, 8), 0.5).verdict is TargetVerdict.UNDECIDED


def test_weights_count_as_effective_numbers_and_too_few_are_refused() -> None:
    result = reference_chance(np.arange(20), 10, weights=[1.0] * 10 + [0.5] * 10)
    assert result.effective_n == pytest.approx(15**2 / 12.5)
    with pytest.raises(NotEnoughData, match="at least 8"):
        reference_chance(np.arange(20), 10, weights=[1.0] * 7 + [0.0] * 13)
    with pytest.raises(NotEnoughData, match="at least 8"):
        reachable_target(np.arange(7), 0.5)
    with pytest.raises(InputError, match="one per finished goal"):
        reference_chance(np.arange(20), 10, weights=[1.0])
    with pytest.raises(InputError, match="finite"):
        reference_chance(np.arange(20), np.nan)
    with pytest.raises(InputError, match="between 0 and 1"):
        reachable_target(np.arange(20), 1.0)
