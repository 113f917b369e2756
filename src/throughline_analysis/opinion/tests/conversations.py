"""Conversations for tests: made-up ones with a known answer, and the four real ones where they are at hand."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from throughline_analysis.opinion import Votes, votes_from_rows

Table = NDArray[np.float64]
DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "opinion"
NAMES = ("15-per-hour-seattle", "bg2050-volunteers", "london.youth.policing", "scoop-hivemind.biodiversity")


@dataclass(frozen=True, eq=False)
class Conversation:
    """A real conversation: rows as exported, numbered votes, and the statements moderated out."""

    rows: list[dict[str, int]]
    votes: Votes
    person_ids: NDArray[np.intp]
    statement_ids: NDArray[np.intp]
    withdrawn_ids: list[int]
    published: dict[int, int]

    @property
    def withdrawn(self) -> list[int]:
        known = set(self.withdrawn_ids)
        return [number for number, name in enumerate(self.statement_ids.tolist()) if name in known]


def real_conversation(name: str) -> Conversation:
    folder = DATA / name
    if not folder.exists():
        pytest.skip(f"The real conversation {name} is not beside this checkout.")
    with (folder / "votes.csv").open(encoding="utf-8-sig", newline="") as file:
        read = [
            (int(row["timestamp"]), int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]))
            for row in csv.DictReader(file)
        ]
    times, people, statements, values = (np.array(column) for column in zip(*read, strict=True))
    person_ids, who = np.unique(people, return_inverse=True)
    statement_ids, what = np.unique(statements, return_inverse=True)
    with (folder / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        withdrawn = [int(row["comment-id"]) for row in csv.DictReader(file) if int(row["moderated"]) < 0]
    with (folder / "participants-votes.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {
            int(row["participant"]): int(row["group-id"]) for row in csv.DictReader(file) if row["group-id"] != ""
        }
    votes = votes_from_rows(who, what, values, times=times)
    rows = [
        {"participant_id": int(person_ids[person]), "statement_id": int(statement_ids[statement]), "vote": int(value)}
        for person, statement, value in zip(votes.people, votes.statements, votes.values, strict=True)
    ]
    return Conversation(rows, votes, person_ids, statement_ids, withdrawn, published)


def answered(chances: Table, rng: np.random.Generator, *, seen_0_1: float = 1.0, passed_0_1: float = 0.0) -> Table:
    """Votes of people with these chances to agree, with gaps and passes."""
    table = np.where(rng.random(chances.shape) < chances, 1.0, -1.0)
    table[rng.random(chances.shape) < passed_0_1] = 0.0
    table[rng.random(chances.shape) >= seen_0_1] = np.nan
    return table


def in_groups(
    sizes: tuple[int, ...], n_statements: int, rng: np.random.Generator, *, apart: float = 0.6, seen_0_1: float = 0.9
) -> tuple[Table, NDArray[np.intp]]:
    """Groups that differ by `apart` in agreement on random halves of the statements; table and true labels."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    sides = rng.choice([-1.0, 1.0], (len(sizes), n_statements))
    return answered((0.5 + apart / 2 * sides)[labels], rng, seen_0_1=seen_0_1), labels


def as_table(votes: Votes) -> Table:
    table = np.full((votes.n_people, votes.n_statements), np.nan)
    table[votes.people, votes.statements] = votes.values
    return table
