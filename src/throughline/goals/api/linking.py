"""What a goal contributes to, and what it needs from others."""

from datetime import date
from typing import Literal

from ninja import Field, Schema, Status

from throughline.access.rest import ApiBody, ApiRequest, Id, Version
from throughline.goals import selectors, services
from throughline.goals.api.router import router
from throughline.goals.api.schemas import Reason, ReasonAsked, VersionRead, Weight
from throughline.goals.models import Alignment, Dependency

ANSWERS = {
    "accept": services.dependency_accept,
    "decline": services.dependency_decline,
    "at_risk": services.dependency_at_risk,
    "deliver": services.dependency_deliver,
}


class AlignIn(ApiBody):
    """Putting a goal under another; `version` is the child's."""

    parent_id: Id
    version: VersionRead
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


class DependIn(ApiBody):
    """Something a goal needs and who would provide it; `version` is the goal's."""

    version: VersionRead
    provider_id: Id
    text: str = Field(max_length=600)
    provider_goal_id: Id | None = None
    needed_on: date | None = None
    reason: Reason = ""


class DependencyAnswerIn(ApiBody):
    """What the person asked says; needed to decline and to call it at risk."""

    answer: Reason = ""


class DependencyOut(Schema):
    """Something a goal needs: requested, accepted, declined, at_risk or delivered."""

    id: int
    goal_id: int
    provider_id: int
    provider_goal_id: int | None
    text: str
    needed_on: date | None
    state: str
    answer: str


@router.post("goals/{goal_id}/alignments", response={201: AlignmentOut})
def goal_connect(request: ApiRequest, goal_id: Id, payload: AlignIn) -> Status[Alignment]:
    """Put a goal under another one."""
    return Status(
        201,
        services.goal_align(
            actor=request.actor,
            child=selectors.goal_for_edit(request.actor, goal_id),
            parent=selectors.goal_visible(request.actor, payload.parent_id),
            version=payload.version,
            rule=payload.rule,
            weight=payload.weight,
            reason=payload.reason,
        ),
    )


@router.delete("goals/alignments/{alignment_id}", response={204: None})
def goal_disconnect(request: ApiRequest, alignment_id: Id, version: Version, reason: ReasonAsked = "") -> Status[None]:
    """End an alignment; `version` is the child's."""
    alignment = selectors.alignment_for_edit(request.actor, alignment_id)
    services.goal_unalign(actor=request.actor, alignment=alignment, version=version, reason=reason)
    return Status(204, None)


@router.post("goals/{goal_id}/dependencies", response={201: DependencyOut})
def goal_depend(request: ApiRequest, goal_id: Id, payload: DependIn) -> Status[Dependency]:
    """Ask somebody for what a goal depends on; they sign it as provider."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    number = payload.provider_goal_id
    return Status(
        201,
        services.dependency_request(
            actor=request.actor,
            goal=goal,
            provider_goal=selectors.goal_visible(request.actor, number) if number is not None else None,
            **payload.model_dump(exclude={"provider_goal_id"}),
        ),
    )


@router.post("goals/dependencies/{dependency_id}/{answer}", response=DependencyOut)
def dependency_answer(
    request: ApiRequest,
    dependency_id: Id,
    answer: Literal["accept", "decline", "at_risk", "deliver"],
    payload: DependencyAnswerIn,
) -> Dependency:
    """Answer for what one was asked to provide."""
    dependency = selectors.dependency_for_answer(request.actor, dependency_id)
    return ANSWERS[answer](actor=request.actor, dependency=dependency, answer=payload.answer)
