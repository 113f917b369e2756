"""Marking notifications read."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.notify import policies
from throughline.notify.models import Notification


@transaction.atomic
def notification_read(*, actor: Actor, notification: Notification) -> Notification:
    """Mark one of the actor's own notifications read; reading twice changes nothing."""
    policies.can_read(actor, notification).require()
    if notification.read_at is None:
        notification.read_at = now()
        notification.save(update_fields=["read_at"])
    return notification


@transaction.atomic
def notifications_read_all(*, actor: Actor) -> int:
    """Mark everything in the actor's inbox read; answers how many were new."""
    rows = Notification.objects.filter(policies.visible_notifications(actor), read_at=None)
    return rows.update(read_at=now())
