"""Trends: another implementation, real rounds, properties and coverage."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import trend
from throughline_analysis.surveys.tests.published import CSPS_MEANS

seeds = st.integers(min_value=0, max_value=10_000)


@given(seeds, st.integers(min_value=4, max_value=12))
def test_without_errors_it_is_the_regression_of_scipy(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    time, figure = np.arange(n) * 1.5, rng.normal(size=n)
    result, expected = trend(time, figure), stats.linregress(time, figure)
    half = stats.t.ppf(0.975, n - 2) * expected.stderr
    assert result.slope == pytest.approx(expected.slope, abs=1e-9)
    assert result.interval.high - result.slope == pytest.approx(half, abs=1e-9)
    assert result.fitted == pytest.approx(expected.intercept + expected.slope * time, abs=1e-9)


@given(seeds)
def test_weighted_fits_equal_the_normal_equations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, figure, error = rng.permutation(np.arange(8.0)), rng.normal(size=8), rng.uniform(0.5, 2, 8)
    design = np.column_stack([np.ones(8), time]) / error[:, None]
    slope = np.linalg.lstsq(design, figure / error, rcond=None)[0][1]
    assert trend(time, figure, standard_errors=error).slope == pytest.approx(slope, abs=1e-9)


def test_engagement_in_the_civil_service_rose_from_2009_to_2019_and_pay_did_not() -> None:
    if not CSPS_MEANS.exists():
        pytest.skip("needs people-survey-csps in ../shared/data")
    with CSPS_MEANS.open(encoding="utf-8-sig") as file:
        rows = {row["Measure"]: row for row in csv.DictReader(file)}
    years = list(range(2009, 2020))

    def of(measure: str) -> str:
        return trend(years, [float(rows[measure][str(year)]) for year in years]).direction

    assert of("EES") == "rising"
    assert of("pb_ts") == "not told from noise"


def test_rounds_that_scatter_more_than_their_errors_widen_the_interval() -> None:
    time, figure = np.arange(6.0), np.array([0.0, 3, 0, 3, 0, 3])
    tight = trend(time, figure, standard_errors=np.full(6, 0.1))
    loose = trend(time, figure, standard_errors=np.full(6, 10.0))
    assert tight.dispersion is not None
    assert tight.dispersion > 100
    # Birge: the same as if the errors had not been given.
    assert tight.interval.high == pytest.approx(trend(time, figure).interval.high)
    assert loose.dispersion == 1.0
    assert loose.direction == "not told from noise"


@given(seeds)
def test_a_rising_trend_read_backwards_falls_and_years_may_begin_anywhere(seed: int) -> None:
    rng = np.random.default_rng(seed)
    figure = rng.normal(size=7)
    plain = trend(np.arange(7.0), figure)
    later = trend(np.arange(7.0) + 2000, figure)
    backwards = trend(-np.arange(7.0), figure)
    assert later.slope == pytest.approx(plain.slope, abs=1e-9)
    assert backwards.interval.low == pytest.approx(-plain.interval.high, abs=1e-9)


@pytest.mark.parametrize("shock", [0.0, 0.03])
def test_intervals_hold_the_known_slope_with_and_without_moods_of_a_round(shock: float) -> None:
    rng, hits = np.random.default_rng(3), []
    for _ in range(800):
        figure = 0.5 + 0.01 * np.arange(6) + rng.normal(size=6) * np.hypot(0.01, shock)
        interval = trend(np.arange(6.0), figure, standard_errors=np.full(6, 0.01)).interval
        hits.append(interval.low <= 0.01 <= interval.high)
    # Standard error 0.8 points. Without moods it is cautious: it takes at least the sampling error and t besides.
    assert np.mean(hits) >= (0.98 if shock == 0 else 0.93)
    assert shock == 0 or np.mean(hits) <= 0.975


def test_missing_rounds_are_left_out_and_the_line_still_passes_them() -> None:
    result = trend([1, 2, 3, 4, 5], [1.0, np.nan, 3.0, 4.0, 5.0], standard_errors=[1, np.nan, 1, 1, 1])
    assert result.n_rounds == 4
    assert result.fitted == pytest.approx([1, 2, 3, 4, 5])


def test_smallest_legal_input_refusals_and_unchanged_input() -> None:
    time = np.array([1.0, 2, 3, 4])
    assert trend(time, [1, 2, 2, 3]).n_rounds == 4
    assert time.tolist() == [1, 2, 3, 4]
    with pytest.raises(NotEnoughData, match="3 rounds"):
        trend(time, [1, 2, np.nan, 3])
    with pytest.raises(InputError, match="given twice"):
        trend([1, 2, 2, 3], [1, 2, 2, 3])
    with pytest.raises(InputError, match="one entry for each round"):
        trend(time, [1, 2, 3])
    with pytest.raises(InputError, match="above zero"):
        trend(time, [1, 2, 2, 3], standard_errors=[1, 0, 1, 1])


@pytest.mark.parametrize("figure", [[0.70, 0.71, 0.72, 0.73], [0.1] * 4, [1e6 + 0.1, 1e6 + 0.2, 1e6 + 0.3, 1e6 + 0.4]])
def test_rounds_exactly_on_a_line_need_standard_errors(figure: list[float]) -> None:
    # Without width, an interval from rounded figures would claim a certainty that nothing shows.
    with pytest.raises(NotEnoughData, match="exactly on one line"):
        trend([1, 2, 3, 4], figure)
    assert trend([1, 2, 3, 4], figure, standard_errors=[0.01] * 4).interval.high > figure[1] - figure[0]
