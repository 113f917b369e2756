"""Rows of decisions. Open, except that a proposal about something restricted follows what it is about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from throughline.kernel.ids import SubjectRef
from throughline.kernel.models import Confidentiality, OrgModel


class Proposal(OrgModel):
    """Something put to people for decision. Without a subject of its own it is decided about its own text."""

    confidentiality = Confidentiality.OPEN

    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)
    version = models.PositiveIntegerField()
    # Key of a method in `methods/`.
    method = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default="open")
    serves_kind = models.CharField(max_length=60, blank=True)
    serves_id = models.BigIntegerField(null=True)
    closes_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.TextField(blank=True, max_length=4000)
    opened_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id__isnull=True)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="proposal_subject_whole",
            ),
            models.CheckConstraint(
                condition=Q(serves_kind="", serves_id__isnull=True) | (~Q(serves_kind="") & Q(serves_id__isnull=False)),
                name="proposal_serves_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "decided", "withdrawn"]), name="proposal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="decided", outcome__in=["adopted", "rejected"], decided_at__isnull=False)
                | (~Q(state="decided") & Q(outcome="")),
                name="proposal_outcome_when_decided",
            ),
            models.UniqueConstraint(
                fields=["org", "subject_kind", "subject_id"],
                condition=Q(state="open") & ~Q(subject_kind=""),
                name="proposal_one_open_per_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-opened_at", "-id"], name="proposal_log"),
            models.Index(fields=["org", "subject_kind", "subject_id", "-id"], name="proposal_subject"),
            models.Index(fields=["org", "serves_kind", "serves_id"], name="proposal_serves"),
            models.Index(fields=["org", "state", "closes_on"], name="proposal_closing"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("decisions.proposal", self.pk)

    @property
    def subject(self) -> SubjectRef:
        """What is decided about: another thing, or the proposal's own text."""
        if self.subject_id is None:
            return self.ref
        return SubjectRef(self.subject_kind, self.subject_id)

    @property
    def serves(self) -> SubjectRef | None:
        return SubjectRef(self.serves_kind, self.serves_id) if self.serves_id is not None else None


class ProposalVersion(OrgModel):
    """The exact text of one version, kept for ever, so that what was signed can be read and compared."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    # Change kinds against the version before (ledger.subjects.ChangeKind); empty for the first.
    changes = models.JSONField(default=list)
    by_person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "proposal", "version"], name="proposal_version_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} version {self.version}"


class Option(OrgModel):
    """A way that was considered; a rejected one says why."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(max_length=500)
    is_rejected = models.BooleanField(default=False)
    reason = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "proposal", "text"], name="option_once")]

    def __str__(self) -> str:
        return self.text


class Signatory(OrgModel):
    """One person asked in one capacity. `asked_since` is the version from which on an answer counts."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="signatories")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    # See rules.Capacity.
    capacity = models.CharField(max_length=20)
    asked_since = models.PositiveIntegerField()
    # Set when a later version no longer asks this person in this capacity.
    dropped_since = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "proposal", "person", "capacity"], name="signatory_once")]
        indexes = [models.Index(fields=["org", "person", "proposal"], name="signatory_person")]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.capacity}"


class Position(OrgModel):
    """What a person said to one version; the one marked current counts, the others are its history."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="positions")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    stance = models.CharField(max_length=30)
    reason = models.TextField(blank=True, max_length=4000)
    # Every capacity the person spoke in, in the order of rules.Capacity.
    capacities = models.JSONField(default=list)
    version = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "proposal", "person"],
                condition=Q(is_current=True),
                name="position_one_current",
            ),
            models.CheckConstraint(
                condition=Q(stance__in=["agree", "agree_with_reservation", "object", "abstain"]),
                name="position_stance_known",
            ),
        ]
        indexes = [models.Index(fields=["org", "proposal", "-id"], name="position_history")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stance} version {self.version}"


class Objection(OrgModel):
    """A reason why the text must not stand as it is, bound to a passage of it ("" is the whole text)."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="objections")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)
    quote = models.TextField(blank=True, max_length=4000)
    reason = models.TextField(max_length=4000)
    state = models.CharField(max_length=12, default="open")
    answer = models.TextField(blank=True, max_length=4000)
    settled_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(state__in=["integrated", "withdrawn", "standing"], settled_at__isnull=False),
                name="objection_settled_whole",
            )
        ]
        indexes = [models.Index(fields=["org", "proposal", "state"], name="objection_state")]

    def __str__(self) -> str:
        return f"{self.state} objection of {self.person_id}"


class EditorialDeclaration(OrgModel):
    """A change declared to be wording only; any signatory may contest it until the moment named."""

    confidentiality = Confidentiality.OPEN

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="editorial_declarations")
    version = models.PositiveIntegerField()
    declared_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    declared_at = models.DateTimeField()
    contest_until = models.DateTimeField()
    contested_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    contested_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "proposal", "version"], name="editorial_once")]

    def __str__(self) -> str:
        return f"version {self.version} declared editorial"
