from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from throughline.components.tags.timing import relative_words

NOW = datetime(2026, 9, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=20), "in a moment"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(days=-1), "yesterday"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(days=-9), "9 days ago"),
        (timedelta(days=21), "in 3 weeks"),
        (timedelta(days=-90), ""),
    ],
)
def test_moment_in_words(distance: timedelta, words: str) -> None:
    assert relative_words(NOW + distance, NOW) == words


def test_date_of_today_is_today() -> None:
    assert relative_words(date(2026, 9, 12), NOW) == "today"
