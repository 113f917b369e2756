"""The board: posting, grouping, undo, and the cursor a page polls when it cannot hear the live stream."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.kernel.errors import Conflict, Invalid
from throughline.meetings import selectors, services
from throughline.meetings.forms import ContributionForm, form_refused
from throughline.meetings.models import Meeting
from throughline.meetings.rules import CardMove

# Sent by the island: it wants the board alone, also after the redirect of a write.
FRAGMENT_HEADER = "X-Board"


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG without declaration, for the page."""
    svg = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=0)
    return mark_safe(svg)  # noqa: S308 - made here from an address of ours; segno writes only paths


@guests_welcome
@require_GET
def board_page(request: PageRequest, meeting_id: int) -> HttpResponse:
    return _board(request, selectors.meeting_for(request.actor, meeting_id))


def _board(
    request: PageRequest,
    meeting: Meeting,
    *,
    status: int = 200,
    sentence: str = "",
    form: ContributionForm | None = None,
    typed_title: str = "",
) -> HttpResponse:
    actor = request.actor
    shown = selectors.board_of(actor, meeting)
    context: dict[str, Any] = {
        "board": shown,
        "meeting": meeting,
        "sentence": sentence,
        "form": form or ContributionForm(),
        "typed_title": typed_title,
    }
    if request.headers.get(FRAGMENT_HEADER):
        return render(request, "meetings/board.html#board", context, status=status)
    link = f"{shown.answer_url}#{shown.posting_key}" if shown.posting_key else ""
    context |= {
        "answer_link": link,
        "answer_qr": qr_svg(link) if link else "",
        "live": {
            "ticket": selectors.live_ticket(actor, meeting),
            "liveUrl": f"{settings.LIVE_URL}/live/",
            "cursor": shown.cursor,
        },
    }
    return render(request, "meetings/board.html", context, status=status)


@guests_welcome
@require_POST
def post(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    form = ContributionForm(request.POST)
    if form.is_valid():
        try:
            services.contribution_post(actor=actor, meeting=meeting, text=form.cleaned_data["text"])
        except Invalid as error:
            form_refused(form, error)
        else:
            return redirect("meetings:board", actor.org_slug, meeting.pk)
    return _board(request, meeting, status=422, form=form)


@require_POST
def cards(request: PageRequest, meeting_id: int) -> HttpResponse:
    """Move the chosen cards to a theme, or begin a new theme with them (out of another one: a split)."""
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    title, to = request.POST.get("title", ""), request.POST.get("to", "")
    try:
        moves = [CardMove.parse(value) for value in request.POST.getlist("card")]
        to_theme = int(to) if to.isdecimal() and int(to) < 2**63 else None
    except ValueError:
        return _board(request, meeting, status=422, sentence="A card could not be read; choose the cards again.")
    try:
        if request.POST.get("do") == "new":
            services.theme_create(actor=actor, meeting=meeting, title=title, moves=moves)
        else:
            services.cards_move(actor=actor, meeting=meeting, moves=moves, to_theme_id=to_theme)
    except Invalid as error:
        return _board(request, meeting, status=422, sentence=str(error), typed_title=title)
    except Conflict as error:
        return _board(request, meeting, status=409, sentence=str(error), typed_title=title)
    return redirect("meetings:board", actor.org_slug, meeting.pk)


@require_POST
def undo(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    try:
        done = services.board_undo(actor=actor, meeting=meeting)
    except Conflict as error:
        return _board(request, meeting, status=409, sentence=str(error))
    if done.skipped:
        words = "Part of it was" if done.done else "It was"
        messages.warning(request, f"{words} changed by somebody else since, and was left as it is.")
    return redirect("meetings:board", actor.org_slug, meeting.pk)


@guests_welcome
@require_GET
def changes(request: PageRequest, meeting_id: int) -> HttpResponse:
    """Whether the board changed since a cursor, and a fresh ticket for the live stream."""
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    cursor = selectors.board_cursor(meeting)
    body = {
        "cursor": cursor,
        "is_changed": cursor != request.GET.get("after", ""),
        "ticket": selectors.live_ticket(actor, meeting),
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response
