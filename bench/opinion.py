"""Opinion maps and groups at the size the product is designed for, beside red-dwarf in the same run.

From rows as they come from a database (unsorted, with some votes given twice) to votes, map, and tested groups with
memberships. Two groups whose agreement differs by 0.5 on a third of the statements. Time is the median of several
runs in one process after one that is not counted; memory is the high-water mark of a process of its own.
"""

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_s, own_peak_mb, peak_mb_of
from throughline_analysis.opinion import (
    OpinionGroups,
    Votes,
    bridging_statements,
    dividing_statements,
    group_stability,
    held_out_labels,
    next_statements,
    opinion_groups,
    opinion_map,
    representative_statements,
    votes_from_rows,
)

NAME = "opinion"
RUNS = 5
REPEATED_0_1 = 0.002


@dataclass(frozen=True, eq=False)
class Rows:
    """Votes of a made-up conversation as unsorted rows."""

    people: NDArray[np.intp]
    statements: NDArray[np.intp]
    values: NDArray[np.int8]


@dataclass(frozen=True)
class Size:
    """A case: people, statements, votes of each person, and what it may cost."""

    n_people: int
    n_statements: int
    n_each: int
    seconds: float
    megabytes: float

    @property
    def case(self) -> str:
        """Name of the case."""
        return f"{self.n_people:,} people, {self.n_statements:,} statements, {self.n_people * self.n_each:,} votes"


SMALL = Size(20_000, 500, 25, 0.5, 300)
LARGE = Size(100_000, 2_000, 100, 4, 2_000)
SIZES = {"small": SMALL, "large": LARGE}


def made_up_rows(size: Size) -> Rows:
    """The same rows on every machine: everybody answers as many different statements, a few answers are repeated."""
    rng = np.random.default_rng(20)
    people = np.repeat(np.arange(size.n_people), size.n_each)
    # A start and a step without common divisor with the number of statements: never the same statement twice.
    steps = np.array([step for step in range(1, size.n_statements) if np.gcd(step, size.n_statements) == 1])
    first = rng.integers(0, size.n_statements, size.n_people)
    step = rng.choice(steps, size.n_people)
    turn = np.tile(np.arange(size.n_each), size.n_people)
    statements = (first[people] + step[people] * turn) % size.n_statements
    side = np.where((people % 2 == 0) ^ (statements % 2 == 0), 0.25, -0.25)
    chances = np.where(statements % 3 == 0, 0.5 + side, 0.6)
    values = np.where(rng.random(len(people)) < chances, 1, -1).astype(np.int8)
    values[rng.random(len(people)) < 0.05] = 0
    again = rng.integers(0, len(people), int(REPEATED_0_1 * len(people)))
    order = np.append(rng.permutation(len(people)), again)
    return Rows(people[order], statements[order], values[order])


def ours(rows: Rows) -> tuple[Votes, OpinionGroups]:
    """From rows to votes, map and groups with the library."""
    votes = votes_from_rows(rows.people, rows.statements, rows.values)
    opinion_map(votes)
    return votes, opinion_groups(votes, rng=np.random.default_rng(1))


def red_dwarf(rows: Rows) -> object:
    """From rows to groups and statements with red-dwarf, after dropping repeated answers as it asks for."""
    votes = votes_from_rows(rows.people, rows.statements, rows.values)
    listed = [
        {"participant_id": person, "statement_id": statement, "vote": value}
        for person, statement, value in zip(
            votes.people.tolist(), votes.statements.tolist(), votes.values.tolist(), strict=True
        )
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline

        return run_pipeline(votes=listed, random_state=1)


WAYS: dict[str, Callable[[Rows], object]] = {"ours": ours, "red-dwarf": red_dwarf}


def run() -> Iterator[Figure | Skipped]:
    """Time and memory at both sizes, and what else is done with a conversation of the smaller one."""
    rows = made_up_rows(SMALL)
    votes, groups = ours(rows)
    if groups.n_groups != 2:
        raise RuntimeError(f"{groups.n_groups} groups were found where two were made; times mean nothing then.")
    yield Figure(NAME, SMALL.case, median_s(lambda: ours(rows), RUNS), "s", SMALL.seconds, *peer_seconds(rows))
    value, peer = (peak_mb_of("bench.opinion", way, "small") for way in WAYS)
    yield Figure(NAME, f"memory, {SMALL.case}", value, "MB", SMALL.megabytes, "red-dwarf", peer)
    yield from parts(votes, groups)
    large = made_up_rows(LARGE)
    yield Figure(NAME, LARGE.case, median_s(lambda: ours(large), 3), "s", LARGE.seconds)
    yield Figure(NAME, f"memory, {LARGE.case}", peak_mb_of("bench.opinion", "ours", "large"), "MB", LARGE.megabytes)


def parts(votes: Votes, groups: OpinionGroups) -> Iterator[Figure]:
    """Statements, stability and the next statement, of votes and groups that are there."""
    held_out = held_out_labels(votes, groups.labels)

    def statements() -> None:
        for choose in (representative_statements, dividing_statements, bridging_statements):
            choose(votes, held_out)

    found_map = opinion_map(votes)
    rng = np.random.default_rng(2)
    yield Figure(NAME, "statements of two groups, smaller size", median_s(statements, RUNS), "s")
    once = median_s(lambda: group_stability(votes, groups, rng=rng, n_resamples=20), 1)
    yield Figure(NAME, "stability by 20 resamples, smaller size", once, "s")
    route = median_s(lambda: next_statements(votes, found_map, 7, rng=rng), 20)
    yield Figure(NAME, "next statement of one person, smaller size", route, "s")


def peer_seconds(rows: Rows) -> tuple[str, float]:
    """Name and time of the peer, once: it takes long."""
    started = time.perf_counter()
    red_dwarf(rows)
    return "red-dwarf", round(time.perf_counter() - started, 2)


if __name__ == "__main__":
    WAYS[sys.argv[1]](made_up_rows(SIZES[sys.argv[2]]))
    print(round(own_peak_mb(), 1))
