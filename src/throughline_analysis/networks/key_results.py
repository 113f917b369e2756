"""How far one key result is, from its reading: increase to, decrease to, keep within, milestones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

# A reading this many band widths outside counts as zero, unless the baseline lies further out. See
# `band_progress`.
ZERO_AT_BAND_WIDTHS = 1.0


class KeyResultKind(StrEnum):
    """The four kinds of key result."""

    INCREASE_TO = "increase_to"
    DECREASE_TO = "decrease_to"
    KEEP_WITHIN = "keep_within"
    MILESTONES = "milestones"


@dataclass(frozen=True)
class Milestone:
    """One step of a milestone key result."""

    is_done: bool
    weight: float = 1.0


@dataclass(frozen=True)
class KeyResultProgress:
    """`raw` may lie outside [0, 1] and is nan without a reading; `progress` is clamped, zero without one."""

    raw: float
    progress: float
    has_reading: bool


def progress_of_key_result(
    kind: KeyResultKind | str,
    value: float | None = None,
    *,
    baseline: float | None = None,
    target: float | None = None,
    low: float | None = None,
    high: float | None = None,
    milestones: Sequence[Milestone] = (),
) -> KeyResultProgress:
    """Progress of one key result: 0 at the start, 1 when reached, beyond that in `raw` only.

    Parameters
    ----------
    kind : KeyResultKind
        Which of the fields below are needed.
    value : float, optional
        The latest reading; None or nan when there is none. Not used by milestones.
    baseline, target : float
        For increase_to (target above baseline) and decrease_to (target below). For keep_within `baseline` is
        optional.
    low, high : float
        Edges of the band, for keep_within; both belong to it.
    milestones : sequence of Milestone
        At least one, with a weight above zero.

    Returns
    -------
    KeyResultProgress
        `raw`, `progress`, `has_reading`. Milestones always have a reading: nothing done is a reading of zero.

    Raises
    ------
    InputError
        The kind is unknown, a number it needs is missing or not finite, the target does not lie in the kind's
        direction, the band is upside down or without width, or no milestone has a weight.

    Notes
    -----
    increase_to and decrease_to: (value - baseline) / (target - baseline). keep_within: see `band_progress`.
    milestones: weight done divided by weight in all.

    Source
    ------
    Linear grades as in Google re:Work, "Tool: Grade OKRs" (three of six features are 0.5), here from a
    baseline. The band is a definition of Throughline.

    Examples
    --------
    >>> progress_of_key_result("increase_to", 60, baseline=40, target=80)
    KeyResultProgress(raw=0.5, progress=0.5, has_reading=True)
    >>> progress_of_key_result("decrease_to", 9, baseline=8, target=4).raw
    -0.25
    >>> progress_of_key_result("keep_within", 97, low=90, high=95).progress
    0.6
    >>> progress_of_key_result("milestones", milestones=[Milestone(True, 3), Milestone(False)]).progress
    0.75
    """
    if kind not in set(KeyResultKind):
        known = ", ".join(KeyResultKind)
        raise InputError(f"{kind!r} is not a kind of key result; choose one of {known}.")
    kind = KeyResultKind(kind)
    if kind is KeyResultKind.MILESTONES:
        return _reading(_milestones_raw(milestones))
    reading = math.nan if value is None else _finite_or_nan(value, "value")
    if kind is KeyResultKind.KEEP_WITHIN:
        start = math.nan if baseline is None else _required(baseline, "baseline", kind)
        raw = band_progress(
            reading, lows=_required(low, "low", kind), highs=_required(high, "high", kind), baselines=start
        )
        return _reading(float(raw))
    start, goal = _required(baseline, "baseline", kind), _required(target, "target", kind)
    if kind is KeyResultKind.INCREASE_TO and goal < start:
        raise InputError(f"The target {goal:g} lies below the baseline {start:g}; did you mean decrease_to?")
    if kind is KeyResultKind.DECREASE_TO and goal > start:
        raise InputError(f"The target {goal:g} lies above the baseline {start:g}; did you mean increase_to?")
    return _reading(float(linear_progress(reading, baselines=start, targets=goal)))


def linear_progress(values: ArrayLike, *, baselines: ArrayLike, targets: ArrayLike) -> NDArray[np.float64]:
    """Raw progress on the straight line from baseline to target, for many at once, in either direction.

    Parameters
    ----------
    values : (n,) of float, nan for no reading
    baselines, targets : (n,) of float
        Finite, and different from each other in every row.

    Returns
    -------
    (n,) of float
        Not clamped; nan where there is no reading.

    Raises
    ------
    InputError
        A baseline equals its target or is too close to it for the reading, or a number is not finite.

    Notes
    -----
    Shapes broadcast. Exactly 0 at the baseline and exactly 1 at the target. Cost O(n).

    Examples
    --------
    >>> linear_progress([60, 3, float("nan")], baselines=[40, 4, 0], targets=[80, 2, 1]).tolist()
    [0.5, 0.5, nan]
    """
    value, start, goal = (np.array(numbers, dtype=np.float64) for numbers in (values, baselines, targets))
    if not (np.isfinite(start).all() and np.isfinite(goal).all()) or np.isinf(value).any():
        raise InputError("A reading, baseline or target is not a finite number; correct it or leave the reading out.")
    if (start == goal).any():
        raise InputError("Baseline and target are equal, so there is no way to measure progress; change one of them.")
    with np.errstate(over="ignore", invalid="ignore"):
        raw = (value - start) / (goal - start)
        spans_are_finite = np.isfinite(goal - start).all()
    if not spans_are_finite or not np.isfinite(raw[~np.isnan(np.broadcast_to(value, raw.shape))]).all():
        raise InputError("Baseline and target are too close or too far apart for this reading; check their units.")
    return np.asarray(raw)


def band_progress(
    values: ArrayLike, *, lows: ArrayLike, highs: ArrayLike, baselines: ArrayLike = math.nan
) -> NDArray[np.float64]:
    """Raw progress of staying within a band, for many at once: 1 inside, falling with the distance.

    Parameters
    ----------
    values : (n,) of float, nan for no reading
    lows, highs : (n,) of float
        Finite, low below high in every row. Both edges belong to the band.
    baselines : (n,) of float, nan for none
        Where the value stood at the beginning.

    Returns
    -------
    (n,) of float
        At most 1, not clamped below; nan where there is no reading.

    Raises
    ------
    InputError
        A band is upside down or has no width, or a number is not finite.

    Notes
    -----
    raw = 1 - distance / room. The distance is how far the value lies outside the nearer edge, zero inside.
    The room is how far outside counts as nothing kept: one band width (`ZERO_AT_BAND_WIDTHS`), or the
    distance of the baseline when that is further out, so that a value brought back from far begins at 0 and
    not below. The width is the natural unit, since whoever drew the band said with it which differences
    matter. Taking the larger of the two keeps a baseline just outside the band from turning a hair's breadth
    into a failure. All or nothing would be simpler, but hides whether a value is drifting back. Half the
    width doubles every shortfall, double halves it. The number describes the latest reading; it does not say
    for what share of the time the band was kept. Shapes broadcast. Cost O(n).

    Source
    ------
    Definition of Throughline, reasons above.

    Examples
    --------
    >>> band_progress([92, 96, 100, 105], lows=90, highs=95).tolist()
    [1.0, 0.8, 0.0, -1.0]
    >>> band_progress([115, 105], lows=90, highs=95, baselines=115).tolist()
    [0.0, 0.5]
    """
    value, low, high, start = (np.array(n, dtype=np.float64) for n in (values, lows, highs, baselines))
    if not (np.isfinite(low).all() and np.isfinite(high).all()) or np.isinf(value).any() or np.isinf(start).any():
        raise InputError("A reading, baseline or edge of the band is not a finite number; correct it.")
    with np.errstate(over="ignore"):
        width = high - low
    if (width <= 0).any() or np.isinf(width).any():
        raise InputError("The low edge of a band must lie below its high edge; swap them or widen the band.")
    start_distance = np.where(np.isnan(start), 0.0, np.maximum(np.maximum(low - start, start - high), 0.0))
    room = np.maximum(width * ZERO_AT_BAND_WIDTHS, start_distance)
    with np.errstate(over="ignore"):
        # np.maximum hands nan on, so "no reading" stays nan.
        raw = 1.0 - np.maximum(np.maximum(low - value, value - high), 0.0) / room
    if np.isinf(raw).any():
        raise InputError("A reading is too far from its band to be compared; check the units.")
    return np.asarray(raw)


def _milestones_raw(milestones: Sequence[Milestone]) -> float:
    weights = [milestone.weight for milestone in milestones]
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights):
        raise InputError("A milestone has a negative or infinite weight; use 0 to leave it out.")
    largest = max(weights, default=0.0)
    if largest == 0:
        raise InputError("No milestone has a weight above zero; add a milestone or give one a weight.")
    # Dividing by the largest first keeps huge weights from overflowing.
    total = math.fsum(weight / largest for weight in weights)
    return math.fsum(milestone.weight / largest for milestone in milestones if milestone.is_done) / total


def _required(number: float | None, name: str, kind: KeyResultKind) -> float:
    if number is None or not math.isfinite(number):
        raise InputError(f"A key result of the kind {kind} needs a finite {name}; fill it in.")
    return float(number)


def _finite_or_nan(number: float, name: str) -> float:
    if math.isinf(number):
        raise InputError(f"The {name} is infinite; give the number that was read, or none.")
    return float(number)


def _reading(raw: float) -> KeyResultProgress:
    if math.isnan(raw):
        return KeyResultProgress(raw=math.nan, progress=0.0, has_reading=False)
    return KeyResultProgress(raw=raw, progress=min(max(raw, 0.0), 1.0), has_reading=True)
