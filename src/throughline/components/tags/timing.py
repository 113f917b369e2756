"""Relative words for dates: what a person would say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_MINUTE, _HOUR = 60, 3600


def relative_words(value: datetime | date, now: datetime) -> str:
    """“3 days ago”, “tomorrow”, “in 2 hours”; empty beyond two months, where the date says it better."""
    day = value.date() if isinstance(value, datetime) else value
    days = (day - now.date()).days
    if not isinstance(value, datetime):
        return _days(days)
    moment = value if value.tzinfo is not None else value.replace(tzinfo=now.tzinfo)
    distance = moment - now
    if abs(distance) < timedelta(hours=12) or (days == 0 and abs(distance) < timedelta(days=1)):
        return _hours(distance)
    return _days(days)


def _hours(distance: timedelta) -> str:
    seconds = abs(distance.total_seconds())
    is_past = distance.total_seconds() < 0
    if seconds < _MINUTE:
        return "just now" if is_past else "in a moment"
    is_minutes = seconds < _HOUR
    words = _counted(int(seconds // (_MINUTE if is_minutes else _HOUR)), "minute" if is_minutes else "hour")
    return f"{words} ago" if is_past else f"in {words}"


def _days(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    size = abs(days)
    if size > 60:
        return ""
    words = _counted(size, "day") if size < 14 else _counted(round(size / 7), "week")
    return f"{words} ago" if days < 0 else f"in {words}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
