"""Signing in with one step and two, being locked out, and ending sessions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.worlds import World
from throughline.access.models import Account

PASSWORD = "a long enough password"
BEN = "ben@meridian.example"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def _sign_in(client: Client, password: str = PASSWORD, email: str = BEN):
    return client.post("/accounts/login/", {"login": email, "password": password})


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def _second_step_on(client: Client) -> str:
    """Turn the second step on through the pages; answers the secret."""
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked.status_code == 302
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml;base64," in page
    secret = client.session["mfa.totp.secret"]
    assert client.post("/accounts/2fa/totp/activate/", {"code": _code(secret)}).status_code == 302
    return secret


def test_the_right_password_leads_in_whatever_the_case_of_the_address(world: World) -> None:
    client = Client()
    answer = _sign_in(client, email="Ben@Meridian.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/o/meridian/"


def test_a_wrong_password_is_422_with_the_address_kept(world: World) -> None:
    answer = _sign_in(Client(), password="wrong")
    assert answer.status_code == 422
    assert f'value="{BEN}"' in answer.content.decode()


def test_a_page_asked_for_is_shown_after_signing_in(world: World) -> None:
    client = Client()
    asked = client.get("/o/meridian/settings/")
    assert asked["Location"] == "/accounts/login/?next=/o/meridian/settings/"
    answer = client.post(asked["Location"], {"login": BEN, "password": PASSWORD})
    assert answer.status_code == 302


def test_nobody_signs_up_by_themselves(world: World) -> None:
    client = Client()
    assert b"People join by invitation" in client.get("/accounts/signup/").content
    given = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", given)
    assert not Account.objects.filter(email="new@example.org").exists()


def test_the_second_step_asks_for_a_code_after_the_password(world: World) -> None:
    secret = None
    owner = Client()
    _sign_in(owner)
    secret = _second_step_on(owner)
    client = Client()
    asked = _sign_in(client)
    assert asked["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/o/meridian/settings/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 422
    cache.clear()
    assert client.post("/accounts/2fa/authenticate/", {"code": _code(secret)}).status_code == 302
    assert client.get("/o/meridian/settings/").status_code == 200


def test_a_recovery_code_works_once(world: World) -> None:
    owner = Client()
    _sign_in(owner)
    _second_step_on(owner)
    codes = owner.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for expected in (302, 422):
        client = Client()
        _sign_in(client)
        cache.clear()
        assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == expected


def test_the_second_step_can_be_turned_off(world: World) -> None:
    owner = Client()
    _sign_in(owner)
    _second_step_on(owner)
    assert b"Turn off the second step" in owner.get("/accounts/2fa/totp/deactivate/").content
    assert owner.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert _sign_in(Client())["Location"] == "/"


def test_a_wrong_code_does_not_turn_the_second_step_on(world: World) -> None:
    client = Client()
    _sign_in(client)
    asked = client.get("/accounts/2fa/totp/activate/")
    client.post(asked["Location"], {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    answer = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert answer.status_code == 422
    assert _sign_in(Client())["Location"] == "/"


def test_changing_the_password_ends_other_sessions(world: World) -> None:
    here, there = Client(), Client()
    _sign_in(here)
    _sign_in(there)
    given = {
        "oldpassword": PASSWORD,
        "password1": "seven tall lighthouses",
        "password2": "seven tall lighthouses",
    }
    wrong = here.post("/accounts/password/change/", {**given, "password2": "other"})
    assert wrong.status_code == 422
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert here.get("/o/meridian/settings/").status_code == 200
    assert there.get("/o/meridian/settings/").status_code == 302


def test_signing_out_everywhere_keeps_only_this_session(world: World) -> None:
    here, there = Client(), Client()
    _sign_in(here)
    _sign_in(there)
    assert here.post("/accounts/sign-out-everywhere/").status_code == 302
    assert here.get("/o/meridian/settings/").status_code == 200
    assert there.get("/o/meridian/settings/").status_code == 302


def test_too_many_wrong_passwords_lock_this_account_and_no_other(world: World, settings) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    answers = [_sign_in(client, password=f"wrong {number}").status_code for number in range(8)]
    assert answers[0] == 422
    locked = _sign_in(client)
    assert locked.status_code == 429
    assert b"Wait a quarter of an hour" in locked.content
    assert client.get("/o/meridian/settings/").status_code == 302
    assert _sign_in(Client(), email="mia@meridian.example").status_code == 302


def test_the_other_case_of_an_address_is_no_way_around_the_lock(world: World, settings) -> None:
    settings.AXES_ENABLED = True
    for number in range(8):
        _sign_in(Client(), password=f"wrong {number}")
    assert _sign_in(Client(), email="BEN@meridian.example").status_code == 429


def test_a_flood_from_one_address_is_slowed_with_a_page_that_says_so(world: World) -> None:
    answers = [_sign_in(Client(), email=f"{number}@example.org") for number in range(310)]
    assert answers[-1].status_code == 429
    assert b"Wait a minute" in answers[-1].content


def test_a_new_password_is_set_by_a_link_in_a_mail(world: World) -> None:
    client = Client()
    assert client.post("/accounts/password/reset/", {"email": "BEN@meridian.example"}).status_code == 302
    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body
    path = next(line for line in mail.outbox[0].body.splitlines() if "/key/" in line).removeprefix("http://testserver")
    form = client.get(path)["Location"]
    bad = client.post(form, {"password1": "short", "password2": "short"})
    assert bad.status_code == 422
    given = {"password1": "seven tall lighthouses", "password2": "seven tall lighthouses"}
    assert client.post(form, given).status_code == 302
    assert _sign_in(Client(), password="seven tall lighthouses").status_code == 302
    assert b"does not work any more" in Client().get(path).content


def test_an_unknown_address_is_answered_the_same_and_gets_no_mail(world: World) -> None:
    known = Client().post("/accounts/password/reset/", {"email": BEN})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[BEN]]


def test_an_account_has_one_address(world: World, browse) -> None:
    client = browse(world.ben)
    assert client.post("/accounts/email/", {"email": "ada@meridian.example", "action_add": ""}).status_code == 404


def test_no_page_of_the_sign_in_has_inline_script_or_style(world: World, browse) -> None:
    pages = [Client().get(path).content.decode() for path in ("/", "/accounts/login/", "/accounts/password/reset/")]
    client = browse(world.ben)
    pages += [client.get(path).content.decode() for path in ("/accounts/2fa/", "/accounts/password/change/")]
    for page in pages:
        assert "style=" not in page
        assert "<script>" not in page
        assert "onclick" not in page
