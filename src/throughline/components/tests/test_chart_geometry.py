from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.components.chart_geometry import line_picture, nice_ticks
from throughline.components.parts import ChartPoint, LineChart


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_cover_the_values_with_few_steps(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] >= low + span - 1e-6
    assert 2 <= len(ticks) <= 7


def test_ticks_of_one_value_still_have_room() -> None:
    assert len(nice_ticks(5, 5)) >= 2


@pytest.mark.parametrize("width", [340, 520, 760])
def test_labels_never_overlap_and_name_both_ends(width: int) -> None:
    points = [ChartPoint(f"week {index}", index) for index in range(40)]
    picture = line_picture(LineChart("t", "s", points), size="small", width=width, height=230)
    places = [mark.x for mark in picture.labels]
    assert picture.labels[0].text == "week 0"
    assert picture.labels[-1].text == "week 39"
    assert all(later - earlier > 40 for earlier, later in pairwise(places))


def test_single_reading_draws_without_a_division_by_zero() -> None:
    picture = line_picture(LineChart("t", "s", [ChartPoint("now", 3)]), size="small", width=340, height=230)
    assert picture.line.startswith("M")


def test_forecast_starts_where_the_readings_end() -> None:
    chart = LineChart("t", "s", [ChartPoint("a", 1), ChartPoint("b", 2)], [ChartPoint("c", 3, 2, 4)])
    picture = line_picture(chart, size="small", width=340, height=230)
    assert picture.forecast_line.split(" L")[0] == "M" + picture.line.split(" L")[1]
    assert picture.band.endswith("Z")
