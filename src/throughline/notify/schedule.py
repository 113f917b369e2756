"""Periodic work: what the worker runs again and again.

An app registers a function in `AppConfig.ready`, or in a module that is imported there:
`periodic_register("goals.checkin_reminders", 3600, reminders_tell)`. The function takes no arguments and
visits each organisation by itself with `for_each_organisation`. It must be idempotent: after a restart it may
run early.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from throughline.access.selectors import organisations_all
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import in_org

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periodic:
    """One function and how often it runs."""

    name: str
    interval_seconds: float
    function: Callable[[], object]


_periodic: dict[str, Periodic] = {}


def periodic_register(name: str, interval_seconds: float, function: Callable[[], object]) -> None:
    """Add periodic work; the same name again replaces it."""
    if interval_seconds <= 0:
        raise ValueError(f"“{name}” needs an interval above zero seconds.")
    _periodic[name] = Periodic(name, interval_seconds, function)


def periodic_all() -> tuple[Periodic, ...]:
    """Everything registered, by name."""
    return tuple(_periodic[name] for name in sorted(_periodic))


def for_each_organisation(work: Callable[[Actor], object]) -> int:
    """Run `work` with the system's actor inside every organisation; answers how many failed.

    What fails in one organisation is logged and does not stop the others.
    """
    failures = 0
    for org_id, slug in organisations_all():
        try:
            with in_org(org_id):
                work(system_actor(org_id, slug))
        except Exception:
            failures += 1
            log.exception("Periodic work %s failed in organisation %s", getattr(work, "__name__", work), org_id)
    return failures


class Timetable:
    """Remembers when each function ran; the worker asks it what is due. Time is given as monotonic
    seconds.
    """

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def due(self, at_seconds: float) -> Iterator[Periodic]:
        """Functions whose interval has passed, each marked as run; everything is due at the first call."""
        for entry in periodic_all():
            if at_seconds >= self._next.get(entry.name, at_seconds):
                self._next[entry.name] = at_seconds + entry.interval_seconds
                yield entry
