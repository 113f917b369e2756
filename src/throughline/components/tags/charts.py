"""Numbers as pictures, each with its words. Widths are SVG attributes, so no inline style is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from throughline.components.chart_geometry import line_picture, number_words
from throughline.components.parts import LineChart
from throughline.components.tags.rendering import fresh_id, part_html, tone_of

register = template.Library()
_SIZES = (("small", 340, 230), ("medium", 520, 240), ("large", 760, 260))


@register.simple_tag
def meter(
    value: float | None, label: str, raw: float | None = None, words: str = "", target: float | None = None
) -> SafeString:
    """Progress from 0 to 1. `raw` is the value before clamping and is named when it is beyond the ends."""
    share = None if value is None else min(max(value, 0.0), 1.0)
    actual = value if raw is None else raw
    beyond = ""
    if actual is not None and actual > 1:
        beyond = "over"
    elif actual is not None and actual < 0:
        beyond = "under"
    return part_html(
        "meter",
        {
            "label": label,
            "width": None if share is None else round(share * 100, 1),
            "words": words or ("no reading yet" if share is None else f"{round(share * 100)} %"),
            "beyond": beyond,
            "raw_words": "" if actual is None else f"{round(actual * 100)} %",
            "target": None if target is None else round(min(max(target, 0.0), 1.0) * 100, 1),
        },
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str) -> SafeString | str:
    """The shape of a series within text. `label` says it in words; fewer than two values draw nothing."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(value for _, value in known), max(value for _, value in known)
    span = (high - low) or 1.0
    last = len(values) - 1
    points = [(round(2 + 92 * index / last, 1), round(20 - 16 * (value - low) / span, 1)) for index, value in known]
    return part_html(
        "sparkline", {"points": " ".join(f"{x},{y}" for x, y in points), "end": points[-1], "label": label}
    )


@register.simple_tag
def line_chart(chart: LineChart) -> SafeString | str:
    """A line with target and forecast band, and its numbers as a table for everybody who wants them."""
    if not chart.points:
        return part_html("line_chart_empty", {"chart": chart})
    pictures = [line_picture(chart, size=size, width=width, height=height) for size, width, height in _SIZES]
    listed = [
        {
            "label": point.label,
            "value": number_words(point.value),
            "range": "" if point.low is None or point.high is None else f"{point.low:g} to {point.high:g}",
            "is_forecast": is_forecast,
        }
        for is_forecast, points in ((False, chart.points), (True, chart.forecast))
        for point in points
    ]
    return part_html("line_chart", {"chart": chart, "pictures": pictures, "listed": listed})


@register.simple_tag
def share_bar(items: Sequence[Any], label: str) -> SafeString:
    """Parts of a whole in one bar, each named with its count below; Share items."""
    shown = [item for item in items if item.count > 0]
    total = sum(item.count for item in shown)
    segments, position = [], 0.0
    for item in shown:
        tone_of(item.tone, allowed=("strong", "middle", "light", "open"))
        width = 1000 * item.count / total
        # A gap of three units between segments, and never thinner than can be seen.
        segments.append({"x": round(position, 1), "width": round(max(width - 4, 2), 1), "tone": item.tone})
        position += width
    legend = [{"item": item, "percent": round(100 * item.count / total) if total else 0} for item in items]
    return part_html(
        "share_bar",
        {"segments": segments, "legend": legend, "label": label, "total": total, "id": fresh_id("share")},
    )
