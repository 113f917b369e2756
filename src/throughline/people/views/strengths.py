"""Who can …: the search over strengths."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable
from throughline.people.forms import StrengthFilterForm
from throughline.people.rules import STRENGTH_KINDS
from throughline.people.selectors.strengths import strength_names, strength_visible, strengths_page
from throughline.people.services import strength_remove
from throughline.people.views.paging import cursor_of, page_urls


@require_GET
def strengths(request: PageRequest) -> HttpResponse:
    """Strengths of people and units; the functions found help to see which are missing from a group."""
    actor = request.actor
    words, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    found = strengths_page(actor, words=words, kind=kind, cursor=cursor_of(request))
    slug = actor.org_slug
    person_url = reverse("people:person", args=[slug, 0])[: -len("0/")]
    unit_url = reverse("people:unit", args=[slug, 0])[: -len("0/")]
    rows = [
        {
            "name": line.strength.name,
            "kind": STRENGTH_KINDS.get(line.strength.kind, line.strength.kind),
            "owner": line.owner,
            "owner_url": f"{person_url}{line.strength.person_id}/"
            if line.strength.person_id is not None
            else f"{unit_url}{line.strength.unit_id}/",
            "unit": line.unit,
            "function": line.function,
            "note": line.strength.note,
        }
        for line in found.lines
    ]
    columns = (
        Column("name", "Strength"),
        Column("kind", "Kind"),
        Column("owner", "Who"),
        Column("unit", "Unit"),
        Column("function", "Function"),
        Column("note", "Where it shows"),
    )
    page_url = reverse("people:strengths", args=[slug])
    context = {
        "form": StrengthFilterForm(request.GET or None),
        "table": DataTable("Strengths found", columns, rows),
        "functions": found.functions,
        "is_filtered": bool(words or kind),
        "common": [] if words or kind else strength_names(actor),
        "page_url": page_url,
        **page_urls(request, following=found.next_cursor, previous=found.previous_cursor),
    }
    return render(request, "people/strengths.html", context)


@require_POST
def strength_remove_now(request: PageRequest, strength_id: int) -> HttpResponse:
    """Take a strength off; it can be added again as it was."""
    actor = request.actor
    strength = strength_visible(actor, strength_id)
    person_id, unit_id = strength.person_id, strength.unit_id
    strength_remove(actor=actor, strength=strength)
    if person_id is not None:
        return redirect(f"{reverse('people:person', args=[actor.org_slug, person_id])}#strengths")
    return redirect(f"{reverse('people:unit', args=[actor.org_slug, unit_id])}#strengths")
