"""What of purpose waits for a person: reviews that are due, suggestions without an answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.notify.waiting import WaitingItem, waiting_register
from throughline.purpose.rules import review_due
from throughline.purpose.selectors.owing import reviews_owed, suggestions_owed


def waiting_purpose(actor: Actor) -> Sequence[WaitingItem]:
    """Three queries at most."""
    if actor.person_id is None or not actor.is_member:
        return ()
    base = reverse("purpose:overview", args=[actor.org_slug])
    items = []
    for statement in reviews_owed(actor):
        due = review_due(statement.review_on, today(actor.time_zone))
        items.append(
            WaitingItem(
                key=f"purpose.review:{statement.pk}",
                title=statement.headline,
                url=f"{base}{statement.pk}/review/",
                state=due.tone,
                state_label=due.words,
                meta="Does this purpose still hold?",
                due_on=statement.review_on,
                subject=statement.ref,
            )
        )
    for owed in suggestions_owed(actor):
        count = owed.count
        items.append(
            WaitingItem(
                key=f"purpose.suggestions:{owed.statement.pk}",
                title=owed.statement.headline,
                url=f"{base}{owed.statement.pk}/#suggestions",
                state="wait",
                state_label=f"{count} suggestion{'' if count == 1 else 's'} without an answer",
                subject=owed.statement.ref,
            )
        )
    return items


waiting_register("purpose.kept", waiting_purpose)
