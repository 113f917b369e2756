"""Problem details (RFC 9457): how the API words every refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


def problem_response(status: int, detail: str, *, problems: Mapping[str, Sequence[str]] | None = None) -> JsonResponse:
    """`application/problem+json` with type, title, status and detail; `errors` lists sentences per field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if problems is not None:
        body["errors"] = [
            {"field": field, "detail": sentence} for field, words in problems.items() for sentence in words
        ]
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="throughline"'
    return response
