"""The board of a meeting: cards, posts, moves, themes, undo."""

from django.http import HttpResponse
from ninja import Status

from throughline.access.rest import ApiRequest, Id
from throughline.meetings import selectors, services
from throughline.meetings.api.router import made_at, moves_read, router
from throughline.meetings.models import Contribution, Theme
from throughline.meetings.rules import MeetingState
from throughline.meetings.schemas import (
    BoardItem,
    CardItem,
    ContributionItem,
    MovesBody,
    TextBody,
    ThemeBody,
    ThemeItem,
    UndoItem,
)


@router.get("meetings/{meeting_id}/board", response=BoardItem, operation_id="board_get")
def board_get(request: ApiRequest, meeting_id: Id) -> BoardItem:
    """The board with its themes and cards. Contributions without a name appear in batches, or when grouping begins."""
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
        themes=[ThemeItem.from_orm(theme) for theme in board.themes],
        cards=cards,
    )


@router.post("meetings/{meeting_id}/contributions", response={201: ContributionItem}, operation_id="contribution_post")
def contribution_post(
    request: ApiRequest, meeting_id: Id, payload: TextBody, response: HttpResponse
) -> Status[Contribution]:
    """Post to an open board under your name."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    row = services.contribution_post(actor=request.actor, meeting=meeting, text=payload.text)
    made_at(request, response, "meeting_contribution", contribution_id=row.pk)
    return Status(201, row)


@router.post("meetings/{meeting_id}/cards", response=BoardItem, operation_id="cards_move")
def cards_move(request: ApiRequest, meeting_id: Id, payload: MovesBody) -> BoardItem:
    """Move cards into a theme, or out of any. Refused with 409 when one is no longer where it was seen."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    moves = moves_read(payload.cards)
    services.cards_move(actor=request.actor, meeting=meeting, moves=moves, to_theme_id=payload.theme_id)
    return board_get(request, meeting_id)


@router.post("meetings/{meeting_id}/undo", response=UndoItem, operation_id="board_undo")
def board_undo(request: ApiRequest, meeting_id: Id) -> UndoItem:
    """Take back your last act of grouping, as far as nobody has moved the same things since."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    done = services.board_undo(actor=request.actor, meeting=meeting)
    return UndoItem(done=done.done, skipped=done.skipped)


@router.post("meetings/{meeting_id}/themes", response={201: ThemeItem}, operation_id="theme_create")
def theme_create(request: ApiRequest, meeting_id: Id, payload: ThemeBody, response: HttpResponse) -> Status[Theme]:
    """Begin a theme, with cards when some are given: out of no theme, or split off another one."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    theme = services.theme_create(
        actor=request.actor, meeting=meeting, title=payload.title, moves=moves_read(payload.cards)
    )
    made_at(request, response, "meeting_theme", theme_id=theme.pk)
    return Status(201, theme)
