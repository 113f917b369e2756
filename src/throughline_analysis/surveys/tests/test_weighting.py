"""Weights: worked by hand, another implementation, properties and removal of a known bias."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import poststratify, rake, weighted_mean

seeds = st.integers(min_value=0, max_value=10_000)


def two_breakdowns(seed: int, n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.array(["n", "s", "w"])[rng.permutation(np.arange(n) % 3)], (rng.random(n) < 0.4).astype(int)


def test_post_stratification_worked_by_hand() -> None:
    # Holt and Smith: weight of a class is its population share over its sample share.
    result = poststratify(["a"] * 10 + ["b"] * 30, {"a": 50, "b": 50})
    assert result.weights[[0, 10]].tolist() == pytest.approx([2.0, 2 / 3])
    # Kish: 40² / (10 * 4 + 30 * 4 / 9).
    assert result.n_effective == pytest.approx(1600 / (40 + 120 / 9))
    assert result.design_effect == pytest.approx(40 / result.n_effective)


def test_raking_a_published_two_by_two_table() -> None:
    # Deming and Stephan's method on margins 0.5 / 0.5 and 0.5 / 0.5 keeps the odds ratio; for the table 8 2 / 5 5 with
    # odds ratio 4 the fitted cells are x, 0.5 - x with (x / (0.5 - x))² = 4, so x = 1/3.
    rows = ["r1"] * 10 + ["r2"] * 10
    columns = ["c1"] * 8 + ["c2"] * 2 + ["c1"] * 5 + ["c2"] * 5
    even = {"r1": 1, "r2": 1}, {"c1": 1, "c2": 1}
    result = rake({"row": rows, "column": columns}, {"row": even[0], "column": even[1]})
    assert result.weights[:8].sum() / 20 == pytest.approx(1 / 3, abs=1e-7)
    assert result.worst_margin < 1e-8


@given(seeds)
def test_raked_weights_meet_every_target(seed: int) -> None:
    unit, tenure = two_breakdowns(seed)
    result = rake({"unit": unit, "tenure": tenure}, {"unit": {"n": 20, "s": 30, "w": 50}, "tenure": {0: 0.5, 1: 0.5}})
    share = result.weights / result.weights.sum()
    # MARGINS_MET is on weights; shares of a class gather at most 120 of them.
    assert share[unit == "w"].sum() == pytest.approx(0.5, abs=1e-6)
    assert share[tenure == 1].sum() == pytest.approx(0.5, abs=1e-6)
    assert result.weights.mean() == pytest.approx(1.0)
    assert (result.weights > 0).all()
    assert result.n_effective <= 120


def test_raked_weights_are_the_least_change_that_a_general_optimiser_finds() -> None:
    unit, tenure = two_breakdowns(3, 40)
    result = rake({"u": unit, "t": tenure}, {"u": {"n": 20, "s": 30, "w": 50}, "t": {0: 0.5, 1: 0.5}})
    classes = np.column_stack([unit == "n", unit == "s", unit == "w", tenure == 1]).astype(float)
    targets = np.array([0.2, 0.3, 0.5, 0.5])

    def dual(multipliers: np.ndarray) -> float:
        # Minimising sum w log w under linear targets is this smooth problem without constraints.
        return float(np.exp(classes @ multipliers).mean() - multipliers @ targets)

    found = minimize(dual, np.zeros(4), method="BFGS", options={"gtol": 1e-9})
    assert result.weights == pytest.approx(np.exp(classes @ found.x), abs=1e-5)


@given(seeds)
def test_one_breakdown_raked_is_post_stratified_and_population_units_do_not_matter(seed: int) -> None:
    unit, _ = two_breakdowns(seed)
    sizes = {"n": 200.0, "s": 300.0, "w": 500.0}
    shares = {name: size / 1000 for name, size in sizes.items()}
    by_class, by_rake = poststratify(unit, sizes), rake({"unit": unit}, {"unit": shares})
    assert by_rake.weights == pytest.approx(by_class.weights, abs=1e-9)


def test_weighting_removes_the_bias_of_uneven_response() -> None:
    rng = np.random.default_rng(6)
    unit = np.repeat(["calm", "busy"], [6000, 4000])
    score = np.where(unit == "calm", 4.0, 2.5) + rng.normal(size=10_000) * 0.5
    answered = rng.random(10_000) < np.where(unit == "calm", 0.6, 0.15)
    weights = poststratify(unit[answered], {"calm": 6000, "busy": 4000}).weights
    plain = score[answered].mean()
    result = weighted_mean(score[answered], weights)
    # The mean of all is 3.4; standard error about 0.02.
    assert plain > 3.7
    assert result.mean == pytest.approx(score.mean(), abs=0.06)
    assert result.interval.low < score.mean() < result.interval.high


def test_a_cap_is_kept_and_the_miss_is_told() -> None:
    unit = ["a"] * 10 + ["b"] * 90
    free = poststratify(unit, {"a": 50, "b": 50})
    result = rake({"unit": unit}, {"unit": {"a": 50, "b": 50}}, largest=3.0)
    assert free.largest == pytest.approx(5.0)
    assert result.largest <= 3.0 + 1e-9
    assert result.worst_margin > 0.1
    assert result.n_effective > free.n_effective


def test_targets_that_contradict_an_empty_combination_are_refused() -> None:
    unit, tenure = ["a"] * 10 + ["b"] * 10, ["new"] * 10 + ["old"] * 10
    with pytest.raises(NotEnoughData, match="No weights meet all targets"):
        rake({"u": unit, "t": tenure}, {"u": {"a": 1, "b": 1}, "t": {"new": 1, "old": 3}})


def test_smallest_legal_class_works_and_four_people_are_refused_by_name() -> None:
    assert poststratify(["a"] * 5, {"a": 9}).weights.tolist() == [1.0] * 5
    with pytest.raises(NotEnoughData, match="4 people of 'b' answered"):
        poststratify(["a"] * 5 + ["b"] * 4, {"a": 9, "b": 9})
    with pytest.raises(NotEnoughData, match="0 people of 'c' answered"):
        poststratify(["a"] * 5, {"a": 9, "c": 1})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: poststratify(["a"] * 5, {"b": 3}), "not in the population"),
        (lambda: poststratify(["a"] * 5, {"a": 0}), "above zero"),
        (lambda: poststratify([], {"a": 1}), "one class for each person"),
        (lambda: rake({}, {}), "same names"),
        (lambda: rake({"u": ["a"] * 5}, {"t": {"a": 1}}), "same names"),
        (lambda: rake({"u": ["a"] * 5}, {"u": {"a": 1}}, largest=1.0), "above one"),
        (lambda: rake({"u": ["a"] * 5, "t": ["b"] * 6}, {"u": {"a": 1}, "t": {"b": 1}}), "the same people"),
        (lambda: weighted_mean([1.0] * 12, [0.0] * 12), "above zero"),
    ],
)
def test_contradictions_are_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
