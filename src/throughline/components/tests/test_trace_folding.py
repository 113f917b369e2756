from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from throughline.components.parts import Station
from throughline.components.trace_folding import MOST_UNFOLDED, fold


def line(length: int, here: int | None) -> list[Station]:
    return [Station("Voice", f"station {index}", is_here=index == here) for index in range(length)]


def visible(stations: list[Station]) -> list[str]:
    return [station.title for stretch in fold(stations) if not stretch.is_folded for station in stretch.stations]


def test_seven_stations_are_shown_whole() -> None:
    assert len(visible(line(7, 3))) == 7


def test_empty_line_has_no_stretch() -> None:
    assert fold([]) == []


def test_forty_stations_keep_ends_and_neighbours_of_here() -> None:
    assert visible(line(40, 20)) == [f"station {index}" for index in (0, 19, 20, 21, 39)]


def test_single_station_between_is_not_folded() -> None:
    assert "station 1" in visible(line(9, 3))


@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.none() | st.integers(0, max(n - 1, 0)))))
def test_no_station_is_lost_or_moved(case: tuple[int, int | None]) -> None:
    stations = line(*case)
    stretches = fold(stations)
    assert [station for stretch in stretches for station in stretch.stations] == stations
    assert all(stretch.count > 1 for stretch in stretches if stretch.is_folded)
    assert len(stations) > MOST_UNFOLDED or not any(stretch.is_folded for stretch in stretches)
