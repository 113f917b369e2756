"""API tokens and the API of access."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import ApiToken, Invitation, Membership
from throughline.access.services import membership_end, once_keys_purge, token_create, token_revoke
from throughline.access.tests.things import note
from throughline.kernel import clock
from throughline.kernel.errors import Invalid, Refused
from throughline.ledger.models import Event

BASE = "/api/v1/o/meridian"


def _bearer(person, *, can_write: bool = True, lasts_days: int | None = 30) -> dict[str, str]:
    made = token_create(actor=as_actor(person), name="Script", can_write=can_write, lasts_days=lasts_days)
    return {"HTTP_AUTHORIZATION": f"Bearer {made.secret}"}


def _post(path: str, body: object, headers: dict[str, str], **more: str):
    return Client().post(f"{BASE}{path}", json.dumps(body), content_type="application/json", **headers, **more)


def test_the_secret_is_nowhere_in_the_database(world: World) -> None:
    made = token_create(actor=as_actor(world.ben), name="Script", can_write=False, lasts_days=None)
    assert made.secret.startswith("thl_")
    assert made.secret not in str(list(ApiToken.objects.values()))
    assert Event.objects.filter(kind="access.token_created").count() == 1


def test_a_token_acts_as_its_owner(world: World) -> None:
    answer = Client().get(f"{BASE}/me", **_bearer(world.tom))
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["roles"]) == ("Tom Takeda", ["team_lead"])
    assert ApiToken.objects.get().last_used_on is not None


def test_a_reading_token_cannot_write(world: World) -> None:
    headers = _bearer(world.max, can_write=False)
    assert _post("/invitations", {"email": "x@example.org"}, headers).status_code == 403
    assert not Invitation.objects.exists()


def test_a_token_ends_when_revoked_when_over_and_when_its_owner_leaves(world: World) -> None:
    headers = _bearer(world.ben)
    with clock.at(clock.now() + timedelta(days=31)):
        assert Client().get(f"{BASE}/me", **headers).status_code == 401
    token = ApiToken.objects.select_related("membership").get()
    token_revoke(actor=as_actor(world.ben), token=token)
    assert Client().get(f"{BASE}/me", **headers).status_code == 401
    other = _bearer(world.mia)
    membership_end(actor=as_actor(world.max), membership=Membership.objects.get(person=world.mia))
    assert Client().get(f"{BASE}/me", **other).status_code == 401


def test_a_token_of_one_organisation_opens_no_other(world: World) -> None:
    assert Client().get("/api/v1/o/otherwhere/me", **_bearer(world.ben)).status_code == 401


def test_guests_have_no_tokens(world: World) -> None:
    with pytest.raises(Refused):
        token_create(actor=as_actor(world.gus), name="Script", can_write=False, lasts_days=1)


@pytest.mark.parametrize(("name", "days"), [("", 1), ("\r\n", 1), ("x" * 81, 1), ("Script", 0), ("Script", 4000)])
def test_a_token_without_name_or_with_an_endless_term_is_refused(world: World, name: str, days: int) -> None:
    with pytest.raises(Invalid):
        token_create(actor=as_actor(world.ben), name=name, can_write=False, lasts_days=days)


def test_the_page_shows_the_secret_once(world: World, browse) -> None:
    client = browse(world.ben)
    made = client.post("/o/meridian/settings/tokens/new/", {"name": "Script", "can_write": "1", "lasts_days": "90"})
    assert "thl_" in made.content.decode()
    listed = client.get("/o/meridian/settings/tokens/").content.decode()
    assert "Script" in listed
    assert "thl_" not in listed


def test_creating_by_api_answers_201_with_where_it_is(world: World) -> None:
    headers = _bearer(world.max)
    answer = _post("/invitations", {"email": "nia@example.org", "roles": ["leader"]}, headers)
    assert answer.status_code == 201
    again = Client().get(answer["Location"], **headers)
    assert (again.status_code, again.json()["email"]) == (200, "nia@example.org")
    assert "/join/" in answer.json()["url"]
    assert "url" not in again.json()


def test_a_repeated_request_invites_once(world: World) -> None:
    headers = {**_bearer(world.max), "HTTP_IDEMPOTENCY_KEY": "one"}
    first, second = (_post("/invitations", {"email": "nia@example.org"}, headers) for _ in range(2))
    # The link is told once and kept nowhere, so the repetition names the invitation without it.
    assert (second.status_code, second["Location"]) == (409, first["Location"])
    assert first.json()["url"] not in second.content.decode()
    assert Invitation.objects.count() == 1


def test_a_refused_invitation_is_a_problem_with_the_field(world: World) -> None:
    answer = _post("/invitations", {"email": "nobody"}, _bearer(world.max))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "email"


def test_members_shares_and_tokens_by_api(world: World) -> None:
    headers = _bearer(world.max)
    members = Client().get(f"{BASE}/members?q=Ben", **headers).json()["items"]
    assert [item["name"] for item in members] == ["Ben Brandt"]
    roles = Client().put(
        f"{BASE}/members/{members[0]['id']}/roles",
        json.dumps({"roles": ["facilitator"], "seen_roles": ["member"]}),
        content_type="application/json",
        **headers,
    )
    assert roles.json()["roles"] == ["facilitator"]
    shared = _post("/shares", {"subject": str(note()), "email": "gus@meridian.example", "name": "Gus"}, headers)
    assert shared.status_code == 201
    assert Client().get(shared["Location"], **headers).json()["subject"] == "access.note:7"
    assert Client().delete(shared["Location"], **headers).status_code == 204
    made = _post("/tokens", {"name": "Second"}, headers)
    assert made.status_code == 201
    assert Client().delete(made["Location"], **headers).status_code == 204
    assert [item["name"] for item in Client().get(f"{BASE}/tokens", **headers).json()["items"]] == ["Script"]


def test_one_cannot_see_or_end_the_token_of_another(world: World) -> None:
    mine = _bearer(world.max)
    _bearer(world.ben)
    foreign = ApiToken.objects.get(membership__person=world.ben)
    assert Client().get(f"{BASE}/tokens/{foreign.pk}", **mine).status_code == 404
    assert Client().delete(f"{BASE}/tokens/{foreign.pk}", **mine).status_code == 404
    foreign.refresh_from_db()
    assert foreign.revoked_at is None


def test_keys_of_writes_are_forgotten_after_a_day(world: World) -> None:
    headers = {**_bearer(world.max), "HTTP_IDEMPOTENCY_KEY": "one"}
    _post("/invitations", {"email": "nia@example.org"}, headers)
    assert once_keys_purge() == 0
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert once_keys_purge() == 1
