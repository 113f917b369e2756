"""One's own API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access import policies
from throughline.access.forms import TokenForm, refuse
from throughline.access.models import ApiToken
from throughline.access.requests import PageRequest
from throughline.access.selectors import token_for_change, tokens_page
from throughline.access.services import token_create, token_revoke
from throughline.access.views.paging import page_urls
from throughline.access.views.settings import settings_context
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid


@require_GET
def token_list(request: PageRequest) -> HttpResponse:
    """One's tokens, newest first."""
    page = tokens_page(request.actor, cursor=request.GET.get("cursor", ""))
    base = reverse("settings:tokens", args=[request.actor.org_slug])
    context = settings_context(request, "tokens", tokens=[_shown(row, base) for row in page.rows])
    context |= page_urls(request, page)
    return render(request, "access/settings/tokens.html", context)


def _shown(row: ApiToken, base: str) -> dict[str, object]:
    return {
        "name": row.name,
        "may": "may read and write" if row.can_write else "may read",
        "last_used_on": row.last_used_on,
        "expires_at": row.expires_at,
        "is_over": row.expires_at is not None and row.expires_at <= now(),
        "revoke_url": f"{base}{row.pk}/revoke/",
    }


@require_http_methods(["GET", "POST"])
@never_cache
def token_new(request: PageRequest) -> HttpResponse:
    """Make a token; its secret is shown once, on the page that answers."""
    policies.can_use_tokens(request.actor).require()
    form = TokenForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = token_create(
                    actor=request.actor,
                    name=given["name"],
                    can_write=given["can_write"] == "1",
                    lasts_days=given["lasts_days"],
                )
            except Invalid as error:
                refuse(form, error)
            else:
                context = settings_context(request, "tokens", made=made)
                return render(request, "access/settings/token_made.html", context)
    context = settings_context(request, "tokens", form=form)
    return render(request, "access/settings/token_new.html", context, status=status)


@require_POST
def token_end(request: PageRequest, token_id: int) -> HttpResponse:
    """Revoke a token at once."""
    row = token_for_change(request.actor, token_id)
    token_revoke(actor=request.actor, token=row)
    messages.success(request, f"“{row.name}” is revoked; programs that use it are refused from now on.")
    return redirect("settings:tokens", request.actor.org_slug)
