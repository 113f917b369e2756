"""What notifications say to their reader today: the sentence is made when it is read, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, subject_cards
from throughline.notify.channels import Telling
from throughline.notify.models import Notification
from throughline.notify.notices import notice_kind, notice_sentence

HIDDEN = "something you cannot open"
SOMEBODY = "Somebody"


@dataclass(frozen=True, slots=True)
class Worded:
    """A notification in words. `card` is None when its reader may no longer see what it is about."""

    notification: Notification
    sentence: str
    group: str
    card: SubjectCard | None


def worded(reader: Actor, notifications: Sequence[Notification]) -> list[Worded]:
    """Each notification through the reader's own eyes; what they may not see is not named. Fetch
    `by_person` along.
    """
    refs = [ref for row in notifications for ref in _refs(row)]
    cards = subject_cards(reader, refs)
    return [_worded(row, cards) for row in notifications]


def _refs(row: Notification) -> list[SubjectRef]:
    refs = [SubjectRef(row.subject_kind, row.subject_id)]
    if row.about_id is not None:
        refs.append(SubjectRef(row.about_kind, row.about_id))
    return refs


def _worded(row: Notification, cards: dict[SubjectRef, SubjectCard]) -> Worded:
    card = cards.get(SubjectRef(row.subject_kind, row.subject_id))
    about = cards.get(SubjectRef(row.about_kind, row.about_id)) if row.about_id is not None else None
    try:
        group = notice_kind(row.kind).group
        sentence = notice_sentence(
            row.kind,
            title=card.title if card is not None else HIDDEN,
            about=about.title if about is not None else HIDDEN,
            # Who did it is part of a thing one may not see.
            by=row.by_person.name if row.by_person is not None and card is not None else SOMEBODY,
            data=row.data,
        )
    except (KeyError, IndexError):
        # A kind of an app that is gone, or written before its sentence changed: still readable,
        # never a broken page.
        group, sentence = "told", f"There is news about {card.title if card is not None else HIDDEN}."
    return Worded(row, sentence[:1].upper() + sentence[1:], group, card)


def notification_url(org_slug: str, notification_id: int) -> str:
    """The address that marks a notification read and leads to what it is about."""
    return reverse("notify:open", args=[org_slug, notification_id])


def notification_read_url(org_slug: str, notification_id: int) -> str:
    """The address that marks a notification read in place, by POST."""
    return reverse("notify:read", args=[org_slug, notification_id])


def tellings_for(reader: Actor, notifications: Sequence[Notification]) -> list[Telling]:
    """Notifications as channels tell them to their reader."""
    return [
        Telling(
            item.notification.pk,
            item.sentence,
            notification_url(reader.org_slug, item.notification.pk),
            item.group,
        )
        for item in worded(reader, notifications)
    ]
