"""Types of the requests our middleware has seen. Only types: none of them is ever made."""

from __future__ import annotations

from django.http import HttpRequest

from throughline.kernel.actor import Actor


class PageRequest(HttpRequest):
    """What a page below `/o/<org>/` gets. `OrgMiddleware` has said who asks, or answered itself."""

    actor: Actor


class OrgRequest(PageRequest):
    """What `OrgMiddleware` writes on a request, for itself and for what comes after it."""

    is_api: bool
    is_by_token: bool
    _dont_enforce_csrf_checks: bool


class FramelessRequest(HttpRequest):
    """A request whose page comes without the organisation's frame, because nobody is there to show it to."""

    actor: None
