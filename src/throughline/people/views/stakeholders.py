"""The stakeholder register: list, grid, gaps, and one entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable, TabLink
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.selectors import trace_stations
from throughline.people import policies
from throughline.people.forms import StakeholderFilterForm, StakeholderForm, form_refuse
from throughline.people.models import Stakeholder
from throughline.people.rules import STAKEHOLDER_KINDS
from throughline.people.selectors.people import person_named
from throughline.people.selectors.stakeholders import (
    stakeholder_gaps,
    stakeholder_grid,
    stakeholder_visible,
    stakeholders_export,
    stakeholders_page,
    stakeholders_visible_to,
)
from throughline.people.services import (
    StakeholderFacts,
    stakeholder_add,
    stakeholder_edit,
    stakeholder_end,
    stakeholder_return,
)
from throughline.people.services.stakeholders import stakeholder_ref
from throughline.people.views.paging import csv_answer, cursor_of, once, page_urls


@require_GET
def stakeholders(request: PageRequest) -> HttpResponse:
    """The register as a table, or between influence and interest (`?view=grid`), and what is missing from it."""
    actor = request.actor
    found = _found(actor, request)
    is_grid = request.GET.get("view") == "grid"
    query = request.GET.copy()
    for key in ("view", "cursor"):
        query.pop(key, None)
    base = reverse("people:stakeholders", args=[actor.org_slug])
    rest = query.urlencode()
    context: dict[str, Any] = {
        "form": StakeholderFilterForm(request.GET or None),
        "is_filtered": any(request.GET.get(key) for key in ("q", "kind", "presence", "corner")),
        "is_grid": is_grid,
        "tabs": [
            TabLink("Table", f"{base}?{rest}", is_current=not is_grid),
            TabLink("Influence and interest", f"{base}?{rest}{'&' if rest else ''}view=grid", is_current=is_grid),
        ],
        "gaps": stakeholder_gaps(actor),
        "can_keep": policies.can_keep_register(actor),
        "export_url": f"{reverse('people:stakeholders_export', args=[actor.org_slug])}?{rest}",
        "new_url": reverse("people:stakeholder_new", args=[actor.org_slug]),
    }
    one = _one_url(actor)
    if is_grid:
        context["grid"] = [
            (
                entry,
                [(row, f"{one}{row.pk}/") for row in entry.stakeholders],
                f"{base}?corner={entry.corner.key}",
            )
            for entry in stakeholder_grid(found)
        ]
    else:
        page = stakeholders_page(found, cursor=cursor_of(request))
        context["table"] = _table(page.rows, one)
        context |= page_urls(request, following=page.next_cursor, previous=page.previous_cursor)
    gaps = context["gaps"]
    context["groups_unspoken"] = [(row.name, f"{one}{row.pk}/") for row in gaps.groups_unspoken]
    context["strong_unspoken"] = [(row.name, f"{one}{row.pk}/") for row in gaps.strong_unspoken]
    return render(request, "people/stakeholders.html", context)


@require_GET
def export(request: PageRequest) -> HttpResponse:
    """The filtered register as CSV."""
    return csv_answer(stakeholders_export(_found(request.actor, request)), "stakeholders.csv")


def _found(actor: Actor, request: PageRequest) -> QuerySet[Stakeholder]:
    asked = request.GET
    return stakeholders_visible_to(
        actor,
        words=asked.get("q", ""),
        kind=asked.get("kind", ""),
        presence=asked.get("presence", ""),
        corner=asked.get("corner", ""),
    )


def _one_url(actor: Actor) -> str:
    return reverse("people:stakeholder", args=[actor.org_slug, 0])[: -len("0/")]


def _table(rows: list[Stakeholder], one: str) -> DataTable:
    columns = (
        Column("name", "Name"),
        Column("kind", "Kind"),
        Column("represents", "Represents"),
        Column("influence", "Influence", is_number=True),
        Column("interest", "Interest", is_number=True),
        Column("person", "Stands for it"),
    )
    lines = [
        {
            "name": f"{row.name} (ended)" if row.ended_on is not None else row.name,
            "name_url": f"{one}{row.pk}/",
            "kind": STAKEHOLDER_KINDS.get(row.kind, row.kind) + (", group" if row.is_group else ""),
            "represents": row.represents,
            "influence": row.influence,
            "interest": row.interest,
            "person": row.person.name if row.person is not None else "nobody yet",
        }
        for row in rows
    ]
    return DataTable("Stakeholders", columns, lines, note="Influence and interest run from 1 (low) to 5 (high).")


@require_GET
@guests_welcome
def stakeholder(request: PageRequest, stakeholder_id: int) -> HttpResponse:
    """One entry of the register."""
    actor = request.actor
    shown = stakeholder_visible(actor, stakeholder_id)
    person = shown.person
    can_open_person = person is not None and policies.can_see_person(actor, person).allowed
    context = {
        "stakeholder": shown,
        "kind": STAKEHOLDER_KINDS.get(shown.kind, shown.kind),
        "person_url": reverse("people:person", args=[actor.org_slug, person.pk]) if person and can_open_person else "",
        "facts": [
            ("Kind", STAKEHOLDER_KINDS.get(shown.kind, shown.kind) + (", a group" if shown.is_group else "")),
            ("Influence", f"{shown.influence} of 5"),
            ("Interest", f"{shown.interest} of 5"),
        ],
        "stations": trace_stations(actor, stakeholder_ref(shown.pk)) if actor.is_member else (),
        "can_keep": policies.can_keep_register(actor),
        "once": once(),
    }
    return render(request, "people/stakeholder.html", context)


@require_http_methods(["GET", "POST"])
def stakeholder_new(request: PageRequest) -> HttpResponse:
    """Name somebody with a stake; `?kind=` fills the kind in."""
    actor = request.actor
    policies.can_keep_register(actor).require()
    initial = {"kind": request.GET.get("kind", "")}
    form = StakeholderForm(request.POST) if request.method == "POST" else StakeholderForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = _facts(actor, form)
        if facts is not None:
            try:
                made = stakeholder_add(actor=actor, facts=facts)
            except Invalid as error:
                form_refuse(form, error)
            else:
                return redirect("people:stakeholder", actor.org_slug, made.pk)
    back = reverse("people:stakeholders", args=[actor.org_slug])
    context = {"form": form, "heading": "Add a stakeholder", "save": "Add", "back_url": back, "once": once()}
    return render(request, "people/stakeholder_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def stakeholder_edit_page(request: PageRequest, stakeholder_id: int) -> HttpResponse:
    """Change an entry."""
    actor = request.actor
    shown = stakeholder_visible(actor, stakeholder_id)
    policies.can_keep_register(actor).require()
    form = StakeholderForm(request.POST) if request.method == "POST" else StakeholderForm(initial=_initial(shown))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        facts = _facts(actor, form)
        if facts is not None:
            try:
                stakeholder_edit(actor=actor, stakeholder=shown, facts=facts, version=form.cleaned_data["version"])
            except Invalid as error:
                form_refuse(form, error)
            except Conflict as error:
                conflict = str(error)
            else:
                return redirect("people:stakeholder", actor.org_slug, shown.pk)
    back = reverse("people:stakeholder", args=[actor.org_slug, shown.pk])
    context = {
        "form": form,
        "heading": shown.name,
        "save": "Save",
        "back_url": back,
        "conflict": conflict,
        "once": once(),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "people/stakeholder_form.html", context, status=status)


def _initial(shown: Stakeholder) -> dict[str, Any]:
    names = ("kind", "name", "is_group", "represents", "influence", "interest", "note", "version")
    person = shown.person
    return {
        **{name: getattr(shown, name) for name in names},
        "person": (person.email or person.external_id or person.name) if person else "",
    }


def _facts(actor: Actor, form: StakeholderForm) -> StakeholderFacts | None:
    data = form.cleaned_data
    person, trouble = person_named(actor, data["person"], with_guests=True)
    if trouble:
        form.add_error("person", trouble)
        return None
    names = ("kind", "name", "is_group", "represents", "influence", "interest", "note")
    return StakeholderFacts(**{name: data[name] for name in names}, person_id=person.pk if person else None)


@require_POST
def stakeholder_end_now(request: PageRequest, stakeholder_id: int) -> HttpResponse:
    """The stake ends; returning undoes it."""
    actor = request.actor
    shown = stakeholder_end(actor=actor, stakeholder=stakeholder_visible(actor, stakeholder_id))
    messages.success(request, f"{shown.name} has ended. “Return” on this page undoes it.")
    return redirect("people:stakeholder", actor.org_slug, shown.pk)


@require_POST
def stakeholder_return_now(request: PageRequest, stakeholder_id: int) -> HttpResponse:
    """Undo an ending."""
    actor = request.actor
    shown = stakeholder_return(actor=actor, stakeholder=stakeholder_visible(actor, stakeholder_id))
    messages.success(request, f"{shown.name} has a stake again.")
    return redirect("people:stakeholder", actor.org_slug, shown.pk)
