"""An interval around an estimate: what every part of the library returns beside a single number."""

from __future__ import annotations

from dataclasses import dataclass

from throughline_analysis.errors import InputError


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` in the unit of the estimate, with its coverage and the name of the method.

    `level` is the coverage aimed at, in (0, 1); `method` is a short name as the field uses it, such as "Wilson"
    or "percentile bootstrap".
    """

    low: float
    high: float
    level: float
    method: str


def check_level(level: float) -> None:
    """Refuse a coverage that is none; raises `InputError`."""
    if not 0 < level < 1:
        raise InputError(f"`level` is {level:g}; a coverage lies between 0 and 1, such as 0.95.")
