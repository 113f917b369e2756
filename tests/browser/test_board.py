"""The live board: two people at once, a guest, posts without a name with their receipts, themes, the close."""

from __future__ import annotations

import re

from playwright.sync_api import APIResponse, Route, expect

from tests.browser.story import Story
from tests.browser.story_board import (
    ANSWER,
    CHANGED_VOICE,
    MESSAGE,
    OVES_VOICE,
    RUNAS_VOICE,
    THEME,
    UNNAMED_VOICE,
    at_board,
    card,
    post,
    post_without_name,
    receipt_link,
)

# "Within a second or two", with room for a machine that does something else as well.
SOON_S = 2.0


def test_others_see_a_post_within_two_seconds(spoken: Story) -> None:
    assert max(spoken.waits_s[:2]) < SOON_S


def test_both_post_at_the_same_moment_and_neither_is_lost(spoken: Story) -> None:
    visitors = (at_board(spoken.ove, spoken), at_board(spoken.runa, spoken))
    said = ("Said at the same moment by the driver.", "Said at the same moment by the lead.")
    for visitor, words in zip(visitors, said, strict=True):
        visitor.page.get_by_label("Say it in your words").fill(words)
    for visitor in visitors:
        visitor.page.get_by_role("button", name="Post with my name").click(no_wait_after=True)
    for visitor in visitors:
        for words in said:
            expect(card(visitor, words)).to_be_visible()


def test_reload_keeps_what_was_typed_and_what_was_posted(spoken: Story) -> None:
    ove = at_board(spoken.ove, spoken)
    ove.page.get_by_label("Say it in your words").press_sequentially("Half a thou")
    # Drafts are kept a moment after the last key.
    ove.page.wait_for_function("() => Object.values(localStorage).some(kept => kept.includes('Half a thou'))")
    ove.page.reload()
    expect(ove.page.get_by_label("Say it in your words")).to_have_value("Half a thou")
    expect(card(ove, OVES_VOICE)).to_be_visible()
    # Somebody else's post, which brings the board up to date, leaves what was kept alone.
    post(at_board(spoken.runa, spoken), "Said while he was thinking.")
    expect(card(ove, "Said while he was thinking.")).to_be_visible()
    expect(ove.page.get_by_label("Say it in your words")).to_have_value("Half a thou")
    ove.page.get_by_label("Say it in your words").fill("")


def test_what_is_said_while_a_page_connects_appears_there_too(spoken: Story) -> None:
    held: list[Route] = []
    runa = spoken.runa
    runa.page.route("**/live/**", lambda route: held.append(route))
    at_board(runa, spoken)
    post(at_board(spoken.ove, spoken), "Said while she was connecting.")
    assert held
    for route in held:
        route.continue_()
    expect(card(runa, "Said while she was connecting.")).to_be_visible()
    runa.page.unroute("**/live/**")


def test_what_was_posted_leaves_the_field_empty_for_the_next(spoken: Story) -> None:
    runa = at_board(spoken.runa, spoken)
    post(runa, "Said once, and not twice.")
    expect(runa.page.get_by_label("Say it in your words")).to_have_value("")
    assert runa.page.evaluate("() => Object.values(localStorage).some(kept => kept.includes('Said once'))") is False


def test_an_answer_that_was_overtaken_does_not_put_the_board_back(spoken: Story) -> None:
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    runa, words = at_board(spoken.runa, spoken), "Said first, answered last."
    runa.page.route("**/board/**", hold)
    draft = runa.page.get_by_label("Say it in your words")
    draft.fill(words)
    runa.page.get_by_role("button", name="Post with my name").click(no_wait_after=True)
    post(at_board(spoken.ove, spoken), "Said second, seen first.")
    expect(card(runa, "Said second, seen first.")).to_be_visible()
    assert held
    for route, answer in held:
        route.fulfill(response=answer)
    expect(draft).to_have_value("")
    expect(card(runa, words)).to_be_visible()
    assert card(runa, "Said second, seen first.").is_visible()
    runa.page.unroute("**/board/**")


