"""Values and policies."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.selectors import trace_stations
from throughline.purpose import services
from throughline.purpose.forms import PolicyForm, ValueForm, refuse
from throughline.purpose.models import Policy, Value
from throughline.purpose.policies import can_manage_values
from throughline.purpose.selectors import policies_overview, policy_for, value_for, value_rows
from throughline.purpose.selectors.pages import endorsers_of_value, serving_value
from throughline.purpose.selectors.values import values_of_policy


@require_GET
def value_list(request: PageRequest) -> HttpResponse:
    """All values that hold, with their behaviours."""
    actor = request.actor
    context = {"values": value_rows(actor), "can_manage": can_manage_values(actor), **_context(actor)}
    return render(request, "purpose/values.html", context)


@require_GET
def value_page(request: PageRequest, value_id: int) -> HttpResponse:
    """One value: behaviours, policies, who stands behind it, what serves it."""
    actor = request.actor
    value = value_for(actor, value_id)
    context = {
        "value": value_rows(actor, ids=(value.pk,))[0],
        "endorsers": endorsers_of_value(actor, value.pk),
        "serving": serving_value(actor, value.pk),
        "stations": trace_stations(actor, value.ref),
        "can_manage": can_manage_values(actor),
        **_context(actor),
    }
    return render(request, "purpose/value.html", context)


@require_http_methods(["GET", "POST"])
def value_new(request: PageRequest) -> HttpResponse:
    """Define a value."""
    return _value_form(request, None)


@require_http_methods(["GET", "POST"])
def value_edit(request: PageRequest, value_id: int) -> HttpResponse:
    """Reword a value."""
    return _value_form(request, value_for(request.actor, value_id))


def _value_form(request: PageRequest, value: Value | None) -> HttpResponse:
    actor = request.actor
    can_manage_values(actor).require()
    initial: dict[str, Any] = {"version": 0}
    if value is not None:
        row = value_rows(actor, ids=(value.pk,))[0]
        initial = {
            "version": row.version,
            "name": row.name,
            "meaning": row.meaning,
            "shows": "\n".join(row.shows),
            "contradicts": "\n".join(row.contradicts),
        }
    form: django_forms.Form = ValueForm(request.POST or None, initial=initial)
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            words = {
                "name": given["name"],
                "meaning": given["meaning"],
                "shows": given["shows"].splitlines(),
                "contradicts": given["contradicts"].splitlines(),
            }
            try:
                if value is None:
                    saved = services.value_create(actor=actor, **words)
                else:
                    saved = services.value_edit(actor=actor, value=value, version=given["version"], **words)
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                form = ValueForm({**request.POST.dict(), "version": value.version if value is not None else 0})
            else:
                return redirect("purpose:value", actor.org_slug, saved.pk)
    context = {"form": form, "value": value, "conflict": conflict, **_context(actor)}
    return render(request, "purpose/value_form.html", context, status=status)


@require_POST
def value_end(request: PageRequest, value_id: int) -> HttpResponse:
    """End a value."""
    actor = request.actor
    value = services.value_end(actor=actor, value=value_for(actor, value_id))
    messages.success(request, f"“{value.name}” has ended. What served it keeps saying so.")
    return redirect("purpose:values", actor.org_slug)


@require_POST
def value_endorse(request: PageRequest, value_id: int) -> HttpResponse:
    """Stand behind a value, or no longer."""
    actor = request.actor
    value = value_for(actor, value_id)
    if request.POST.get("withdraw"):
        services.value_endorsement_withdraw(actor=actor, value=value)
    else:
        services.value_endorse(actor=actor, value=value)
    return redirect("purpose:value", actor.org_slug, value_id)


@require_GET
def policy_list(request: PageRequest) -> HttpResponse:
    """Policies beside the values they put into practice, and what stands alone."""
    actor = request.actor
    context = {"seen": policies_overview(actor), "can_manage": can_manage_values(actor), **_context(actor)}
    return render(request, "purpose/policies.html", context)


@require_GET
def policy_page(request: PageRequest, policy_id: int) -> HttpResponse:
    """One policy."""
    actor = request.actor
    policy = policy_for(actor, policy_id)
    context = {
        "policy": policy,
        "values": values_of_policy(actor, policy),
        "stations": trace_stations(actor, policy.ref),
        "can_manage": can_manage_values(actor),
        **_context(actor),
    }
    return render(request, "purpose/policy.html", context)


@require_http_methods(["GET", "POST"])
def policy_new(request: PageRequest) -> HttpResponse:
    """Record a policy."""
    return _policy_form(request, None)


@require_http_methods(["GET", "POST"])
def policy_edit(request: PageRequest, policy_id: int) -> HttpResponse:
    """Change a policy."""
    return _policy_form(request, policy_for(request.actor, policy_id))


def _policy_form(request: PageRequest, policy: Policy | None) -> HttpResponse:
    actor = request.actor
    can_manage_values(actor).require()
    choices = [(row.id, row.name) for row in value_rows(actor)]
    initial: dict[str, Any] = {"version": 0}
    if policy is not None:
        initial = {
            "version": policy.version,
            "title": policy.title,
            "text": policy.text,
            "reference": policy.reference,
            "values": [number for number, _ in values_of_policy(actor, policy)],
        }
    form: django_forms.Form = PolicyForm(request.POST or None, initial=initial, values=choices)
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            words = {
                "title": given["title"],
                "text": given["text"],
                "reference": given["reference"],
                "value_ids": given.get("values", []),
            }
            try:
                if policy is None:
                    saved = services.policy_create(actor=actor, **words)
                else:
                    saved = services.policy_edit(actor=actor, policy=policy, version=given["version"], **words)
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                typed = request.POST.copy()
                typed["version"] = str(policy.version if policy is not None else 0)
                form = PolicyForm(typed, values=choices)
            else:
                return redirect("purpose:policy", actor.org_slug, saved.pk)
    context = {"form": form, "policy": policy, "conflict": conflict, **_context(actor)}
    return render(request, "purpose/policy_form.html", context, status=status)


@require_POST
def policy_end(request: PageRequest, policy_id: int) -> HttpResponse:
    """End a policy."""
    actor = request.actor
    policy = services.policy_end(actor=actor, policy=policy_for(actor, policy_id))
    messages.success(request, f"“{policy.title}” has ended.")
    return redirect("purpose:policies", actor.org_slug)


def _context(actor: Actor) -> dict[str, str]:
    return {
        "overview_url": reverse("purpose:overview", args=[actor.org_slug]),
        "values_url": reverse("purpose:values", args=[actor.org_slug]),
        "policies_url": reverse("purpose:policies", args=[actor.org_slug]),
        "once": secrets.token_urlsafe(12),
    }
