"""Mail through a real server: set up on the page, tested from the page, used by everything that mails."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.cache import cache
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import Invitation
from throughline.access.services import invitation_create
from throughline.kernel.errors import Invalid, Refused
from throughline.kernel.scoping import across_orgs
from throughline.ledger.models import Event
from throughline.notify.models import MailServer
from throughline.notify.services import MailServerGiven, mail_server_set
from throughline.notify.tests.conftest import Post

URL = "/o/meridian/settings/mail/"


def given(post: Post | None = None, **changes: object) -> MailServerGiven:
    values: dict[str, Any] = {
        "host": post.host if post else "smtp.example.org",
        "port": post.port if post else 587,
        "security": "none" if post else "starttls",
        "user_name": "",
        "password": "",
        "from_address": "line@meridian.example",
        "from_name": "Meridian",
    }
    return MailServerGiven(**{**values, **changes})


def _form(post: Post, **changes: object) -> dict[str, object]:
    wanted = given(post, **changes)
    return {name: getattr(wanted, name) or "" for name in wanted.__dataclass_fields__}


def test_an_administrator_sets_up_and_tests_mail_from_the_page(world: World, browse, post: Post) -> None:
    client = browse(world.max)
    assert client.post(URL, _form(post)).status_code == 302
    assert client.post(f"{URL}test/", {"to": "max@meridian.example"}).status_code == 302
    message = post.messages[0]
    assert message["From"] == "Meridian <line@meridian.example>"
    assert message["To"] == "max@meridian.example"
    assert message["Message-ID"].endswith("@testserver>")
    assert message["Date"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert MailServer.objects.get().tested_at is not None
    assert Event.objects.filter(kind="notify.mail_server_changed").count() == 1


def test_the_password_is_used_encrypted_and_never_shown(world: World, browse, post: Post) -> None:
    client = browse(world.max)
    client.post(URL, _form(post, user_name="line", password="open sesame"))
    assert "sesame" not in str(MailServer.objects.values().get())
    assert "sesame" not in client.get(URL).content.decode()
    client.post(URL, _form(post, user_name="line", from_name="Line"))
    client.post(f"{URL}test/", {"to": "max@meridian.example"})
    assert post.logins == [("line", "open sesame")]
    assert post.messages[0]["From"] == "Line <line@meridian.example>"


def test_a_stored_password_is_not_sent_to_another_server(world: World, post: Post) -> None:
    actor = as_actor(world.max)
    mail_server_set(actor=actor, given=given(post, user_name="line", password="open sesame"))
    with pytest.raises(Invalid, match="Enter the password again"):
        mail_server_set(actor=actor, given=given(host="elsewhere.example", user_name="line", password=None))


def test_a_wrong_password_is_said_in_words_on_the_page(world: World, browse, post: Post) -> None:
    client = browse(world.max)
    client.post(URL, _form(post, user_name="line", password="wrong"))
    answer = client.post(f"{URL}test/", {"to": "max@meridian.example"})
    assert answer.status_code == 422
    assert "did not accept the user name and password" in answer.content.decode()
    assert 'value="max@meridian.example"' in answer.content.decode()


def test_a_port_where_nothing_answers_is_said_in_words(world: World, browse, post: Post) -> None:
    client = browse(world.max)
    client.post(URL, _form(post, port=1))
    answer = client.post(f"{URL}test/", {"to": "max@meridian.example"})
    assert answer.status_code == 422
    assert "Nothing answers at 127.0.0.1:1" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"host": "https://smtp.example.org"}, "host"),
        ({"host": "smtp example"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70000}, "port"),
        ({"security": "maybe"}, "security"),
        ({"from_address": "nobody"}, "from_address"),
        ({"password": "x"}, "user_name"),
        ({"password": "x", "user_name": "line", "security": "none"}, "security"),
    ],
)
def test_a_server_that_cannot_be_is_refused_at_its_field(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mail_server_set(actor=as_actor(world.max), given=given(**changes))
    assert field in refusal.value.problems
    assert not MailServer.objects.exists()


def test_a_member_cannot_set_up_mail(world: World) -> None:
    with pytest.raises(Refused):
        mail_server_set(actor=as_actor(world.ben), given=given())


def test_an_invitation_is_mailed_through_the_server(
    world: World, post: Post, real_mail: None, django_capture_on_commit_callbacks
) -> None:
    mail_server_set(actor=as_actor(world.max), given=given(post))
    with django_capture_on_commit_callbacks(execute=True):
        made = invitation_create(
            actor=as_actor(world.max), email="nia@example.org", name="Nia\r\nBcc: x@example.org", roles=[]
        )
    message = post.messages[0]
    assert message["To"] == "nia@example.org"
    assert message["Bcc"] is None
    assert made.url in message.get_body(("plain",)).get_content()
    assert made.url in message.get_body(("html",)).get_content()


def test_an_invitation_keeps_why_its_mail_was_refused(
    world: World, post: Post, real_mail: None, django_capture_on_commit_callbacks, browse
) -> None:
    mail_server_set(actor=as_actor(world.max), given=given(post))
    post.answer = "554 mailbox on fire"
    with django_capture_on_commit_callbacks(execute=True):
        invitation_create(actor=as_actor(world.max), email="nia@example.org", name="", roles=[])
    assert "mailbox on fire" in Invitation.objects.get().mail_problem
    assert "mailbox on fire" in browse(world.max).get("/o/meridian/settings/invitations/").content.decode()


def test_without_a_server_an_invitation_is_made_all_the_same(
    world: World, real_mail: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = invitation_create(actor=as_actor(world.max), email="nia@example.org", name="", roles=[])
    made.invitation.refresh_from_db()
    assert (made.invitation.mailed_at, made.invitation.mail_problem) == (None, "")


def test_a_new_password_travels_through_a_real_server(world: World, post: Post, real_mail: None) -> None:
    cache.clear()
    mail_server_set(actor=as_actor(world.max), given=given(post))
    client = Client()
    # Nobody is signed in and no organisation is in scope when somebody has forgotten a password.
    with across_orgs(reason="the test itself stands in Meridian; the request stands nowhere"):
        assert client.post("/accounts/password/reset/", {"email": "ben@meridian.example"}).status_code == 302
    assert post.messages[0]["To"] == "ben@meridian.example"
    text = post.messages[0].get_body(("plain",)).get_content()
    path = next(line for line in text.splitlines() if "/key/" in line).strip().removeprefix("http://testserver")
    form = client.get(path)["Location"]
    new = {"password1": "seven tall lighthouses", "password2": "seven tall lighthouses"}
    assert client.post(form, new).status_code == 302
    signed_in = Client().post(
        "/accounts/login/", {"login": "ben@meridian.example", "password": "seven tall lighthouses"}
    )
    assert signed_in.status_code == 302


def test_account_mail_goes_through_a_server_of_its_readers_organisation_only(
    world: World, post: Post, real_mail: None
) -> None:
    cache.clear()
    mail_server_set(actor=as_actor(world.max), given=given(post))
    with across_orgs(reason="the test itself stands in Meridian; the request stands nowhere"):
        answer = Client().post("/accounts/password/reset/", {"email": "sid@otherwhere.example"})
    assert answer.status_code == 302
    assert post.messages == []
    assert django_mail.outbox == []
