"""One's own account, outside any organisation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from throughline.access.models import Account
from throughline.access.services import sessions_end_everywhere


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account but this one."""
    if not isinstance(request.user, Account):
        raise Http404
    account = sessions_end_everywhere(account=request.user)
    update_session_auth_hash(request, account)
    messages.success(request, "Every other session of your account has ended. You are still signed in here.")
    return redirect("mfa_index")


def email_closed(request: HttpRequest, key: str = "") -> HttpResponse:
    """An account has one address, the one it was invited by; the library's pages for more of them stay
    closed.
    """
    raise Http404
