"""What happened in access. Numbers, dates and state keys only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.kernel.actor import Role
from throughline.ledger.events import DomainEvent


@dataclass(frozen=True)
class OrganisationCreated(DomainEvent):
    kind: ClassVar[str] = "access.organisation_created"


@dataclass(frozen=True)
class OrganisationChanged(DomainEvent):
    kind: ClassVar[str] = "access.organisation_changed"


@dataclass(frozen=True)
class MemberJoined(DomainEvent):
    """A person got an account here; the subject is the person."""

    kind: ClassVar[str] = "access.member_joined"
    membership_id: int
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class RolesChanged(DomainEvent):
    kind: ClassVar[str] = "access.roles_changed"
    membership_id: int
    before: tuple[Role, ...]
    after: tuple[Role, ...]


@dataclass(frozen=True)
class MembershipEnded(DomainEvent):
    kind: ClassVar[str] = "access.membership_ended"
    membership_id: int


@dataclass(frozen=True)
class MembershipReactivated(DomainEvent):
    kind: ClassVar[str] = "access.membership_reactivated"
    membership_id: int


@dataclass(frozen=True)
class InvitationSent(DomainEvent):
    """A link was made, or made anew (`is_resent`); the subject is the invitation."""

    kind: ClassVar[str] = "access.invitation_sent"
    is_resent: bool


@dataclass(frozen=True)
class InvitationRevoked(DomainEvent):
    kind: ClassVar[str] = "access.invitation_revoked"


@dataclass(frozen=True)
class InvitationAccepted(DomainEvent):
    kind: ClassVar[str] = "access.invitation_accepted"
    person_id: int


@dataclass(frozen=True)
class SubjectShared(DomainEvent):
    """A thing was opened to a guest; the subject is the thing."""

    kind: ClassVar[str] = "access.subject_shared"
    person_id: int


@dataclass(frozen=True)
class ShareEnded(DomainEvent):
    kind: ClassVar[str] = "access.share_ended"
    person_id: int


@dataclass(frozen=True)
class TokenCreated(DomainEvent):
    kind: ClassVar[str] = "access.token_created"
    can_write: bool


@dataclass(frozen=True)
class TokenRevoked(DomainEvent):
    kind: ClassVar[str] = "access.token_revoked"
