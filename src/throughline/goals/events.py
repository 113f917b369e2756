"""What happens to cycles, themes and goals. Subject: the thing itself; context of a part's event: its objective."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from throughline.goals.rules import DependencyState, GoalKind, GoalState, Status
from throughline.ledger.events import DomainEvent
from throughline.ledger.subjects import ChangeKind


@dataclass(frozen=True)
class CycleCreated(DomainEvent):
    """A cycle was planned."""

    kind: ClassVar[str] = "goals.cycle_created"


@dataclass(frozen=True)
class CycleEdited(DomainEvent):
    """A cycle's name, dates, rhythm, note, step or stakeholders changed."""

    kind: ClassVar[str] = "goals.cycle_edited"
    version: int
    step: int


@dataclass(frozen=True)
class CycleStarted(DomainEvent):
    """A cycle runs; its signed goals became active."""

    kind: ClassVar[str] = "goals.cycle_started"
    goal_count: int


@dataclass(frozen=True)
class CycleClosed(DomainEvent):
    """A cycle ended."""

    kind: ClassVar[str] = "goals.cycle_closed"


@dataclass(frozen=True)
class ThemeCreated(DomainEvent):
    """A strategic theme was set."""

    kind: ClassVar[str] = "goals.theme_created"


@dataclass(frozen=True)
class ThemeEdited(DomainEvent):
    """A strategic theme changed."""

    kind: ClassVar[str] = "goals.theme_edited"
    version: int


@dataclass(frozen=True)
class ThemeDropped(DomainEvent):
    """A strategic theme was dropped; the goals that belong to it keep it."""

    kind: ClassVar[str] = "goals.theme_dropped"


@dataclass(frozen=True)
class GoalCreated(DomainEvent):
    """A goal was written down as a candidate."""

    kind: ClassVar[str] = "goals.goal_created"
    goal_kind: GoalKind


@dataclass(frozen=True)
class GoalVersioned(DomainEvent):
    """A goal has a new version: its text, parts, alignments or dependencies changed."""

    kind: ClassVar[str] = "goals.goal_versioned"
    version: int
    changes: tuple[ChangeKind, ...]


@dataclass(frozen=True)
class GoalSettingsChanged(DomainEvent):
    """Rhythm, visibility, weight or the people who must sign changed; the text did not."""

    kind: ClassVar[str] = "goals.goal_settings_changed"


@dataclass(frozen=True)
class GoalStateChanged(DomainEvent):
    """A goal went from one state to another."""

    from_state: GoalState
    to_state: GoalState
    version: int


@dataclass(frozen=True)
class GoalProposed(GoalStateChanged):
    """People were asked to sign a goal."""

    kind: ClassVar[str] = "goals.goal_proposed"


@dataclass(frozen=True)
class GoalProposalWithdrawn(GoalStateChanged):
    """A proposed goal went back to being a candidate."""

    kind: ClassVar[str] = "goals.goal_proposal_withdrawn"


@dataclass(frozen=True)
class GoalSigned(GoalStateChanged):
    """Everyone asked has signed this version."""

    kind: ClassVar[str] = "goals.goal_signed"


@dataclass(frozen=True)
class GoalSignaturesReopened(GoalStateChanged):
    """A signed goal needs signatures again."""

    kind: ClassVar[str] = "goals.goal_signatures_reopened"


@dataclass(frozen=True)
class GoalStarted(GoalStateChanged):
    """A signed goal became active."""

    kind: ClassVar[str] = "goals.goal_started"


@dataclass(frozen=True)
class GoalClosed(GoalStateChanged):
    """A goal ended with a score."""

    kind: ClassVar[str] = "goals.goal_closed"
    score_0_1: float | None


@dataclass(frozen=True)
class GoalDropped(GoalStateChanged):
    """A goal was given up."""

    kind: ClassVar[str] = "goals.goal_dropped"


