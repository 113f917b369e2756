"""Endpoints of purpose statements."""

from django.http import HttpResponse
from ninja import Query, Status

from throughline.access.rest import ApiPage, ApiRequest, Id
from throughline.kernel.paging import page_of
from throughline.ledger.subjects import ChangeKind
from throughline.purpose import services
from throughline.purpose.api.router import router
from throughline.purpose.api.schemas import (
    FateIn,
    ListQuery,
    ProposalIn,
    ProposedOut,
    ReviewDateIn,
    ReviewIn,
    ShareIn,
    StatementIn,
    StatementLine,
    StatementOut,
    SuggestionIn,
    SuggestionOut,
    VersionIn,
    VersionOut,
)
from throughline.purpose.selectors import (
    StatementPage,
    statement_for,
    statement_page,
    statements_visible_to,
    suggestion_for,
)
from throughline.purpose.selectors.statements import whose


def _out(page: StatementPage) -> StatementOut:
    row = page.statement
    return StatementOut(
        id=row.pk,
        level=row.level,
        whose=page.whose,
        text=page.shown.text,
        version=page.shown.version,
        latest_version=row.latest_version,
        adopted_version=row.adopted_version,
        visibility=row.visibility,
        review_on=row.review_on,
        endorsements=page.endorsements,
        is_endorsed=page.is_endorsed,
        versions=[VersionOut.from_orm(version) for version in page.versions],
        suggestions=[SuggestionOut.from_orm(suggestion) for suggestion in page.suggestions],
    )


@router.get("purposes", response=ApiPage[StatementLine], summary="Purposes one may read")
def purposes_list(request: ApiRequest, query: Query[ListQuery]) -> dict[str, object]:
    rows = statements_visible_to(request.actor)
    if query.level:
        rows = rows.filter(level=query.level)
    page = page_of(rows, order=("id",), cursor=query.cursor, size=query.size)
    items = [
        StatementLine(
            id=row.pk,
            level=row.level,
            whose=whose(row),
            headline=row.headline,
            latest_version=row.latest_version,
            adopted_version=row.adopted_version,
            visibility=row.visibility,
            review_on=row.review_on,
        )
        for row in page.rows
    ]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post("purposes", response={201: StatementOut}, summary="Write the first wording of a purpose")
def purpose_create(request: ApiRequest, payload: StatementIn, response: HttpResponse) -> Status[StatementOut]:
    made = services.statement_start(actor=request.actor, **payload.dict())
    response["Location"] = f"{request.path.rstrip('/')}/{made.pk}"
    return Status(201, _out(statement_page(request.actor, made.pk)))


@router.get("purposes/{int:statement_id}", response=StatementOut, summary="One purpose with its versions")
def purpose_read(request: ApiRequest, statement_id: Id) -> StatementOut:
    return _out(statement_page(request.actor, statement_id))


@router.post("purposes/{int:statement_id}/versions", response={201: StatementOut}, summary="Write a further wording")
def version_create(request: ApiRequest, statement_id: Id, payload: VersionIn) -> Status[StatementOut]:
    services.statement_write(
        actor=request.actor,
        statement=statement_for(request.actor, statement_id),
        text=payload.text,
        based_on=payload.based_on,
        reason=payload.reason,
        change=ChangeKind.EDITORIAL if payload.is_editorial else ChangeKind.WORDING,
    )
    return Status(201, _out(statement_page(request.actor, statement_id)))


@router.post("purposes/{int:statement_id}/proposal", response={201: ProposedOut}, summary="Propose for adoption")
def purpose_propose(request: ApiRequest, statement_id: Id, payload: ProposalIn) -> Status[dict[str, object]]:
    version = services.statement_propose(
        actor=request.actor,
        statement=statement_for(request.actor, statement_id),
        version=payload.version,
        asked=payload.person_ids,
        closes_on=payload.closes_on,
    )
    return Status(201, {"proposal_id": version.proposal_id})


@router.post("purposes/{int:statement_id}/suggestions", response={201: StatementOut}, summary="Suggest a change")
def suggestion_create(request: ApiRequest, statement_id: Id, payload: SuggestionIn) -> Status[StatementOut]:
    services.suggestion_add(
        actor=request.actor,
        statement=statement_for(request.actor, statement_id),
        text=payload.text,
        wording=payload.wording,
    )
    return Status(201, _out(statement_page(request.actor, statement_id)))


@router.post(
    "purposes/{int:statement_id}/suggestions/{int:suggestion_id}/fate",
    response=StatementOut,
    summary="Say what becomes of a suggestion",
)
def suggestion_fate(request: ApiRequest, statement_id: Id, suggestion_id: Id, payload: FateIn) -> StatementOut:
    suggestion = suggestion_for(request.actor, statement_id, suggestion_id)
    if payload.fate == "taken_up":
        services.suggestion_take_up(actor=request.actor, suggestion=suggestion, version=payload.version)
    else:
        services.suggestion_answer(actor=request.actor, suggestion=suggestion, kind=payload.fate, reason=payload.reason)
    return _out(statement_page(request.actor, statement_id))


@router.put("purposes/{int:statement_id}/endorsement", response=StatementOut, summary="Stand behind a purpose")
def purpose_endorse(request: ApiRequest, statement_id: Id) -> StatementOut:
    services.statement_endorse(actor=request.actor, statement=statement_for(request.actor, statement_id))
    return _out(statement_page(request.actor, statement_id))


@router.delete("purposes/{int:statement_id}/endorsement", response=StatementOut, summary="No longer stand behind it")
def purpose_unendorse(request: ApiRequest, statement_id: Id) -> StatementOut:
    services.endorsement_withdraw(actor=request.actor, statement=statement_for(request.actor, statement_id))
    return _out(statement_page(request.actor, statement_id))


@router.put("purposes/{int:statement_id}/sharing", response=StatementOut, summary="Share one's own purpose, or not")
def purpose_share(request: ApiRequest, statement_id: Id, payload: ShareIn) -> StatementOut:
    services.statement_share(
        actor=request.actor,
        statement=statement_for(request.actor, statement_id),
        visibility=payload.visibility,
        unit_id=payload.unit_id,
    )
    return _out(statement_page(request.actor, statement_id))


@router.post("purposes/{int:statement_id}/reviews", response={201: StatementOut}, summary="Record a review")
def review_create(request: ApiRequest, statement_id: Id, payload: ReviewIn) -> Status[StatementOut]:
    services.purpose_review(actor=request.actor, statement=statement_for(request.actor, statement_id), **payload.dict())
    return Status(201, _out(statement_page(request.actor, statement_id)))


@router.put("purposes/{int:statement_id}/review-date", response=StatementOut, summary="Set when to look again")
def review_date(request: ApiRequest, statement_id: Id, payload: ReviewDateIn) -> StatementOut:
    services.review_date_set(
        actor=request.actor, statement=statement_for(request.actor, statement_id), review_on=payload.review_on
    )
    return _out(statement_page(request.actor, statement_id))
