"""The settings: overview with the guided set-up, the organisation, one's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from throughline.access import policies
from throughline.access.forms import OrganisationForm, refuse
from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.access.rules import role_words
from throughline.access.selectors import organisation_of
from throughline.access.selectors.setup import settings_tabs, setup_state
from throughline.access.services import organisation_change
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import secret_new


def settings_context(request: PageRequest, current: str, **more: Any) -> dict[str, Any]:
    """What every settings page shows: its tabs, the organisation's slug and a fresh once-key for its
    forms.
    """
    actor = request.actor
    return {"tabs": settings_tabs(actor, current), "slug": actor.org_slug, "once": secret_new(12), **more}


@require_GET
def overview(request: PageRequest) -> HttpResponse:
    """What is set up and what comes next."""
    context = settings_context(request, "overview", can_administer=policies.can_administer(request.actor))
    context["organisation"] = organisation_of(request.actor)
    context["setup"] = setup_state(request.actor) if request.actor.is_administrator else None
    return render(request, "access/settings/overview.html", context)


@require_http_methods(["GET", "POST"])
def organisation(request: PageRequest) -> HttpResponse:
    """Name and time zone."""
    policies.can_administer(request.actor).require()
    org = organisation_of(request.actor)
    seen = {
        "name": org.name,
        "time_zone": org.time_zone,
        "seen_name": org.name,
        "seen_time_zone": org.time_zone,
    }
    form = OrganisationForm(request.POST or None, initial=seen)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                organisation_change(actor=request.actor, **form.cleaned_data)
            except (Invalid, Conflict) as error:
                refuse(form, error)
                status = 409 if isinstance(error, Conflict) else 422
                if isinstance(error, Conflict):
                    # Saving again after looking is a decision made on what is there now.
                    data = request.POST.copy()
                    data["seen_name"], data["seen_time_zone"] = org.name, org.time_zone
                    form.data = data
            else:
                messages.success(request, "Saved.")
                return redirect("settings:organisation", request.actor.org_slug)
    context = settings_context(request, "organisation", form=form, organisation=org)
    return render(request, "access/settings/organisation.html", context, status=status)


@require_GET
@guests_welcome
def security(request: PageRequest) -> HttpResponse:
    """Where one's own sign-in is looked after."""
    context = settings_context(request, "security", roles=role_words(map(str, request.actor.roles)))
    context["email"] = getattr(request.user, "email", "")
    return render(request, "access/settings/security.html", context)
