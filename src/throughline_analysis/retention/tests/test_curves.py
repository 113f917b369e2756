"""Kaplan-Meier curves: a published trial, lifelines and scipy, properties, and coverage."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from scipy.stats import CensoredData, ecdf

from throughline_analysis import InputError
from throughline_analysis.retention import SurvivalCurve, histories, survival_at, survival_curves
from throughline_analysis.retention.tests.simulated import drawn, raw

# Freireich and others (1963), Blood 21:699-716: weeks of remission under 6-mercaptopurine, as in Cox, Oakes (1984),
# Analysis of Survival Data, table 1.1. The Kaplan-Meier estimate: 0.857 after 6 weeks, 0.753 after 10, 0.448 after 23.
REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

people = st.lists(
    st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 2), st.integers(0, 3)), min_size=5, max_size=40
)


def test_remission_curve_and_errors_are_the_published_ones() -> None:
    curve = survival_curves(histories(REMISSION, RELAPSED)).curve(0)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    # Three printed digits.
    np.testing.assert_allclose(curve.survival, [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], atol=5e-4)
    # Standard errors as R's survfit prints them for these data: 0.0764 after 6 and 0.1346 after 23 weeks.
    variance = survival_curves(histories(REMISSION, RELAPSED)).variance
    np.testing.assert_allclose((curve.survival * np.sqrt(variance))[[0, 6]], [0.0764, 0.1346], atol=5e-5)


def of_lifelines(
    curve: SurvivalCurve, duration: np.ndarray, left: np.ndarray, entry: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit(duration, left, entry=entry)
    table = fitted.survival_function_["KM_estimate"]
    bounds = fitted.confidence_interval_
    return (
        table.loc[curve.time].to_numpy(),
        bounds.iloc[:, 0].loc[curve.time].to_numpy(),
        bounds.iloc[:, 1].loc[curve.time].to_numpy(),
    )


@pytest.mark.parametrize("late_entry", [False, True])
@pytest.mark.parametrize("rounding", [None, 0.25])
def test_curves_and_intervals_equal_those_of_lifelines(rounding: float | None, late_entry: bool) -> None:
    rng = np.random.default_rng(3)
    hazards = np.array([0.2, 0.6, 1.2])
    duration, left, group, entry = raw(rng, 400, hazards=hazards, rounding=rounding, late_entry=late_entry)
    curves = survival_curves(histories(duration, left, groups=group, entries=entry))
    for place in range(3):
        mine = curves.curve(place)
        inside = group == place
        survival, low, high = of_lifelines(
            mine, duration[inside], left[inside], None if entry is None else entry[inside]
        )
        np.testing.assert_allclose(mine.survival, survival, atol=1e-9)
        partly = mine.survival > 0
        np.testing.assert_allclose(mine.low[partly], low[partly], atol=1e-9)
        np.testing.assert_allclose(mine.high[partly], high[partly], atol=1e-9)


def test_curves_equal_scipys_for_one_group_without_late_entry() -> None:
    rng = np.random.default_rng(4)
    duration, left, _, _ = raw(rng, 200, hazards=np.array([0.7]))
    curve = survival_curves(histories(duration, left)).curve(0)
    other = ecdf(CensoredData.right_censored(duration, ~left)).sf
    np.testing.assert_allclose(curve.survival, other.evaluate(curve.time), atol=1e-12)
    bounds = other.confidence_interval(method="log-log")
    partly = curve.survival > 0
    np.testing.assert_allclose(curve.low[partly], bounds.low.evaluate(curve.time)[partly], atol=1e-9)


def by_hand(duration: list, left: list, entry: list) -> list[tuple[float, float]]:
    share, rows = 1.0, []
    for time in sorted({own for own, gone in zip(duration, left, strict=True) if gone}):
        here = sum(began < time <= own for own, began in zip(duration, entry, strict=True))
        gone = sum(own == time and has for own, has in zip(duration, left, strict=True))
        share *= 1 - gone / here
        rows.append((time, share))
    return rows


@given(people)
def test_every_group_is_the_product_of_who_stayed(rows: list[tuple[int, bool, int, int]]) -> None:
    duration = [row[0] + row[3] for row in rows]
    left, group, entry = ([row[column] for row in rows] for column in (1, 2, 3))
    if max(group.count(one) for one in range(3)) < 5:
        return
    curves = survival_curves(histories(duration, left, groups=group, entries=entry))
    for place, one in enumerate(curves.group.tolist()):
        inside = [row for row, own in enumerate(group) if own == one]
        expected = by_hand(*([column[row] for row in inside] for column in (duration, left, entry)))
        curve = curves.curve(place)
        assert curve.time.tolist() == [time for time, _ in expected]
        np.testing.assert_allclose(curve.survival, [share for _, share in expected], atol=1e-12)
        assert ((curve.low <= curve.survival) & (curve.survival <= curve.high)).all()
        assert (np.diff(curve.survival) <= 0).all()


def test_order_of_people_and_unit_of_time_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    duration, left, group, _ = raw(rng, 100, hazards=np.array([0.3, 0.9]), rounding=0.25)
    one = survival_curves(histories(duration, left, groups=group))
    order = rng.permutation(100)
    two = survival_curves(histories(duration[order] * 12, left[order], groups=group[order]))
    np.testing.assert_allclose(two.time, one.time * 12)
    np.testing.assert_array_equal(two.survival, one.survival)
    np.testing.assert_array_equal(two.low, one.low)


def test_without_anybody_still_here_the_curve_is_the_share_left() -> None:
    curve = survival_curves(histories([1, 2, 3, 4, 5, 6, 7, 8], [True] * 8)).curve(0)
    np.testing.assert_allclose(curve.survival, 1 - np.arange(1, 9) / 8, atol=1e-12)


def test_when_all_have_left_the_share_is_zero_and_its_upper_end_the_last_one_before() -> None:
    curve = survival_curves(histories([1, 2, 3, 4, 5], [True] * 5)).curve(0)
    assert (curve.survival[-1], curve.low[-1], curve.high[-1]) == (0, 0, curve.high[-2])
    at_once = survival_curves(histories([2] * 5, [True] * 5)).curve(0)
    # Nobody of five stayed: the exact bound of the binomial.
    assert at_once.high[0] == pytest.approx(1 - 0.025 ** (1 / 5))


def test_groups_that_lost_all_or_none_do_not_disturb_the_next() -> None:
    duration = [1, 2, 3, 4, 5] * 3
    left = [True] * 5 + [False] * 5 + [True, False, True, False, True]
    curves = survival_curves(histories(duration, left, groups=np.repeat([0, 1, 2], 5)))
    assert curves.curve(1).time.tolist() == []
    np.testing.assert_allclose(curves.curve(2).survival, [0.8, 0.8 * 2 / 3, 0])


def test_intervals_cover_the_true_share_at_a_time() -> None:
    rng = np.random.default_rng(6)
    held = []
    for _ in range(40):
        told = survival_at(survival_curves(drawn(rng, 1_200, hazards=np.full(40, 0.6))), [0.5, 1.0])
        truth = np.exp(-0.6 * told.time)
        held.append(np.mean((told.low <= truth) & (truth <= told.high)))
    # Thirty people a group; three standard errors of the simulation and 0.01 for the normal approximation.
    slack = 3 * float(np.std(held)) / math.sqrt(len(held)) + 0.01
    assert np.mean(held) == pytest.approx(0.95, abs=slack)


def test_late_entry_recovers_what_ignoring_it_overstates() -> None:
    rng = np.random.default_rng(7)
    duration, left, _, entry = raw(rng, 40_000, hazards=np.array([0.8]), late_entry=True)
    right = survival_at(survival_curves(histories(duration, left, entries=entry)), [1.0])
    wrong = survival_at(survival_curves(histories(duration, left)), [1.0])
    # Three standard errors of a share of 0.45 among 20,000.
    assert right.survival[0, 0] == pytest.approx(math.exp(-0.8), abs=0.012)
    assert wrong.survival[0, 0] > math.exp(-0.8) + 0.05


def test_wrong_questions_are_refused() -> None:
    watched = histories([1, 2, 3, 4, 5], [True] * 5)
    with pytest.raises(InputError, match="level"):
        survival_curves(watched, level=0)
    with pytest.raises(InputError, match="1 shown groups"):
        survival_curves(watched).curve(1)


def test_a_groups_curve_does_not_carry_the_rounding_of_the_groups_before_it() -> None:
    rng = np.random.default_rng(12)
    lasted = rng.exponential(5, 20_000)
    watched = histories([*lasted, *range(1, 11)], [True] * 20_010, groups=[*rng.integers(0, 50, 20_000), *[50] * 10])
    last = survival_curves(watched).curve(50)
    alone = survival_curves(histories(range(1, 11), [True] * 10))
    assert last.survival.tolist() == alone.survival.tolist()
    assert last.low.tolist() == alone.low.tolist()


def test_who_was_watched_alone_and_left_makes_the_share_zero_with_an_interval_that_says_little() -> None:
    curve = survival_curves(histories([1, 5, 6, 7, 8, 9], [True] * 6, entries=[0, 2, 2, 2, 2, 2])).curve(0)
    assert curve.survival.tolist() == [0] * 6
    assert (curve.at_risk[0], curve.high[0]) == (1, pytest.approx(0.975))
