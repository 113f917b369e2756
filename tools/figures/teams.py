"""How equally people contributed statements to four real conversations, beside what equal people would show."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from throughline_analysis.teams import ParticipationEquality, participation_equality

CONVERSATIONS = (
    ("15-per-hour-seattle", "A minimum wage"),
    ("bg2050-volunteers", "A city in 2050"),
    ("london.youth.policing", "Youth and policing"),
    ("scoop-hivemind.biodiversity", "Biodiversity"),
)


def draw(data: Path) -> Figure:
    """A row a conversation: Gini of statements among all who took part, with interval, and by chance alone."""
    found = [
        (title, _equality(data / "opinion" / folder / "participants-votes.csv")) for folder, title in CONVERSATIONS
    ]
    figure = Figure(figsize=(7.2, 2.9))
    axes = figure.subplots()
    place = np.arange(len(found))[::-1]
    for row, (_, told) in zip(place, found, strict=True):
        axes.hlines(row, told.gini_interval.low, told.gini_interval.high, color="#3b6ea5", linewidth=2)
    axes.plot(
        [told.gini for _, told in found], place, "o", color="#12355b", markersize=5, label="long run, 95 % interval"
    )
    axes.plot([told.gini_observed for _, told in found], place, "|", color="#12355b", markersize=12, label="as counted")
    axes.plot(
        [told.gini_if_equal for _, told in found], place, "D", color="#b5651d", markersize=5, label="equal people"
    )
    labels = [f"{title}\n{told.n_turns} statements, {told.n_people} people" for title, told in found]
    axes.set_yticks(place, labels, fontsize=8.5)
    axes.set_ylim(-0.6, len(found) - 0.4)
    axes.set_xlim(0, 1)
    axes.set_xlabel("Gini coefficient of statements (0: all alike, 1: one person wrote all)")
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def _equality(path: Path) -> ParticipationEquality:
    with path.open(encoding="utf-8", newline="") as lines:
        counts = [int(row["n-comments"]) for row in csv.DictReader(lines)]
    return participation_equality(counts, rng=np.random.default_rng(1))
