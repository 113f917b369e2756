"""Themes: read, reword, merge, remove, answer."""

from django.http import HttpResponse
from ninja import Status

from throughline.access.rest import ApiRequest, Id
from throughline.meetings import selectors, services
from throughline.meetings.api.router import fate_item, made_at, router
from throughline.meetings.models import Theme
from throughline.meetings.references import theme_ref
from throughline.meetings.schemas import AnswerBody, FateItem, MergeBody, ThemeEdit, ThemeItem


@router.get("themes/{theme_id}", response=ThemeItem, operation_id="theme_get", url_name="meeting_theme")
def theme_get(request: ApiRequest, theme_id: Id) -> Theme:
    """One theme of a meeting."""
    return selectors.theme_for(request.actor, theme_id)


@router.put("themes/{theme_id}", response=ThemeItem, operation_id="theme_edit")
def theme_edit(request: ApiRequest, theme_id: Id, payload: ThemeEdit) -> Theme:
    """Rename a theme, or say what it comes to. Refused with 409 when `version` is no longer the newest."""
    theme = selectors.theme_for(request.actor, theme_id)
    return services.theme_edit(actor=request.actor, theme=theme, **payload.dict())


@router.post("themes/{theme_id}/merge", response=ThemeItem, operation_id="themes_merge")
def themes_merge(request: ApiRequest, theme_id: Id, payload: MergeBody) -> Theme:
    """Put all cards of a theme into another one, and take the empty theme off the board."""
    theme = selectors.theme_for(request.actor, theme_id)
    into = selectors.theme_for(request.actor, payload.into)
    return services.themes_merge(actor=request.actor, theme=theme, into=into)


@router.delete("themes/{theme_id}", response={204: None}, operation_id="theme_remove")
def theme_remove(request: ApiRequest, theme_id: Id) -> Status[None]:
    """Take a theme off the board; its cards are in no theme then."""
    services.theme_remove(actor=request.actor, theme=selectors.theme_for(request.actor, theme_id))
    return Status(204, None)


@router.get("themes/{theme_id}/fate", response=FateItem, operation_id="theme_fate", url_name="meeting_theme_fate")
def theme_fate(request: ApiRequest, theme_id: Id) -> FateItem:
    """What became of a theme."""
    ref = theme_ref(selectors.theme_for(request.actor, theme_id).pk)
    return fate_item(selectors.fates_shown(request.actor, [ref])[ref])


@router.post("themes/{theme_id}/fate", response={201: FateItem}, operation_id="theme_answer")
def theme_answer(request: ApiRequest, theme_id: Id, payload: AnswerBody, response: HttpResponse) -> Status[FateItem]:
    """Answer a theme, or say why it is not taken up; whoever contributed is told."""
    theme = selectors.theme_for(request.actor, theme_id)
    services.theme_or_contribution_answer(
        actor=request.actor, meeting=theme.meeting, ref=theme_ref(theme.pk), **payload.dict()
    )
    made_at(request, response, "meeting_theme_fate", theme_id=theme.pk)
    return Status(201, theme_fate(request, theme_id))
