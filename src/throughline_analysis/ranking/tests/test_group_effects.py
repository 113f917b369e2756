"""Groups that prefer differently: the definition, shrinkage, and known departures."""

import math
import sys

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import bradley_terry, comparisons, group_effects
from throughline_analysis.ranking.bradley_terry import PRIOR_SD
from throughline_analysis.ranking.group_effects import GROUP_SD, _mode, _Model
from throughline_analysis.ranking.tests.simulated import curvature, drawn, log_posterior


@pytest.mark.parametrize("nu", [0.0, 0.7])
def test_mode_and_intervals_follow_from_the_definition(nu: float) -> None:
    rng = np.random.default_rng(41)
    groups = np.repeat([0, 1], 60)
    tally = drawn(rng, rng.normal(0, 1, (2, 4)), 120, nu=nu, groups=groups)
    fit = group_effects(tally)
    model = _Model(tally, PRIOR_SD, GROUP_SD, float(tally.ties.sum()))
    point, _ = _mode(model)

    def function(point: np.ndarray) -> float:
        shared, departure = point[:4], point[4:12].reshape(2, 4)
        log_nu = float(point[12]) if nu else None
        # The prior on the sum is taken out of the plain definition and put on the parts.
        plain = log_posterior(tally, shared + departure, log_nu, prior_sd=1e9)
        return plain - float(shared @ shared) / (2 * PRIOR_SD**2) - float((departure**2).sum()) / (2 * GROUP_SD**2)

    at = np.concatenate([point.top[:4], point.departure.ravel(), [fit.tie_log_odds] if nu else []])
    slopes = [(function(at + step) - function(at - step)) / 2e-4 for step in np.eye(len(at)) * 1e-4]
    # The differences themselves are good to the square of their step.
    np.testing.assert_allclose(slopes, 0, atol=1e-6)
    covariance = np.linalg.inv(-curvature(function, at))
    centre = np.eye(4) - 1 / 4
    own = [np.eye(4, len(at)) + np.eye(4, len(at), start) for start in (4, 8)]
    shared, second_group = centre @ (own[0] + own[1]) / 2, centre @ own[1]
    departure = second_group - shared
    np.testing.assert_allclose(departure @ at, fit.departure[1], atol=1e-9)
    for rows, low, high in (
        (shared, fit.low, fit.high),
        (second_group, fit.group_low[1], fit.group_high[1]),
        (departure, fit.departure_low[1], fit.departure_high[1]),
    ):
        expected = 1.959964 * np.sqrt(np.diagonal(rows @ covariance @ rows.T))
        # Central differences with step 0.001 are good to about five digits.
        np.testing.assert_allclose((high - low) / 2, expected, rtol=1e-5)


def test_intervals_cover_what_made_the_answers() -> None:
    rng = np.random.default_rng(42)
    held = []
    for run in range(60):
        shared = rng.normal(0, PRIOR_SD, 8)
        own = shared + rng.normal(0, GROUP_SD, (3, 8))
        fit = group_effects(drawn(rng, own, 900, nu=0.5 * (run % 2), groups=rng.integers(0, 3, 900)))
        own -= own.mean(axis=1, keepdims=True)
        departure = own - own.mean(axis=0)
        held.append(
            [
                np.mean((fit.group_low <= own) & (own <= fit.group_high)),
                np.mean((fit.departure_low <= departure) & (departure <= fit.departure_high)),
            ]
        )
    # Three standard errors of the simulation, about 0.016, and 0.01 for the normal approximation.
    np.testing.assert_allclose(np.mean(held, axis=0), 0.95, atol=0.026)


def test_planted_departures_are_found_with_their_sign() -> None:
    rng = np.random.default_rng(43)
    own = np.zeros((3, 6))
    own[2, 4] = 2.0
    fit = group_effects(drawn(rng, own, 3_000, groups=np.repeat([0, 1, 2], 1_000)))
    own -= own.mean(axis=1, keepdims=True)
    departure = own - own.mean(axis=0)
    assert fit.differs[:, 4].all()
    assert (np.sign(fit.departure) == np.sign(departure))[fit.differs].all()
    assert np.unravel_index(fit.departure.argmax(), fit.departure.shape) == (2, 4)


