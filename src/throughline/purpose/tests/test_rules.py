"""States, headlines, differences and review dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.purpose import rules
from throughline.purpose.rules import SuggestionState, VersionState

DAY = date(2026, 3, 2)


@given(st.text(), st.text())
def test_a_difference_gives_back_both_texts(old: str, new: str) -> None:
    segments = rules.word_diff(old, new)
    assert "".join(part.text for part in segments if part.kind != "removed") == new
    assert "".join(part.text for part in segments if part.kind != "added") == old


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_a_headline_is_one_short_line(text: str) -> None:
    line = rules.headline(text)
    assert "\n" not in line
    assert len(line) <= rules.HEADLINE_LENGTH
    assert line


def test_a_headline_is_the_first_sentence() -> None:
    assert rules.headline("We make care calm. Nobody waits alone.") == "We make care calm."


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        (VersionState.DRAFT, VersionState.PROPOSED, True),
        (VersionState.DRAFT, VersionState.ADOPTED, False),
        (VersionState.PROPOSED, VersionState.ADOPTED, True),
        (VersionState.PROPOSED, VersionState.DRAFT, True),
        (VersionState.ADOPTED, VersionState.DRAFT, False),
        (VersionState.SUPERSEDED, VersionState.ADOPTED, False),
    ],
)
def test_nothing_is_adopted_without_being_proposed(old: VersionState, new: VersionState, may: bool) -> None:
    assert rules.may_become(old, new) is may


@pytest.mark.parametrize(
    ("taken_up", "adopted", "answer", "state"),
    [
        (None, None, None, SuggestionState.WAITING),
        (None, 3, "answered", SuggestionState.ANSWERED),
        (2, None, None, SuggestionState.TAKEN_UP),
        (2, 1, "answered", SuggestionState.TAKEN_UP),
        (2, 2, None, SuggestionState.SHAPED),
        (2, 5, None, SuggestionState.SHAPED),
    ],
)
def test_the_fate_of_a_suggestion(
    taken_up: int | None, adopted: int | None, answer: str | None, state: SuggestionState
) -> None:
    found = rules.suggestion_state(taken_up_version=taken_up, adopted_version=adopted, answer=answer)
    assert found is state


@pytest.mark.parametrize(
    ("days", "tone", "is_due"), [(-1, "bad", True), (0, "warn", True), (14, "warn", True), (15, "good", False)]
)
def test_a_review_is_due_two_weeks_before_its_date(days: int, tone: str, is_due: bool) -> None:
    due = rules.review_due(DAY + timedelta(days=days), DAY)
    assert (due.tone, due.is_due) == (tone, is_due)
