"""The part of the story on a board: planned from a format, two people at once, anonymous posts, themes, the close."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.browser.story import OVE, PETRA, Story, join
from tests.browser.visitor import PATIENCE_MS, Visitor

OVES_VOICE = "Lorries wait an hour at the gate while the crane stands still."
RUNAS_VOICE = "Drivers get their berth by telephone, and it changes twice."
UNNAMED_VOICE = "We are afraid to stop the crane when something looks wrong."
CHANGED_VOICE = "We are afraid to stop the crane when something looks wrong, and nobody says so."
THEME = "Waiting at the gate"
ANSWER = "From Monday the crane stops whenever somebody raises a hand."
MESSAGE = "Thank you for saying it."


def plan_meeting(story: Story) -> None:
    """Runa plans a goal workshop of the quays, invites Ines and a guest, and opens the board."""
    runa = story.runa.go("meetings/").follow("Plan a meeting").follow("Goal workshop")
    runa.fill("Title", "What should change on the quays")
    runa.field("Whose meeting").select_option(label=_option(runa.page, "Whose meeting", "Quays"))
    runa.tick("Also take contributions without a name").press("Plan it")
    story.numbers["meeting"] = runa.number()
    runa.fill("People", f"Ines Halvorsen\n{OVE[1]}").press("Invite")
    runa.fill("Name", PETRA[0]).fill("E-mail address", PETRA[1]).press("Invite the guest")
    runa.press("Open the board")


def _option(page: Page, label: str, ending: str) -> str:
    options = page.get_by_label(re.compile("^" + label)).first.locator("option").all_inner_texts()
    return next(words for words in options if words.strip().endswith(ending))


def guest_joins(story: Story) -> None:
    """The guest opens the link of the mail, in a browser of her own."""
    story.people["petra"] = join(story, *PETRA)


def at_board(visitor: Visitor, story: Story) -> Visitor:
    """Open the board."""
    return visitor.go(f"meetings/{story.numbers['meeting']}/board/")


def post(visitor: Visitor, words: str) -> None:
    """Post with one's name, staying on the page."""
    visitor.page.get_by_label("Say it in your words").fill(words)
    visitor.page.get_by_role("button", name="Post with my name").click()
    expect(card(visitor, words)).to_be_visible(timeout=PATIENCE_MS)


def card(visitor: Visitor, words: str) -> Locator:
    """The card with these words."""
    return visitor.page.locator("li.card", has_text=words)


def post_without_name(story: Story, words: str) -> Visitor:
    """Somebody opens the board's link to the answer host in a browser that is signed in nowhere, and posts."""
    at_board(story.ove, story)
    link = story.ove.page.get_by_role("link", name="Open the anonymous form").get_attribute("href")
    assert link is not None
    unnamed = story.newcomer()
    unnamed.go(link).fill("Your contribution", words).press("Post without a name")
    return unnamed


def group(visitor: Visitor, words: list[str], title: str) -> None:
    """Choose cards and begin a theme with them."""
    for said in words:
        visitor.page.locator("li.card", has_text=said).locator("input[type=checkbox]").check()
    visitor.page.get_by_label("New theme").fill(title)
    visitor.page.get_by_role("button", name="Create", exact=True).click()
    expect(visitor.page.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE_MS)


def begin_grouping(story: Story) -> None:
    """Runa ends the posting-only part."""
    at_board(story.runa, story).page.get_by_role("button", name="Begin grouping").click()
    expect(story.runa.page.get_by_role("button", name="Open for posts only")).to_be_visible(timeout=PATIENCE_MS)


def everybody_speaks(story: Story) -> None:
    """Ove and Runa are at the board at once; how long each waits for the other's words is kept. One posts unnamed."""
    at_board(story.ove, story)
    at_board(story.runa, story)
    for speaker, listener, words in (
        (story.ove, story.runa, OVES_VOICE),
        (story.runa, story.ove, RUNAS_VOICE),
    ):
        post(speaker, words)
        began = time.monotonic()
        expect(card(listener, words)).to_be_visible(timeout=PATIENCE_MS)
        story.waits_s.append(time.monotonic() - began)
    story.people["unnamed"] = post_without_name(story, UNNAMED_VOICE)
    story.words["receipt"] = receipt_link(story.people["unnamed"])


def receipt_link(unnamed: Visitor) -> str:
    """The link to the receipt that is shown once."""
    return unnamed.page.get_by_role("textbox", name="Link to your receipt").input_value()


def group_voices(story: Story) -> None:
    """Runa makes a theme of the two named voices while Ove watches."""
    at_board(story.ove, story)
    group(at_board(story.runa, story), [OVES_VOICE, RUNAS_VOICE], THEME)
    began = time.monotonic()
    expect(story.ove.page.get_by_role("heading", name=THEME)).to_be_visible(timeout=PATIENCE_MS)
    story.waits_s.append(time.monotonic() - began)
    story.runa.follow(THEME)
    story.numbers["theme"] = story.runa.number()


def open_voice(visitor: Visitor, story: Story, words: str) -> Visitor:
    """Go from the board to what one card became."""
    at_board(visitor, story)
    return visitor.follow("without a name", within=card(visitor, words))


def answer_unnamed(story: Story) -> None:
    """Runa answers the voice without a name, and leaves a message at its receipt."""
    runa = open_voice(story.runa, story, UNNAMED_VOICE)
    runa.page.get_by_label("Answered", exact=True).check()
    runa.fill("Your answer, or why it is not taken up", ANSWER).press("Give this answer")
    runa.fill("Message to whoever wrote this", MESSAGE).press("Leave the message")


def close_meeting(story: Story) -> None:
    """Runa closes with an outcome."""
    runa = at_board(story.runa, story).follow("Close with an outcome")
    runa.fill("What the meeting came to", "The gate is the bottleneck; it becomes a goal. The rest is answered.")
    runa.press("Close the meeting")
