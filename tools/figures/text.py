"""How many themes two real conversations support: likeness of themes found in two halves, beside shuffled words."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from throughline_analysis.text.stability import NumberOfThemes, choose_number
from throughline_analysis.text.terms import count_terms, telling_terms
from throughline_analysis.text.themes import TEXTS_PER_THEME, TRIED

CONVERSATIONS = (("scoop-hivemind.biodiversity", "Biodiversity"), ("bg2050-volunteers", "A city in 2050"))


def draw(data: Path) -> Figure:
    """One panel a conversation: likeness for each number of themes tried, for the comments and for shuffled words."""
    figure = Figure(figsize=(7.2, 3.4))
    for axes, (folder, title) in zip(figure.subplots(1, 2, sharey=True), CONVERSATIONS, strict=True):
        texts = _comments(data / "opinion" / folder / "comments.csv")
        number = _number(texts)
        axes.plot(number.tried, number.likeness, "o-", color="#12355b", markersize=4, label="the comments")
        axes.plot(number.tried, number.shuffled, "s--", color="#b5651d", markersize=3.5, label="their words shuffled")
        verdict = f"{number.chosen} themes hold" if number.is_supported else "no themes that hold"
        axes.set_title(f"{title}: {len(texts)} comments, {verdict}", fontsize=8.5)
        axes.set_xlabel("number of themes tried")
        axes.set_xticks(range(2, 16, 2))
        axes.set_ylim(0, 0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=8.5)
        if axes.get_subplotspec().is_first_col():
            axes.set_ylabel("likeness of the two halves' themes")
    figure.tight_layout()
    return figure


def _number(texts: list[str]) -> NumberOfThemes:
    rng = np.random.default_rng(1)
    counts = telling_terms(count_terms(texts), rng=rng).counts
    tried = np.array([number for number in TRIED if number * TEXTS_PER_THEME <= len(texts)])
    return choose_number(counts, tried, rng=rng)


def _comments(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["comment-body"] for row in csv.DictReader(lines)]
