"""Problem details (RFC 9457): how the API words every refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse


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


_WORDS = {
    400: "The request cannot be read; see the description of this operation in /api/v1/openapi.json.",
    403: "This request carries no valid CSRF token. Send X-CSRFToken, or use an API token instead of the session.",
    404: "There is nothing here that you can open.",
    405: "This address does not take this method; the Allow header names those it takes.",
    413: "This is more than one request may carry.",
}


def problem_worded(response: HttpResponse) -> HttpResponse:
    """The answer as it is, or as problem details when it refuses in any other shape."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith("application/problem+json"):
        return response
    broken = "Something broke on our side. Nothing was saved; please try again."
    refusal = problem_response(response.status_code, _WORDS.get(response.status_code, broken))
    for header in ("Allow", "Retry-After"):
        if header in response:
            refusal[header] = response[header]
    return refusal
