"""Pages for what went wrong outside an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughline.access.requests import FramelessRequest


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a refusal of the framework, such as a stale form."""
    sentence = "This form is no longer valid. Go back, reload the page and send it again."
    return render(request, "access/refusal.html", {"sentence": sentence, "status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing there, or nothing this reader may know of."""
    sentence = "There is nothing here that you can open."
    return render(request, "access/refusal.html", {"sentence": sentence, "status": 404}, status=404)


def broken(request: FramelessRequest) -> HttpResponse:
    """500: our fault; nothing was saved. The organisation's scope is over, so the page comes without its frame."""
    request.actor = None
    sentence = "Something broke on our side. Nothing was saved; please try again."
    return render(request, "access/refusal.html", {"sentence": sentence, "status": 500}, status=500)
