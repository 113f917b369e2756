"""Forecasts against what came: survey scores of US federal agencies, forecast for 2022 from 2015 to 2020."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from throughline_analysis.forecasting import (
    EndingForecast,
    ProcessMix,
    forecast_endings,
    interval_coverage,
    key_result_histories,
    learn_process_mix,
    reliability_curve,
)

SCORES = (
    "Employee Engagement: Leaders Lead",
    "Employee Engagement: Supervisors",
    "Employee Engagement: Intrinsic Work Experience",
    "Global Satisfaction",
)
YEARS = (2015, 2016, 2017, 2018, 2019, 2020)
END = 2022
# A made-up target, the same for all: ten points more than at the start.
RISE = 10.0


@dataclass(frozen=True, eq=False)
class Outlook:
    """Forecast and outcome of every score, in points; `readings` are (n_series, n_years)."""

    readings: NDArray[np.float64]
    endings: NDArray[np.float64]
    forecast: EndingForecast
    mix: ProcessMix


def draw(data: Path) -> Figure:
    """Left: six scores with 90 % intervals and what came. Right: chances of five points more, and how often."""
    outlook = forecasts(data / "people-survey-fevs" / "hierarchy-2015-2022.csv")
    forecast, endings = outlook.forecast, outlook.endings
    figure = Figure(figsize=(7.2, 4.0))
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    middle_first = np.argsort(outlook.readings[:, 0])
    for place, row in enumerate(middle_first[np.linspace(0, len(endings) - 1, 6).astype(int)]):
        colour = ("#12355b", "#b5651d")[place % 2]
        left.plot(YEARS, outlook.readings[row], "-", color=colour, linewidth=1)
        left.vlines(END, forecast.low[row], forecast.high[row], color=colour, linewidth=2.5, alpha=0.5)
        left.plot(END, endings[row], "o", color=colour, markersize=4)
    left.set_xlabel("year")
    left.set_ylabel("score, points of 100")
    held = interval_coverage(forecast.low, forecast.high, outcomes=endings, promised=0.9)
    left.set_title(f"{held.coverage:.0%} of {held.n} scores in their 90 % interval", fontsize=10)
    curve = reliability_curve(forecast.chance, endings >= outlook.readings[:, 0] + RISE, n_groups=6)
    right.plot([0, 1], [0, 1], color="#888888", linewidth=1)
    right.vlines(curve.chance, curve.low, curve.high, color="#12355b", linewidth=1.8)
    right.plot(curve.chance, curve.observed, "o", color="#12355b", markersize=4)
    right.set_xlabel("chance said")
    right.set_ylabel("share that came true")
    right.set_title(f"{RISE:.0f} points more than in 2015", fontsize=10)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def forecasts(path: Path) -> Outlook:
    """Every score of every unit: readings until 2020, forecast for 2022 with the mix learnt from the same readings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = np.array(
        [[100 * float(row[f"{score}_{year}"]) for year in (*YEARS, END)] for row in rows for score in SCORES]
    )
    readings, endings = table[:, :-1], table[:, -1]
    n_series, n_years = readings.shape
    histories = key_result_histories(
        np.repeat(np.arange(n_series), n_years),
        np.tile(np.array(YEARS, dtype=np.float64), n_series),
        values=readings.ravel(),
        starts=np.full(n_series, float(YEARS[0])),
        ends=np.full(n_series, float(END)),
        baselines=readings[:, 0],
        targets=readings[:, 0] + RISE,
        lowest=np.zeros(n_series),
        highest=np.full(n_series, 100.0),
    )
    mix = learn_process_mix(histories, rng=np.random.default_rng(1))
    return Outlook(readings, endings, forecast_endings(histories, mix), mix)
