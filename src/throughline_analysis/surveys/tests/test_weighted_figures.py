"""Weighted means and shares: the unweighted case, coverage, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import share_intervals, weighted_mean, weighted_share


def test_the_interval_of_a_weighted_mean_holds_the_truth() -> None:
    rng, hits = np.random.default_rng(7), []
    for _ in range(500):
        weights = rng.uniform(0.3, 2, 60)
        result = weighted_mean(rng.normal(size=60), weights).interval
        hits.append(result.low <= 0 <= result.high)
    # Standard error one point.
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_equal_weights_give_the_usual_mean_and_error() -> None:
    values = np.arange(20.0)
    result = weighted_mean(values, np.full(20, 3.0))
    assert result.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(20))
    assert result.n_effective == pytest.approx(20)


def test_a_weighted_mean_needs_ten_effective_answers_and_some_difference() -> None:
    with pytest.raises(NotEnoughData, match="needs 10"):
        weighted_mean([1.0, 2] * 6, [50.0] + [1.0] * 11)
    with pytest.raises(NotEnoughData, match="All answers are the same"):
        weighted_mean([3.0] * 12, [1.0] * 12)


def test_inputs_stay_as_they_were() -> None:
    values, weights = np.arange(12.0), np.ones(12)
    weighted_mean(values, weights)
    assert values.tolist() == list(range(12))
    assert weights.tolist() == [1.0] * 12


@given(st.integers(min_value=10, max_value=40), st.data())
def test_equal_weights_give_wilsons_interval(n: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(min_value=0, max_value=n))
    result = weighted_share([1.0] * yes + [0.0] * (n - yes), [2.0] * n)
    expected = share_intervals(yes, n)
    assert result.mean == pytest.approx(yes / n)
    assert result.interval.low == pytest.approx(expected.low[0], abs=1e-9)
    assert result.interval.high == pytest.approx(expected.high[0], abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_interval_of_a_weighted_share_holds_the_truth(share: float) -> None:
    rng, hits = np.random.default_rng(9), []
    for _ in range(600):
        weights = rng.uniform(0.3, 2, 60)
        result = weighted_share((rng.random(60) < share).astype(float), weights).interval
        hits.append(result.low <= share <= result.high)
    # Standard error 0.9 points.
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_everybody_saying_yes_still_leaves_an_interval() -> None:
    result = weighted_share([1.0] * 15, np.arange(1.0, 16.0)).interval
    assert result.low < 0.8
    assert result.high == 1.0


def test_shares_count_zeros_and_ones_only() -> None:
    with pytest.raises(InputError, match="0 or 1"):
        weighted_share([0.5] * 12, [1.0] * 12)
    with pytest.raises(NotEnoughData, match="needs 10"):
        weighted_share([1.0] * 9, [1.0] * 9)


def test_equal_answers_that_no_float_holds_exactly_have_no_interval_either() -> None:
    with pytest.raises(NotEnoughData, match="All answers are the same"):
        weighted_mean([0.1] * 20, np.linspace(1, 2, 20))
