"""Memberships of units: ended, resumed, moved, named lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.kernel.errors import Invalid
from throughline.people import policies
from throughline.people.forms import MemberMoveForm, form_refuse
from throughline.people.selectors.units import membership_visible, unit_named
from throughline.people.services import membership_end, membership_lead, membership_move, membership_resume
from throughline.people.views.units import last_day, to_unit, unit_form


@require_POST
def member_end(request: PageRequest, membership_id: int) -> HttpResponse:
    """Somebody's time in a unit ends."""
    actor = request.actor
    membership = membership_end(
        actor=actor, membership=membership_visible(actor, membership_id), ends_on=last_day(request)
    )
    messages.success(
        request,
        f"{membership.person.name}: the membership has a last day. “Undo” under past members takes it back.",
    )
    return to_unit(actor, membership.unit_id)


@require_POST
def member_resume(request: PageRequest, membership_id: int) -> HttpResponse:
    """Undo the end of a membership."""
    actor = request.actor
    membership = membership_resume(actor=actor, membership=membership_visible(actor, membership_id))
    return to_unit(actor, membership.unit_id)


@require_POST
def member_lead(request: PageRequest, membership_id: int) -> HttpResponse:
    """Whether somebody leads the unit: `is_lead` is yes or no."""
    actor = request.actor
    membership = membership_lead(
        actor=actor,
        membership=membership_visible(actor, membership_id),
        is_lead=request.POST.get("is_lead") == "yes",
    )
    return to_unit(actor, membership.unit_id)


@require_http_methods(["GET", "POST"])
def member_move(request: PageRequest, membership_id: int) -> HttpResponse:
    """From one unit to another."""
    actor = request.actor
    membership = membership_visible(actor, membership_id)
    policies.can_change_members(actor, membership.unit).require()
    form = MemberMoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        target, trouble = unit_named(actor, data["unit"])
        if target is None:
            form.add_error("unit", trouble)
        else:
            try:
                membership_move(
                    actor=actor,
                    membership=membership,
                    unit=target,
                    starts_on=data["starts_on"],
                    is_lead=data["is_lead"],
                )
            except Invalid as error:
                form_refuse(form, error)
            else:
                return to_unit(actor, target.pk)
    back = reverse("people:unit", args=[actor.org_slug, membership.unit_id])
    return unit_form(request, form, heading=f"Move {membership.person.name}", save="Move", back_url=back)
