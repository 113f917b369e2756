"""Differences and changes: published corrections, other implementations, false findings and power."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import stats

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import Differences, adjust_p_values, changes, differences_from_rest, welch

# Benjamini and Hochberg (1995), section 4.1: fifteen comparisons of treatments after a heart attack.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
p_values = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=30)
seeds = st.integers(min_value=0, max_value=10_000)
SKEW = (0.05, 0.1, 0.15, 0.4, 0.3)


def from_rest(values: ArrayLike, groups: ArrayLike, **options: Any) -> Differences:
    return differences_from_rest(values, groups, **({"lowest": 1, "highest": 5} | options))


def test_the_published_example_finds_four_and_three() -> None:
    # The paper: four by their procedure, three by Bonferroni's; Holm's step from 0.0095 * 12 does not help.
    assert adjust_p_values(PUBLISHED, correction="benjamini-hochberg").is_below.sum() == 4
    assert adjust_p_values(PUBLISHED, correction="holm").is_below.sum() == 3


@given(p_values)
def test_benjamini_hochberg_equals_scipy(values: list[float]) -> None:
    expected = stats.false_discovery_control(values)
    assert adjust_p_values(values, correction="benjamini-hochberg").adjusted == pytest.approx(expected, abs=1e-12)


@given(p_values)
def test_holm_equals_stepping_down_one_by_one(values: list[float]) -> None:
    n, seen, expected = len(values), 0.0, {}
    for step, index in enumerate(sorted(range(n), key=lambda at: (values[at], at))):
        seen = max(seen, (n - step) * values[index])
        expected[index] = min(seen, 1.0)
    found = adjust_p_values(values, correction="holm").adjusted
    assert found == pytest.approx([expected[index] for index in range(n)], abs=1e-12)


@given(p_values)
def test_corrected_values_are_never_smaller_and_holm_never_finds_more(values: list[float]) -> None:
    holm, discovery = (adjust_p_values(values, correction=name) for name in ("holm", "benjamini-hochberg"))
    assert (holm.adjusted >= np.array(values) - 1e-15).all()
    assert (holm.adjusted >= discovery.adjusted - 1e-12).all()


def moderated(side: np.ndarray, common: float) -> tuple[float, float]:
    """Variance and degrees of freedom as documented, for one group worked alone."""
    freedom = len(side) - 1
    own = side.var(ddof=1)
    mixed = (freedom * own + 16 * common) / (freedom + 16)
    return (own, freedom) if own > mixed else (mixed, freedom + 16)


@given(seeds)
def test_each_group_equals_moderated_welch_worked_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = np.arange(60) % 3
    values = rng.integers(1, 6, 60).astype(float)
    result = from_rest(values, groups, correction="holm", level=0.9)
    within = sum(((values[groups == group] - values[groups == group].mean()) ** 2).sum() for group in range(3))
    common = (within + 2 * 2.0**2) / (57 + 2)
    raw = []
    for group in range(3):
        sides = [values[groups == group], values[groups != group]]
        parts = [(variance / len(side), freedom) for side in sides for variance, freedom in [moderated(side, common)]]
        error = np.sqrt(sum(part for part, _ in parts))
        freedom = error**4 / sum(part**2 / degrees for part, degrees in parts)
        difference = sides[0].mean() - sides[1].mean()
        raw.append(2 * stats.t.sf(abs(difference) / error, freedom))
        half = stats.t.ppf(1 - 0.1 / 3 / 2, freedom) * error
        assert result.difference[group] == pytest.approx(difference, abs=1e-12)
        assert result.low[group] == pytest.approx(difference - half, abs=1e-9)
        assert result.noise_limit[group] == pytest.approx(half, abs=1e-9)
    assert result.p_adjusted == pytest.approx(adjust_p_values(raw, correction="holm").adjusted, abs=1e-9)


def test_large_groups_that_vary_more_than_others_use_plain_welch() -> None:
    rng = np.random.default_rng(6)
    left, right = rng.choice([1.0, 5.0], 400), rng.choice([3.0, 4.0], 600)
    result = from_rest(np.r_[left, right], ["a"] * 400 + ["b"] * 600)
    expected = stats.ttest_ind(left, right, equal_var=False)
    # The calmer side is moderated by 16 of 599 degrees of freedom, a small part of the whole error.
    assert result.p_adjusted[0] == pytest.approx(expected.pvalue, rel=0.15, abs=1e-6)


@pytest.mark.parametrize("shape", [SKEW, (0.02, 0.03, 0.05, 0.2, 0.7), (0.4, 0.05, 0.1, 0.05, 0.4)])
def test_groups_without_difference_are_rarely_reported(shape: tuple[float, ...]) -> None:
    false = {"holm": 0, "benjamini-hochberg": 0}
    rng = np.random.default_rng(1)
    for _ in range(300):
        groups = np.repeat(np.arange(12), rng.integers(5, 30, 12))
        values = rng.choice(5, size=len(groups), p=shape) + 1.0
        for name in false:
            false[name] += len(from_rest(values, groups, correction=name).reported) > 0
    # With no difference anywhere both allow one false report in twenty rounds; 26 of 300 would be 3 standard errors.
    assert false["holm"] <= 26
    assert false["benjamini-hochberg"] <= 26


@pytest.mark.parametrize(("freedom", "most"), [(8, 0.30), (16, 0.04), (32, 0.04)])
def test_half_the_common_freedom_reports_by_chance_where_all_agree_and_double_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, freedom: int, most: float
) -> None:
    assert welch.PRIOR_FREEDOM == 16
    monkeypatch.setattr(welch, "PRIOR_FREEDOM", freedom)
    rng, false = np.random.default_rng(1), 0
    groups = np.repeat(np.arange(20), [5] * 10 + [30] * 10)
    for _ in range(300):
        # Nine of ten choose the highest answer, so some group of thirty is often of one mind.
        values = rng.choice([4.0, 5.0], size=len(groups), p=[0.1, 0.9])
        false += len(from_rest(values, groups).reported) > 0
    # Standard errors: two points at eight, half a point at sixteen.
    assert false / 300 <= most
    assert freedom != 8 or false / 300 > 0.08


def test_real_differences_are_found_and_few_of_the_found_are_false() -> None:
    rng, found, false = np.random.default_rng(2), 0, 0
    for _ in range(60):
        groups = np.repeat(np.arange(20), 15)
        values = np.clip(np.round(3 + rng.normal(size=300) + 1.3 * (groups < 2) - 1.3 * np.isin(groups, [2, 3])), 1, 5)
        reported = from_rest(values, groups).reported
        found += int((reported < 4).sum())
        false += int((reported >= 4).sum())
    # Two groups lie above and two below, so the sixteen others equal their rest. Five per cent is aimed at; the
    # standard error of the share is 1.5 points.
    assert found > 0.8 * 240
    assert false / (found + false) < 0.09


def test_intervals_of_what_is_reported_hold_the_truth() -> None:
    rng, hits = np.random.default_rng(3), []
    for _ in range(150):
        groups = np.repeat(np.arange(10), 20)
        values = np.clip(rng.normal(3 + 0.8 * (groups == 0) - 0.8 * (groups == 1), 0.8), 1, 5)
        result = from_rest(values, groups)
        for index in result.reported:
            # Cut at the ends, the two means lie 0.04 nearer to the middle.
            truth = {0: 0.85, 1: -0.85}.get(int(index), 0.0)
            hits.append(result.low[index] - 0.05 <= truth <= result.high[index] + 0.05)
    assert len(hits) > 250
    assert np.mean(hits) >= 0.93


def test_a_team_that_answers_alike_does_not_look_certain() -> None:
    values = np.r_[[4.0] * 5, [4, 3, 4, 5, 3, 4, 4, 3, 5, 4] * 4]
    result = from_rest(values, ["a"] * 5 + ["b"] * 40)
    assert not result.is_above_noise.any()
    assert result.noise_limit[0] > 0.5


def test_reported_lists_the_largest_first_and_small_ones_stay_out() -> None:
    values = np.r_[np.tile([1.0, 2], 20), np.tile([4.0, 5], 20), np.tile([2.0, 3, 4], 20)]
    groups = ["low"] * 40 + ["high"] * 40 + ["middle"] * 60
    result = from_rest(values, groups)
    assert result.groups[result.reported].tolist() == ["high", "low"]
    assert result.groups.tolist() == ["high", "low", "middle"]
    assert len(from_rest(values, groups, least_difference=4).reported) == 0


def test_changes_are_after_less_before_for_groups_in_both_rounds() -> None:
    rng = np.random.default_rng(4)
    team = np.repeat(["a", "b", "c"], 20)
    before = rng.choice([2.0, 3, 4], 60)
    after = before.copy()
    after[team == "b"] += 1
    result = changes((before, team), (after[:50], team[:50]), lowest=1, highest=5)
    assert result.groups.tolist() == ["a", "b", "c"]
    assert result.difference[:2].tolist() == [0.0, pytest.approx(1.0)]
    assert result.is_above_noise.tolist() == [False, True, False]
    assert result.n_people.tolist() == [20, 20, 10]
    less = changes((before, team), (after[:44], team[:44]), lowest=1, highest=5)
    assert (less.groups.tolist(), less.n_groups_left_out) == (["a", "b"], 1)


def test_exchanging_the_rounds_changes_the_sign_alone() -> None:
    rng = np.random.default_rng(5)
    sides = [(rng.integers(1, 6, 40), np.arange(40) % 4) for _ in range(2)]
    there, back = changes(*sides, lowest=1, highest=5), changes(*sides[::-1], lowest=1, highest=5)
    assert back.difference == pytest.approx(-there.difference)
    assert back.low == pytest.approx(-there.high)


def test_smallest_legal_input_missing_answers_and_unchanged_input() -> None:
    values = np.array([1.0, 2, 1, 2, 1, 4, 5, 4, 5, 4, np.nan])
    result = from_rest(values, ["a"] * 5 + ["b"] * 6)
    assert result.n_people.tolist() == [5, 5]
    assert result.is_above_noise.tolist() == [True, True]
    assert np.isnan(values[10])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"correction": "none"}, "not a correction"),
        ({"level": 1}, "between 0 and 1"),
        ({"least_difference": -1}, "zero or more"),
        ({"highest": 3}, "outside the scale"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        from_rest([1, 2, 3, 4, 5] * 2, [0] * 5 + [1] * 5, **options)


def test_other_refusals() -> None:
    with pytest.raises(NotEnoughData, match="Fewer than two groups"):
        from_rest([1, 2, 3, 4, 5, 1, 2], [0] * 5 + [1] * 2)
    with pytest.raises(NotEnoughData, match="in both rounds"):
        changes(([1] * 5, [0] * 5), ([1] * 5, [1] * 5), lowest=1, highest=5)
    with pytest.raises(InputError, match="P values lie"):
        adjust_p_values([0.5, 1.2], correction="holm")
    with pytest.raises(InputError, match="not a correction"):
        adjust_p_values([0.5], correction="bonferroni")


def test_a_scale_far_from_zero_gives_the_same_differences() -> None:
    rng = np.random.default_rng(8)
    answers, groups = rng.integers(0, 2, 200).astype(float), np.repeat(np.arange(4), 50)
    near = differences_from_rest(answers, groups, lowest=0, highest=1)
    far = differences_from_rest(answers + 1e8, groups, lowest=1e8, highest=1e8 + 1)
    # Squares of 1e8 leave no digit for a variance of a quarter, so they are taken from the middle of the scale.
    assert far.low == pytest.approx(near.low, abs=1e-7)
    assert far.mean - 1e8 == pytest.approx(near.mean, abs=1e-7)


@pytest.mark.parametrize("imagined", [1, 4])
def test_half_or_double_the_imagined_answers_counts_only_where_all_are_of_one_mind(
    monkeypatch: pytest.MonkeyPatch, imagined: int
) -> None:
    assert welch.IMAGINED_ANSWERS == 2
    groups, varied = np.repeat(np.arange(8), 25), np.random.default_rng(9).integers(1, 6, 200)
    alike = np.full(200, 4.0)
    usual, flat = from_rest(varied, groups).noise_limit, from_rest(alike, groups).noise_limit
    monkeypatch.setattr(welch, "IMAGINED_ANSWERS", imagined)
    assert from_rest(varied, groups).noise_limit == pytest.approx(usual, rel=0.01)
    # The only variance there is, so the limit goes with its root.
    assert from_rest(alike, groups).noise_limit == pytest.approx(flat * np.sqrt(imagined / 2), rel=0.02)
