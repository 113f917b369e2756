"""From a theme to a signed goal that changes, is checked in, and shows everybody where it came from."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.story import Story
from tests.browser.story_board import OVES_VOICE, RUNAS_VOICE, THEME
from tests.browser.story_goals import COMMENT, GOAL, KEY_RESULT, OBJECTION, PARENT, goal_page
from tests.browser.story_purpose import ADOPTED_WORDS


def test_goal_made_of_a_theme_names_it_and_the_purpose(goal_written: Story) -> None:
    line = goal_page(goal_written, goal_written.ove).page.locator("aside")
    expect(line).to_contain_text(THEME)
    expect(line).to_contain_text(ADOPTED_WORDS)


def test_candidate_cannot_be_checked_in(goal_written: Story) -> None:
    expect(goal_page(goal_written, goal_written.ove).page.get_by_role("link", name="Check in")).to_have_count(0)


def test_whoever_proposes_sees_first_who_will_be_asked(goal_written: Story) -> None:
    page = goal_page(goal_written, goal_written.ove).follow("Propose")
    page.sees("Ove Brandal")
    page.sees("Runa Skogstad")


def test_open_objection_keeps_the_goal_from_being_signed(objected: Story) -> None:
    assert "1 objection is open." in objected.words["objection"]
    assert OBJECTION in objected.words["objection"]


def test_signature_stands_under_one_exact_text(objected: Story) -> None:
    assert re.search(r"SHA-256 [0-9a-f]{16}", objected.words["objection"])


def test_goal_is_signed_once_the_objection_is_integrated_and_everybody_agrees(signed: Story) -> None:
    goal_page(signed, signed.ines).sees(re.compile(r"Signed by everyone asked \(2\)"))


def test_objection_stays_readable_with_its_answer(signed: Story) -> None:
    page = signed.ines.go(f"decisions/{signed.numbers['proposal']}/")
    page.sees("Lorries that are weighed by hand are not counted.")


def test_check_in_moves_the_number(checked_in: Story) -> None:
    expect(goal_page(checked_in, checked_in.ines).page.get_by_role("list", name="Key results")).to_contain_text("42")


def test_explanation_adds_up(checked_in: Story) -> None:
    page = checked_in.ines.go(f"goals/{checked_in.numbers['goal']}/explain/").page
    total = float(page.locator("h1").inner_text().split()[0])
    points = page.locator("main table tbody tr td:last-child").all_inner_texts()
    assert total == 40
    assert abs(sum(float(text) for text in points) - total) < 0.1


def test_comment_that_means_somebody_reaches_the_inbox(checked_in: Story) -> None:
    goal_page(checked_in, checked_in.ove).sees(re.compile(re.escape(COMMENT)))
    expect(checked_in.ines.go("inbox/").page.locator("#inbox")).to_contain_text("Runa Skogstad", timeout=30_000)


def test_preview_of_a_change_says_who_is_asked_again_and_who_is_not(changed: Story) -> None:
    asked, carried = changed.words["asked_again"].split("Whose signature carries over")
    assert "owner of the goal above" in asked
    assert "Runa Skogstad" in carried


def test_carried_over_signature_names_both_versions(changed: Story) -> None:
    assert re.search(r"signed version \d+; version \d+ did not change what", changed.words["signatures"])


def test_both_ends_of_a_new_alignment_are_asked(changed: Story) -> None:
    assert re.search(r"Ines Halvorsen\s+Asked", changed.words["signatures"])


def test_changed_goal_counts_again_when_both_ends_signed(signed_again: Story) -> None:
    goal_page(signed_again, signed_again.ines).sees(re.compile(r"Signed by everyone asked \(3\)"))


def test_trace_leads_from_voices_to_the_check_in(signed_again: Story) -> None:
    page = signed_again.ove.go(f"trace/goals.goal/{signed_again.numbers['goal']}/").page
    for words in (OVES_VOICE, RUNAS_VOICE, THEME, GOAL, PARENT):
        expect(page.locator("main")).to_contain_text(words)
    line = page.locator("main aside")
    for kind in ("Signed by", "Check-in"):
        expect(line).to_contain_text(kind)


def test_voice_shows_that_it_shaped_the_goal(signed_again: Story) -> None:
    heard = signed_again.ove.go("meetings/heard/")
    heard.sees(OVES_VOICE)
    expect(heard.page.locator("ul.voices")).to_contain_text(GOAL)


def test_contributors_home_says_that_the_input_counted(signed_again: Story) -> None:
    signed_again.ove.go("").sees("Your input counted")


def test_contributors_inbox_says_that_the_input_counted(signed_again: Story) -> None:
    expect(signed_again.ove.go("inbox/").page.locator("#inbox")).to_contain_text(
        f"Your input counted: “{OVES_VOICE}” shaped “{GOAL}”"
    )


def test_home_shows_the_line_from_the_purpose_to_the_goal(signed_again: Story) -> None:
    page = signed_again.ove.go("")
    page.sees(ADOPTED_WORDS)
    page.sees(GOAL)


def test_search_finds_the_goal_by_the_beginnings_of_its_words(signed_again: Story) -> None:
    signed_again.runa.go("search/?q=lorr+quart").sees(GOAL)


def test_key_result_has_a_page_with_its_check_ins(signed_again: Story) -> None:
    goal_page(signed_again, signed_again.runa).follow(KEY_RESULT).sees(re.compile("Booking by the hour has begun"))
