"""Who may read notifications and run the organisation's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.verdict import Verdict, allow_if

if TYPE_CHECKING:
    from throughline.notify.models import Notification


def can_read(actor: Actor, notification: Notification) -> Verdict:
    """A notification is its reader's alone; administrators cannot read it either."""
    return allow_if(
        actor.person_id is not None and notification.person_id == actor.person_id,
        "This is not addressed to you.",
    )


def visible_notifications(actor: Actor) -> Q:
    """Twin of `can_read`, over Notification."""
    return Q(person_id=actor.person_id) if actor.person_id is not None else Q(pk__in=())


def can_choose(actor: Actor) -> Verdict:
    """Everybody chooses what reaches them."""
    return allow_if(actor.person_id is not None, "Only a person has preferences.")


def can_run_mail(actor: Actor) -> Verdict:
    """The mail server is for administrators."""
    return allow_if(actor.is_administrator, "Only an administrator can set up mail; ask one to do it.")
