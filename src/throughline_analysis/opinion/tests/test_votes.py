"""Votes: the last answer counts, withdrawn statements have none, nothing is changed in place."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.opinion import vote_counts, votes_from_matrix, votes_from_rows
from throughline_analysis.opinion.tests.conversations import DATA, NAMES, real_conversation
from throughline_analysis.opinion.votes import _last_by_rows, votes_of

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.sampled_from([-1, 0, 1]), st.integers(0, 3)))


@given(ROWS, st.sets(st.integers(0, 5)), st.booleans())
def test_votes_equal_a_dictionary_filled_in_order_of_time(
    rows: list[tuple[int, int, int, int]], withdrawn: set[int], has_times: bool
) -> None:
    plain: dict[tuple[int, int], int] = {}
    for person, statement, value, _ in sorted(rows, key=lambda row: row[3]) if has_times else rows:
        plain[person, statement] = value
    plain = {pair: value for pair, value in plain.items() if pair[1] not in withdrawn}
    columns = [[row[i] for row in rows] for i in range(4)]
    votes = votes_from_rows(
        *columns[:3],
        times=columns[3] if has_times else None,
        withdrawn=sorted(withdrawn),
        n_people=5,
        n_statements=6,
    )
    found = zip(votes.people.tolist(), votes.statements.tolist(), votes.values.tolist(), strict=True)
    assert [((person, statement), value) for person, statement, value in found] == sorted(plain.items())
    assert votes.starts.tolist() == [sum(pair[0] < person for pair in plain) for person in range(6)]


@given(ROWS)
def test_numbers_too_large_to_pack_give_the_same_votes(rows: list[tuple[int, int, int, int]]) -> None:
    people, statements, values = (np.array([row[i] for row in rows], dtype=np.intp) for i in range(3))
    packed = votes_from_rows(people, statements, values, n_people=5, n_statements=6)
    plain = _last_by_rows(people, statements, values.astype(np.int8), n_people=5)
    for expected, found in zip(plain, (packed.starts, packed.statements, packed.values), strict=True):
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_last_votes_equal_the_table_published_with_a_real_conversation(name: str) -> None:
    real = real_conversation(name)
    with (DATA / name / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {
            (int(row["participant"]), int(column)): int(value)
            for row in csv.DictReader(file)
            for column, value in row.items()
            if column.isdigit() and value
        }
    people, statements = real.person_ids[real.votes.people], real.statement_ids[real.votes.statements]
    ours = zip(zip(people.tolist(), statements.tolist(), strict=True), real.votes.values.tolist(), strict=True)
    told = {pair: value for pair, value in ours if pair in published}
    assert len(told) == len(published)
    assert told == published


@given(ROWS)
def test_counts_of_a_statement_add_up_to_its_votes(rows: list[tuple[int, int, int, int]]) -> None:
    votes = votes_from_rows(*[[row[i] for row in rows] for i in range(3)], n_people=5, n_statements=6)
    counts = vote_counts(votes)
    assert (counts.agree + counts.disagree + counts.passed).tolist() == counts.seen.tolist()
    assert int(counts.seen.sum()) == votes.n_votes


def test_votes_of_some_people_keep_their_order_and_values() -> None:
    votes = votes_from_matrix([[1, np.nan, 0], [np.nan, np.nan, np.nan], [-1, 1, 1]])
    part = votes_of(votes, np.array([2, 1, 2]))
    assert part.values.tolist() == [-1, 1, 1, -1, 1, 1]
    assert part.starts.tolist() == [0, 3, 3, 6]


def test_inputs_stay_unchanged_and_votes_cannot_be_written() -> None:
    people, statements, values = np.array([1, 0]), np.array([0, 1]), np.array([1, -1])
    votes = votes_from_rows(people, statements, values)
    assert (people.tolist(), statements.tolist(), values.tolist()) == ([1, 0], [0, 1], [1, -1])
    with pytest.raises(ValueError, match="read-only"):
        votes.values[0] = 1


def test_no_votes_at_all_are_legal() -> None:
    votes = votes_from_rows([], [], [], n_people=2, n_statements=3)
    assert (votes.n_votes, votes.starts.tolist(), vote_counts(votes).seen.tolist()) == (0, [0, 0, 0], [0, 0, 0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0], [0], [2]), "row 0 is 2"),
        (([0], [0], [float("nan")]), "row 0 is nan"),
        (([0, 1], [0], [1]), "2 entries for 1 votes"),
        (([-1], [0], [1]), "numbers go from 0"),
        (([0.5], [0], [1]), "whole numbers"),
    ],
)
def test_wrong_rows_are_refused(arguments: tuple[list[float], list[float], list[float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        votes_from_rows(*arguments)


def test_a_missing_time_and_a_wrong_table_are_refused() -> None:
    with pytest.raises(InputError, match="has no time"):
        votes_from_rows([0, 1], [0, 0], [1, 1], times=[1.0, float("nan")])
    with pytest.raises(InputError, match="one time per vote"):
        votes_from_rows([0, 1], [0, 0], [1, 1], times=[1.0])
    with pytest.raises(InputError, match="dimensions"):
        votes_from_matrix([1, 0])
    with pytest.raises(InputError, match="to 0"):
        votes_from_rows([0], [0], [1], withdrawn=[4])


@pytest.mark.parametrize("values", [[True, False], ["1", "0"], [1 + 0j, 0j], [True, None]])
def test_what_only_looks_like_votes_is_refused(values: list[object]) -> None:
    """True and false would be read as agree and pass, though false is meant as disagree."""
    with pytest.raises(InputError, match="1 agree, 0 pass, -1 disagree"):
        votes_from_rows([0, 1], [0, 0], values)


@pytest.mark.parametrize("matrix", [[[True, False]], [["1", "0"]], [[1], [1, 0]], [["agree"]], [[True, None]]])
def test_a_table_that_does_not_hold_numbers_is_refused(matrix: list[list[object]]) -> None:
    with pytest.raises(InputError, match="numbers"):
        votes_from_matrix(matrix)


def test_a_wrong_vote_in_a_table_is_named_by_person_and_statement() -> None:
    with pytest.raises(InputError, match="person 1 on statement 2 is 3"):
        votes_from_matrix([[np.nan, 1, 0], [np.nan, np.nan, 3]])


def test_times_as_text_are_refused_because_ten_comes_before_nine() -> None:
    with pytest.raises(InputError, match="`times` holds"):
        votes_from_rows([0, 0], [0, 0], [1, -1], times=["9", "10"])
    days = np.array(["2026-01-09", "2026-01-10"], dtype="datetime64[D]")
    assert votes_from_rows([0, 0], [0, 0], [1, -1], times=days).values.tolist() == [-1]


@pytest.mark.parametrize("n_people", [-1, 2.0, True])
def test_a_number_of_people_that_is_none_is_refused(n_people: int) -> None:
    with pytest.raises(InputError, match="whole number from 0"):
        votes_from_rows([0], [0], [1], n_people=n_people)
