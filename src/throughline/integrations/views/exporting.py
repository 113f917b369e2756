"""Exporting goals, and the templates of our plain table."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable
from throughline.integrations import policies, selectors, services
from throughline.integrations.forms import ExportForm
from throughline.integrations.rules.columns import CHECK_IN_COLUMN_WORDS, GOAL_COLUMN_WORDS
from throughline.integrations.views.tables import download
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid, NotFound

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}


@require_GET
def export(request: PageRequest) -> HttpResponse:
    """Choose what leaves; with `?format=` the file itself."""
    actor = request.actor
    policies.can_export_goals(actor).require()
    form = ExportForm(request.GET if request.GET else None, cycles=selectors.cycle_choices(actor))
    ending = request.GET.get("format", "")
    if ending and form.is_valid():
        given = form.cleaned_data
        unit_id, trouble = selectors.unit_id_typed(actor, given["unit"])
        if trouble:
            form.add_error("unit", trouble)
        else:
            try:
                return _file(actor, ending, cycle_id=int(given["cycle"]) if given["cycle"] else None, unit_id=unit_id)
            except Invalid as error:
                form.add_error(None, str(error))
    context = {"actor": actor, "form": form, "can_import": policies.can_import_goals(actor)}
    return render(request, "integrations/export.html", context, status=422 if form.is_bound and form.errors else 200)


def _file(actor: Actor, ending: str, *, cycle_id: int | None, unit_id: int | None) -> HttpResponse:
    """One file as it is; the two CSV files in one archive unless one of them is asked for."""
    part = {"csv-goals": 0, "csv-check-ins": 1}.get(ending)
    kind = "csv" if ending == "zip" or part is not None else ending
    written = services.goals_export_bytes(actor=actor, ending=kind, stem="goals", cycle_id=cycle_id, unit_id=unit_id)
    names = list(written)
    if ending == "zip" or ending == "csv":
        return download(_zipped(written), "goals.zip", content_type=_TYPES["zip"])
    name = names[part or 0]
    return download(written[name], name, content_type=_TYPES[kind])


def _zipped(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return archive.getvalue()


@require_GET
def template(request: PageRequest, name: str) -> HttpResponse:
    """An example of our plain table to write over."""
    policies.can_export_goals(request.actor).require()
    ending = name.rpartition(".")[2]
    if ending not in ("csv", "xlsx"):
        raise NotFound("There is no template of this name.")
    files = services.template_bytes(ending)
    if name not in files:
        raise NotFound("There is no template of this name.")
    return download(files[name], name, content_type=_TYPES[ending])


@require_GET
def columns(request: PageRequest) -> HttpResponse:
    """What each column of our plain table means."""
    actor = request.actor
    policies.can_export_goals(actor).require()
    parts = (Column("name", "Column"), Column("words", "What it holds"), Column("example", "Example"))

    def table(caption: str, words: dict[str, tuple[str, str]]) -> DataTable:
        rows = [{"name": name, "words": meaning, "example": example} for name, (meaning, example) in words.items()]
        return DataTable(caption, parts, rows)

    links = [
        (name, reverse("integrations:template", args=[actor.org_slug, name]))
        for name in ("goals-template.xlsx", "goals-template.csv", "goals-template-check-ins.csv")
    ]
    context = {
        "actor": actor,
        "goals": table("Goals", GOAL_COLUMN_WORDS),
        "check_ins": table("Check-ins", CHECK_IN_COLUMN_WORDS),
        "links": links,
        "can_import": policies.can_import_goals(actor),
    }
    return render(request, "integrations/columns.html", context)
