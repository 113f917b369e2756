"""Contributions with a name and without: read, edit, withdraw, answer."""

from django.http import HttpResponse
from ninja import Status

from throughline.access.rest import ApiRequest, Id
from throughline.meetings import selectors, services
from throughline.meetings.api.router import fate_item, made_at, router
from throughline.meetings.models import Contribution, ReceiptMessage
from throughline.meetings.references import contribution_ref, unattributed_ref
from throughline.meetings.schemas import AnswerBody, ContributionItem, EditBody, FateItem, MessageItem, TextBody


@router.get(
    "contributions/{contribution_id}",
    response=ContributionItem,
    operation_id="contribution_get",
    url_name="meeting_contribution",
)
def contribution_get(request: ApiRequest, contribution_id: Id) -> Contribution:
    """What somebody said under their name."""
    return selectors.contribution_for(request.actor, contribution_id)


@router.put("contributions/{contribution_id}", response=ContributionItem, operation_id="contribution_edit")
def contribution_edit(request: ApiRequest, contribution_id: Id, payload: EditBody) -> Contribution:
    """Reword what you said. Refused with 409 when `version` is no longer the newest."""
    row = selectors.contribution_for(request.actor, contribution_id)
    return services.contribution_edit(actor=request.actor, contribution=row, text=payload.text, version=payload.version)


@router.delete("contributions/{contribution_id}", response=ContributionItem, operation_id="contribution_withdraw")
def contribution_withdraw(request: ApiRequest, contribution_id: Id) -> Contribution:
    """Withdraw what you said; its words are erased."""
    row = selectors.contribution_for(request.actor, contribution_id)
    return services.contribution_withdraw(actor=request.actor, contribution=row)


@router.get(
    "contributions/{contribution_id}/fate",
    response=FateItem,
    operation_id="contribution_fate",
    url_name="meeting_contribution_fate",
)
def contribution_fate(request: ApiRequest, contribution_id: Id) -> FateItem:
    """What became of a contribution."""
    ref = contribution_ref(selectors.contribution_for(request.actor, contribution_id).pk)
    return fate_item(selectors.fates_shown(request.actor, [ref])[ref])


@router.post("contributions/{contribution_id}/fate", response={201: FateItem}, operation_id="contribution_answer")
def contribution_answer(
    request: ApiRequest, contribution_id: Id, payload: AnswerBody, response: HttpResponse
) -> Status[FateItem]:
    """Answer a contribution, or say why it is not taken up; whoever said it is told."""
    row = selectors.contribution_for(request.actor, contribution_id)
    services.theme_or_contribution_answer(
        actor=request.actor, meeting=row.meeting, ref=contribution_ref(row.pk), **payload.dict()
    )
    made_at(request, response, "meeting_contribution_fate", contribution_id=row.pk)
    return Status(201, contribution_fate(request, contribution_id))


@router.get("voices/{number}/fate", response=FateItem, operation_id="voice_fate", url_name="meeting_voice_fate")
def voice_fate(request: ApiRequest, number: Id) -> FateItem:
    """What became of a contribution without a name. Its number is the board's `ref` without the `a`."""
    row = selectors.unattributed_for(request.actor, number)
    ref = unattributed_ref(row.number)
    theme_of = {ref: row.theme_id} if row.theme_id is not None else {}
    return fate_item(selectors.fates_shown(request.actor, [ref], theme_of=theme_of)[ref])


@router.post("voices/{number}/fate", response={201: FateItem}, operation_id="voice_answer")
def voice_answer(request: ApiRequest, number: Id, payload: AnswerBody, response: HttpResponse) -> Status[FateItem]:
    """Answer a contribution without a name; whoever wrote it reads the answer at their receipt."""
    row = selectors.unattributed_for(request.actor, number)
    services.theme_or_contribution_answer(
        actor=request.actor, meeting=row.meeting, ref=unattributed_ref(row.number), **payload.dict()
    )
    made_at(request, response, "meeting_voice_fate", number=row.number)
    return Status(201, voice_fate(request, number))


@router.post("voices/{number}/messages", response={201: MessageItem}, operation_id="voice_message")
def voice_message(request: ApiRequest, number: Id, payload: TextBody) -> Status[ReceiptMessage]:
    """Write to whoever holds the receipt of a contribution without a name. They read it there, and nowhere else."""
    row = selectors.unattributed_for(request.actor, number)
    return Status(
        201,
        services.unattributed_message(actor=request.actor, meeting=row.meeting, number=row.number, text=payload.text),
    )
