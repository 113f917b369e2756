"""Units and who belongs to them."""

from datetime import date
from typing import Any

from ninja import Schema, Status
from pydantic import Field

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size, Words
from throughline.kernel.paging import page_of
from throughline.people.api.people import EndIn
from throughline.people.api.router import router
from throughline.people.models import Unit, UnitMembership
from throughline.people.selectors.people import person_visible
from throughline.people.selectors.units import (
    membership_visible,
    memberships_of_unit,
    unit_children,
    unit_visible,
    units_visible_to,
)
from throughline.people.services import (
    membership_end,
    membership_lead,
    membership_move,
    membership_resume,
    membership_start,
    unit_create,
    unit_end,
    unit_move,
    unit_rename,
    unit_reopen,
)


class UnitOut(Schema):
    """A unit. `path` is the ids from the top down, joined by dots."""

    id: int
    parent_id: int | None
    name: str
    function: str
    external_id: str
    path: str
    depth: int
    ended_on: date | None
    version: int


class UnitIn(ApiBody):
    """A unit to create."""

    name: str = Field(max_length=160)
    function: str = Field("", max_length=80)
    external_id: str = Field("", max_length=120)
    parent_id: Id | None = None


class UnitEditIn(ApiBody):
    """A unit's name and function."""

    name: str = Field(max_length=160)
    function: str = Field("", max_length=80)
    version: int | None = None


class UnitMoveIn(ApiBody):
    """Where a unit hangs; null is the top."""

    parent_id: Id | None
    version: int | None = None


class MembershipOut(Schema):
    """A person's time in a unit."""

    id: int
    person_id: int
    unit_id: int
    is_lead: bool
    starts_on: date
    ends_on: date | None


class MembershipIn(ApiBody):
    """Somebody to add to a unit."""

    person_id: Id
    starts_on: date | None = None
    is_lead: bool = False


class MembershipMoveIn(ApiBody):
    """A move to another unit."""

    unit_id: Id
    starts_on: date | None = None
    is_lead: bool = False


class LeadIn(ApiBody):
    """Whether somebody leads."""

    is_lead: bool


