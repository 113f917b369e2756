"""The shapes several modules of this API share."""

from datetime import date
from typing import Annotated, Literal

from ninja import Field, P, QueryEx, Schema

from throughline.access.readable import MAX_ID
from throughline.access.rest import ApiBody
from throughline.goals.models import Goal
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef

# In a body. `Id` and `Version` of `access.rest` are for addresses: inside a schema their limits would not count.
VersionRead = Annotated[int, Field(ge=0, lt=2**31)]
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Reason = Annotated[str, Field(max_length=2000)]
# The same beside a DELETE, which has no body.
ReasonAsked = QueryEx[str, P(max_length=2000)]
Cadence = Literal["weekly", "fortnightly", "monthly"]


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


class DoneIn(ApiBody):
    """Whether it is done; false opens it again."""

    is_done: bool


def subject_sent(text: str, field: str) -> SubjectRef:
    """A subject as the API writes it; 422 on `field` for anything else."""
    try:
        found = SubjectRef.parse(text)
    except ValueError as error:
        raise Invalid({field: str(error)}) from error
    if not 1 <= found.id <= MAX_ID:
        raise Invalid({field: f"“{text}” names nothing here."})
    return found
