"""This app's endpoints, below `/api/v1/o/<org>/`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Literal

from django.http import HttpResponse
from ninja import Field, Query, Schema, Status

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Id, api_router
from throughline.decisions import services
from throughline.decisions.rules import Capacity
from throughline.decisions.selectors import (
    LogFilter,
    ProposalPage,
    decision_log,
    decision_rows,
    objection_for_settling,
    proposal_for,
    proposal_page,
)
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind

router = api_router("decisions")
PersonId = Field(gt=0, lt=2**63)


class DecisionLine(Schema):
    """One decision of the log. `state` is open, adopted, rejected or withdrawn."""

    id: int
    title: str
    state: str
    method_label: str
    opened_on: date
    opened_by: str
    decided_on: date | None
    decided_by: str
    reason: str
    about: str
    serves: str
    objections: int


class LogQuery(Schema):
    """Filters of the log; `serves` is a subject such as `purpose.value:3`."""

    q: str = Field("", max_length=200)
    state: Literal["", "open", "adopted", "rejected", "withdrawn"] = ""
    method: str = Field("", max_length=40)
    serves: str = Field("", max_length=80)
    cursor: str = Field("", max_length=500)
    size: int = Field(50, ge=1, le=200)


class AskedOut(Schema):
    """One person asked; `label` says how their position stands to the current version."""

    person_id: int
    name: str
    capacity: str
    state: str
    label: str
    stance: str
    reason: str
    spoken_version: int | None


class ObjectionOut(Schema):
    """One objection with its answer."""

    id: int
    by: str
    version: int
    quote: str
    reason: str
    state: str
    answer: str
    settled_by: str
    settled_at: datetime | None


class OptionOut(Schema):
    """A way considered; a rejected one says why."""

    text: str
    is_rejected: bool
    reason: str


class DecisionOut(Schema):
    """One decision whole. `is_ready` with `readiness`: whether the outcome may be recorded as adopted now."""

    id: int
    title: str
    state: str
    outcome: str
    method: str
    version: int
    text: str
    text_sha256: str
    about: str
    serves: str
    closes_on: date | None
    reason: str
    is_ready: bool
    readiness: str
    asked: list[AskedOut]
    objections: list[ObjectionOut]
    options: list[OptionOut]


class SignatoryIn(ApiBody):
    """Whom to ask, in which capacity."""

    person_id: int = PersonId
    capacity: Capacity = Capacity.MEMBER


class DecisionIn(ApiBody):
    """A new free-standing decision."""

    title: str = Field(max_length=300)
    text: str = Field(max_length=40_000)
    method: str = Field("consent", max_length=40)
    signatories: list[SignatoryIn] = Field(max_length=2_000)
    serves: str = Field("", max_length=80)
    options: list[str] = Field(default_factory=list, max_length=30)
    closes_on: date | None = None


class PositionIn(ApiBody):
    """A position on exactly one version; `quote` is the passage an objection is about."""

    version: int = Field(ge=1, lt=2**31)
    stance: Literal["agree", "agree_with_reservation", "object", "abstain"]
    reason: str = Field("", max_length=4_000)
    quote: str = Field("", max_length=4_000)


class RevisionIn(ApiBody):
    """A new version of a free-standing text, made from version `based_on`."""

    text: str = Field(max_length=40_000)
    based_on: int = Field(ge=1, lt=2**31)
    is_editorial: bool = False


class RevisionOut(Schema):
    """Numbers of the people asked again and of those whose signatures carry over."""

    asked_again: list[int]
    carried_over: list[int]


class RejectedIn(ApiBody):
    """A way not taken, and why."""

    text: str = Field(max_length=500)
    reason: str = Field(max_length=2_000)


class OutcomeIn(ApiBody):
    """The outcome with its reason."""

    outcome: Literal["adopted", "rejected"]
    reason: str = Field(max_length=4_000)
    rejected_options: list[RejectedIn] = Field(default_factory=list, max_length=30)


class NoteIn(ApiBody):
    """One text: an answer, or a reason."""

    note: str = Field("", max_length=4_000)


def _subject(text: str) -> SubjectRef | None:
    if not text:
        return None
    try:
        ref = SubjectRef.parse(text)
    except ValueError as error:
        raise Invalid({"serves": str(error)}) from None
    if ref.id >= 2**63:
        raise Invalid({"serves": "There is nothing of this number."})
    return ref


def _out(page: ProposalPage) -> DecisionOut:
    proposal = page.proposal
    return DecisionOut(
        id=proposal.pk,
        title=proposal.title,
        state=proposal.state,
        outcome=proposal.outcome,
        method=proposal.method,
        version=proposal.version,
        text=page.text.text,
        text_sha256=page.text.text_hash,
        about=str(proposal.subject) if page.about is not None else "",
        serves=str(proposal.serves) if page.serves is not None else "",
        closes_on=proposal.closes_on,
        reason=proposal.reason,
        is_ready=page.judgement.may_adopt,
        readiness=page.judgement.words,
        asked=[AskedOut.from_orm(row) for row in page.asked],
        objections=[ObjectionOut.from_orm(row) for row in page.objections],
        options=[OptionOut.from_orm(row) for row in page.options],
    )


@router.get("decisions", response=ApiPage[DecisionLine], summary="The decision log, newest first")
def decisions_list(request: ApiRequest, query: Query[LogQuery]) -> dict[str, object]:
    narrowed = LogFilter(words=query.q, state=query.state, method=query.method, serves=_subject(query.serves))
    page = decision_log(request.actor, narrowed=narrowed, cursor=query.cursor, size=query.size)
    return {"items": decision_rows(request.actor, page.rows), "next_cursor": page.next_cursor}


@router.post("decisions", response={201: DecisionOut}, summary="Propose a free-standing decision")
def decision_create(request: ApiRequest, payload: DecisionIn, response: HttpResponse) -> Status[DecisionOut]:
    made = services.decision_open(
        actor=request.actor,
        title=payload.title,
        text=payload.text,
        method=payload.method,
        signatories=[services.Signatory(row.person_id, row.capacity) for row in payload.signatories],
        serves=_subject(payload.serves),
        options=payload.options,
        closes_on=payload.closes_on,
    )
    response["Location"] = f"{request.path.rstrip('/')}/{made.pk}"
    return Status(201, _out(proposal_page(request.actor, made.pk)))


@router.get("decisions/{int:proposal_id}", response=DecisionOut, summary="One decision")
def decision_read(request: ApiRequest, proposal_id: Id) -> DecisionOut:
    return _out(proposal_page(request.actor, proposal_id))


@router.post("decisions/{int:proposal_id}/positions", response={201: DecisionOut}, summary="Take a position")
def position_create(request: ApiRequest, proposal_id: Id, payload: PositionIn) -> Status[DecisionOut]:
    services.position_take(
        actor=request.actor,
        proposal=proposal_for(request.actor, proposal_id),
        stance=payload.stance,
        version=payload.version,
        reason=payload.reason,
        quote=payload.quote,
    )
    return Status(201, _out(proposal_page(request.actor, proposal_id)))


@router.post("decisions/{int:proposal_id}/versions", response={201: RevisionOut}, summary="Change the text")
def version_create(request: ApiRequest, proposal_id: Id, payload: RevisionIn) -> Status[dict[str, object]]:
    result = services.decision_revise(
        actor=request.actor,
        proposal=proposal_for(request.actor, proposal_id),
        text=payload.text,
        based_on=payload.based_on,
        change=ChangeKind.EDITORIAL if payload.is_editorial else ChangeKind.WORDING,
    )
    return Status(201, {"asked_again": list(result.asked_again), "carried_over": list(result.carried_over)})


@router.post("decisions/{int:proposal_id}/outcome", response=DecisionOut, summary="Record the outcome")
def outcome_record(request: ApiRequest, proposal_id: Id, payload: OutcomeIn) -> DecisionOut:
    services.proposal_decide(
        actor=request.actor,
        proposal=proposal_for(request.actor, proposal_id),
        outcome=payload.outcome,
        reason=payload.reason,
        rejected_options=[services.RejectedOption(row.text, row.reason) for row in payload.rejected_options],
    )
    return _out(proposal_page(request.actor, proposal_id))


@router.post("decisions/{int:proposal_id}/withdrawal", response=DecisionOut, summary="Take a proposal back")
def decision_withdraw(request: ApiRequest, proposal_id: Id, payload: NoteIn) -> DecisionOut:
    services.proposal_withdraw(
        actor=request.actor, proposal=proposal_for(request.actor, proposal_id), reason=payload.note
    )
    return _out(proposal_page(request.actor, proposal_id))


@router.post(
    "decisions/{int:proposal_id}/contest",
    response=RevisionOut,
    summary="Contest that a change was only editorial",
)
def contest(request: ApiRequest, proposal_id: Id, payload: NoteIn) -> dict[str, object]:
    result = services.editorial_contest(
        actor=request.actor, proposal=proposal_for(request.actor, proposal_id), reason=payload.note
    )
    return {"asked_again": list(result.asked_again), "carried_over": list(result.carried_over)}


@router.post(
    "decisions/{int:proposal_id}/objections/{int:objection_id}/{action}",
    response=DecisionOut,
    summary="Integrate an objection, record it as standing, or withdraw it",
)
def objection_settle(
    request: ApiRequest,
    proposal_id: Id,
    objection_id: Id,
    action: Literal["integrate", "stand", "withdraw"],
    payload: NoteIn,
) -> DecisionOut:
    changes: dict[str, Callable[..., object]] = {
        "integrate": services.objection_integrate,
        "stand": services.objection_stand,
        "withdraw": services.objection_withdraw,
    }
    objection = objection_for_settling(request.actor, proposal_id, objection_id)
    changes[action](actor=request.actor, objection=objection, note=payload.note)
    return _out(proposal_page(request.actor, proposal_id))
