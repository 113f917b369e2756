"""People, units and memberships as they are before a batch, small enough to hold all of them in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class PersonNow(NamedTuple):
    """A person's row as far as a batch may change it."""

    id: int
    external_id: str
    email: str
    name: str
    title: str
    location: str
    manager_id: int | None
    started_on: date | None
    left_on: date | None
    is_guest: bool
    version: int


class MembershipNow(NamedTuple):
    """A membership that is current or begins later."""

    id: int
    person_id: int
    unit_id: int
    is_lead: bool
    starts_on: date
    ends_on: date | None
    is_imported: bool


class UnitNow(NamedTuple):
    """A unit that has not ended."""

    id: int
    parent_id: int | None
    name: str
    path: str
    depth: int


@dataclass(slots=True)
class Present:
    """Everything a batch is compared with."""

    people: list[PersonNow] = field(default_factory=list)
    memberships: list[MembershipNow] = field(default_factory=list)
    units: list[UnitNow] = field(default_factory=list)
