"""Rates with exposure: published tables of exact intervals, scipy's tests, coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2, poisson

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.retention import event_rates, histories, leaving_rates, rate_ratio


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (4, 1.090, 10.242), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_exact_intervals_of_a_count_are_the_published_ones(count: int, low: float, high: float) -> None:
    """Ulm (1990), American Journal of Epidemiology 131:373-375, and the tables of Pearson and Hartley."""
    told = event_rates([count], [1.0], people=[50])
    # Half of the last printed digit.
    assert (told.low[0], told.high[0]) == pytest.approx((low, high), abs=6e-4)


@given(st.integers(0, 400), st.floats(0.1, 1e4), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_intervals_follow_chi_squared_and_scale_with_exposure(count: int, exposure: float, level: float) -> None:
    told = event_rates([count], [exposure], people=[9], level=level)
    low = chi2.ppf((1 - level) / 2, 2 * count) / 2 if count else 0.0
    high = chi2.ppf((1 + level) / 2, 2 * count + 2) / 2
    assert (told.low[0] * exposure, told.high[0] * exposure) == pytest.approx((low, high), rel=1e-8)
    assert told.low[0] <= told.rate[0] <= told.high[0]


@pytest.mark.parametrize("mean", [0.5, 3.0, 12.0])
def test_the_interval_covers_at_least_at_its_level(mean: float) -> None:
    counts = np.arange(0, 80)
    told = event_rates(counts, np.ones(80), people=np.full(80, 9))
    held = poisson.pmf(counts, mean)[(told.low <= mean) & (mean <= told.high)].sum()
    assert held >= 0.95


def test_small_groups_are_refused_whatever_their_rate() -> None:
    told = event_rates([0, 3, 2], [1.0, 2.0, 0.0], people=[4, 5, 0])
    assert (told.group.tolist(), told.refused.tolist(), told.rate.tolist()) == ([1], [0], [1.5])


def test_leaving_rates_add_up_time_from_entry_to_end() -> None:
    watched = histories([1, 2, 3, 4, 5, 2], [True, False, True, False, True, True], groups=[0, 0, 0, 0, 0, 1])
    told = leaving_rates(watched)
    assert (told.events.tolist(), told.exposure.tolist(), told.n.tolist()) == ([3], [15], [5])
    late = histories([1, 2, 3, 4, 5], [True, False, True, False, True], entries=[0, 1, 0, 2, 0])
    assert leaving_rates(late).exposure.tolist() == [12]


def test_leaving_rates_recover_the_hazard_that_made_them() -> None:
    rng = np.random.default_rng(21)
    leaves, ends = rng.exponential(1 / 0.4, 20_000), rng.uniform(0.5, 3, 20_000)
    told = leaving_rates(histories(np.minimum(leaves, ends), leaves <= ends))
    assert told.low[0] < 0.4 < told.high[0]
    # About 9,000 leavings: one percent.
    assert told.rate[0] == pytest.approx(0.4, rel=0.035)


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.5, 50), st.floats(0.5, 50))
def test_ratio_agrees_with_scipys_exact_binomial(one: int, two: int, first: float, second: float) -> None:
    if one + two == 0:
        return
    told = rate_ratio((one, two), (first, second))
    share = binomtest(one, one + two).proportion_ci(method="exact")
    scale = second / first
    assert told.interval.low == pytest.approx(share.low / (1 - share.low) * scale, rel=1e-6, abs=1e-12)
    expected = math.inf if share.high == 1 else share.high / (1 - share.high) * scale
    assert told.interval.high == pytest.approx(expected, rel=1e-6)
    turned = rate_ratio((two, one), (second, first))
    assert turned.p_value == pytest.approx(told.p_value, rel=1e-9)
    # The interval leaves one outside exactly when the chance is below the level.
    is_outside = not told.interval.low <= 1 <= told.interval.high
    assert is_outside == (told.p_value < 0.05) or told.p_value == pytest.approx(0.05, abs=1e-6)


def test_breast_cancer_rates_after_fluoroscopy_have_the_published_ratio() -> None:
    """Rothman, Greenland (1998), Modern Epidemiology, ch. 14: 41 cases in 28,010 against 15 in 19,017 woman-years:
    ratio 1.86."""
    told = rate_ratio((41, 15), (28_010, 19_017))
    assert told.ratio == pytest.approx(1.86, abs=5e-3)
    assert told.interval.low > 1


def test_wrong_input_is_refused() -> None:
    for given_input, words in (
        (([-1], [1.0], [9]), "whole numbers"),
        (([0.5], [1.0], [9]), "whole numbers"),
        (([1], [0.0], [9]), "above zero"),
        (([1, 2], [1.0], [9]), "one length"),
    ):
        with pytest.raises(InputError, match=words):
            event_rates(given_input[0], given_input[1], people=given_input[2])
    with pytest.raises(NotEnoughData, match="fewer than 5"):
        event_rates([1], [1.0], people=[4])
    with pytest.raises(InputError, match="begin at 5"):
        event_rates([1], [1.0], people=[4], smallest_group=4)
    with pytest.raises(NotEnoughData, match="Nothing happened"):
        rate_ratio((0, 0), (1, 1))
    with pytest.raises(InputError, match="positive times"):
        rate_ratio((1, 0), (0, 1))
    with pytest.raises(InputError, match="whole numbers"):
        rate_ratio((-1, 0), (1, 1))
    assert rate_ratio((3, 0), (1, 1)).ratio == math.inf


@pytest.mark.parametrize("people", [[6, -3], [6, np.nan], [6.7, 6]])
def test_people_that_are_no_numbers_of_people_are_refused(people: list[float]) -> None:
    with pytest.raises(InputError, match="`people` must be whole numbers"):
        event_rates([1, 2], [1, 1], people=people)


def test_endless_counts_are_refused() -> None:
    with pytest.raises(InputError, match="whole numbers from 0 on"):
        rate_ratio((float("inf"), 1), (1, 1))
