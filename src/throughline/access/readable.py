"""What no database keeps, refused before a view sees it: NUL characters, halves of surrogate pairs, numbers beyond
64 bits.

PostgreSQL refuses a NUL in any text, SQLite an integer beyond 64 bits, both half a surrogate pair. Asking here, once,
saves every form, endpoint and selector from asking.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))
NUL = "There is a character in here that cannot be kept (NUL, U+0000). Take it out and send it again."
HALF = "There is half of a character in here (a lone surrogate). Write the character whole, in UTF-8."
TOO_BIG = "This whole number is too large: at most 9223372036854775807, and no lower than minus that."


def text_problem(text: str) -> str:
    """Why a text cannot be kept, "" when it can."""
    if "\0" in text:
        return NUL
    try:
        text.encode()
    except UnicodeEncodeError:
        return HALF
    return ""


def json_problems(value: Any, where: str = "") -> dict[str, list[str]]:
    """What in a parsed JSON body cannot be kept, by the place it stands at."""
    found: dict[str, list[str]] = {}
    for place, leaf in _leaves(value, where):
        words = TOO_BIG if isinstance(leaf, int) and abs(leaf) > MAX_ID else ""
        if isinstance(leaf, str):
            words = text_problem(leaf)
        if words:
            found.setdefault(place, []).append(words)
    return found


def _leaves(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A name that cannot be kept is not repeated in the answer either.
            if text_problem(key):
                yield where, key
            else:
                yield from _leaves(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _leaves(inner, f"{where}.{position}" if where else str(position))
    else:
        yield where, value


def fields_problems(fields: QueryDict) -> dict[str, list[str]]:
    """What in a form or query string cannot be kept, by field."""
    found: dict[str, list[str]] = {}
    for name, values in fields.lists():
        words = next((words for words in map(text_problem, (name, *values)) if words), "")
        if words:
            found["" if text_problem(name) else name] = [words]
    return found


def is_beyond(kwargs: Mapping[str, Any]) -> bool:
    """Whether an address names something that cannot exist: a number beyond 64 bits, a text no database keeps."""
    return any(_is_beyond(value) for value in kwargs.values())


def _is_beyond(value: Any) -> bool:
    if isinstance(value, int):
        return not 0 <= value <= MAX_ID
    if not isinstance(value, str):
        return False
    digits = value.lstrip("-+0")
    if digits.isdecimal() and len(digits) >= _MAX_DIGITS:
        return len(digits) > _MAX_DIGITS or int(digits) > MAX_ID
    return bool(text_problem(value))


def request_fingerprint(request: HttpRequest) -> str:
    """What makes two writes the same: method, address, and content.

    Uploads count by name and content, not by the body, whose boundary differs each time a client builds it. Keyed,
    because what was sent may be a password, and a plain hash of one can be guessed.
    """
    key = b"once " + settings.SECRET_KEY.encode()
    mark = hmac.new(key, f"{request.method} {request.get_full_path()}\n".encode(), hashlib.sha256)
    if request.content_type == "multipart/form-data":
        mark.update(request.POST.urlencode().encode())
        for field, files in request.FILES.lists():
            for file in files:
                mark.update(f"\n{field}\n{file.name}\n{file.size}\n".encode())
                for chunk in file.chunks():
                    mark.update(chunk)
                file.seek(0)
    elif getattr(request, "is_api", False):
        mark.update(request.body)
    else:
        mark.update(request.POST.urlencode().encode())
    return mark.hexdigest()
