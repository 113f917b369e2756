"""The main flows in a browser that runs no script: sign in, post, group, check in, sign."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.story import OVE, PASSWORD, RUNA, Story
from tests.browser.story_goals import KEY_RESULT, goal_page
from tests.browser.visitor import Visitor, arrive, sign_in


def _plain(story: Story, email: str) -> Visitor:
    return sign_in(arrive(story.browser, story.product.url, story.findings, java_script_enabled=False), email, PASSWORD)


def test_somebody_signs_in(joined: Story) -> None:
    assert _plain(joined, OVE[1]).heading == "Your line"


def test_somebody_posts_and_groups(joined: Story, imported: Story) -> None:
    runa = _plain(joined, RUNA[1]).go("meetings/new/retrospective/").fill("Title", "Without a script").press("Plan it")
    meeting = runa.number()
    runa.press("Open the board").go(f"meetings/{meeting}/board/")
    runa.fill("Say it in your words", "Paper forms still work.").press("Post with my name")
    if runa.page.get_by_role("button", name="Begin grouping").count():
        runa.press("Begin grouping")
    runa.page.locator("li.card", has_text="Paper forms").locator("input[type=checkbox]").check()
    runa.fill("New theme", "What works").press("Create")
    expect(runa.page.get_by_role("region", name="What works")).to_contain_text("Paper forms still work.")


def test_somebody_checks_in(signed_again: Story) -> None:
    ove = goal_page(signed_again, _plain(signed_again, OVE[1])).follow(KEY_RESULT).follow("Check in")
    ove.page.locator("input[name=value]").fill("38")
    ove.tick("On track").press("Check in")
    assert ove.heading == "Checked in"


def test_somebody_signs(signed_again: Story) -> None:
    ove = goal_page(signed_again, _plain(signed_again, OVE[1])).follow("Initiatives", exact=False)
    ove.fill("What will be done", "Paint the waiting lines").submit()
    expect(ove.page.locator("main")).to_contain_text(re.compile("asked again", re.IGNORECASE))
    ove.press("Save and ask them")
    for who in (ove, _plain(signed_again, RUNA[1])):
        goal_page(signed_again, who).follow("Read and sign").tick("I agree").press("Record my position")
    goal_page(signed_again, ove).sees(re.compile("Signed by everyone asked"))
