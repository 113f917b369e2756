"""Who may do what, as one table; and each policy agrees with its query twin."""

from __future__ import annotations

import pytest

from tests.worlds import World, as_actor
from throughline.access.models import Share
from throughline.kernel.actor import system_actor
from throughline.kernel.clock import now
from throughline.kernel.scoping import across_orgs
from throughline.people import policies
from throughline.people.models import PeopleImport, Person, Stakeholder, Strength, Unit
from throughline.people.tests.routes import made_import, made_stakeholder

EVERYBODY = frozenset({"owner", "member", "team_lead", "leader", "facilitator", "administrator", "elsewhere", "guest"})
ADMINISTRATORS = frozenset({"owner", "administrator"})
# About Ben, who belongs to Platform, which Tom leads.
TABLE = {
    "can_add_person": ADMINISTRATORS,
    "can_import": ADMINISTRATORS,
    "can_shape_units": ADMINISTRATORS,
    "can_keep_register": ADMINISTRATORS | {"team_lead", "leader", "facilitator"},
    "can_edit_person": ADMINISTRATORS,
    "can_end_person": ADMINISTRATORS,
    "can_edit_profile": ADMINISTRATORS | {"member"},
    "can_see_person": EVERYBODY - {"guest"},
    "can_rename_unit": ADMINISTRATORS | {"team_lead", "leader"},
    "can_change_members": ADMINISTRATORS | {"team_lead", "leader"},
    "can_name_leads": ADMINISTRATORS | {"leader"},
    "can_see_unit": EVERYBODY - {"guest"},
}


@pytest.mark.parametrize("name", TABLE)
def test_exactly_these_people_may(world: World, name: str) -> None:
    policy = getattr(policies, name)
    things = {
        "person": world.ben,
        "profile": world.ben,
        "unit": world.platform,
        "leads": world.platform,
        "members": world.platform,
    }
    noun = name.rsplit("_", 1)[-1]
    may = set()
    for who, person in world.everyone.items():
        if who == "stranger":
            continue
        verdict = (
            policy(as_actor(person), things[noun])
            if noun in things and name != "can_add_person"
            else policy(as_actor(person))
        )
        assert verdict.allowed or verdict.reason.endswith(".")
        if verdict.allowed:
            may.add(who)
    assert may == TABLE[name]


def _small_world(world: World) -> None:
    made_stakeholder(world)
    made_import(world)
    Stakeholder.objects.create(
        org=world.org,
        kind="community_partner",
        name="Gus",
        person=world.gus,
        represents="x",
        influence=1,
        interest=1,
    )
    for owner in ({"person": world.gus}, {"person": world.ben}, {"unit": world.clinics}):
        Strength.objects.create(org=world.org, kind="gift", name="calm", **owner)
    for kind, number in (("people.person", world.ben.pk), ("people.unit", world.clinics.pk)):
        Share.objects.create(org=world.org, person=world.gus, subject_kind=kind, subject_id=number, created_at=now())


@pytest.mark.parametrize(
    ("model", "policy", "twin"),
    [
        (Person, policies.can_see_person, policies.visible_people),
        (Unit, policies.can_see_unit, policies.visible_units),
        (Stakeholder, policies.can_see_stakeholder, policies.visible_stakeholders),
        (Strength, policies.can_see_strength, policies.visible_strengths),
        (PeopleImport, policies.can_see_import, policies.visible_imports),
    ],
    ids=["person", "unit", "stakeholder", "strength", "import"],
)
def test_each_policy_agrees_with_its_query_twin(world: World, model: type, policy: object, twin: object) -> None:
    _small_world(world)
    actors = [as_actor(person) for who, person in world.everyone.items() if who != "stranger"]
    for actor in [*actors, system_actor(world.org.pk)]:
        with across_orgs(reason="the twin must filter by itself"):
            by_query = set(model.objects.filter(twin(actor)).values_list("pk", flat=True))
            by_policy = {row.pk for row in model.objects.all() if policy(actor, row).allowed}
        assert by_query == by_policy, actor.name


def test_a_guest_sees_what_was_shared_and_themself(world: World) -> None:
    _small_world(world)
    guest = as_actor(world.gus)
    assert set(Person.objects.filter(policies.visible_people(guest)).values_list("name", flat=True)) == {
        "Ben Brandt",
        "Gus Garnier",
    }
    assert set(Unit.objects.filter(policies.visible_units(guest)).values_list("name", flat=True)) == {"Clinics"}
