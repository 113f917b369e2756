"""What is read off the curves: shares at times, medians, means up to a horizon."""

import math

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, restricted_mean_survival_time
from scipy import stats

from throughline_analysis import InputError
from throughline_analysis.retention import histories, mean_stay, median_stay, survival_at, survival_curves
from throughline_analysis.retention.tests.simulated import drawn, raw
from throughline_analysis.retention.tests.test_curves import RELAPSED, REMISSION


def test_median_remission_is_the_published_23_weeks() -> None:
    """Freireich and others (1963), as the curve itself."""
    told = median_stay(survival_curves(histories(REMISSION, RELAPSED)))
    assert (told.median[0], told.high[0]) == (23, math.inf)
    assert told.low[0] < 23


def test_medians_and_their_intervals_equal_those_of_lifelines() -> None:
    rng = np.random.default_rng(11)
    duration, left, group, _ = raw(rng, 300, hazards=np.array([0.5, 1.0, 2.0]))
    told = median_stay(survival_curves(histories(duration, left, groups=group)))
    for place in range(3):
        inside = group == place
        fitted = KaplanMeierFitter().fit(duration[inside], left[inside])
        bounds = median_survival_times(fitted.confidence_interval_)
        assert told.median[place] == fitted.median_survival_time_
        assert [told.low[place], told.high[place]] == bounds.to_numpy().ravel().tolist()


def test_mean_up_to_a_horizon_equals_that_of_lifelines() -> None:
    rng = np.random.default_rng(12)
    duration, left, group, _ = raw(rng, 200, hazards=np.array([0.5, 1.5]), rounding=0.125)
    told = mean_stay(survival_curves(histories(duration, left, groups=group)), 1.5)
    for place in range(2):
        fitted = KaplanMeierFitter().fit(duration[group == place], left[group == place])
        assert told.mean[place] == pytest.approx(restricted_mean_survival_time(fitted, 1.5), abs=1e-9)


def test_intervals_of_the_mean_cover_the_truth() -> None:
    rng = np.random.default_rng(13)
    truth = (1 - math.exp(-0.6 * 2)) / 0.6
    held = []
    for _ in range(40):
        told = mean_stay(survival_curves(drawn(rng, 1_600, hazards=np.full(40, 0.6))), 2.0)
        held.append(np.mean(((told.low <= truth) & (truth <= told.high))[told.is_known]))
    # Forty people a group: three standard errors of the simulation and 0.015 for Student's t on a skewed estimate.
    slack = 3 * float(np.std(held)) / math.sqrt(len(held)) + 0.015
    assert np.mean(held) == pytest.approx(0.95, abs=slack)


def test_shares_at_times_are_read_off_the_steps() -> None:
    told = survival_at(survival_curves(histories([1, 2, 2, 3, 4], [True, True, False, True, False])), [0, 1, 1.5, 3, 4])
    np.testing.assert_allclose(told.survival, [[1, 0.8, 0.8, 0.3, 0.3]])
    assert told.at_risk.tolist() == [[5, 4, 4, 1, 0]]
    assert told.is_known.all()


def test_after_the_last_one_watched_nothing_is_known_unless_all_left() -> None:
    told = survival_at(
        survival_curves(histories([1, 2, 3, 4, 5] * 2, [True] * 5 + [False] * 5, groups=[0] * 5 + [1] * 5)), [6]
    )
    assert told.is_known.tolist() == [[True], [False]]
    assert told.survival[0, 0] == 0
    assert np.isnan(told.survival[1, 0])


def test_before_anybody_left_the_lower_end_is_the_exact_binomial_bound() -> None:
    told = survival_at(survival_curves(histories([2, 3, 4, 5, 6], [False] * 5)), [1, 2.5])
    np.testing.assert_allclose(told.low, [[0.025 ** (1 / 5), 0.025 ** (1 / 4)]])
    assert told.high.tolist() == [[1, 1]]


def test_people_still_watched_are_counted_with_late_entry() -> None:
    watched = histories([3, 3, 4, 5, 6], [True] * 5, entries=[0, 2, 0, 4.5, 0])
    assert survival_at(survival_curves(watched), [1, 2, 4.6]).at_risk.tolist() == [[3, 4, 2]]


