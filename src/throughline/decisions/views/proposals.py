"""One proposal: its text, what people say to it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import TimelineItem
from throughline.decisions import services
from throughline.decisions.forms import NoteForm, PositionForm, refuse
from throughline.decisions.selectors import ProposalPage, objection_for_settling, proposal_for, proposal_page
from throughline.decisions.views.paging import once
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.selectors import trace_stations


@require_GET
@guests_welcome
def proposal(request: PageRequest, proposal_id: int) -> HttpResponse:
    """The page of a proposal."""
    return _page(request, proposal_id)


def _page(
    request: PageRequest,
    proposal_id: int,
    *,
    form: PositionForm | None = None,
    note_form: NoteForm | None = None,
    note_for: str | int = "",
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    page = proposal_page(actor, proposal_id)
    if form is None:
        form = PositionForm(initial={"version": page.proposal.version})
    elif conflict:
        # What was typed stays; the next sending is about the text now shown.
        form = PositionForm({**request.POST.dict(), "version": page.proposal.version})
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "note_form": note_form,
        "note_for": note_for,
        "conflict": conflict,
        "stations": trace_stations(actor, page.proposal.ref) if actor.is_member else (),
        "history": _history(page),
        **once(),
        **_urls(actor, page),
    }
    return render(request, "decisions/proposal.html", context, status=status)


def _urls(actor: Actor, page: ProposalPage) -> dict[str, str]:
    base = reverse("decisions:proposal", args=[actor.org_slug, page.proposal.pk])
    log = reverse("decisions:log", args=[actor.org_slug])
    return {"base_url": base, "log_url": log}


def _history(page: ProposalPage) -> list[TimelineItem]:
    """What happened, newest first, in words made from the rows themselves."""
    items = [
        TimelineItem(at=said.at, title=f"{said.name} {said.stance}", detail=said.reason, by=f"version {said.version}")
        for said in page.said
    ]
    for version in page.versions[:-1]:
        by = version.by_person.name if version.by_person is not None else ""
        kinds = ", ".join(version.changes)
        items.append(TimelineItem(at=version.created_at, title=f"Version {version.version}", detail=kinds, by=by))
    opened = page.proposal.opened_by.name if page.proposal.opened_by is not None else ""
    items.append(TimelineItem(at=page.proposal.opened_at, title="Proposed", by=opened))
    for row in page.contested:
        by = row.contested_by.name if row.contested_by is not None else ""
        if row.contested_at is not None:
            title = f"Version {row.version} contested as more than editorial"
            items.append(TimelineItem(at=row.contested_at, title=title, detail=row.reason, by=by))
    for objection in page.objections:
        if objection.settled_at is not None:
            title = f"Objection of {objection.by}: {objection.state_label.lower()}"
            items.append(
                TimelineItem(at=objection.settled_at, title=title, detail=objection.answer, by=objection.settled_by)
            )
    if page.proposal.decided_at is not None:
        by = page.proposal.decided_by.name if page.proposal.decided_by is not None else ""
        items.append(TimelineItem(at=page.proposal.decided_at, title=page.state_label, by=by))
    return sorted(items, key=lambda item: item.at, reverse=True)


@require_POST
@guests_welcome
def position(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Take a position on the version that was shown."""
    actor = request.actor
    found = proposal_for(actor, proposal_id)
    form = PositionForm(request.POST)
    if not form.is_valid():
        return _page(request, proposal_id, form=form, status=422)
    given = form.cleaned_data
    try:
        services.position_take(
            actor=actor,
            proposal=found,
            stance=given["stance"],
            version=given["version"],
            reason=given["reason"],
            quote=given["quote"],
        )
    except Invalid as error:
        refuse(form, error)
        return _page(request, proposal_id, form=form, status=422)
    except Conflict as error:
        return _page(request, proposal_id, form=form, conflict=str(error), status=409)
    messages.success(request, f"Your position on version {given['version']} is recorded.")
    return redirect("decisions:proposal", actor.org_slug, proposal_id)


_SETTLE: dict[str, Callable[..., object]] = {
    "integrate": services.objection_integrate,
    "stand": services.objection_stand,
    "withdraw": services.objection_withdraw,
}


@require_POST
@guests_welcome
def objection(request: PageRequest, proposal_id: int, objection_id: int, action: str) -> HttpResponse:
    """Integrate, record as standing, or withdraw an objection."""
    actor = request.actor
    if action not in _SETTLE:
        raise NotFound
    found = objection_for_settling(actor, proposal_id, objection_id)
    form = NoteForm(request.POST)
    form.is_valid()
    try:
        _SETTLE[action](actor=actor, objection=found, note=form.cleaned_data.get("note", ""))
    except Invalid as error:
        refuse(form, error)
        return _page(request, proposal_id, note_form=form, note_for=objection_id, status=422)
    return redirect(f"{reverse('decisions:proposal', args=[actor.org_slug, proposal_id])}#objection-{objection_id}")


@require_POST
@guests_welcome
def contest(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Contest that a change was only editorial."""
    actor = request.actor
    found = proposal_for(actor, proposal_id)
    form = NoteForm(request.POST)
    form.is_valid()
    try:
        services.editorial_contest(actor=actor, proposal=found, reason=form.cleaned_data.get("note", ""))
    except Invalid as error:
        form.add_error("note", str(error))
        return _page(request, proposal_id, note_form=form, note_for="contest", status=422)
    messages.success(request, "Everyone is asked again about the text as it now stands.")
    return redirect("decisions:proposal", actor.org_slug, proposal_id)


@require_GET
@guests_welcome
def version(request: PageRequest, proposal_id: int, version: int) -> HttpResponse:
    """One earlier version, beside what has changed since."""
    actor = request.actor
    page = proposal_page(actor, proposal_id)
    shown = next((row for row in page.versions if row.version == version), None)
    if shown is None:
        raise NotFound
    context = {"page": page, "shown": shown, **_urls(actor, page)}
    return render(request, "decisions/version.html", context)