def test_groups_that_agree_rarely_seem_to_differ() -> None:
    rng = np.random.default_rng(44)
    found = [
        group_effects(drawn(rng, np.tile(rng.normal(0, 1, 6), (4, 1)), 400, groups=rng.integers(0, 4, 400)))
        for _ in range(40)
    ]
    # At most one in twenty by the level; shrinkage makes it rarer.
    assert np.mean([fit.differs.any() for fit in found]) <= 0.05


def test_a_group_with_little_said_stays_near_the_others() -> None:
    rng = np.random.default_rng(45)
    groups = np.array([0] * 600 + [1] * 600 + [2] * 6)
    own = np.zeros((3, 6))
    own[:, 0] = 1, 1, -1
    fit = group_effects(drawn(rng, own, 1_206, groups=groups))
    # Six answers cannot show a reversal that six hundred would.
    assert not fit.differs[2].any()
    assert (fit.group_high - fit.group_low)[2].min() > (fit.group_high - fit.group_low)[0].max()


def test_groups_that_may_not_depart_give_the_pooled_scores() -> None:
    rng = np.random.default_rng(46)
    tally = drawn(rng, rng.normal(0, 1, (3, 6)), 600, nu=0.4, groups=rng.integers(0, 3, 600))
    pooled, tight = bradley_terry(tally), group_effects(tally, group_sd=1e-4)
    # Departures of 1e-4 move the shared scores by less than their square times the answers.
    np.testing.assert_allclose(tight.score, pooled.score, atol=1e-4)
    np.testing.assert_allclose(tight.high - tight.low, pooled.high - pooled.low, atol=1e-4)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_or_double_the_group_spread_keeps_the_finding(factor: float) -> None:
    rng = np.random.default_rng(47)
    own = np.zeros((2, 5))
    own[1, 0] = 2.5
    tally = drawn(rng, own, 2_000, groups=np.repeat([0, 1], 1_000))
    fit = group_effects(tally, group_sd=GROUP_SD * factor)
    assert fit.differs[1, 0]
    usual = group_effects(tally)
    # The half prior is a quarter of the difference that was planted, and pulls hardest.
    assert 0.75 < fit.departure[1, 0] / usual.departure[1, 0] < 1.25


def test_numbering_of_groups_does_not_matter() -> None:
    rng = np.random.default_rng(48)
    first, said, group = rng.integers(0, 3, 90), rng.integers(-1, 2, 90), rng.integers(0, 2, 90)
    second = (first + 1) % 3
    one = group_effects(comparisons(first, second, outcomes=said, n_items=3, groups=group))
    two = group_effects(comparisons(first, second, outcomes=said, n_items=3, groups=1 - group))
    # Rounding of sums in another order.
    np.testing.assert_allclose(one.group_score, two.group_score[::-1], atol=1e-9)


def test_what_cannot_be_set_side_by_side_is_refused() -> None:
    alone = comparisons([0], [1], outcomes=[1], n_items=2)
    silent = comparisons([0, 0], [1, 1], outcomes=[1, 2], n_items=2, groups=[0, 1])
    with pytest.raises(NotEnoughData, match="only one group"):
        group_effects(alone)
    with pytest.raises(NotEnoughData, match="group 1 has decided"):
        group_effects(silent)
    both = comparisons([0, 0], [1, 1], outcomes=[1, 1], n_items=2, groups=[0, 1])
    assert math.isfinite(group_effects(both).score[0])
    with pytest.raises(InputError, match="group_sd"):
        group_effects(both, group_sd=-1)


def test_scores_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = comparisons([0, 0, 1], [1, 1, 2], outcomes=[1, -1, 1], n_items=3, counts=[30, 30, 9], groups=[0, 1, 1])
    monkeypatch.setattr(sys.modules[group_effects.__module__], "MOST_NEWTON_STEPS", 1)
    with pytest.raises(NotEnoughData, match="did not settle"):
        group_effects(tally)
