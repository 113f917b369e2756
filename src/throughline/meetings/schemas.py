"""What the endpoints of this app take and give. No postponed annotations: ninja reads them from the classes."""

from datetime import datetime

from ninja import Field, Schema

from throughline.ledger.rules import FateKind
from throughline.meetings.rules import MAX_OUTCOME, MAX_TEXT, MAX_TITLE, MeetingState


class AgendaItemBody(Schema):
    title: str = Field(max_length=MAX_TITLE)
    minutes: int = Field(ge=1, le=480)
    activity: str
    facilitator_note: str = Field("", max_length=400)


class MeetingBody(Schema):
    """A meeting to plan; what is left out comes from the format."""

    format: str
    title: str = Field(max_length=MAX_TITLE)
    starts_at: datetime
    time_zone: str = "UTC"
    unit_id: int | None = Field(None, ge=1, lt=2**63)
    question: str | None = Field(None, max_length=400)
    what_for: str | None = Field(None, max_length=400)
    call_url: str = Field("", max_length=400)
    wants_anonymous: bool = False
    agenda: list[AgendaItemBody] | None = None


class MeetingItem(Schema):
    id: int
    title: str
    format: str
    question: str
    unit_id: int | None
    starts_at: datetime
    time_zone: str
    state: MeetingState
    outcome: str
    wants_anonymous: bool
    unattributed_count: int
    version: int


class MeetingLine(Schema):
    id: int
    title: str
    starts_at: datetime
    state_label: str


class TextBody(Schema):
    text: str


class EditBody(TextBody):
    version: int = Field(ge=1, lt=2**31)


class FateItem(Schema):
    kind: FateKind
    reason: str
    by: str
    shaped: list[str]


class ContributionItem(Schema):
    id: int
    meeting_id: int
    author_id: int
    text: str
    theme_id: int | None
    version: int
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None


class CardItem(Schema):
    """A card of the board. `move` is what moving it sends: the card and the theme it is in."""

    ref: str
    move: str
    text: str
    author: str
    theme_id: int | None


class ThemeItem(Schema):
    id: int
    meeting_id: int
    title: str
    summary: str
    version: int


class BoardItem(Schema):
    meeting_id: int
    state: MeetingState
    cursor: str
    themes: list[ThemeItem]
    cards: list[CardItem]


class MovesBody(Schema):
    """Cards as `<ref>:<theme seen>`; into `theme_id`, or out of any theme."""

    cards: list[str] = Field(max_length=500)
    theme_id: int | None = Field(None, ge=1, lt=2**63)


class ThemeBody(Schema):
    title: str
    cards: list[str] = Field([], max_length=500)


class ThemeEdit(Schema):
    title: str
    summary: str | None = Field(None, max_length=MAX_TEXT)
    version: int = Field(ge=1, lt=2**31)


class MergeBody(Schema):
    into: int = Field(ge=1, lt=2**63)


class StateBody(Schema):
    state: MeetingState


class CloseBody(Schema):
    outcome: str = Field(max_length=MAX_OUTCOME)
    version: int = Field(ge=1, lt=2**31)


class AnswerBody(Schema):
    kind: FateKind
    reason: str = Field(max_length=MAX_TEXT)


class UndoItem(Schema):
    done: int
    skipped: int
