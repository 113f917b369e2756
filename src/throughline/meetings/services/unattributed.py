"""Posting without a name. Nothing here takes an actor: the answer host knows nobody (design, section 5).

What is written is what the design lists: a random key, the words, the receipt's hash, the form's nonce. No event, no
time, no log line, no idempotency row. Callers have proved the board's shared posting key, or hold a receipt.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import secret_hash
from throughline.kernel.scoping import across_orgs
from throughline.meetings import policies
from throughline.meetings.models import Meeting, PostNonce, Unattributed
from throughline.meetings.rules import (
    BATCH,
    LIVE_STATES,
    MeetingState,
    number_of_key,
    posting_key,
    receipt_secret,
    typed_secret,
)
from throughline.meetings.selectors.presence import may_post_count
from throughline.meetings.services.contributions import checked_text

NO_BOARD = "There is no board here that takes anonymous posts. Ask the facilitator for its link."


@dataclass(frozen=True, slots=True)
class Posted:
    """A post that was taken: its receipt, shown once. `is_repeat` when this form had been sent before."""

    receipt: str
    is_repeat: bool


def board_by_public_id(public_id: str) -> Meeting:
    """The board of an address on the answer host, whatever its organisation; enter `in_org` with it afterwards."""
    with across_orgs(reason="the answer host is not told the organisation; a board's random name leads to it"):
        meeting = Meeting.objects.select_related("unit", "org").filter(public_id=public_id).first()
    if meeting is None or not meeting.wants_anonymous or meeting.state == MeetingState.PLANNED:
        raise NotFound(NO_BOARD)
    return meeting


def receipt_open(receipt: str) -> Unattributed:
    """The contribution a receipt belongs to, whatever its organisation; enter `in_org` with it afterwards."""
    with across_orgs(reason="the answer host is not told the organisation; a receipt's hash leads to it"):
        row = (
            Unattributed.objects.select_related("meeting", "org", "theme")
            .filter(receipt_hash=secret_hash(typed_secret(receipt)))
            .first()
        )
    if row is None:
        raise NotFound("No contribution belongs to this receipt. Check every letter; it cannot be made again.")
    return row


def posting_key_of(meeting: Meeting) -> str:
    """The key everybody on the board shares."""
    return posting_key(settings.SECRET_KEY, meeting.public_id)


@transaction.atomic
def unattributed_post(*, meeting: Meeting, key: str, text: str, nonce: str) -> Posted:
    """Take a post. The same form sent twice has one effect and gives the same receipt."""
    if not constant_time_compare(typed_secret(key), typed_secret(posting_key_of(meeting))):
        raise Invalid({"key": "This is not the board's posting key. It stands on the board; copy it from there."})
    if not re.fullmatch(r"[A-Za-z0-9_-]{22,64}", nonce):
        raise Invalid({"nonce": "The form's number is missing; reload the page and send again."})
    words = checked_text(text)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state not in LIVE_STATES:
        raise Conflict("The board is closed; nothing can be posted any more.")
    receipt = receipt_secret(meeting.receipt_salt, nonce)
    hashed = secret_hash(typed_secret(receipt))
    nonce_hash = secret_hash(f"{meeting.public_id}:{nonce}")
    if PostNonce.objects.filter(nonce_hash=nonce_hash).exists():
        return _repeated(hashed, receipt, words)
    policies.can_post_anonymously(meeting, may_post=may_post_count(meeting)).require()
    random_key = secrets.token_hex(16)
    PostNonce.objects.bulk_create([PostNonce(org_id=meeting.org_id, nonce_hash=nonce_hash, meeting=meeting)])
    Unattributed.objects.bulk_create(
        [
            Unattributed(
                key=random_key,
                number=number_of_key(random_key),
                org_id=meeting.org_id,
                meeting=meeting,
                text=words,
                receipt_hash=hashed,
            )
        ]
    )
    _show_full_batch(meeting)
    return Posted(receipt=receipt, is_repeat=False)


def _repeated(hashed: str, receipt: str, words: str) -> Posted:
    row = Unattributed.objects.filter(receipt_hash=hashed).first()
    if row is not None and row.text == words:
        return Posted(receipt=receipt, is_repeat=True)
    raise Conflict(
        "This form was sent before with other words, and those were taken. To change them use the receipt; to say "
        "something else as well, send what is kept below as a new post."
    )


def _show_full_batch(meeting: Meeting) -> None:
    hidden = Unattributed.objects.filter(meeting=meeting, is_shown=False, is_withdrawn=False)
    if hidden.count() >= BATCH:
        hidden.update(is_shown=True)


@transaction.atomic
def unattributed_edit(*, row: Unattributed, text: str) -> Unattributed:
    """Change the words with the receipt, while the board is open."""
    words = checked_text(text)
    meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
    if meeting.state not in LIVE_STATES:
        raise Conflict("The board is closed; contributions stay as they were. You can still withdraw yours.")
    if not Unattributed.objects.filter(pk=row.pk, is_withdrawn=False).update(text=words):
        raise Conflict("This contribution was withdrawn; nothing is left to change.")
    row.text = words
    return row


@transaction.atomic
def unattributed_withdraw(*, row: Unattributed) -> Unattributed:
    """Erase the words with the receipt, at any time. Withdrawing twice changes nothing."""
    meeting = Meeting.objects.select_for_update().get(pk=row.meeting_id)
    changed = Unattributed.objects.filter(pk=row.pk, is_withdrawn=False).update(text="", theme=None, is_withdrawn=True)
    if changed and meeting.state == MeetingState.CLOSED:
        # The count on the outcome page; no event, which would carry the moment.
        Meeting.objects.filter(pk=meeting.pk, unattributed_count__gt=0).update(
            unattributed_count=meeting.unattributed_count - 1
        )
    row.text, row.theme, row.is_withdrawn = "", None, True
    return row
