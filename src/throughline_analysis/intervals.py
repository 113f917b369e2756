"""An interval around an estimate: what every part of the library returns beside a single number."""

from __future__ import annotations

from dataclasses import dataclass


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
