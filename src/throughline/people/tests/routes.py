"""Who gets which answer on each page of people."""

from __future__ import annotations

from typing import Any

from tests.architecture.route_table import ADMINISTRATORS_ONLY, MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.people.models import PeopleImport, Person, Stakeholder, Strength, UnitMembership
from throughline.people.services import (
    StakeholderFacts,
    membership_end,
    people_import_map,
    people_import_preview,
    people_import_upload,
    person_end,
    stakeholder_add,
    stakeholder_end,
    strength_add,
    unit_create,
    unit_end,
)

# Guests meet 404 where a page welcomes them but nothing was shared.
GUESTS_SEE_SHARED = expecting(MEMBERS_ONLY, guest=404)
ADMINISTRATORS_WRITE = allowed(ADMINISTRATORS_ONLY, 302)
# Lea, the leader, leads every unit; Tom leads Platform.
LEADS = expecting(ADMINISTRATORS_ONLY, team_lead=200, leader=200)
LEADS_WRITE = allowed(LEADS, 302)
KEEPERS = expecting(ADMINISTRATORS_ONLY, team_lead=200, leader=200, facilitator=200)
KEEPERS_WRITE = allowed(KEEPERS, 302)
# An upload is for whoever made it; here that is the administrator.
UPLOADER = expecting(ADMINISTRATORS_ONLY, member=404, elsewhere=404, team_lead=404, leader=404, facilitator=404)


def _mia(world: World) -> dict[str, Any]:
    return {"person_id": world.mia.pk}


def _ended_mia(world: World) -> dict[str, Any]:
    person_end(actor=as_actor(world.ada), person=Person.objects.get(pk=world.mia.pk))
    return {"person_id": world.mia.pk}


def _platform(world: World) -> dict[str, Any]:
    return {"unit_id": world.platform.pk}


def _ended_unit(world: World) -> dict[str, Any]:
    unit = unit_create(actor=as_actor(world.ada), name="Short-lived", parent=world.top)
    unit_end(actor=as_actor(world.ada), unit=unit)
    return {"unit_id": unit.pk}


def _bens_place(world: World) -> UnitMembership:
    return UnitMembership.objects.select_related("unit", "person").get(person=world.ben)


def _place(world: World) -> dict[str, Any]:
    return {"membership_id": _bens_place(world).pk}


def _ended_place(world: World) -> dict[str, Any]:
    return {"membership_id": membership_end(actor=as_actor(world.ada), membership=_bens_place(world)).pk}


def _strength(world: World) -> dict[str, Any]:
    found: Strength = strength_add(actor=as_actor(world.ben), kind="gift", name="calm", person=world.ben)
    return {"strength_id": found.pk}


def made_stakeholder(world: World) -> Stakeholder:
    """A stakeholder of the register."""
    facts = StakeholderFacts(
        "business_partner", "Suppliers", "who delivers parts", influence=4, interest=2, is_group=True
    )
    return stakeholder_add(actor=as_actor(world.ada), facts=facts)


def _stakeholder(world: World) -> dict[str, Any]:
    return {"stakeholder_id": made_stakeholder(world).pk}


def _ended_stakeholder(world: World) -> dict[str, Any]:
    row = stakeholder_end(actor=as_actor(world.ada), stakeholder=made_stakeholder(world))
    return {"stakeholder_id": row.pk}


def made_import(world: World) -> PeopleImport:
    """Max's upload, waiting for its columns."""
    lines = b"Name,Email\nZoe Zimmer,zoe@meridian.example\n"
    return people_import_upload(actor=as_actor(world.max), file_name="people.csv", chunks=[lines])


def _import(world: World) -> dict[str, Any]:
    return {"import_id": made_import(world).pk}


def _previewed(world: World) -> dict[str, Any]:
    actor = as_actor(world.max)
    made = made_import(world)
    people_import_map(actor=actor, people_import=made, mapping=made.mapping)
    people_import_preview(actor=actor, people_import=made)
    return {"import_id": made.pk}


STAKEHOLDER_DATA = {
    "kind": "community_partner",
    "name": "Neighbours",
    "represents": "who lives here",
    "influence": "2",
    "interest": "5",
}

