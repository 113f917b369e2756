"""Pages of people, units, strengths and stakeholders: whole and as fragments, with ceilings on queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.kernel.actor import system_actor
from throughline.kernel.clock import today
from throughline.people.models import Person, Stakeholder, Strength, Unit
from throughline.people.rules import found_by
from throughline.people.rules.rows import PersonRow
from throughline.people.services import (
    PersonFacts,
    people_bulk_upsert,
    person_add,
    person_end,
    strength_add,
    unit_create,
)
from throughline.people.tests.routes import STAKEHOLDER_DATA, made_stakeholder

Browse = Callable[[Any], Client]


def _url(world: World, name: str, *args: Any) -> str:
    return reverse(f"people:{name}", args=[world.org.slug, *args])


def _text(response: Any) -> str:
    return response.content.decode()


def _many(world: World, count: int) -> None:
    rows = [
        PersonRow(
            line=n,
            name=f"Person {n:03d}",
            external_id=f"E{n}",
            title="Planner",
            location="Oslo",
            unit=("North", f"Team {n % 9}"),
        )
        for n in range(count)
    ]
    people_bulk_upsert(actor=system_actor(world.org.pk), rows=rows, on=today())


@pytest.mark.parametrize("name", ["people", "units", "strengths", "stakeholders"])
def test_a_list_costs_the_same_for_few_and_many(
    world: World, browse: Browse, django_assert_max_num_queries: Any, name: str
) -> None:
    _many(world, 60)
    for person in Person.objects.all()[:40]:
        Strength.objects.create(org=world.org, person=person, kind="gift", name="calm")
    for number in range(60):
        Stakeholder.objects.create(
            org=world.org,
            kind="business_partner",
            name=f"Firm {number}",
            represents="x",
            influence=5,
            interest=5,
        )
    client = browse(world.ben)
    with django_assert_max_num_queries(24):
        response = client.get(_url(world, name))
    assert response.status_code == 200


def test_the_list_is_searched_and_filtered_by_its_address(world: World, browse: Browse) -> None:
    _many(world, 12)
    client = browse(world.mia)
    found = _text(client.get(_url(world, "people"), {"q": "pérson 003"}))
    assert "Person 003" in found
    assert "Person 004" not in found
    in_unit = _text(client.get(_url(world, "people"), {"unit": "North > Team 4"}))
    assert "Person 004" in in_unit
    assert "Person 005" not in in_unit
    nowhere = _text(client.get(_url(world, "people"), {"unit": "Nort"}))
    assert "Did you mean North?" in nowhere
    leads = _text(client.get(_url(world, "people"), {"role": "lead"}))
    assert "Tom Takeda" in leads
    assert "Ben Brandt" not in leads


def test_a_leaver_is_listed_under_has_left_only(world: World, browse: Browse) -> None:
    Person.objects.filter(pk=world.ben.pk).update(left_on="2026-01-31")
    client = browse(world.tom)
    assert "Ben Brandt" not in _text(client.get(_url(world, "people")))
    assert "Ben Brandt" in _text(client.get(_url(world, "people"), {"presence": "left"}))


def test_pages_follow_each_other_without_gap_or_repeat(world: World, browse: Browse) -> None:
    _many(world, 120)
    client = browse(world.ben)
    names: list[str] = []
    address = _url(world, "people")
    while address:
        context = client.get(address).context
        names += [row["name"] for row in context["table"].rows]
        address = context["older_url"]
    assert len(names) == len(set(names)) == Person.objects.filter(is_guest=False).count()


def test_the_export_imports_again_and_runs_no_formula(world: World, browse: Browse) -> None:
    person_add(actor=as_actor(world.max), facts=PersonFacts('=HYPERLINK("x")', email="evil@example.org"))
    answer = browse(world.ben).get(_url(world, "export"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_email = {row["E-mail"]: row for row in rows}
    assert by_email["evil@example.org"]["Name"] == '\'=HYPERLINK("x")'
    assert by_email[world.tom.email]["Unit"] == "Meridian Technology > Platform"
    assert by_email[world.tom.email]["Lead"] == "yes"


def test_a_form_with_errors_keeps_what_was_typed(world: World, browse: Browse) -> None:
    typed = {"name": "Zoe Zimmer", "email": "nonsense", "manager": "Nobody Known", "about": "typed text"}
    response = browse(world.max).post(_url(world, "person_new"), typed)
    assert response.status_code == 422
    assert "typed text" in _text(response)
    assert "Nobody here has this name" in _text(response)
    assert not Person.objects.filter(name="Zoe Zimmer").exists()


def test_an_edit_from_a_stale_page_keeps_the_form_and_says_so(world: World, browse: Browse) -> None:
    Person.objects.filter(pk=world.ben.pk).update(version=5)
    typed = {"name": "Ben", "location": "typed place", "time_zone": "", "about": "", "version": "1"}
    response = browse(world.ben).post(_url(world, "person_edit", world.ben.pk), typed)
    assert response.status_code == 409
    assert "typed place" in _text(response)
    assert "Somebody else changed this profile" in _text(response)


def test_a_double_click_adds_one_person(world: World, browse: Browse) -> None:
    client = browse(world.max)
    for _ in range(2):
        response = client.post(_url(world, "person_new"), {"name": "Zoe Zimmer", "once": "one-key"})
        assert response.status_code == 302
    assert Person.objects.filter(name="Zoe Zimmer").count() == 1


def test_a_profile_shows_chain_reports_units_and_strengths(world: World, browse: Browse) -> None:
    Person.objects.filter(pk=world.ben.pk).update(manager=world.tom)
    Person.objects.filter(pk=world.tom.pk).update(manager=world.ada)
    strength_add(actor=as_actor(world.ben), kind="gift", name="explains charts", person=world.ben)
    text = _text(browse(world.mia).get(_url(world, "person", world.ben.pk)))
    assert text.index("Ada Adeyemi") < text.index("Tom Takeda")
    for words in ("explains charts", "Platform", "since"):
        assert words in text
    assert "Ben Brandt" in _text(browse(world.mia).get(_url(world, "person", world.tom.pk)))


def test_ending_somebody_offers_the_way_back(world: World, browse: Browse) -> None:
    client = browse(world.max)
    page = client.post(_url(world, "person_end", world.ben.pk), follow=True)
    assert "undoes it" in _text(page)
    assert _url(world, "person_return", world.ben.pk) in _text(page)


def test_the_tree_opens_by_its_address_and_only_there(world: World, browse: Browse) -> None:
    unit_create(actor=as_actor(world.max), name="Deep team", parent=Unit.objects.get(pk=world.platform.pk))
    client = browse(world.ben)
    closed = _text(client.get(_url(world, "units")))
    assert "Platform" not in closed
    opened = _text(client.get(_url(world, "units"), {"open": f"{world.top.pk},{world.platform.pk}"}))
    assert opened.index("Platform") < opened.index("Deep team")


def test_a_lead_adds_somebody_to_the_unit(world: World, browse: Browse) -> None:
    client = browse(world.tom)
    response = client.post(_url(world, "member_add", world.platform.pk), {"person": "Mia Mbeki"})
    assert response.status_code == 302
    assert "Mia Mbeki" in _text(client.get(_url(world, "unit", world.platform.pk)))
    again = client.post(_url(world, "member_add", world.platform.pk), {"person": "Mia Mbeki"})
    assert again.status_code == 422
    assert "at that time already" in _text(again)


def test_who_can_finds_people_and_names_their_functions(world: World, browse: Browse) -> None:
    Unit.objects.filter(pk=world.platform.pk).update(function="engineering")
    strength_add(actor=as_actor(world.ben), kind="strength", name="reads contracts", person=world.ben)
    text = _text(browse(world.mia).get(_url(world, "strengths"), {"q": "contracts"}))
    assert "Ben Brandt" in text
    assert "Functions found on this page: engineering" in text


def test_a_leaver_no_longer_can(world: World, browse: Browse) -> None:
    strength_add(actor=as_actor(world.ben), kind="strength", name="reads contracts", person=world.ben)
    Person.objects.filter(pk=world.ben.pk).update(left_on="2026-01-31")
    assert "Ben Brandt" not in _text(browse(world.mia).get(_url(world, "strengths"), {"q": "contracts"}))


def test_the_register_shows_gaps_and_the_grid_has_a_table_twin(world: World, browse: Browse) -> None:
    made_stakeholder(world)
    client = browse(world.ben)
    grid = _text(client.get(_url(world, "stakeholders"), {"view": "grid"}))
    table = _text(client.get(_url(world, "stakeholders")))
    for text in (grid, table):
        assert "Suppliers" in text
        assert "Groups nobody stands for" in text
        assert "Community partner" in text
    assert "High influence, low interest" in grid


def test_a_stakeholder_form_keeps_what_was_typed(world: World, browse: Browse) -> None:
    response = browse(world.fay).post(_url(world, "stakeholder_new"), {**STAKEHOLDER_DATA, "person": "Nobody Known"})
    assert response.status_code == 422
    assert "who lives here" in _text(response)


def test_nothing_of_another_organisation_opens(world: World, browse: Browse) -> None:
    from throughline.kernel.scoping import across_orgs

    with across_orgs(reason="a unit of the other organisation"):
        foreign = Unit.objects.get(org=world.other_org)
    client = browse(world.ada)
    assert client.get(_url(world, "person", world.sid.pk)).status_code == 404
    assert client.get(_url(world, "unit", foreign.pk)).status_code == 404
    assert "Sid Sorensen" not in _text(client.get(_url(world, "people"), {"presence": "all"}))
    response = client.post(_url(world, "person_new"), {"name": "Zoe", "manager": world.sid.email})
    assert response.status_code == 422


def test_a_guest_opens_their_own_stake_and_nothing_else(world: World, browse: Browse) -> None:
    row = made_stakeholder(world)
    client = browse(world.gus)
    assert client.get(_url(world, "stakeholder", row.pk)).status_code == 404
    Stakeholder.objects.filter(pk=row.pk).update(person=world.gus)
    page = client.get(_url(world, "stakeholder", row.pk))
    assert page.status_code == 200
    assert "Edit" not in _text(page)


def test_words_of_everybody_are_kept_by_services(world: World) -> None:
    added = person_add(actor=as_actor(world.max), facts=PersonFacts("Zoë Ångström", title="Planner"))
    assert added.words == found_by(name="Zoë Ångström", title="Planner", email="", external_id="")
    person_end(actor=as_actor(world.max), person=added)
    assert Person.objects.get(pk=added.pk).words == added.words
