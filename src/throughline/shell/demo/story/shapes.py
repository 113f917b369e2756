"""How a goal of the story is written down, with short names for the four kinds of key results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One milestone; `is_done` when it has been reached by now."""

    title: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class StoryKey:
    """A key result: where it began, where it should go, where it is now, and the chance of reaching it.

    `wobble` is how far readings on the way stray, as a share of the way. `note` is said with the last check-in.
    """

    measure: str
    title: str
    unit: str = ""
    start: float = 0.0
    target: float = 0.0
    now: float = 0.0
    confidence: float = 0.7
    low: float = 0.0
    high: float = 0.0
    steps: tuple[StoryStep, ...] = ()
    metric: str = ""
    weight: float = 1.0
    note: str = ""
    is_silent: bool = False


def up(title: str, unit: str, start: float, target: float, now: float, confidence: float, *, note: str = "",
       metric: str = "", weight: float = 1.0) -> StoryKey:  # fmt: skip
    """Increase from a start to a target."""
    return StoryKey("increase_to", title, unit, start, target, now, confidence, metric=metric, weight=weight, note=note)


def down(title: str, unit: str, start: float, target: float, now: float, confidence: float, *, note: str = "",
         metric: str = "", weight: float = 1.0) -> StoryKey:  # fmt: skip
    """Decrease from a start to a target."""
    return StoryKey("decrease_to", title, unit, start, target, now, confidence, metric=metric, weight=weight, note=note)


def within(title: str, unit: str, low: float, high: float, now: float, confidence: float, *, start: float | None = None,
           note: str = "") -> StoryKey:  # fmt: skip
    """Keep a value inside a range."""
    begin = start if start is not None else now
    return StoryKey("keep_within", title, unit, begin, 0.0, now, confidence, low=low, high=high, note=note)


def steps(title: str, *lines: str, confidence: float, note: str = "", weight: float = 1.0) -> StoryKey:
    """Milestones; a line that begins with + has been reached."""
    parts = tuple(StoryStep(line.lstrip("+ "), line.startswith("+")) for line in lines)
    return StoryKey("milestones", title, confidence=confidence, steps=parts, note=note, weight=weight)


def silent(key: StoryKey) -> StoryKey:
    """The same key result, of which no reading has been taken yet."""
    return StoryKey(
        key.measure, key.title, key.unit, key.start, key.target, key.now, key.confidence, key.low, key.high,
        key.steps, key.metric, key.weight, key.note, is_silent=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryNeed:
    """Something a goal depends on. `provider` is a person's key; `state` as in the goals' rules."""

    provider: str
    text: str
    state: str
    answer: str = ""
    goal: str = ""
    needed_in_days: int = 21


@dataclass(frozen=True, slots=True)
class StoryComment:
    """A comment; people mentioned by key."""

    person: str
    text: str
    days_ago: int
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryGoal:
    """An objective of the story.

    `parents` are (goal's key, weight); weight 0 means that it supports and never counts. `owner` is a person's key, or
    "unit#n" for the n-th colleague without a part. `late_days` moves the last check-in so that the next one is late.
    `state` is active unless the story stops earlier: candidate, proposed or dropped; `reason` says why.
    """

    key: str
    title: str
    unit: str
    owner: str
    serves: str
    parents: tuple[tuple[str, float], ...]
    keys: tuple[StoryKey, ...]
    description: str = ""
    level: str = "unit"
    theme: str = ""
    prompted: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()
    done_initiatives: tuple[str, ...] = ()
    co_owners: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    needs: tuple[StoryNeed, ...] = ()
    comments: tuple[StoryComment, ...] = ()
    cadence: str = ""
    late_days: int = 0
    state: str = "active"
    reason: str = ""
    unsigned: tuple[str, ...] = ()
    metric: str = ""
    metric_unit: str = ""


@dataclass(frozen=True, slots=True)
class StoryEnd(StoryGoal):
    """A goal of the finished cycle: its score and what was learned. `now` of its key results is the last reading."""

    score: float = 0.0
    retrospective: str = ""