@router.get("units", response=ApiPage[UnitOut], operation_id="units_list")
def units_list(
    request: ApiRequest, q: Words = "", with_ended: bool = False, cursor: Cursor = "", size: Size = 50
) -> dict[str, Any]:
    """All units by name."""
    units = units_visible_to(request.actor)
    if not with_ended:
        units = units.filter(ended_on__isnull=True)
    if q:
        units = units.filter(name__icontains=q)
    page = page_of(units, order=("name", "id"), cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get("units/tree", response=ApiPage[UnitOut], operation_id="units_top")
def units_top(request: ApiRequest, cursor: Cursor = "", size: Size = 100) -> dict[str, Any]:
    """Living units at the top."""
    page = unit_children(request.actor, None, cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.get("units/{unit_id}/children", response=ApiPage[UnitOut], operation_id="unit_children")
def units_below(request: ApiRequest, unit_id: Id, cursor: Cursor = "", size: Size = 100) -> dict[str, Any]:
    """Living units directly below one."""
    unit = unit_visible(request.actor, unit_id)
    page = unit_children(request.actor, unit.pk, cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("units", response={201: UnitOut}, operation_id="unit_create")
def unit_add(request: ApiRequest, payload: UnitIn) -> Status[Unit]:
    """Create a unit."""
    parent = unit_visible(request.actor, payload.parent_id) if payload.parent_id is not None else None
    return Status(
        201,
        unit_create(
            actor=request.actor,
            name=payload.name,
            function=payload.function,
            external_id=payload.external_id,
            parent=parent,
        ),
    )


@router.get("units/{unit_id}", response=UnitOut, operation_id="unit")
def unit_read(request: ApiRequest, unit_id: Id) -> Unit:
    """One unit."""
    return unit_visible(request.actor, unit_id)


@router.put("units/{unit_id}", response=UnitOut, operation_id="unit_rename")
def unit_change(request: ApiRequest, unit_id: Id, payload: UnitEditIn) -> Unit:
    """Rename a unit."""
    return unit_rename(actor=request.actor, unit=unit_visible(request.actor, unit_id), **payload.dict())


@router.post("units/{unit_id}/move", response=UnitOut, operation_id="unit_move")
def unit_hang(request: ApiRequest, unit_id: Id, payload: UnitMoveIn) -> Unit:
    """Hang a unit and everything below it elsewhere."""
    parent = unit_visible(request.actor, payload.parent_id) if payload.parent_id is not None else None
    unit = unit_visible(request.actor, unit_id)
    return unit_move(actor=request.actor, unit=unit, parent=parent, version=payload.version)


@router.post("units/{unit_id}/end", response=UnitOut, operation_id="unit_end")
def unit_close(request: ApiRequest, unit_id: Id, payload: EndIn) -> Unit:
    """Give a unit a last day."""
    return unit_end(actor=request.actor, unit=unit_visible(request.actor, unit_id), ended_on=payload.on)


@router.post("units/{unit_id}/reopen", response=UnitOut, operation_id="unit_reopen")
def unit_open(request: ApiRequest, unit_id: Id) -> Unit:
    """Undo an ending."""
    return unit_reopen(actor=request.actor, unit=unit_visible(request.actor, unit_id))


@router.get("units/{unit_id}/memberships", response=ApiPage[MembershipOut], operation_id="memberships_list")
def memberships_list(request: ApiRequest, unit_id: Id, is_past: bool = False, cursor: Cursor = "") -> dict[str, Any]:
    """Who belongs to a unit now or later, or who did."""
    unit = unit_visible(request.actor, unit_id)
    page = memberships_of_unit(request.actor, unit, is_past=is_past, cursor=cursor)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("units/{unit_id}/memberships", response={201: MembershipOut}, operation_id="membership_start")
def membership_add(request: ApiRequest, unit_id: Id, payload: MembershipIn) -> Status[UnitMembership]:
    """Add somebody to a unit."""
    return Status(
        201,
        membership_start(
            actor=request.actor,
            person=person_visible(request.actor, payload.person_id),
            unit=unit_visible(request.actor, unit_id),
            starts_on=payload.starts_on,
            is_lead=payload.is_lead,
        ),
    )


@router.post("memberships/{membership_id}/end", response=MembershipOut, operation_id="membership_end")
def membership_close(request: ApiRequest, membership_id: Id, payload: EndIn) -> UnitMembership:
    """Give somebody's time in a unit a last day."""
    membership = membership_visible(request.actor, membership_id)
    return membership_end(actor=request.actor, membership=membership, ends_on=payload.on)


@router.post("memberships/{membership_id}/resume", response=MembershipOut, operation_id="membership_resume")
def membership_reopen(request: ApiRequest, membership_id: Id) -> UnitMembership:
    """Undo the end of a membership."""
    return membership_resume(actor=request.actor, membership=membership_visible(request.actor, membership_id))


@router.post("memberships/{membership_id}/move", response=MembershipOut, operation_id="membership_move")
def membership_hang(request: ApiRequest, membership_id: Id, payload: MembershipMoveIn) -> UnitMembership:
    """Move somebody to another unit without a gap."""
    return membership_move(
        actor=request.actor,
        membership=membership_visible(request.actor, membership_id),
        unit=unit_visible(request.actor, payload.unit_id),
        starts_on=payload.starts_on,
        is_lead=payload.is_lead,
    )


@router.put("memberships/{membership_id}/lead", response=MembershipOut, operation_id="membership_lead")
def membership_name(request: ApiRequest, membership_id: Id, payload: LeadIn) -> UnitMembership:
    """Say whether somebody leads the unit."""
    membership = membership_visible(request.actor, membership_id)
    return membership_lead(actor=request.actor, membership=membership, is_lead=payload.is_lead)
