"""Rows of notifications, preferences and mail."""

from __future__ import annotations

from django.db import models

from throughline.kernel.models import Confidentiality, OrgModel


class Notification(OrgModel):
    """Something a person was told: its kind, what it is about and numbers to fill the sentence; never
    the text itself.
    """

    confidentiality = Confidentiality.PRIVATE

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    by_person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)
    # The same fact is told once: the event that caused it, or a dated reminder ("checkin_due:12:2026-11-20").
    once = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person", "once"], name="notification_once")]
        indexes = [
            models.Index(fields=["org", "person", "-id"], name="notification_inbox"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.kind


class Delivery(OrgModel):
    """One notification through one channel, kept until it succeeded or was given up."""

    confidentiality = Confidentiality.PRIVATE

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    # One of several that go out together at the person's hour.
    is_digest = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    # Why the last attempt failed, as the transport said it, without the message.
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once")]
        indexes = [models.Index(fields=["sent_at", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.notification_id}"


class Preference(OrgModel):
    """How a person wants one group of notifications through one channel: at once, in a daily digest,
    or not.
    """

    confidentiality = Confidentiality.PRIVATE

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=40)
    # now, digest or off; see rules.PACES.
    pace = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "person", "group", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.group} by {self.channel}: {self.pace}"


class MailServer(OrgModel):
    """The organisation's outgoing mail. The password is encrypted with a key derived from the
    installation's secret.
    """

    confidentiality = Confidentiality.SYSTEM

    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=587)
    # none, starttls or tls.
    security = models.CharField(max_length=10, default="starttls")
    user_name = models.CharField(max_length=200, blank=True)
    password_sealed = models.TextField(blank=True)
    from_address = models.EmailField(max_length=254)
    from_name = models.CharField(max_length=120, blank=True)
    tested_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org"], name="mail_server_one")]

    def __str__(self) -> str:
        return self.host
