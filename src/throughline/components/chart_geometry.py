"""Where everything of a line chart goes, for one width. Pure; coordinates are SVG units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from throughline.components.parts import ChartPoint, LineChart

_TOP, _BOTTOM, _LEFT, _RIGHT = 18.0, 34.0, 44.0, 16.0
# A generous width of one letter at our text size, and the least space between two labels.
_LETTER, _BETWEEN = 7.5, 26.0


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class LinePicture:
    """One drawing of the chart. The page shows the one that fits, so text keeps a readable size."""

    size: str
    width: float
    height: float
    grid: Sequence[Mark]
    line: str
    forecast_line: str
    band: str
    target_y: float | None
    target: Mark | None
    now: Mark | None
    labels: Sequence[Mark]
    left: float
    right: float


def nice_ticks(low: float, high: float, *, most: int = 4) -> list[float]:
    """Round numbers that cover low to high: steps of 1, 2, 2.5 or 5 times a power of ten."""
    if high <= low:
        low, high = low - 1, high + 1
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.floor(low / step)
    last = math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, last + 1)]


def number_words(value: float) -> str:
    """A number without a needless fraction."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"


def line_picture(chart: LineChart, *, size: str, width: float, height: float) -> LinePicture:
    """Draw the chart for one width."""
    everything = [*chart.points, *chart.forecast]
    levels = [number for point in everything for number in (point.value, point.low, point.high) if number is not None]
    if chart.target is not None:
        levels.append(chart.target)
    ticks = nice_ticks(min(levels), max(levels))
    bottom, top = ticks[0], ticks[-1]
    right = width - _RIGHT
    span = max(len(everything) - 1, 1)

    def across(index: int) -> float:
        return round(_LEFT + (right - _LEFT) * index / span, 1)

    def down(value: float) -> float:
        return round(_TOP + (height - _TOP - _BOTTOM) * (top - value) / (top - bottom), 1)

    past = [(across(index), down(point.value)) for index, point in enumerate(chart.points)]
    start = max(len(chart.points) - 1, 0)
    ahead = [(across(start + 1 + index), down(point.value)) for index, point in enumerate(chart.forecast)]
    joint = past[-1:]
    target_y = None if chart.target is None else down(chart.target)
    return LinePicture(
        size=size,
        width=width,
        height=height,
        grid=[Mark(_LEFT - 8, down(tick), number_words(tick), "end") for tick in ticks],
        line=_path(past),
        forecast_line=_path([*joint, *ahead]) if ahead else "",
        band=_band(chart.forecast, start=start, joint=joint, across=across, down=down),
        target_y=target_y,
        target=None if chart.target is None or target_y is None else _target_mark(chart, target_y),
        now=_now_mark(chart, joint),
        labels=_labels(everything, now=start, across=across, y=height - 10),
        left=_LEFT,
        right=right,
    )


def _target_mark(chart: LineChart, y: float) -> Mark:
    words = f"{chart.target_label} {number_words(chart.target or 0)}"
    return Mark(_LEFT + 2, y - 7, words)


def _now_mark(chart: LineChart, joint: Sequence[tuple[float, float]]) -> Mark | None:
    if not joint:
        return None
    x, y = joint[0]
    unit = f" {chart.unit}" if chart.unit else ""
    is_last = not chart.forecast
    return Mark(x, y, f"{number_words(chart.points[-1].value)}{unit}", "end" if is_last else "middle")


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'M' if index == 0 else 'L'}{x} {y}" for index, (x, y) in enumerate(points))


def _band(
    forecast: Sequence[ChartPoint],
    *,
    start: int,
    joint: Sequence[tuple[float, float]],
    across: Callable[[int], float],
    down: Callable[[float], float],
) -> str:
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for index, point in enumerate(forecast):
        if point.low is None or point.high is None:
            continue
        x = across(start + 1 + index)
        upper.append((x, down(point.high)))
        lower.append((x, down(point.low)))
    if not upper:
        return ""
    return f"{_path([*joint, *upper, *reversed(lower)])} Z"


def _labels(points: Sequence[ChartPoint], *, now: int, across: Callable[[int], float], y: float) -> list[Mark]:
    """As many labels as have room: first the ends and where the readings stop, then the others."""
    last = len(points) - 1
    taken: list[tuple[float, float]] = []
    chosen: dict[int, Mark] = {}
    for index in dict.fromkeys([0, last, now, *range(last + 1)]):
        text = points[index].label
        width = len(text) * _LETTER
        x = across(index)
        anchor = "start" if index == 0 and last > 0 else "end" if index == last else "middle"
        begin = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        is_free = all(begin > other_end or begin + width < other_begin for other_begin, other_end in taken)
        if text and is_free:
            taken.append((begin - _BETWEEN, begin + width + _BETWEEN))
            chosen[index] = Mark(x, y, text, anchor)
    return [chosen[index] for index in sorted(chosen)]
