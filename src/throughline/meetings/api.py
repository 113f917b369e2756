"""This app's endpoints, below `/api/v1/o/<org>/`. Unattributed posts are taken by the answer host, as JSON too."""

from ninja.responses import Status

from throughline.access.rest import ApiPage, ApiRequest, api_router
from throughline.kernel.errors import Invalid
from throughline.meetings import selectors, services
from throughline.meetings.models import Contribution, Meeting, Theme
from throughline.meetings.references import contribution_ref, theme_ref, unattributed_ref
from throughline.meetings.rules import CardMove, MeetingState
from throughline.meetings.schemas import (
    AnswerBody,
    BoardItem,
    CardItem,
    CloseBody,
    ContributionItem,
    EditBody,
    FateItem,
    MeetingBody,
    MeetingItem,
    MeetingLine,
    MergeBody,
    MovesBody,
    StateBody,
    TextBody,
    ThemeBody,
    ThemeEdit,
    ThemeItem,
    UndoItem,
)
from throughline.meetings.services import AgendaDraft

router = api_router("meetings")


def _moves(cards: list[str]) -> list[CardMove]:
    try:
        return [CardMove.parse(text) for text in cards]
    except ValueError as error:
        raise Invalid({"cards": str(error)}) from None


def _meeting(meeting: Meeting) -> MeetingItem:
    return MeetingItem.from_orm(meeting)


def _contribution(row: Contribution) -> ContributionItem:
    return ContributionItem.from_orm(row)


def _theme(theme: Theme) -> ThemeItem:
    return ThemeItem.from_orm(theme)


@router.get("/meetings", response=ApiPage[MeetingLine], operation_id="meetings_list")
def meetings_list(request: ApiRequest, when: str = "all", q: str = "", cursor: str = "", size: int = 50):  # type: ignore[no-untyped-def]
    page = selectors.meetings_list(request.actor, when=when, words=q, cursor=cursor, size=size)
    items = [
        MeetingLine(id=row.meeting_id, title=row.title, starts_at=row.starts_at, state_label=row.state_label)
        for row in page.rows
    ]
    return ApiPage[MeetingLine](items=items, next_cursor=page.next_cursor)


@router.post("/meetings", response={201: MeetingItem}, operation_id="meeting_plan")
def meeting_plan(request: ApiRequest, payload: MeetingBody):  # type: ignore[no-untyped-def]
    fields = payload.dict(exclude={"format", "agenda"})
    agenda = [AgendaDraft(**item.dict()) for item in payload.agenda] if payload.agenda is not None else None
    return Status(
        201, _meeting(services.meeting_plan(actor=request.actor, format_key=payload.format, agenda=agenda, **fields))
    )


@router.get("/meetings/{meeting_id}", response=MeetingItem, operation_id="meeting_get")
def meeting_get(request: ApiRequest, meeting_id: int):  # type: ignore[no-untyped-def]
    return _meeting(selectors.meeting_for(request.actor, meeting_id))


