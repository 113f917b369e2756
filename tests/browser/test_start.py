"""Starting and belonging: an organisation of one's own, mail, invitations, signing in with one step and with two."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

from tests.browser.codes import PERIOD_S, code_at
from tests.browser.mailbox import link_in
from tests.browser.story import INES, ORGANISATION, OVE, PASSWORD, PETRA, RUNA, SLUG, Story, invite
from tests.browser.visitor import sign_in

AKSEL = ("Aksel Nygard", "aksel@harbour.example")
LIV = ("Liv Tangen", "liv@harbour.example")


def test_first_page_leads_to_an_organisation_of_ones_own(founded: Story) -> None:
    ines = founded.ines.go("")
    expect(ines.page.locator(".rail-org")).to_have_text(ORGANISATION)


def test_settings_say_what_makes_it_ready_for_everybody_else(founded: Story) -> None:
    founded.ines.go("settings/").sees("Getting ready")


def test_somebody_signed_out_is_led_to_sign_in_and_back(founded: Story) -> None:
    visitor = founded.newcomer().go("settings/security/")
    visitor.fill("E-mail", INES[1]).fill("Password", PASSWORD).press("Sign in")
    assert visitor.page.url.endswith(f"/o/{SLUG}/settings/security/")


def test_signing_out_closes_the_pages(founded: Story) -> None:
    visitor = sign_in(founded.newcomer(), INES[1], PASSWORD)
    visitor.page.locator("details.person-menu summary").click()
    visitor.press("Sign out")
    visitor.go("goals/")
    assert "/accounts/login/" in visitor.page.url


def test_wrong_password_says_so_and_keeps_the_address_typed(founded: Story) -> None:
    visitor = founded.newcomer().go("/accounts/login/").fill("E-mail", INES[1])
    visitor.fill("Password", "not my password").press("Sign in")
    expect(visitor.page.locator("[data-errors]")).to_be_visible()
    expect(visitor.field("E-mail")).to_have_value(INES[1])


def test_test_mail_from_the_settings_arrives(mailed: Story) -> None:
    assert mailed.mailbox.latest_to(INES[1])["From"].addresses[0].addr_spec == "line@harbour.example"


def test_mail_server_that_does_not_answer_is_named(mailed: Story) -> None:
    ines = mailed.ines.go("settings/mail/").fill("Port", "1").press("Save")
    ines.fill("Send a test mail to", INES[1]).press("Send a test mail")
    expect(ines.page.locator("[data-errors]")).to_contain_text("127.0.0.1")
    ines.fill("Port", str(mailed.mailbox.port)).press("Save")


def test_member_joins_through_the_mailed_link(joined: Story) -> None:
    expect(joined.ove.go("").page.locator(".person-menu summary")).to_contain_text(OVE[0])


def test_invitation_works_once(joined: Story) -> None:
    used = link_in(joined.mailbox.latest_to(OVE[1], subject="nvit", holding="/join/"))
    stranger = joined.newcomer()
    stranger.page.goto(used)
    expect(stranger.page.get_by_role("button", name="Join")).to_have_count(0)


def test_facilitator_has_the_role_of_the_invitation(joined: Story) -> None:
    runa = joined.ines.go("settings/members/").page.locator("#members tbody tr", has_text=RUNA[0])
    expect(runa).to_contain_text("Facilitator")


def test_member_may_not_open_the_settings_of_administrators(joined: Story) -> None:
    assert joined.ove.status_of("settings/mail/") == 403


def test_sign_out_everywhere_ends_other_sessions(joined: Story) -> None:
    elsewhere = sign_in(joined.newcomer(), RUNA[1], PASSWORD)
    joined.runa.go("settings/security/").press("Sign out everywhere else")
    elsewhere.go("goals/")
    assert "/accounts/login/" in elsewhere.page.url


def test_second_step_is_asked_after_it_was_turned_on(joined: Story) -> None:
    liv = invite(joined, *LIV).go("settings/security/").follow("Second step and recovery codes")
    liv.follow("Turn it on")
    if liv.page.get_by_label("Password", exact=True).count():
        liv.fill("Password", PASSWORD).press("Go on")
    secret = liv.page.get_by_label(re.compile("^The secret")).input_value()
    moment = time.time()
    liv.fill("The code it shows", code_at(secret, moment)).press("Turn it on")
    again = sign_in(joined.newcomer(), LIV[1], PASSWORD)
    assert "/2fa/" in again.page.url
    again.fill("Code", code_at(secret, time.time())).press("Sign in")
    if "/2fa/" in again.page.url:
        # A code counts once: the one just used to turn it on is refused, and the next comes within half a minute.
        again.page.wait_for_timeout(1000 * (PERIOD_S - time.time() % PERIOD_S + 0.5))
        again.fill("Code", code_at(secret, time.time())).press("Sign in")
    assert f"/o/{SLUG}/" in again.page.url


def test_forgotten_password_is_set_anew_through_a_mailed_link(joined: Story) -> None:
    invite(joined, *AKSEL)
    visitor = joined.newcomer().go("/accounts/login/").follow("Forgotten your password?")
    visitor.page.get_by_label(re.compile("mail")).fill(AKSEL[1])
    visitor.submit()
    body = joined.mailbox.latest_to(AKSEL[1], subject="assword").get_body(("html", "plain"))
    assert body is not None
    found = re.search(r"https?://[^\s\"'<>]+/password/reset/key/[^\s\"'<>]+", body.get_content())
    assert found is not None
    visitor.go(found.group()).fill("The new password", PASSWORD).fill("The same again", PASSWORD).press("Set it")
    visitor.sees("Sign in")


def test_nobody_sees_another_organisation(joined: Story) -> None:
    ines = joined.ines.go("/start/").fill("Name of the organisation", "Island Ferries")
    ines.fill("Address", "island-ferries").fill("Your name", INES[0]).press("Start")
    assert joined.ove.status_of("/o/island-ferries/people/") == 404


def test_guest_sees_only_what_was_shared(guested: Story) -> None:
    petra = guested.people["petra"].go("")
    petra.sees("What should change on the quays")
    assert petra.status_of("people/") == 403


def test_guest_was_invited_by_mail(guested: Story) -> None:
    assert "What should change on the quays" in str(guested.mailbox.latest_to(PETRA[1])["Subject"])
