"""Paces, retries and the hour of the digest: pure, no Django."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NOW, DIGEST, OFF = "now", "digest", "off"
PACES = (NOW, DIGEST, OFF)
PACE_WORDS = {NOW: "at once", DIGEST: "once a day", OFF: "not at all"}
GROUPS = ("asked", "told", "reminder")
GROUP_WORDS = {
    "asked": "Something waits for you",
    "told": "Something happened that concerns you",
    "reminder": "Reminders of what is due",
}
DIGEST_AT = time(7, 30)
# Minutes until the next try after the first, second, … failure; the eighth failure is the last.
_WAITS = (1, 5, 15, 60, 180, 360, 720)
MOST_ATTEMPTS = len(_WAITS) + 1


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts (at least one)."""
    return timedelta(minutes=_WAITS[min(attempts, len(_WAITS)) - 1])


def next_digest_at(moment: datetime, zone: str) -> datetime:
    """The next 07:30 on the clock of a time zone, strictly after `moment`; an unknown zone counts as UTC."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    local = moment.astimezone(place)
    day = local.date() if local.timetz().replace(tzinfo=None) < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, tzinfo=place)
