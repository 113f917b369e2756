"""The part of the story about purpose: a draft, a suggestion, an adoption by decision, values, a policy, one's own."""

from __future__ import annotations

from tests.browser.story import OVE, RUNA, Story

FIRST_WORDS = "We move goods over the quay so that the islands never run short."
ADOPTED_WORDS = "We move goods and people over the quay so that the islands never run short."
PRIVATE_WORDS = "I want to teach the young drivers before I retire."
PRIVATE_WORD = "retire"


def add_stakeholder(story: Story, *, name: str, represents: str, person: str = "") -> None:
    """Ines names somebody with a stake."""
    ines = story.ines.go("people/stakeholders/").follow("Add a stakeholder")
    ines.fill("Name", name).fill("Represents", represents)
    if person:
        ines.fill("Who stands for it here", person)
    ines.submit()


def draft_purpose(story: Story) -> None:
    """Ines writes a first draft of what the organisation is here for."""
    ines = story.ines.go("purpose/").follow("Write a first draft")
    ines.fill("The purpose", FIRST_WORDS).press("Save as a new version")
    story.numbers["statement"] = ines.number()


def suggest_wording(story: Story) -> None:
    """Ove misses the people in it."""
    ove = story.ove.go("purpose/").follow("Read it and suggest a change")
    ove.fill("What would you change, and why?", "We carry people too, every morning.")
    ove.fill("The wording you would use", ADOPTED_WORDS).press("Suggest it")


def adopt_purpose(story: Story) -> None:
    """Ines takes the suggestion up, proposes the new words, two colleagues agree, and she records the outcome."""
    statement = f"purpose/{story.numbers['statement']}/"
    ines = story.ines.go(f"{statement}edit/")
    ines.fill("The purpose", ADOPTED_WORDS).fill("Why these words", "People cross with us as well as goods.")
    ines.press("Save as a new version")
    ines.page.locator("summary", has_text="Answer").first.click()
    ines.page.get_by_label("Taken up in a version").check()
    ines.press("Save")
    ines.follow("Propose for adoption").fill("Whom to ask", f"{OVE[0]}\n{RUNA[1]}").press("Propose")
    if "/decisions/" not in ines.page.url:
        ines.follow("the decision", exact=False)
    story.numbers["purpose_proposal"] = ines.number()
    for voter in (story.ove, story.runa):
        voter.go(f"decisions/{story.numbers['purpose_proposal']}/").tick("I agree").press("Record my position")
    ines.go(f"decisions/{story.numbers['purpose_proposal']}/").follow("Record the outcome")
    ines.tick("Adopted").fill("Reason", "Nobody objects, and the words fit what we do.").press("Record it")


def define_value(story: Story) -> None:
    """A value with behaviours, and a policy that puts it into practice."""
    ines = story.ines.go("purpose/values/new/").fill("Value", "Nobody lifts alone")
    ines.fill("What we mean by it", "Help is asked for and given before something is dropped.")
    ines.fill("Behaviours that show it", "Asks for a second pair of hands")
    ines.fill("Behaviours that contradict it", "Carries on alone to look strong").press("Save")
    ines.go("purpose/policies/new/").fill("Policy", "Two at every lift")
    ines.fill("Its words", "A load above thirty kilograms is lifted by two.").tick("Nobody lifts alone").press("Save")


def write_own_purpose(story: Story) -> None:
    """Ove writes what he himself is here for."""
    story.ove.go("purpose/mine/").fill("What I am here for", PRIVATE_WORDS).press("Save")
