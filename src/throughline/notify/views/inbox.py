"""The inbox."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.kernel.ids import SubjectRef, secret_new
from throughline.ledger.subjects import subject_card
from throughline.notify.forms import InboxFilterForm
from throughline.notify.selectors import inbox_page, notification_for_reading, unread_count
from throughline.notify.services import notification_read, notifications_read_all


@require_GET
@guests_welcome
def inbox(request: PageRequest) -> HttpResponse:
    """What one was told, unread first."""
    asked = request.GET
    lines, page = inbox_page(
        request.actor,
        is_unread_only=asked.get("show") == "unread",
        group=asked.get("group", ""),
        cursor=asked.get("cursor", ""),
    )

    def with_cursor(cursor: str) -> str:
        query = asked.copy()
        query["cursor"] = cursor
        return f"{request.path}?{query.urlencode()}" if cursor else ""

    context = {
        "lines": lines,
        "form": InboxFilterForm(asked),
        "is_filtered": bool(asked.get("show") or asked.get("group")),
        "unread": unread_count(request.actor),
        "older_url": with_cursor(page.next_cursor),
        "newer_url": with_cursor(page.previous_cursor),
        "once": secret_new(12),
        "slug": request.actor.org_slug,
    }
    return render(request, "notify/inbox.html", context)


@require_GET
@never_cache
@guests_welcome
def open_notification(request: PageRequest, notification_id: int) -> HttpResponse:
    """Mark a notification read and go to what it is about; to the inbox when that can no longer be opened."""
    row = notification_for_reading(request.actor, notification_id)
    notification_read(actor=request.actor, notification=row)
    card = subject_card(request.actor, SubjectRef(row.subject_kind, row.subject_id))
    if card is not None and card.url:
        return redirect(card.url)
    messages.info(request, "What this was about can no longer be opened.")
    return redirect("notify:inbox", request.actor.org_slug)


@require_POST
@guests_welcome
def read_one(request: PageRequest, notification_id: int) -> HttpResponse:
    """Mark one read without opening it."""
    notification_read(actor=request.actor, notification=notification_for_reading(request.actor, notification_id))
    return redirect("notify:inbox", request.actor.org_slug)


@require_POST
@guests_welcome
def read_all(request: PageRequest) -> HttpResponse:
    """Mark everything read."""
    count = notifications_read_all(actor=request.actor)
    messages.success(request, "Everything is read." if count else "Everything was read already.")
    return redirect("notify:inbox", request.actor.org_slug)
