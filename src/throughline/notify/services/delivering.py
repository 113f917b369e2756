"""Bringing notifications out of the product, each once, with patience."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from throughline.access.actors import actor_of_person
from throughline.access.outgoing import MailFailed, NoMailServer
from throughline.access.selectors import emails_of
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.notify.channels import CHANNELS, Address
from throughline.notify.models import Delivery, Notification
from throughline.notify.notices import notice_kind
from throughline.notify.rules import MOST_ATTEMPTS, OFF, wait_after
from throughline.notify.selectors.preferences import paces_of
from throughline.notify.selectors.wording import tellings_for

log = logging.getLogger(__name__)

# While one worker sends, another must not; a worker that dies leaves the delivery to be tried again after
# this.
CLAIMED_FOR = timedelta(minutes=10)
READ_ALREADY = "Read in the product before it was due."
NOT_WANTED = "The person switched this off before it was due."
NOBODY = "The person has no access any more."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many deliveries went out, failed (and will be tried again, or were given up), and were not
    needed any more.
    """

    sent: int = 0
    failed: int = 0
    dropped: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.sent + other.sent, self.failed + other.failed, self.dropped + other.dropped)


def deliveries_send(*, actor: Actor, limit: int = 200) -> Outcome:
    """Send what is due at once in the actor's organisation, oldest first."""
    due = _due(is_digest=False, limit=limit)
    return sum((_send(actor, [delivery], is_digest=False) for delivery in due), Outcome())


def digests_send(*, actor: Actor, limit: int = 2000) -> Outcome:
    """Send the digests that are due: one message per person and channel with everything still unread."""
    groups: dict[tuple[int, str], list[Delivery]] = {}
    for delivery in _due(is_digest=True, limit=limit):
        groups.setdefault((delivery.notification.person_id, delivery.channel), []).append(delivery)
    return sum((_send(actor, members, is_digest=True) for members in groups.values()), Outcome())


def _due(*, is_digest: bool, limit: int) -> list[Delivery]:
    rows = Delivery.objects.filter(sent_at=None, due_at__lte=now(), is_digest=is_digest, attempts__lt=MOST_ATTEMPTS)
    return list(rows.select_related("notification__by_person").order_by("due_at", "id")[:limit])


def _send(actor: Actor, deliveries: Sequence[Delivery], *, is_digest: bool) -> Outcome:
    """Tell one person through one channel. No transaction is open while the channel works."""
    mine = [delivery for delivery in deliveries if _claim(delivery)]
    if not mine:
        return Outcome()
    person_id, channel = mine[0].notification.person_id, CHANNELS[mine[0].channel]
    reader = actor_of_person(person_id, actor.org_id)
    email = emails_of(actor, [person_id]).get(person_id, "")
    if reader is None or not email:
        return _drop(mine, NOBODY)
    wanted, unwanted = _still_wanted(mine)
    outcome = _drop([delivery for delivery, _ in unwanted], "", reasons=[reason for _, reason in unwanted])
    if not wanted:
        return outcome
    notifications = [delivery.notification for delivery in wanted]
    try:
        channel.deliver(Address(reader, email), tellings_for(reader, notifications), is_digest=is_digest)
    except (MailFailed, NoMailServer) as error:
        return outcome + _failed(wanted, str(error))
    except Exception:
        # One message that cannot be written must not stop everybody else's; what it was stays in the log.
        log.exception("Delivery %s could not be made", wanted[0].pk)
        return outcome + _failed(wanted, "The message could not be written; the log of the worker says why.")
    moment = now()
    for delivery in wanted:
        delivery.sent_at, delivery.problem = moment, ""
    Delivery.objects.bulk_update(wanted, ["sent_at", "problem"])
    return outcome + Outcome(sent=len(wanted))


def _claim(delivery: Delivery) -> bool:
    """Take a delivery for this worker: counts the attempt first, so that a crash is one, too."""
    claimed = Delivery.objects.filter(pk=delivery.pk, sent_at=None, due_at=delivery.due_at).update(
        attempts=delivery.attempts + 1, due_at=now() + CLAIMED_FOR
    )
    delivery.attempts += 1
    return claimed == 1


def _still_wanted(deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[tuple[Delivery, str]]]:
    wanted: list[Delivery] = []
    unwanted: list[tuple[Delivery, str]] = []
    for delivery in deliveries:
        row = delivery.notification
        if delivery.is_digest and row.read_at is not None:
            unwanted.append((delivery, READ_ALREADY))
        elif _pace(row, delivery.channel) == OFF:
            unwanted.append((delivery, NOT_WANTED))
        else:
            wanted.append(delivery)
    return wanted, unwanted


def _pace(row: Notification, channel: str) -> str:
    try:
        group = notice_kind(row.kind).group
    except KeyError:
        group = "told"
    return paces_of([row.person_id], group=group, channel=channel)[row.person_id]


def _drop(deliveries: Sequence[Delivery], reason: str, *, reasons: Sequence[str] = ()) -> Outcome:
    for index, delivery in enumerate(deliveries):
        delivery.attempts, delivery.problem = MOST_ATTEMPTS, reasons[index] if reasons else reason
    Delivery.objects.bulk_update(deliveries, ["attempts", "problem"])
    return Outcome(dropped=len(deliveries))


def _failed(deliveries: Sequence[Delivery], problem: str) -> Outcome:
    for delivery in deliveries:
        delivery.problem, delivery.due_at = problem[:300], now() + wait_after(delivery.attempts)
    Delivery.objects.bulk_update(deliveries, ["problem", "due_at"])
    return Outcome(failed=len(deliveries))
