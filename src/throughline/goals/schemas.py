"""What the API takes and gives: the shapes behind `api.py`, kept apart for its length."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from throughline.goals import services
from throughline.goals.models import Goal
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef

Id = Annotated[int, Field(gt=0, lt=2**63)]
Version = Annotated[int, Field(ge=1, lt=2**31)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Reason = Annotated[str, Field(max_length=2000)]
Cadence = Literal["weekly", "fortnightly", "monthly"]
MeasureKey = Literal["increase_to", "decrease_to", "keep_within", "milestones"]


class CycleOut(Schema):
    """A cycle. `version` goes back with an edit."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    state: str
    cadence: str
    step: int
    note: str
    version: int


class CycleIn(Schema):
    """A cycle to plan."""

    name: str = Field(max_length=120)
    starts_on: date
    ends_on: date
    cadence: Cadence = "weekly"
    note: str = Field("", max_length=4000)


class CycleEditIn(CycleIn):
    """A cycle to change, with the version it was read at."""

    version: Version


class ThemeOut(Schema):
    """A strategic theme."""

    id: int
    title: str
    text: str
    cycle_id: int | None
    is_sustainability: bool
    version: int


class ThemeIn(Schema):
    """A strategic theme to set."""

    title: str = Field(max_length=200)
    text: str = Field("", max_length=4000)
    cycle_id: Id | None = None
    is_sustainability: bool = False


class GoalLine(Schema):
    """A goal or part in a list. `is_unread`: the zero only stands for a missing reading."""

    id: int
    kind: str
    part_of_id: int | None
    title: str
    state: str
    owner_id: int | None
    owner_name: str
    unit_name: str
    cycle_name: str
    progress_percent: int
    is_empty: bool
    is_unread: bool
    is_counted: bool
    status: str
    confidence_percent: int | None
    child_count: int


class GoalOut(Schema):
    """One goal or part whole. Of an objective, `version` goes back with every change of it or its parts."""

    id: int
    kind: str
    part_of_id: int | None
    title: str
    description: str
    level: str
    unit_id: int | None
    owner_id: int | None
    visibility: str
    cycle_id: int | None
    theme_id: int | None
    serves: str
    state: str
    weight: float
    starts_on: date | None
    ends_on: date | None
    cadence: str
    external_id: str
    measure: str
    baseline: float | None
    target: float | None
    low: float | None
    high: float | None
    metric_key: str
    metric_unit: str
    version: int
    signed_version: int
    score_0_1: float | None
    progress: float
    progress_raw: float
    unread_share_0_1: float
    is_empty: bool
    amount: float | None
    value: float | None
    confidence_0_1: float | None
    status: str
    checked_in_on: date | None
    due_on: date | None

    @staticmethod
    def resolve_serves(goal: Goal) -> str:
        return f"{goal.serves_kind}:{goal.serves_id}" if goal.serves_id is not None else ""


class GoalIn(Schema):
    """An objective as it should be; `serves` is a subject such as `purpose.value:3`."""

    title: str = Field(max_length=300)
    description: str = Field("", max_length=8000)
    level: Literal["organisation", "unit", "person"] = "unit"
    unit_id: Id | None = None
    owner_id: Id | None = None
    co_owner_ids: list[Id] = Field(default_factory=list, max_length=50)
    cycle_id: Id | None = None
    theme_id: Id | None = None
    serves: str = Field("", max_length=80)
    starts_on: date | None = None
    ends_on: date | None = None
    cadence: Literal["", "weekly", "fortnightly", "monthly"] = ""
    visibility: Literal["", "open", "team"] = ""
    metric_key: str = Field("", max_length=80)
    metric_unit: str = Field("", max_length=40)
    weight: Weight = 1.0

    def fields(self) -> services.GoalFields:
        """The same for the services."""
        values = self.model_dump(exclude={"serves", "version", "reason", "is_editorial", "prompted_by"})
        return services.GoalFields(**values, serves=subject_sent(self.serves, "serves") if self.serves else None)


class GoalNewIn(GoalIn):
    """A candidate to write down; `prompted_by` are the themes or contributions behind it."""

    prompted_by: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=50)


class GoalEditIn(GoalIn):
    """An objective to change, with the version it was read at."""

    version: Version
    reason: Reason = ""
    is_editorial: bool = False


class MilestoneIn(Schema):
    """One milestone; with the id of an existing one that one is changed."""

    title: str = Field(max_length=200)
    weight: Weight = 1.0
    due_on: date | None = None
    id: Id | None = None


