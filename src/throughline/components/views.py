"""The living style page, and the one choice every reader has: the theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from throughline.components.context_processors import THEME_COOKIE, THEMES
from throughline.components.style_page import examples, sample_frame
from throughline.components.tags.controls import job

_YEAR_SECONDS = 365 * 24 * 60 * 60


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every part with its code, in the frame, on invented content."""
    context = {**sample_frame(), "groups": examples(request)}
    return render(request, "components/style.html", context)


@require_GET
def style_progress(request: HttpRequest) -> HttpResponse:
    """The answer to the style page's running job: one step further each time, then done."""
    done = min(max(int(request.GET.get("done", "0") or 0), 0), 10) if request.GET.get("done", "0").isdigit() else 0
    is_done = done >= 10
    url = f"{reverse('components:style_progress')}?done={done + 1}"
    return HttpResponse(
        job(
            "Import of 100,000 people",
            url,
            done=done,
            total=10,
            detail=f"{done * 10_000:,} read, none refused",
            state="done" if is_done else "running",
        )
    )


@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie and go back. An unknown theme or a foreign address is ignored."""
    chosen = request.POST.get("theme", "")
    following = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        following, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(following if is_ours else "/")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=_YEAR_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response
