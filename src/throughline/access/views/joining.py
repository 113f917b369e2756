"""The page behind an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from throughline.access.forms import JoinForm, refuse
from throughline.access.models import Account
from throughline.access.selectors import InvitationState, invitation_by_secret, landing_url
from throughline.access.selectors.invitations import OpenInvitation
from throughline.access.services import Joined, invitation_accept
from throughline.access.views.welcome import BACKEND
from throughline.kernel.errors import Conflict, Invalid, Refused


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Show who invites to what; accept with an existing account, or with a name and password for a new
    one.
    """
    found = invitation_by_secret(secret)
    if found is None:
        sentence = "This invitation does not exist. Check that the whole link was copied, or ask for a new one."
        return render(request, "access/refusal.html", {"sentence": sentence, "status": 404}, status=404)
    account = request.user if isinstance(request.user, Account) else None
    if found.state is not InvitationState.OPEN:
        return _closed(request, found, account)
    must_sign_in = account is None and found.has_account
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, initial={"name": found.invitation.name}, has_account=account is not None or must_sign_in)
    if request.method == "GET":
        return _page(request, found, form)
    if form.is_valid() and must_sign_in:
        form.add_error(None, "There is an account with this address already; sign in to accept.")
    elif form.is_valid():
        try:
            joined = invitation_accept(secret=secret, account=account, **form.cleaned_data)
        except Invalid as error:
            refuse(form, error)
        except (Conflict, Refused) as error:
            form.add_error(None, str(error))
        else:
            return _arrived(request, found, joined)
    return _page(request, found, form, status=422)


def _arrived(request: HttpRequest, found: OpenInvitation, joined: Joined) -> HttpResponse:
    if not request.user.is_authenticated:
        login(request, joined.account, backend=BACKEND)
    messages.success(request, f"Welcome to {found.org.name}.")
    return HttpResponseRedirect(
        landing_url(joined.org_slug, joined.membership.person_id, org_id=found.org.pk, subject=joined.subject)
    )


def _closed(request: HttpRequest, found: OpenInvitation, account: Account | None) -> HttpResponse:
    # The second half of a double click: they are in already, so show them what the first half did.
    if account is not None and found.state is InvitationState.ACCEPTED and account.email == found.invitation.email:
        return HttpResponseRedirect(f"/o/{found.org.slug}/")
    return render(request, "access/join_closed.html", {"found": found}, status=410)


def _page(request: HttpRequest, found: OpenInvitation, form: JoinForm, *, status: int = 200) -> HttpResponse:
    context = {"found": found, "form": form, "next": request.path}
    return render(request, "access/join.html", context, status=status)
