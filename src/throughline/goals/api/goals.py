"""Goals: the list, one with its versions and its number, and the steps it takes."""

from datetime import date
from typing import Annotated, Literal

from ninja import Field, Query, Schema, Status

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Id
from throughline.goals import selectors, services
from throughline.goals.analysis.explanation import goal_explanation
from throughline.goals.api.router import router
from throughline.goals.api.schemas import GoalLine, GoalOut, Reason, Share, VersionRead, Weight, subject_sent
from throughline.goals.models import Goal
from throughline.goals.selectors.for_pages import stakeholder_ids_of


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
    cursor: str = Field("", max_length=500)
    size: int = Field(50, ge=1, le=200)


class GoalIn(ApiBody):
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

    version: VersionRead
    reason: Reason = ""
    is_editorial: bool = False


class StepIn(ApiBody):
    """The reason of a step."""

    reason: Reason = ""


class ProposeIn(ApiBody):
    """Asking for signatures on one version."""

    version: VersionRead
    note: Reason = ""
    closes_on: date | None = None


class CloseIn(StepIn):
    """Ending a goal."""

    score_0_1: Share | None = None
    retrospective: str = Field("", max_length=8000)


class StakeholdersIn(ApiBody):
    """The stakeholders who must sign, all of them."""

    stakeholder_ids: list[Id] = Field(max_length=200)


class StakeholdersOut(Schema):
    """The stakeholders who must sign an objective, by their numbers in the register."""

    goal_id: int
    stakeholder_ids: list[int]


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


@router.get("goals", response=ApiPage[GoalLine])
def goals_list(request: ApiRequest, query: Query[GoalQuery]) -> dict[str, object]:
    """Goals that fit the filter."""
    wanted = selectors.GoalFilter(**query.model_dump(exclude={"order", "cursor", "size"}))
    page = selectors.goals_table(request.actor, wanted, cursor=query.cursor, size=query.size, order=query.order)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals", response={201: GoalOut})
def goal_new(request: ApiRequest, payload: GoalNewIn) -> Status[Goal]:
    """Write down a candidate."""
    behind = [subject_sent(text, "prompted_by") for text in payload.prompted_by]
    return Status(201, services.goal_create(actor=request.actor, fields=payload.fields(), prompted_by=behind))


@router.get("goals/{goal_id}", response=GoalOut)
def goal_get(request: ApiRequest, goal_id: Id) -> Goal:
    """One goal or part."""
    return selectors.goal_visible(request.actor, goal_id)


@router.put("goals/{goal_id}", response=GoalOut)
def goal_change(request: ApiRequest, goal_id: Id, payload: GoalEditIn) -> Goal:
    """Change an objective; a new version asks again whom the change affects."""
    return services.goal_edit(
        actor=request.actor,
        goal=selectors.goal_for_edit(request.actor, goal_id),
        fields=payload.fields(),
        version=payload.version,
        reason=payload.reason,
        is_editorial=payload.is_editorial,
    )


@router.get("goals/{goal_id}/children", response=list[GoalLine])
def goal_children(request: ApiRequest, goal_id: Id) -> tuple[selectors.GoalRow, ...]:
    """Key results, initiatives and aligned goals directly below, at most 200."""
    goal = selectors.goal_visible(request.actor, goal_id)
    return selectors.goal_tree_children(request.actor, goal.pk)


@router.put("goals/{goal_id}/stakeholders", response=StakeholdersOut)
def goal_stakeholders(request: ApiRequest, goal_id: Id, payload: StakeholdersIn) -> dict[str, object]:
    """Name the stakeholders who must sign besides the owners; the list replaces the one before."""
    goal = services.goal_signatories_set(
        actor=request.actor,
        goal=selectors.goal_for_edit(request.actor, goal_id),
        stakeholder_ids=payload.stakeholder_ids,
    )
    return {"goal_id": goal.pk, "stakeholder_ids": stakeholder_ids_of(request.actor, goal.pk)}


@router.post("goals/{goal_id}/propose", response=GoalOut)
def goal_put_forward(request: ApiRequest, goal_id: Id, payload: ProposeIn) -> Goal:
    """Ask everybody concerned to sign."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_propose(actor=request.actor, goal=goal, **payload.model_dump())


@router.post("goals/{goal_id}/withdraw", response=GoalOut)
def goal_take_back(request: ApiRequest, goal_id: Id, payload: StepIn) -> Goal:
    """Take a proposed goal back."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_withdraw_proposal(actor=request.actor, goal=goal, reason=payload.reason)


@router.post("goals/{goal_id}/start", response=GoalOut)
def goal_begin(request: ApiRequest, goal_id: Id, payload: StepIn) -> Goal:
    """Begin work on a signed goal."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_start(actor=request.actor, goal=goal, reason=payload.reason)


@router.post("goals/{goal_id}/close", response=GoalOut)
def goal_end(request: ApiRequest, goal_id: Id, payload: CloseIn) -> Goal:
    """End an active goal with its score."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_close(actor=request.actor, goal=goal, **payload.model_dump())


@router.post("goals/{goal_id}/drop", response=GoalOut)
def goal_give_up(request: ApiRequest, goal_id: Id, payload: StepIn) -> Goal:
    """Give a goal up."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_drop(actor=request.actor, goal=goal, reason=payload.reason)


@router.post("goals/{goal_id}/reopen", response=GoalOut)
def goal_take_up_again(request: ApiRequest, goal_id: Id, payload: StepIn) -> Goal:
    """Reopen a closed or dropped goal."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return services.goal_reopen(actor=request.actor, goal=goal, reason=payload.reason)


@router.get("goals/{goal_id}/versions", response=list[VersionOut])
def versions_list(request: ApiRequest, goal_id: Id) -> tuple[object, ...]:
    """The newest 100 versions of an objective with their exact text."""
    return selectors.goal_versions(request.actor, goal_id)


@router.get("goals/{goal_id}/explanation", response=ExplanationOut)
def explanation_get(request: ApiRequest, goal_id: Id, on: date | None = None) -> object:
    """What a goal's number is made of, today or on a past day."""
    return goal_explanation(request.actor, goal_id, on=on)
