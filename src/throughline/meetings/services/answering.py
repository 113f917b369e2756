"""Saying what became of a theme or a contribution, and telling whoever contributed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event, FateAnswer
from throughline.ledger.rules import FateKind
from throughline.ledger.services import fate_answer
from throughline.meetings import policies
from throughline.meetings.models import Contribution, Meeting, ReceiptMessage, Theme, Unattributed
from throughline.meetings.references import contribution_ref, theme_ref
from throughline.meetings.rules import MAX_TEXT
from throughline.notify.services import notify


@transaction.atomic
def theme_or_contribution_answer(
    *, actor: Actor, meeting: Meeting, ref: SubjectRef, kind: FateKind, reason: str
) -> FateAnswer:
    """Answer a theme or contribution of a meeting, or say why it is not taken up."""
    policies.can_answer(actor, meeting).require()
    if not _belongs(meeting, ref):
        raise NotFound()
    if len(reason) > MAX_TEXT:
        raise Invalid({"reason": f"Keep it within {MAX_TEXT:,} characters."})
    return fate_answer(actor=actor, ref=ref, kind=kind, reason=reason)


def _belongs(meeting: Meeting, ref: SubjectRef) -> bool:
    if ref.kind == "meetings.theme":
        return Theme.objects.filter(pk=ref.id, meeting=meeting).exists()
    if ref.kind == "meetings.contribution":
        return Contribution.objects.filter(pk=ref.id, meeting=meeting, withdrawn_at=None).exists()
    return Unattributed.objects.filter(number=ref.id, meeting=meeting, is_shown=True, is_withdrawn=False).exists()


@transaction.atomic
def unattributed_message(*, actor: Actor, meeting: Meeting, number: int, text: str) -> ReceiptMessage:
    """Write to whoever holds the receipt of an unattributed contribution. They read it at the receipt, nowhere else."""
    policies.can_answer(actor, meeting).require()
    words = text.strip()
    if not words or len(words) > MAX_TEXT:
        raise Invalid({"text": f"Write a message of 1 to {MAX_TEXT:,} characters."})
    if not _belongs(meeting, SubjectRef("meetings.anonymous", number)):
        raise NotFound()
    return ReceiptMessage.objects.create(
        org_id=actor.org_id, meeting=meeting, number=number, text=words, by_person_id=actor.person_id, created_at=now()
    )


@transaction.atomic
def contributors_tell(
    *,
    actor: Actor,
    theme_ids: Collection[int],
    contribution_ids: Collection[int] = (),
    kind: str,
    about: SubjectRef,
    once: str,
    by_person_id: int | None = None,
) -> int:
    """Tell everybody who contributed these, or to these themes, under their name; answers how many were told.

    For journeys that know what came of a theme (a goal signed, changed, dropped or reached). `kind` is a registered
    notice over the contribution as `title` and the outcome as `about`. Holders of receipts see the same at the receipt.
    """
    rows = Contribution.objects.filter(theme_id__in=list(theme_ids), withdrawn_at=None)
    return voices_tell(
        actor=actor,
        contribution_ids=list(rows.values_list("pk", flat=True)),
        kind=kind,
        about=about,
        once=once,
        by_person_id=by_person_id,
    )


@transaction.atomic
def voices_tell(
    *,
    actor: Actor,
    contribution_ids: Collection[int],
    kind: str,
    about: SubjectRef | None = None,
    once: str,
    by_person_id: int | None = None,
) -> int:
    """Tell the authors of these contributions, each once about their first one; answers how many were told."""
    rows = Contribution.objects.filter(pk__in=list(contribution_ids), withdrawn_at=None).order_by("pk")
    first_of: dict[int, int] = {}
    for pk, author_id in rows.values_list("pk", "author_id"):
        first_of.setdefault(author_id, pk)
    return sum(
        notify(
            actor=actor,
            person_ids=[author_id],
            kind=kind,
            subject=contribution_ref(pk),
            about=about,
            once=once,
            by_person_id=by_person_id,
        )
        for author_id, pk in sorted(first_of.items())
    )


@transaction.atomic
def fate_tell(*, actor: Actor, event_id: int) -> int:
    """Tell named contributors of the theme or contribution an answer was given to; answers how many."""
    event = Event.objects.get(pk=event_id)
    once = f"meetings.fate:{event.pk}"
    if event.subject_kind == "meetings.theme":
        return contributors_tell(
            actor=actor,
            theme_ids=[event.subject_id],
            kind="meetings.theme_answered",
            about=theme_ref(event.subject_id),
            once=once,
            by_person_id=event.actor_person_id,
        )
    if event.subject_kind != "meetings.contribution":
        return 0
    return voices_tell(
        actor=actor,
        contribution_ids=[event.subject_id],
        kind="meetings.contribution_answered",
        once=once,
        by_person_id=event.actor_person_id,
    )
