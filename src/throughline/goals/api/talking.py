"""Check-ins and comments."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema, Status

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size
from throughline.goals import selectors, services
from throughline.goals.api.router import router
from throughline.goals.api.schemas import GoalOut, Number, Share
from throughline.goals.models import CheckIn, Comment, Goal


class ReadingIn(ApiBody):
    """Where a goal or part stands; `value` for key results that are measured by one."""

    value: Number | None = None
    confidence_0_1: Share | None = None
    status: Literal["", "on_track", "at_risk", "off_track"] = ""
    note: str = Field("", max_length=4000)


class CheckInIn(ReadingIn):
    """A check-in; without a day it is today's."""

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


class CommentIn(ApiBody):
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


@router.get("goals/{goal_id}/check-ins", response=ApiPage[CheckInOut])
def checkins_list(request: ApiRequest, goal_id: Id, cursor: Cursor = "", size: Size = 50) -> dict[str, object]:
    """Check-ins of a goal or part, newest first."""
    page = selectors.checkins_of(request.actor, goal_id, cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/{goal_id}/check-ins", response={201: GoalOut})
def checkin_new(request: ApiRequest, goal_id: Id, payload: CheckInIn) -> Status[Goal]:
    """Check in; answers the goal as it stands then."""
    goal = selectors.goal_for_checkin(request.actor, goal_id)
    services.checkin_submit(actor=request.actor, goal=goal, **payload.model_dump())
    return Status(201, selectors.goal_visible(request.actor, goal_id))


@router.put("goals/check-ins/{checkin_id}", response=CheckInOut)
def checkin_replace(request: ApiRequest, checkin_id: Id, payload: ReadingIn) -> CheckInOut:
    """Correct a check-in.

    The answer is a new check-in of the same day with its own id; the first stays in the history, marked as corrected.
    """
    checkin = selectors.checkin_for_correction(request.actor, checkin_id)
    return _checkin_out(services.checkin_correct(actor=request.actor, checkin=checkin, **payload.model_dump()))


@router.get("goals/{goal_id}/comments", response=ApiPage[CommentOut])
def comments_list(request: ApiRequest, goal_id: Id, cursor: Cursor = "", size: Size = 50) -> dict[str, object]:
    """Comments, the newest page first, oldest first on each page."""
    page = selectors.comments_of(request.actor, goal_id, cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/{goal_id}/comments", response={201: CommentOut})
def comment_new(request: ApiRequest, goal_id: Id, payload: CommentIn) -> Status[CommentOut]:
    """Comment on a goal."""
    goal = selectors.goal_visible(request.actor, goal_id)
    return Status(201, _comment_out(services.comment_add(actor=request.actor, goal=goal, **payload.model_dump())))


@router.put("goals/comments/{comment_id}", response=CommentOut)
def comment_change(request: ApiRequest, comment_id: Id, payload: CommentIn) -> CommentOut:
    """Change one's own comment; it is marked as edited."""
    comment = selectors.comment_for_edit(request.actor, comment_id)
    return _comment_out(services.comment_edit(actor=request.actor, comment=comment, **payload.model_dump()))


@router.delete("goals/comments/{comment_id}", response={204: None})
def comment_take_back(request: ApiRequest, comment_id: Id) -> Status[None]:
    """Withdraw one's own comment; its place stays, its text is gone."""
    comment = selectors.comment_for_edit(request.actor, comment_id)
    services.comment_withdraw(actor=request.actor, comment=comment)
    return Status(204, None)


def _checkin_out(row: CheckIn) -> CheckInOut:
    return CheckInOut(
        id=row.pk,
        goal_id=row.goal_id,
        on=row.on,
        value=row.value,
        confidence_percent=None if row.confidence_0_1 is None else round(row.confidence_0_1 * 100),
        status=row.status,
        note=row.note,
        by_name=row.by_person.name if row.by_person is not None else "",
        is_corrected=row.corrected_by_id is not None,
    )


def _comment_out(row: Comment) -> CommentOut:
    return CommentOut(
        id=row.pk,
        text=row.text,
        by_id=row.by_person_id,
        by_name=row.by_person.name if row.by_person is not None else "",
        at=row.created_at,
        is_edited=row.edited_at is not None,
        is_withdrawn=row.withdrawn_at is not None,
    )
