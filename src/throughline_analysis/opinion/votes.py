"""The input of every calculation on opinions: who answered which statement how, kept sparse and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

IndexArray = NDArray[np.intp]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
VoteArray = NDArray[np.int8]
StatementArray = NDArray[np.int32]

Array = TypeVar("Array", IndexArray, BoolArray, VoteArray, StatementArray)

AGREE = 1
PASS = 0
DISAGREE = -1
# Bits of a signed 64-bit key that may be used.
KEY_BITS = 62


@dataclass(frozen=True, eq=False)
class Votes:
    """Checked, read-only votes, sorted by person, then statement; make them with `votes_from_rows`.

    The votes of a person are rows `starts[person]` to `starts[person + 1]` of `statements` and `values`
    (-1 disagree, 0 pass, 1 agree). What has no row was not seen. A withdrawn statement keeps its number and has
    no votes.
    """

    n_people: int
    n_statements: int
    starts: IndexArray
    statements: StatementArray
    values: VoteArray
    is_withdrawn: BoolArray

    @property
    def n_votes(self) -> int:
        """Votes that count, passes included."""
        return len(self.values)

    @property
    def seen_by_person(self) -> IndexArray:
        """(n_people,) statements that each person answered."""
        return np.diff(self.starts)

    @property
    def people(self) -> IndexArray:
        """(n_votes,) person of each row."""
        return np.repeat(np.arange(self.n_people, dtype=np.intp), self.seen_by_person)


@dataclass(frozen=True, eq=False)
class VoteCounts:
    """How often each statement got which answer; each (n_statements,) of int. `seen` is the sum of the three."""

    agree: IndexArray
    disagree: IndexArray
    passed: IndexArray
    seen: IndexArray


def votes_from_rows(
    people: ArrayLike,
    statements: ArrayLike,
    values: ArrayLike,
    *,
    times: ArrayLike | None = None,
    withdrawn: ArrayLike = (),
    n_people: int | None = None,
    n_statements: int | None = None,
) -> Votes:
    """Votes from one row per answer, as they come from a database or an export.

    When a person answered a statement more than once, the last answer counts: the one with the highest time, and
    among equal times (or without `times`) the one in the later row.

    Parameters
    ----------
    people, statements : (n_rows,) of int
        Numbers from 0; people and statements without a row are allowed.
    values : (n_rows,) of {-1, 0, 1}
        Disagree, pass, agree; numbers, not true and false, which do not say what a pass is.
    times : (n_rows,) of number or numpy.datetime64, optional
        When each answer was given, in any unit; rows are taken as given in order of time without it.
    withdrawn : (any,) of int
        Statements that no longer count. Their votes are dropped, their numbers stay.
    n_people, n_statements : int, optional
        How many there are; one more than the highest number unless given.

    Returns
    -------
    Votes
        Own, read-only copies; one row per pair of person and statement.

    Raises
    ------
    InputError
        Lengths differ, a number is negative or too high, a value is outside the set, or a time is missing or not
        a number.

    Notes
    -----
    Cost O(n_rows log n_rows) time; memory about 40 bytes a row while sorting, 5 afterwards.

    Examples
    --------
    >>> votes = votes_from_rows([0, 1, 0], [0, 0, 0], [1, -1, 0])
    >>> votes.values.tolist()
    [0, -1]
    """
    given = _values(values)
    _require_count(n_people, "n_people")
    _require_count(n_statements, "n_statements")
    who = whole_numbers(people, "people", n_rows=len(given), total=n_people)
    what = whole_numbers(statements, "statements", n_rows=len(given), total=n_statements)
    n_who = int(n_people) if n_people is not None else int(who.max(initial=-1)) + 1
    n_what = int(n_statements) if n_statements is not None else int(what.max(initial=-1)) + 1
    is_withdrawn = np.zeros(n_what, dtype=np.bool_)
    is_withdrawn[whole_numbers(withdrawn, "withdrawn", n_rows=None, total=n_what)] = True
    if times is not None:
        order = _time_order(times, len(given))
        if order is not None:
            who, what, given = who[order], what[order], given[order]
    if is_withdrawn.any():
        kept = ~is_withdrawn[what]
        who, what, given = who[kept], what[kept], given[kept]
    starts, numbers, given = _last_of_each_pair(who, what, given, n_people=n_who, n_statements=n_what)
    return Votes(
        n_people=n_who,
        n_statements=n_what,
        starts=_sealed(starts),
        statements=_sealed(numbers),
        values=_sealed(given),
        is_withdrawn=_sealed(is_withdrawn),
    )


def votes_from_matrix(matrix: ArrayLike, *, withdrawn: ArrayLike = ()) -> Votes:
    """Votes from a table with one row per person and one column per statement.

    Parameters
    ----------
    matrix : (n_people, n_statements) of {-1, 0, 1, nan}
        Disagree, pass, agree, not seen.
    withdrawn : (any,) of int
        Columns that no longer count.

    Returns
    -------
    Votes

    Raises
    ------
    InputError
        The table is not two-dimensional or not of numbers, or an entry is outside the set.

    Examples
    --------
    >>> votes_from_matrix([[1, float("nan")], [0, -1]]).n_votes
    3
    """
    table = _table(matrix)
    people, statements = np.nonzero(~np.isnan(table))
    values = table[people, statements]
    is_vote = np.isin(values, (DISAGREE, PASS, AGREE))
    if not is_vote.all():
        at = int(np.flatnonzero(~is_vote)[0])
        raise InputError(
            f"The vote of person {people[at]} on statement {statements[at]} is {values[at]:g}; "
            "use 1 agree, 0 pass, -1 disagree, nan for unseen."
        )
    return votes_from_rows(
        people,
        statements,
        values,
        withdrawn=withdrawn,
        n_people=table.shape[0],
        n_statements=table.shape[1],
    )


def vote_counts(votes: Votes) -> VoteCounts:
    """Answers of each kind per statement; a withdrawn statement has none.

    Parameters
    ----------
    votes : Votes

    Returns
    -------
    VoteCounts
        Each field (n_statements,), counts.

    Notes
    -----
    Cost O(n_votes).

    Examples
    --------
    >>> vote_counts(votes_from_matrix([[1, 0], [1, -1]])).agree.tolist()
    [2, 0]
    """
    seen = np.bincount(votes.statements, minlength=votes.n_statements)
    net = np.bincount(votes.statements, weights=votes.values, minlength=votes.n_statements).astype(np.intp)
    passed = np.bincount(votes.statements[votes.values == PASS], minlength=votes.n_statements)
    agree = (seen - passed + net) // 2
    return VoteCounts(agree=agree, disagree=seen - passed - agree, passed=passed, seen=seen)


def votes_of(votes: Votes, people: IndexArray) -> Votes:
    """The votes of some people only, renumbered in the order given; statements keep their numbers."""
    lengths = votes.seen_by_person[people]
    starts = np.zeros(len(people) + 1, dtype=np.intp)
    np.cumsum(lengths, out=starts[1:])
    rows = np.arange(starts[-1]) + np.repeat(votes.starts[people] - starts[:-1], lengths)
    return Votes(
        n_people=len(people),
        n_statements=votes.n_statements,
        starts=_sealed(starts),
        statements=_sealed(votes.statements[rows]),
        values=_sealed(votes.values[rows]),
        is_withdrawn=votes.is_withdrawn,
    )


def _last_of_each_pair(
    who: IndexArray, what: IndexArray, values: VoteArray, *, n_people: int, n_statements: int
) -> tuple[IndexArray, StatementArray, VoteArray]:
    """Starts, statements and values sorted by person, then statement; only the last row of each pair is kept."""
    statement_bits = max(n_statements - 1, 1).bit_length()
    shift = len(who).bit_length() + 2
    if n_people.bit_length() + statement_bits + shift > KEY_BITS:
        return _last_by_rows(who, what, values, n_people=n_people)
    # One sort of packed whole numbers is many times faster than sorting rows: pair, then row, then value.
    packed = who << statement_bits
    packed |= what
    packed <<= shift - 2
    packed |= np.arange(len(who))
    packed <<= 2
    packed |= values + np.int8(1)
    packed.sort()
    is_earlier = ((packed[1:] ^ packed[:-1]) >> shift) == 0
    if is_earlier.any():
        packed = packed[np.append(~is_earlier, True)]
    # Sorted, so each person begins where the smallest key of that person would be.
    starts = np.searchsorted(packed, np.arange(n_people + 1, dtype=np.int64) << (statement_bits + shift))
    kept = ((packed >> shift) & ((1 << statement_bits) - 1)).astype(np.int32)
    return starts.astype(np.intp), kept, (packed & 3).astype(np.int8) - np.int8(1)


def _last_by_rows(
    who: IndexArray, what: IndexArray, values: VoteArray, *, n_people: int
) -> tuple[IndexArray, StatementArray, VoteArray]:
    """The same for numbers too large to pack."""
    order = np.lexsort((what, who))
    who, what, values = who[order], what[order], values[order]
    last = np.ones(len(who), dtype=np.bool_)
    last[:-1] = (who[1:] != who[:-1]) | (what[1:] != what[:-1])
    starts = np.zeros(n_people + 1, dtype=np.intp)
    np.cumsum(np.bincount(who[last], minlength=n_people), out=starts[1:])
    return starts, what[last].astype(np.int32), values[last]


def _table(matrix: ArrayLike) -> FloatArray:
    """Numbers in two dimensions; true and false, text and rows of different lengths are refused, not guessed at."""
    try:
        given = np.asarray(matrix)
        table = given.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError("`matrix` must be a table of numbers with rows of one length.") from None
    if given.dtype.kind not in "iufO" or any(isinstance(entry, bool | str) for entry in _objects(given)):
        raise InputError("`matrix` must hold numbers: 1 agree, 0 pass, -1 disagree, nan for unseen.")
    if table.ndim != 2:
        raise InputError(f"`matrix` has {table.ndim} dimensions; give one row per person, one column per statement.")
    return table


def _objects(given: NDArray[Any]) -> list[object]:
    return given.ravel().tolist() if given.dtype.kind == "O" else []


def _values(values: ArrayLike) -> VoteArray:
    try:
        given = np.asarray(values)
    except ValueError:
        raise InputError("`values` must be one row of votes, one per answer.") from None
    if given.ndim != 1:
        raise InputError("`values` must be one row of votes, one per answer.")
    if given.size and (given.dtype.kind not in "iufO" or any(isinstance(one, bool) for one in _objects(given))):
        raise InputError(f"`values` holds {given.dtype}; use the numbers 1 agree, 0 pass, -1 disagree.")
    known = (given == AGREE) | (given == PASS) | (given == DISAGREE)
    if not known.all():
        row = int(np.flatnonzero(~known)[0])
        raise InputError(f"The vote in row {row} is {given[row]}; use 1 agree, 0 pass, -1 disagree, no row for unseen.")
    return given.astype(np.int8)


def _require_count(given: int | None, name: str) -> None:
    if given is not None and (isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 0):
        raise InputError(f"`{name}` is {given}; give a whole number from 0.")


def whole_numbers(values: ArrayLike, name: str, *, n_rows: int | None, total: int | None) -> IndexArray:
    """Numbers from 0, as many as `n_rows` and below `total` where these are given, or InputError."""
    given = np.asarray(values)
    if given.size == 0:
        given = given.astype(np.intp)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError(f"`{name}` must be one row of whole numbers from 0.")
    if n_rows is not None and len(given) != n_rows:
        raise InputError(f"`{name}` has {len(given)} entries for {n_rows} votes; give one per vote.")
    numbers = given.astype(np.intp)
    if len(numbers) and (numbers.min() < 0 or (total is not None and numbers.max() >= total)):
        wrong = numbers.min() if numbers.min() < 0 else numbers.max()
        high = "" if total is None else f" to {total - 1}"
        raise InputError(f"`{name}` contains {wrong}; numbers go from 0{high}.")
    return numbers


def _time_order(times: ArrayLike, n_rows: int) -> IndexArray | None:
    given = np.asarray(times)
    if given.shape != (n_rows,):
        raise InputError(f"`times` has shape {given.shape} for {n_rows} votes; give one time per vote.")
    if len(given) and given.dtype.kind not in "iufM":
        # Text would be put in the order of the alphabet, in which 10 comes before 9.
        raise InputError(f"`times` holds {given.dtype}; give numbers or numpy.datetime64.")
    # Not a number and not a time are the only values that differ from themselves.
    if (given != given).any():
        raise InputError("A vote has no time; give every vote one, or none and the rows in order.")
    if (given[1:] >= given[:-1]).all():
        return None
    return np.argsort(given, kind="stable")


def _sealed(array: Array) -> Array:
    array.setflags(write=False)
    return array
