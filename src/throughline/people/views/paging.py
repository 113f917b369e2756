"""What these pages share: addresses of neighbouring pages, form keys, CSV answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from throughline.people.rules.csv_text import csv_text


def once() -> str:
    """A fresh key that makes a form's repeated sending one effect."""
    return secrets.token_urlsafe(12)


def cursor_of(request: HttpRequest) -> str:
    """The cursor a list was asked to continue from."""
    return request.GET.get("cursor", "")


def page_urls(request: HttpRequest, *, following: str, previous: str) -> dict[str, str]:
    """`older_url` and `newer_url` for the pager part; the rest of the query stays."""

    def with_cursor(cursor: str) -> str:
        if not cursor:
            return ""
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"{request.path}?{query.urlencode()}"

    return {"older_url": with_cursor(following), "newer_url": with_cursor(previous)}


def csv_answer(rows: Iterable[Sequence[object]], name: str) -> HttpResponse:
    """A download whose first row is the header."""
    lines = iter(rows)
    header = [str(cell) for cell in next(lines)]
    response = HttpResponse(csv_text(header, islice(lines, None)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
