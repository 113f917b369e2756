"""What happens to purposes, values and policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.ledger.events import DomainEvent
from throughline.purpose.rules import Level, ReviewOutcome, Visibility


@dataclass(frozen=True)
class StatementStarted(DomainEvent):
    """A purpose got its first draft."""

    kind: ClassVar[str] = "purpose.statement_started"
    level: Level


@dataclass(frozen=True)
class StatementVersioned(DomainEvent):
    """A purpose got a new wording."""

    kind: ClassVar[str] = "purpose.statement_versioned"
    version: int


@dataclass(frozen=True)
class StatementProposed(DomainEvent):
    """A draft was put to decision."""

    kind: ClassVar[str] = "purpose.statement_proposed"
    version: int
    proposal_id: int


@dataclass(frozen=True)
class StatementAdopted(DomainEvent):
    """A version holds from now on."""

    kind: ClassVar[str] = "purpose.statement_adopted"
    version: int
    proposal_id: int | None


@dataclass(frozen=True)
class StatementReturned(DomainEvent):
    """A proposed version was rejected or withdrawn and is a draft again."""

    kind: ClassVar[str] = "purpose.statement_returned"
    version: int
    proposal_id: int


@dataclass(frozen=True)
class StatementShared(DomainEvent):
    """The author of a personal purpose changed who reads it."""

    kind: ClassVar[str] = "purpose.statement_shared"
    visibility: Visibility


@dataclass(frozen=True)
class SuggestionMade(DomainEvent):
    """A member contributed to a draft; the context is the statement."""

    kind: ClassVar[str] = "purpose.suggestion_made"
    version: int


@dataclass(frozen=True)
class SuggestionTakenUp(DomainEvent):
    """A suggestion went into a version."""

    kind: ClassVar[str] = "purpose.suggestion_taken_up"
    version: int


@dataclass(frozen=True)
class Endorsed(DomainEvent):
    """Somebody stands behind a statement or value."""

    kind: ClassVar[str] = "purpose.endorsed"
    version: int


@dataclass(frozen=True)
class EndorsementWithdrawn(DomainEvent):
    """Somebody no longer stands behind it."""

    kind: ClassVar[str] = "purpose.endorsement_withdrawn"


@dataclass(frozen=True)
class PurposeReviewed(DomainEvent):
    """Somebody looked whether a purpose still holds."""

    kind: ClassVar[str] = "purpose.reviewed"
    review_id: int
    outcome: ReviewOutcome


@dataclass(frozen=True)
class ReviewDateSet(DomainEvent):
    """The date of the next review changed."""

    kind: ClassVar[str] = "purpose.review_date_set"


@dataclass(frozen=True)
class ValueChanged(DomainEvent):
    """A value was defined, reworded or given other behaviours."""

    kind: ClassVar[str] = "purpose.value_changed"
    version: int


@dataclass(frozen=True)
class ValueEnded(DomainEvent):
    """A value no longer holds."""

    kind: ClassVar[str] = "purpose.value_ended"


@dataclass(frozen=True)
class PolicyChanged(DomainEvent):
    """A policy was recorded, reworded or tied to other values."""

    kind: ClassVar[str] = "purpose.policy_changed"
    version: int


@dataclass(frozen=True)
class PolicyEnded(DomainEvent):
    """A policy no longer holds."""

    kind: ClassVar[str] = "purpose.policy_ended"
