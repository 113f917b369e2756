"""Place among benchmarks: worked by hand, real benchmarks, the critical value by simulation, coverage."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import place_among
from throughline_analysis.surveys.benchmarks import common_critical_value
from throughline_analysis.surveys.tests.published import CSPS_2019, FEVS

LADDER = np.arange(20) / 20
seeds = st.integers(min_value=0, max_value=10_000)


def test_the_percentile_counts_those_below_and_half_of_the_equal() -> None:
    result = place_among(0.5, LADDER, standard_error=0.0)
    assert result.percentile_0_1 == (10 + 0.5) / 20
    assert (result.n_below, result.n_above) == (10, 9)
    assert (result.interval.low, result.interval.high) == (0.5, pytest.approx(0.55))


def test_with_exact_benchmarks_it_is_where_the_ends_of_the_own_interval_stand() -> None:
    result = place_among(0.512, LADDER, standard_error=0.05)
    low, high = stats.norm.interval(0.95, 0.512, 0.05)
    assert result.interval.low == pytest.approx((low > LADDER).mean())
    assert result.interval.high == pytest.approx((high >= LADDER).mean())


def test_the_published_median_of_the_civil_service_stands_in_the_middle_of_its_organisations() -> None:
    if not CSPS_2019.exists():
        pytest.skip("needs people-survey-csps in ../shared/data")
    with CSPS_2019.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    scores = {row["Organisation code"]: row["Employee Engagement Index"].rstrip("%") for row in rows}
    organisations = [float(score) for code, score in scores.items() if not code.startswith("CS_")]
    result = place_among(float(scores["CS_MEDIAN"]), organisations, standard_error=0.0)
    assert result.median == float(scores["CS_MEDIAN"]) == 63.0
    assert result.interval.low <= 0.5 <= result.interval.high


def test_a_large_agency_is_placed_more_surely_than_a_small_one() -> None:
    if not FEVS.exists():
        pytest.skip("needs people-survey-fevs in ../shared/data")
    with FEVS.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["Response Count_2015"]]
    count = np.array([float(row["Response Count_2015"].replace(",", "")) for row in rows])
    index = np.array([float(row["Employee Engagement: Overall_2015"]) for row in rows])
    # The index is a mean of shares; a single share has at most this standard error.
    error = np.sqrt(index * (1 - index) / count)
    width = []
    for position in (int(count.argmax()), int(count.argmin())):
        others = np.delete(np.arange(len(rows)), position)
        place = place_among(
            float(index[position]),
            index[others],
            standard_error=float(error[position]),
            benchmark_errors=error[others],
        )
        width.append(place.interval.high - place.interval.low)
    assert width[0] < width[1]


def test_the_critical_value_is_the_95_percent_point_of_the_largest_of_all_comparisons() -> None:
    errors = np.array([0.5, 1.0, 2.0] * 5)
    rng = np.random.default_rng(1)
    own, others = rng.normal(size=(200_000, 1)), rng.normal(size=(200_000, 15)) * errors
    largest = (np.abs(own - others) / np.sqrt(1 + errors**2)).max(axis=1)
    # The 95 % point of 200,000 draws has a standard error of 0.004.
    assert common_critical_value(1.0, errors, level=0.95) == pytest.approx(np.quantile(largest, 0.95), abs=0.02)


def test_the_critical_values_are_those_of_dunnett() -> None:
    # Dunnett (1964), Biometrics 20:482-491, table II, two-sided 5 %, infinite degrees of freedom, two to nine groups
    # against one control.
    published = [2.21, 2.35, 2.44, 2.51, 2.57, 2.61, 2.65, 2.69]
    found = [common_critical_value(1.0, np.ones(n), level=0.95) for n in range(2, 10)]
    assert found == pytest.approx(published, abs=0.0055)


def test_exact_benchmarks_need_no_more_than_one_comparison_and_an_exact_figure_that_of_independent_ones() -> None:
    assert common_critical_value(1.0, np.zeros(30), level=0.95) == pytest.approx(stats.norm.ppf(0.975))
    independent = stats.norm.ppf((1 + 0.95 ** (1 / 30)) / 2)
    assert common_critical_value(0.0, np.ones(30), level=0.95) == pytest.approx(independent, abs=1e-3)
    mixed = common_critical_value(1.0, np.array([0.0, 1.0, 1.0]), level=0.95)
    assert (
        common_critical_value(1.0, np.ones(2), level=0.95) < mixed < common_critical_value(1.0, np.ones(3), level=0.95)
    )


def test_the_true_place_lies_in_the_interval_about_as_often_as_it_says() -> None:
    rng, hits = np.random.default_rng(2), []
    truth = np.linspace(-2, 2, 21)
    for _ in range(200):
        own = int(rng.integers(0, 21))
        errors = rng.uniform(0.1, 0.6, 21)
        seen = truth + rng.normal(size=21) * errors
        others = np.delete(np.arange(21), own)
        place = place_among(
            float(seen[own]), seen[others], standard_error=float(errors[own]), benchmark_errors=errors[others]
        )
        hits.append(place.interval.low <= own / 20 <= place.interval.high)
    # All comparisons hold together in 95 %, the place follows from them in more; standard error below 1.5 points.
    assert np.mean(hits) >= 0.94


@settings(max_examples=25)
@given(seeds)
def test_order_and_units_do_not_matter_and_the_place_lies_in_its_interval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    figures, errors, own = rng.normal(size=15), rng.uniform(0, 0.5, 15), float(rng.normal())
    order = rng.permutation(15)
    plain = place_among(own, figures, standard_error=0.2, benchmark_errors=errors)
    moved = place_among(10 * own + 3, 10 * figures[order] + 3, standard_error=2.0, benchmark_errors=10 * errors[order])
    assert moved == plain or moved.interval == plain.interval
    assert plain.interval.low <= plain.percentile_0_1 <= plain.interval.high


def test_smallest_legal_input_refusals_and_unchanged_input() -> None:
    figures = np.append(LADDER[:10], np.nan)
    assert place_among(0.2, figures, standard_error=0.1).n_benchmarks == 10
    assert np.isnan(figures[10])
    with pytest.raises(NotEnoughData, match="9 benchmarks"):
        place_among(0.2, LADDER[:9], standard_error=0.1)
    with pytest.raises(InputError, match="one error for each"):
        place_among(0.2, LADDER, standard_error=0.1, benchmark_errors=[1.0])
    with pytest.raises(InputError, match="zero or more"):
        place_among(0.2, LADDER, standard_error=-0.1)