@dataclass(frozen=True)
class GoalReopened(GoalStateChanged):
    """A closed goal became active again, or a dropped one a candidate."""

    kind: ClassVar[str] = "goals.goal_reopened"


@dataclass(frozen=True)
class PartAdded(DomainEvent):
    """A key result or initiative was added; the subject is the part."""

    kind: ClassVar[str] = "goals.part_added"
    goal_kind: GoalKind


@dataclass(frozen=True)
class PartEdited(DomainEvent):
    """A key result or initiative changed."""

    kind: ClassVar[str] = "goals.part_edited"
    goal_kind: GoalKind


@dataclass(frozen=True)
class PartRemoved(DomainEvent):
    """A key result or initiative was removed; it stays, struck through."""

    kind: ClassVar[str] = "goals.part_removed"
    goal_kind: GoalKind


@dataclass(frozen=True)
class InitiativeDone(DomainEvent):
    """An initiative was done, or is open again."""

    kind: ClassVar[str] = "goals.initiative_done"
    is_done: bool


@dataclass(frozen=True)
class MilestoneDone(DomainEvent):
    """A milestone of a key result was reached, or is open again."""

    kind: ClassVar[str] = "goals.milestone_done"
    milestone_id: int
    is_done: bool


@dataclass(frozen=True)
class GoalAligned(DomainEvent):
    """A goal was aligned to one above; the context is the parent."""

    kind: ClassVar[str] = "goals.goal_aligned"
    alignment_id: int
    is_counted: bool


@dataclass(frozen=True)
class GoalUnaligned(DomainEvent):
    """An alignment ended; the context is the parent."""

    kind: ClassVar[str] = "goals.goal_unaligned"
    alignment_id: int


@dataclass(frozen=True)
class DependencyChanged(DomainEvent):
    """A dependency was requested, answered, is at risk or delivered; the subject is the goal that needs it."""

    kind: ClassVar[str] = "goals.dependency_changed"
    dependency_id: int
    state: DependencyState
    provider_id: int


@dataclass(frozen=True)
class CheckInSubmitted(DomainEvent):
    """A reading was taken."""

    kind: ClassVar[str] = "goals.checkin_submitted"
    checkin_id: int
    on: date
    value: float | None
    confidence_0_1: float | None
    status: Status | None


@dataclass(frozen=True)
class CheckInCorrected(DomainEvent):
    """A reading was replaced by a corrected one."""

    kind: ClassVar[str] = "goals.checkin_corrected"
    checkin_id: int
    corrected_id: int


@dataclass(frozen=True)
class CommentAdded(DomainEvent):
    """Somebody commented on a goal."""

    kind: ClassVar[str] = "goals.comment_added"
    comment_id: int
    mention_ids: tuple[int, ...]


@dataclass(frozen=True)
class CommentEdited(DomainEvent):
    """A comment was changed by its author."""

    kind: ClassVar[str] = "goals.comment_edited"
    comment_id: int
    mention_ids: tuple[int, ...]


@dataclass(frozen=True)
class CommentWithdrawn(DomainEvent):
    """A comment was withdrawn by its author."""

    kind: ClassVar[str] = "goals.comment_withdrawn"
    comment_id: int


@dataclass(frozen=True)
class GoalsImported(DomainEvent):
    """Goals were written in bulk; the ids in between belong to the batch. The subject is the first of them."""

    kind: ClassVar[str] = "goals.goals_imported"
    first_id: int
    last_id: int
    count: int


@dataclass(frozen=True)
class AlignmentsImported(DomainEvent):
    """Alignments were written in bulk."""

    kind: ClassVar[str] = "goals.alignments_imported"
    first_id: int
    last_id: int
    count: int


@dataclass(frozen=True)
class CheckInsImported(DomainEvent):
    """Check-ins were written in bulk."""

    kind: ClassVar[str] = "goals.checkins_imported"
    first_id: int
    last_id: int
    count: int
