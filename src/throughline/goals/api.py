"""This app's endpoints, below `/api/v1/o/<org>/`: what the pages of goals can do, through the same services."""

from datetime import date

from django.http import HttpResponse
from ninja import Query

from throughline.access.rest import ApiPage, ApiRequest, api_router
from throughline.goals import selectors, services
from throughline.goals.analysis.explanation import goal_explanation
from throughline.goals.models import Cycle, Goal, StrategicTheme
from throughline.goals.policies import can_manage_themes
from throughline.goals.schemas import (
    AlignIn,
    AlignmentOut,
    CheckInIn,
    CheckInOut,
    CloseIn,
    CommentIn,
    CommentOut,
    CursorQuery,
    CycleEditIn,
    CycleIn,
    CycleOut,
    ExplanationOut,
    GoalEditIn,
    GoalLine,
    GoalNewIn,
    GoalOut,
    GoalQuery,
    Id,
    KeyResultIn,
    ProposeIn,
    StepIn,
    ThemeIn,
    ThemeOut,
    Version,
    VersionOut,
    subject_sent,
)
from throughline.kernel.paging import page_of

router = api_router("goals")


@router.get("goals/cycles", response=ApiPage[CycleOut])
def cycles_list(request: ApiRequest, query: Query[CursorQuery]) -> dict[str, object]:
    """Cycles, newest first."""
    rows = selectors.cycles_visible_to(request.actor)
    page = page_of(rows, order=("-starts_on", "-id"), cursor=query.cursor, size=query.limit)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/cycles", response={201: CycleOut})
def cycle_new(request: ApiRequest, payload: CycleIn) -> tuple[int, Cycle]:
    """Plan a cycle."""
    return 201, services.cycle_create(actor=request.actor, **payload.model_dump())


@router.put("goals/cycles/{cycle_id}", response=CycleOut)
def cycle_change(request: ApiRequest, cycle_id: Id, payload: CycleEditIn) -> Cycle:
    """Change a cycle."""
    cycle = selectors.cycle_for_edit(request.actor, cycle_id)
    return services.cycle_edit(actor=request.actor, cycle=cycle, **payload.model_dump())


@router.post("goals/cycles/{cycle_id}/start", response=CycleOut)
def cycle_begin(request: ApiRequest, cycle_id: Id) -> Cycle:
    """Start a cycle; its signed goals become active."""
    return services.cycle_start(actor=request.actor, cycle=selectors.cycle_for_edit(request.actor, cycle_id))


@router.post("goals/cycles/{cycle_id}/close", response=CycleOut)
def cycle_end(request: ApiRequest, cycle_id: Id) -> Cycle:
    """Close a cycle none of whose goals is active."""
    return services.cycle_close(actor=request.actor, cycle=selectors.cycle_for_edit(request.actor, cycle_id))


@router.get("goals/themes", response=list[ThemeOut])
def themes_list(request: ApiRequest) -> list[StrategicTheme]:
    """Strategic themes in force, at most 200, by title."""
    return list(selectors.themes_visible_to(request.actor)[:200])


@router.post("goals/themes", response={201: ThemeOut})
def theme_new(request: ApiRequest, payload: ThemeIn) -> tuple[int, StrategicTheme]:
    """Set a strategic theme."""
    can_manage_themes(request.actor).require()
    return 201, services.strategic_theme_create(actor=request.actor, **payload.model_dump())


@router.get("goals", response=ApiPage[GoalLine])
def goals_list(request: ApiRequest, query: Query[GoalQuery]) -> dict[str, object]:
    """Goals that fit the filter."""
    wanted = selectors.GoalFilter(**query.model_dump(exclude={"order", "cursor", "limit"}))
    page = selectors.goals_table(request.actor, wanted, cursor=query.cursor, size=query.limit, order=query.order)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals", response={201: GoalOut})
def goal_new(request: ApiRequest, payload: GoalNewIn) -> tuple[int, Goal]:
    """Write down a candidate."""
    behind = [subject_sent(text, "prompted_by") for text in payload.prompted_by]
    return 201, services.goal_create(actor=request.actor, fields=payload.fields(), prompted_by=behind)


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


