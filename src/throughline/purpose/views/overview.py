"""The overview of purpose."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from throughline.access.requests import PageRequest
from throughline.components.parts import Row
from throughline.purpose.selectors import purpose_overview, units_with_purposes
from throughline.purpose.selectors.statements import whose


@require_GET
def overview(request: PageRequest) -> HttpResponse:
    """The organisation's purpose, the values, the units' purposes, one's own."""
    actor = request.actor
    base = reverse("purpose:overview", args=[actor.org_slug])
    units = units_with_purposes(actor, cursor=request.GET.get("after", ""))

    def page_url(cursor: str) -> str:
        return f"{base}?after={cursor}#units" if cursor else ""

    context = {
        "seen": purpose_overview(actor),
        "base_url": base,
        "units": [
            Row(
                title=whose(row),
                url=f"{base}{row.pk}/",
                meta=row.headline,
                side="" if row.adopted_version is not None else "Draft",
                state="" if row.adopted_version is not None else "wait",
            )
            for row in units.rows
        ],
        "older_url": page_url(units.next_cursor),
        "newer_url": page_url(units.previous_cursor),
    }
    return render(request, "purpose/overview.html", context)
