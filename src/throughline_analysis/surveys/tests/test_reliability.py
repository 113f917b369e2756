"""Alpha and omega: published values, another implementation, properties and known answers."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import cronbach_alpha, mcdonald_omega, one_factor, reliability
from throughline_analysis.surveys.one_factor import fit_one_factor
from throughline_analysis.surveys.reliability import AlphaInterval
from throughline_analysis.surveys.tests.published import ATTITUDE

seeds = st.integers(min_value=0, max_value=10_000)


def congeneric(seed: int, n: int, loadings: list[float]) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, len(loadings)))


def test_alpha_of_the_attitude_survey_is_the_published_one() -> None:
    # 0.84 in the overview of the R package psych (Revelle 2024), with Feldt's 0.74 to 0.92.
    result = cronbach_alpha(ATTITUDE, interval="Feldt")
    assert (round(result.estimate, 2), round(result.interval.low, 2), round(result.interval.high, 2)) == (
        0.84,
        0.74,
        0.92,
    )


def test_omega_of_the_attitude_survey_is_the_published_one() -> None:
    # ci.reliability(attitude, type = "omega") of the R package MBESS (Kelley): 0.8563268.
    result = mcdonald_omega(ATTITUDE, rng=np.random.default_rng(1), n_resamples=200)
    assert result.estimate == pytest.approx(0.8563268, abs=5e-8)


@given(seeds, st.integers(min_value=2, max_value=6))
def test_alpha_equals_the_mean_of_all_split_half_covariances(seed: int, n_items: int) -> None:
    # Alpha is n² times the mean covariance of two different items over the variance of the sum.
    table = congeneric(seed, 40, [1.0] * n_items)
    covariance = np.cov(table.T)
    between = (covariance.sum() - np.trace(covariance)) / (n_items * (n_items - 1))
    expected = n_items**2 * between / table.sum(axis=1).var(ddof=1)
    assert cronbach_alpha(table).estimate == pytest.approx(expected, abs=1e-12)


def direct_fit(correlation: np.ndarray) -> np.ndarray:
    """Minimise the discrepancy of maximum likelihood over loadings and log uniquenesses with a general optimiser."""
    n = len(correlation)

    def discrepancy(values: np.ndarray) -> float:
        model = np.outer(values[:n], values[:n]) + np.diag(np.exp(values[n:]))
        return float(np.linalg.slogdet(model)[1] + np.trace(np.linalg.solve(model, correlation)))

    found = minimize(discrepancy, np.r_[np.full(n, 0.6), np.full(n, -0.4)], method="BFGS", options={"gtol": 1e-8})
    loadings, uniquenesses = found.x[:n], np.exp(found.x[n:])
    return np.array(loadings.sum() ** 2 / (loadings.sum() ** 2 + uniquenesses.sum()))


@pytest.mark.parametrize("seed", range(6))
def test_omega_equals_that_of_a_general_optimiser(seed: int) -> None:
    correlation = np.corrcoef(congeneric(seed, 300, [1.2, 0.9, 0.6, 1.0]).T)
    # The optimiser stops at a gradient of 1e-8 where the curvature is about one.
    assert fit_one_factor(correlation[None]).omega[0] == pytest.approx(direct_fit(correlation), abs=1e-6)


@settings(max_examples=25)
@given(seeds)
def test_units_of_the_items_do_not_change_how_the_factor_fits(seed: int) -> None:
    covariance = np.cov(congeneric(seed, 200, [1.2, 0.9, 0.6, 1.0]).T)
    scale = np.array([10, 1, 0.1, 3])
    plain, scaled = fit_one_factor(covariance[None]), fit_one_factor((covariance * np.outer(scale, scale))[None])
    # Each stops when its own omega moves by less than 1e-9; loadings follow with its square root in flat places.
    assert scaled.loadings[0] == pytest.approx(scale * plain.loadings[0], rel=1e-3)


@given(seeds)
def test_shifting_and_stretching_all_answers_changes_nothing(seed: int) -> None:
    table = congeneric(seed, 50, [1.0, 0.8, 0.6])
    plain, moved = cronbach_alpha(table), cronbach_alpha(3 * table + 7)
    assert moved.estimate == pytest.approx(plain.estimate, abs=1e-10)
    assert moved.interval.low == pytest.approx(plain.interval.low, abs=1e-9)


def test_equal_loadings_make_alpha_and_omega_equal_in_large_samples() -> None:
    table = congeneric(2, 50_000, [0.8] * 4)
    omega = mcdonald_omega(table, rng=np.random.default_rng(0), n_resamples=200)
    # Sampling error of the difference at this size is a few ten-thousandths.
    assert omega.estimate == pytest.approx(cronbach_alpha(table).estimate, abs=2e-3)


def test_omega_recovers_the_known_share_of_one_factor_and_alpha_stays_below() -> None:
    loadings = [1.5, 1.0, 0.5, 0.2]
    truth = sum(loadings) ** 2 / (sum(loadings) ** 2 + 4)
    table = congeneric(3, 40_000, loadings)
    result = mcdonald_omega(table, rng=np.random.default_rng(0), n_resamples=200)
    # Standard error about 0.002.
    assert result.estimate == pytest.approx(truth, abs=0.008)
    assert result.interval.low < truth < result.interval.high
    assert result.loadings == pytest.approx(loadings, abs=0.05)
    assert cronbach_alpha(table).estimate < truth - 0.03
    assert result.residual_correlation < 0.01


def test_two_factors_leave_a_residual_that_one_factor_cannot_hide() -> None:
    rng = np.random.default_rng(5)
    factors = rng.normal(size=(2000, 2))
    table = np.column_stack([factors[:, [0]]] * 3 + [factors[:, [1]]] * 3) + 0.6 * rng.normal(size=(2000, 6))
    assert mcdonald_omega(table, rng=rng, n_resamples=200).residual_correlation > 0.2


@pytest.mark.parametrize(("interval", "least"), [("distribution-free", 0.88), ("Feldt", 0.90)])
def test_intervals_of_alpha_hold_the_truth_about_as_often_as_they_say(interval: AlphaInterval, least: float) -> None:
    rng = np.random.default_rng(9)
    # Four items with loadings of one and noise of one: alpha = 16 / 20.
    hits = []
    for _ in range(400):
        result = cronbach_alpha(rng.normal(size=(60, 1)) + rng.normal(size=(60, 4)), interval=interval).interval
        hits.append(result.low <= 0.8 <= result.high)
    # The standard error of 95 % in 400 is one point; the distribution-free one needs many people.
    assert least <= np.mean(hits) <= 0.985


def test_half_the_least_number_of_people_covers_clearly_less_and_double_about_what_it_says() -> None:
    assert reliability.LEAST_PEOPLE == 30
    rng = np.random.default_rng(12)
    held = {}
    for n in (15, 30, 60):
        answers = np.clip(
            np.round(0.8 * rng.normal(size=(1500, n, 1)) + 0.8 * rng.normal(size=(1500, n, 4)) + 3.8), 1, 5
        )
        ends = np.array([reliability._free(table, 0.95) for table in answers])
        # The same five-point items in 400,000 people: alpha of 0.765.
        held[n] = float(((ends[:, 0] <= 0.765) & (ends[:, 1] >= 0.765)).mean())
    # Standard errors of 0.7 points at most; found when written: 92.3, 93.4 and 95.0 %.
    assert held[15] < held[60] - 0.012
    assert held[30] > 0.915
    assert held[60] > 0.93


def test_intervals_of_omega_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, truth = np.random.default_rng(10), 3.2**2 / (3.2**2 + 4)
    hits = []
    for _ in range(60):
        table = rng.normal(size=(100, 1)) * [1.1, 0.9, 0.7, 0.5] + rng.normal(size=(100, 4))
        interval = mcdonald_omega(table, rng=rng, n_resamples=200).interval
        hits.append(interval.low <= truth <= interval.high)
    # The standard error of 95 % in 60 is three points, and two hundred resamples cost another.
    assert np.mean(hits) >= 0.87


def test_bunches_of_people_leave_the_interval_as_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    table = congeneric(11, 3000, [1.0, 0.8, 0.6])
    single = mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=1000)
    for bunches in (500, 250, 1000):
        monkeypatch.setattr(reliability, "MOST_BUNCHES", bunches)
        bunched = mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=1000)
        assert bunched.estimate == single.estimate
        # 1 / sqrt(2 * bunches) is 4.5 % at 250, and ends of 1,000 resamples are known to some 5 %.
        width = single.interval.high - single.interval.low
        assert bunched.interval.high - bunched.interval.low == pytest.approx(width, rel=0.18)


def test_reliability_without_each_item_names_the_item_that_does_not_belong() -> None:
    table = np.column_stack([congeneric(6, 500, [1.0] * 4), np.random.default_rng(1).normal(size=500)])
    alpha = cronbach_alpha(table)
    assert alpha.without_item.argmax() == 4
    assert alpha.without_item[4] > alpha.estimate
    assert alpha.without_item[0] == pytest.approx(cronbach_alpha(table[:, 1:]).estimate, abs=1e-12)
    omega = mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=200)
    assert omega.without_item.argmax() == 4


def test_people_with_a_missing_answer_are_left_out_and_counted() -> None:
    table = congeneric(7, 60, [1.0] * 3)
    table[:5, 1] = np.nan
    table[5] = np.nan
    result = cronbach_alpha(table)
    assert (result.n_people, result.n_left_out) == (54, 5)
    assert result.estimate == cronbach_alpha(table[6:]).estimate


def test_smallest_legal_inputs_work_and_one_person_less_is_refused() -> None:
    table = congeneric(8, 30, [1.0] * 3)
    before = table.copy()
    two = cronbach_alpha(table[:, :2])
    assert np.isnan(two.without_item).all()
    assert np.isnan(mcdonald_omega(table, rng=np.random.default_rng(0)).without_item).all()
    assert np.array_equal(table, before)
    with pytest.raises(NotEnoughData, match="29 people answered all items"):
        cronbach_alpha(table[:29])


def test_an_item_with_hardly_anything_of_its_own_still_settles() -> None:
    rng = np.random.default_rng(3)
    factor = rng.normal(size=(200, 1))
    table = np.column_stack([factor, factor + rng.normal(size=(200, 3))])
    result = mcdonald_omega(table, rng=rng, n_resamples=200)
    assert result.uniquenesses[0] < 1e-4
    assert 0.6 < result.estimate < 0.9


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda table: cronbach_alpha(table[:, :1]), "at least 2 items"),
        (lambda table: mcdonald_omega(table[:, :2], rng=np.random.default_rng(0)), "at least 3 items"),
        (lambda table: cronbach_alpha(table, interval="exact"), "not an interval"),
        (lambda table: cronbach_alpha(table, level=0), "between 0 and 1"),
        (lambda table: mcdonald_omega(table, rng=np.random.default_rng(0), n_resamples=10), "at least 200"),
    ],
)
def test_options_out_of_range_are_refused(call: Callable[[np.ndarray], object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call(congeneric(1, 40, [1.0] * 3))


def test_answers_without_differences_are_refused() -> None:
    flat = np.full((40, 3), 4.0)
    with pytest.raises(NotEnoughData, match="Nobody's sum differs"):
        cronbach_alpha(flat)
    with pytest.raises(NotEnoughData, match="same answer to item 0"):
        mcdonald_omega(flat, rng=np.random.default_rng(0))


def test_items_that_cancel_when_one_is_left_out_have_no_figure_there_and_alpha_stands() -> None:
    rng = np.random.default_rng(13)
    first = rng.normal(size=60)
    result = cronbach_alpha(np.column_stack([first, -first, first + rng.normal(size=60)]))
    assert np.isnan(result.without_item).tolist() == [False, False, True]
    assert result.interval.low < result.estimate < result.interval.high


def test_an_item_that_few_answer_otherwise_does_not_move_omega_by_its_unit() -> None:
    table = np.column_stack([congeneric(14, 40, [1.0, 1.0, 1.0]), 0.01 * (np.arange(40) == 0)])
    # In a third of the resamples the one person is not drawn and the item does not vary at all. It then counts nothing,
    # in whatever unit; a uniqueness of one would be a lot of the variance in the small unit.
    large, small = (mcdonald_omega(unit * table, rng=np.random.default_rng(1)) for unit in (100.0, 0.01))
    assert small.estimate == pytest.approx(large.estimate, abs=1e-6)
    assert small.interval.low == pytest.approx(large.interval.low, abs=0.02)
    assert large.interval.low > 0.2


def test_answers_in_which_one_person_alone_differs_have_no_interval() -> None:
    table = np.full((40, 3), 3.0)
    table[0] = [4, 5, 4]
    with pytest.raises(NotEnoughData, match="rest on them alone"):
        mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=200)


@pytest.mark.parametrize("name", ["FLAT", "LEAST_UNIQUENESS", "SETTLED", "SETTLED_RESAMPLE"])
@pytest.mark.parametrize("factor", [0.5, 2])
def test_half_or_double_the_limits_of_the_fit_changes_no_digit_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, factor: float
) -> None:
    table = congeneric(15, 100, [1.0, 0.8, 0.6, 0.5])
    usual = mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=200)
    monkeypatch.setattr(one_factor, name, factor * getattr(one_factor, name))
    other = mcdonald_omega(table, rng=np.random.default_rng(1), n_resamples=200)
    assert other.estimate == pytest.approx(usual.estimate, abs=1e-6)
    assert (other.interval.low, other.interval.high) == pytest.approx(
        (usual.interval.low, usual.interval.high), abs=1e-4
    )
