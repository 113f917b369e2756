"""Rows of the ledger. Events are append-only by database trigger (migration 0002)."""

from __future__ import annotations

from django.db import models

from throughline.kernel.models import Confidentiality, OrgModel


class Relation(models.TextChoices):
    """The closed set of relations; `from` is the later thing, `to` the earlier, except `MEASURED_BY`."""

    PROMPTED_BY = "prompted_by", "prompted by"
    ADVANCES = "advances", "advances"
    MEASURED_BY = "measured_by", "measured by"
    DERIVED_FROM = "derived_from", "derived from"
    ANSWERS = "answers", "answers"
    SUPERSEDES = "supersedes", "supersedes"


class Event(OrgModel):
    """One change. `data` holds ids, numbers, dates and state keys only. `transaction` orders the outbox (PostgreSQL)."""

    confidentiality = Confidentiality.TEAM

    kind = models.CharField(max_length=80)
    actor_person_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    context_kind = models.CharField(max_length=60, blank=True)
    context_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    transaction = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["org", "subject_kind", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["org", "context_kind", "context_id", "id"], name="event_context"),
            models.Index(fields=["transaction", "id"], name="event_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id}"


class Link(OrgModel):
    """Two subjects that hang together. Readable only as far as the reader may see each end."""

    confidentiality = Confidentiality.TEAM

    relation = models.CharField(max_length=20, choices=Relation.choices)
    from_kind = models.CharField(max_length=60)
    from_id = models.BigIntegerField()
    to_kind = models.CharField(max_length=60)
    to_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "relation", "from_kind", "from_id", "to_kind", "to_id"], name="link_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_kind=models.F("to_kind"), from_id=models.F("to_id")),
                name="link_joins_two_things",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "from_kind", "from_id"], name="link_from"),
            models.Index(fields=["org", "to_kind", "to_id"], name="link_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_kind}:{self.from_id} {self.relation} {self.to_kind}:{self.to_id}"


class SearchEntry(OrgModel):
    """The words by which a subject is found. Never holds private, sealed or unattributed text."""

    confidentiality = Confidentiality.TEAM

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    title = models.TextField()
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "kind", "subject_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"


class FateAnswer(OrgModel):
    """An explicit fate: somebody answered a contribution or theme, or said why it is not taken up. The last one counts."""

    confidentiality = Confidentiality.TEAM

    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    # answered or not_taken_up; see rules.FateKind.
    kind = models.CharField(max_length=20)
    reason = models.TextField(max_length=2000)
    by_person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "subject_kind", "subject_id", "id"], name="fate_answer_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id}"


class ReactionCursor(models.Model):
    """How far one reaction has read the outbox, over all organisations."""

    confidentiality = Confidentiality.SYSTEM

    name = models.CharField(max_length=120, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """When a worker process last said that it lives; the jobs of a silent one are given to another."""

    confidentiality = Confidentiality.SYSTEM

    worker_id = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id
