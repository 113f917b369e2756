"""The four kinds of key result: direction, band, milestones, and what is refused."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import (
    KeyResultKind,
    Milestone,
    band_progress,
    key_results,
    linear_progress,
    progress_of_key_result,
)

NUMBERS = st.floats(-1e6, 1e6)


def test_published_example_of_a_key_result() -> None:
    """Google re:Work, "Tool: Grade OKRs": three of six features launched are graded 0.5."""
    assert progress_of_key_result("increase_to", 3, baseline=0, target=6).progress == 0.5


@pytest.mark.parametrize(
    ("kind", "value", "baseline", "target", "raw"),
    [
        ("increase_to", 40, 40, 80, 0.0),
        ("increase_to", 80, 40, 80, 1.0),
        ("increase_to", 100, 40, 80, 1.5),
        ("increase_to", 30, 40, 80, -0.25),
        ("increase_to", -5, -10, 0, 0.5),
        ("decrease_to", 8, 8, 4, 0.0),
        ("decrease_to", 5, 8, 4, 0.75),
        ("decrease_to", 0, 8, 4, 2.0),
    ],
)
def test_straight_line_from_baseline_to_target(
    kind: str, value: float, baseline: float, target: float, raw: float
) -> None:
    result = progress_of_key_result(kind, value, baseline=baseline, target=target)
    assert (result.raw, result.progress) == (raw, min(max(raw, 0), 1))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_scalar_and_many_at_once_agree_and_ends_are_exact(value: float, baseline: float, target: float) -> None:
    assume(abs(target - baseline) > 1e-6)
    kind = KeyResultKind.INCREASE_TO if target > baseline else KeyResultKind.DECREASE_TO
    many = linear_progress([value, baseline, target], baselines=baseline, targets=target)
    assert many[0] == progress_of_key_result(kind, value, baseline=baseline, target=target).raw
    assert many[1:].tolist() == [0.0, 1.0]


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(-100, 100), st.floats(0.01, 100))
def test_progress_does_not_depend_on_the_unit(
    value: float, baseline: float, target: float, offset: float, factor: float
) -> None:
    assume(abs(target - baseline) > 1)
    first = linear_progress(value, baselines=baseline, targets=target)
    value, baseline, target = (number * factor + offset for number in (value, baseline, target))
    # Cancellation: seven digits of 1e6 are lost when baseline and target differ by little more than 1.
    assert linear_progress(value, baselines=baseline, targets=target) == pytest.approx(float(first), rel=1e-6, abs=1e-6)


@given(NUMBERS, NUMBERS, st.floats(0.001, 1e5))
def test_a_band_is_kept_exactly_inside_and_nowhere_else(value: float, low: float, width: float) -> None:
    high = low + width
    raw = float(band_progress(value, lows=low, highs=high))
    assert (raw == 1.0) == (low <= value <= high) or abs(value - low) < 1e-9 or abs(value - high) < 1e-9


def test_a_band_falls_alike_on_both_sides() -> None:
    assert band_progress([85, 100], lows=90, highs=95).tolist() == [0.0, 0.0]


def test_a_baseline_outside_starts_at_zero_only_beyond_one_width() -> None:
    assert band_progress([110, 96], lows=90, highs=95, baselines=[110, 96]).tolist() == [0.0, 0.8]


@pytest.mark.parametrize(("widths", "expected"), [(0.5, 0.2), (1.0, 0.6), (2.0, 0.8)])
def test_half_and_double_tolerance_double_and_halve_the_shortfall(
    monkeypatch: pytest.MonkeyPatch, widths: float, expected: float
) -> None:
    monkeypatch.setattr(key_results, "ZERO_AT_BAND_WIDTHS", widths)
    assert float(band_progress(97, lows=90, highs=95)) == pytest.approx(expected)


def test_milestones_weigh_what_is_done() -> None:
    steps = [Milestone(is_done=True), Milestone(is_done=False, weight=2), Milestone(is_done=True, weight=0)]
    assert progress_of_key_result("milestones", milestones=steps).progress == pytest.approx(1 / 3)


def test_all_milestones_done_is_exactly_one() -> None:
    steps = [Milestone(is_done=True, weight=weight) for weight in (0.1, 0.2, 0.3, 1e308, 1e308)]
    assert progress_of_key_result("milestones", milestones=steps).raw == 1.0


@pytest.mark.parametrize("value", [None, math.nan])
@pytest.mark.parametrize(
    "fields",
    [{"kind": "increase_to", "baseline": 0, "target": 1}, {"kind": "keep_within", "low": 0, "high": 1}],
)
def test_no_reading_is_zero_and_said(fields: dict[str, Any], value: float | None) -> None:
    result = progress_of_key_result(value=value, **fields)
    assert math.isnan(result.raw)
    assert (result.progress, result.has_reading) == (0.0, False)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "double", "value": 1}, "choose one of increase_to"),
        ({"kind": "increase_to", "value": 1, "baseline": 2, "target": 2}, "are equal"),
        ({"kind": "increase_to", "value": 1, "baseline": 2, "target": 1}, "did you mean decrease_to"),
        ({"kind": "decrease_to", "value": 1, "baseline": 2, "target": 3}, "did you mean increase_to"),
        ({"kind": "increase_to", "value": 1, "baseline": 2}, "needs a finite target"),
        ({"kind": "increase_to", "value": 1, "baseline": math.nan, "target": 2}, "needs a finite baseline"),
        ({"kind": "increase_to", "value": math.inf, "baseline": 0, "target": 2}, "is infinite"),
        ({"kind": "increase_to", "value": 1e300, "baseline": 0, "target": 1e-300}, "check their units"),
        ({"kind": "increase_to", "value": 0, "baseline": -1.7e308, "target": 1.7e308}, "check their units"),
        ({"kind": "keep_within", "value": 1, "low": 2}, "needs a finite high"),
        ({"kind": "keep_within", "value": 1, "low": 2, "high": 1}, "swap them"),
        ({"kind": "keep_within", "value": 1, "low": 2, "high": 2}, "swap them or widen"),
        ({"kind": "keep_within", "value": 1e300, "low": 0, "high": 1e-300}, "too far from its band"),
        ({"kind": "milestones"}, "No milestone has a weight"),
        (
            {"kind": "milestones", "milestones": [Milestone(is_done=True, weight=0)]},
            "No milestone has a weight",
        ),
        ({"kind": "milestones", "milestones": [Milestone(is_done=True, weight=-1)]}, "negative"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_a_sentence(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        progress_of_key_result(**fields)


def test_inputs_of_the_array_forms_stay_unchanged() -> None:
    values = np.array([1.0, math.nan])
    linear_progress(values, baselines=[0.0, 0.0], targets=[2.0, 2.0])
    band_progress(values, lows=0.0, highs=0.5)
    assert np.array_equal(values, [1.0, math.nan], equal_nan=True)
