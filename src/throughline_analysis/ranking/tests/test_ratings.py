"""Ratings on criteria: published tables, a plain REML, properties, and coverage."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import rated_items, rater_model

# Shrout, Fleiss (1979), Psychological Bulletin 86:420-428, doi:10.1037/0033-2909.86.2.420, table 2: six targets by
# four judges. Their table 3: mean squares of judges 32.49 and of the residual 1.02; ICC(3,4) = 0.91.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]).T


def test_variances_and_reliability_of_a_full_table_are_the_published_mean_squares() -> None:
    fit = rated_items(SHROUT_FLEISS[:, :, None].astype(float)).overall
    # Half of the last printed digit; the variance between judges is (32.49 - 1.02) / 6.
    assert fit.residual_sd**2 == pytest.approx(1.02, abs=5e-3)
    assert fit.rater_sd**2 == pytest.approx((32.49 - 1.02) / 6, abs=2e-3)
    assert fit.reliability_0_1 == pytest.approx(0.91, abs=5e-3)
    np.testing.assert_allclose(fit.score, SHROUT_FLEISS.mean(axis=0))


def plain_reml(ratings: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variances, item means and their covariance with the whole covariance matrix written out."""
    rater, item = np.nonzero(~np.isnan(ratings))
    values = ratings[rater, item]
    design = (item[:, None] == np.arange(ratings.shape[1])).astype(float)
    same = (rater[:, None] == rater[None, :]).astype(float)

    def at(logs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        whole = math.exp(logs[0]) * np.eye(len(values)) + math.exp(logs[1]) * same
        inverse = np.linalg.inv(whole)
        covariance = np.linalg.inv(design.T @ inverse @ design)
        mean = covariance @ design.T @ inverse @ values
        left = values - design @ mean
        deviance = np.linalg.slogdet(whole)[1] - np.linalg.slogdet(covariance)[1] + left @ inverse @ left
        return float(deviance), mean, covariance

    found = minimize(
        lambda logs: at(logs)[0], [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}
    )
    return np.exp(found.x), *at(found.x)[1:]


def test_an_incomplete_table_equals_reml_written_out() -> None:
    rng = np.random.default_rng(51)
    ratings = rng.normal(3, 1, 7) + rng.normal(0, 0.8, (9, 1)) + rng.normal(0, 0.7, (9, 7))
    ratings[rng.random((9, 7)) < 0.35] = np.nan
    fit = rated_items(ratings[:, :, None]).overall
    variances, mean, covariance = plain_reml(ratings)
    # Both searches stop within 1e-5 of the log variances.
    np.testing.assert_allclose([fit.residual_sd**2, fit.rater_sd**2], variances, rtol=1e-4)
    np.testing.assert_allclose(fit.score, mean, atol=1e-5)
    np.testing.assert_allclose(fit.standard_error, np.sqrt(np.diagonal(covariance)), rtol=1e-4)


@pytest.mark.parametrize(
    ("n_raters", "n_items", "rater_sd", "share"), [(6, 5, 0.5, 1.0), (8, 10, 0.7, 0.6), (6, 4, 0, 0.9)]
)
def test_intervals_cover_the_items_that_made_the_ratings(
    n_raters: int, n_items: int, rater_sd: float, share: float
) -> None:
    rng = np.random.default_rng(52)
    held = []
    for _ in range(150):
        items = rng.normal(3, 0.8, n_items)
        ratings = items + rng.normal(0, rater_sd, (n_raters, 1)) + rng.normal(0, 0.8, (n_raters, n_items))
        ratings[rng.random(ratings.shape) > share] = np.nan
        fit = rated_items(ratings[:, :, None]).overall
        is_rated = fit.n > 0
        held.append(np.mean((fit.low <= items)[is_rated] & (items <= fit.high)[is_rated]))
    # Three standard errors of the simulation, about 0.02 each.
    slack = 3 * float(np.std(held)) / math.sqrt(len(held))
    assert np.mean(held) == pytest.approx(0.95, abs=slack)


def test_an_item_rated_only_by_the_strict_is_lifted() -> None:
    rng = np.random.default_rng(53)
    severity = np.array([0, 0, 0, 0, 0, -2.0, -2.0, -2.0])
    ratings = np.full((8, 6), 4.0) + severity[:, None] + rng.normal(0, 0.3, (8, 6))
    ratings[:5, 0] = np.nan
    fit = rated_items(ratings[:, :, None]).overall
    plain = np.nanmean(ratings, axis=0)
    assert plain[0] < 2.5
    # An average of these raters gives 4 - 0.75.
    assert fit.score[0] == pytest.approx(3.25, abs=0.4)
    assert (fit.severity[5:] > 0).all()
    assert (fit.severity[:5] < 0).all()


tables = st.lists(st.lists(st.one_of(st.integers(1, 5), st.just(None)), min_size=3, max_size=3), min_size=4, max_size=6)


@settings(max_examples=40)
@given(tables, st.permutations(range(3)))
def test_order_scale_and_unit_do_not_matter(table: list[list[int | None]], names: list[int]) -> None:
    ratings = np.array([[math.nan if cell is None else cell for cell in row] for row in table])[:, :, None]
    try:
        fit = rated_items(ratings).overall
    except NotEnoughData:
        return
    turned = rated_items(ratings[::-1][:, names] * 10 + 7).overall
    # The search stops within 1e-6 of the log of a ratio whose likelihood may be flat.
    np.testing.assert_allclose((turned.score - 7) / 10, fit.score[names], atol=1e-3)
    np.testing.assert_array_equal(turned.n, fit.n[names])


def test_where_all_rate_all_scores_are_plain_means() -> None:
    rng = np.random.default_rng(54)
    ratings = rng.integers(1, 6, (7, 4, 3)).astype(float)
    fit = rated_items(ratings, [2, 1, 0])
    np.testing.assert_allclose(fit.criteria[1].score, ratings[:, :, 1].mean(axis=0))
    np.testing.assert_allclose(fit.overall.score, (2 * ratings[:, :, 0] + ratings[:, :, 1]).mean(axis=0) / 3)
    assert fit.weights.tolist() == [2 / 3, 1 / 3, 0]


def test_a_criterion_without_weight_may_be_missing_overall() -> None:
    ratings = np.array([[[1, 5], [2, np.nan]], [[2, np.nan], [4, 3]], [[3, 1], [3, 2.0]]])
    assert rated_items(ratings, [1, 0]).overall.n.tolist() == [3, 3]
    assert rated_items(ratings).overall.n.tolist() == [2, 2]


def test_an_item_nobody_rated_is_missing_and_others_are_not() -> None:
    ratings = np.array([[1, 2, np.nan], [2, 4, np.nan], [2, 3, np.nan]])[:, :, None]
    fit = rated_items(ratings).overall
    assert np.isnan(fit.score).tolist() == [False, False, True]
    assert fit.n.tolist() == [3, 3, 0]


def test_perfect_agreement_gives_scores_and_claims_no_certainty() -> None:
    fit = rated_items(np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3.0]])[:, :, None]).overall
    assert fit.score.tolist() == [1, 2, 3]
    # Nobody disagreed, so nothing shows by how much people would: no interval, rather than one without width.
    assert np.isnan([fit.low, fit.high, fit.standard_error]).all()
    # The residual is held at 1e-12 of the spread.
    assert fit.residual_sd < 1e-5
    assert fit.reliability_0_1 == pytest.approx(1, abs=1e-6)


