"""What travels through the API of purpose."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from throughline.access.rest import ApiBody

Version = Field(ge=0, lt=2**31)
Number = Annotated[int, Field(gt=0, lt=2**63)]
SHORT, LONG = 4_000, 20_000


class StatementLine(Schema):
    """One purpose of the list; `adopted_version` is empty while it is a draft."""

    id: int
    level: str
    whose: str
    headline: str
    latest_version: int
    adopted_version: int | None
    visibility: str
    review_on: date | None


class SegmentOut(Schema):
    """A stretch of the comparison with the version before: same, removed or added."""

    kind: str
    text: str


class VersionOut(Schema):
    """One version with its reason, its people and what it changed."""

    version: int
    text: str
    reason: str
    author: str
    took_part: list[str]
    state: str
    proposal_id: int | None
    created_at: datetime
    adopted_at: datetime | None
    diff: list[SegmentOut]


class SuggestionOut(Schema):
    """A suggestion and its fate: waiting, taken_up, shaped, answered or not_taken_up."""

    id: int
    by: str
    version: int
    text: str
    wording: str
    state: str
    taken_up_version: int | None
    answer: str
    created_at: datetime


class StatementOut(Schema):
    """One purpose whole; `text` is the adopted one, else the draft."""

    id: int
    level: str
    whose: str
    text: str
    version: int
    latest_version: int
    adopted_version: int | None
    visibility: str
    review_on: date | None
    endorsements: int
    is_endorsed: bool
    versions: list[VersionOut]
    suggestions: list[SuggestionOut]


class StatementIn(ApiBody):
    """The first wording of a purpose. `toward` are purposes a personal one points to."""

    level: Literal["organisation", "unit", "person"]
    text: str = Field(max_length=LONG)
    unit_id: int | None = Field(None, gt=0, lt=2**63)
    reason: str = Field("", max_length=SHORT)
    toward: list[Number] = Field(default_factory=list, max_length=20)


class VersionIn(ApiBody):
    """A further wording, made from version `based_on`."""

    text: str = Field(max_length=LONG)
    based_on: int = Version
    reason: str = Field("", max_length=SHORT)
    is_editorial: bool = False


class ProposalIn(ApiBody):
    """Whom to ask to adopt which version."""

    version: int = Version
    person_ids: list[Number] = Field(min_length=1, max_length=2_000)
    closes_on: date | None = None


class ProposedOut(Schema):
    """The decision that was opened."""

    proposal_id: int


class SuggestionIn(ApiBody):
    """A change one would make, and the wording one would use."""

    text: str = Field(max_length=SHORT)
    wording: str = Field("", max_length=LONG)


class FateIn(ApiBody):
    """What becomes of a suggestion: `version` when taken up, else `reason`."""

    fate: Literal["taken_up", "answered", "not_taken_up"]
    version: int = Version
    reason: str = Field("", max_length=2_000)


class ShareIn(ApiBody):
    """Who reads one's own purpose."""

    visibility: Literal["private", "unit", "organisation"]
    unit_id: int | None = Field(None, gt=0, lt=2**63)


class ReviewIn(ApiBody):
    """What looking at a purpose found, and when to look again."""

    outcome: Literal["keep", "revise"]
    note: str = Field(max_length=SHORT)
    next_on: date


class ReviewDateIn(ApiBody):
    """When to look again; empty for no reminder."""

    review_on: date | None


class ValueOut(Schema):
    """A value with its behaviours."""

    id: int
    name: str
    meaning: str
    version: int
    is_ended: bool
    shows: list[str]
    contradicts: list[str]
    policy_ids: list[int]
    endorsements: int
    is_endorsed: bool


class ValueIn(ApiBody):
    """A value; `version` is the one it was made from, ignored for a new one."""

    name: str = Field(max_length=120)
    meaning: str = Field("", max_length=SHORT)
    shows: list[str] = Field(default_factory=list, max_length=20)
    contradicts: list[str] = Field(default_factory=list, max_length=20)
    version: int = Field(0, ge=0, lt=2**31)


class PolicyOut(Schema):
    """A policy with the values it puts into practice."""

    id: int
    title: str
    text: str
    reference: str
    version: int
    value_ids: list[int]


class PolicyIn(ApiBody):
    """A policy; `version` is the one it was made from, ignored for a new one."""

    title: str = Field(max_length=200)
    text: str = Field("", max_length=LONG)
    reference: str = Field("", max_length=500)
    value_ids: list[Number] = Field(default_factory=list, max_length=100)
    version: int = Field(0, ge=0, lt=2**31)


class ListQuery(Schema):
    """Which purposes, a page at a time."""

    level: Literal["", "organisation", "unit", "person"] = ""
    cursor: str = Field("", max_length=500)
    size: int = Field(50, ge=1, le=200)
