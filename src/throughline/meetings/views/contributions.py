"""Contributions, named or not: the page, changing one's own, answering, and what became of what one said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import trace_stations
from throughline.meetings import policies, selectors, services
from throughline.meetings.forms import AnswerForm, ContributionForm, MessageForm, form_refused, with_version
from throughline.meetings.models import Contribution, Unattributed
from throughline.meetings.references import contribution_ref, unattributed_ref


@guests_welcome
@require_GET
def heard(request: PageRequest) -> HttpResponse:
    """What became of what I said."""
    actor = request.actor
    page = selectors.my_voices(actor, cursor=request.GET.get("cursor", ""))
    context = {
        "voices": page.rows,
        "older_url": f"?cursor={page.next_cursor}" if page.next_cursor else "",
        "newer_url": f"?cursor={page.previous_cursor}" if page.previous_cursor else "",
    }
    return render(request, "meetings/heard.html", context)


@guests_welcome
@require_GET
def contribution_page(request: PageRequest, contribution_id: int) -> HttpResponse:
    return _page(request, selectors.contribution_for(request.actor, contribution_id))


def _page(request: PageRequest, row: Contribution, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    ref = contribution_ref(row.pk)
    context = {
        "voice": row,
        "meeting": row.meeting,
        "author": row.author.name,
        "fate": selectors.fates_shown(actor, [ref])[ref],
        "stations": trace_stations(actor, ref),
        "edit": policies.can_edit_contribution(actor, row),
        "withdraw": policies.can_withdraw_contribution(actor, row),
        "is_mine": row.author_id == actor.person_id,
        "can_answer": policies.can_answer(actor, row.meeting),
        "answer_form": AnswerForm(),
        **forms,
    }
    return render(request, "meetings/contribution.html", context, status=status)


@guests_welcome
@require_http_methods(["GET", "POST"])
def contribution_edit_page(request: PageRequest, contribution_id: int) -> HttpResponse:
    actor = request.actor
    row = selectors.contribution_for(actor, contribution_id)
    policies.can_edit_contribution(actor, row).require()
    form, status = ContributionForm(initial={"text": row.text, "version": row.version}), 200
    if request.method == "POST":
        form, status = ContributionForm(request.POST), 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            try:
                services.contribution_edit(
                    actor=actor, contribution=row, text=form.cleaned_data["text"], version=version
                )
            except Invalid as error:
                form_refused(form, error)
            except Conflict as error:
                row.refresh_from_db()
                form.add_error(None, f"{error} It says now: “{row.text}”")
                form.data = with_version(request, row.version)
                status = 409
            else:
                return redirect("meetings:board", actor.org_slug, row.meeting_id)
    return render(
        request, "meetings/contribution_form.html", {"voice": row, "meeting": row.meeting, "form": form}, status=status
    )


@guests_welcome
@require_POST
def withdraw(request: PageRequest, contribution_id: int) -> HttpResponse:
    actor = request.actor
    row = selectors.contribution_for(actor, contribution_id)
    services.contribution_withdraw(actor=actor, contribution=row)
    messages.success(request, "Your words are erased.")
    return redirect("meetings:board", actor.org_slug, row.meeting_id)


@require_POST
def answer(request: PageRequest, contribution_id: int) -> HttpResponse:
    actor = request.actor
    row = selectors.contribution_for(actor, contribution_id)
    form = AnswerForm(request.POST)
    if _answered(request, form, row):
        return redirect("meetings:contribution", actor.org_slug, row.pk)
    policies.can_answer(actor, row.meeting).require()
    return _page(request, row, status=422, answer_form=form)


def _answered(request: PageRequest, form: AnswerForm, row: Contribution | Unattributed) -> bool:
    if not form.is_valid():
        return False
    ref = contribution_ref(row.pk) if isinstance(row, Contribution) else unattributed_ref(row.number)
    try:
        services.theme_or_contribution_answer(
            actor=request.actor,
            meeting=row.meeting,
            ref=ref,
            kind=FateKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
        )
    except Invalid as error:
        form_refused(form, error)
        return False
    return True


@guests_welcome
@require_GET
def voice_page(request: PageRequest, number: int) -> HttpResponse:
    return _voice(request, selectors.unattributed_for(request.actor, number))


def _voice(request: PageRequest, row: Unattributed, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    ref = unattributed_ref(row.number)
    theme_of = {ref: row.theme_id} if row.theme_id is not None else {}
    context = {
        "voice": row,
        "meeting": row.meeting,
        "author": "",
        "fate": selectors.fates_shown(actor, [ref], theme_of=theme_of)[ref],
        "stations": trace_stations(actor, ref),
        "can_answer": policies.can_answer(actor, row.meeting),
        "answer_form": AnswerForm(),
        "message_form": MessageForm(),
        **forms,
    }
    return render(request, "meetings/contribution.html", context, status=status)


@require_POST
def voice_answer(request: PageRequest, number: int) -> HttpResponse:
    actor = request.actor
    row = selectors.unattributed_for(actor, number)
    form = AnswerForm(request.POST)
    if _answered(request, form, row):
        return redirect("meetings:voice", actor.org_slug, row.number)
    policies.can_answer(actor, row.meeting).require()
    return _voice(request, row, status=422, answer_form=form)


@require_POST
def voice_message(request: PageRequest, number: int) -> HttpResponse:
    actor = request.actor
    row = selectors.unattributed_for(actor, number)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            services.unattributed_message(
                actor=actor, meeting=row.meeting, number=row.number, text=form.cleaned_data["text"]
            )
        except Invalid as error:
            form_refused(form, error)
        else:
            messages.success(request, "Whoever wrote this finds your message at their receipt.")
            return redirect("meetings:voice", actor.org_slug, row.number)
    policies.can_answer(actor, row.meeting).require()
    return _voice(request, row, status=422, message_form=form)
