"""Rows of purpose."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from throughline.kernel.ids import SubjectRef
from throughline.kernel.models import Confidentiality, OrgModel


class Statement(OrgModel):
    """Why an organisation, a unit or a person is here. One each; its versions hold the words."""

    # The strictest of its rows, a personal purpose; the open ones are let through by `visible_statements`.
    confidentiality = Confidentiality.PRIVATE

    # organisation, unit or person; see rules.Level.
    level = models.CharField(max_length=14)
    unit = models.ForeignKey("people.Unit", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    # The beginning of the current text, for lists, cards and links.
    headline = models.CharField(max_length=200)
    latest_version = models.PositiveIntegerField(default=0)
    adopted_version = models.PositiveIntegerField(null=True)
    # private, unit or organisation; see rules.Visibility.
    visibility = models.CharField(max_length=14, default="organisation")
    shared_unit = models.ForeignKey("people.Unit", on_delete=models.SET_NULL, null=True, related_name="+")
    review_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level="organisation", unit__isnull=True, person__isnull=True)
                | Q(level="unit", unit__isnull=False, person__isnull=True)
                | Q(level="person", unit__isnull=True, person__isnull=False),
                name="statement_level_whole",
            ),
            models.CheckConstraint(
                condition=Q(level="person") | Q(visibility="organisation"),
                name="statement_open_unless_personal",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "unit", "organisation"]),
                name="statement_visibility_known",
            ),
            models.UniqueConstraint(
                fields=["org"], condition=Q(level="organisation"), name="statement_one_per_organisation"
            ),
            models.UniqueConstraint(fields=["org", "unit"], condition=Q(level="unit"), name="statement_one_per_unit"),
            models.UniqueConstraint(
                fields=["org", "person"], condition=Q(level="person"), name="statement_one_per_person"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "level", "headline", "id"], name="statement_list"),
            models.Index(fields=["org", "review_on"], name="statement_review"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("purpose.statement", self.pk)


class StatementVersion(OrgModel):
    """One wording of a statement, never changed after it is saved; only its state moves."""

    confidentiality = Confidentiality.PRIVATE

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000)
    reason = models.TextField(blank=True, max_length=4_000)
    author = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    # draft, proposed, adopted or superseded; see rules.VersionState.
    state = models.CharField(max_length=12)
    proposal = models.ForeignKey("decisions.Proposal", on_delete=models.SET_NULL, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "statement", "version"], name="statement_version_once"),
            models.UniqueConstraint(
                fields=["org", "statement"], condition=Q(state="adopted"), name="statement_one_adopted"
            ),
            models.UniqueConstraint(
                fields=["org", "statement"],
                condition=Q(state__in=["draft", "proposed"]),
                name="statement_one_unadopted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "adopted", "superseded"]),
                name="statement_version_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} version {self.version}"


class TookPart(OrgModel):
    """Somebody who took part in finding the words of a version, besides its author."""

    confidentiality = Confidentiality.PRIVATE

    version = models.ForeignKey(StatementVersion, on_delete=models.CASCADE, related_name="took_part")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "version", "person"], name="took_part_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.version_id}"


class Toward(OrgModel):
    """A personal purpose points toward a unit's or the organisation's. Becomes a link of the ledger once
    shared.
    """

    confidentiality = Confidentiality.PRIVATE

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="toward")
    above = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "statement", "above"], name="toward_once"),
            models.CheckConstraint(condition=~Q(statement=models.F("above")), name="toward_another"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} toward {self.above_id}"


class Suggestion(OrgModel):
    """What a member contributes before adoption: a thought, and the wording they would use."""

    confidentiality = Confidentiality.OPEN

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="suggestions")
    version = models.PositiveIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=4_000)
    wording = models.TextField(blank=True, max_length=20_000)
    taken_up_version = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["org", "statement", "-id"], name="suggestion_list"),
            models.Index(fields=["org", "person", "-id"], name="suggestion_person"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("purpose.suggestion", self.pk)


class Value(OrgModel):
    """What the organisation holds dear, with the behaviours that show it and those that contradict it."""

    confidentiality = Confidentiality.OPEN

    name = models.CharField(max_length=120)
    meaning = models.TextField(blank=True, max_length=4_000)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name"], condition=Q(ended_at__isnull=True), name="value_name_once")
        ]
        indexes = [models.Index(fields=["org", "position", "id"], name="value_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("purpose.value", self.pk)


class Behaviour(OrgModel):
    """One thing people do that shows a value or contradicts it."""

    confidentiality = Confidentiality.OPEN

    value = models.ForeignKey(Value, on_delete=models.CASCADE, related_name="behaviours")
    # shows or contradicts; see rules.BehaviourKind.
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=400)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "value", "kind", "text"], name="behaviour_once"),
            models.CheckConstraint(condition=Q(kind__in=["shows", "contradicts"]), name="behaviour_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class Policy(OrgModel):
    """A policy or procedure, by its words or by where it is kept, and the values it puts into practice."""

    confidentiality = Confidentiality.OPEN

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, max_length=20_000)
    reference = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"], condition=Q(ended_at__isnull=True), name="policy_title_once"
            )
        ]
        indexes = [models.Index(fields=["org", "title", "id"], name="policy_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("purpose.policy", self.pk)


class PolicyValue(OrgModel):
    """A policy puts a value into practice."""

    confidentiality = Confidentiality.OPEN

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="backing")
    value = models.ForeignKey(Value, on_delete=models.CASCADE, related_name="practised_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "policy", "value"], name="policy_value_once")]

    def __str__(self) -> str:
        return f"{self.policy_id} practises {self.value_id}"


class Endorsement(OrgModel):
    """“I stand behind this”: a person and an adopted statement or a value. Withdrawing deletes it."""

    confidentiality = Confidentiality.OPEN

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, related_name="endorsements")
    value = models.ForeignKey(Value, on_delete=models.CASCADE, null=True, related_name="endorsements")
    # The version of the statement or value the person stood behind.
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=False, value__isnull=True)
                | Q(statement__isnull=True, value__isnull=False),
                name="endorsement_of_one",
            ),
            models.UniqueConstraint(
                fields=["org", "person", "statement"],
                condition=Q(statement__isnull=False),
                name="endorsement_statement_once",
            ),
            models.UniqueConstraint(
                fields=["org", "person", "value"],
                condition=Q(value__isnull=False),
                name="endorsement_value_once",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "statement", "-id"], name="endorsement_statement"),
            models.Index(fields=["org", "value", "-id"], name="endorsement_value"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} stands behind {self.statement_id or self.value_id}"


class PurposeReview(OrgModel):
    """Somebody looked whether a purpose still holds."""

    confidentiality = Confidentiality.OPEN

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="reviews")
    version = models.PositiveIntegerField()
    # keep or revise; see rules.ReviewOutcome.
    outcome = models.CharField(max_length=12)
    note = models.TextField(max_length=4_000)
    by_person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    next_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "statement", "-id"], name="purpose_review_list")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.statement_id}"