class KeyResultIn(Schema):
    """A key result as it should be; `version` is its objective's."""

    version: Version
    title: str = Field(max_length=300)
    measure: MeasureKey = "increase_to"
    baseline: Number | None = None
    target: Number | None = None
    low: Number | None = None
    high: Number | None = None
    metric_key: str = Field("", max_length=80)
    metric_unit: str = Field("", max_length=40)
    weight: Weight = 1.0
    owner_id: Id | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cadence: Literal["", "weekly", "fortnightly", "monthly"] = ""
    description: str = Field("", max_length=8000)
    milestones: list[MilestoneIn] = Field(default_factory=list, max_length=100)
    reason: Reason = ""

    def terms(self) -> services.KeyResultTerms:
        """The same for the services."""
        values = self.model_dump(exclude={"version", "reason", "milestones"})
        items = tuple(services.MilestoneTerms(**item.model_dump()) for item in self.milestones)
        return services.KeyResultTerms(**values, milestones=items)


class StepIn(Schema):
    """The reason of a step."""

    reason: Reason = ""


class ProposeIn(Schema):
    """Asking for signatures on one version."""

    version: Version
    note: Reason = ""
    closes_on: date | None = None


class CloseIn(StepIn):
    """Ending a goal."""

    score_0_1: Share | None = None
    retrospective: str = Field("", max_length=8000)


class AlignIn(Schema):
    """Putting a goal under another; `version` is the child's."""

    parent_id: Id
    version: Version
    rule: Literal["contributes", "supports"] = "contributes"
    weight: Weight = 1.0
    reason: Reason = ""


class AlignmentOut(Schema):
    """One alignment."""

    id: int
    child_id: int
    parent_id: int
    rule: str
    weight: float


class CheckInIn(Schema):
    """A check-in; `value` for key results that are measured by one."""

    value: Number | None = None
    confidence_0_1: Share | None = None
    status: Literal["", "on_track", "at_risk", "off_track"] = ""
    note: str = Field("", max_length=4000)
    on: date | None = None


class CheckInOut(Schema):
    """One check-in."""

    id: int
    goal_id: int
    on: date
    value: float | None
    confidence_percent: int | None
    status: str
    note: str
    by_name: str
    is_corrected: bool


class CommentIn(Schema):
    """A comment with the people it mentions."""

    text: str = Field(max_length=4000)
    mention_ids: list[Id] = Field(default_factory=list, max_length=30)


class CommentOut(Schema):
    """One comment; a withdrawn one has no text."""

    id: int
    text: str
    by_id: int | None
    by_name: str
    at: datetime
    is_edited: bool
    is_withdrawn: bool


class VersionOut(Schema):
    """One version of an objective with its exact text."""

    number: int
    on: date
    author_name: str
    reason: str
    is_editorial: bool
    changes: list[str]
    text: str
    is_signed: bool


class ExplanationLineOut(Schema):
    """One line; `points` of all lines add up to the goal's percent."""

    id: int
    title: str
    reason: str
    weight: float
    share_percent: float
    progress_percent: float
    points: float
    is_counted: bool
    is_hidden: bool


class ExplanationOut(Schema):
    """What a goal's number is made of."""

    on: date | None
    progress_percent: float
    raw_percent: float
    unread_percent: float
    is_empty: bool
    lines: list[ExplanationLineOut]
    amount: float | None
    amount_unit: str


class GoalQuery(Schema):
    """Filters of the list of goals."""

    q: str = Field("", max_length=200)
    kind: Literal["", "objective", "key_result", "initiative"] = "objective"
    state: Literal["", "candidate", "proposed", "signed_off", "active", "closed", "dropped"] = ""
    cycle_id: Id | None = None
    unit_id: Id | None = None
    theme_id: Id | None = None
    owner_id: Id | None = None
    status: Literal["", "on_track", "at_risk", "off_track"] = ""
    is_mine: bool = False
    order: Literal["title", "-title", "progress", "-progress", "newest"] = "title"
    cursor: str = Field("", max_length=1200)
    limit: int = Field(50, ge=1, le=200)


class CursorQuery(Schema):
    """Where a list goes on."""

    cursor: str = Field("", max_length=1200)
    limit: int = Field(50, ge=1, le=200)


def subject_sent(text: str, field: str) -> SubjectRef:
    """A subject as the API writes it; 422 on `field` for anything else."""
    try:
        found = SubjectRef.parse(text)
    except ValueError as error:
        raise Invalid({field: str(error)}) from error
    if not 0 < found.id < 2**63:
        raise Invalid({field: f"“{text}” names nothing here."})
    return found
