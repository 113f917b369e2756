"""Reminders of reviews."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.notify.schedule import for_each_organisation
from throughline.notify.services import notify
from throughline.purpose.selectors.overview import reviews_due
from throughline.purpose.selectors.people import keepers_of

REMIND_EVERY_SECONDS = 6 * 3600


def reviews_remind() -> int:
    """Remind in every organisation; answers how many organisations failed."""
    return for_each_organisation(reviews_remind_in)


def reviews_remind_in(actor: Actor) -> int:
    """Tell each purpose's keepers once per review date; answers how many were told."""
    return sum(
        notify(
            actor=actor,
            person_ids=keepers_of(actor, statement),
            kind="purpose.review_due",
            subject=statement.ref,
            once=f"purpose.review:{statement.pk}:{statement.review_on}",
        )
        for statement in reviews_due(actor, on=today(actor.time_zone))
    )