@router.post("/meetings/{meeting_id}/state", response=MeetingItem, operation_id="meeting_move")
def meeting_move(request: ApiRequest, payload: StateBody, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    return _meeting(services.meeting_move(actor=request.actor, meeting=meeting, to=payload.state))


@router.post("/meetings/{meeting_id}/close", response=MeetingItem, operation_id="meeting_close")
def meeting_close(request: ApiRequest, payload: CloseBody, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    return _meeting(services.meeting_close(actor=request.actor, meeting=meeting, **payload.dict()))


@router.get("/meetings/{meeting_id}/board", response=BoardItem, operation_id="board_get")
def board_get(request: ApiRequest, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    board = selectors.board_of(request.actor, meeting)
    cards = [
        CardItem(ref=str(card.ref), move=card.move_value, text=card.text, author=card.author, theme_id=card.theme_id)
        for column in board.columns
        for card in column.cards
    ]
    return BoardItem(
        meeting_id=meeting.pk,
        state=MeetingState(meeting.state),
        cursor=board.cursor,
        themes=[_theme(theme) for theme in board.themes],
        cards=cards,
    )


@router.post("/meetings/{meeting_id}/contributions", response={201: ContributionItem}, operation_id="contribution_post")
def contribution_post(request: ApiRequest, payload: TextBody, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    return Status(
        201, _contribution(services.contribution_post(actor=request.actor, meeting=meeting, text=payload.text))
    )


@router.post("/meetings/{meeting_id}/cards", response=BoardItem, operation_id="cards_move")
def cards_move(request: ApiRequest, payload: MovesBody, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    services.cards_move(actor=request.actor, meeting=meeting, moves=_moves(payload.cards), to_theme_id=payload.theme_id)
    return board_get(request, meeting_id)


@router.post("/meetings/{meeting_id}/undo", response=UndoItem, operation_id="board_undo")
def board_undo(request: ApiRequest, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    done = services.board_undo(actor=request.actor, meeting=meeting)
    return UndoItem(done=done.done, skipped=done.skipped)


@router.post("/meetings/{meeting_id}/themes", response={201: ThemeItem}, operation_id="theme_create")
def theme_create(request: ApiRequest, payload: ThemeBody, meeting_id: int):  # type: ignore[no-untyped-def]
    meeting = selectors.meeting_for(request.actor, meeting_id)
    theme = services.theme_create(
        actor=request.actor, meeting=meeting, title=payload.title, moves=_moves(payload.cards)
    )
    return Status(201, _theme(theme))


@router.get("/contributions/{contribution_id}", response=ContributionItem, operation_id="contribution_get")
def contribution_get(request: ApiRequest, contribution_id: int):  # type: ignore[no-untyped-def]
    return _contribution(selectors.contribution_for(request.actor, contribution_id))


@router.put("/contributions/{contribution_id}", response=ContributionItem, operation_id="contribution_edit")
def contribution_edit(request: ApiRequest, payload: EditBody, contribution_id: int):  # type: ignore[no-untyped-def]
    row = selectors.contribution_for(request.actor, contribution_id)
    return _contribution(
        services.contribution_edit(actor=request.actor, contribution=row, text=payload.text, version=payload.version)
    )


@router.delete("/contributions/{contribution_id}", response=ContributionItem, operation_id="contribution_withdraw")
def contribution_withdraw(request: ApiRequest, contribution_id: int):  # type: ignore[no-untyped-def]
    row = selectors.contribution_for(request.actor, contribution_id)
    return _contribution(services.contribution_withdraw(actor=request.actor, contribution=row))


@router.get("/contributions/{contribution_id}/fate", response=FateItem, operation_id="contribution_fate")
def contribution_fate(request: ApiRequest, contribution_id: int):  # type: ignore[no-untyped-def]
    row = selectors.contribution_for(request.actor, contribution_id)
    ref = contribution_ref(row.pk)
    return _fate(selectors.fates_shown(request.actor, [ref])[ref])


@router.post("/contributions/{contribution_id}/fate", response={201: FateItem}, operation_id="contribution_answer")
def contribution_answer(request: ApiRequest, payload: AnswerBody, contribution_id: int):  # type: ignore[no-untyped-def]
    row = selectors.contribution_for(request.actor, contribution_id)
    ref = contribution_ref(row.pk)
    services.theme_or_contribution_answer(actor=request.actor, meeting=row.meeting, ref=ref, **payload.dict())
    return Status(201, _fate(selectors.fates_shown(request.actor, [ref])[ref]))


@router.get("/themes/{theme_id}", response=ThemeItem, operation_id="theme_get")
def theme_get(request: ApiRequest, theme_id: int):  # type: ignore[no-untyped-def]
    return _theme(selectors.theme_for(request.actor, theme_id))


@router.put("/themes/{theme_id}", response=ThemeItem, operation_id="theme_edit")
def theme_edit(request: ApiRequest, payload: ThemeEdit, theme_id: int):  # type: ignore[no-untyped-def]
    theme = selectors.theme_for(request.actor, theme_id)
    return _theme(services.theme_edit(actor=request.actor, theme=theme, **payload.dict()))


@router.post("/themes/{theme_id}/merge", response=ThemeItem, operation_id="themes_merge")
def themes_merge(request: ApiRequest, payload: MergeBody, theme_id: int):  # type: ignore[no-untyped-def]
    theme = selectors.theme_for(request.actor, theme_id)
    into = selectors.theme_for(request.actor, payload.into)
    return _theme(services.themes_merge(actor=request.actor, theme=theme, into=into))


@router.delete("/themes/{theme_id}", response={204: None}, operation_id="theme_remove")
def theme_remove(request: ApiRequest, theme_id: int):  # type: ignore[no-untyped-def]
    services.theme_remove(actor=request.actor, theme=selectors.theme_for(request.actor, theme_id))
    return Status(204, None)


@router.get("/themes/{theme_id}/fate", response=FateItem, operation_id="theme_fate")
def theme_fate(request: ApiRequest, theme_id: int):  # type: ignore[no-untyped-def]
    theme = selectors.theme_for(request.actor, theme_id)
    ref = theme_ref(theme.pk)
    return _fate(selectors.fates_shown(request.actor, [ref])[ref])


@router.post("/themes/{theme_id}/fate", response={201: FateItem}, operation_id="theme_answer")
def theme_answer(request: ApiRequest, payload: AnswerBody, theme_id: int):  # type: ignore[no-untyped-def]
    theme = selectors.theme_for(request.actor, theme_id)
    ref = theme_ref(theme.pk)
    services.theme_or_contribution_answer(actor=request.actor, meeting=theme.meeting, ref=ref, **payload.dict())
    return Status(201, _fate(selectors.fates_shown(request.actor, [ref])[ref]))


@router.post("/voices/{number}/fate", response={201: FateItem}, operation_id="voice_answer")
def voice_answer(request: ApiRequest, payload: AnswerBody, number: int):  # type: ignore[no-untyped-def]
    row = selectors.unattributed_for(request.actor, number)
    ref = unattributed_ref(row.number)
    services.theme_or_contribution_answer(actor=request.actor, meeting=row.meeting, ref=ref, **payload.dict())
    return Status(201, _fate(selectors.fates_shown(request.actor, [ref])[ref]))


def _fate(fate: selectors.FateShown) -> FateItem:
    return FateItem(kind=fate.kind, reason=fate.reason, by=fate.by, shaped=[card.title for card in fate.shaped])
