"""Contributions under a name."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_remove, search_index, search_remove
from throughline.meetings import policies
from throughline.meetings.events import ContributionEdited, ContributionPosted, ContributionWithdrawn
from throughline.meetings.models import Contribution, Meeting
from throughline.meetings.references import contribution_ref, meeting_ref, theme_ref
from throughline.meetings.rules import MAX_TEXT


def checked_text(text: str) -> str:
    """The words of a contribution, trimmed; raises `Invalid` when there are none or too many."""
    trimmed = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not trimmed:
        raise Invalid({"text": "Write what you want to say."})
    if len(trimmed) > MAX_TEXT:
        raise Invalid(
            {"text": f"Keep a contribution within {MAX_TEXT:,} characters; this one has {len(trimmed):,}. Post two."}
        )
    return trimmed


@transaction.atomic
def contribution_post(*, actor: Actor, meeting: Meeting, text: str) -> Contribution:
    """Post under one's name."""
    policies.can_post(actor, meeting).require()
    contribution = Contribution.objects.create(
        org_id=actor.org_id,
        meeting=meeting,
        author_id=policies.person_id_of(actor),
        text=checked_text(text),
        created_at=now(),
    )
    _record(actor, ContributionPosted(meeting_id=meeting.pk), contribution)
    _index(actor, contribution)
    return contribution


@transaction.atomic
def contribution_edit(*, actor: Actor, contribution: Contribution, text: str, version: int) -> Contribution:
    """Change one's own words; `version` is the one they were changed from."""
    policies.can_edit_contribution(actor, contribution).require()
    changed = Contribution.objects.filter(pk=contribution.pk, version=version, withdrawn_at=None).update(
        text=checked_text(text), version=version + 1, edited_at=now()
    )
    if not changed:
        raise Conflict("You changed this contribution in another window. Compare, then save again.")
    contribution.refresh_from_db()
    _record(actor, ContributionEdited(version=contribution.version), contribution)
    _index(actor, contribution)
    return contribution


@transaction.atomic
def contribution_withdraw(*, actor: Actor, contribution: Contribution) -> Contribution:
    """Take one's words back: they are erased, and leave their theme. That something was said stays."""
    policies.can_withdraw_contribution(actor, contribution).require()
    if contribution.theme_id is not None:
        link_remove(
            actor=actor,
            later=theme_ref(contribution.theme_id),
            relation=Relation.DERIVED_FROM,
            earlier=contribution_ref(contribution.pk),
        )
    contribution.text, contribution.theme, contribution.withdrawn_at = "", None, now()
    contribution.version += 1
    contribution.save(update_fields=["text", "theme", "withdrawn_at", "version"])
    search_remove(actor=actor, ref=contribution_ref(contribution.pk))
    _record(actor, ContributionWithdrawn(meeting_id=contribution.meeting_id), contribution)
    return contribution


def _record(
    actor: Actor, event: ContributionPosted | ContributionEdited | ContributionWithdrawn, contribution: Contribution
) -> None:
    event_record(actor, event, subject=contribution_ref(contribution.pk), context=meeting_ref(contribution.meeting_id))


def _index(actor: Actor, contribution: Contribution) -> None:
    title = contribution.text if len(contribution.text) <= 90 else f"{contribution.text[:87].rstrip()}…"
    search_index(actor=actor, ref=contribution_ref(contribution.pk), title=title, body=contribution.text)
