"""Endpoints of values and policies."""

from django.http import HttpResponse
from ninja import Status

from throughline.access.rest import ApiPage, ApiRequest, Id
from throughline.kernel.actor import Actor
from throughline.purpose import services
from throughline.purpose.api.router import router
from throughline.purpose.api.schemas import PolicyIn, PolicyOut, ValueIn, ValueOut
from throughline.purpose.models import Policy
from throughline.purpose.selectors import ValueRow, policies_overview, policy_for, value_for, value_rows
from throughline.purpose.selectors.values import values_of_policy


def _value(row: ValueRow) -> ValueOut:
    return ValueOut(
        id=row.id,
        name=row.name,
        meaning=row.meaning,
        version=row.version,
        is_ended=row.is_ended,
        shows=list(row.shows),
        contradicts=list(row.contradicts),
        policy_ids=[number for number, _ in row.policies],
        endorsements=row.endorsements,
        is_endorsed=row.is_endorsed,
    )


def _value_by_id(actor: Actor, value_id: int) -> ValueOut:
    return _value(value_rows(actor, ids=(value_for(actor, value_id).pk,))[0])


def _policy(actor: Actor, policy: Policy) -> PolicyOut:
    return PolicyOut(
        id=policy.pk,
        title=policy.title,
        text=policy.text,
        reference=policy.reference,
        version=policy.version,
        value_ids=[number for number, _ in values_of_policy(actor, policy)],
    )


@router.get("values", response=ApiPage[ValueOut], summary="The values that hold")
def values_list(request: ApiRequest) -> dict[str, object]:
    """All of them at once, for an organisation holds few; `next_cursor` is always empty."""
    return {"items": [_value(row) for row in value_rows(request.actor)], "next_cursor": ""}


@router.post("values", response={201: ValueOut}, summary="Define a value")
def value_create(request: ApiRequest, payload: ValueIn, response: HttpResponse) -> Status[ValueOut]:
    made = services.value_create(actor=request.actor, **payload.dict(exclude={"version"}))
    response["Location"] = f"{request.path.rstrip('/')}/{made.pk}"
    return Status(201, _value_by_id(request.actor, made.pk))


@router.get("values/{int:value_id}", response=ValueOut, summary="One value")
def value_read(request: ApiRequest, value_id: Id) -> ValueOut:
    return _value_by_id(request.actor, value_id)


@router.put("values/{int:value_id}", response=ValueOut, summary="Reword a value")
def value_edit(request: ApiRequest, value_id: Id, payload: ValueIn) -> ValueOut:
    services.value_edit(actor=request.actor, value=value_for(request.actor, value_id), **payload.dict())
    return _value_by_id(request.actor, value_id)


@router.delete("values/{int:value_id}", response={204: None}, summary="End a value")
def value_end(request: ApiRequest, value_id: Id) -> Status[None]:
    services.value_end(actor=request.actor, value=value_for(request.actor, value_id))
    return Status(204, None)


@router.put("values/{int:value_id}/endorsement", response=ValueOut, summary="Stand behind a value")
def value_endorse(request: ApiRequest, value_id: Id) -> ValueOut:
    services.value_endorse(actor=request.actor, value=value_for(request.actor, value_id))
    return _value_by_id(request.actor, value_id)


@router.delete("values/{int:value_id}/endorsement", response=ValueOut, summary="No longer stand behind it")
def value_unendorse(request: ApiRequest, value_id: Id) -> ValueOut:
    services.value_endorsement_withdraw(actor=request.actor, value=value_for(request.actor, value_id))
    return _value_by_id(request.actor, value_id)


@router.get("policies", response=ApiPage[PolicyOut], summary="The policies that hold")
def policies_list(request: ApiRequest) -> dict[str, object]:
    """All of them at once, those with a value first; `next_cursor` is always empty."""
    seen = policies_overview(request.actor)
    rows = [
        PolicyOut(
            id=row.id,
            title=row.title,
            text=row.text,
            reference=row.reference,
            version=row.version,
            value_ids=[number for number, _ in row.values],
        )
        for row in (*seen.backed, *seen.without_value)
    ]
    return {"items": rows, "next_cursor": ""}


@router.post("policies", response={201: PolicyOut}, summary="Record a policy")
def policy_create(request: ApiRequest, payload: PolicyIn, response: HttpResponse) -> Status[PolicyOut]:
    made = services.policy_create(actor=request.actor, **payload.dict(exclude={"version"}))
    response["Location"] = f"{request.path.rstrip('/')}/{made.pk}"
    return Status(201, _policy(request.actor, made))


@router.get("policies/{int:policy_id}", response=PolicyOut, summary="One policy")
def policy_read(request: ApiRequest, policy_id: Id) -> PolicyOut:
    return _policy(request.actor, policy_for(request.actor, policy_id))


@router.put("policies/{int:policy_id}", response=PolicyOut, summary="Change a policy")
def policy_edit(request: ApiRequest, policy_id: Id, payload: PolicyIn) -> PolicyOut:
    policy = policy_for(request.actor, policy_id)
    changed = services.policy_edit(actor=request.actor, policy=policy, **payload.dict())
    return _policy(request.actor, changed)


@router.delete("policies/{int:policy_id}", response={204: None}, summary="End a policy")
def policy_end(request: ApiRequest, policy_id: Id) -> Status[None]:
    services.policy_end(actor=request.actor, policy=policy_for(request.actor, policy_id))
    return Status(204, None)
