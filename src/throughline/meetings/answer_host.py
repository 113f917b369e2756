"""The answer host: a second host name that knows no session, no cookie and keeps no access log.

The middleware answers every request of that host itself: sign-in, sessions, CSRF and the organisation's middleware never
run for it, so nothing there can set or read a cookie or write an idempotency row. The main pages are not reachable there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve

log = logging.getLogger(__name__)


def is_answer_host(host: str) -> bool:
    """Whether a `Host` header means the answer host, on whatever port, unless it is the main address itself."""
    answer, public = urlsplit(settings.ANSWER_URL), urlsplit(settings.PUBLIC_URL)
    if host == answer.netloc:
        return True
    return urlsplit(f"//{host}").hostname == answer.hostname != public.hostname


class AnswerHostMiddleware:
    """Serves the answer host's few addresses, and nothing else there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_answer_host(request.get_host()):
            return self.get_response(request)
        request.urlconf = settings.ANSWER_URLCONF
        request.COOKIES.clear()
        request.META.pop("HTTP_COOKIE", None)
        return _sealed(self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            view, args, kwargs = resolve(request.path_info, settings.ANSWER_URLCONF)
            response: HttpResponse = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        except Http404:
            return _words(request, 404, "There is nothing at this address. Check the link you were given.")
        except Exception as error:
            # Only the class and the line: a traceback with locals would carry what somebody wrote.
            log.error("The answer host failed: %s at %s", type(error).__name__, _place(error))
            return _words(request, 500, "Something broke here, and nothing was saved. Please try again.")
        return response


def _place(error: Exception) -> str:
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_name}:{step.tb_lineno}" if step is not None else "?"


def _words(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, "answers/refusal.html", {"sentence": sentence}, status=status)


def _sealed(response: HttpResponse) -> HttpResponse:
    """No cookie, no referrer, no copy in any cache."""
    response.cookies.clear()
    response.headers.pop("Set-Cookie", None)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["X-Frame-Options"] = "DENY"
    return response


@register
def hosts_differ(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Browsers send a host's cookies to all its ports: one host name for both would undo the separation."""
    public, answer = urlsplit(settings.PUBLIC_URL).hostname, urlsplit(settings.ANSWER_URL).hostname
    if public != answer:
        return []
    return [
        Error(
            f"The answer host has the same name as the main address ({public}).",
            hint="Set THROUGHLINE_ANSWER_URL to another host name, for example answers.example.org.",
            id="throughline.E002",
        )
    ]
