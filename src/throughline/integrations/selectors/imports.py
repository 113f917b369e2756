"""Imports and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from throughline.integrations import policies
from throughline.integrations.models import ImportedGoal, OkrImport, OkrImportFile, OkrImportFinding
from throughline.integrations.okr_formats.tabular.goal_table import GoalRow
from throughline.integrations.rules import GOAL_FINDINGS, STATE_LABELS, TROUBLE_FINDINGS, FindingKind, ImportState
from throughline.integrations.rules.comparing import row_of_json
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import page_of

SHOWN: dict[str, tuple[FindingKind, ...]] = {
    "goals": GOAL_FINDINGS,
    "new": (FindingKind.NEW,),
    "changed": (FindingKind.CHANGED,),
    "unchanged": (FindingKind.UNCHANGED,),
    "unread": TROUBLE_FINDINGS,
    "notes": (FindingKind.NOTE,),
}
LATEST = 10


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One earlier import in a list."""

    title: str
    url: str
    state_label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Some findings, and the cursors of the neighbouring pages."""

    rows: Sequence[OkrImportFinding]
    next_cursor: str
    previous_cursor: str


def okr_import_visible(actor: Actor, import_id: int) -> OkrImport:
    """One's own import; NotFound otherwise."""
    found = OkrImport.objects.filter(policies.visible_imports(actor), pk=import_id).first()
    if found is None:
        raise NotFound
    return found


def import_files(actor: Actor, okr_import: OkrImport) -> list[OkrImportFile]:
    """The files of an import in the order of the upload; one query."""
    return list(OkrImportFile.objects.filter(okr_import_id=okr_import.pk).order_by("position", "id"))


def import_latest(actor: Actor) -> list[ImportLine]:
    """One's own newest imports that were not dropped; two queries."""
    rows = (
        OkrImport.objects.filter(policies.visible_imports(actor))
        .exclude(state=ImportState.DISCARDED)
        .prefetch_related("files")
        .order_by("-id")[:LATEST]
    )
    base = reverse("integrations:okr_import", args=[actor.org_slug, 0]).removesuffix("0/")
    return [
        ImportLine(
            title=", ".join(file.name for file in sorted(row.files.all(), key=lambda file: file.position)),
            url=f"{base}{row.pk}/",
            state_label=STATE_LABELS[ImportState(row.state)],
            created_at=row.created_at,
        )
        for row in rows
    ]


def findings_page(
    actor: Actor, okr_import: OkrImport, *, shown: str = "goals", cursor: str = "", size: int = 100
) -> FindingPage:
    """What was found, in the order of the files; one query."""
    kinds = SHOWN.get(shown, GOAL_FINDINGS)
    rows = OkrImportFinding.objects.filter(okr_import_id=okr_import.pk, kind__in=kinds)
    page = page_of(rows, order=("id",), cursor=cursor, size=size)
    return FindingPage(page.rows, page.next_cursor, page.previous_cursor)


def findings_export(actor: Actor, okr_import: OkrImport) -> Iterator[tuple[object, ...]]:
    """Header and rows of every line that was not understood, not taken, or kept as something else."""
    yield ("File", "Line", "What", "Text", "Reason")
    words = {FindingKind.UNREAD: "not understood", FindingKind.REFUSED: "not taken", FindingKind.NOTE: "note"}
    rows = OkrImportFinding.objects.filter(okr_import_id=okr_import.pk, kind__in=list(words)).order_by("id")
    for row in rows.iterator(chunk_size=2000):
        yield (row.file_name, row.line or "", words[FindingKind(row.kind)], row.text, row.reason)


def last_import_rows(actor: Actor, external_ids: Sequence[str]) -> dict[str, GoalRow]:
    """What the files said of these goals the last time, by id; one query per thousand."""
    found: dict[str, GoalRow] = {}
    for start in range(0, len(external_ids), 1000):
        part = external_ids[start : start + 1000]
        for number, content in ImportedGoal.objects.filter(external_id__in=part).values_list("external_id", "content"):
            found[number] = row_of_json(content)
    return found
