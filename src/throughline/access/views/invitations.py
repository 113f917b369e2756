"""Invitations: the list, a new one, again, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access import policies
from throughline.access.forms import InvitationFilterForm, InvitationForm, refuse
from throughline.access.models import Invitation
from throughline.access.requests import PageRequest
from throughline.access.rules import role_words
from throughline.access.selectors import InvitationState, invitation_for_change, invitations_page
from throughline.access.selectors.invitations import state_of
from throughline.access.services import (
    InvitationMade,
    invitation_create,
    invitation_resend,
    invitation_revoke,
)
from throughline.access.views.paging import page_urls
from throughline.access.views.settings import settings_context
from throughline.kernel.errors import Invalid

_STATES = {
    InvitationState.OPEN: ("wait", "open"),
    InvitationState.ACCEPTED: ("good", "accepted"),
    InvitationState.REVOKED: ("", "taken back"),
    InvitationState.EXPIRED: ("warn", "has run out"),
}


@require_GET
def invitation_list(request: PageRequest) -> HttpResponse:
    """Invitations that one sent; administrators see all."""
    page = invitations_page(request.actor, state=request.GET.get("state", ""), cursor=request.GET.get("cursor", ""))
    base = reverse("settings:invitations", args=[request.actor.org_slug])
    context = settings_context(request, "invitations", form=InvitationFilterForm(request.GET))
    context["invitations"] = [_shown(row, base) for row in page.rows]
    context["can_invite"] = policies.can_invite(request.actor)
    context["is_filtered"] = bool(request.GET.get("state"))
    context |= page_urls(request, page)
    return render(request, "access/settings/invitations.html", context)


def _shown(row: Invitation, base: str) -> dict[str, object]:
    state = state_of(row)
    tone, words = _STATES[state]
    by = row.invited_by.name if row.invited_by is not None else "an administrator"
    mailed = "mailed" if row.mailed_at is not None else row.mail_problem or "not mailed: pass the link on yourself"
    return {
        "email": row.email,
        "name": row.name,
        "tone": tone,
        "words": words,
        "meta": f"{role_words(row.roles)}, invited by {by}",
        "mail": mailed if state is InvitationState.OPEN else "",
        "expires_at": row.expires_at if state is InvitationState.OPEN else None,
        "is_resendable": state in (InvitationState.OPEN, InvitationState.EXPIRED),
        "resend_url": f"{base}{row.pk}/resend/",
        "revoke_url": f"{base}{row.pk}/revoke/",
    }


@require_http_methods(["GET", "POST"])
@never_cache
def invitation_new(request: PageRequest) -> HttpResponse:
    """Invite a member; the link is shown once, on the page that answers."""
    policies.can_invite(request.actor).require()
    form = InvitationForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = invitation_create(actor=request.actor, **form.cleaned_data)
            except Invalid as error:
                refuse(form, error)
            else:
                return invitation_made(request, made)
    context = settings_context(request, "invitations", form=form)
    return render(request, "access/settings/invitation_new.html", context, status=status)


def invitation_made(request: PageRequest, made: InvitationMade) -> HttpResponse:
    """The page that shows a link once."""
    context = settings_context(request, "invitations", made=made)
    return render(request, "access/settings/invitation_made.html", context)


@require_POST
@never_cache
def invitation_again(request: PageRequest, invitation_id: int) -> HttpResponse:
    """A fresh link for the same invitation."""
    row = invitation_for_change(request.actor, invitation_id)
    return invitation_made(request, invitation_resend(actor=request.actor, invitation=row))


@require_POST
def invitation_end(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    row = invitation_for_change(request.actor, invitation_id)
    invitation_revoke(actor=request.actor, invitation=row)
    messages.success(request, f"The invitation of {row.email} is taken back; its link no longer works.")
    return redirect("settings:invitations", request.actor.org_slug)
