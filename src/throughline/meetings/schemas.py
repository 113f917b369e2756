"""What the endpoints of this app take and give. No postponed annotations: ninja reads them from the classes."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator

from throughline.access.rest import ApiBody, Id
from throughline.ledger.rules import FateKind
from throughline.meetings.rules import MAX_OUTCOME, MAX_TEXT, MAX_TITLE, MeetingState


def _meant(value: datetime) -> datetime:
    # A day at the edge of the calendar leaves it in another time zone.
    if not 1900 <= value.year <= 2200:
        raise ValueError("Give a day between the years 1900 and 2200.")
    return value


Moment = Annotated[datetime, AfterValidator(_meant)]


class AgendaItemBody(ApiBody):
    """An agenda item as planned; the note is for whoever facilitates."""

    title: str = Field(max_length=MAX_TITLE)
    minutes: int = Field(ge=1, le=480)
    activity: Literal["board", "grouping", "discussion", "outcome"]
    facilitator_note: str = Field("", max_length=400)


class MeetingBody(ApiBody):
    """A meeting to plan; what is left out comes from the format."""

    format: str
    title: str = Field(max_length=MAX_TITLE)
    starts_at: Moment
    time_zone: str = "UTC"
    unit_id: Id | None = None
    question: str | None = Field(None, max_length=400)
    what_for: str | None = Field(None, max_length=400)
    call_url: str = Field("", max_length=400)
    wants_anonymous: bool = False
    agenda: list[AgendaItemBody] | None = None


class MeetingEdit(ApiBody):
    """A meeting as it shall be. Format and unit stay; an agenda that is left out stays too."""

    title: str = Field(max_length=MAX_TITLE)
    question: str = Field(max_length=400)
    what_for: str = Field(max_length=400)
    starts_at: Moment
    time_zone: str
    call_url: str = Field(max_length=400)
    wants_anonymous: bool
    agenda: list[AgendaItemBody] | None = None
    version: int = Field(ge=1, lt=2**31)


class AgendaItemItem(Schema):
    """An agenda item; `started_at` is when its time began."""

    id: int
    title: str
    minutes: int
    activity: str
    facilitator_note: str
    started_at: datetime | None
    is_done: bool


class AgendaDo(ApiBody):
    """What to do with an agenda item."""

    do: Literal["start", "done", "undone"]


class MeetingItem(Schema):
    """A meeting. `version` goes back with an edit; an older one is refused."""

    id: int
    title: str
    format: str
    question: str
    what_for: str
    unit_id: int | None
    starts_at: datetime
    time_zone: str
    call_url: str
    state: MeetingState
    outcome: str
    wants_anonymous: bool
    unattributed_count: int
    agenda: list[AgendaItemItem]
    version: int


class FormatLine(Schema):
    """An agenda item as a format suggests it."""

    title: str
    minutes: int
    activity: str
    facilitator_note: str


class FormatItem(Schema):
    """A kind of meeting; `key` is what planning one names."""

    key: str
    title: str
    what_for: str
    question: str
    minutes: int
    agenda: list[FormatLine]
    facilitator_notes: list[str]


class InviteBody(ApiBody):
    """Members of the organisation to invite."""

    person_ids: list[Id] = Field(min_length=1, max_length=200)
    are_facilitators: bool = False


class InviteDone(Schema):
    """How many of them were not invited before."""

    newly_invited: int


class InvitedItem(Schema):
    """Somebody invited to a meeting."""

    person_id: int
    name: str
    is_facilitator: bool
    invited_at: datetime


class GuestBody(ApiBody):
    """Somebody outside."""

    name: str = Field(max_length=120)
    email: str = Field(max_length=254)


class GuestInvited(Schema):
    """A share for a guest who is here, or an invitation with its link for one who is not."""

    share_id: int | None
    invitation_id: int | None
    invitation_url: str


class MeetingLine(Schema):
    """A meeting in a list."""

    id: int
    title: str
    starts_at: datetime
    state_label: str


class TextBody(ApiBody):
    """Words."""

    text: str


class EditBody(TextBody):
    """Words with the version they were made from."""

    version: int = Field(ge=1, lt=2**31)


class FateItem(Schema):
    """What became of a voice: why, by whom, and the titles of what it shaped."""

    kind: FateKind
    reason: str
    by: str
    shaped: list[str]


class ContributionItem(Schema):
    """What somebody said under their name; `text` is empty once withdrawn."""

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
    """A theme of a meeting."""

    id: int
    meeting_id: int
    title: str
    summary: str
    version: int


class BoardItem(Schema):
    """A board. `cursor` says how far its changes have been seen."""

    meeting_id: int
    state: MeetingState
    cursor: str
    themes: list[ThemeItem]
    cards: list[CardItem]


class MovesBody(ApiBody):
    """Cards as `<ref>:<theme seen>`; into `theme_id`, or out of any theme."""

    cards: list[str] = Field(max_length=500)
    theme_id: Id | None = None


class ThemeBody(ApiBody):
    """A theme to begin, with cards as `<ref>:<theme seen>`."""

    title: str
    cards: list[str] = Field([], max_length=500)


class ThemeEdit(ApiBody):
    """A theme's name and what it comes to; a summary that is left out stays."""

    title: str
    summary: str | None = Field(None, max_length=MAX_TEXT)
    version: int = Field(ge=1, lt=2**31)


class MergeBody(ApiBody):
    """The theme that takes the cards."""

    into: Id


class StateBody(ApiBody):
    """The state to move to."""

    state: MeetingState


class CloseBody(ApiBody):
    """What the meeting came to."""

    outcome: str = Field(max_length=MAX_OUTCOME)
    version: int = Field(ge=1, lt=2**31)


class AnswerBody(ApiBody):
    """An answer, or why not."""

    kind: FateKind
    reason: str = Field(max_length=MAX_TEXT)


class UndoItem(Schema):
    """How many steps were taken back, and how many somebody has changed since."""

    done: int
    skipped: int


class MessageItem(Schema):
    """A message that waits at a receipt."""

    text: str
    created_at: datetime
