"""Slugs, roles and terms of access: pure, no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from throughline.kernel.actor import Role

SLUG_LENGTH = 50
# Words that would read as a part of the product in an address or a mail.
RESERVED_SLUGS = frozenset({"api", "admin", "static", "accounts", "settings", "throughline", "www", "mail"})
INVITATION_LASTS = timedelta(days=14)
TOKEN_LASTS_DAYS = (30, 90, 365)
# A form sent twice in this time is a double click, not a second wish.
REPEAT_WITHIN = timedelta(minutes=2)

ROLE_WORDS = {
    Role.ADMINISTRATOR: "Administrator",
    Role.LEADER: "Leader",
    Role.TEAM_LEAD: "Team lead",
    Role.FACILITATOR: "Facilitator",
    Role.MEMBER: "Member",
    Role.GUEST: "Guest",
}
ROLE_MEANINGS = {
    Role.ADMINISTRATOR: "runs settings, people and mail",
    Role.LEADER: "leads the whole organisation",
    Role.TEAM_LEAD: "leads the units they are lead of",
    Role.FACILITATOR: "runs meetings and turns voices into themes",
    Role.MEMBER: "takes part",
}
# What an administrator may give. A guest is made by sharing a thing, never by a role alone.
GIVABLE_ROLES = tuple(ROLE_MEANINGS)


def slug_from(name: str) -> str:
    """A slug that a name suggests: "Meridian Häuser GmbH" gives "meridian-hauser-gmbh"; "" when
    nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].rstrip("-")


def roles_kept(roles: Iterable[str]) -> list[str]:
    """Roles in a fixed order without repeats; nothing chosen means member."""
    given = set(roles)
    kept = [str(role) for role in GIVABLE_ROLES if role in given]
    return kept or [str(Role.MEMBER)]


def role_words(roles: Iterable[str]) -> str:
    """Roles as a reader reads them: "Administrator, Leader"."""
    given = set(roles)
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in given) or ROLE_WORDS[Role.MEMBER]
