"""States and words of purpose. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum


class Level(StrEnum):
    """Whose purpose it is."""

    ORGANISATION = "organisation"
    UNIT = "unit"
    PERSON = "person"


class VersionState(StrEnum):
    """Where one version stands. `SUPERSEDED`: a later version took its place."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


class Visibility(StrEnum):
    """Who reads a statement besides its author; organisations' and units' are always open."""

    PRIVATE = "private"
    UNIT = "unit"
    ORGANISATION = "organisation"


class BehaviourKind(StrEnum):
    """Whether a behaviour shows a value or contradicts it."""

    SHOWS = "shows"
    CONTRADICTS = "contradicts"


class ReviewOutcome(StrEnum):
    """What a review of a purpose found."""

    KEEP = "keep"
    REVISE = "revise"


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    WAITING = "waiting"
    TAKEN_UP = "taken_up"
    SHAPED = "shaped"
    ANSWERED = "answered"
    NOT_TAKEN_UP = "not_taken_up"


STATE_LABEL = {
    VersionState.DRAFT: "Draft",
    VersionState.PROPOSED: "Proposed for adoption",
    VersionState.ADOPTED: "Adopted",
    VersionState.SUPERSEDED: "Superseded",
}
STATE_TONE = {
    VersionState.DRAFT: "wait",
    VersionState.PROPOSED: "warn",
    VersionState.ADOPTED: "good",
    VersionState.SUPERSEDED: "wait",
}
_NEXT = {
    VersionState.DRAFT: frozenset({VersionState.PROPOSED, VersionState.SUPERSEDED}),
    # Rejected or withdrawn, a proposed version is a draft again.
    VersionState.PROPOSED: frozenset({VersionState.ADOPTED, VersionState.DRAFT, VersionState.SUPERSEDED}),
    VersionState.ADOPTED: frozenset({VersionState.SUPERSEDED}),
    VersionState.SUPERSEDED: frozenset(),
}
# A purpose is looked at again after a year unless its people say otherwise.
REVIEW_AFTER_DAYS = 365
REMIND_BEFORE_DAYS = 14
# Up to so many members a unit asks all of them; beyond, it names whom to ask.
ASK_ALL_UP_TO = 12
HEADLINE_LENGTH = 160


def may_become(old: VersionState, new: VersionState) -> bool:
    """Whether a version may go from one state to another."""
    return new in _NEXT[old]


def headline(text: str) -> str:
    """The first sentence, or as much of it as fits a list, without breaking a word."""
    plain = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0]
    if len(sentence) <= HEADLINE_LENGTH:
        return sentence
    cut = sentence[: HEADLINE_LENGTH - 1]
    return f"{cut.rsplit(' ', 1)[0]}…" if " " in cut else f"{cut}…"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a comparison: kind is same, removed or added."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> tuple[Segment, ...]:
    """What changed from one text to the next, word by word; joining same and added gives the new text."""
    before, after = re.findall(r"\s+|\w+|[^\w\s]", old), re.findall(r"\s+|\w+|[^\w\s]", new)
    found: list[Segment] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Segment("same", "".join(before[i:j])))
            continue
        if j > i:
            found.append(Segment("removed", "".join(before[i:j])))
        if m > k:
            found.append(Segment("added", "".join(after[k:m])))
    return tuple(found)


def suggestion_state(
    *, taken_up_version: int | None, adopted_version: int | None, answer: str | None
) -> SuggestionState:
    """What became of a suggestion: taken up counts before an answer, and shapes once it is adopted."""
    if taken_up_version is not None:
        is_adopted = adopted_version is not None and adopted_version >= taken_up_version
        return SuggestionState.SHAPED if is_adopted else SuggestionState.TAKEN_UP
    if answer is None:
        return SuggestionState.WAITING
    return SuggestionState(answer)


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """How a review date stands to today: tone and words; empty words without a date."""

    tone: str
    words: str
    is_due: bool


def review_due(review_on: date | None, today: date) -> ReviewDue:
    """Late, soon or later."""
    if review_on is None:
        return ReviewDue("wait", "", is_due=False)
    days = (review_on - today).days
    day = f"{review_on:%-d %B %Y}"
    if days < 0:
        return ReviewDue("bad", f"Review was due on {day}", is_due=True)
    if days <= REMIND_BEFORE_DAYS:
        return ReviewDue("warn", f"Review by {day}", is_due=True)
    return ReviewDue("good", f"Next review on {day}", is_due=False)


def next_review(today: date) -> date:
    """The usual date of the next review."""
    return today + timedelta(days=REVIEW_AFTER_DAYS)
