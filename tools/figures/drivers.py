"""What goes with engagement in the organisations of the UK civil service, by two methods, with intervals."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from throughline_analysis.drivers import DriverReport, key_drivers

YEARS = (2017, 2018, 2019)
FIRST_THEME = 5
THEMES = (
    "My work",
    "Objectives and purpose",
    "My manager",
    "My team",
    "Learning and development",
    "Inclusion and fair treatment",
    "Resources and workload",
    "Pay and benefits",
    "Leadership and managing change",
)
RESAMPLES = 2_000


def draw(data: Path) -> Figure:
    """Share of the explained variance for each theme: Johnson's weights above, LMG below, with 95 % intervals."""
    report, n_organisations = engagement_drivers(data / "people-survey-csps")
    if report.lmg is None:
        raise RuntimeError("Nine themes are within the limit of LMG, and yet it is not there.")
    order = np.argsort(report.lmg.share_0_1)
    place = np.arange(len(order))
    figure = Figure(figsize=(7.2, 4.6))
    axes = figure.subplots()
    for method, shift, colour in ((report.johnson, 0.14, "#b5651d"), (report.lmg, -0.14, "#12355b")):
        axes.hlines(
            place + shift, 100 * method.share_low[order], 100 * method.share_high[order], color=colour, linewidth=1.8
        )
        axes.plot(100 * method.share_0_1[order], place + shift, "o", color=colour, markersize=4, label=method.method)
    axes.set_yticks(place, [THEMES[index] for index in order])
    axes.set_xlim(left=0)
    axes.set_xlabel(f"share of the explained variance, per cent (explained: {report.r_squared:.0%})")
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(
        f"What goes with engagement in {n_organisations} organisations, {YEARS[0]} to {YEARS[-1]}", fontsize=11
    )
    return figure


def engagement_drivers(folder: Path) -> tuple[DriverReport, int]:
    """Drivers of the engagement index from nine theme scores; organisations are drawn whole, with all their years."""
    table, names = organisation_years(folder)
    report = key_drivers(table[:, 1:], table[:, 0], rng=np.random.default_rng(2019), teams=names, n_resamples=RESAMPLES)
    return report, report.n_units


def organisation_years(folder: Path) -> tuple[NDArray[np.float64], list[str]]:
    """Engagement and the nine themes in per cent, one row per organisation and year, and whose row it is."""
    rows, names = [], []
    for year in YEARS:
        with (folder / f"{year}-all-organisations.csv").open(encoding="utf-8-sig", newline="") as lines:
            for row in list(csv.reader(lines))[1:]:
                # The first rows are the benchmark and the mean of everybody, no organisations.
                if row[2].startswith(("CIVILSERVICE", "CS_")):
                    continue
                cells = [row[4], *row[FIRST_THEME : FIRST_THEME + len(THEMES)]]
                rows.append([as_number(cell) for cell in cells])
                # 2019 appends zeros to the codes of the years before.
                names.append(row[2].removesuffix("0000"))
    return np.array(rows), names


def as_number(cell: str) -> float:
    """Per cent as printed; nan where the file hides a small number or has none."""
    try:
        return float(cell.rstrip("%"))
    except ValueError:
        return float("nan")
