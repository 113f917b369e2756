"""What lists and forms of these pages share."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest

from throughline.kernel.paging import Page


def page_urls(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """Addresses of the neighbouring pages; the rest of the query stays."""

    def with_cursor(cursor: str) -> str:
        if not cursor:
            return ""
        query = request.GET.copy()
        query["after"] = cursor
        return f"{request.path}?{query.urlencode()}"

    return {"older_url": with_cursor(page.next_cursor), "newer_url": with_cursor(page.previous_cursor)}


def once() -> dict[str, str]:
    """A fresh key that makes a form's repeated sending one effect."""
    return {"once": secrets.token_urlsafe(12)}
