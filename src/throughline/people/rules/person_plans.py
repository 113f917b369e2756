"""A person as a batch will leave them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from throughline.people.rules.matching import PersonKey
from throughline.people.rules.present import PersonNow
from throughline.people.rules.unit_places import UnitKey


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that changes about a person, in words."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class MembershipPlan:
    """What happens to a person's units: rows that end, a row that changes, and a row that begins."""

    ends: list[tuple[int, date]] = field(default_factory=list)
    changes: list[tuple[int, UnitKey, bool, date | None]] = field(default_factory=list)
    starts: tuple[UnitKey, bool, date, date | None] | None = None

    @property
    def is_empty(self) -> bool:
        return not self.ends and not self.changes and self.starts is None


@dataclass(slots=True)
class PersonPlan:
    """The person as they shall be. `now` is None for somebody new; `changes` is empty for them."""

    key: PersonKey
    line: int
    name: str
    email: str
    external_id: str
    title: str
    location: str
    manager: PersonKey | None
    started_on: date | None
    left_on: date | None
    now: PersonNow | None
    membership: MembershipPlan
    changes: list[FieldChange] = field(default_factory=list)
