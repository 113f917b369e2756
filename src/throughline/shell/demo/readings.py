"""The readings on the way to where a key result is now: pure arithmetic, the same every time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from throughline.shell.demo.calendar import Calendar
from throughline.shell.demo.story.shapes import StoryGoal, StoryKey

# How far a reading strays from the straight way, as a share of it, at most; less towards the end.
WOBBLE = 0.14
# What people say at first about a goal that later turns out hard.
FIRST_CONFIDENCE = 0.75
ON_TRACK_FROM, AT_RISK_FROM = 0.6, 0.4
_STEP_DAYS = {"weekly": 7, "fortnightly": 14, "": 14}


@dataclass(frozen=True, slots=True)
class StoryReading:
    """One check-in: the value (None for milestones), the chance, the status, and how many milestones are done by then."""

    value: float | None
    confidence_0_1: float
    status: str
    steps_done: int


def status_of(confidence_0_1: float) -> str:
    """The status that goes with a chance."""
    if confidence_0_1 >= ON_TRACK_FROM:
        return "on_track"
    return "at_risk" if confidence_0_1 >= AT_RISK_FROM else "off_track"


def readings_of(key: StoryKey, count: int, *, is_told_late: bool = False) -> list[StoryReading]:
    """`count` readings that end where the key result is now. `is_told_late`: the chance stays high until the last one."""
    done = sum(step.is_done for step in key.steps)
    found = []
    for place in range(count):
        share = (place + 1) / count
        is_last = place == count - 1
        confidence = key.confidence if is_last else _confidence(key, share, is_told_late=is_told_late)
        value = None if key.measure == "milestones" else _value(key, share, is_last=is_last)
        steps_done = done if is_last else int(done * share)
        found.append(StoryReading(value, confidence, status_of(confidence), steps_done))
    return found


def _confidence(key: StoryKey, share: float, *, is_told_late: bool) -> float:
    if is_told_late:
        return max(key.confidence, 0.8)
    first = max(FIRST_CONFIDENCE, key.confidence - 0.1)
    return round((first + (key.confidence - first) * share) * 20) / 20


def _value(key: StoryKey, share: float, *, is_last: bool) -> float:
    if is_last:
        return key.now
    stray = (_hashed(f"{key.title} {share:.3f}") * 2 - 1) * WOBBLE * (1 - share)
    value = key.start + (key.now - key.start) * (share + stray)
    return round(value, _decimals(key)) + 0.0


def _hashed(text: str) -> float:
    """A number from 0 to 1 that follows from a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def _decimals(key: StoryKey) -> int:
    numbers = (key.start, key.target, key.now)
    return max(len(f"{number:g}".partition(".")[2]) for number in numbers)


def checkin_days(story: StoryGoal, place: int, calendar: Calendar) -> list[int]:
    """The days, from today, on which a goal of the current cycle was checked in; the next one is due after the last.

    Weekly goals were last looked at a week ago, so that they are due today; `late_days` moves it further back.
    """
    step = _STEP_DAYS[story.cadence]
    if story.late_days:
        last = -step - story.late_days
    elif step == 7:
        last = -7 if story.owner == "mira" else -1 - place % 5
    else:
        last = -1 - place % (step - 2)
    days = list(range(last, calendar.starts + 2, -step))
    return sorted(days)
