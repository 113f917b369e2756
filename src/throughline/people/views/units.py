"""The unit tree, a unit's page, and who belongs to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import Row, TreeRow
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.people import policies
from throughline.people.forms import (
    EndForm,
    MemberForm,
    StrengthForm,
    UnitForm,
    UnitMoveForm,
    UnitRenameForm,
    form_refuse,
)
from throughline.people.models import Unit
from throughline.people.rules import STRENGTH_KINDS
from throughline.people.selectors.people import person_named
from throughline.people.selectors.units import (
    MOST_OPEN,
    memberships_of_unit,
    unit_named,
    unit_page,
    unit_tree,
    unit_visible,
    units_found,
)
from throughline.people.services import (
    membership_start,
    strength_add,
    unit_create,
    unit_end,
    unit_move,
    unit_rename,
    unit_reopen,
)
from throughline.people.views.paging import cursor_of, once, page_urls


@require_GET
def units(request: PageRequest) -> HttpResponse:
    """The tree, opened where the address says; or units found by words."""
    actor = request.actor
    words = request.GET.get("q", "")
    opened = [int(part) for part in request.GET.get("open", "").split(",") if part.isdecimal()][:MOST_OPEN]
    tree = unit_tree(actor, opened)
    unit_url = reverse("people:unit", args=[actor.org_slug, 0])[: -len("0/")]

    def toggled(unit: Unit) -> str:
        after = [number for number in opened if number != unit.pk]
        if len(after) == len(opened):
            after.append(unit.pk)
        return f"?open={','.join(map(str, after))}"

    rows = [
        TreeRow(
            title=branch.unit.name,
            url=f"{unit_url}{branch.unit.pk}/",
            depth=branch.unit.depth,
            side=f"{branch.people_here}" if branch.people_here else "",
            meta=branch.unit.function,
            toggle_url=toggled(branch.unit) if branch.has_children else "",
            is_open=branch.is_open,
        )
        for branch in tree.branches
    ]
    found = [
        Row(
            unit.name,
            f"{unit_url}{unit.pk}/",
            meta=f"in {unit.parent.name}" if unit.parent else unit.function,
        )
        for unit in units_found(actor, words)
    ]
    context = {
        "rows": rows,
        "is_cut": tree.is_cut,
        "words": words,
        "found": found,
        "can_shape": policies.can_shape_units(actor),
        "new_url": reverse("people:unit_new", args=[actor.org_slug]),
    }
    return render(request, "people/units.html", context)


@require_GET
@guests_welcome
def unit(request: PageRequest, unit_id: int) -> HttpResponse:
    """A unit: what is above and below, who belongs to it, what it is good at."""
    return _unit(request, unit_id)


def _unit(
    request: PageRequest,
    unit_id: int,
    *,
    member_form: MemberForm | None = None,
    strength_form: StrengthForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    page = unit_page(actor, unit_id)
    is_past = request.GET.get("members") == "past"
    members = memberships_of_unit(actor, page.unit, is_past=is_past, cursor=cursor_of(request))
    slug = actor.org_slug
    people_url = reverse("people:person", args=[slug, 0])[: -len("0/")]
    unit_url = reverse("people:unit", args=[slug, 0])[: -len("0/")]
    crumbs = [("Units", reverse("people:units", args=[slug]))] if actor.is_member else []
    context: dict[str, Any] = {
        "page": page,
        "unit": page.unit,
        "crumb_items": [
            *crumbs,
            *((above.name, f"{unit_url}{above.pk}/") for above in page.above),
            (page.unit.name, ""),
        ],
        "below": [Row(child.name, f"{unit_url}{child.pk}/", meta=child.function) for child in page.below],
        "leads": [(row.person.name, f"{people_url}{row.person_id}/", row.person.title) for row in page.leads],
        "members": [(row, f"{people_url}{row.person_id}/", f"{unit_url}memberships/{row.pk}/") for row in members.rows],
        "is_past": is_past,
        "day": today(actor.time_zone),
        "can_shape": policies.can_shape_units(actor),
        "can_rename": policies.can_rename_unit(actor, page.unit),
        "can_members": policies.can_change_members(actor, page.unit),
        "can_leads": policies.can_name_leads(actor, page.unit),
        "can_strengths": policies.can_change_strengths(actor, unit=page.unit),
        "strengths": [(STRENGTH_KINDS.get(row.kind, row.kind), row) for row in page.strengths],
        "member_form": member_form or MemberForm(),
        "strength_form": strength_form or StrengthForm(),
        "end_form": EndForm(),
        "once": once(),
        **page_urls(request, following=members.next_cursor, previous=members.previous_cursor),
    }
    return render(request, "people/unit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def unit_new(request: PageRequest) -> HttpResponse:
    """Create a unit; `?below=` names the unit above."""
    actor = request.actor
    policies.can_shape_units(actor).require()
    below = request.GET.get("below", "")
    form = UnitForm(request.POST) if request.method == "POST" else UnitForm(initial={"parent": below})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        parent, trouble = unit_named(actor, data["parent"])
        if trouble:
            form.add_error("parent", trouble)
        else:
            try:
                made = unit_create(actor=actor, name=data["name"], function=data["function"], parent=parent)
            except Invalid as error:
                form_refuse(form, error)
            else:
                return redirect("people:unit", actor.org_slug, made.pk)
    back = reverse("people:units", args=[actor.org_slug])
    return unit_form(request, form, heading="Create a unit", save="Create", back_url=back)


@require_http_methods(["GET", "POST"])
def unit_edit(request: PageRequest, unit_id: int) -> HttpResponse:
    """Rename a unit."""
    actor = request.actor
    shown = unit_visible(actor, unit_id)
    policies.can_rename_unit(actor, shown).require()
    initial = {"name": shown.name, "function": shown.function, "version": shown.version}
    form = UnitRenameForm(request.POST) if request.method == "POST" else UnitRenameForm(initial=initial)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            unit_rename(actor=actor, unit=shown, **form.cleaned_data)
        except Invalid as error:
            form_refuse(form, error)
        except Conflict as error:
            conflict = str(error)
        else:
            return redirect("people:unit", actor.org_slug, shown.pk)
    back = reverse("people:unit", args=[actor.org_slug, shown.pk])
    return unit_form(request, form, heading=f"Rename {shown.name}", save="Save", back_url=back, conflict=conflict)


@require_http_methods(["GET", "POST"])
def unit_move_page(request: PageRequest, unit_id: int) -> HttpResponse:
    """Hang a unit elsewhere."""
    actor = request.actor
    shown = unit_visible(actor, unit_id)
    policies.can_shape_units(actor).require()
    initial = {"parent": shown.parent.name if shown.parent else "", "version": shown.version}
    form = UnitMoveForm(request.POST) if request.method == "POST" else UnitMoveForm(initial=initial)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        parent, trouble = unit_named(actor, form.cleaned_data["parent"])
        if trouble:
            form.add_error("parent", trouble)
        else:
            try:
                unit_move(actor=actor, unit=shown, parent=parent, version=form.cleaned_data["version"])
            except Invalid as error:
                form_refuse(form, error)
            except Conflict as error:
                conflict = str(error)
            else:
                messages.success(request, f"{shown.name} and everything below it has moved.")
                return redirect("people:unit", actor.org_slug, shown.pk)
    back = reverse("people:unit", args=[actor.org_slug, shown.pk])
    return unit_form(request, form, heading=f"Move {shown.name}", save="Move", back_url=back, conflict=conflict)


def unit_form(
    request: PageRequest, form: Form, *, heading: str, save: str, back_url: str, conflict: str = ""
) -> HttpResponse:
    """A form about a unit or a membership, with what stands in its way."""
    context = {
        "form": form,
        "heading": heading,
        "save": save,
        "back_url": back_url,
        "conflict": conflict,
        "once": once(),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "people/unit_form.html", context, status=status)


@require_POST
def unit_end_now(request: PageRequest, unit_id: int) -> HttpResponse:
    """End a unit; reopening undoes it."""
    actor = request.actor
    shown = unit_visible(actor, unit_id)
    unit_end(actor=actor, unit=shown, ended_on=last_day(request))
    messages.success(request, f"{shown.name} has ended. “Reopen” on this page undoes it.")
    return redirect("people:unit", actor.org_slug, shown.pk)


@require_POST
def unit_reopen_now(request: PageRequest, unit_id: int) -> HttpResponse:
    """Undo an ending."""
    actor = request.actor
    shown = unit_reopen(actor=actor, unit=unit_visible(actor, unit_id))
    messages.success(request, f"{shown.name} is open again.")
    return redirect("people:unit", actor.org_slug, shown.pk)


@require_POST
def member_add(request: PageRequest, unit_id: int) -> HttpResponse:
    """Somebody belongs to the unit."""
    actor = request.actor
    shown = unit_visible(actor, unit_id)
    policies.can_change_members(actor, shown).require()
    form = MemberForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        person, trouble = person_named(actor, data["person"])
        if person is None:
            form.add_error("person", trouble)
        else:
            try:
                membership_start(
                    actor=actor,
                    person=person,
                    unit=shown,
                    starts_on=data["starts_on"],
                    is_lead=data["is_lead"],
                )
            except Invalid as error:
                form_refuse(form, error)
            else:
                return to_unit(actor, shown.pk)
    return _unit(request, unit_id, member_form=form, status=422)


@require_POST
def unit_strength_add(request: PageRequest, unit_id: int) -> HttpResponse:
    """Add a strength or asset to a unit."""
    actor = request.actor
    shown = unit_visible(actor, unit_id)
    form = StrengthForm(request.POST)
    if form.is_valid():
        try:
            strength_add(actor=actor, unit=shown, **form.cleaned_data)
        except Invalid as error:
            form_refuse(form, error)
        else:
            return redirect(f"{reverse('people:unit', args=[actor.org_slug, shown.pk])}#strengths")
    return _unit(request, unit_id, strength_form=form, status=422)


def last_day(request: PageRequest) -> Any:
    """The last day a small form names, None for today."""
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Invalid({"on": "The last day is not a date. Write it as 2026-03-31, or leave it empty for today."})
    return form.cleaned_data["on"]


def to_unit(actor: Actor, unit_id: int) -> HttpResponse:
    """Back to the members of a unit."""
    return redirect(f"{reverse('people:unit', args=[actor.org_slug, unit_id])}#members")
