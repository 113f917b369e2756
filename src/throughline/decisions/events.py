"""What happens to proposals. Subject of each is the proposal, context what is decided about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.decisions.rules import ObjectionState, Outcome, Stance
from throughline.ledger.events import DomainEvent


@dataclass(frozen=True)
class ProposalOpened(DomainEvent):
    """People were asked to decide on a version."""

    kind: ClassVar[str] = "decisions.proposal_opened"
    version: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class VersionMoved(DomainEvent):
    """The text went on to a new version."""

    kind: ClassVar[str] = "decisions.version_moved"
    version: int
    is_editorial: bool


@dataclass(frozen=True)
class ReconsentAsked(DomainEvent):
    """A new version, or a contested declaration, asks these people to speak anew."""

    kind: ClassVar[str] = "decisions.reconsent_asked"
    version: int
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class PositionTaken(DomainEvent):
    """Somebody said what they think of a version."""

    kind: ClassVar[str] = "decisions.position_taken"
    position_id: int
    stance: Stance
    version: int


@dataclass(frozen=True)
class ObjectionRaised(DomainEvent):
    """Somebody objected to a passage of a version."""

    kind: ClassVar[str] = "decisions.objection_raised"
    objection_id: int
    version: int


@dataclass(frozen=True)
class ObjectionResolved(DomainEvent):
    """An objection was integrated, withdrawn or recorded as standing."""

    kind: ClassVar[str] = "decisions.objection_resolved"
    objection_id: int
    state: ObjectionState


@dataclass(frozen=True)
class EditorialContested(DomainEvent):
    """A signatory did not accept that a change was only wording."""

    kind: ClassVar[str] = "decisions.editorial_contested"
    version: int


@dataclass(frozen=True)
class SignOffCompleted(DomainEvent):
    """Every signatory has signed the version."""

    kind: ClassVar[str] = "decisions.sign_off_completed"
    version: int


@dataclass(frozen=True)
class SignOffReopened(DomainEvent):
    """A completed sign-off needs signatures again."""

    kind: ClassVar[str] = "decisions.sign_off_reopened"
    version: int


@dataclass(frozen=True)
class ProposalDecided(DomainEvent):
    """The outcome was recorded."""

    kind: ClassVar[str] = "decisions.proposal_decided"
    outcome: Outcome
    version: int


@dataclass(frozen=True)
class ProposalWithdrawn(DomainEvent):
    """The proposal was taken back without an outcome."""

    kind: ClassVar[str] = "decisions.proposal_withdrawn"
    version: int
