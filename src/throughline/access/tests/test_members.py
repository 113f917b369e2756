"""Roles and access of members."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import Membership
from throughline.access.selectors import MemberFilter, members_page
from throughline.access.services import (
    membership_end,
    membership_reactivate,
    roles_change,
    share_end,
)
from throughline.access.services.shares import share_grant
from throughline.access.tests.things import note
from throughline.kernel.errors import Conflict, Refused
from throughline.kernel.scoping import across_orgs
from throughline.ledger.models import Event


def _of(person) -> Membership:
    return Membership.objects.get(person=person)


def test_changing_roles_leaves_an_event_with_both(world: World) -> None:
    row = roles_change(
        actor=as_actor(world.max), membership=_of(world.ben), roles=["facilitator"], seen_roles=["member"]
    )
    event = Event.objects.get(kind="access.roles_changed")
    assert row.roles == ["facilitator"]
    assert (event.data["before"], event.data["after"]) == (["member"], ["facilitator"])


def test_a_stale_form_is_told_what_the_roles_are_now(world: World) -> None:
    with pytest.raises(Conflict, match="Member"):
        roles_change(actor=as_actor(world.max), membership=_of(world.ben), roles=[], seen_roles=["leader"])


def test_a_member_changes_nobody(world: World) -> None:
    with pytest.raises(Refused):
        roles_change(
            actor=as_actor(world.ben),
            membership=_of(world.ben),
            roles=["administrator"],
            seen_roles=["member"],
        )


def test_the_last_administrator_keeps_the_role_and_the_access(world: World) -> None:
    actor = as_actor(world.max)
    roles_change(actor=actor, membership=_of(world.ada), roles=["leader"], seen_roles=["leader", "administrator"])
    with pytest.raises(Refused, match="last administrator"):
        roles_change(actor=actor, membership=_of(world.max), roles=[], seen_roles=["administrator"])
    with pytest.raises(Refused, match="last administrator"):
        membership_end(actor=actor, membership=_of(world.max))
    assert _of(world.max).is_active


def test_ended_access_closes_the_organisation_at_once_and_can_be_given_back(world: World, browse) -> None:
    client = browse(world.ben)
    assert client.get("/o/meridian/settings/").status_code == 200
    membership_end(actor=as_actor(world.max), membership=_of(world.ben))
    assert client.get("/o/meridian/settings/").status_code == 404
    membership_reactivate(actor=as_actor(world.max), membership=_of(world.ben))
    assert client.get("/o/meridian/settings/").status_code == 200
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"access.membership_ended", "access.membership_reactivated"} <= kinds


def test_members_are_found_by_words_role_and_state(world: World) -> None:
    actor = as_actor(world.ben)

    def names(**wanted: str) -> list[str]:
        return [row.person.name for row in members_page(actor, wanted=MemberFilter(**wanted)).rows]

    assert names(words="tak") == ["Tom Takeda"]
    assert names(words="ben@meridian") == ["Ben Brandt"]
    assert names(role="administrator") == ["Ada Adeyemi", "Max Moreau"]
    assert names(role="nonsense") == []
    assert names(state="ended") == []
    assert len(names()) == 8


def test_the_list_is_paged_by_key_at_a_fixed_number_of_queries(world: World, django_assert_max_num_queries) -> None:
    actor = as_actor(world.ada)
    with django_assert_max_num_queries(1):
        first = members_page(actor, wanted=MemberFilter(), size=5)
    second = members_page(actor, wanted=MemberFilter(), size=5, cursor=first.next_cursor)
    assert [row.person.name[:3] for row in (*first.rows, *second.rows)] == [
        "Ada", "Ben", "Fay", "Gus", "Lea", "Max", "Mia", "Tom",
    ]  # fmt: skip


def test_the_page_of_a_member_saves_and_refuses(world: World, browse) -> None:
    client = browse(world.max)
    url = f"/o/meridian/settings/members/{_of(world.ben).pk}/"
    stale = client.post(url, {"roles": ["leader"], "seen_roles": "guest"})
    assert stale.status_code == 409
    assert 'name="seen_roles" value="member"' in stale.content.decode()
    saved = client.post(url, {"roles": ["leader", "member"], "seen_roles": "member"})
    assert saved.status_code == 302
    assert _of(world.ben).roles == ["leader", "member"]


def test_a_role_that_does_not_exist_is_refused_on_the_page(world: World, browse) -> None:
    url = f"/o/meridian/settings/members/{_of(world.ben).pk}/"
    answer = browse(world.max).post(url, {"roles": ["emperor"], "seen_roles": "member"})
    assert answer.status_code == 422
    assert _of(world.ben).roles == ["member"]


def test_members_of_another_organisation_are_not_found(world: World, browse) -> None:
    client: Client = browse(world.sid)
    number = _of(world.ben).pk
    for path in ("members/", f"members/{number}/", "tokens/", "invitations/", "guests/"):
        assert client.get(f"/o/meridian/settings/{path}").status_code == 404
    with across_orgs(reason="the test itself stands in Meridian; Sid's request enters Otherwhere"):
        assert client.get(f"/o/otherwhere/settings/members/{number}/").status_code == 404
        assert client.get("/o/otherwhere/settings/members/").status_code == 200


def test_only_whoever_shared_or_an_administrator_ends_a_share(world: World) -> None:
    share = share_grant(actor=as_actor(world.ben), person_id=world.gus.pk, subject=note())
    with pytest.raises(Refused):
        share_end(actor=as_actor(world.mia), share=share)
    share_end(actor=as_actor(world.ben), share=share)
    assert as_actor(world.gus).shared == frozenset()