@router.post("goals/{goal_id}/key-results", response={201: GoalOut})
def key_result_new(request: ApiRequest, goal_id: Id, payload: KeyResultIn) -> tuple[int, Goal]:
    """Give an objective one more key result."""
    goal = selectors.goal_for_edit(request.actor, goal_id)
    return 201, services.key_result_add(
        actor=request.actor, goal=goal, terms=payload.terms(), version=payload.version, reason=payload.reason
    )


@router.put("goals/key-results/{goal_id}", response=GoalOut)
def key_result_change(request: ApiRequest, goal_id: Id, payload: KeyResultIn) -> Goal:
    """Change a key result's terms."""
    return services.key_result_edit(
        actor=request.actor,
        key_result=selectors.key_result_for_edit(request.actor, goal_id),
        terms=payload.terms(),
        version=payload.version,
        reason=payload.reason,
    )


@router.post("goals/{goal_id}/alignments", response={201: AlignmentOut})
def goal_connect(request: ApiRequest, goal_id: Id, payload: AlignIn) -> tuple[int, object]:
    """Put a goal under another one."""
    return 201, services.goal_align(
        actor=request.actor,
        child=selectors.goal_for_edit(request.actor, goal_id),
        parent=selectors.goal_visible(request.actor, payload.parent_id),
        version=payload.version,
        rule=payload.rule,
        weight=payload.weight,
        reason=payload.reason,
    )


@router.delete("goals/alignments/{alignment_id}", response={204: None})
def goal_disconnect(request: ApiRequest, alignment_id: Id, version: Version) -> HttpResponse:
    """End an alignment; `version` is the child's."""
    alignment = selectors.alignment_for_edit(request.actor, alignment_id)
    services.goal_unalign(actor=request.actor, alignment=alignment, version=version)
    return HttpResponse(status=204)


@router.get("goals/{goal_id}/check-ins", response=ApiPage[CheckInOut])
def checkins_list(request: ApiRequest, goal_id: Id, query: Query[CursorQuery]) -> dict[str, object]:
    """Check-ins of a goal or part, newest first."""
    page = selectors.checkins_of(request.actor, goal_id, cursor=query.cursor, size=query.limit)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/{goal_id}/check-ins", response={201: GoalOut})
def checkin_new(request: ApiRequest, goal_id: Id, payload: CheckInIn) -> tuple[int, Goal]:
    """Check in; answers the goal as it stands then."""
    goal = selectors.goal_for_checkin(request.actor, goal_id)
    services.checkin_submit(actor=request.actor, goal=goal, **payload.model_dump())
    return 201, selectors.goal_visible(request.actor, goal_id)


@router.get("goals/{goal_id}/comments", response=ApiPage[CommentOut])
def comments_list(request: ApiRequest, goal_id: Id, query: Query[CursorQuery]) -> dict[str, object]:
    """Comments, the newest page first, oldest first on each page."""
    page = selectors.comments_of(request.actor, goal_id, cursor=query.cursor, size=query.limit)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/{goal_id}/comments", response={201: CommentOut})
def comment_new(request: ApiRequest, goal_id: Id, payload: CommentIn) -> tuple[int, object]:
    """Comment on a goal."""
    goal = selectors.goal_visible(request.actor, goal_id)
    services.comment_add(actor=request.actor, goal=goal, **payload.model_dump())
    return 201, selectors.comments_of(request.actor, goal_id, size=1).rows[-1]


@router.get("goals/{goal_id}/versions", response=list[VersionOut])
def versions_list(request: ApiRequest, goal_id: Id) -> tuple[object, ...]:
    """The newest 100 versions of an objective with their exact text."""
    return selectors.goal_versions(request.actor, goal_id)


@router.get("goals/{goal_id}/explanation", response=ExplanationOut)
def explanation_get(request: ApiRequest, goal_id: Id, on: date | None = None) -> object:
    """What a goal's number is made of, today or on a past day."""
    return goal_explanation(request.actor, goal_id, on=on)
