"""Starting an organisation, from the first page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import Account, Membership, Organisation
from throughline.access.selectors import organisations_of_account, start_verdict
from throughline.access.services import organisation_change, organisation_create
from throughline.kernel.actor import Role
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.kernel.scoping import across_orgs, in_org
from throughline.ledger.models import Event

GIVEN = {
    "name": "Harbour Works",
    "slug": "",
    "person_name": "Olu Okafor",
    "email": "olu@harbour.example",
    "password": "seven tall lighthouses",
}


@pytest.mark.django_db
def test_anybody_may_start_the_first_organisation() -> None:
    assert start_verdict(None).allowed


def test_nobody_unknown_starts_a_further_one(world: World) -> None:
    assert not start_verdict(None)


def test_an_administrator_of_any_organisation_may_start_another(world: World) -> None:
    account = Account.objects.get(email="max@meridian.example")
    assert start_verdict(account.pk).allowed


def test_a_member_may_not_start_another(world: World) -> None:
    account = Account.objects.get(email="ben@meridian.example")
    assert "THROUGHLINE_OPEN_START" in start_verdict(account.pk).reason


def test_an_open_installation_lets_anybody_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OPEN_START", True)
    assert start_verdict(None).allowed


@pytest.mark.django_db
def test_the_first_page_leads_a_new_person_into_their_own_organisation() -> None:
    client = Client()
    assert b"Start an organisation" in client.get("/").content
    answer = client.post("/start/", GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/o/harbour-works/settings/")
    org = Organisation.objects.get()
    with in_org(org.pk):
        membership = Membership.objects.select_related("person").get()
        kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert membership.person.name == "Olu Okafor"
    assert set(membership.roles) == {Role.ADMINISTRATOR, Role.LEADER}
    assert {"access.member_joined", "access.organisation_created"} <= set(kinds)
    assert client.get("/")["Location"] == "/o/harbour-works/"


@pytest.mark.django_db
def test_the_first_page_after_the_start_lists_what_comes_next() -> None:
    client = Client()
    page = client.post("/start/", GIVEN, follow=True).content.decode()
    assert "Set up mail" in page
    assert "Invite people" in page


@pytest.mark.django_db
def test_a_form_sent_twice_makes_one_organisation() -> None:
    first, second = Client(), Client()
    first.post("/start/", GIVEN)
    answer = second.post("/start/", GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/o/harbour-works/settings/")
    assert Organisation.objects.count() == Account.objects.count() == 1


@pytest.mark.django_db
def test_the_same_form_from_a_stranger_is_not_let_in() -> None:
    Client().post("/start/", GIVEN)
    answer = Client().post("/start/", {**GIVEN, "password": "some other long words"})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_a_refused_start_keeps_what_was_typed_and_makes_nothing() -> None:
    answer = Client().post("/start/", {**GIVEN, "password": "short", "slug": "Not A Slug"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Harbour Works"' in page
    assert "lower-case letters" in page
    assert "10 characters" in page
    assert not Organisation.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["api", "settings"])
def test_a_slug_of_the_product_itself_is_refused(slug: str) -> None:
    with pytest.raises(Invalid) as refusal:
        organisation_create(**{**GIVEN, "slug": slug})
    assert "slug" in refusal.value.problems


def test_a_taken_slug_is_refused_with_another_to_try(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        organisation_create(**{**GIVEN, "slug": "meridian"})
    assert "meridian-2" in refusal.value.problems["slug"][0]


def test_an_address_with_an_account_is_asked_to_sign_in(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        organisation_create(**{**GIVEN, "slug": "harbour", "email": "Ben@Meridian.example"})
    assert "sign in" in refusal.value.problems["email"][0]
    assert not Organisation.objects.filter(slug="harbour").exists()


@pytest.mark.django_db
def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from throughline.access.services import organisations

    def broken(actor: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(organisations, "organisation_begin", broken)
    with pytest.raises(RuntimeError):
        organisation_create(**{**GIVEN, "slug": "harbour"})
    assert not Organisation.objects.exists()
    assert not Account.objects.exists()


def test_somebody_in_two_organisations_chooses(world: World, browse) -> None:
    account = Account.objects.get(email="max@meridian.example")
    client = browse(world.max)
    with across_orgs(reason="the test itself stands in Meridian; starting another enters that one"):
        client.post("/start/", {"name": "Second", "slug": "second", "person_name": "Max Moreau"})
    assert [link.slug for link in organisations_of_account(account.pk)] == ["meridian", "second"]
    page = client.get("/").content.decode()
    assert "/o/meridian/" in page
    assert "/o/second/" in page


def test_renaming_leaves_an_event_and_refuses_a_stale_form(world: World) -> None:
    actor = as_actor(world.max)
    seen = {"seen_name": "Meridian", "seen_time_zone": "UTC"}
    organisation_change(actor=actor, name="Meridian Two", time_zone="Europe/Paris", **seen)
    assert Event.objects.filter(kind="access.organisation_changed").count() == 1
    with pytest.raises(Conflict, match="Meridian Two"):
        organisation_change(actor=actor, name="Meridian Three", time_zone="UTC", **seen)


def test_a_member_cannot_rename(world: World) -> None:
    with pytest.raises(Refused):
        organisation_change(
            actor=as_actor(world.ben), name="B", time_zone="UTC", seen_name="Meridian", seen_time_zone="UTC"
        )


def test_a_time_zone_that_does_not_exist_is_refused_on_the_page(world: World, browse) -> None:
    answer = browse(world.max).post(
        "/o/meridian/settings/organisation/",
        {"name": "Kept", "time_zone": "Mars/Base", "seen_name": "Meridian", "seen_time_zone": "UTC"},
    )
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.content.decode()


def test_a_stale_page_is_told_what_changed_and_can_save_after_looking(world: World, browse) -> None:
    client = browse(world.max)
    url = "/o/meridian/settings/organisation/"
    answer = client.post(url, {"name": "Mine", "time_zone": "UTC", "seen_name": "Old", "seen_time_zone": "UTC"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="seen_name" value="Meridian"' in page
    assert 'value="Mine"' in page