def test_author_changes_the_own_words(spoken: Story) -> None:
    ove = at_board(spoken.ove, spoken)
    post(ove, "The lamp at gate two is broken.")
    ove.follow("Change", within=card(ove, "The lamp at gate two"))
    ove.fill("Your contribution", "The lamps at gate two are broken.").press("Save")
    expect(card(at_board(spoken.runa, spoken), "The lamps at gate two are broken.")).to_be_visible()


def test_guest_posts_with_a_name(guested: Story, spoken: Story) -> None:
    petra = at_board(spoken.people["petra"], spoken)
    post(petra, "From the ship the gate looks asleep until seven.")
    expect(card(at_board(spoken.ove, spoken), "asleep until seven")).to_contain_text("Petra Vask")


def test_answer_host_sets_no_cookie(spoken: Story) -> None:
    assert spoken.people["unnamed"].page.context.cookies() == []


def test_posting_key_travels_in_the_fragment_and_leaves_the_address_bar(spoken: Story) -> None:
    link = at_board(spoken.ove, spoken).page.get_by_role("link", name="Open the anonymous form").get_attribute("href")
    assert link is not None
    assert link.startswith(f"{spoken.product.answer_url}/b/")
    unnamed = spoken.newcomer().go(link)
    assert "#" not in unnamed.page.url
    expect(unnamed.page.get_by_label(re.compile("^Posting key"))).to_have_value(link.split("#")[1])


def test_receipt_opens_what_was_said_and_changes_it(spoken: Story) -> None:
    unnamed = post_without_name(spoken, UNNAMED_VOICE.replace("crane", "winch"))
    holder = spoken.newcomer()
    holder.page.goto(receipt_link(unnamed))
    holder.sees(re.compile("stop the winch"))
    holder.look().fill("Your contribution", CHANGED_VOICE.replace("crane", "winch")).press("Save")
    holder.sees(re.compile("nobody says so"))


def test_post_without_a_name_shows_none_on_the_board(grouped: Story) -> None:
    expect(card(at_board(grouped.ines, grouped), UNNAMED_VOICE)).to_contain_text("without a name")


def test_others_see_a_theme_within_two_seconds(grouped: Story) -> None:
    assert grouped.waits_s[2] < SOON_S


def test_undo_takes_the_last_move_back(grouped: Story) -> None:
    runa = at_board(grouped.runa, grouped)
    post(runa, "The canteen closes too early.")
    card(runa, "The canteen closes too early.").locator("input[type=checkbox]").check()
    runa.page.locator("#group-to").select_option(label=THEME)
    runa.page.get_by_role("button", name="Move", exact=True).click()
    column = runa.page.get_by_role("region", name=THEME)
    expect(column.locator("li.card", has_text="canteen")).to_be_visible()
    runa.page.get_by_role("button", name="Undo my last move").click()
    expect(column.locator("li.card", has_text="canteen")).to_have_count(0)


def test_theme_page_shows_the_voices_behind_it(grouped: Story) -> None:
    page = grouped.ove.go(f"meetings/themes/{grouped.numbers['theme']}/")
    page.sees(OVES_VOICE)
    page.sees(RUNAS_VOICE)


def test_receipt_shows_the_answer_and_the_message(answered: Story) -> None:
    holder = answered.newcomer()
    holder.page.goto(answered.words["receipt"])
    holder.sees(ANSWER)
    holder.look().sees(MESSAGE)


def test_closed_meeting_shows_its_outcome_and_takes_no_more_posts(closed: Story) -> None:
    closed.ove.go(f"meetings/{closed.numbers['meeting']}/outcome/").sees("The gate is the bottleneck")
    expect(at_board(closed.ove, closed).page.get_by_role("button", name="Post with my name")).to_have_count(0)


def test_receipt_still_opens_after_the_close(closed: Story) -> None:
    holder = closed.newcomer()
    holder.page.goto(closed.words["receipt"])
    holder.sees(UNNAMED_VOICE)
