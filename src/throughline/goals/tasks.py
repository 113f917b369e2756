"""Periodic work of goals."""

from __future__ import annotations

from throughline.goals.services.reminders import checkins_remind
from throughline.kernel.actor import Actor
from throughline.notify.schedule import for_each_organisation

REMIND_EVERY_SECONDS = 3600


def reminders_send() -> None:
    """Send the due reminders of every organisation."""
    for_each_organisation(_remind)


def _remind(actor: Actor) -> None:
    checkins_remind(actor=actor)
