"""What is open to guests: the list, sharing one more thing, closing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access import policies
from throughline.access.forms import ShareForm, refuse
from throughline.access.requests import PageRequest
from throughline.access.selectors import share_for_change, shares_page
from throughline.access.services import share_end, share_with_guest
from throughline.access.views.invitations import invitation_made
from throughline.access.views.paging import page_urls
from throughline.access.views.settings import settings_context
from throughline.kernel.errors import Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import subject_card, subject_cards


@require_GET
def share_list(request: PageRequest) -> HttpResponse:
    """What one shared with guests; administrators see all."""
    page = shares_page(request.actor, cursor=request.GET.get("cursor", ""))
    refs = [SubjectRef(row.subject_kind, row.subject_id) for row in page.rows]
    cards = subject_cards(request.actor, refs)
    base = reverse("settings:shares", args=[request.actor.org_slug])
    context = settings_context(request, "shares")
    context["shares"] = [
        {
            "title": cards[ref].title if ref in cards else "Something you cannot open",
            "url": cards[ref].url if ref in cards else "",
            "guest": row.person.name,
            "since": row.created_at,
            "end_url": f"{base}{row.pk}/end/",
        }
        for row, ref in zip(page.rows, refs, strict=True)
    ]
    context |= page_urls(request, page)
    return render(request, "access/settings/shares.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def share_new(request: PageRequest, kind: str, subject_id: int) -> HttpResponse:
    """Share one thing with a guest: linked from the thing's own page."""
    policies.can_share(request.actor).require()
    ref = SubjectRef(kind, subject_id)
    card = subject_card(request.actor, ref)
    if card is None:
        raise NotFound()
    form = ShareForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = share_with_guest(actor=request.actor, subject=ref, **form.cleaned_data)
            except Invalid as error:
                refuse(form, error)
            else:
                if made.invitation is not None:
                    return invitation_made(request, made.invitation)
                messages.success(request, f"{form.cleaned_data['name']} can open “{card.title}” now.")
                return redirect(card.url or "settings:shares")
    context = settings_context(request, "shares", form=form, card=card)
    return render(request, "access/settings/share_new.html", context, status=status)


@require_POST
def share_close(request: PageRequest, share_id: int) -> HttpResponse:
    """Close a thing to a guest again."""
    share_end(actor=request.actor, share=share_for_change(request.actor, share_id))
    messages.success(request, "Closed. The guest can no longer open it.")
    return redirect("settings:shares", request.actor.org_slug)
