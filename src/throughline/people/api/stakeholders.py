"""The stakeholder register."""

from datetime import date
from typing import Any, Literal

from ninja import Schema, Status
from pydantic import Field

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size, Words
from throughline.people.api.people import EndIn
from throughline.people.api.router import router
from throughline.people.models import Stakeholder
from throughline.people.selectors.stakeholders import (
    stakeholder_gaps,
    stakeholder_visible,
    stakeholders_page,
    stakeholders_visible_to,
)
from throughline.people.services import (
    StakeholderFacts,
    stakeholder_add,
    stakeholder_edit,
    stakeholder_end,
    stakeholder_return,
)

Kind = Literal["senior_leader", "technical_expert", "business_partner", "customer_representative", "community_partner"]


class StakeholderOut(Schema):
    """An entry of the register; influence and interest run from 1 (low) to 5 (high)."""

    id: int
    kind: str
    name: str
    is_group: bool
    represents: str
    influence: int
    interest: int
    person_id: int | None
    note: str
    ended_on: date | None
    version: int


class StakeholderIn(ApiBody):
    """What the register says."""

    kind: Kind
    name: str = Field(max_length=160)
    represents: str = Field(max_length=400)
    influence: int = Field(ge=1, le=5)
    interest: int = Field(ge=1, le=5)
    is_group: bool = False
    person_id: Id | None = None
    note: str = Field("", max_length=2000)

    def facts(self) -> StakeholderFacts:
        """What the services take."""
        return StakeholderFacts(**{name: getattr(self, name) for name in StakeholderIn.model_fields})


class StakeholderEditIn(StakeholderIn):
    """The same with the version it was made from; null skips the check."""

    version: int | None = None


class GapsOut(Schema):
    """Who is missing from the register."""

    kinds_missing: list[str]
    groups_unspoken: list[StakeholderOut]
    strong_unspoken: list[StakeholderOut]


@router.get("stakeholders", response=ApiPage[StakeholderOut], operation_id="stakeholders_list")
def stakeholders_list(
    request: ApiRequest,
    q: Words = "",
    kind: Kind | None = None,
    presence: Literal["", "ended", "all"] = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> dict[str, Any]:
    """The register by name."""
    found = stakeholders_visible_to(request.actor, words=q, kind=kind or "", presence=presence)
    page = stakeholders_page(found, cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get("stakeholders/gaps", response=GapsOut, operation_id="stakeholder_gaps")
def gaps_read(request: ApiRequest) -> dict[str, Any]:
    """Kinds with nobody, groups nobody stands for, strong stakeholders without a person."""
    gaps = stakeholder_gaps(request.actor)
    return {
        "kinds_missing": [key for key, _ in gaps.kinds_missing],
        "groups_unspoken": gaps.groups_unspoken,
        "strong_unspoken": gaps.strong_unspoken,
    }


@router.post("stakeholders", response={201: StakeholderOut}, operation_id="stakeholder_add")
def stakeholder_create(request: ApiRequest, payload: StakeholderIn) -> Status[Stakeholder]:
    """Name somebody with a stake."""
    return Status(201, stakeholder_add(actor=request.actor, facts=payload.facts()))


@router.get("stakeholders/{stakeholder_id}", response=StakeholderOut, operation_id="stakeholder")
def stakeholder_read(request: ApiRequest, stakeholder_id: Id) -> Stakeholder:
    """One entry."""
    return stakeholder_visible(request.actor, stakeholder_id)


@router.put("stakeholders/{stakeholder_id}", response=StakeholderOut, operation_id="stakeholder_edit")
def stakeholder_change(request: ApiRequest, stakeholder_id: Id, payload: StakeholderEditIn) -> Stakeholder:
    """Change an entry."""
    shown = stakeholder_visible(request.actor, stakeholder_id)
    return stakeholder_edit(actor=request.actor, stakeholder=shown, facts=payload.facts(), version=payload.version)


@router.post("stakeholders/{stakeholder_id}/end", response=StakeholderOut, operation_id="stakeholder_end")
def stakeholder_close(request: ApiRequest, stakeholder_id: Id, payload: EndIn) -> Stakeholder:
    """The stake ends."""
    shown = stakeholder_visible(request.actor, stakeholder_id)
    return stakeholder_end(actor=request.actor, stakeholder=shown, ended_on=payload.on)


@router.post("stakeholders/{stakeholder_id}/return", response=StakeholderOut, operation_id="stakeholder_return")
def stakeholder_back(request: ApiRequest, stakeholder_id: Id) -> Stakeholder:
    """Undo an ending."""
    return stakeholder_return(actor=request.actor, stakeholder=stakeholder_visible(request.actor, stakeholder_id))
