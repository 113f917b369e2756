"""Johnson's weights and LMG: against print, against every subset, their rules, and a known answer."""

import random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.drivers import importance, johnson_weights, lmg_shares, subsets
from throughline_analysis.drivers.subsets import order_weights, shapley_shares
from throughline_analysis.drivers.tests.published import (
    CARS,
    CARS_JOHNSON,
    SWISS,
    SWISS_LMG,
    johnson_by_the_book,
    lmg_by_every_subset,
    random_correlations,
)

# Sums of up to 2^10 terms of size one, each with rounding of 1e-16 times the condition of a small random matrix.
ROUNDING = 1e-9
seeds = st.integers(min_value=0, max_value=10_000)
sizes = st.integers(min_value=1, max_value=6)


def correlations_of(seed: int, size: int) -> np.ndarray:
    return random_correlations(np.random.default_rng(seed), size)


def test_lmg_of_the_swiss_data_is_the_published_one_to_the_last_digit() -> None:
    result = lmg_shares(np.corrcoef(SWISS.T))
    # Printed with thirteen digits.
    assert result.importance == pytest.approx(SWISS_LMG, abs=1e-13)
    assert result.r_squared == pytest.approx(0.706735001593, abs=1e-12)
    assert result.share_0_1[2] == pytest.approx(0.3680795178364, abs=1e-12)


def test_johnson_weights_of_the_cars_are_the_published_ones() -> None:
    result = johnson_weights(np.corrcoef(CARS[:, [0, 1, 2, 3, 5]].T))
    # Printed with seven digits.
    assert result.importance == pytest.approx(CARS_JOHNSON, abs=5.1e-8)
    assert result.r_squared == pytest.approx(0.8486, abs=5e-5)


@given(seeds, sizes)
def test_lmg_equals_going_through_every_subset(seed: int, size: int) -> None:
    correlations = correlations_of(seed, size)
    assert lmg_shares(correlations).importance == pytest.approx(lmg_by_every_subset(correlations), abs=ROUNDING)


@pytest.mark.parametrize("size", [9, 11])
def test_lmg_across_several_stages_equals_going_through_every_subset(size: int) -> None:
    correlations = correlations_of(size, size)
    assert lmg_shares(correlations).importance == pytest.approx(lmg_by_every_subset(correlations), abs=ROUNDING)


@given(seeds, sizes)
def test_johnson_weights_equal_regressions_on_the_nearest_uncorrelated_variables(seed: int, size: int) -> None:
    correlations = correlations_of(seed, size)
    assert johnson_weights(correlations).importance == pytest.approx(johnson_by_the_book(correlations), abs=1e-7)


def test_many_matrices_at_once_give_what_each_gives_alone() -> None:
    many = np.stack([correlations_of(seed, 7) for seed in range(5)])
    together = shapley_shares(many)
    for index, correlations in enumerate(many):
        assert together.shares[index] == pytest.approx(lmg_shares(correlations).importance, abs=1e-14)


