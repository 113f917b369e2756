"""As-of: against a plain loop and pandas, with dates, corrections, withdrawals and knowledge of the day."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import asof, readings_as_of

ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(-5, 20), st.sampled_from([1.0, 2.5, -3.0, np.nan]), st.integers(0, 9)),
    max_size=25,
)


@given(ROWS, st.integers(-6, 21), st.integers(0, 9))
def test_the_latest_reading_is_that_of_a_plain_loop(
    rows: list[tuple[int, int, float, int]], at: int, known_at: int
) -> None:
    series, times, values, recorded = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    for knows in (False, True):
        latest: dict[int, int] = {}
        for row, (number, when, value, written) in enumerate(rows):
            if when > at or np.isnan(value) or (knows and written > known_at):
                continue
            if number not in latest or when >= times[latest[number]]:
                latest[number] = row
        extra = {"recorded": recorded, "known_at": known_at} if knows else {}
        found = readings_as_of(series, times, values=values, at=at, n_series=5, **extra)
        assert found.row.tolist() == [latest.get(number, -1) for number in range(5)]
        expected = [values[latest[number]] if number in latest else np.nan for number in range(5)]
        assert np.array_equal(found.value, expected, equal_nan=True)
        assert found.has_reading.tolist() == [number in latest for number in range(5)]


@pytest.mark.parametrize("is_sorted", [True, False])
def test_many_blocks_equal_pandas(is_sorted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asof, "BLOCK", 1000)
    rng = np.random.default_rng(1)
    n = 20_000
    times = rng.permutation(n)
    if is_sorted:
        times.sort()
    series, values = rng.integers(0, 700, n), rng.random(n)
    found = readings_as_of(series, times, values=values, at=n // 3, n_series=701)
    readings = pd.DataFrame({"series": series, "time": times, "value": values}).sort_values("time")
    asked = pd.DataFrame({"series": np.arange(701), "time": np.full(701, n // 3)})
    expected = pd.merge_asof(asked, readings, on="time", by="series")["value"].to_numpy()
    assert np.array_equal(found.value, expected, equal_nan=True)
    assert not found.has_reading[700]


def test_dates_of_any_precision_work_and_the_day_itself_belongs_to_it() -> None:
    times = np.array(["2026-01-01", "2026-02-01", "2026-03-01"], dtype="datetime64[D]")
    for at in (np.datetime64("2026-02-01"), "2026-02-01", datetime.date(2026, 2, 1), "2026-02-01T23:00"):
        assert readings_as_of([0, 0, 0], times, values=[1, 2, 3], at=at, n_series=1).value.tolist() == [2.0]
    early = readings_as_of([0, 0, 0], times, values=[1, 2, 3], at="2026-01-31T23:59", n_series=1)
    assert early.value.tolist() == [1.0]


@pytest.mark.parametrize(
    ("times", "at", "expected"),
    [
        # "Never", as some systems write it, has no place in nanoseconds and must not come out in the past.
        (["9999-12-31", "D"], np.datetime64("2026-06-01", "ns"), np.nan),
        (["1500-01-01", "D"], np.datetime64("2026-06-01", "ns"), 1.0),
        (["2026-01-01", "ns"], np.datetime64("9999-12-31"), 1.0),
        (["2026-01-01", "ns"], np.datetime64("1500-12-31"), np.nan),
        # A date in a finer unit is rounded down, before 1970 too.
        (["1960-01-01", "D"], np.datetime64("1960-01-01T23:59"), 1.0),
        (["1960-01-02", "D"], np.datetime64("1960-01-01T23:59"), np.nan),
        (["2026-02", "M"], np.datetime64("2026-01-31"), np.nan),
    ],
)
def test_units_and_far_dates_change_no_order(times: list[str], at: np.datetime64, expected: float) -> None:
    moment = np.array([np.datetime64(times[0], times[1])])
    found = readings_as_of([0], moment, values=[1.0], at=at, n_series=1).value
    assert np.array_equal(found, [expected], equal_nan=True)


def test_plain_dates_are_dates() -> None:
    days = [datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]
    assert readings_as_of([0, 0], days, values=[1, 2], at=days[0], n_series=1).value.tolist() == [1.0]


def test_a_withdrawn_reading_lets_the_one_before_count_and_a_correction_wins() -> None:
    found = readings_as_of([0, 0, 1, 1], [1.0, 2.0, 1.0, 1.0], values=[5, np.nan, 6, 7], at=3.0, n_series=2)
    assert found.value.tolist() == [5.0, 7.0]


def test_nothing_at_all_is_an_answer_and_inputs_stay() -> None:
    assert readings_as_of([], [], values=[], at=1.0, n_series=2).row.tolist() == [-1, -1]
    assert readings_as_of([], [], values=[], at=1.0, n_series=0).value.tolist() == []
    times, values = np.array([3, 1]), np.array([1.0, 2.0])
    readings_as_of([0, 0], times, values=values, at=2, n_series=1)
    assert times.tolist() == [3, 1]
    assert values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("series", "times", "terms", "words"),
    [
        ([0, 5], [1, 2], {}, "outside 0 to 1"),
        ([0, -1], [1, 2], {}, "outside 0 to 1"),
        ([0, 1], [1.0, np.nan], {}, "missing entry"),
        ([0, 1], [1], {}, "2 series numbers"),
        ([0, 1], [1, 2], {"known_at": 3}, "or neither"),
        ([0, 1], [1, 2], {"known_at": 3, "recorded": [1]}, "one entry per reading"),
        ([0, 1], [1, 2], {"at": "2026-01-01"}, "must be a number too"),
        ([0, 1], np.array(["2026-01-01", "NaT"], dtype="datetime64[D]"), {"at": "2026-01-01"}, "without a date"),
        ([0.5, 1], [1, 2], {}, "whole numbers"),
    ],
)
def test_what_has_no_order_is_refused(series: list[float], times: object, terms: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        readings_as_of(series, times, values=[1.0, 2.0], n_series=2, **{"at": 2, **terms})
