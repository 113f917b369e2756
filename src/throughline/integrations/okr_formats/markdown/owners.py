"""Owners written before a colon ("CRO: …") or as a link to a person's page ("[Kit](…/team/#kit) Train …")."""

import re
from collections import Counter
from dataclasses import dataclass

from throughline.integrations.okr_formats.model import ParsedLink

MOST_WORDS = 9
LONGEST_NAME = 48
SHARE_THAT_MAKES_A_STYLE = 0.5
BEFORE_COLON = re.compile(r"^([^:\n]{1,160}?)\s*:(?=\s|$)")
PERSON_PAGE = re.compile(
    r"/(?:team|people|users?|staff|profile)s?[/#]|^mailto:|github\.com/[\w-]+/?$|^@|gitlab\.com/[\w.-]+/?$"
)
ROLE = re.compile(
    r"\b(?:C[A-Z]{1,2}O|C[EFTIOPMR]O|S?VPs?E?|Dir(?:ector)?|Head|Lead|Manager|Mgr|Chief|President|Founder|Officer|Fellow|"
    r"Specialist|Controller|Engineer|Team|Squad|Guild|Tribe|Chapter|Department|Dept|Board)\b"
)


@dataclass(frozen=True, slots=True)
class OwnerStyle:
    """Whether most goals of the file name an owner before a colon, and which prefixes come back."""

    is_usual: bool
    recurring: frozenset[str]


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    rest: str
    mark: str


def owner_style(titles: list[str]) -> OwnerStyle:
    prefixes = [prefix for title in titles if (prefix := owner_prefix(title)) is not None]
    is_usual = bool(titles) and len(prefixes) / len(titles) >= SHARE_THAT_MAKES_A_STYLE
    counts = Counter(prefixes)
    return OwnerStyle(is_usual, frozenset(prefix for prefix, count in counts.items() if count >= 2))


def owner_prefix(title: str) -> str | None:
    """What stands before the first colon, when it is short enough to be a name, a role or several of them."""
    found = BEFORE_COLON.match(title)
    if found is None or not title[found.end() :].strip():
        return None
    prefix = found[1].strip()
    if not prefix[:1].isalnum() or prefix[:1].islower() or re.search(r"[!?]|\.\s+[A-Z][a-z]+ [a-z]+ [a-z]+", prefix):
        return None
    for name in prefix.split(";"):
        if len(name.strip()) > LONGEST_NAME or len(name.split()) > MOST_WORDS:
            return None
    return prefix


def find_owner(title: str, style: OwnerStyle, *, leading_link: ParsedLink | None) -> Owner | None:
    """The owner a title starts with.

    None when the words before the colon may as well be part of the title.
    """
    prefix = owner_prefix(title)
    if leading_link is not None and leading_link.text and PERSON_PAGE.search(leading_link.url):
        start = leading_link.text
        rest = title.removeprefix(start).lstrip(" :–—-\t")
        if title.startswith(start) and rest and (prefix is None or prefix == start):
            return Owner(start, rest, title[: len(title) - len(rest)].strip())
    if prefix is None or re.match(r"\d", prefix):
        return None
    is_role = ROLE.search(prefix) is not None and len(prefix.split()) <= MOST_WORDS
    starts_with_role = is_role and not re.search(r"\b(?:the|a|an|our|to|with)\b", prefix)
    if style.is_usual or starts_with_role or prefix in style.recurring:
        rest = title.partition(":")[2].strip()
        return Owner(prefix, rest, f"{prefix}:")
    return None
