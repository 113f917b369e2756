"""How the ledger names what this app owns. Beside rules, because selectors and services both need it."""

from __future__ import annotations

from throughline.kernel.ids import SubjectRef
from throughline.meetings.rules import CardRef


def meeting_ref(meeting_id: int) -> SubjectRef:
    return SubjectRef("meetings.meeting", meeting_id)


def theme_ref(theme_id: int) -> SubjectRef:
    return SubjectRef("meetings.theme", theme_id)


def contribution_ref(contribution_id: int) -> SubjectRef:
    return SubjectRef("meetings.contribution", contribution_id)


def unattributed_ref(number: int) -> SubjectRef:
    return SubjectRef("meetings.anonymous", number)


def card_subject(card: CardRef) -> SubjectRef:
    return contribution_ref(card.number) if card.is_named else unattributed_ref(card.number)
