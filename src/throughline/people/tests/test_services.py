"""Each change of a person, unit, membership, strength or stakeholder: what it does, records and refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.worlds import World, as_actor
from throughline.access.models import Membership
from throughline.access.people_hook import person_ensure
from throughline.kernel.clock import at, today
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.ledger.models import Event, SearchEntry
from throughline.people import services
from throughline.people.models import Person, Stakeholder, Strength, Unit, UnitMembership
from throughline.people.selectors.stakeholders import stakeholder_gaps
from throughline.people.services import PersonFacts, StakeholderFacts
from throughline.people.services import persons as person_services


def _person(world: World, name: str) -> Person:
    return Person.objects.get(pk=getattr(world, name).pk)


def _kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def _problems(call: Callable[[], Any]) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        call()
    return caught.value.problems


def test_somebody_added_is_found_and_recorded_without_words(world: World) -> None:
    added = services.person_add(
        actor=as_actor(world.max),
        facts=PersonFacts(" Zoe Zimmer ", email="ZOE@Example.org", manager_id=world.ada.pk),
    )
    assert (added.name, added.email, added.manager_id) == ("Zoe Zimmer", "zoe@example.org", world.ada.pk)
    assert SearchEntry.objects.get(kind="people.person", subject_id=added.pk).title == "Zoe Zimmer"
    event = Event.objects.get(kind="people.person_added")
    assert event.data == {"person_id": added.pk, "is_guest": False}


def test_an_address_taken_is_refused_with_its_owner(world: World) -> None:
    actor = as_actor(world.max)
    problems = _problems(lambda: services.person_add(actor=actor, facts=PersonFacts("Zoe", email=world.ben.email)))
    assert problems == {"email": ["This e-mail address belongs to Ben Brandt already."]}


def test_a_failed_step_takes_the_whole_change_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(person_services, "event_record", broken)
    with pytest.raises(OSError, match="no room"):
        services.person_add(actor=as_actor(world.max), facts=PersonFacts("Zoe Zimmer"))
    assert not Person.objects.filter(name="Zoe Zimmer").exists()


def test_a_reporting_circle_is_refused_by_name(world: World) -> None:
    actor = as_actor(world.max)
    ben, tom = _person(world, "ben"), _person(world, "tom")
    services.person_edit(actor=actor, person=ben, facts=PersonFacts(ben.name, manager_id=tom.pk))
    problems = _problems(
        lambda: services.person_edit(actor=actor, person=tom, facts=PersonFacts(tom.name, manager_id=ben.pk))
    )
    assert problems["manager"] == ["This would close a circle: Tom Takeda reports to Ben Brandt reports to Tom Takeda."]


def test_an_edit_made_from_an_older_version_is_refused(world: World) -> None:
    actor = as_actor(world.ben)
    ben = _person(world, "ben")
    given = {"name": "Ben", "location": "Oslo", "time_zone": "", "about": ""}
    services.profile_edit(actor=actor, person=ben, **given, version=1)
    with pytest.raises(Conflict, match="Somebody else changed this profile"):
        services.profile_edit(actor=actor, person=_person(world, "ben"), **{**given, "location": "Lima"}, version=1)


def test_the_same_profile_again_records_nothing(world: World) -> None:
    ben = _person(world, "ben")
    services.profile_edit(
        actor=as_actor(world.ben), person=ben, name=ben.name, location="", time_zone=ben.time_zone, about=""
    )
    assert "people.person_edited" not in _kinds()


def test_a_leaver_is_ended_and_comes_back_as_they_were(world: World) -> None:
    actor = as_actor(world.max)
    services.person_end(actor=actor, person=_person(world, "ben"))
    place = UnitMembership.objects.get(person=world.ben)
    assert (place.ends_on, Membership.objects.get(person=world.ben).is_active) == (today(), False)
    assert Person.objects.get(pk=world.ben.pk).left_on == today()
    services.person_return(actor=actor, person=_person(world, "ben"))
    place.refresh_from_db()
    assert (place.ends_on, Membership.objects.get(person=world.ben).is_active) == (None, True)
    assert [kind for kind in _kinds() if kind.startswith("people.")] == [
        "people.person_ended",
        "people.person_returned",
    ]


def test_nobody_ends_themself(world: World) -> None:
    with pytest.raises(Refused, match="You cannot end yourself"):
        services.person_end(actor=as_actor(world.max), person=_person(world, "max"))


def test_an_invitation_finds_or_makes_its_person(world: World) -> None:
    assert person_ensure(world.org, "Ben", email=world.ben.email.upper(), is_guest=False) == world.ben.pk
    made = person_ensure(world.org, "", email="new@example.org", is_guest=True)
    assert Person.objects.get(pk=made).is_guest
    assert person_ensure(world.org, "Other", email="new@example.org", is_guest=True) == made


def _tree(world: World) -> tuple[Unit, Unit, Unit]:
    actor = as_actor(world.max)
    first = services.unit_create(actor=actor, name="First", parent=world.platform)
    second = services.unit_create(actor=actor, name="Second", parent=first)
    third = services.unit_create(actor=actor, name="Third", parent=second)
    return first, second, third


def test_moving_a_unit_moves_everything_below_it(world: World) -> None:
    first, second, third = _tree(world)
    services.unit_move(actor=as_actor(world.max), unit=second, parent=world.clinics)
    third.refresh_from_db()
    assert third.path == f"{world.clinics.path}.{second.pk}.{third.pk}"
    assert third.depth == 3
    event = Event.objects.get(kind="people.unit_moved")
    assert event.data == {
        "unit_id": second.pk,
        "from_parent_id": first.pk,
        "to_parent_id": world.clinics.pk,
        "units_moved": 2,
    }


def test_a_unit_cannot_hang_below_itself(world: World) -> None:
    first, _, third = _tree(world)
    problems = _problems(lambda: services.unit_move(actor=as_actor(world.max), unit=first, parent=third))
    assert problems == {"parent": ["“Third” is part of “First”; a unit cannot hang below itself."]}


def test_a_unit_with_units_below_is_not_ended(world: World) -> None:
    first, _, _ = _tree(world)
    with pytest.raises(Conflict, match="has 1 unit below it"):
        services.unit_end(actor=as_actor(world.max), unit=first)


def test_ending_and_reopening_a_unit_keeps_its_people(world: World) -> None:
    actor = as_actor(world.max)
    clinics = Unit.objects.get(pk=world.clinics.pk)
    services.unit_end(actor=actor, unit=clinics)
    assert UnitMembership.objects.get(person=world.mia).ends_on == today()
    services.unit_reopen(actor=actor, unit=clinics)
    assert UnitMembership.objects.get(person=world.mia).ends_on is None


def test_two_units_of_one_name_in_one_place_are_refused(world: World) -> None:
    problems = _problems(lambda: services.unit_create(actor=as_actor(world.max), name="platform", parent=world.top))
    assert "below “Meridian Technology” already" in problems["name"][0]


def test_a_lead_adds_and_moves_members_but_names_no_lead(world: World) -> None:
    tom = as_actor(world.tom)
    membership = services.membership_start(actor=tom, person=_person(world, "mia"), unit=world.platform)
    assert Event.objects.get(kind="people.membership_started").context_id == world.mia.pk
    with pytest.raises(Refused, match="named by whoever leads the unit above"):
        services.membership_lead(actor=tom, membership=membership, is_lead=True)
    services.membership_lead(actor=as_actor(world.lea), membership=membership, is_lead=True)
    assert UnitMembership.objects.get(pk=membership.pk).is_lead


def test_nobody_belongs_to_one_unit_twice_at_a_time(world: World) -> None:
    problems = _problems(
        lambda: services.membership_start(actor=as_actor(world.max), person=_person(world, "ben"), unit=world.platform)
    )
    assert problems == {"person": ["Ben Brandt belongs to “Platform” at that time already."]}


def test_a_move_leaves_no_gap_and_can_be_undone(world: World) -> None:
    actor = as_actor(world.max)
    old = UnitMembership.objects.select_related("unit", "person").get(person=world.ben)
    new = services.membership_move(actor=actor, membership=old, unit=world.clinics)
    old.refresh_from_db()
    assert (old.ends_on, new.starts_on) == (today() - timedelta(days=1), today())
    services.membership_resume(actor=actor, membership=old)
    assert UnitMembership.objects.get(pk=old.pk).ends_on is None


def test_an_actor_belongs_where_today_says(world: World) -> None:
    old = UnitMembership.objects.select_related("unit", "person").get(person=world.ben)
    with at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        services.membership_end(actor=as_actor(world.max), membership=old, ends_on=date(2026, 11, 2))
        assert world.platform.pk in as_actor(world.ben).own_unit_ids
    with at(datetime(2026, 11, 3, 9, tzinfo=UTC)):
        assert as_actor(world.ben).own_unit_ids == frozenset()


def test_strengths_are_ones_own_to_add(world: World) -> None:
    ben = _person(world, "ben")
    added = services.strength_add(actor=as_actor(world.ben), kind="gift", name="calm", person=ben)
    assert services.strength_add(actor=as_actor(world.ben), kind="gift", name="Calm", person=ben).pk == added.pk
    with pytest.raises(Refused, match="Everybody adds their own"):
        services.strength_add(actor=as_actor(world.tom), kind="gift", name="fast", person=ben)
    services.strength_remove(actor=as_actor(world.ben), strength=added)
    assert not Strength.objects.exists()
    assert _kinds()[-2:] == ["people.strength_added", "people.strength_removed"]


def _stakeholder(world: World, **more: Any) -> Stakeholder:
    values = {
        "kind": "business_partner",
        "name": "Suppliers",
        "represents": "parts",
        "influence": 4,
        "interest": 4,
    }
    return services.stakeholder_add(actor=as_actor(world.fay), facts=StakeholderFacts(**{**values, **more}))


def test_gaps_name_missing_kinds_silent_groups_and_strong_ones_without_a_person(world: World) -> None:
    group = _stakeholder(world, is_group=True)
    strong = _stakeholder(world, name="A buyer")
    _stakeholder(world, name="Gus", person_id=world.gus.pk)
    actor = as_actor(world.fay)
    gaps = stakeholder_gaps(actor)
    assert "business_partner" not in [key for key, _ in gaps.kinds_missing]
    assert len(gaps.kinds_missing) == 4
    assert (list(gaps.groups_unspoken), list(gaps.strong_unspoken)) == ([group], [strong])
    assert len(stakeholder_gaps(actor, []).kinds_missing) == 5


def test_a_stakeholder_with_a_person_stands_in_their_actor(world: World) -> None:
    row = _stakeholder(world, person_id=world.gus.pk)
    assert as_actor(world.gus).stakeholder_ids == {row.pk}
    services.stakeholder_end(actor=as_actor(world.fay), stakeholder=row)
    assert as_actor(world.gus).stakeholder_ids == frozenset()
    services.stakeholder_return(actor=as_actor(world.fay), stakeholder=row)
    assert as_actor(world.gus).stakeholder_ids == {row.pk}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "friend"}, "kind"),
        ({"influence": 6}, "influence"),
        ({"interest": 0}, "interest"),
        ({"name": " "}, "name"),
    ],
)
def test_a_stakeholder_out_of_range_is_refused_at_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    assert list(_problems(lambda: _stakeholder(world, **wrong))) == [field]


def test_members_do_not_keep_the_register(world: World) -> None:
    facts = StakeholderFacts("business_partner", "Suppliers", "parts", influence=1, interest=1)
    with pytest.raises(Refused, match="kept by leads"):
        services.stakeholder_add(actor=as_actor(world.ben), facts=facts)
    assert not Stakeholder.objects.exists()
