"""The list of people and a person's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.people import policies
from throughline.people.forms import (
    EndForm,
    PeopleFilterForm,
    PersonForm,
    ProfileForm,
    StrengthForm,
    form_refuse,
)
from throughline.people.models import Person
from throughline.people.rules import STRENGTH_KINDS
from throughline.people.selectors.people import (
    PeopleFilter,
    PeopleList,
    locations_of,
    people_export,
    people_page,
    person_named,
    person_profile,
    person_visible,
)
from throughline.people.selectors.units import unit_named
from throughline.people.services import (
    PersonFacts,
    person_add,
    person_edit,
    person_end,
    person_return,
    profile_edit,
    strength_add,
)
from throughline.people.views.paging import csv_answer, cursor_of, once, page_urls


@require_GET
def people(request: PageRequest) -> HttpResponse:
    """Everybody, searched and filtered by the address."""
    actor = request.actor
    form = PeopleFilterForm(request.GET or None, locations=locations_of(actor))
    wanted, trouble = _wanted(actor, request)
    listed = people_page(actor, wanted, cursor=cursor_of(request))
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "form": form,
        "table": _table(listed),
        "trouble": trouble,
        "is_filtered": any(request.GET.get(key) for key in ("q", "unit", "location", "role", "presence")),
        "export_url": f"{reverse('people:export', args=[actor.org_slug])}?{query.urlencode()}",
        "can_add": policies.can_add_person(actor),
        "can_import": policies.can_import(actor),
        **page_urls(request, following=listed.next_cursor, previous=listed.previous_cursor),
    }
    return render(request, "people/people.html", context)


@require_GET
def export(request: PageRequest) -> HttpResponse:
    """The filtered list as CSV, in columns the import understands."""
    actor = request.actor
    wanted, _ = _wanted(actor, request)
    return csv_answer(people_export(actor, wanted), "people.csv")


def _wanted(actor: Actor, request: PageRequest) -> tuple[PeopleFilter, str]:
    asked = request.GET
    unit_id, trouble = None, ""
    if asked.get("unit"):
        unit, trouble = unit_named(actor, asked["unit"])
        # An unknown unit finds nobody, and the page says why.
        unit_id = unit.pk if unit is not None else 0
    wanted = PeopleFilter(
        words=asked.get("q", ""),
        unit_id=unit_id,
        location=asked.get("location", ""),
        role=asked.get("role", ""),
        presence=asked.get("presence", ""),
    )
    return wanted, trouble


def _table(listed: PeopleList) -> DataTable:
    columns = (
        Column("name", "Name"),
        Column("title", "Title"),
        Column("unit", "Unit"),
        Column("location", "Location"),
        Column("state", "State"),
    )
    rows = [
        {
            "name": line.name,
            "name_url": line.url,
            "title": line.title,
            "unit": line.unit,
            "unit_url": line.unit_url,
            "location": line.location,
            "state": line.state,
        }
        for line in listed.lines
    ]
    shown = columns if any(line.state for line in listed.lines) else columns[:-1]
    return DataTable("People", shown, rows)


@require_GET
@guests_welcome
def person(request: PageRequest, person_id: int) -> HttpResponse:
    """A profile."""
    return _profile(request, person_id)


def _profile(
    request: PageRequest, person_id: int, *, strength_form: StrengthForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    profile = person_profile(actor, person_id)
    shown = profile.person
    day = today(actor.time_zone)
    context: dict[str, Any] = {
        "profile": profile,
        "person": shown,
        "has_left": shown.left_on is not None and shown.left_on < day,
        "day": day,
        "can_edit": policies.can_edit_profile(actor, shown),
        "can_end": policies.can_end_person(actor, shown),
        "can_add_strengths": policies.can_change_strengths(actor, person=shown),
        "strengths": [(STRENGTH_KINDS.get(row.kind, row.kind), row) for row in profile.strengths],
        "strength_form": strength_form or StrengthForm(),
        "end_form": EndForm(),
        "facts": [
            ("E-mail", shown.email),
            ("Location", shown.location),
            ("Time zone", shown.time_zone),
            ("Id", shown.external_id if actor.is_administrator else ""),
        ],
        "once": once(),
    }
    return render(request, "people/person.html", context, status=status)


@require_http_methods(["GET", "POST"])
def person_new(request: PageRequest) -> HttpResponse:
    """Add somebody by hand."""
    actor = request.actor
    policies.can_add_person(actor).require()
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = _facts(actor, form)
        if facts is not None:
            try:
                added = person_add(actor=actor, facts=facts)
            except Invalid as error:
                form_refuse(form, error)
            else:
                messages.success(request, f"{added.name} is here. Give them a unit on the unit's page.")
                return redirect("people:person", actor.org_slug, added.pk)
    back = reverse("people:people", args=[actor.org_slug])
    context = {"form": form, "once": once(), "heading": "Add somebody", "back_url": back, "save": "Add"}
    return render(request, "people/person_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person_edit_page(request: PageRequest, person_id: int) -> HttpResponse:
    """Edit a person: all of it as an administrator, one's own profile otherwise."""
    actor = request.actor
    shown = person_visible(actor, person_id)
    policies.can_edit_profile(actor, shown).require()
    is_whole = policies.can_edit_person(actor, shown).allowed
    form_class = PersonForm if is_whole else ProfileForm
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=_initial(shown))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            if _saved(actor, shown, form, is_whole=is_whole):
                messages.success(request, "Saved.")
                return redirect("people:person", actor.org_slug, shown.pk)
        except Invalid as error:
            form_refuse(form, error)
        except Conflict as error:
            conflict = str(error)
    context = {
        "form": form,
        "once": once(),
        "heading": shown.name,
        "back_url": reverse("people:person", args=[actor.org_slug, shown.pk]),
        "save": "Save",
        "conflict": conflict,
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "people/person_form.html", context, status=status)


