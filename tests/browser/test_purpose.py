"""Purpose: drafted, suggested to, adopted by decision; values and policies; one's own, which stays private."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.story import Story
from tests.browser.story_purpose import ADOPTED_WORDS, FIRST_WORDS, PRIVATE_WORD, PRIVATE_WORDS, write_own_purpose


def test_adopted_words_stand_on_the_purpose_page(adopted: Story) -> None:
    adopted.ove.go("purpose/").sees(ADOPTED_WORDS)


def test_history_shows_what_changed_between_versions(adopted: Story) -> None:
    page = adopted.ove.go(f"purpose/{adopted.numbers['statement']}/").page
    expect(page.locator("#version-2 ins", has_text="and people")).to_be_visible()
    expect(page.locator("#version-1")).to_contain_text(FIRST_WORDS)


def test_suggestion_shows_that_it_was_taken_up(adopted: Story) -> None:
    page = adopted.ove.go(f"purpose/{adopted.numbers['statement']}/").page
    expect(page.get_by_role("article", name="Suggestion of Ove Brandal")).to_contain_text("version 2", ignore_case=True)


def test_log_finds_the_decision_by_its_words(adopted: Story) -> None:
    adopted.ove.go("decisions/?q=islands").sees(f"Adopt: {ADOPTED_WORDS}")


def test_decision_says_who_recorded_it_and_why(adopted: Story) -> None:
    page = adopted.ove.go(f"decisions/{adopted.numbers['purpose_proposal']}/")
    page.sees("recorded by Ines Halvorsen")
    page.sees("Nobody objects, and the words fit what we do.")


def test_member_stands_behind_the_purpose(adopted: Story) -> None:
    adopted.ove.go(f"purpose/{adopted.numbers['statement']}/").press("I stand behind this")
    adopted.ove.sees("I no longer stand behind this")


def test_value_shows_its_behaviours_and_the_policy_that_follows_it(valued: Story) -> None:
    page = valued.ove.go("purpose/values/").follow("Nobody lifts alone")
    page.sees("Asks for a second pair of hands")
    page.sees("Two at every lift")


def test_own_purpose_is_hidden_from_the_administrator(adopted: Story) -> None:
    write_own_purpose(adopted)
    adopted.ove.go("purpose/").sees(PRIVATE_WORDS)
    ines = adopted.ines.go(f"search/?q={PRIVATE_WORD}")
    expect(ines.page.locator("main")).to_contain_text("Nothing found")


def test_own_purpose_cannot_be_opened_by_its_address(adopted: Story) -> None:
    write_own_purpose(adopted)
    latest = adopted.numbers["statement"] + 1
    assert adopted.ove.status_of(f"purpose/{latest}/") == 200
    assert adopted.ines.status_of(f"purpose/{latest}/") == 404
