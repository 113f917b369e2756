"""What is true about people without any database: kinds, states, words by which a person is found."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class StrengthKind(StrEnum):
    """What somebody brings: a gift they were given, a strength they built, an asset a unit or person holds."""

    GIFT = "gift"
    STRENGTH = "strength"
    ASSET = "asset"


STRENGTH_KINDS: dict[str, str] = {"gift": "Gift", "strength": "Strength", "asset": "Asset"}
STAKEHOLDER_KINDS: dict[str, str] = {
    "senior_leader": "Senior leader",
    "technical_expert": "Technical expert",
    "business_partner": "Business partner",
    "customer_representative": "Customer representative",
    "community_partner": "Community partner",
}
LOWEST, HIGHEST = 1, 5
# From this number on influence or interest counts as high.
HIGH = 4
# "<id>.<id>.…" must fit the path column; twenty-four levels of ten-digit ids do.
DEEPEST_UNIT = 24


class ImportState(StrEnum):
    """How far an HR import is."""

    UPLOADED = "uploaded"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


class FindingKind(StrEnum):
    """What a preview says about a line. A refused cell leaves the rest of its line importable."""

    NEW = "new"
    CHANGED = "changed"
    LEAVER = "leaver"
    REFUSED_LINE = "refused_line"
    REFUSED_CELL = "refused_cell"


@dataclass(frozen=True, slots=True)
class Corner:
    """One part of the influence and interest grid, with what it asks of us."""

    key: str
    label: str
    advice: str


CORNERS = (
    Corner("together", "High influence, high interest", "Set goals together"),
    Corner("win", "High influence, low interest", "Learn what would matter to them"),
    Corner("voice", "Low influence, high interest", "Bring their voice in"),
    Corner("informed", "Low influence, low interest", "Keep informed"),
)


def corner_of(influence: int, interest: int) -> str:
    """The key of the corner in which a stakeholder stands."""
    if influence >= HIGH:
        return "together" if interest >= HIGH else "win"
    return "voice" if interest >= HIGH else "informed"


def plain_words(text: str) -> str:
    """Lower-case letters without accents, single spaces: how words are compared."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def found_by(*, name: str, title: str, email: str, external_id: str) -> str:
    """The words by which a person is found in the list."""
    return plain_words(f"{name} {title} {email} {external_id}")[:800]
