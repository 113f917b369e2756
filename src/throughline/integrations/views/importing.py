"""Importing goals: upload, what was recognised, mapping, preview, progress, result."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable, Step, TabLink, TreeRow
from throughline.integrations import policies, selectors, services, tasks
from throughline.integrations.forms import MOST_OWNERS, FormatsForm, MappingForm, UploadForm, form_refuse
from throughline.integrations.models import OkrImport
from throughline.integrations.rules import MAPPABLE, FindingKind, ImportState
from throughline.integrations.views.tables import csv_answer, file_rows, file_table, finding_table
from throughline.kernel.errors import Invalid

# A preview of fewer goals is worked out while the page waits.
QUICK_GOALS = 1500
_STEPS = ("Upload", "What the files mean", "Preview", "Import")
_WORDS = {
    FindingKind.NEW: ("New", "good"),
    FindingKind.CHANGED: ("Changed", "warn"),
    FindingKind.UNCHANGED: ("As it is", "wait"),
}
_KINDS = {"objective": "Objective", "key_result": "Key result", "initiative": "Initiative"}


def _context(request: PageRequest, *, here: int, okr_import: OkrImport | None = None, **more: Any) -> dict[str, Any]:
    states = ["done" if number < here else "here" if number == here else "todo" for number in range(len(_STEPS))]
    slug = request.actor.org_slug
    urls: dict[str, Any] = {"import_url": reverse("integrations:import", args=[slug])}
    if okr_import is not None:
        urls |= {
            f"{key}_url": reverse(f"integrations:{name}", args=[slug, okr_import.pk])
            for key, name in (("run", "run"), ("mapping", "mapping"), ("drop", "discard"), ("lines", "lines"))
        }
    return {
        "actor": request.actor,
        "okr_import": okr_import,
        **urls,
        "once": secrets.token_urlsafe(12),
        "guided": [Step(label, state) for label, state in zip(_STEPS, states, strict=True)],
        **more,
    }


def _answer(request: PageRequest, okr_import: OkrImport) -> HttpResponse:
    return redirect("integrations:okr_import", request.actor.org_slug, okr_import.pk)


@require_http_methods(["GET", "POST"])
def start(request: PageRequest) -> HttpResponse:
    """Upload files, or go back to an earlier import."""
    actor = request.actor
    policies.can_import_goals(actor).require()
    form, status = UploadForm(), 200
    if request.method == "POST":
        form, status = UploadForm(request.POST, request.FILES), 422
        if form.is_valid():
            files = [(file.name or "goals", file.read()) for file in form.cleaned_data["files"]]
            try:
                return _answer(request, services.okr_import_upload(actor=actor, files=files))
            except Invalid as error:
                form_refuse(form, error)
    context = _context(request, here=0, form=form, earlier=selectors.import_latest(actor))
    return render(request, "integrations/import.html", context, status=status)


@require_GET
def okr_import(request: PageRequest, import_id: int) -> HttpResponse:
    """One import, wherever it stands."""
    found = selectors.okr_import_visible(request.actor, import_id)
    if found.state in (ImportState.PREVIEWING, ImportState.RUNNING):
        return render(request, "integrations/job.html", _job(request, found))
    if found.state == ImportState.UPLOADED:
        return _mapping_page(request, found)
    if found.state == ImportState.DISCARDED:
        return render(request, "integrations/discarded.html", _context(request, here=0))
    return _findings(request, found)


@require_http_methods(["GET", "POST"])
def mapping(request: PageRequest, import_id: int) -> HttpResponse:
    """Choose cycles, units and people; then see the preview."""
    actor = request.actor
    found = selectors.okr_import_visible(actor, import_id)
    if found.state not in MAPPABLE:
        return _answer(request, found)
    if request.method == "GET":
        return _mapping_page(request, found)
    form = MappingForm(request.POST, recognised=_recognised(found), mapping=services.import_mapping(found))
    if form.is_valid():
        try:
            chosen = form.mapping_chosen(
                person=lambda text: selectors.owner_typed(actor, text),
                unit=lambda text: selectors.unit_typed(actor, text),
            )
            services.okr_import_map(actor=actor, okr_import=found, mapping=chosen)
        except Invalid as error:
            form_refuse(form, error)
        else:
            if sum(file["goals"] for file in _recognised(found)["files"]) <= QUICK_GOALS:
                services.okr_import_preview(actor=actor, okr_import=found)
            else:
                tasks.okr_import_preview_task.enqueue(actor.org_id, found.pk)
            return _answer(request, found)
    return _mapping_page(request, found, form=form, status=422)


@require_POST
def formats(request: PageRequest, import_id: int) -> HttpResponse:
    """Read files in other formats."""
    actor = request.actor
    found = selectors.okr_import_visible(actor, import_id)
    form = FormatsForm(request.POST, recognised=_recognised(found), formats=found.mapping.get("formats", {}))
    if form.is_valid():
        try:
            services.okr_import_formats(actor=actor, okr_import=found, formats=form.chosen())
        except Invalid as error:
            form_refuse(form, error)
        else:
            messages.success(request, "The files were read again.")
            return _answer(request, found)
    return _mapping_page(request, selectors.okr_import_visible(actor, import_id), formats_form=form, status=422)


@require_POST
def run(request: PageRequest, import_id: int) -> HttpResponse:
    """Start the import in the background."""
    actor = request.actor
    found = selectors.okr_import_visible(actor, import_id)
    services.okr_import_start(actor=actor, okr_import=found)
    tasks.okr_import_run_task.enqueue(actor.org_id, found.pk)
    return _answer(request, found)


@require_POST
def discard(request: PageRequest, import_id: int) -> HttpResponse:
    """Drop an upload."""
    actor = request.actor
    services.okr_import_discard(actor=actor, okr_import=selectors.okr_import_visible(actor, import_id))
    messages.success(request, "The upload was dropped and its files deleted. No goal was changed.")
    return redirect("integrations:import", actor.org_slug)


@require_GET
def progress(request: PageRequest, import_id: int) -> HttpResponse:
    """How far the background work is; once it is over, the page itself is loaded again."""
    found = selectors.okr_import_visible(request.actor, import_id)
    context = _job(request, found)
    response = render(request, "integrations/job.html#job", context)
    if context["job_state"] != "running":
        response["HX-Refresh"] = "true"
    return response


@require_GET
def lines(request: PageRequest, import_id: int) -> HttpResponse:
    """Every line that was not understood, not taken, or kept as something else, as CSV."""
    actor = request.actor
    found = selectors.okr_import_visible(actor, import_id)
    return csv_answer(selectors.findings_export(actor, found), f"import-{found.pk}-lines.csv")


def _recognised(found: OkrImport) -> dict[str, Any]:
    recognised: dict[str, Any] = found.summary.get("recognised", {})
    return {"files": [], "unreadable_files": [], "owners": [], **recognised}


def _mapping_page(
    request: PageRequest,
    found: OkrImport,
    *,
    form: MappingForm | None = None,
    formats_form: FormatsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    recognised = _recognised(found)
    shown = form or MappingForm(None, recognised=recognised, mapping=services.import_mapping(found))
    other = formats_form or FormatsForm(None, recognised=recognised, formats=found.mapping.get("formats", {}))
    context = _context(
        request,
        here=1,
        okr_import=found,
        form=shown,
        formats_form=other,
        files=file_table(recognised["files"]),
        unreadable=recognised["unreadable_files"],
        has_only_tables=not shown.plain_files,
        owners_more=max(0, len(recognised["owners"]) - MOST_OWNERS),
    )
    return render(request, "integrations/mapping.html", context, status=status)


def _job(request: PageRequest, found: OkrImport) -> dict[str, Any]:
    slug = request.actor.org_slug
    is_preview = found.state == ImportState.PREVIEWING
    is_running = found.state in (ImportState.PREVIEWING, ImportState.RUNNING)
    failed = "failed" if found.state == ImportState.FAILED else "done"
    return _context(
        request,
        here=2 if is_preview else 3,
        okr_import=found,
        job_state="running" if is_running else failed,
        job_label="Reading the files" if is_preview else "Importing",
        job_total=found.rows_total if found.state == ImportState.RUNNING and found.rows_total else None,
        job_detail="" if is_preview else f"{found.rows_done:,} of {found.rows_total:,} goals and check-ins",
        poll_url=reverse("integrations:progress", args=[slug, found.pk]),
        refresh_url=reverse("integrations:okr_import", args=[slug, found.pk]),
    )


def _findings(request: PageRequest, found: OkrImport) -> HttpResponse:
    """Preview and result are one page: counts, goals, and the lines that were not taken."""
    actor = request.actor
    shown = request.GET.get("show", "goals")
    shown = shown if shown in selectors.SHOWN else "goals"
    page = selectors.findings_page(actor, found, shown=shown, cursor=request.GET.get("cursor", ""))
    is_done = found.state == ImportState.DONE
    is_tree = shown in ("goals", "new", "changed", "unchanged")
    base = request.path
    context = _context(
        request,
        here=4 if is_done else 2,
        okr_import=found,
        is_done=is_done,
        start_label="Start again" if found.state == ImportState.FAILED else "Import these goals",
        nothing_reason="" if _has_work(found) else "Everything in these files is here already.",
        is_failed=found.state == ImportState.FAILED,
        summary=found.summary,
        file_rows=file_rows(found.summary.get("files", [])),
        unreadable=found.summary.get("unreadable_files", []),
        tabs=_tabs(found, shown, base),
        goal_rows=[_tree_row(row) for row in page.rows] if is_tree else [],
        is_tree=is_tree,
        shown=shown,
        has_rows=bool(page.rows),
        finding_table=None if is_tree else finding_table(page.rows),
        older_url=f"{base}?show={shown}&cursor={page.next_cursor}" if page.next_cursor else "",
        newer_url=f"{base}?show={shown}&cursor={page.previous_cursor}" if page.previous_cursor else "",
        owners=_owner_table(found),
        goals_url=selectors.goals_list_url(actor),
    )
    return render(request, "integrations/findings.html", context)


def _has_work(found: OkrImport) -> bool:
    goals = found.summary.get("goals", {})
    return bool(goals.get("new") or goals.get("changed") or found.summary.get("check_ins", {}).get("new"))


def _tabs(found: OkrImport, shown: str, base: str) -> list[TabLink]:
    goals = found.summary.get("goals", {})
    counts = {
        "goals": sum(goals.get(key, 0) for key in ("new", "changed", "unchanged")),
        "new": goals.get("new", 0),
        "changed": goals.get("changed", 0),
        "unchanged": goals.get("unchanged", 0),
        "unread": found.summary.get("unread_lines_count", 0) + found.summary.get("refused_count", 0),
        "notes": found.summary.get("notes_count", 0),
    }
    labels = {
        "goals": "All goals", "new": "New", "changed": "Changed", "unchanged": "As they are",
        "unread": "Lines not taken", "notes": "Notes",
    }  # fmt: skip
    return [
        TabLink(label, f"{base}?show={key}", is_current=key == shown, count=counts[key])
        for key, label in labels.items()
        if counts[key] or key in ("goals", "unread") or key == shown
    ]


def _tree_row(row: Any) -> TreeRow:
    words, tone = _WORDS[FindingKind(row.kind)]
    meta = f"{_KINDS.get(row.goal_kind, row.goal_kind)} · {row.file_name}, line {row.line}"
    if row.reason:
        meta += " · " + "; ".join(row.reason.split("\n"))
    return TreeRow(title=row.text, depth=row.depth, side=words, state=tone, meta=meta)


def _owner_table(found: OkrImport) -> DataTable | None:
    owners: dict[str, int] = found.summary.get("owners_as_text", {})
    if not owners:
        return None
    rows = [
        {"owner": owner, "goals": count}
        for owner, count in sorted(owners.items(), key=lambda item: (-item[1], item[0]))
    ]
    return DataTable(
        "Owners kept as text", (Column("owner", "Owner in the files"), Column("goals", "Goals", is_number=True)), rows
    )


__all__ = ["discard", "formats", "lines", "mapping", "okr_import", "progress", "run", "start"]
