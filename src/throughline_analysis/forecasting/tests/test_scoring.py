"""Calibration: against scikit-learn, by its identities, on planted miscalibration, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.forecasting import (
    RecalibrationMethod,
    brier_score,
    fit_recalibration,
    interval_coverage,
    recalibrated,
    recalibration,
    reliability_curve,
)
from throughline_analysis.forecasting.recalibration import _isotonic_fit, _logistic_fit, _logit

ROUNDING = 1e-12
FORECASTS = st.lists(
    st.tuples(st.sampled_from([0, 0.1, 0.25, 0.5, 0.8, 1]) | st.floats(0, 1), st.booleans()), min_size=10
)


@given(FORECASTS, st.integers(1, 12))
def test_the_parts_add_up_and_the_score_is_that_of_scikit_learn(
    forecasts: list[tuple[float, bool]], n_groups: int
) -> None:
    chances, outcomes = (np.array(column, dtype=float) for column in zip(*forecasts, strict=True))
    if len(set(outcomes.tolist())) == 1:
        with pytest.raises(NotEnoughData):
            brier_score(chances, outcomes)
        return
    result = brier_score(chances, outcomes, n_groups=n_groups)
    assert result.score == pytest.approx(brier_score_loss(outcomes, chances), abs=ROUNDING)
    parts = result.reliability - result.resolution + result.uncertainty + result.within_groups
    assert parts == pytest.approx(result.score, abs=ROUNDING)
    corrected = result.reliability_corrected - result.resolution_corrected + result.uncertainty_corrected
    assert corrected + result.within_groups == pytest.approx(result.score, abs=ROUNDING)
    assert result.interval.low <= result.score <= result.interval.high


def test_the_parts_are_those_of_murphy_when_chances_are_few_and_distinct() -> None:
    # Four groups of equal chance: Murphy's partition needs nothing within groups.
    chances = np.repeat([0.1, 0.3, 0.6, 0.9], [10, 10, 10, 10])
    outcomes = np.concatenate([np.arange(10) < hits for hits in (2, 3, 5, 10)])
    result = brier_score(chances, outcomes, n_groups=4)
    assert result.n_groups == 4
    assert result.reliability == pytest.approx((0.1**2 + 0 + 0.1**2 + 0.1**2) / 4)
    assert result.resolution == pytest.approx((0.3**2 + 0.2**2 + 0 + 0.5**2) / 4)
    assert result.uncertainty == pytest.approx(0.25)
    assert result.within_groups == pytest.approx(0, abs=ROUNDING)


def test_corrected_reliability_of_perfect_chances_is_zero_on_average_while_the_plain_one_is_not() -> None:
    rng = np.random.default_rng(3)
    plain, corrected = [], []
    for _ in range(400):
        chances = rng.choice([0.1, 0.4, 0.7], 60)
        result = brier_score(chances, rng.random(60) < chances, n_groups=3)
        plain.append(result.reliability)
        corrected.append(result.reliability_corrected)
    error = np.std(corrected) / 20
    assert abs(np.mean(corrected)) < 4 * error < np.mean(plain)


def test_intervals_of_the_curve_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(4)
    off = groups = 0
    for _ in range(200):
        chances = rng.random(200)
        curve = reliability_curve(chances, rng.random(200) < chances)
        off += curve.n_off
        groups += len(curve.counts)
    # Jeffreys intervals cover a little less for extreme shares; four standard errors of 0.05 among 2,000 are 0.02.
    assert off / groups == pytest.approx(0.05, abs=0.025)


def test_the_curve_is_that_of_scikit_learn_when_groups_are_the_same() -> None:
    rng = np.random.default_rng(5)
    chances = rng.random(500)
    outcomes = rng.random(500) < chances**2
    observed, said = calibration_curve(outcomes, chances, n_bins=5, strategy="quantile")
    curve = reliability_curve(chances, outcomes, n_groups=5)
    # Quantiles that fall between two forecasts may put one of a hundred on the other side.
    np.testing.assert_allclose(curve.observed, observed, atol=0.011)
    np.testing.assert_allclose(curve.chance, said, atol=0.011)


def test_equal_chances_stay_in_one_group_and_no_group_is_tiny() -> None:
    chances = [0.1] * 3 + [0.5] * 30 + [0.9] * 2 + [0.95] * 6
    curve = reliability_curve(chances, [True, False] * 20 + [True])
    assert curve.counts.sum() == 41
    assert (curve.counts >= 5).all()


def test_logistic_recalibration_is_that_of_scikit_learn_and_finds_planted_overconfidence() -> None:
    rng = np.random.default_rng(6)
    true_logit = rng.normal(0, 1, 4000)
    chances = 1 / (1 + np.exp(-2 * true_logit))
    outcomes = rng.random(4000) < 1 / (1 + np.exp(-true_logit))
    offset, slope, _ = _logistic_fit(chances, outcomes.astype(float))
    peer = LogisticRegression(C=np.inf).fit(_logit(chances)[:, None], outcomes)
    # Ours has weak priors around 0 and 1, worth a few of 4,000 forecasts.
    assert offset == pytest.approx(peer.intercept_[0], abs=5e-3)
    assert slope == pytest.approx(peer.coef_[0, 0], abs=5e-3)
    fitted = fit_recalibration(chances, outcomes)
    assert fitted.slope_interval.low < 0.5 < fitted.slope_interval.high < 1
    assert fitted.method is not RecalibrationMethod.NONE
    assert brier_score(recalibrated(fitted, chances), outcomes).reliability < brier_score(chances, outcomes).reliability


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", ["PRIOR_DEVIATION", "EDGE"])
def test_half_and_double_the_prior_and_the_edge_hardly_move_what_two_hundred_forecasts_say(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(9)
    true_logit = rng.normal(0, 1, 200)
    chances = 1 / (1 + np.exp(-2 * true_logit))
    outcomes = rng.random(200) < 1 / (1 + np.exp(-true_logit))
    plain = fit_recalibration(chances, outcomes)
    monkeypatch.setattr(recalibration, name, getattr(recalibration, name) * factor)
    other = fit_recalibration(chances, outcomes)
    # Less than the error of the slope itself.
    assert abs(other.slope - plain.slope) < (plain.slope_interval.high - plain.slope_interval.low) / 4
    assert abs(recalibrated(other, [0.95])[0] - recalibrated(plain, [0.95])[0]) < 0.03


def test_isotonic_levels_are_those_of_scikit_learn_but_for_the_pull_to_the_middle() -> None:
    rng = np.random.default_rng(7)
    chances = rng.random(2000).round(2)
    outcomes = (rng.random(2000) < chances**3).astype(float)
    knots, heights = _isotonic_fit(chances, outcomes)
    peer = IsotonicRegression().fit(chances, outcomes).predict(knots)
    # Half a forecast either way moves the smallest level, the twelve forecasts at 1, by 0.5 / 13.
    np.testing.assert_allclose(heights, peer, atol=0.04)
    assert (np.diff(heights) >= 0).all()
    fitted = fit_recalibration(chances, outcomes)
    assert fitted.method is RecalibrationMethod.ISOTONIC or fitted.gain > 0


def test_well_calibrated_chances_are_usually_left_alone() -> None:
    rng = np.random.default_rng(8)
    changed = 0
    for _ in range(40):
        chances = rng.random(200)
        fitted = fit_recalibration(chances, rng.random(200) < chances)
        changed += fitted.method is not RecalibrationMethod.NONE
        if fitted.method is RecalibrationMethod.NONE:
            assert np.array_equal(recalibrated(fitted, chances), chances)
    # Beating the plain chances by a standard error happens by luck in less than a sixth of cases.
    assert changed <= 12


def test_interval_coverage_counts_both_sides() -> None:
    result = interval_coverage(np.zeros(40), np.ones(40), outcomes=[0.5] * 30 + [-1] * 4 + [2] * 6, promised=0.9)
    assert (result.coverage, result.below, result.above, result.n) == (0.75, 4, 6, 40)
    assert not result.is_as_promised


def test_what_cannot_be_judged_is_refused_and_inputs_stay() -> None:
    chances, outcomes = np.linspace(0, 1, 50), np.arange(50) % 2
    before = chances.copy()
    brier_score(chances, outcomes)
    reliability_curve(chances, outcomes)
    assert np.array_equal(chances, before)
    with pytest.raises(NotEnoughData, match="from 10 on"):
        brier_score(chances[:9], outcomes[:9])
    with pytest.raises(NotEnoughData, match="set right from 100"):
        fit_recalibration(chances, outcomes)
    with pytest.raises(NotEnoughData, match="judged from 10"):
        interval_coverage([0], [1], outcomes=[0.5], promised=0.9)
    with pytest.raises(InputError, match="percentages"):
        brier_score(chances * 100, outcomes)
    with pytest.raises(InputError, match="neither true nor false"):
        brier_score(chances, outcomes * 2)
    with pytest.raises(InputError, match="one of each"):
        brier_score(chances, outcomes[:-1])
    with pytest.raises(InputError, match="upside down"):
        interval_coverage([1] * 10, [0] * 10, outcomes=[0] * 10, promised=0.9)
    assert len(reliability_curve(chances[:10], outcomes[:10]).counts) == 2
