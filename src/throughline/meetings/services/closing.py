"""Closing a board: its outcome, the one event, and erasing what the storage tells of unattributed posts."""

from __future__ import annotations

import time

from django.db import connection, transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, links_create_bulk, search_index
from throughline.meetings import policies
from throughline.meetings.events import MeetingClosed
from throughline.meetings.models import BoardMove, Contribution, Meeting, PostNonce, Theme, Unattributed
from throughline.meetings.references import meeting_ref, theme_ref, unattributed_ref
from throughline.meetings.rules import MAX_OUTCOME, NEXT_STATES, MeetingState

# A reader may hold the files for a moment; so often we try before giving up and leaving it to the next attempt.
ATTEMPTS = 20
# VACUUM holds the write lock while it copies the file; beyond this size people would feel the wait, and
# `secure_delete`, which has overwritten every freed byte already, is relied upon alone.
VACUUM_UP_TO_BYTES = 512 * 2**20


@transaction.atomic
def meeting_close(*, actor: Actor, meeting: Meeting, outcome: str, version: int) -> Meeting:
    """Close with an outcome, for good. Everything is shown, nonces, moves and the receipts' salt are deleted."""
    policies.can_change_meeting(actor, meeting).require()
    words = outcome.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid({"outcome": "Say what the meeting came to; it is what people read who were not there."})
    if len(words) > MAX_OUTCOME:
        raise Invalid({"outcome": f"Keep the outcome within {MAX_OUTCOME:,} characters."})
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.version != version:
        raise Conflict("The meeting changed while you were writing. Your text is kept; look at the board, then close.")
    if MeetingState.CLOSED not in NEXT_STATES[MeetingState(meeting.state)]:
        raise Conflict("Open the board first; a planned meeting has nothing to close.")
    Unattributed.objects.filter(meeting=meeting, is_shown=False).update(is_shown=True)
    PostNonce.objects.filter(meeting=meeting).delete()
    BoardMove.objects.filter(meeting=meeting).delete()
    posts = Unattributed.objects.filter(meeting=meeting, is_withdrawn=False)
    links_create_bulk(
        actor=actor,
        links=[
            (theme_ref(theme_id), Relation.DERIVED_FROM, unattributed_ref(number))
            for theme_id, number in posts.exclude(theme=None).order_by("key").values_list("theme_id", "number")
            if theme_id is not None
        ],
    )
    meeting.state, meeting.outcome, meeting.closed_at = MeetingState.CLOSED, words, now()
    meeting.receipt_salt, meeting.unattributed_count = "", posts.count()
    meeting.version += 1
    meeting.save()
    _rewrite_in_key_order()
    event_record(
        actor,
        MeetingClosed(
            named_count=Contribution.objects.filter(meeting=meeting, withdrawn_at=None).count(),
            unattributed_count=meeting.unattributed_count,
            theme_count=Theme.objects.filter(meeting=meeting, is_removed=False, merged_into=None).count(),
        ),
        subject=meeting_ref(meeting.pk),
        context=meeting_ref(meeting.pk),
    )
    search_index(
        actor=actor, ref=meeting_ref(meeting.pk), title=meeting.title, body=f"{meeting.question} {meeting.outcome}"
    )
    return meeting


def _rewrite_in_key_order() -> None:
    """Write the whole table anew, sorted by its random key, in the caller's transaction.

    SQLite: places of cells inside pages and of overflow pages follow the order of writing; afterwards that order is the
    keys'. PostgreSQL: TRUNCATE gives a new file, and every row the same transaction number (CLUSTER would keep them).
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE unattributed_in_order AS SELECT * FROM meetings_unattributed")
        if connection.vendor == "postgresql":
            # Deferred foreign keys would otherwise still wait for the old rows.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE meetings_unattributed")
        else:
            cursor.execute("DELETE FROM meetings_unattributed")
        cursor.execute("INSERT INTO meetings_unattributed SELECT * FROM unattributed_in_order ORDER BY key")
        cursor.execute("DROP TABLE unattributed_in_order")


def storage_clean() -> None:
    """Leave no old copy of a page behind: rewrite the database file and empty its write-ahead log.

    Outside any transaction only. On PostgreSQL `VACUUM` of the two tables; its own log is the server's to rotate.
    """
    if connection.in_atomic_block:
        raise RuntimeError("The storage can be cleaned outside a transaction only.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (FULL) meetings_unattributed")
            cursor.execute("VACUUM (FULL) meetings_postnonce")
            return
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        is_small = cursor.fetchone()[0] <= VACUUM_UP_TO_BYTES
        for _ in range(ATTEMPTS):
            if is_small:
                cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            if row is None or row[0] == 0:
                return
            time.sleep(0.25)
    raise Conflict("The database was in use all the time; its log could not be emptied. It is tried again later.")


def board_reseal(*, actor: Actor, meeting: Meeting) -> Meeting:
    """Clean the storage after a close and note when; doing it twice does no harm.

    A board that never took a post without a name has nothing to clean.
    """
    if meeting.state != MeetingState.CLOSED:
        raise Conflict("The storage of a board is cleaned after its close.")
    if meeting.wants_anonymous:
        storage_clean()
    with transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk, sealed_at=None).update(sealed_at=now())
    meeting.refresh_from_db()
    return meeting
