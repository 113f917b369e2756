"""What happens in meetings. Nothing here is recorded for a single unattributed post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.ledger.events import DomainEvent
from throughline.meetings.rules import MeetingState


@dataclass(frozen=True)
class MeetingPlanned(DomainEvent):
    kind: ClassVar[str] = "meetings.meeting_planned"
    unit_id: int | None


@dataclass(frozen=True)
class MeetingChanged(DomainEvent):
    kind: ClassVar[str] = "meetings.meeting_changed"
    version: int


@dataclass(frozen=True)
class PeopleInvited(DomainEvent):
    kind: ClassVar[str] = "meetings.people_invited"
    person_ids: tuple[int, ...]
    are_facilitators: bool


@dataclass(frozen=True)
class PersonUninvited(DomainEvent):
    kind: ClassVar[str] = "meetings.person_uninvited"
    person_id: int


@dataclass(frozen=True)
class MeetingMoved(DomainEvent):
    """The board was opened, or went to grouping or back."""

    kind: ClassVar[str] = "meetings.meeting_moved"
    state: MeetingState


@dataclass(frozen=True)
class MeetingClosed(DomainEvent):
    """The one event that tells of unattributed posts, by their count."""

    kind: ClassVar[str] = "meetings.meeting_closed"
    named_count: int
    unattributed_count: int
    theme_count: int


@dataclass(frozen=True)
class AgendaChanged(DomainEvent):
    kind: ClassVar[str] = "meetings.agenda_changed"
    item_id: int | None


@dataclass(frozen=True)
class ContributionPosted(DomainEvent):
    kind: ClassVar[str] = "meetings.contribution_posted"
    meeting_id: int


@dataclass(frozen=True)
class ContributionEdited(DomainEvent):
    kind: ClassVar[str] = "meetings.contribution_edited"
    version: int


@dataclass(frozen=True)
class ContributionWithdrawn(DomainEvent):
    kind: ClassVar[str] = "meetings.contribution_withdrawn"
    meeting_id: int


@dataclass(frozen=True)
class CardsGrouped(DomainEvent):
    """Cards were moved. Unattributed ones are counted, never named."""

    kind: ClassVar[str] = "meetings.cards_grouped"
    to_theme_id: int | None
    contribution_ids: tuple[int, ...]
    unattributed_count: int


@dataclass(frozen=True)
class ThemeCreated(DomainEvent):
    kind: ClassVar[str] = "meetings.theme_created"
    meeting_id: int


@dataclass(frozen=True)
class ThemeChanged(DomainEvent):
    kind: ClassVar[str] = "meetings.theme_changed"
    version: int


@dataclass(frozen=True)
class ThemesMerged(DomainEvent):
    kind: ClassVar[str] = "meetings.themes_merged"
    into_theme_id: int


@dataclass(frozen=True)
class ThemeRemoved(DomainEvent):
    kind: ClassVar[str] = "meetings.theme_removed"
    meeting_id: int


@dataclass(frozen=True)
class MoveUndone(DomainEvent):
    kind: ClassVar[str] = "meetings.move_undone"
    done_count: int
    skipped_count: int
