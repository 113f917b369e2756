"""The first page, and starting an organisation."""

from __future__ import annotations

import secrets

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from throughline.access.adapter import start_is_limited
from throughline.access.forms import StartForm, refuse
from throughline.access.models import Account
from throughline.access.rules import slug_from
from throughline.access.selectors import organisations_of_account, start_verdict
from throughline.access.services import organisation_create
from throughline.access.services.repeating import start_repeated
from throughline.kernel.errors import Invalid

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
@never_cache
def welcome(request: HttpRequest) -> HttpResponse:
    """What Throughline is; or, signed in, the way to one's organisation."""
    if not request.user.is_authenticated:
        return render(request, "access/welcome.html", {"start": start_verdict(None)})
    organisations = organisations_of_account(request.user.pk)
    if len(organisations) == 1:
        return redirect(organisations[0].url)
    start = start_verdict(request.user.pk)
    return render(request, "access/choose.html", {"organisations": organisations, "start": start})


@require_http_methods(["GET", "POST"])
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Start an organisation; its first person becomes administrator and leader."""
    account = request.user if isinstance(request.user, Account) else None
    if request.method == "POST" and (known := _repeated(request)) is not None:
        return known
    verdict = start_verdict(account.pk if account is not None else None)
    if not verdict:
        return render(request, "access/refusal.html", {"sentence": verdict.reason, "status": 403}, status=403)
    initial = {"person_name": account.name if account is not None else ""}
    form = StartForm(request.POST or None, initial=initial, has_account=account is not None)
    if request.method == "GET":
        return render(request, "access/start.html", {"form": form, "account": account})
    if start_is_limited(request):
        form.add_error(None, "Too many tries from your address. Wait a minute, then send the form again.")
    elif form.is_valid():
        given = form.cleaned_data
        try:
            made = organisation_create(
                name=given["name"],
                slug=given["slug"] or slug_from(given["name"]) or f"org-{secrets.token_hex(3)}",
                person_name=given["person_name"],
                email=given.get("email", ""),
                password=given.get("password", ""),
                account=account,
            )
        except Invalid as error:
            refuse(form, error)
        else:
            if account is None:
                login(request, made.account, backend=BACKEND)
            return HttpResponseRedirect(reverse("settings:overview", args=[made.org.slug]))
    return render(request, "access/start.html", {"form": form, "account": account}, status=422)


def _repeated(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that was sent twice: the organisation it made the first time."""
    name = request.POST.get("name", "")
    found = start_repeated(
        name=name,
        slug=request.POST.get("slug", "") or slug_from(name),
        email=request.POST.get("email", ""),
        password=request.POST.get("password", ""),
        account=request.user if isinstance(request.user, Account) else None,
    )
    if found is None:
        return None
    if not request.user.is_authenticated:
        login(request, found.account, backend=BACKEND)
    return HttpResponseRedirect(reverse("settings:overview", args=[found.org_slug]))
