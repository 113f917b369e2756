"""Statements of a real conversation put in order by comparisons drawn from its votes, with intervals and ranks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from throughline_analysis.ranking import Comparisons, bradley_terry, comparisons, rank_intervals

CONVERSATION = "scoop-hivemind.biodiversity"
# Statements compared at least this often are drawn; all take part in the fit.
FEWEST = 75


def draw(data: Path) -> Figure:
    """Left: score of each often compared statement with its interval. Right: between which ranks it lies."""
    tally = voted_pairs(data / "opinion" / CONVERSATION)
    fit = bradley_terry(tally)
    ranks = rank_intervals(fit)
    drawn = fit.order[fit.n[fit.order] >= FEWEST]
    place = np.arange(len(drawn))[::-1]
    figure = Figure(figsize=(7.2, 6.4))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    left.hlines(place, fit.low[drawn], fit.high[drawn], color="#3b6ea5", linewidth=1.6)
    left.plot(fit.score[drawn], place, "o", color="#12355b", markersize=3.2)
    left.axvline(0, color="#999999", linewidth=0.8)
    left.set_xlabel("score, log odds, with 95 % interval")
    left.set_ylabel(f"{len(drawn)} statements compared {FEWEST} times or more")
    left.set_yticks([])
    right.hlines(place, ranks.low[drawn], ranks.high[drawn], color="#b5651d", linewidth=1.6)
    right.plot(ranks.rank[drawn], place, "o", color="#5a2d00", markersize=3.2)
    right.set_xlabel(f"rank among all {tally.n_items} statements")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("Many statements, few certain ranks", fontsize=11)
    figure.tight_layout()
    return figure


def voted_pairs(folder: Path) -> Comparisons:
    """A person's votes two by two, none used twice: agree before pass before disagree, equal votes a tie.

    Superseded votes are kept in the file, the last one counts; statements that were moderated out are left out.
    """
    with (folder / "comments.csv").open(encoding="utf-8-sig", newline="") as lines:
        kept = sorted(int(row["comment-id"]) for row in csv.DictReader(lines) if row["moderated"] != "-1")
    number = {statement: place for place, statement in enumerate(kept)}
    last: dict[tuple[int, int], int] = {}
    with (folder / "votes.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in sorted(csv.DictReader(lines), key=lambda one: int(one["timestamp"])):
            if int(row["comment-id"]) in number:
                key = (int(row["voter-id"]), number[int(row["comment-id"])])
                last.pop(key, None)
                last[key] = int(row["vote"])
    of_voter: dict[int, list[tuple[int, int]]] = {}
    for (voter, statement), vote in last.items():
        of_voter.setdefault(voter, []).append((statement, vote))
    met = [pair for votes in of_voter.values() for pair in zip(votes[:-1:2], votes[1::2], strict=True)]
    return comparisons(
        [one for (one, _), _ in met],
        [two for _, (two, _) in met],
        outcomes=[int(np.sign(first - second)) for (_, first), (_, second) in met],
        n_items=len(kept),
    )
