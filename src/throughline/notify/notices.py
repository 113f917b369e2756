"""How notifications read: each app registers its kinds in its own `notices.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notification.

    `sentence` is a format string over `title` (of the subject), `about` (title of the second subject, or
    "something you cannot open"), `by` (a name, or "Somebody") and the numbers in `data`. `group` is what
    preferences switch: "asked" (something waits for me), "told" (something happened), "reminder".
    """

    key: str
    sentence: str
    group: str = "told"


_kinds: dict[str, NoticeKind] = {}


def notice_register(*kinds: NoticeKind) -> None:
    """Add kinds of notifications; the keys are stored."""
    for kind in kinds:
        _kinds[kind.key] = kind


def notice_kind(key: str) -> NoticeKind:
    """The kind of a key; KeyError when no app has registered it."""
    return _kinds[key]


def notice_kinds() -> tuple[NoticeKind, ...]:
    """All registered kinds by key."""
    return tuple(_kinds[key] for key in sorted(_kinds))


def notice_sentence(kind: str, *, title: str, about: str, by: str, data: Mapping[str, Any]) -> str:
    """The sentence of a notification for its reader."""
    return _kinds[kind].sentence.format(title=title, about=about, by=by, **data)
