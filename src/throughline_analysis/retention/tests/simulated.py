"""Histories drawn from known hazards."""

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.retention import Histories, histories


def drawn(
    rng: np.random.Generator,
    n_people: int,
    *,
    hazards: NDArray[np.float64],
    rounding: float | None = None,
    late_entry: bool = False,
) -> Histories:
    """Constant hazard per group, people spread evenly over groups, watching ends at random; see `raw`."""
    duration, has_left, group, entry = raw(rng, n_people, hazards=hazards, rounding=rounding, late_entry=late_entry)
    return histories(duration, has_left, groups=group, entries=entry)


def raw(
    rng: np.random.Generator,
    n_people: int,
    *,
    hazards: NDArray[np.float64],
    rounding: float | None = None,
    late_entry: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.intp], NDArray[np.float64] | None]:
    """Durations, who left, groups, entries; rounding makes ties, late entry leaves out who went before it."""
    group = np.arange(n_people) % len(hazards)
    leaves = rng.exponential(1 / hazards[group])
    ends = rng.uniform(0.2, 3.0, n_people)
    entry = rng.uniform(0, 1.5, n_people) * (rng.random(n_people) < 0.5) if late_entry else None
    if entry is not None:
        ends = entry + ends
        here = leaves > entry
        group, leaves, ends, entry = group[here], leaves[here], ends[here], entry[here]
    duration = np.minimum(leaves, ends)
    if rounding is not None:
        duration = np.ceil(duration / rounding) * rounding
        entry = None if entry is None else np.floor(entry / rounding) * rounding
    return duration, leaves <= ends, group, entry
