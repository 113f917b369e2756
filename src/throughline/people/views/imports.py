"""HR import: upload, what the columns mean, preview, progress, result. One address follows the import
through.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable, Step, TabLink
from throughline.kernel.errors import Invalid
from throughline.kernel.paging import Page
from throughline.people import policies
from throughline.people.forms import MappingForm, UploadForm, form_refuse
from throughline.people.models import ImportFinding, PeopleImport
from throughline.people.rules import FindingKind, ImportState
from throughline.people.rules.hr_columns import HrMapping
from throughline.people.rules.hr_file import TableHead, table_head
from throughline.people.selectors.imports import (
    REFUSED,
    import_findings,
    import_visible,
    imports_visible_to,
    refused_export,
)
from throughline.people.services import (
    people_import_discard,
    people_import_map,
    people_import_start,
    people_import_upload,
)
from throughline.people.services.import_files import import_path
from throughline.people.tasks import preview_begin, run_begin
from throughline.people.views.paging import csv_answer, cursor_of, once, page_urls

STATE_WORDS = {
    "uploaded": "waits for its columns",
    "previewing": "is being read",
    "previewed": "is ready to import",
    "running": "is importing",
    "done": "done",
    "failed": "stopped",
    "discarded": "dropped",
}
SHOWN_SAMPLES = 5


@require_http_methods(["GET", "POST"])
def imports(request: PageRequest) -> HttpResponse:
    """Upload an HR export, and one's latest uploads."""
    actor = request.actor
    policies.can_import(actor).require()
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = people_import_upload(actor=actor, file_name=file.name, chunks=file.chunks())
        except Invalid as error:
            form_refuse(form, error)
        else:
            return redirect("people:import_columns", actor.org_slug, made.pk)
    one = reverse("people:import", args=[actor.org_slug, 0])[: -len("0/")]
    context = {
        "form": form,
        "once": once(),
        "imports": [
            (row, STATE_WORDS.get(row.state, row.state), f"{one}{row.pk}/") for row in imports_visible_to(actor)
        ],
    }
    return render(request, "people/imports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_columns(request: PageRequest, import_id: int) -> HttpResponse:
    """Say what the columns mean."""
    actor = request.actor
    people_import = import_visible(actor, import_id)
    head = table_head(import_path(people_import.stored_name))
    saved = people_import.mapping
    mapping = HrMapping(
        columns=saved.get("columns", {}),
        date_format=saved.get("date_format", "iso"),
        unit_style=saved.get("unit_style", "name"),
        is_leaving_when_missing=saved.get("is_leaving_when_missing", False),
    )
    form = MappingForm(request.POST if request.method == "POST" else None, head=head, mapping=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            people_import_map(actor=actor, people_import=people_import, mapping=form.mapping())
        except Invalid as error:
            form_refuse(form, error)
        else:
            preview_begin(actor, people_import)
            return redirect("people:import", actor.org_slug, import_id)
    context = {
        "people_import": people_import,
        "form": form,
        "once": once(),
        "samples": _samples(head),
        "written": "an Excel file" if head.encoding == "xlsx" else f"text in {head.encoding}",
        "steps": _steps("columns"),
        "discard_url": reverse("people:import_discard", args=[actor.org_slug, import_id]),
    }
    return render(request, "people/import_columns.html", context, status=422 if form.errors else 200)


def _samples(head: TableHead) -> DataTable:
    names = [name or f"column {place + 1}" for place, name in enumerate(head.columns)]
    rows = [
        {
            "column": name,
            **{f"line{number}": line[place] for number, line in enumerate(head.samples[:SHOWN_SAMPLES])},
        }
        for place, name in enumerate(names)
    ]
    shown = min(len(head.samples), SHOWN_SAMPLES)
    columns = (Column("column", "Column"), *(Column(f"line{n}", f"Example {n + 1}") for n in range(shown)))
    return DataTable("First lines of the file", columns, rows)


def _steps(here: str) -> list[Step]:
    labels = {
        "upload": "Upload",
        "columns": "Columns",
        "preview": "Preview",
        "import": "Import",
        "result": "Result",
    }
    keys = list(labels)
    place = keys.index(here)
    return [
        Step(labels[key], "done" if at < place else "here" if at == place else "todo") for at, key in enumerate(keys)
    ]


@require_GET
def import_page(request: PageRequest, import_id: int) -> HttpResponse:
    """Preview, progress or result, whichever the import has reached."""
    actor = request.actor
    people_import = import_visible(actor, import_id)
    if people_import.state == ImportState.UPLOADED and not people_import.problem:
        return redirect("people:import_columns", actor.org_slug, import_id)
    kind = request.GET.get("show", "refused")
    findings = import_findings(people_import, _kinds(kind), cursor=cursor_of(request))
    slug, state = actor.org_slug, people_import.state
    here = {
        "previewing": "preview",
        "previewed": "preview",
        "running": "import",
        "failed": "import",
        "done": "result",
    }
    summary = people_import.summary
    before = summary.get("people_before", 0)
    context: dict[str, Any] = {
        "people_import": people_import,
        "summary": summary,
        "steps": _steps(here.get(state, "columns")),
        "tabs": _tabs(people_import, kind, request.path),
        "table": _findings_table(findings, kind),
        "show": kind,
        "once": once(),
        "many_leave": before > 20 and summary.get("leavers", 0) * 5 > before,
        "columns_url": reverse("people:import_columns", args=[slug, import_id]),
        "start_url": reverse("people:import_start", args=[slug, import_id]),
        "discard_url": reverse("people:import_discard", args=[slug, import_id]),
        "refused_url": reverse("people:import_refused", args=[slug, import_id]),
        **_job(actor.org_slug, people_import),
        **page_urls(request, following=findings.next_cursor, previous=findings.previous_cursor),
    }
    return render(request, "people/import.html", context)


@require_GET
def import_progress(request: PageRequest, import_id: int) -> HttpResponse:
    """How far it is: the part of the page that asks again by itself; by itself a whole page."""
    actor = request.actor
    people_import = import_visible(actor, import_id)
    if not request.headers.get("HX-Request"):
        return redirect("people:import", actor.org_slug, import_id)
    return render(request, "people/import.html#progress", _job(actor.org_slug, people_import))


def _job(slug: str, people_import: PeopleImport) -> dict[str, Any]:
    is_running = people_import.state in (ImportState.PREVIEWING, ImportState.RUNNING)
    state = "running" if is_running else "failed" if people_import.state == ImportState.FAILED else "done"
    is_importing = people_import.state != ImportState.PREVIEWING
    return {
        "is_running": is_running,
        "job_state": state,
        "job_label": "Importing" if is_importing else "Reading the file",
        "job_done": people_import.rows_done if is_importing else 0,
        "job_total": (people_import.rows_total or None) if is_importing else None,
        "job_detail": people_import.problem
        or (f"{people_import.rows_done} of {people_import.rows_total} people saved" if is_importing else ""),
        "poll_url": reverse("people:import_progress", args=[slug, people_import.pk]),
        "refresh_url": reverse("people:import", args=[slug, people_import.pk]),
    }


def _kinds(show: str) -> tuple[FindingKind, ...]:
    by_key = {"new": (FindingKind.NEW,), "changed": (FindingKind.CHANGED,), "leavers": (FindingKind.LEAVER,)}
    return by_key.get(show, REFUSED)


def _tabs(people_import: PeopleImport, show: str, path: str) -> list[TabLink]:
    summary = people_import.summary
    refused = summary.get("refused_lines", 0) + summary.get("refused_cells", 0)
    counts = {
        "refused": ("Not taken", refused),
        "new": ("New", summary.get("new", 0)),
        "changed": ("Changed", summary.get("changed", 0)),
        "leavers": ("Leaving", summary.get("leavers", 0)),
    }
    return [
        TabLink(label, f"{path}?show={key}", is_current=key == show, count=count)
        for key, (label, count) in counts.items()
    ]


def _findings_table(findings: Page[ImportFinding], show: str) -> DataTable:
    if show in ("new", "changed", "leavers"):
        columns = [Column("name", "Name"), Column("value", "Id or e-mail"), Column("line", "Line", is_number=True)]
        words = {"changed": "What changes", "leavers": "Why"}
        if show in words:
            columns.append(Column("reason", words[show]))
        label = {"new": "People who are new", "changed": "People who change", "leavers": "People who leave"}[show]
    else:
        columns = [
            Column("line", "Line", is_number=True),
            Column("name", "Name"),
            Column("column", "Column"),
            Column("value", "Value"),
            Column("reason", "Why not"),
            Column("whole", "Not taken"),
        ]
        label = "What is not taken"
    rows = [
        {
            "line": row.line or "",
            "name": row.name,
            "column": row.column,
            "value": row.value,
            "reason": row.reason.replace("\n", "; "),
            "whole": "the line" if row.kind == FindingKind.REFUSED_LINE else "this cell",
        }
        for row in findings.rows
    ]
    return DataTable(label, columns, rows)


@require_GET
def import_refused(request: PageRequest, import_id: int) -> HttpResponse:
    """Everything not taken, as CSV."""
    people_import = import_visible(request.actor, import_id)
    return csv_answer(refused_export(people_import), f"not-taken-{people_import.pk}.csv")


@require_POST
def import_start(request: PageRequest, import_id: int) -> HttpResponse:
    """Start, or take up again what stopped."""
    actor = request.actor
    people_import = people_import_start(actor=actor, people_import=import_visible(actor, import_id))
    run_begin(actor, people_import)
    return redirect("people:import", actor.org_slug, import_id)


@require_POST
def import_discard(request: PageRequest, import_id: int) -> HttpResponse:
    """Drop an upload."""
    actor = request.actor
    people_import_discard(actor=actor, people_import=import_visible(actor, import_id))
    messages.success(request, "The upload and everything read from it are deleted. Nothing was imported.")
    return redirect("people:imports", actor.org_slug)