ROUTES: list[RouteRow] = [
    RouteRow("people:people", MEMBERS_ONLY),
    RouteRow("people:export", MEMBERS_ONLY),
    RouteRow("people:person_new", ADMINISTRATORS_ONLY),
    RouteRow("people:person_new", ADMINISTRATORS_WRITE, method="post", data=lambda world: {"name": "Zoe Zimmer"}),
    RouteRow("people:person", GUESTS_SEE_SHARED, kwargs=_mia),
    RouteRow(
        "people:person_edit",
        expecting(ADMINISTRATORS_ONLY, elsewhere=200),
        kwargs=_mia,
        note="one's own profile",
    ),
    RouteRow("people:person_end", ADMINISTRATORS_WRITE, kwargs=_mia, method="post"),
    RouteRow(
        "people:person_return",
        expecting(ADMINISTRATORS_WRITE, elsewhere=404),
        kwargs=_ended_mia,
        method="post",
        note="the one who left can no longer sign in",
    ),
    RouteRow(
        "people:person_strength_add",
        expecting(ADMINISTRATORS_WRITE, elsewhere=302),
        kwargs=_mia,
        method="post",
        data=lambda world: {"kind": "gift", "name": "listens"},
        note="one's own",
    ),
    RouteRow("people:units", MEMBERS_ONLY),
    RouteRow("people:unit_new", ADMINISTRATORS_ONLY),
    RouteRow("people:unit_new", ADMINISTRATORS_WRITE, method="post", data=lambda world: {"name": "Labs"}),
    RouteRow("people:unit", GUESTS_SEE_SHARED, kwargs=_platform),
    RouteRow("people:unit_edit", LEADS, kwargs=_platform),
    RouteRow("people:unit_move", ADMINISTRATORS_ONLY, kwargs=_platform),
    RouteRow("people:unit_end", ADMINISTRATORS_WRITE, kwargs=_platform, method="post"),
    RouteRow("people:unit_reopen", ADMINISTRATORS_WRITE, kwargs=_ended_unit, method="post"),
    RouteRow(
        "people:member_add",
        LEADS_WRITE,
        kwargs=_platform,
        method="post",
        data=lambda world: {"person": world.mia.email},
    ),
    RouteRow(
        "people:unit_strength_add",
        LEADS_WRITE,
        kwargs=_platform,
        method="post",
        data=lambda world: {"kind": "asset", "name": "test laboratory"},
    ),
    RouteRow("people:member_end", LEADS_WRITE, kwargs=_place, method="post"),
    RouteRow("people:member_resume", LEADS_WRITE, kwargs=_ended_place, method="post"),
    RouteRow(
        "people:member_lead",
        expecting(ADMINISTRATORS_WRITE, leader=302),
        kwargs=_place,
        method="post",
        data=lambda world: {"is_lead": "yes"},
        note="leads are named from above",
    ),
    RouteRow("people:member_move", LEADS, kwargs=_place),
    RouteRow("people:strengths", MEMBERS_ONLY),
    RouteRow(
        "people:strength_remove",
        expecting(ADMINISTRATORS_WRITE, member=302),
        kwargs=_strength,
        method="post",
        note="one's own",
    ),
    RouteRow("people:stakeholders", MEMBERS_ONLY),
    RouteRow("people:stakeholders_export", MEMBERS_ONLY),
    RouteRow("people:stakeholder_new", KEEPERS),
    RouteRow("people:stakeholder_new", KEEPERS_WRITE, method="post", data=lambda world: STAKEHOLDER_DATA),
    RouteRow("people:stakeholder", GUESTS_SEE_SHARED, kwargs=_stakeholder),
    RouteRow("people:stakeholder_edit", KEEPERS, kwargs=_stakeholder),
    RouteRow("people:stakeholder_end", KEEPERS_WRITE, kwargs=_stakeholder, method="post"),
    RouteRow("people:stakeholder_return", KEEPERS_WRITE, kwargs=_ended_stakeholder, method="post"),
    RouteRow("people:imports", ADMINISTRATORS_ONLY),
    RouteRow("people:import", UPLOADER, kwargs=_previewed),
    RouteRow("people:import_columns", UPLOADER, kwargs=_import),
    RouteRow(
        "people:import_progress",
        allowed(UPLOADER, 302),
        kwargs=_previewed,
        note="a fragment; by itself the page",
    ),
    RouteRow("people:import_refused", UPLOADER, kwargs=_previewed),
    RouteRow("people:import_start", allowed(UPLOADER, 302), kwargs=_previewed, method="post"),
    RouteRow("people:import_discard", allowed(UPLOADER, 302), kwargs=_import, method="post"),
]
