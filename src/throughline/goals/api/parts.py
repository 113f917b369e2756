"""Key results with their milestones, and initiatives."""

from datetime import date
from typing import Literal

from django.http import HttpResponse
from ninja import Field, Schema, Status

from throughline.access.rest import ApiBody, ApiRequest, Id, Version
from throughline.goals import selectors, services
from throughline.goals.api.router import goal_located, router
from throughline.goals.api.schemas import DoneIn, GoalOut, Number, Reason, ReasonAsked, VersionRead, Weight
from throughline.goals.models import Goal, Milestone
from throughline.goals.selectors.for_pages import milestones_of
from throughline.kernel.errors import NotFound

MeasureKey = Literal["increase_to", "decrease_to", "keep_within", "milestones"]


class MilestoneIn(ApiBody):
    """One milestone; with the id of an existing one that one is changed."""

    title: str = Field(max_length=200)
    weight: Weight = 1.0
    due_on: date | None = None
    id: Id | None = None


class MilestoneOut(Schema):
    """One milestone; `done_on` is empty while it is open."""

    id: int
    title: str
    weight: float
    due_on: date | None
    done_on: date | None


class KeyResultIn(ApiBody):
    """A key result as it should be; `version` is its objective's."""

    version: VersionRead
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
        values = self.model_dump(exclude={"version", "reason", "is_editorial", "milestones"})
        items = tuple(services.MilestoneTerms(**item.model_dump()) for item in self.milestones)
        return services.KeyResultTerms(**values, milestones=items)


class KeyResultEditIn(KeyResultIn):
    """The same for one that exists; editorial when only the words become clearer."""

    is_editorial: bool = False


class InitiativeIn(ApiBody):
    """An initiative as it should be; `version` is its objective's."""

    version: VersionRead
    title: str = Field(max_length=300)
    description: str = Field("", max_length=8000)
    owner_id: Id | None = None
    ends_on: date | None = None
    reason: Reason = ""


@router.post("goals/{goal_id}/key-results", response={201: GoalOut})
def key_result_new(request: ApiRequest, goal_id: Id, payload: KeyResultIn, response: HttpResponse) -> Status[Goal]:
    """Give an objective one more key result."""
    made = services.key_result_add(
        actor=request.actor,
        goal=selectors.goal_for_edit(request.actor, goal_id),
        terms=payload.terms(),
        version=payload.version,
        reason=payload.reason,
    )
    goal_located(request, response, made)
    return Status(201, made)


@router.put("goals/key-results/{key_result_id}", response=GoalOut)
def key_result_change(request: ApiRequest, key_result_id: Id, payload: KeyResultEditIn) -> Goal:
    """Change a key result's terms."""
    return services.key_result_edit(
        actor=request.actor,
        key_result=selectors.key_result_for_edit(request.actor, key_result_id),
        terms=payload.terms(),
        version=payload.version,
        reason=payload.reason,
        is_editorial=payload.is_editorial,
    )


@router.get("goals/key-results/{key_result_id}/milestones", response=list[MilestoneOut])
def milestones_list(request: ApiRequest, key_result_id: Id) -> list[Milestone]:
    """Milestones of a key result in order, at most 100."""
    return milestones_of(request.actor, selectors.goal_visible(request.actor, key_result_id).pk)


@router.put("goals/milestones/{milestone_id}/done", response=MilestoneOut)
def milestone_mark(request: ApiRequest, milestone_id: Id, payload: DoneIn) -> Milestone:
    """Mark a milestone reached, or open again; the key result and everything above follow."""
    milestone = selectors.milestone_for_edit(request.actor, milestone_id)
    return services.milestone_done(actor=request.actor, milestone=milestone, is_done=payload.is_done)


@router.post("goals/{goal_id}/initiatives", response={201: GoalOut})
def initiative_new(request: ApiRequest, goal_id: Id, payload: InitiativeIn, response: HttpResponse) -> Status[Goal]:
    """Name a piece of work meant to move an objective; it never counts as progress."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    made = services.initiative_add(actor=request.actor, goal=goal, **payload.model_dump())
    goal_located(request, response, made)
    return Status(201, made)


@router.put("goals/initiatives/{initiative_id}", response=GoalOut)
def initiative_change(request: ApiRequest, initiative_id: Id, payload: InitiativeIn) -> Goal:
    """Change an initiative."""
    initiative = selectors.initiative_for_edit(request.actor, initiative_id)
    return services.initiative_edit(actor=request.actor, initiative=initiative, **payload.model_dump())


@router.put("goals/initiatives/{initiative_id}/done", response=GoalOut)
def initiative_mark(request: ApiRequest, initiative_id: Id, payload: DoneIn) -> Goal:
    """Mark an initiative done, or open again; no new version, because what was promised stays the same."""
    initiative = selectors.initiative_for_edit(request.actor, initiative_id)
    return services.initiative_done(actor=request.actor, initiative=initiative, is_done=payload.is_done)


@router.delete("goals/parts/{part_id}", response={204: None})
def part_take_out(request: ApiRequest, part_id: Id, version: Version, reason: ReasonAsked = "") -> Status[None]:
    """Take a key result or initiative out of its objective.

    It stays readable, struck through. `version` is the objective's; `reason` must say why, for people who signed.
    """
    part = selectors.goal_for_edit(request.actor, part_id)
    if part.kind == "key_result":
        services.key_result_remove(actor=request.actor, key_result=part, version=version, reason=reason)
    elif part.kind == "initiative":
        services.initiative_remove(actor=request.actor, initiative=part, version=version, reason=reason)
    else:
        raise NotFound("This is a goal of its own, not a part of one; drop it instead.")
    return Status(204, None)
