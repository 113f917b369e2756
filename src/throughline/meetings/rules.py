"""States of a meeting, references to cards, and the arithmetic of unattributed posts. No Django."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 2000
MAX_TITLE = 160
MAX_OUTCOME = 8000
# Anonymous posting is offered where at least so many people may post.
LEAST_FOR_ANONYMOUS = 8
# Unattributed posts appear together in batches of this size, or at the reveal.
BATCH = 5


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    OPEN = "open"
    GROUPING = "grouping"
    CLOSED = "closed"


# Closing is final: the order of the unattributed posts is erased then, and their receipts can no longer be edited.
NEXT_STATES: dict[MeetingState, tuple[MeetingState, ...]] = {
    MeetingState.PLANNED: (MeetingState.OPEN,),
    MeetingState.OPEN: (MeetingState.GROUPING, MeetingState.CLOSED),
    MeetingState.GROUPING: (MeetingState.OPEN, MeetingState.CLOSED),
    MeetingState.CLOSED: (),
}
STATE_WORDS = {
    MeetingState.PLANNED: ("wait", "Planned"),
    MeetingState.OPEN: ("good", "Board open"),
    MeetingState.GROUPING: ("warn", "Grouping"),
    MeetingState.CLOSED: ("wait", "Closed"),
}
LIVE_STATES = frozenset({MeetingState.OPEN, MeetingState.GROUPING})


@dataclass(frozen=True, slots=True, order=True)
class CardRef:
    """One card of a board: `n` a named contribution by its id, `a` an unattributed one by its number."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}{self.number}"

    @property
    def is_named(self) -> bool:
        return self.kind == "n"

    @classmethod
    def parse(cls, text: str) -> CardRef:
        """Read what `str` wrote; raise ValueError for anything else."""
        if not re.fullmatch(r"[na][0-9]{1,19}", text) or int(text[1:]) >= 2**63:
            raise ValueError(f"“{text}” is not a card of a board.")
        return cls(text[0], int(text[1:]))


@dataclass(frozen=True, slots=True)
class CardMove:
    """A card and the theme it was in when its mover looked (None: not grouped)."""

    card: CardRef
    seen_in: int | None

    @classmethod
    def parse(cls, text: str) -> CardMove:
        """Read `n12:3` or `n12:` (not grouped)."""
        card, _, theme = text.partition(":")
        if theme and (not theme.isdecimal() or int(theme) >= 2**63):
            raise ValueError(f"“{text}” is not a card with its theme.")
        return cls(CardRef.parse(card), int(theme) if theme else None)


def is_anonymous_offered(*, may_post: int) -> bool:
    """Whether enough people may post for an unattributed post to hide among them."""
    return may_post >= LEAST_FOR_ANONYMOUS


def number_of_key(key: str) -> int:
    """The 63-bit number by which the ledger names an unattributed contribution; says no more than the random key."""
    return int(key[:16], 16) & (2**63 - 1)


def _words(digest: bytes, group: int) -> str:
    text = base64.b32encode(digest).decode().rstrip("=").lower()
    return "-".join(text[start : start + group] for start in range(0, len(text), group))


def posting_key(secret: str, public_id: str) -> str:
    """The key a board's members share: 80 bits, typed easily, derived so that it is stored nowhere."""
    digest = hmac.new(secret.encode(), f"throughline.board:{public_id}".encode(), hashlib.sha256).digest()
    return _words(digest[:10], 4)


def receipt_secret(salt: str, nonce: str) -> str:
    """The receipt of a post: 125 bits or more, the same for a repeated nonce, unknowable once the salt is gone."""
    digest = hmac.new(salt.encode(), f"throughline.receipt:{nonce}".encode(), hashlib.sha256).digest()
    return _words(digest[:20], 4)


def typed_secret(text: str) -> str:
    """A key or receipt as people type it: without spaces, hyphens and capitals."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
