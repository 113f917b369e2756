"""The time, asked in one place so that tests and replays can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen_time", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC unless frozen by `at`."""
    return _frozen.get() or timezone.now()


def today(zone: str = "UTC") -> date:
    """The current date in a time zone given by its IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Freeze the clock at an aware moment for the block; used by tests and by the demo's history."""
    if moment.tzinfo is None:
        raise ValueError("The clock can be frozen at an aware datetime only; give it a time zone.")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
