"""Writing drafts, proposing them, and one's own purpose."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.components.choosing import choices_of
from throughline.decisions.selectors.naming import people_named
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.subjects import ChangeKind
from throughline.purpose import services
from throughline.purpose.forms import PersonalForm, ProposeForm, ShareForm, StatementForm, refuse
from throughline.purpose.models import Statement
from throughline.purpose.policies import can_write
from throughline.purpose.rules import Level, VersionState, Visibility
from throughline.purpose.selectors import purposes_for_line, statement_of_level, statement_page
from throughline.purpose.selectors.overview import unit_names
from throughline.purpose.selectors.people import asked_by_default


@require_http_methods(["GET", "POST"])
def start_organisation(request: PageRequest) -> HttpResponse:
    """Begin the organisation's purpose."""
    return _start(request, Level.ORGANISATION, None, "the organisation")


@require_http_methods(["GET", "POST"])
def start_unit(request: PageRequest, unit_id: int) -> HttpResponse:
    """Begin a unit's purpose."""
    names = dict(unit_names(request.actor, [unit_id]))
    if unit_id not in names:
        raise NotFound
    return _start(request, Level.UNIT, unit_id, names[unit_id])


def _start(request: PageRequest, level: Level, unit_id: int | None, whose: str) -> HttpResponse:
    actor = request.actor
    known = statement_of_level(actor, level, unit_id=unit_id)
    if known is not None and request.method == "GET":
        return redirect("purpose:statement", actor.org_slug, known.pk)
    can_write(actor, level=level, unit_id=unit_id).require()
    form = StatementForm(request.POST or None, initial={"based_on": 0})
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        took_part = _took_part(actor, form) if form.is_valid() else None
        if took_part is not None:
            try:
                made = services.statement_start(
                    actor=actor,
                    level=level,
                    unit_id=unit_id,
                    text=form.cleaned_data["text"],
                    reason=form.cleaned_data["reason"],
                    took_part=took_part,
                )
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
            else:
                messages.success(request, "A first draft. Everyone can now suggest changes.")
                return redirect("purpose:statement", actor.org_slug, made.pk)
    context = {"form": form, "whose": whose, "conflict": conflict, "page": None, **_context(actor)}
    return render(request, "purpose/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, statement_id: int) -> HttpResponse:
    """Write a new version."""
    actor = request.actor
    page = statement_page(actor, statement_id)
    page.can_edit.require()
    if page.statement.level == Level.PERSON:
        return redirect("purpose:mine", actor.org_slug)
    latest = page.versions[0]
    is_proposed = latest.state is VersionState.PROPOSED
    initial = {"text": latest.text, "based_on": latest.version, "change": ChangeKind.WORDING.value}
    form = StatementForm(request.POST or None, initial=initial, is_proposed=is_proposed)
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        took_part = _took_part(actor, form) if form.is_valid() else None
        if took_part is not None:
            given = form.cleaned_data
            try:
                services.statement_write(
                    actor=actor,
                    statement=page.statement,
                    text=given["text"],
                    based_on=given["based_on"],
                    reason=given["reason"],
                    took_part=took_part,
                    change=ChangeKind(given.get("change") or ChangeKind.WORDING.value),
                )
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                form = StatementForm({**request.POST.dict(), "based_on": latest.version}, is_proposed=is_proposed)
            else:
                messages.success(request, f"Saved as version {latest.version + 1}.")
                return redirect("purpose:statement", actor.org_slug, statement_id)
    context = {
        "form": form,
        "whose": page.whose,
        "conflict": conflict,
        "page": page,
        **_context(actor, statement_id),
    }
    return render(request, "purpose/edit.html", context, status=status)


def _took_part(actor: Actor, form: django_forms.Form) -> tuple[int, ...] | None:
    """Numbers of those named, or None with the reasons on the form."""
    named = people_named(actor, form.cleaned_data["took_part"])
    for sentence in named.problems:
        form.add_error("took_part", sentence)
    return None if named.problems else named.person_ids


@require_http_methods(["GET", "POST"])
def propose(request: PageRequest, statement_id: int) -> HttpResponse:
    """Put the draft to decision."""
    actor = request.actor
    page = statement_page(actor, statement_id)
    page.can_propose.require()
    latest = page.versions[0]
    asked = "\n".join(asked_by_default(actor, page.statement))
    form = ProposeForm(request.POST or None, initial={"version": latest.version, "asked": asked})
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _propose(actor, page.statement, form)
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                form = ProposeForm({**request.POST.dict(), "version": latest.version})
            else:
                messages.success(request, "Proposed. Everyone you named is told.")
                return redirect("decisions:proposal", actor.org_slug, made)
    context = {
        "form": form,
        "page": page,
        "latest": latest,
        "conflict": conflict,
        **_context(actor, statement_id),
    }
    return render(request, "purpose/propose.html", context, status=status)


def _propose(actor: Actor, statement: Statement, form: ProposeForm) -> int:
    given = form.cleaned_data
    named = people_named(actor, given["asked"])
    if named.problems:
        raise Invalid({"asked": list(named.problems)})
    version = services.statement_propose(
        actor=actor,
        statement=statement,
        version=given["version"],
        asked=named.person_ids,
        options=given["options"].splitlines(),
        closes_on=given["closes_on"],
    )
    return version.proposal_id or 0


@require_http_methods(["GET", "POST"])
def mine(request: PageRequest) -> HttpResponse:
    """One's own purpose: write it, and see who reads it."""
    actor = request.actor
    can_write(actor, level=Level.PERSON, person_id=actor.person_id).require()
    known = statement_of_level(actor, Level.PERSON)
    page = statement_page(actor, known.pk) if known is not None else None
    above = [(line.ref.id, f"{line.whose}: {line.text[:120]}") for line in purposes_for_line(actor)]
    initial: dict[str, Any] = {"based_on": 0}
    if page is not None:
        toward = [row.pk for row in page.toward]
        initial = {"based_on": page.statement.latest_version, "text": page.shown.text, "toward": toward}
    form = PersonalForm(request.POST or None, initial=initial, above=above)
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _mine_save(actor, page.statement if page is not None else None, form)
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                form = PersonalForm(_typed(request, page), above=above)
            else:
                messages.success(request, "Saved.")
                return redirect("purpose:mine", actor.org_slug)
    return _mine_page(request, page, form, _share_form(actor, page), conflict=conflict, status=status)


def _typed(request: PageRequest, page: Any) -> Any:
    """What was typed, now on top of the version that is there."""
    typed = request.POST.copy()
    typed["based_on"] = str(page.statement.latest_version if page is not None else 0)
    return typed


def _mine_save(actor: Actor, known: Statement | None, form: PersonalForm) -> None:
    given = form.cleaned_data
    toward = given.get("toward", [])
    if known is None:
        if given["based_on"] != 0:
            raise Conflict("This purpose is no longer there; your words are kept below.")
        services.statement_start(
            actor=actor, level=Level.PERSON, text=given["text"], reason=given["reason"], toward=toward
        )
        return
    services.statement_write(
        actor=actor,
        statement=known,
        text=given["text"],
        based_on=given["based_on"],
        reason=given["reason"],
        toward=toward,
    )


def _share_form(actor: Actor, page: Any) -> ShareForm | None:
    if page is None:
        return None
    row = page.statement
    who = f"unit:{row.shared_unit_id}" if row.visibility == Visibility.UNIT else row.visibility
    return ShareForm(initial={"who": who}, units=unit_names(actor, actor.own_unit_ids))


def _mine_page(
    request: PageRequest,
    page: Any,
    form: PersonalForm,
    share: ShareForm | None,
    *,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    context = {
        "page": page,
        "form": form,
        "share_form": share,
        "conflict": conflict,
        "share_url": reverse("purpose:share", args=[actor.org_slug]),
        **_context(actor),
    }
    return render(request, "purpose/mine.html", context, status=status)


@require_POST
def share(request: PageRequest) -> HttpResponse:
    """Share one's purpose, or make it private again. Sharing wider asks once more first."""
    actor = request.actor
    known = statement_of_level(actor, Level.PERSON)
    if known is None:
        raise NotFound("Write your purpose first; then choose who may read it.")
    page = statement_page(actor, known.pk)
    form = ShareForm(request.POST, units=unit_names(actor, actor.own_unit_ids))
    if form.is_valid():
        visibility, unit_id = form.chosen()
        if visibility != Visibility.PRIVATE and not request.POST.get("confirmed"):
            words = dict(choices_of(form, "who"))[form.cleaned_data["who"]]
            context = {"page": page, "who": form.cleaned_data["who"], "words": words, **_context(actor)}
            context["share_url"] = reverse("purpose:share", args=[actor.org_slug])
            return render(request, "purpose/share.html", context)
        try:
            services.statement_share(actor=actor, statement=known, visibility=visibility, unit_id=unit_id)
        except Invalid as error:
            form.add_error("who", str(error))
        else:
            messages.success(request, "Only you read it now." if visibility == "private" else "Shared.")
            return redirect("purpose:mine", actor.org_slug)
    first = {"based_on": page.statement.latest_version, "text": page.shown.text}
    above = [(line.ref.id, f"{line.whose}: {line.text[:120]}") for line in purposes_for_line(actor)]
    return _mine_page(request, page, PersonalForm(initial=first, above=above), form, status=422)


def _context(actor: Actor, statement_id: int | None = None) -> dict[str, str]:
    overview = reverse("purpose:overview", args=[actor.org_slug])
    return {
        "overview_url": overview,
        "base_url": f"{overview}{statement_id}/" if statement_id is not None else overview,
        "once": secrets.token_urlsafe(12),
    }