@pytest.mark.parametrize("divisor", [1, 64])
def test_the_length_of_a_batch_changes_nothing(monkeypatch: pytest.MonkeyPatch, divisor: int) -> None:
    correlations = correlations_of(4, 12)[None]
    usual = shapley_shares(correlations).shares
    monkeypatch.setattr(subsets, "BATCH", 2**10 // divisor)
    assert shapley_shares(correlations).shares == pytest.approx(usual, abs=1e-14)


@given(seeds, sizes)
def test_both_add_up_to_r_squared_and_are_never_negative(seed: int, size: int) -> None:
    correlations = correlations_of(seed, size)
    inside, outside = correlations[:-1, :-1], correlations[:-1, -1]
    whole = float(outside @ np.linalg.solve(inside, outside))
    for result in (johnson_weights(correlations), lmg_shares(correlations)):
        assert result.importance.sum() == pytest.approx(whole, abs=1e-7)
        assert result.share_0_1.sum() == pytest.approx(1.0, abs=1e-12)
        assert (result.importance >= 0).all()


@given(seeds, st.integers(min_value=2, max_value=6), st.randoms(use_true_random=False))
def test_the_order_of_predictors_does_not_matter(seed: int, size: int, shuffle: random.Random) -> None:
    correlations = correlations_of(seed, size)
    order = list(range(size))
    shuffle.shuffle(order)
    moved = correlations[np.ix_([*order, size], [*order, size])]
    for method in (johnson_weights, lmg_shares):
        assert method(moved).importance == pytest.approx(method(correlations).importance[order], abs=1e-7)


@given(seeds)
def test_for_two_predictors_both_methods_agree(seed: int) -> None:
    correlations = correlations_of(seed, 2)
    assert johnson_weights(correlations).importance == pytest.approx(lmg_shares(correlations).importance, abs=1e-8)


@given(seeds, sizes)
def test_the_sign_of_a_predictor_does_not_matter(seed: int, size: int) -> None:
    correlations = correlations_of(seed, size)
    flip = np.ones(size + 1)
    flip[0] = -1
    flipped = correlations * np.outer(flip, flip)
    for method in (johnson_weights, lmg_shares):
        assert method(flipped).importance == pytest.approx(method(correlations).importance, abs=1e-7)


def test_uncorrelated_predictors_get_their_squared_correlations() -> None:
    correlations = np.eye(5)
    correlations[:4, 4] = correlations[4, :4] = [0.5, 0.4, 0.1, 0.0]
    for method in (johnson_weights, lmg_shares):
        assert method(correlations).importance == pytest.approx([0.25, 0.16, 0.01, 0.0], abs=1e-15)


def test_a_repeated_predictor_shares_equally_with_its_copy() -> None:
    rng = np.random.default_rng(8)
    data = rng.normal(size=(200, 3))
    outcome = data @ [1, 0.5, 0.2] + rng.normal(size=200)
    correlations = np.corrcoef(np.column_stack([data, data[:, 0], outcome]).T)
    for method in (johnson_weights, lmg_shares):
        result = method(correlations).importance
        assert result[0] == pytest.approx(result[3], abs=1e-12)
    alone = lmg_shares(np.corrcoef(np.column_stack([data, outcome]).T))
    assert result.sum() == pytest.approx(alone.r_squared, abs=1e-12)


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize(
    ("module", "name"), [(subsets, "LEAST_REMAINDER"), (importance, "LEAST_EIGENVALUE")], ids=["lmg", "johnson"]
)
def test_half_or_double_the_least_remainder_changes_nothing_in_sound_or_copied_data(
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    factor: float,
) -> None:
    data = np.random.default_rng(9).normal(size=(300, 4))
    data[:, 2] = data[:, 0] + data[:, 1]
    correlations = np.corrcoef(data.T)
    method = lmg_shares if module is subsets else johnson_weights
    usual = method(correlations).importance
    monkeypatch.setattr(module, name, factor * getattr(module, name))
    assert method(correlations).importance == pytest.approx(usual, abs=1e-12)


def test_the_weights_of_orders_are_those_of_shapley() -> None:
    # p = 3: w = 1/3, 1/6, 1/3.
    assert order_weights(3) == pytest.approx([1 / 3, 1 / 3 + 1 / 6, 1 / 6 + 1 / 3, 1 / 3])


def test_one_predictor_gets_everything() -> None:
    for method in (johnson_weights, lmg_shares):
        result = method([[1, -0.5], [-0.5, 1]])
        assert result.importance.tolist() == [0.25]
        assert result.share_0_1.tolist() == [1.0]


def test_the_input_stays_as_it_was() -> None:
    correlations = correlations_of(1, 4)
    before = correlations.copy()
    johnson_weights(correlations)
    lmg_shares(correlations)
    assert np.array_equal(correlations, before)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([[1.0]], "square table"),
        ([[1, 0.5, 0.2], [0.5, 1, 0.3]], "square table"),
        ([[1, 0.5], [0.4, 1]], "same on both sides"),
        ([[1, np.nan], [np.nan, 1]], "finite"),
        ([[4, 0.5], [0.5, 1]], "one everywhere"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "contradict"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(wrong: list[list[float]], words: str) -> None:
    for method in (johnson_weights, lmg_shares):
        with pytest.raises(InputError, match=words):
            method(wrong)


def test_nothing_explained_is_nothing_to_divide() -> None:
    for method in (johnson_weights, lmg_shares):
        with pytest.raises(NotEnoughData, match="explain nothing"):
            method(np.eye(4))


def test_more_than_25_predictors_are_too_many_for_lmg_and_not_for_johnson() -> None:
    correlations = np.full((27, 27), 0.3)
    np.fill_diagonal(correlations, 1.0)
    with pytest.raises(InputError, match="at most 25"):
        lmg_shares(correlations)
    assert johnson_weights(correlations).share_0_1 == pytest.approx(np.full(26, 1 / 26))


def test_equal_predictors_get_equal_shares_up_to_twenty() -> None:
    correlations = np.full((21, 21), 0.4)
    np.fill_diagonal(correlations, 1.0)
    result = lmg_shares(correlations)
    # R² of p equal predictors: p r² / (1 + (p - 1) r).
    assert result.r_squared == pytest.approx(20 * 0.16 / (1 + 19 * 0.4), abs=1e-12)
    assert result.importance == pytest.approx(np.full(20, result.r_squared / 20), abs=1e-12)
