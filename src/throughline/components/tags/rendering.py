"""How every part becomes HTML."""

from __future__ import annotations

import itertools
from typing import Any

from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

TONES = ("good", "warn", "bad", "wait")

_numbers = itertools.count(1)


def part_html(name: str, context: dict[str, Any]) -> SafeString:
    """One part from its template, which sees only what it is given."""
    return SafeString(get_template(f"components/parts/{name}.html").render(context))


def fresh_id(prefix: str) -> str:
    """An id no other part on the page has, to tie a control to its description."""
    return f"{prefix}-{next(_numbers)}"


def page_context(context: Context) -> dict[str, Any]:
    """What a part with a form needs from the page: the token, and the request when there is one."""
    return {"csrf_token": context.get("csrf_token"), "request": context.get("request")}


def tone_of(value: str, *, allowed: tuple[str, ...] = TONES) -> str:
    """Refuse an unknown tone here, where its author sees it, not as a colourless word on the page."""
    if value not in allowed:
        raise ValueError(f"Unknown tone {value!r}; use one of {', '.join(allowed)}.")
    return value
