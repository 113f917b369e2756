"""Rows about people, units and stakeholders."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from throughline.kernel.models import Confidentiality, OrgModel


class Unit(OrgModel):
    """One unit of the organisation. `path` is "<id>.<id>.…" from the root down to itself, for subtree
    queries.
    """

    confidentiality = Confidentiality.OPEN

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=160)
    function = models.CharField(
        max_length=80, blank=True, help_text="What kind of work it does: engineering, finance, …"
    )
    external_id = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=400, db_index=True)
    depth = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)
    # Raised by every edit; a form made from an older one is refused.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "external_id"], condition=~Q(external_id=""), name="unit_external_id_once"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["org", "parent", "name"], name="unit_tree")]

    def __str__(self) -> str:
        return self.name


class Person(OrgModel):
    """Somebody of the organisation, or a guest. `left_on` ends them; nothing deletes them."""

    confidentiality = Confidentiality.OPEN

    name = models.CharField(max_length=160)
    email = models.EmailField(max_length=254, blank=True)
    title = models.CharField(max_length=160, blank=True)
    location = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    about = models.TextField(blank=True, max_length=2000)
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    external_id = models.CharField(max_length=120, blank=True)
    is_guest = models.BooleanField(default=False)
    started_on = models.DateField(null=True, blank=True)
    # The last day; from the next day on the person has left.
    left_on = models.DateField(null=True, blank=True)
    # Name, title, e-mail and id in plain lower-case letters (rules.found_by), so that search knows no case or
    # accents.
    words = models.CharField(max_length=800, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "external_id"], condition=~Q(external_id=""), name="person_external_id_once"
            ),
            models.UniqueConstraint(fields=["org", "email"], condition=~Q(email=""), name="person_email_once"),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=F("id")), name="person_not_own_manager"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "name", "id"], name="person_list"),
            models.Index(fields=["org", "location"], name="person_location"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitMembership(OrgModel):
    """A person's time in a unit; `ends_on` is the last day, empty while it lasts."""

    confidentiality = Confidentiality.OPEN

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="unit_memberships")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # Set by an HR import: the next import may move it. Memberships given by hand are never moved by a file.
    is_imported = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "unit", "starts_on"], name="unit_membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="unit_membership_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "unit", "ends_on"], name="unit_membership_unit"),
            models.Index(fields=["org", "person", "ends_on"], name="unit_membership_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id}"


class Strength(OrgModel):
    """A gift, strength or asset of a person or of a unit, in the words of whoever added it."""

    confidentiality = Confidentiality.OPEN

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="strengths")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="strengths")
    # gift, strength or asset; see rules.STRENGTH_KINDS.
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                name="strength_of_person_or_unit",
            ),
            models.UniqueConstraint(fields=["org", "person", "kind", "name"], name="strength_person_once"),
            models.UniqueConstraint(fields=["org", "unit", "kind", "name"], name="strength_unit_once"),
        ]
        indexes = [models.Index(fields=["org", "name", "id"], name="strength_list")]

    def __str__(self) -> str:
        return self.name


class Stakeholder(OrgModel):
    """A person or a group with a stake, inside or outside. Influence and interest run from 1 (low) to 5
    (high).
    """

    confidentiality = Confidentiality.OPEN

    # senior_leader, technical_expert, business_partner, customer_representative or community_partner.
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    is_group = models.BooleanField(default=False)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="stakes")
    represents = models.CharField(max_length=400)
    influence = models.PositiveSmallIntegerField()
    interest = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, max_length=2000)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(influence__range=(1, 5)), name="stakeholder_influence_1_5"),
            models.CheckConstraint(condition=Q(interest__range=(1, 5)), name="stakeholder_interest_1_5"),
            models.UniqueConstraint(fields=["org", "kind", "name"], name="stakeholder_once"),
        ]
        indexes = [models.Index(fields=["org", "name", "id"], name="stakeholder_list")]

    def __str__(self) -> str:
        return self.name


class PeopleImport(OrgModel):
    """One uploaded HR export: its mapping, what a preview found, and how far the import is."""

    confidentiality = Confidentiality.PRIVATE

    file_name = models.CharField(max_length=200)
    # The uploaded bytes live below THROUGHLINE_HOME/imports under this name until the import ends; then "".
    stored_name = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    # See rules.ImportState.
    state = models.CharField(max_length=20, default="uploaded")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    # Counts of the preview, then of the import, by rules.FindingKind and a few more numbers.
    summary = models.JSONField(default=dict)
    # Why it stopped, a sentence; "" while nothing went wrong.
    problem = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class ImportFinding(OrgModel):
    """One line of a preview: somebody new, changed, leaving, or what is refused, with its place in the file."""

    confidentiality = Confidentiality.PRIVATE

    people_import = models.ForeignKey(PeopleImport, on_delete=models.CASCADE, related_name="findings")
    # See rules.FindingKind.
    kind = models.CharField(max_length=20)
    line = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=400, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["people_import", "kind", "line", "id"], name="import_finding_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.line}"
