"""One statement: reading it, suggesting, endorsing, answering."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.selectors import trace_stations
from throughline.purpose import services
from throughline.purpose.forms import FateForm, ReviewDateForm, ReviewForm, SuggestionForm, refuse
from throughline.purpose.policies import can_edit
from throughline.purpose.rules import Level, next_review
from throughline.purpose.selectors import statement_for, statement_page, suggestion_for
from throughline.purpose.selectors.pages import answerers


@require_GET
@guests_welcome
def statement(request: PageRequest, statement_id: int) -> HttpResponse:
    """The page of a purpose."""
    return _page(request, statement_id)


def _page(
    request: PageRequest,
    statement_id: int,
    *,
    form: SuggestionForm | None = None,
    fate_form: FateForm | None = None,
    fate_for: int | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    page = statement_page(actor, statement_id)
    names = answerers(actor, page.suggestions)
    overview = reverse("purpose:overview", args=[actor.org_slug])
    context: dict[str, Any] = {
        "page": page,
        "form": form or SuggestionForm(),
        "fate_form": fate_form,
        "fate_for": fate_for,
        "suggestions": [(row, names.get(row.answered_by_id or 0, "")) for row in page.suggestions],
        "stations": trace_stations(actor, page.statement.ref) if actor.is_member else (),
        "overview_url": overview,
        "base_url": f"{overview}{page.statement.pk}/",
        "decisions_url": reverse("decisions:log", args=[actor.org_slug]),
        "is_personal": page.statement.level == Level.PERSON,
        "once": secrets.token_urlsafe(12),
    }
    return render(request, "purpose/statement.html", context, status=status)


@require_POST
def suggest(request: PageRequest, statement_id: int) -> HttpResponse:
    """Suggest a change."""
    actor = request.actor
    found = statement_for(actor, statement_id)
    form = SuggestionForm(request.POST)
    if form.is_valid():
        try:
            services.suggestion_add(actor=actor, statement=found, **form.cleaned_data)
        except Invalid as error:
            refuse(form, error)
        else:
            messages.success(request, "Thank you. You will hear what became of it.")
            return redirect(f"{_url(actor, statement_id)}#suggestions")
    return _page(request, statement_id, form=form, status=422)


@require_POST
def fate(request: PageRequest, statement_id: int, suggestion_id: int) -> HttpResponse:
    """Say what becomes of a suggestion."""
    actor = request.actor
    found = suggestion_for(actor, statement_id, suggestion_id)
    can_edit(actor, found.statement).require()
    form = FateForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if given["fate"] == "taken_up":
                if given["version"] is None:
                    raise Invalid({"version": "Name the version it went into."})
                services.suggestion_take_up(actor=actor, suggestion=found, version=given["version"])
            else:
                services.suggestion_answer(actor=actor, suggestion=found, kind=given["fate"], reason=given["reason"])
        except Invalid as error:
            refuse(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
            return _page(request, statement_id, fate_form=form, fate_for=suggestion_id, status=409)
        else:
            return redirect(f"{_url(actor, statement_id)}#suggestion-{suggestion_id}")
    return _page(request, statement_id, fate_form=form, fate_for=suggestion_id, status=422)


@require_POST
def endorse(request: PageRequest, statement_id: int) -> HttpResponse:
    """Stand behind a purpose, or no longer."""
    actor = request.actor
    found = statement_for(actor, statement_id)
    if request.POST.get("withdraw"):
        services.endorsement_withdraw(actor=actor, statement=found)
    else:
        services.statement_endorse(actor=actor, statement=found)
    return redirect("purpose:statement", actor.org_slug, statement_id)


@require_http_methods(["GET", "POST"])
def review(request: PageRequest, statement_id: int) -> HttpResponse:
    """Look whether a purpose still holds."""
    actor = request.actor
    page = statement_page(actor, statement_id)
    page.can_edit.require()
    form = ReviewForm(request.POST or None, initial={"next_on": next_review(today(actor.time_zone))})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.purpose_review(actor=actor, statement=page.statement, **form.cleaned_data)
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, "The review is recorded.")
                if form.cleaned_data["outcome"] == "revise":
                    return redirect("purpose:edit", actor.org_slug, statement_id)
                return redirect("purpose:statement", actor.org_slug, statement_id)
    return _review_page(request, page, form, ReviewDateForm(initial={"review_on": page.statement.review_on}), status)


@require_POST
def review_date(request: PageRequest, statement_id: int) -> HttpResponse:
    """Set when to look again."""
    actor = request.actor
    page = statement_page(actor, statement_id)
    form = ReviewDateForm(request.POST)
    if form.is_valid():
        try:
            services.review_date_set(actor=actor, statement=page.statement, review_on=form.cleaned_data["review_on"])
        except Invalid as error:
            refuse(form, error)
        else:
            messages.success(request, "The date of the next review is set.")
            return redirect("purpose:statement", actor.org_slug, statement_id)
    page.can_edit.require()
    return _review_page(request, page, ReviewForm(), form, 422)


def _review_page(
    request: PageRequest, page: Any, form: django_forms.Form, date_form: django_forms.Form, status: int
) -> HttpResponse:
    actor = request.actor
    context = {
        "page": page,
        "form": form,
        "date_form": date_form,
        "base_url": _url(actor, page.statement.pk),
        "overview_url": reverse("purpose:overview", args=[actor.org_slug]),
        "once": secrets.token_urlsafe(12),
    }
    return render(request, "purpose/review.html", context, status=status)


def _url(actor: Actor, statement_id: int) -> str:
    return reverse("purpose:statement", args=[actor.org_slug, statement_id])
