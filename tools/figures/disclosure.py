"""What a release prints of a real tree of units, beside the index that individuals were drawn to match."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bench.attack import fevs_records
from throughline_analysis.disclosure import release_make

QUESTION = 0


def draw(data: Path) -> Figure:
    """One row a unit, by size: the share among the drawn individuals, and what the release says about it."""
    import matplotlib.pyplot as plt

    records = fevs_records(np.random.default_rng(41), with_teams=True)
    release = release_make(records, rng=np.random.default_rng(42)).release
    tree = records.tree
    n = tree.subtree_sum(np.bincount(records.unit, minlength=tree.n_units))
    yes = tree.subtree_sum(np.bincount(records.unit, records.answers[:, QUESTION], minlength=tree.n_units))
    limits = release.limits()
    cells = release.cells
    shown = np.flatnonzero(release.is_shown[:, QUESTION])
    figure, axis = plt.subplots()
    size = cells.n[shown]
    low, high = (part[shown, QUESTION] / size for part in (limits.low, limits.high))
    axis.vlines(size, 100 * low, 100 * high, color="#9db4c0", linewidth=2, label="what the release allows")
    axis.plot(
        size, 100 * yes[cells.unit[shown]] / size, "o", markersize=2.5, color="#1f3a4d", label="drawn individuals"
    )
    hidden = np.setdiff1d(np.flatnonzero(n > 0), cells.unit[shown])
    axis.plot(n[hidden], np.full(len(hidden), -4.0), "|", color="#b5482a", label="units not shown")
    axis.set_xscale("log")
    axis.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    axis.set_xlabel("people in the unit (log scale)")
    axis.set_ylabel("favourable answers, %")
    axis.set_ylim(-8, 104)
    for edge, words in ((5, "5"), (20, "20"), (40, "40")):
        axis.axvline(edge, color="#cccccc", linewidth=0.8, zorder=0)
        axis.annotate(words, (edge, 104), ha="center", va="bottom", fontsize=8, color="#666666")
    axis.legend(loc="lower right", fontsize=8)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    return figure
