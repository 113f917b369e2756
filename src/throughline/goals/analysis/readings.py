"""Progress of many key results at once, for imports."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from throughline.goals.analysis.numbers import Reading, reading_of
from throughline.goals.models import Goal
from throughline.goals.rules import Measure
from throughline.kernel.errors import Invalid
from throughline_analysis.errors import InputError
from throughline_analysis.networks import band_progress, linear_progress


def readings_of(key_results: Sequence[Goal]) -> list[Reading | Invalid]:
    """Progress of key results measured by a value, at their latest one; the reason where there is none to be had."""
    found: dict[int, Reading | Invalid] = {}
    is_band = [part.measure == Measure.KEEP_WITHIN for part in key_results]
    for wanted in (True, False):
        rows = [row for row, is_kept in enumerate(is_band) if is_kept is wanted]
        parts = [key_results[row] for row in rows]
        found |= dict(zip(rows, _at_once(parts, is_band=wanted), strict=True))
    return [found[row] for row in range(len(key_results))]


def _at_once(parts: Sequence[Goal], *, is_band: bool) -> list[Reading | Invalid]:
    if not parts:
        return []
    values, baselines = _column(p.value for p in parts), _column(p.baseline for p in parts)
    try:
        if is_band:
            lows, highs = _column(p.low for p in parts), _column(p.high for p in parts)
            raws = band_progress(values, lows=lows, highs=highs, baselines=baselines)
        else:
            targets = _column(p.target for p in parts)
            if any(_points_back(part) for part in parts):
                return [_alone(part) for part in parts]
            raws = linear_progress(values, baselines=baselines, targets=targets)
    except InputError:
        # One of them has no answer; asked one by one, the others have.
        return [_alone(part) for part in parts]
    return [
        Reading(0.0, 0.0, has_reading=False) if math.isnan(raw) else Reading(raw, min(max(raw, 0.0), 1.0), True)
        for raw in raws.tolist()
    ]


def _points_back(part: Goal) -> bool:
    if part.baseline is None or part.target is None:
        return True
    is_down = part.measure == Measure.DECREASE_TO
    return part.target > part.baseline if is_down else part.target < part.baseline


def _alone(part: Goal) -> Reading | Invalid:
    try:
        return reading_of(part, value=part.value, milestones=())
    except Invalid as error:
        return error


def _column(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
