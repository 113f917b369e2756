"""The decision log and its files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from throughline.access.requests import PageRequest
from throughline.components.parts import Row
from throughline.decisions.forms import LogForm
from throughline.decisions.selectors import LogFilter, decision_log, decision_rows
from throughline.decisions.selectors.log import LogRow, decisions_to_export, served_choices
from throughline.decisions.views.paging import page_urls
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef


def _narrowed(form: LogForm) -> LogFilter:
    """The filter of the address; what it does not know narrows nothing."""
    given = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    serves = given.get("serves", "")
    return LogFilter(
        words=given.get("q", ""),
        state=given.get("state", ""),
        method=given.get("method", ""),
        serves=SubjectRef.parse(serves) if serves else None,
    )


@require_GET
def log_page(request: PageRequest) -> HttpResponse:
    """Every decision the reader may see, newest first."""
    actor = request.actor
    form = LogForm(request.GET, served=served_choices(actor))
    narrowed = _narrowed(form)
    page = decision_log(actor, narrowed=narrowed, cursor=request.GET.get("after", ""))
    base = reverse("decisions:log", args=[actor.org_slug])
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "form": form,
        "rows": [_row(row, base) for row in decision_rows(actor, page.rows)],
        "is_filtered": narrowed != LogFilter(),
        "query": query.urlencode(),
        **page_urls(request, page),
    }
    return render(request, "decisions/log.html", context)


def _row(row: LogRow, base: str) -> Row:
    when = row.decided_on or row.opened_on
    parts = [row.method_label, f"{when:%-d %B %Y}", row.decided_by or row.opened_by]
    if row.about:
        parts.append(f"about “{row.about}”")
    if row.serves:
        parts.append(f"serves “{row.serves}”")
    if row.objections:
        parts.append(f"{row.objections} objection{'' if row.objections == 1 else 's'}")
    return Row(
        title=row.title,
        url=f"{base}{row.id}/",
        side=row.state_label,
        meta=" · ".join(part for part in parts if part),
        state=row.tone,
    )


@require_GET
def log_export(request: PageRequest, form: str) -> HttpResponse:
    """The filtered log as a file."""
    actor = request.actor
    narrowed = _narrowed(LogForm(request.GET, served=served_choices(actor)))
    rows = decision_rows(actor, decisions_to_export(actor, narrowed=narrowed))
    if form == "json":
        body = json.dumps([asdict(row) for row in rows], default=_iso, ensure_ascii=False, indent=2)
        response = HttpResponse(body, content_type="application/json")
    elif form == "csv":
        response = HttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        raise NotFound
    response["Content-Disposition"] = f'attachment; filename="decisions-{actor.org_slug}.{form}"'
    return response


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")


def _csv(rows: list[LogRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    names = [item.name for item in fields(LogRow)]
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return out.getvalue()


def _cell(value: object) -> object:
    """A cell that a spreadsheet shows and does not run."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value
