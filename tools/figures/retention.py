"""Who stays in the sample of 1,470 employees: curves by overtime, and leaving by job role with time allowed for."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from throughline_analysis.retention import histories, standardised_leaving, survival_curves

# Years are whole and rounded down, so somebody in year 0 has been here for half a year on average.
HALF_STEP = 0.5
# So few are left after this many years that the curves are hardly known.
LAST_YEAR = 20


def draw(data: Path) -> Figure:
    """Left: share still here, with and without overtime. Right: observed over expected leavings of each job role."""
    with (data / "hr" / "attrition.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    years = np.array([int(row["YearsAtCompany"]) for row in rows]) + HALF_STEP
    has_left = np.array([row["Attrition"] == "Yes" for row in rows])
    figure = Figure(figsize=(7.2, 3.8))
    left, right = figure.subplots(1, 2)
    overtime = np.array([row["OverTime"] == "Yes" for row in rows])
    curves = survival_curves(histories(years, has_left, groups=overtime.astype(int)))
    for place, (words, colour, line) in enumerate((("no overtime", "#3b6ea5", "-"), ("overtime", "#b5651d", "--"))):
        curve = curves.curve(place)
        time = np.concatenate(([0.0], curve.time, [curve.watched_until]))
        share, low, high = (np.concatenate(([1.0], own, own[-1:])) for own in (curve.survival, curve.low, curve.high))
        left.step(time, share, where="post", color=colour, linestyle=line, label=words)
        left.fill_between(time, low, high, step="post", color=colour, alpha=0.2, linewidth=0)
    left.set_xlim(0, LAST_YEAR)
    left.set_ylim(0, 1.02)
    left.set_xlabel("years here")
    left.set_ylabel("share still here, with 95 % interval")
    left.legend(frameon=False, loc="lower left")
    _roles(right, rows, years=years, has_left=has_left)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def _roles(axes: Axes, rows: list[dict[str, str]], *, years: NDArray[np.float64], has_left: NDArray[np.bool_]) -> None:
    names, role = np.unique([row["JobRole"] for row in rows], return_inverse=True)
    told = standardised_leaving(histories(years, has_left, groups=role))
    order = np.argsort(told.ratio)
    place = np.arange(len(order))
    axes.hlines(place, told.low[order], told.high[order], color="#3b6ea5", linewidth=1.6)
    shape = np.where(told.differs[order], "D", "o")
    for kind, words in (("o", "not told apart"), ("D", "differs (Holm)")):
        chosen = shape == kind
        axes.plot(told.ratio[order][chosen], place[chosen], kind, color="#12355b", markersize=4.5, label=words)
    axes.axvline(1, color="#999999", linewidth=0.8)
    axes.set_yticks(place, names[told.group[order]], fontsize=7.5)
    axes.set_xlabel("left over expected, with 95 % interval")
    axes.legend(frameon=False, fontsize=7.5, loc="lower right")
