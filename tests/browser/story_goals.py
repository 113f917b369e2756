"""The part of the story about a goal: out of a theme, proposed, objected to, signed, changed, checked in, commented."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.browser.story import INES, OVE, RUNA, Story
from tests.browser.story_board import THEME
from tests.browser.story_purpose import add_stakeholder
from tests.browser.visitor import Visitor

CYCLE = "The next half year"
GOAL = "No lorry waits longer than a quarter of an hour at the gate"
KEY_RESULT = "Waiting time at the gate"
OBJECTION = "A quarter of an hour is not safe while we weigh by hand."
PARENT = "No ship waits for cargo that is ashore"
COMMENT = "The new scales arrive on Thursday."


def goal_page(story: Story, who: Visitor) -> Visitor:
    """Open the goal of the story."""
    return who.go(f"goals/{story.numbers['goal']}/")


def plan_cycle(story: Story) -> None:
    """Ines plans a cycle that has begun, and starts it."""
    ines = story.ines.go("goals/").follow("Cycles").follow("Plan a cycle").fill("Name", CYCLE)
    first = datetime.now(UTC).date() - timedelta(days=20)
    ines.fill("First day", first.isoformat()).fill("Last day", (first + timedelta(days=180)).isoformat())
    ines.press("Save")


def name_drivers(story: Story) -> None:
    """The lorry drivers have a stake, and Runa stands for them."""
    add_stakeholder(story, name="The lorry drivers", represents="Time at the gate", person=RUNA[0])


def make_goal_of_theme(story: Story) -> None:
    """Runa goes on from the theme to a goal that Ove owns."""
    runa = story.runa.go(f"meetings/themes/{story.numbers['theme']}/").follow("Make a goal of it")
    runa.sees(THEME)
    runa.fill("What will be true when it is reached", GOAL).choose("Whose goal is it", "a unit’s")
    _choose_starting(runa, "Unit", "Quays")
    _choose_starting(runa, "Owner", OVE[0])
    _choose_starting(runa, "Which purpose or value does it serve", "We move goods and people", anywhere=True)
    _choose_starting(runa, "Cycle", CYCLE)
    runa.press("Write it down")
    story.numbers["goal"] = runa.number()


def _choose_starting(visitor: Visitor, label: str, words: str, *, anywhere: bool = False) -> None:
    control = visitor.field(label)
    options = control.locator("option").all_inner_texts()
    wanted = next(option for option in options if (words in option if anywhere else option.strip().startswith(words)))
    control.select_option(label=wanted)


def add_key_result(story: Story) -> None:
    """Ove says how one will know."""
    ove = goal_page(story, story.ove).menu("Change", "Add a key result").follow("Decrease to a number")
    ove.fill("What is measured", KEY_RESULT).fill("From", "60").fill("To", "15").fill("Unit", "minutes")
    ove.press("Add it")


def add_signer(story: Story) -> None:
    """Ines, as a stakeholder of the register, must sign too."""
    ove = goal_page(story, story.ove).menu("Change", "Choose who must sign")
    ove.tick("The lorry drivers").press("Save")


def propose_goal(story: Story) -> None:
    """Ove asks for the signatures."""
    goal_page(story, story.ove).follow("Propose").fill("A word to those who are asked", "Read it twice.")
    story.ove.press("Ask them to sign")


def take_position(visitor: Visitor, story: Story, stance: str, reason: str = "") -> Visitor:
    """Read the exact text and take a position on it."""
    goal_page(story, visitor).follow("Read and sign").tick(stance)
    if reason:
        visitor.fill("Reason", reason)
    return visitor.press("Record my position")


def everybody_signs(story: Story) -> None:
    """Ove signs; Runa objects first, is answered, and signs."""
    take_position(story.ove, story, "I agree")
    take_position(story.runa, story, "I object", OBJECTION)
    story.words["objection"] = story.runa.page.locator("main").inner_text()
    story.numbers["proposal"] = story.runa.number()


def answer_objection(story: Story) -> None:
    """Ove, who proposed it, says how it was integrated; Runa agrees."""
    ove = story.ove.go(f"decisions/{story.numbers['proposal']}/")
    ove.fill("Your answer", "Lorries that are weighed by hand are not counted.").press("It is integrated")
    take_position(story.runa, story, "I agree")


def check_in(story: Story) -> None:
    """Ove says where the number stands."""
    ove = goal_page(story, story.ove).follow(KEY_RESULT).follow("Check in")
    ove.field("Value now").or_(ove.page.locator("input[name=value]")).first.fill("42")
    ove.fill("Chance of reaching the target, in percent", "70").tick("On track")
    ove.fill("What happened, what comes next", "Booking by the hour has begun.").press("Check in")


def comment_on_goal(story: Story) -> None:
    """Runa comments and means Ines."""
    runa = goal_page(story, story.runa)
    runa.fill("Your comment", f"@{INES[0]} {COMMENT}")
    runa.page.get_by_role("button", name="Comment", exact=True).click()
    runa.sees(re.compile(re.escape(COMMENT)))


def align_to_new_parent(story: Story) -> None:
    """Ines writes down a goal above; Ove aligns his goal to it and sees first who would be asked again."""
    ines = story.ines.go("goals/new/").fill("What will be true when it is reached", PARENT)
    ines.choose("Whose goal is it", "the whole organisation’s")
    _choose_starting(ines, "Owner", INES[0])
    _choose_starting(ines, "Cycle", CYCLE)
    ines.press("Write it down")
    story.numbers["parent"] = ines.number()
    ove = goal_page(story, story.ove).menu("Change", "Align to a goal above")
    _choose_starting(ove, "The goal above", PARENT, anywhere=True)
    ove.fill("Why", "Lorries that wait keep ships waiting.")
    ove.submit()
    story.words["asked_again"] = ove.page.locator("main").inner_text()


def save_alignment(story: Story) -> None:
    """The previewed change is saved; whoever it concerns is asked again."""
    story.ove.press("Save and ask them")
    story.words["signatures"] = goal_page(story, story.ove).page.locator("aside").inner_text()


def sign_again(story: Story) -> None:
    """Both ends of the alignment sign the new version."""
    take_position(story.ove, story, "I agree")
    take_position(story.ines, story, "I agree")
