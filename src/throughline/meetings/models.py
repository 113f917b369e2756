"""Rows of meetings. `Unattributed` and `PostNonce` have tables without row order (migration 0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from throughline.kernel.models import Confidentiality, OrgModel
from throughline.meetings.rules import MAX_OUTCOME, MAX_TEXT, MAX_TITLE

models.TextField.register_lookup(Length)


class Meeting(OrgModel):
    """One meeting. Without a unit it belongs to the people invited."""

    confidentiality = Confidentiality.TEAM

    title = models.CharField(max_length=MAX_TITLE)
    # Key in meetings/formats.
    format = models.CharField(max_length=40)
    question = models.CharField(max_length=400, blank=True)
    what_for = models.CharField(max_length=400, blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60)
    call_url = models.URLField(max_length=400, blank=True)
    # planned, open, grouping or closed; see rules.NEXT_STATES.
    state = models.CharField(max_length=20, default="planned")
    outcome = models.TextField(max_length=MAX_OUTCOME, blank=True)
    wants_anonymous = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The board's name on the answer host.
    public_id = models.CharField(max_length=24, unique=True)
    # Makes receipts repeatable while the board is open; emptied at the close, so that nothing can make them again.
    receipt_salt = models.CharField(max_length=64, blank=True)
    unattributed_count = models.PositiveIntegerField(default=0)
    # When the storage of the unattributed posts was rewritten in key order and the files were cleaned.
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, receipt_salt=""),
                name="meeting_closed_keeps_no_salt",
            ),
        ]
        indexes = [models.Index(fields=["org", "starts_at", "id"], name="meeting_list")]

    def __str__(self) -> str:
        return self.title


class MeetingPerson(OrgModel):
    """Somebody invited to a meeting, perhaps to facilitate it."""

    confidentiality = Confidentiality.TEAM

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    is_facilitator = models.BooleanField(default=False)
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="meeting_person_once")]
        indexes = [models.Index(fields=["org", "person", "meeting"], name="meeting_person_mine")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.meeting_id}"


class AgendaItem(OrgModel):
    """One item of a meeting's agenda, ticked when done. `started_at` feeds the timer."""

    confidentiality = Confidentiality.TEAM

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=MAX_TITLE)
    minutes = models.PositiveSmallIntegerField()
    # board, grouping, discussion or outcome.
    activity = models.CharField(max_length=20)
    facilitator_note = models.CharField(max_length=400, blank=True)
    started_at = models.DateTimeField(null=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_item_position_once"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 480)), name="agenda_item_minutes_1_480"),
        ]

    def __str__(self) -> str:
        return self.title


class Theme(OrgModel):
    """A group of contributions that say related things. Merged or removed themes stay as rows, off the board."""

    confidentiality = Confidentiality.TEAM

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="themes")
    title = models.CharField(max_length=MAX_TITLE)
    summary = models.TextField(max_length=MAX_TEXT, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    is_removed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="theme_not_merged_into_itself"),
        ]
        indexes = [models.Index(fields=["org", "meeting", "id"], name="theme_board")]

    def __str__(self) -> str:
        return self.title


class Contribution(OrgModel):
    """What somebody said under their name. Withdrawing erases the words and keeps the row."""

    confidentiality = Confidentiality.TEAM

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=MAX_TEXT, blank=True)
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, related_name="contributions")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, text__length__range=(1, MAX_TEXT))
                | Q(withdrawn_at__isnull=False, text="", theme__isnull=True),
                name="contribution_has_words_until_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "meeting", "id"], name="contribution_board"),
            models.Index(fields=["org", "author", "-id"], name="contribution_mine"),
            models.Index(fields=["org", "theme"], name="contribution_theme"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class Unattributed(OrgModel):
    """What somebody said without a name. No time, no author, no request: only what the design's section 5 lists.

    The table has no row order on SQLite and is rewritten in key order at the close on either database.
    """

    confidentiality = Confidentiality.UNATTRIBUTED

    # Random, 128 bits, hexadecimal.
    key = models.CharField(max_length=32, primary_key=True)
    # Derived from the key alone (rules.number_of_key): how links name the row.
    number = models.BigIntegerField(unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=MAX_TEXT, blank=True)
    receipt_hash = models.CharField(max_length=64, unique=True)
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, related_name="+")
    is_shown = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "meetings_unattributed"

    def __str__(self) -> str:
        return f"unattributed {self.number}"


class PostNonce(OrgModel):
    """A form that was sent already, by the hash of the number its browser made. Deleted at the close."""

    confidentiality = Confidentiality.UNATTRIBUTED

    nonce_hash = models.CharField(max_length=64, primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "meetings_postnonce"

    def __str__(self) -> str:
        return self.nonce_hash[:8]


class ReceiptMessage(OrgModel):
    """What a facilitator writes to whoever holds a receipt."""

    confidentiality = Confidentiality.UNATTRIBUTED

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    text = models.TextField(max_length=MAX_TEXT)
    by_person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "number", "id"], name="receipt_message_of")]

    def __str__(self) -> str:
        return f"message to {self.number}"


class BoardMove(OrgModel):
    """One act of grouping and how to take it back. The moves of a board are deleted at its close."""

    confidentiality = Confidentiality.TEAM

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    # Steps with what each expects to find; see services/undoing.py.
    inverse = models.JSONField()
    is_undone = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["org", "meeting", "person", "-id"], name="board_move_last")]

    def __str__(self) -> str:
        return f"move {self.pk}"
