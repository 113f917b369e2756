"""Engagement by occupation in the UK civil service, and where each occupation stands among the others."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from throughline_analysis.surveys import BenchmarkPlace, place_among

HEADING, NAMES, COUNTS, ENGAGEMENT = 0, 1, 3, 5


def draw(data: Path) -> Figure:
    """Left: the index with its 95 % interval, sorted. Right: the places that sampling error leaves open."""
    names, index, count = occupations(data / "people-survey-csps" / "2016-demographic-groups.csv")
    order = np.argsort(index, kind="stable")
    index, count = index[order], count[order]
    # The index is a mean over people of numbers in [0, 1]; a share is the most that such numbers can vary.
    error = np.sqrt(index * (1 - index) / count)
    places = places_of(index, error)
    row = np.arange(len(index))
    figure = Figure(figsize=(7.2, 7.6))
    left, right = figure.subplots(1, 2, sharey=True)
    left.hlines(row, 100 * (index - 1.96 * error), 100 * (index + 1.96 * error), color="#3b6ea5", linewidth=1.8)
    left.plot(100 * index, row, "o", color="#12355b", markersize=3)
    left.set_yticks(row, [f"{names[place]} ({count[at]:,.0f})" for at, place in enumerate(order)], fontsize=7)
    left.set_xlabel("engagement index, per cent")
    low, high = (np.array([100 * getattr(place.interval, end) for place in places]) for end in ("low", "high"))
    right.hlines(row, low, high, color="#b5651d", linewidth=1.8)
    right.plot([100 * place.percentile_0_1 for place in places], row, "o", color="#5a2d00", markersize=3)
    right.set_xlabel("percentile among the others")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_ylim(-0.7, len(row) - 0.3)
    figure.suptitle("Engagement by occupation and its place, 2016, with 95 % intervals (people)", fontsize=11, y=0.92)
    return figure


def places_of(index: NDArray[np.float64], error: NDArray[np.float64]) -> list[BenchmarkPlace]:
    """Each occupation among all others."""
    found = []
    for position in range(len(index)):
        others = np.arange(len(index)) != position
        own = float(index[position])
        found.append(
            place_among(own, index[others], standard_error=float(error[position]), benchmark_errors=error[others])
        )
    return found


def occupations(path: Path) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Name, engagement index in [0, 1] and number of people of every detailed occupation."""
    # Saved by a spreadsheet of its time and place.
    with path.open(encoding="cp1252", newline="") as lines:
        rows = list(csv.reader(lines))
    heading, names, index, count = "", [], [], []
    for column, cell in enumerate(rows[HEADING]):
        heading = cell or heading
        is_occupation = heading.startswith("Occupation of main role") and "major groups" not in heading
        if is_occupation and rows[NAMES][column]:
            names.append(" ".join(rows[NAMES][column].split()))
            index.append(float(rows[ENGAGEMENT][column].rstrip("%")) / 100)
            count.append(float(rows[COUNTS][column].replace(",", "")))
    return names, np.array(index), np.array(count)
