"""Putting something to decision, changing its text, recording the outcome."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.decisions import policies, services
from throughline.decisions.forms import DecideForm, DecisionForm, ReviseForm, refuse
from throughline.decisions.rules import Capacity
from throughline.decisions.selectors import proposal_for, proposal_page
from throughline.decisions.selectors.naming import people_named
from throughline.decisions.serving import serves_choices
from throughline.decisions.views.paging import once
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind


@require_http_methods(["GET", "POST"])
def decision_new(request: PageRequest) -> HttpResponse:
    """Put a text of its own to decision."""
    actor = request.actor
    policies.can_propose(actor).require()
    choices = [(str(ref), label) for ref, label in serves_choices(actor)]
    form = DecisionForm(request.POST or None, serves=choices, initial={"method": "consent"})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made = _open(actor, form)
            if made is not None:
                messages.success(request, "Proposed. Everyone you named is told.")
                return redirect("decisions:proposal", actor.org_slug, made)
    log = reverse("decisions:log", args=[actor.org_slug])
    return render(request, "decisions/new.html", {"form": form, "log_url": log, **once()}, status=status)


def _open(actor: Actor, form: DecisionForm) -> int | None:
    """The number of the new proposal, or None with the reasons on the form."""
    given = form.cleaned_data
    named = people_named(actor, given["asked"])
    if named.problems:
        for sentence in named.problems:
            form.add_error("asked", sentence)
        return None
    try:
        made = services.decision_open(
            actor=actor,
            title=given["title"],
            text=given["text"],
            method=given["method"],
            signatories=[services.Signatory(number, Capacity.MEMBER) for number in named.person_ids],
            serves=SubjectRef.parse(given["serves"]) if given["serves"] else None,
            options=given["options"].splitlines(),
            closes_on=given["closes_on"],
        )
    except Invalid as error:
        if "signatories" in error.problems:
            error.problems["asked"] = error.problems.pop("signatories")
        refuse(form, error)
        return None
    return made.pk


@require_http_methods(["GET", "POST"])
def revise(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Change the text of a free-standing decision."""
    actor = request.actor
    page = proposal_page(actor, proposal_id)
    page.may_revise.require()
    form = ReviseForm(
        request.POST or None,
        initial={
            "text": page.text.text,
            "based_on": page.proposal.version,
            "change": ChangeKind.WORDING.value,
        },
    )
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                result = services.decision_revise(
                    actor=actor,
                    proposal=page.proposal,
                    text=given["text"],
                    based_on=given["based_on"],
                    change=ChangeKind(given["change"]),
                )
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
                form = ReviseForm({**request.POST.dict(), "based_on": page.proposal.version})
            else:
                again, kept = len(result.asked_again), len(result.carried_over)
                messages.success(request, f"New version: {again} asked again, {kept} carried over.")
                return redirect("decisions:proposal", actor.org_slug, proposal_id)
    context = {"page": page, "form": form, "conflict": conflict, **_urls(actor, proposal_id), **once()}
    return render(request, "decisions/revise.html", context, status=status)


@require_http_methods(["GET", "POST"])
def decide(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Record the outcome."""
    actor = request.actor
    page = proposal_page(actor, proposal_id)
    page.may_steward.require()
    listed = "\n".join(f"{option.text} because " for option in page.options)
    form = DecideForm(request.POST or None, initial={"rejected": listed, "outcome": "adopted"})
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.proposal_decide(
                    actor=actor,
                    proposal=page.proposal,
                    outcome=given["outcome"],
                    reason=given["reason"],
                    rejected_options=given["rejected"],
                )
            except Invalid as error:
                refuse(form, error)
            except Conflict as error:
                status, conflict = 409, str(error)
            else:
                messages.success(request, "The outcome is recorded; everyone asked is told.")
                return redirect("decisions:proposal", actor.org_slug, proposal_id)
    context = {"page": page, "form": form, "conflict": conflict, **_urls(actor, proposal_id), **once()}
    return render(request, "decisions/decide.html", context, status=status)


@require_POST
def withdraw(request: PageRequest, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    actor = request.actor
    services.proposal_withdraw(
        actor=actor, proposal=proposal_for(actor, proposal_id), reason=request.POST.get("note", "")
    )
    messages.success(request, "Withdrawn. What was said stays readable.")
    return redirect("decisions:proposal", actor.org_slug, proposal_id)


def _urls(actor: Actor, proposal_id: int) -> dict[str, str]:
    return {
        "base_url": reverse("decisions:proposal", args=[actor.org_slug, proposal_id]),
        "log_url": reverse("decisions:log", args=[actor.org_slug]),
    }
