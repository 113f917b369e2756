"""Invitations: who may send one, what the link does, and that it does it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import Account, Invitation, Membership, Share
from throughline.access.services import (
    invitation_create,
    invitation_resend,
    invitation_revoke,
    share_with_guest,
)
from throughline.access.tests.things import note
from throughline.kernel import clock
from throughline.kernel.errors import Conflict, Invalid, NotFound, Refused
from throughline.kernel.ids import secret_hash
from throughline.ledger.models import Event

NEW = {"name": "Nia Nkosi", "password": "seven tall lighthouses"}


def _made(world: World, email: str = "nia@example.org", roles: tuple[str, ...] = ()):
    return invitation_create(actor=as_actor(world.max), email=email, name="Nia", roles=list(roles))


def _path(made) -> str:
    return made.url.removeprefix("http://testserver")


def test_the_secret_is_stored_as_its_hash(world: World) -> None:
    made = _made(world)
    secret = made.url.rstrip("/").rsplit("/", 1)[1]
    assert made.invitation.secret_hash == secret_hash(secret)
    assert secret not in str(Invitation.objects.values().get())


def test_a_member_cannot_invite_members(world: World) -> None:
    with pytest.raises(Refused):
        invitation_create(actor=as_actor(world.ben), email="x@example.org", name="", roles=[])


def test_somebody_who_is_here_is_not_invited_again(world: World) -> None:
    with pytest.raises(Invalid, match="member already"):
        _made(world, email="Ben@meridian.example")


@pytest.mark.parametrize("email", ["", "nia", "nia@", "nia@example.org\r\nBcc: x@example.org"])
def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    with pytest.raises(Invalid):
        _made(world, email=email)


def test_the_guest_role_cannot_be_given_by_an_invitation(world: World) -> None:
    with pytest.raises(Invalid, match="not a role"):
        _made(world, roles=("guest",))


def test_the_link_says_who_invites_to_what(world: World) -> None:
    page = Client().get(_path(_made(world))).content.decode()
    assert "Max Moreau invites you to Meridian" in page
    assert "nia@example.org" in page


def test_a_new_person_joins_with_name_and_password(world: World) -> None:
    made = _made(world, roles=("facilitator",))
    client = Client()
    answer = client.post(_path(made), NEW)
    assert answer.status_code == 302
    membership = Membership.objects.select_related("person").get(account__email="nia@example.org")
    assert (membership.person.name, membership.roles) == ("Nia Nkosi", ["facilitator"])
    assert client.get("/o/meridian/settings/").status_code == 200
    assert Event.objects.filter(kind="access.invitation_accepted").count() == 1


def test_the_link_works_once(world: World) -> None:
    path = _path(_made(world))
    first = Client()
    first.post(path, NEW)
    again = first.post(path, NEW)
    assert (again.status_code, again["Location"]) == (302, "/o/meridian/")
    stranger = Client().get(path)
    assert stranger.status_code == 410
    assert b"used already" in stranger.content
    assert Account.objects.filter(email="nia@example.org").count() == 1


def test_a_weak_password_is_refused_with_the_name_kept(world: World) -> None:
    answer = Client().post(_path(_made(world)), {"name": "Nia Nkosi", "password": "password"})
    assert answer.status_code == 422
    assert 'value="Nia Nkosi"' in answer.content.decode()
    assert not Account.objects.filter(email="nia@example.org").exists()


def test_an_existing_account_signs_in_and_joins(world: World, browse) -> None:
    path = _path(_made(world, email="sid@otherwhere.example"))
    signed_out = Client().get(path).content.decode()
    assert f"/accounts/login/?next={path}" in signed_out
    client = browse(world.sid)
    page = client.get(path).content.decode()
    assert "Accept and go on" in page
    assert 'name="password"' not in page
    assert client.post(path).status_code == 302
    assert Membership.objects.filter(account__email="sid@otherwhere.example").exists()
    assert client.get("/o/meridian/settings/").status_code == 200


def test_a_link_is_no_way_into_an_existing_account(world: World) -> None:
    path = _path(_made(world, email="sid@otherwhere.example"))
    answer = Client().post(path, NEW)
    assert answer.status_code == 422
    assert Account.objects.get(email="sid@otherwhere.example").check_password("a long enough password")


def test_somebody_else_who_is_signed_in_cannot_use_it(world: World, browse) -> None:
    answer = browse(world.sid).post(_path(_made(world)))
    assert answer.status_code == 422
    assert b"you are signed in as sid@otherwhere.example" in answer.content


def test_it_runs_out_after_fourteen_days(world: World) -> None:
    made = _made(world)
    with clock.at(clock.now() + timedelta(days=14, seconds=1)):
        answer = Client().post(_path(made), NEW)
    assert answer.status_code == 410
    assert b"has run out" in answer.content


def test_a_revoked_one_is_closed_and_revoking_twice_changes_nothing(world: World) -> None:
    made = _made(world)
    for _ in range(2):
        invitation_revoke(actor=as_actor(world.max), invitation=made.invitation)
    assert Client().get(_path(made)).status_code == 410
    assert Event.objects.filter(kind="access.invitation_revoked").count() == 1


def test_a_new_link_ends_the_old_one(world: World) -> None:
    made = _made(world)
    again = invitation_resend(actor=as_actor(world.max), invitation=made.invitation)
    assert Client().get(_path(made)).status_code == 404
    assert Client().get(_path(again)).status_code == 200


def test_an_accepted_one_cannot_be_sent_again(world: World) -> None:
    made = _made(world)
    Client().post(_path(made), NEW)
    with pytest.raises(Conflict, match="accepted already"):
        invitation_resend(actor=as_actor(world.max), invitation=made.invitation)


def test_a_second_invitation_replaces_the_first(world: World) -> None:
    first, second = _made(world), _made(world)
    assert Client().get(_path(first)).status_code == 410
    assert Client().get(_path(second)).status_code == 200


def test_it_is_mailed_after_the_commit(world: World, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = _made(world)
        assert mail.outbox == []
    assert made.url in mail.outbox[0].body
    assert mail.outbox[0].to == ["nia@example.org"]
    assert Invitation.objects.get().mailed_at is not None


def test_the_page_shows_the_link_once_and_a_double_click_invites_once(world: World, browse) -> None:
    client = browse(world.max)
    given = {"email": "nia@example.org", "name": "Nia", "roles": ["member"], "once": "a-click"}
    answer = client.post("/o/meridian/settings/invitations/new/", given)
    assert answer.status_code == 200
    assert "http://testserver/join/" in answer.content.decode()
    again = client.post("/o/meridian/settings/invitations/new/", given)
    assert again.status_code == 302
    assert Invitation.objects.count() == 1


def test_a_guest_joins_for_one_thing_and_lands_on_it(world: World) -> None:
    made = share_with_guest(actor=as_actor(world.ben), subject=note(), email="gia@example.org", name="Gia")
    assert made.invitation is not None
    client = Client()
    assert "Note 7" in client.get(_path(made.invitation)).content.decode()
    answer = client.post(_path(made.invitation), {"name": "Gia Gomez", "password": NEW["password"]})
    assert answer["Location"] == "/o/meridian/inbox/?note=7"
    guest = Membership.objects.select_related("person").get(account__email="gia@example.org")
    assert guest.roles == ["guest"]
    assert guest.person.is_guest
    assert as_actor(guest.person).shared == {note()}
    assert client.get("/o/meridian/settings/").status_code == 403
    assert client.get("/o/meridian/settings/members/").status_code == 403
    assert client.get("/o/meridian/inbox/").status_code == 200


def test_a_guest_who_is_here_gets_the_share_at_once(world: World) -> None:
    for _ in range(2):
        made = share_with_guest(actor=as_actor(world.ben), subject=note(), email="gus@meridian.example", name="Gus")
        assert made.invitation is None
    assert Share.objects.count() == Event.objects.filter(kind="access.subject_shared").count() == 1


def test_a_guest_cannot_pass_on_what_was_shared(world: World) -> None:
    with pytest.raises(Refused, match="Guests cannot share"):
        share_with_guest(actor=as_actor(world.gus), subject=note(), email="x@example.org", name="X")


def test_what_one_cannot_see_cannot_be_shared(world: World) -> None:
    with pytest.raises(NotFound):
        share_with_guest(actor=as_actor(world.ben), subject=note(99), email="x@example.org", name="X")


def test_a_member_is_no_guest(world: World) -> None:
    with pytest.raises(Invalid, match="member of the organisation"):
        share_with_guest(actor=as_actor(world.ben), subject=note(), email="mia@meridian.example", name="Mia")


def test_a_person_has_one_account(world: World) -> None:
    made = _made(world)
    type(world.ben).objects.filter(pk=world.ben.pk).update(email="nia@example.org")
    answer = Client().post(_path(made), NEW)
    assert answer.status_code == 422
    assert b"another account already" in answer.content
    assert not Account.objects.filter(email="nia@example.org").exists()
