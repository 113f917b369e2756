"""Trees, dates, words and CSV cells, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.people.rules import corner_of, found_by, plain_words
from throughline.people.rules.csv_text import cell_safe, csv_text
from throughline.people.rules.hr_dates import date_format_guess, date_read
from throughline.people.rules.trees import cycles_of, levels_of, without_cycles

EDGES = st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12)), max_size=13)


def _reaches_itself(parent_of: dict[int, int | None], key: int) -> bool:
    current = parent_of.get(key)
    for _ in range(len(parent_of) + 1):
        if current is None:
            return False
        if current == key:
            return True
        current = parent_of.get(current)
    return False


@given(EDGES)
def test_every_cycle_is_found_and_nothing_else(parent_of: dict[int, int | None]) -> None:
    in_cycles = sorted(key for cycle in cycles_of(parent_of) for key in cycle)
    assert in_cycles == sorted(key for key in parent_of if _reaches_itself(parent_of, key))


@given(EDGES)
def test_a_cycle_is_named_in_reporting_order(parent_of: dict[int, int | None]) -> None:
    for cycle in cycles_of(parent_of):
        turned = [*cycle[1:], cycle[0]]
        assert [parent_of[key] for key in cycle] == turned


@given(EDGES, EDGES)
def test_changes_that_close_a_cycle_are_taken_back(
    wanted: dict[int, int | None], before: dict[int, int | None]
) -> None:
    sound, _ = without_cycles(before, {})
    kept, cycles = without_cycles({**sound, **wanted}, sound)
    assert cycles_of(kept) == []
    named = {key for cycle in cycles for key in cycle}
    assert all(kept[key] == value for key, value in wanted.items() if key not in named)


@given(EDGES)
def test_everybody_stands_one_level_below_their_manager(parent_of: dict[int, int | None]) -> None:
    sound, _ = without_cycles(parent_of, {})
    levels = levels_of(sound)
    for key, parent in sound.items():
        assert levels[key] == (levels[parent] + 1 if parent in levels else 0)


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("2026-03-31", "iso", date(2026, 3, 31)),
        ("2026-03-31T00:00:00", "iso", date(2026, 3, 31)),
        ("2026-03-31 00:00:00", "iso", date(2026, 3, 31)),
        ("31.03.2026", "dmy", date(2026, 3, 31)),
        ("03/31/2026", "mdy", date(2026, 3, 31)),
        ("3/31/2026 12:00 AM", "mdy", date(2026, 3, 31)),
        ("31 March 2026", "dmy_words", date(2026, 3, 31)),
        ("Mar 31, 2026", "mdy_words", date(2026, 3, 31)),
        ("31.02.2026", "dmy", None),
        ("31.03.26", "dmy", None),
        ("soon", "iso", None),
        ("", "iso", None),
    ],
)
def test_dates_are_read_in_their_format_only(text: str, key: str, expected: date | None) -> None:
    assert date_read(text, key) == expected


def test_a_column_with_a_day_above_twelve_decides_the_format() -> None:
    assert date_format_guess(["01/02/2026", "03/31/2026"]) == "mdy"
    assert date_format_guess(["01/02/2026", "31/03/2026"]) == "dmy"
    assert date_format_guess([]) == "iso"


def test_words_are_found_without_case_or_accents() -> None:
    assert plain_words("Zoë  ÅNGSTRÖM") == "zoe angstrom"
    assert "zoe" in found_by(name="Zoë", title="", email="", external_id="")


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@SUM(A1)", "\t=1"])
def test_a_cell_that_looks_like_a_formula_becomes_text(text: str) -> None:
    assert cell_safe(text) == f"'{text}"


def test_a_number_stays_a_number_in_csv() -> None:
    assert csv_text(["a"], [[-5]]).splitlines()[1] == "-5"


def test_four_counts_as_high() -> None:
    assert [corner_of(4, 4), corner_of(4, 3), corner_of(3, 4), corner_of(3, 3)] == [
        "together",
        "win",
        "voice",
        "informed",
    ]
