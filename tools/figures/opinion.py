"""Figure of the methods page on opinions: a real conversation as a map, and four of them tested for groups."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from throughline_analysis.opinion import OneCloudTest, Votes, one_cloud_test, opinion_map, votes_from_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAPPED = "scoop-hivemind.biodiversity"
TITLES = {
    "15-per-hour-seattle": "Minimum wage, Seattle",
    "bg2050-volunteers": "City of 2050, volunteers",
    "london.youth.policing": "Youth and policing, London",
    "scoop-hivemind.biodiversity": "Biodiversity, New Zealand",
}


def draw(data: Path) -> Figure:
    """Map of one conversation with the uncertainty of each position; cluster index of four against continua."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    conversations = {name: _votes(data / "opinion" / name) for name in TITLES}
    _draw_map(left, conversations[MAPPED])
    tests = {name: one_cloud_test(votes, rng=np.random.default_rng(20)) for name, votes in conversations.items()}
    _draw_tests(right, tests)
    return figure


def _draw_map(axes: Axes, votes: Votes) -> None:
    found = opinion_map(votes)
    placed = found.is_placed
    x, y = found.positions[placed].T
    shown = axes.scatter(x, y, c=found.standard_errors[placed, 0], cmap="viridis", s=14, linewidths=0)
    bar = axes.figure.colorbar(shown, ax=axes, shrink=0.8)
    bar.set_label("standard error on the first axis")
    axes.set_xlabel(f"first axis ({found.explained_0_1[0]:.0%} of disagreement)")
    axes.set_ylabel(f"second axis ({found.explained_0_1[1]:.0%})")
    axes.set_title(f"{TITLES[MAPPED]}: {found.n_people} people", fontsize=10)


def _draw_tests(axes: Axes, tests: dict[str, OneCloudTest]) -> None:
    for row, test in enumerate(tests.values()):
        axes.plot([test.null_index.low, test.null_index.high], [row, row], color="0.6", linewidth=7, alpha=0.7)
        axes.plot(test.cluster_index, row, "o", color="#b2182b", markersize=7)
        axes.annotate(
            f"p = {test.p_value:.2f}", (test.null_index.high, row), xytext=(6, -3), textcoords="offset points"
        )
    axes.set_yticks(range(len(tests)), [TITLES[name] for name in tests])
    axes.set_xlim(0, max(max(test.null_index.high, test.cluster_index) for test in tests.values()) + 0.12)
    axes.set_ylim(-0.6, len(tests) - 0.4)
    axes.set_xlabel("cluster index (0 = two points)")
    axes.set_title("Votes (dot) and 95 % of continua (bar)", fontsize=10)


def _votes(folder: Path) -> Votes:
    with (folder / "votes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (int(row["voter-id"]), int(row["comment-id"]), int(row["vote"]), int(row["timestamp"]))
            for row in csv.DictReader(file)
        ]
    people, statements, values, times = (np.array(column) for column in zip(*rows, strict=True))
    statement_ids, what = np.unique(statements, return_inverse=True)
    with (folder / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        moderated = [int(row["comment-id"]) for row in csv.DictReader(file) if int(row["moderated"]) < 0]
    withdrawn = np.flatnonzero(np.isin(statement_ids, moderated))
    return votes_from_rows(np.unique(people, return_inverse=True)[1], what, values, times=times, withdrawn=withdrawn)
