"""Rows of imports of goals: the upload, its files, what was found, and what each goal's file said the last time."""

from __future__ import annotations

from django.db import models

from throughline.kernel.models import Confidentiality, OrgModel


class OkrImport(OrgModel):
    """One upload of goal files: what was chosen for it, what it would do or did, and how far it is."""

    confidentiality = Confidentiality.PRIVATE

    # See rules.ImportState.
    state = models.CharField(max_length=12, default="uploaded")
    # rules.mapping.OkrMapping as plain data.
    mapping = models.JSONField(default=dict)
    # The document of the preview, then of the import: counts, per file and in all.
    summary = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    # Why it stopped, a sentence; "" while nothing went wrong.
    problem = models.CharField(max_length=600, blank=True)
    started_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "started_by", "-id"], name="okr_import_list")]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class OkrImportFile(OrgModel):
    """One file of an upload. Its bytes lie below THROUGHLINE_HOME/imports until the import ends; then `stored_name` is ""."""

    confidentiality = Confidentiality.PRIVATE

    okr_import = models.ForeignKey(OkrImport, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["okr_import", "name"], name="okr_import_file_once")]

    def __str__(self) -> str:
        return self.name


class OkrImportFinding(OrgModel):
    """One line of a preview or result: a goal with what becomes of it, or a line that was not understood or taken."""

    confidentiality = Confidentiality.PRIVATE

    okr_import = models.ForeignKey(OkrImport, on_delete=models.CASCADE, related_name="findings")
    # See rules.FindingKind.
    kind = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200)
    line = models.PositiveIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    # Of a goal: objective, key_result or initiative.
    goal_kind = models.CharField(max_length=12, blank=True)
    text = models.TextField(blank=True)
    # Why a line was not taken, or what is changed.
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["okr_import", "kind", "id"], name="okr_import_finding_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.line}"


class ImportedGoal(OrgModel):
    """What a file said of a goal at its last import, so that the next one changes only what the file changed."""

    confidentiality = Confidentiality.TEAM

    external_id = models.CharField(max_length=160)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "external_id"], name="imported_goal_once")]

    def __str__(self) -> str:
        return self.external_id
