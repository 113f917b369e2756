"""The four real conversations: groups, chance and stability by the library, and equality with red-dwarf.

For each conversation the number of groups the votes support, the chance of so clear a split in a continuum, and how
well a division into the number of groups Polis published is found again with other people. The compatible mode must
put everybody in red-dwarf's group and give the same statistics.
"""

import csv
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped
from throughline_analysis.opinion import (
    Votes,
    group_stability,
    opinion_groups,
    polis_groups,
    polis_statements,
    votes_from_rows,
)

NAME = "opinion_real"
DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "opinion"
# Differences below this are rounding of statistics worked out in double precision.
ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Conversation:
    """Last votes of a conversation, without and with the statements that were moderated out."""

    name: str
    votes: Votes
    kept: Votes
    withdrawn: NDArray[np.intp]
    person_ids: NDArray[np.intp]
    statement_ids: NDArray[np.intp]


def conversations() -> Iterator[Conversation]:
    """All that lie beside this checkout, by name."""
    for folder in sorted(path for path in DATA.glob("*") if (path / "votes.csv").exists()):
        with (folder / "votes.csv").open(encoding="utf-8-sig", newline="") as file:
            read = [
                (int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]), int(row["timestamp"]))
                for row in csv.DictReader(file)
            ]
        people, statements, values, times = (np.array(column) for column in zip(*read, strict=True))
        person_ids, who = np.unique(people, return_inverse=True)
        statement_ids, what = np.unique(statements, return_inverse=True)
        with (folder / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
            moderated = [int(row["comment-id"]) for row in csv.DictReader(file) if int(row["moderated"]) < 0]
        withdrawn = np.flatnonzero(np.isin(statement_ids, moderated))
        yield Conversation(
            name=folder.name,
            votes=votes_from_rows(who, what, values, times=times),
            kept=votes_from_rows(who, what, values, times=times, withdrawn=withdrawn),
            withdrawn=withdrawn,
            person_ids=person_ids,
            statement_ids=statement_ids,
        )


def red_dwarf(conversation: Conversation) -> Any:
    """Its whole pipeline on the same votes."""
    votes = conversation.votes
    listed = [
        {"participant_id": int(person), "statement_id": int(statement), "vote": int(value)}
        for person, statement, value in zip(votes.people, votes.statements, votes.values, strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline

        return run_pipeline(votes=listed, mod_out_statement_ids=conversation.withdrawn.tolist(), random_state=1)


def run() -> Iterator[Figure | Skipped]:
    """What the library and the peer say about each conversation."""
    found_any = False
    for conversation in conversations():
        found_any = True
        yield from of_one(conversation)
    if not found_any:
        yield Skipped(NAME, "all", "needs the real conversations beside the checkout")


def of_one(conversation: Conversation) -> Iterator[Figure]:
    """Figures of one conversation."""
    name, rng = conversation.name, np.random.default_rng(20)
    theirs = red_dwarf(conversation)
    their_labels = theirs.participants_df["cluster_id"].fillna(-1).astype(int).to_numpy()
    groups = opinion_groups(conversation.kept, rng=rng)
    n_theirs = int(their_labels.max()) + 1
    yield Figure(NAME, f"{name}: groups", groups.n_groups, "groups", None, "red-dwarf", n_theirs)
    yield Figure(NAME, f"{name}: chance of so clear a split in a continuum", round(groups.p_value, 3), "p")
    published = groups if groups.n_groups > 1 else replace(groups, n_groups=n_theirs, labels=their_labels)
    stability = group_stability(conversation.kept, published, rng=rng)
    case = "its own groups" if groups.n_groups > 1 else f"the {n_theirs} groups of the compatible mode"
    yield Figure(NAME, f"{name}: Rand index of {case} over resamples", round(stability.rand_index, 3), "index")
    compatible = polis_groups(conversation.votes, withdrawn=conversation.withdrawn)
    statements = polis_statements(conversation.votes, compatible)
    same = float((compatible.labels == their_labels).mean())
    yield Figure(NAME, f"{name}: people in the same group as by red-dwarf", same, "share", at_least=1.0)
    columns = {
        "pa": statements.shares[0],
        "pat": statements.share_z[0],
        "ra": statements.ratios[0],
        "rat": statements.ratio_z[0],
        "rdt": statements.ratio_z[1],
    }
    widest = max(
        float(np.abs(ours - theirs.group_comment_stats[key].to_numpy().reshape(ours.shape)).max())
        for key, ours in columns.items()
    )
    yield Figure(NAME, f"{name}: largest difference of a statistic to red-dwarf", round(widest, 12), "", ROUNDING)
