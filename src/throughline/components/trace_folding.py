"""Which stations of a long line stay visible. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_UNFOLDED = 7
MOST_ACROSS = 5


@dataclass(frozen=True)
class Stretch:
    """Neighbouring stations that are shown or folded together."""

    stations: Sequence[Any]
    is_folded: bool

    @property
    def count(self) -> int:
        return len(self.stations)


def fold(stations: Sequence[Any]) -> list[Stretch]:
    """Keep both ends and "here" with its neighbours; fold every stretch of two or more between them.

    Up to seven stations are shown whole. A single station is never folded: the words would be longer
    than the station.
    """
    if len(stations) <= MOST_UNFOLDED:
        return [Stretch(stations, is_folded=False)] if stations else []
    last = len(stations) - 1
    kept = {0, last}
    for index, station in enumerate(stations):
        if station.is_here:
            kept |= {max(index - 1, 0), index, min(index + 1, last)}
    # Without a "here" the ends alone would say too little of where the line goes.
    if len(kept) == 2:
        kept |= {1, last - 1}
    stretches: list[Stretch] = []
    start = 0
    for index in range(1, len(stations) + 1):
        if index <= last and (index in kept) == (start in kept):
            continue
        run = stations[start:index]
        stretches.append(Stretch(run, is_folded=start not in kept and len(run) > 1))
        start = index
    return stretches