def test_raters_who_differ_by_a_constant_alone_still_leave_an_interval() -> None:
    fit = rated_items(np.array([[1, 2, 3], [2, 3, 4], [0, 1, 2.0]])[:, :, None]).overall
    assert fit.score == pytest.approx([1, 2, 3])
    assert (fit.high - fit.low > 1).all()


def test_inputs_stay_unchanged_and_wrong_input_is_refused() -> None:
    ratings = np.array([[1, 2], [2, np.nan], [3, 3.0]])[:, :, None]
    before = ratings.copy()
    rated_items(ratings)
    np.testing.assert_array_equal(ratings, before)
    with pytest.raises(InputError, match="raters x items x criteria"):
        rated_items([[1, 2]])
    with pytest.raises(InputError, match="infinite"):
        rated_items([[[math.inf]], [[1.0]]])
    with pytest.raises(InputError, match="one weight each"):
        rated_items(ratings, [1, 1])
    with pytest.raises(InputError, match="not all zero"):
        rated_items(ratings, [0])
    with pytest.raises(NotEnoughData, match="by two people"):
        rated_items([[[1.0], [np.nan]], [[np.nan], [2.0]]])
    with pytest.raises(NotEnoughData, match="too few"):
        rated_items([[[1.0]], [[2.0]]])


@pytest.mark.parametrize("factor", [0.5, 2])
def test_half_or_double_the_step_of_the_derivatives_changes_no_digit_shown(
    monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    rng = np.random.default_rng(68)
    ratings = rng.normal(size=(6, 5, 1)) + rng.normal(size=(6, 1, 1)) + 3
    usual = rated_items(ratings).overall
    monkeypatch.setattr(rater_model, "LOG_STEP", factor * rater_model.LOG_STEP)
    other = rated_items(ratings).overall
    assert other.high == pytest.approx(usual.high, abs=1e-6)
