"""Hazards by group: by hand, against lifelines, and known hazards."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import NelsonAalenFitter

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.retention import hazard_rates, histories, leaving_rates, standardised_leaving
from throughline_analysis.retention.hazards import _holm
from throughline_analysis.retention.tests.simulated import drawn, raw

people = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.integers(0, 5)), min_size=5, max_size=30)


@given(people)
def test_bands_count_what_a_loop_counts(rows: list[tuple[int, bool, int]]) -> None:
    entry = [row[2] for row in rows]
    duration = [row[0] + row[2] for row in rows]
    left = [row[1] for row in rows]
    cuts = [0, 2, 5, 20]
    watched = histories(duration, left, entries=entry)
    here = [sum(own > low and began < high for own, began in zip(duration, entry, strict=True))
            for low, high in itertools.pairwise(cuts)]  # fmt: skip
    if max(here) < 5:
        with pytest.raises(NotEnoughData, match="wider bands"):
            hazard_rates(watched, cuts)
        return
    told = hazard_rates(watched, cuts)
    for band in range(3):
        low, high = cuts[band], cuts[band + 1]
        spent = [max(0, min(own, high) - max(began, low)) for own, began in zip(duration, entry, strict=True)]
        gone = sum(has and low < own <= high for own, has in zip(duration, left, strict=True))
        there = sum(time > 0 for time in spent)
        assert told.is_shown[0, band] == (there >= 5)
        np.testing.assert_equal(told.people[0, band], there if there >= 5 else np.nan)
        if told.is_shown[0, band]:
            assert (told.exposure[0, band], told.events[0, band]) == (sum(spent), gone)
            assert told.low[0, band] <= told.hazard[0, band] == gone / sum(spent) <= told.high[0, band]
        else:
            assert np.isnan(told.events[0, band])


def test_one_band_over_all_is_the_leaving_rate() -> None:
    rng = np.random.default_rng(31)
    watched = drawn(rng, 200, hazards=np.array([0.3, 0.9]))
    told, plain = hazard_rates(watched, [0, 100]), leaving_rates(watched)
    np.testing.assert_allclose(told.hazard[:, 0], plain.rate)
    np.testing.assert_allclose(told.high[:, 0], plain.high)


def test_hazards_that_made_the_histories_are_inside_their_intervals() -> None:
    rng = np.random.default_rng(32)
    hazards = np.array([0.2, 0.5, 1.0])
    told = hazard_rates(drawn(rng, 9_000, hazards=hazards), [0, 0.5, 1, 2])
    held = (told.low <= hazards[:, None]) & (hazards[:, None] <= told.high)
    # Nine intervals at 95 %: one outside is ordinary, three are not.
    assert held.sum() >= 7


@pytest.mark.parametrize("late_entry", [False, True])
def test_expected_leavings_are_lifelines_cumulative_hazard_added_up(late_entry: bool) -> None:
    rng = np.random.default_rng(33)
    duration, left, group, entry = raw(
        rng, 300, hazards=np.array([0.3, 0.6, 0.9]), rounding=0.125, late_entry=late_entry
    )
    told = standardised_leaving(histories(duration, left, groups=group, entries=entry))
    fitted = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(duration, left, entry=entry)
    over = fitted.predict(duration).to_numpy()
    if entry is not None:
        over = over - fitted.predict(entry).to_numpy()
    np.testing.assert_allclose(told.expected, np.bincount(group, over), rtol=1e-9)
    assert told.observed.tolist() == np.bincount(group, left).tolist()


def test_over_all_groups_as_many_left_as_were_expected() -> None:
    rng = np.random.default_rng(34)
    told = standardised_leaving(drawn(rng, 500, hazards=np.array([0.2, 0.4, 0.8]), late_entry=True))
    assert told.expected.sum() == pytest.approx(told.observed.sum())


def test_a_group_that_leaves_twice_as_fast_is_marked_and_equals_are_not() -> None:
    rng = np.random.default_rng(35)
    hazards = np.full(20, 0.3)
    hazards[7] = 0.9
    told = standardised_leaving(drawn(rng, 4_000, hazards=hazards))
    assert np.flatnonzero(told.differs).tolist() == [7]
    assert told.low[7] > 1


def test_among_equal_groups_hardly_any_is_marked() -> None:
    rng = np.random.default_rng(36)
    marked = [standardised_leaving(drawn(rng, 1_000, hazards=np.full(10, 0.5))).differs.any() for _ in range(60)]
    # At most one in twenty by the level; 60 runs leave room for three standard errors, 0.084.
    assert np.mean(marked) <= 0.05 + 0.084


def test_time_behind_them_is_allowed_for() -> None:
    """Newcomers leave three times as often; a group of newcomers differs in its rate and not when standardised."""
    rng = np.random.default_rng(37)
    n = 4_000
    is_new = np.arange(n) % 2 == 0
    entry = np.where(is_new, 0.0, 1.0)
    early, late = rng.exponential(1 / 0.9, n), 1 + rng.exponential(1 / 0.3, n)
    leaves = np.where(is_new & (early < 1), early, late)
    ends = np.where(is_new, 1.5, 3.0)
    watched = histories(np.minimum(leaves, ends), leaves <= ends, groups=(~is_new).astype(int), entries=entry)
    plain, allowed = leaving_rates(watched), standardised_leaving(watched)
    assert plain.low[0] > plain.high[1]
    assert not allowed.differs.any()


def test_holms_adjustment_steps_down_by_hand() -> None:
    """4 x 0.005, 3 x 0.01, 2 x 0.03, and the last no smaller than the one before."""
    np.testing.assert_allclose(_holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])


def test_what_cannot_be_compared_is_refused() -> None:
    alone = histories([1, 2, 3, 4, 5], [True] * 5)
    with pytest.raises(NotEnoughData, match="in one group"):
        standardised_leaving(alone)
    with pytest.raises(NotEnoughData, match="Nobody left"):
        standardised_leaving(histories([1.0] * 10, [False] * 10, groups=[0, 1] * 5))
    with pytest.raises(InputError, match="cuts"):
        hazard_rates(alone, [1, 1])
    with pytest.raises(InputError, match="cuts"):
        hazard_rates(alone, [0])
    with pytest.raises(NotEnoughData, match="wider bands"):
        hazard_rates(alone, [8, 9])


def test_a_group_nobody_of_which_was_watched_when_anybody_left_has_no_ratio_and_an_open_interval() -> None:
    watched = histories([1, 2, 3, 4, 5] + [0.1] * 5, [True] * 5 + [False] * 5, groups=[0] * 5 + [1] * 5)
    told = standardised_leaving(watched)
    assert told.expected[1] == 0
    assert np.isnan(told.ratio[1])
    assert (told.low[1], told.high[1], told.p_value[1], told.differs[1]) == (0, math.inf, 1, False)
    assert told.ratio[0] == 1