def test_a_median_that_was_not_reached_is_infinite() -> None:
    told = median_stay(survival_curves(histories([1, 2, 3, 4, 5], [True] + [False] * 4)))
    assert (told.median[0], told.high[0]) == (math.inf, math.inf)


def test_a_horizon_nobody_reached_has_no_mean() -> None:
    told = mean_stay(survival_curves(histories([1, 2, 3, 4, 5], [True] + [False] * 4)), 9)
    assert (told.is_known[0], np.isnan(told.mean[0])) == (False, True)
    all_left = mean_stay(survival_curves(histories([1, 2, 3, 4, 5], [True] * 5)), 9)
    assert all_left.mean[0] == pytest.approx(3)


def test_wrong_questions_are_refused() -> None:
    curves = survival_curves(histories([1, 2, 3, 4, 5], [True] * 5))
    with pytest.raises(InputError, match="times"):
        survival_at(curves, [-1])
    with pytest.raises(InputError, match="horizon"):
        mean_stay(curves, 0)


def test_a_mean_of_stays_that_are_all_alike_is_not_certain() -> None:
    nobody = mean_stay(survival_curves(histories([5] * 6, [False] * 6)), 3)
    # Six people would miss a share of 1 - 0.025^(1/6) = 0.459 who leave at once in one of forty cases.
    assert (nobody.mean[0], nobody.high[0]) == (3, 3)
    assert nobody.low[0] == pytest.approx(3 * 0.025 ** (1 / 6))
    at_once = mean_stay(survival_curves(histories([2] * 6, [True] * 6)), 3)
    assert at_once.mean[0] == 2
    assert at_once.low[0] == pytest.approx(2 * 0.025 ** (1 / 6))
    assert at_once.high[0] == pytest.approx(3 - 0.025 ** (1 / 6))
    to_the_end = mean_stay(survival_curves(histories([3] * 6, [True] * 6)), 3)
    assert to_the_end.low[0] == pytest.approx(nobody.low[0])


def test_an_interval_of_a_group_that_nobody_left_holds_a_rare_leaving_as_often_as_it_says() -> None:
    rng, held = np.random.default_rng(16), []
    for _ in range(2000):
        # One in five leaves after a year; seven people, two years.
        left = rng.random(7) < 0.2
        result = mean_stay(survival_curves(histories(np.where(left, 1.0, 2.0), left)), 2)
        if not left.any():
            held.append(result.low[0] <= 1.8 <= result.high[0])
    assert len(held) > 300
    assert np.mean(held) == 1.0


def test_times_in_a_table_are_refused_and_one_time_alone_is_taken() -> None:
    curves = survival_curves(histories([1, 2, 3, 4, 5], [True] * 5))
    assert survival_at(curves, 2).survival.shape == (1, 1)
    with pytest.raises(InputError, match="flat list"):
        survival_at(curves, [[1, 2], [3, 4]])


@pytest.mark.parametrize(("people", "least"), [(5, 0.87), (10, 0.88), (20, 0.91)])
def test_intervals_of_the_mean_cover_in_small_groups_too(people: int, least: float) -> None:
    rng = np.random.default_rng(17)
    for hazard in (0.1, 0.5, 1.5):
        truth = (1 - math.exp(-hazard * 2)) / hazard
        leaves, ends = rng.exponential(1 / hazard, 1000 * people), rng.uniform(1, 4, 1000 * people)
        group = np.repeat(np.arange(1000), people)
        told = mean_stay(survival_curves(histories(np.minimum(leaves, ends), leaves <= ends, groups=group)), 2)
        held = ((told.low <= truth) & (truth <= told.high))[told.is_known]
        # The standard error in 900 is one point. Normal intervals cover 79 % with five people and a hazard of 1.5.
        assert held.mean() >= least


def test_the_interval_of_the_mean_is_students_where_all_have_left() -> None:
    stays = np.array([0.5, 1.0, 1.5, 2.5, 4.0])
    told = mean_stay(survival_curves(histories(stays, [True] * 5)), 5)
    low, high = stats.t.interval(0.95, 4, stays.mean(), stats.sem(stays))
    assert (told.low[0], told.high[0]) == (pytest.approx(low), pytest.approx(high))
