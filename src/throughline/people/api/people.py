"""People and their strengths."""

from datetime import date
from typing import Any, Literal

from ninja import Schema, Status
from pydantic import Field

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size, Words
from throughline.kernel.paging import page_of
from throughline.people.api.router import router
from throughline.people.models import Person, Strength
from throughline.people.selectors.people import (
    PeopleFilter,
    people_visible_to,
    person_profile,
    person_visible,
)
from throughline.people.selectors.strengths import strength_visible, strengths_page
from throughline.people.selectors.units import unit_visible
from throughline.people.services import (
    PersonFacts,
    person_add,
    person_edit,
    person_end,
    person_return,
    profile_edit,
    strength_add,
    strength_remove,
)


class PersonOut(Schema):
    """A person. `version` goes back with an edit; an older one is refused."""

    id: int
    name: str
    email: str
    external_id: str
    title: str
    location: str
    time_zone: str
    about: str
    manager_id: int | None
    is_guest: bool
    started_on: date | None
    left_on: date | None
    version: int


class PersonIn(ApiBody):
    """Everything about a person, as an administrator writes it."""

    name: str = Field(max_length=160)
    email: str = Field("", max_length=254)
    external_id: str = Field("", max_length=120)
    title: str = Field("", max_length=160)
    location: str = Field("", max_length=120)
    time_zone: str = Field("", max_length=60)
    about: str = Field("", max_length=2000)
    manager_id: Id | None = None
    started_on: date | None = None

    def facts(self) -> PersonFacts:
        """What the services take."""
        return PersonFacts(**{name: getattr(self, name) for name in PersonIn.model_fields})


class PersonEditIn(PersonIn):
    """The same with the version it was made from; null skips the check."""

    version: int | None = None


class ProfileIn(ApiBody):
    """One's own part of a profile."""

    name: str = Field(max_length=160)
    location: str = Field("", max_length=120)
    time_zone: str = Field("", max_length=60)
    about: str = Field("", max_length=2000)
    version: int | None = None


class EndIn(ApiBody):
    """A last day; null means today."""

    on: date | None = None


class StrengthOut(Schema):
    """A gift, strength or asset of a person or of a unit."""

    id: int
    kind: str
    name: str
    note: str
    person_id: int | None
    unit_id: int | None


class StrengthIn(ApiBody):
    """A strength to add."""

    kind: Literal["gift", "strength", "asset"]
    name: str = Field(max_length=120)
    note: str = Field("", max_length=400)


class PersonUnitOut(Schema):
    """A person's time in a unit."""

    id: int
    unit_id: int
    is_lead: bool
    starts_on: date
    ends_on: date | None


class ProfileOut(Schema):
    """A person with managers from the top down, direct reports, memberships and strengths."""

    person: PersonOut
    manager_ids: list[int]
    report_ids: list[int]
    memberships: list[PersonUnitOut]
    strengths: list[StrengthOut]


@router.get("people", response=ApiPage[PersonOut], operation_id="people_list")
def people_list(
    request: ApiRequest,
    q: Words = "",
    unit_id: Id | None = None,
    location: Words = "",
    role: Literal["", "lead"] = "",
    presence: Literal["", "left", "guest", "all"] = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> dict[str, Any]:
    """People by name. `q` finds words of name, title, e-mail and id; `unit_id` takes everybody below it too."""
    wanted = PeopleFilter(words=q, unit_id=unit_id, location=location, role=role, presence=presence)
    page = page_of(people_visible_to(request.actor, wanted), order=("name", "id"), cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("people", response={201: PersonOut}, operation_id="person_add")
def person_create(request: ApiRequest, payload: PersonIn) -> Status[Person]:
    """Add somebody."""
    return Status(201, person_add(actor=request.actor, facts=payload.facts()))


@router.get("people/{person_id}", response=PersonOut, operation_id="person")
def person_read(request: ApiRequest, person_id: Id) -> Person:
    """One person."""
    return person_visible(request.actor, person_id)


@router.get("people/{person_id}/profile", response=ProfileOut, operation_id="person_profile")
def profile_read(request: ApiRequest, person_id: Id) -> dict[str, Any]:
    """One person with what surrounds them; at most a hundred reports."""
    profile = person_profile(request.actor, person_id)
    return {
        "person": profile.person,
        "manager_ids": [person.pk for person in profile.chain],
        "report_ids": [person.pk for person in profile.reports],
        "memberships": profile.memberships,
        "strengths": profile.strengths,
    }


@router.put("people/{person_id}", response=PersonOut, operation_id="person_edit")
def person_change(request: ApiRequest, person_id: Id, payload: PersonEditIn) -> Person:
    """Change everything about a person."""
    person = person_visible(request.actor, person_id)
    return person_edit(actor=request.actor, person=person, facts=payload.facts(), version=payload.version)


@router.put("people/{person_id}/profile", response=PersonOut, operation_id="profile_edit")
def profile_change(request: ApiRequest, person_id: Id, payload: ProfileIn) -> Person:
    """Change one's own part of a profile."""
    person = person_visible(request.actor, person_id)
    return profile_edit(actor=request.actor, person=person, **payload.dict())


@router.post("people/{person_id}/end", response=PersonOut, operation_id="person_end")
def person_leave(request: ApiRequest, person_id: Id, payload: EndIn) -> Person:
    """Give somebody a last day. Nothing is deleted."""
    return person_end(actor=request.actor, person=person_visible(request.actor, person_id), left_on=payload.on)


@router.post("people/{person_id}/return", response=PersonOut, operation_id="person_return")
def person_back(request: ApiRequest, person_id: Id) -> Person:
    """Undo an ending."""
    return person_return(actor=request.actor, person=person_visible(request.actor, person_id))


@router.get("strengths", response=ApiPage[StrengthOut], operation_id="strengths_list")
def strengths_list(
    request: ApiRequest,
    q: Words = "",
    kind: Literal["", "gift", "strength", "asset"] = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> dict[str, Any]:
    """Who can …: strengths whose name or note holds every word."""
    found = strengths_page(request.actor, words=q, kind=kind, cursor=cursor, size=size)
    return {"items": [line.strength for line in found.lines], "next_cursor": found.next_cursor}


@router.post("people/{person_id}/strengths", response={201: StrengthOut}, operation_id="person_strength_add")
def person_strength_create(request: ApiRequest, person_id: Id, payload: StrengthIn) -> Status[Strength]:
    """Add a strength to a person."""
    person = person_visible(request.actor, person_id)
    return Status(201, strength_add(actor=request.actor, person=person, **payload.dict()))


@router.post("units/{unit_id}/strengths", response={201: StrengthOut}, operation_id="unit_strength_add")
def unit_strength_create(request: ApiRequest, unit_id: Id, payload: StrengthIn) -> Status[Strength]:
    """Add a strength to a unit."""
    unit = unit_visible(request.actor, unit_id)
    return Status(201, strength_add(actor=request.actor, unit=unit, **payload.dict()))


@router.delete("strengths/{strength_id}", response={204: None}, operation_id="strength_remove")
def strength_delete(request: ApiRequest, strength_id: Id) -> Status[None]:
    """Take a strength off."""
    strength_remove(actor=request.actor, strength=strength_visible(request.actor, strength_id))
    return Status(204, None)
