"""Who acts: an immutable value resolved once per request and passed first to every service and selector."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from throughline.kernel.ids import SubjectRef


class Role(StrEnum):
    """What a person is to an organisation. A person may hold several; `GUEST` excludes the others."""

    ADMINISTRATOR = "administrator"
    LEADER = "leader"
    TEAM_LEAD = "team_lead"
    FACILITATOR = "facilitator"
    MEMBER = "member"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in one organisation, or the system itself (`is_system`).

    `unit_ids`: units the person belongs to today and all units above them.
    `own_unit_ids`: only the units of direct membership.
    `led_unit_ids`: units the person leads today and all units below them.
    `shared`: what was shared with a guest; empty for members, who see by policy.
    `stakeholder_ids`: entries of the stakeholder register that stand for this person.
    """

    org_id: int
    org_slug: str
    person_id: int | None
    name: str = ""
    org_name: str = ""
    roles: frozenset[Role] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    own_unit_ids: frozenset[int] = frozenset()
    led_unit_ids: frozenset[int] = frozenset()
    shared: frozenset[SubjectRef] = field(default_factory=frozenset)
    stakeholder_ids: frozenset[int] = frozenset()
    time_zone: str = "UTC"
    is_system: bool = False

    @property
    def is_guest(self) -> bool:
        return Role.GUEST in self.roles

    @property
    def is_member(self) -> bool:
        """Belongs to the organisation: anybody signed in who is not a guest, and the system."""
        return self.is_system or (bool(self.roles) and not self.is_guest)

    @property
    def is_administrator(self) -> bool:
        return self.is_system or Role.ADMINISTRATOR in self.roles

    @property
    def is_leader(self) -> bool:
        return self.is_system or Role.LEADER in self.roles

    @property
    def is_facilitator(self) -> bool:
        return self.is_system or bool(self.roles & {Role.FACILITATOR, Role.LEADER, Role.ADMINISTRATOR})

    def leads(self, unit_id: int | None) -> bool:
        """Whether the actor leads this unit, or one above it; leaders lead every unit."""
        return self.is_leader or (unit_id is not None and unit_id in self.led_unit_ids)

    def shared_ids(self, kind: str) -> frozenset[int]:
        """Numbers of the subjects of one kind that were shared with this guest."""
        return frozenset(ref.id for ref in self.shared if ref.kind == kind)


def system_actor(org_id: int, org_slug: str = "") -> Actor:
    """The product itself, for reactions, reminders and imports started from the command line."""
    return Actor(org_id=org_id, org_slug=org_slug, person_id=None, name="Throughline", is_system=True)
