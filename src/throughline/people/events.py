"""What happens to people, units, strengths and stakeholders. Ids, numbers, dates and state keys only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from throughline.ledger.events import DomainEvent
from throughline.people.rules import ImportState, StrengthKind


class PersonField(StrEnum):
    """What of a person an edit changed."""

    NAME = "name"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    TITLE = "title"
    LOCATION = "location"
    TIME_ZONE = "time_zone"
    ABOUT = "about"
    MANAGER = "manager"
    STARTED_ON = "started_on"


@dataclass(frozen=True)
class PersonAdded(DomainEvent):
    """Somebody came in."""

    kind: ClassVar[str] = "people.person_added"
    person_id: int
    is_guest: bool


@dataclass(frozen=True)
class PersonEdited(DomainEvent):
    """Something about a person changed."""

    kind: ClassVar[str] = "people.person_edited"
    person_id: int
    fields: tuple[PersonField, ...]


@dataclass(frozen=True)
class PersonEnded(DomainEvent):
    """Somebody leaves after the day named."""

    kind: ClassVar[str] = "people.person_ended"
    person_id: int
    left_on: date


@dataclass(frozen=True)
class PersonReturned(DomainEvent):
    """Somebody who had left is back."""

    kind: ClassVar[str] = "people.person_returned"
    person_id: int


@dataclass(frozen=True)
class PeopleBatchSaved(DomainEvent):
    """A batch of an import: how many people it added, changed and ended, and the range their ids lie in."""

    kind: ClassVar[str] = "people.batch_saved"
    first_person_id: int
    last_person_id: int
    added: int
    changed: int
    ended: int


@dataclass(frozen=True)
class UnitBatchSaved(DomainEvent):
    """Units an import created."""

    kind: ClassVar[str] = "people.unit_batch_saved"
    first_unit_id: int
    last_unit_id: int
    created: int


@dataclass(frozen=True)
class UnitCreated(DomainEvent):
    """A unit came into being."""

    kind: ClassVar[str] = "people.unit_created"
    unit_id: int
    parent_id: int | None


@dataclass(frozen=True)
class UnitRenamed(DomainEvent):
    """A unit's name or function changed."""

    kind: ClassVar[str] = "people.unit_renamed"
    unit_id: int


@dataclass(frozen=True)
class UnitMoved(DomainEvent):
    """A unit and everything below it hangs elsewhere now."""

    kind: ClassVar[str] = "people.unit_moved"
    unit_id: int
    from_parent_id: int | None
    to_parent_id: int | None
    units_moved: int


@dataclass(frozen=True)
class UnitEnded(DomainEvent):
    """A unit is no more."""

    kind: ClassVar[str] = "people.unit_ended"
    unit_id: int
    ended_on: date


@dataclass(frozen=True)
class UnitReopened(DomainEvent):
    """An ended unit is back."""

    kind: ClassVar[str] = "people.unit_reopened"
    unit_id: int


@dataclass(frozen=True)
class MembershipStarted(DomainEvent):
    """Somebody belongs to a unit from a day on."""

    kind: ClassVar[str] = "people.membership_started"
    membership_id: int
    person_id: int
    unit_id: int
    is_lead: bool
    starts_on: date


@dataclass(frozen=True)
class MembershipEnded(DomainEvent):
    """Somebody's time in a unit ends after the day named."""

    kind: ClassVar[str] = "people.membership_ended"
    membership_id: int
    person_id: int
    unit_id: int
    ends_on: date


@dataclass(frozen=True)
class LeadChanged(DomainEvent):
    """Somebody leads a unit, or no longer does."""

    kind: ClassVar[str] = "people.lead_changed"
    membership_id: int
    person_id: int
    unit_id: int
    is_lead: bool


@dataclass(frozen=True)
class StrengthAdded(DomainEvent):
    """A gift, strength or asset was recorded."""

    kind: ClassVar[str] = "people.strength_added"
    strength_id: int
    strength_kind: StrengthKind


@dataclass(frozen=True)
class StrengthRemoved(DomainEvent):
    """A gift, strength or asset was taken off."""

    kind: ClassVar[str] = "people.strength_removed"
    strength_id: int
    strength_kind: StrengthKind


@dataclass(frozen=True)
class StakeholderAdded(DomainEvent):
    """A person or group with a stake was named."""

    kind: ClassVar[str] = "people.stakeholder_added"
    stakeholder_id: int
    person_id: int | None
    influence: int
    interest: int


@dataclass(frozen=True)
class StakeholderEdited(DomainEvent):
    """What is known of a stakeholder changed."""

    kind: ClassVar[str] = "people.stakeholder_edited"
    stakeholder_id: int
    person_id: int | None
    influence: int
    interest: int


@dataclass(frozen=True)
class StakeholderEnded(DomainEvent):
    """A stake has ended."""

    kind: ClassVar[str] = "people.stakeholder_ended"
    stakeholder_id: int
    ended_on: date


@dataclass(frozen=True)
class StakeholderReturned(DomainEvent):
    """An ended stake is there again."""

    kind: ClassVar[str] = "people.stakeholder_returned"
    stakeholder_id: int


@dataclass(frozen=True)
class ImportMoved(DomainEvent):
    """An HR import reached a state."""

    kind: ClassVar[str] = "people.import_moved"
    import_id: int
    state: ImportState