def _saved(actor: Actor, shown: Person, form: PersonForm | ProfileForm, *, is_whole: bool) -> bool:
    data = form.cleaned_data
    if not is_whole:
        profile_edit(
            actor=actor,
            person=shown,
            name=data["name"],
            location=data["location"],
            time_zone=data["time_zone"],
            about=data["about"],
            version=data["version"],
        )
        return True
    facts = _facts(actor, form)
    if facts is None:
        return False
    person_edit(actor=actor, person=shown, facts=facts, version=data["version"])
    return True


def _initial(shown: Person) -> dict[str, Any]:
    manager = shown.manager
    names = (
        "name",
        "email",
        "external_id",
        "title",
        "location",
        "time_zone",
        "about",
        "started_on",
        "version",
    )
    return {
        **{name: getattr(shown, name) for name in names},
        "manager": (manager.email or manager.external_id or manager.name) if manager else "",
    }


def _facts(actor: Actor, form: PersonForm | ProfileForm) -> PersonFacts | None:
    data = form.cleaned_data
    manager, trouble = person_named(actor, data["manager"])
    if trouble:
        form.add_error("manager", trouble)
        return None
    names = ("name", "email", "external_id", "title", "location", "time_zone", "about", "started_on")
    return PersonFacts(**{name: data[name] for name in names}, manager_id=manager.pk if manager else None)


@require_POST
def person_end_now(request: PageRequest, person_id: int) -> HttpResponse:
    """End somebody; the page says how to undo it."""
    actor = request.actor
    shown = person_visible(actor, person_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Invalid({"on": "The last day is not a date. Write it as 2026-03-31, or leave it empty for today."})
    person_end(actor=actor, person=shown, left_on=form.cleaned_data["on"])
    messages.success(request, f"{shown.name} has a last day. Nothing is deleted, and “Return” on this page undoes it.")
    return redirect("people:person", actor.org_slug, shown.pk)


@require_POST
def person_return_now(request: PageRequest, person_id: int) -> HttpResponse:
    """Undo an ending."""
    actor = request.actor
    shown = person_return(actor=actor, person=person_visible(actor, person_id))
    messages.success(request, f"{shown.name} is here again, with the memberships that had ended.")
    return redirect("people:person", actor.org_slug, shown.pk)


@require_POST
def person_strength_add(request: PageRequest, person_id: int) -> HttpResponse:
    """Add a strength to a person."""
    actor = request.actor
    shown = person_visible(actor, person_id)
    form = StrengthForm(request.POST)
    if form.is_valid():
        try:
            strength_add(actor=actor, person=shown, **form.cleaned_data)
        except Invalid as error:
            form_refuse(form, error)
        else:
            return redirect(f"{reverse('people:person', args=[actor.org_slug, shown.pk])}#strengths")
    return _profile(request, person_id, strength_form=form, status=422)
