"""Addresses of the neighbouring pages of a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from throughline.kernel.paging import Page


def page_urls(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """`older_url` and `newer_url` for the pager part; the rest of the query stays."""

    def with_cursor(cursor: str) -> str:
        if not cursor:
            return ""
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"{request.path}?{query.urlencode()}"

    return {"older_url": with_cursor(page.next_cursor), "newer_url": with_cursor(page.previous_cursor)}
