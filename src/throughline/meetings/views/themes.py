"""A theme: its contributions, what became of it, and changing it."""

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
from throughline.meetings.forms import AnswerForm, ThemeForm, form_refused, with_version
from throughline.meetings.models import Theme
from throughline.meetings.references import theme_ref


@guests_welcome
@require_GET
def theme_page(request: PageRequest, theme_id: int) -> HttpResponse:
    return _page(request, selectors.theme_for(request.actor, theme_id))


def _page(request: PageRequest, theme: Theme, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    ref = theme_ref(theme.pk)
    board = selectors.board_of(actor, theme.meeting)
    context = {
        "theme": theme,
        "meeting": theme.meeting,
        "voices": selectors.theme_voices(actor, theme),
        "fate": selectors.fates_shown(actor, [ref])[ref],
        "stations": trace_stations(actor, ref),
        "group": policies.can_group(actor, theme.meeting),
        "can_answer": policies.can_answer(actor, theme.meeting),
        "others": [other for other in board.themes if other.pk != theme.pk],
        "answer_form": AnswerForm(),
        **forms,
    }
    return render(request, "meetings/theme.html", context, status=status)


@require_http_methods(["GET", "POST"])
def theme_edit_page(request: PageRequest, theme_id: int) -> HttpResponse:
    actor = request.actor
    theme = selectors.theme_for(actor, theme_id)
    policies.can_group(actor, theme.meeting).require()
    form, status = ThemeForm.of(theme), 200
    if request.method == "POST":
        form, status = ThemeForm(request.POST), 422
        if form.is_valid():
            try:
                services.theme_edit(actor=actor, theme=theme, **form.cleaned_data)
            except Invalid as error:
                form_refused(form, error)
            except Conflict as error:
                theme.refresh_from_db()
                form.add_error(None, f"{error} Your words are kept below; saving again replaces it.")
                form.data = with_version(request, theme.version)
                status = 409
            else:
                return redirect("meetings:theme", actor.org_slug, theme.pk)
    context = {"theme": theme, "meeting": theme.meeting, "form": form}
    return render(request, "meetings/theme_form.html", context, status=status)


@require_POST
def theme_merge(request: PageRequest, theme_id: int) -> HttpResponse:
    actor = request.actor
    theme = selectors.theme_for(actor, theme_id)
    into = request.POST.get("into", "")
    if not into.isdecimal() or int(into) >= 2**63:
        raise Invalid({"into": "Choose the theme to merge into."})
    kept = services.themes_merge(actor=actor, theme=theme, into=selectors.theme_for(actor, int(into)))
    messages.success(request, f"“{theme.title}” is part of “{kept.title}” now. Undo takes it back.")
    return redirect("meetings:board", actor.org_slug, theme.meeting_id)


@require_POST
def theme_remove_view(request: PageRequest, theme_id: int) -> HttpResponse:
    actor = request.actor
    theme = selectors.theme_for(actor, theme_id)
    services.theme_remove(actor=actor, theme=theme)
    messages.success(request, f"“{theme.title}” is off the board; its cards are not grouped now. Undo takes it back.")
    return redirect("meetings:board", actor.org_slug, theme.meeting_id)


@require_POST
def theme_answer(request: PageRequest, theme_id: int) -> HttpResponse:
    actor = request.actor
    theme = selectors.theme_for(actor, theme_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.theme_or_contribution_answer(
                actor=actor,
                meeting=theme.meeting,
                ref=theme_ref(theme.pk),
                kind=FateKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
            )
        except Invalid as error:
            form_refused(form, error)
        else:
            messages.success(
                request, "Everybody who contributed under their name is told; the others see it at their receipt."
            )
            return redirect("meetings:theme", actor.org_slug, theme.pk)
    policies.can_answer(actor, theme.meeting).require()
    return _page(request, theme, status=422, answer_form=form)
