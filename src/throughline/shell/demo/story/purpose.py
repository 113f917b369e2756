"""What Meridian Health IT is for: statements with their earlier versions, values, policies, endorsements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryVersion:
    """One version of a statement, with why it was changed. `days_ago` is the day of its adoption."""

    text: str
    reason: str
    days_ago: int


ORGANISATION_VERSIONS: tuple[StoryVersion, ...] = (
    StoryVersion(
        "We run the information technology of the Meridian hospitals.",
        "Five hospital departments became one organisation; this says what we took over.",
        880,
    ),
    StoryVersion(
        "We give the Meridian hospitals information technology that is reliable, safe and affordable.",
        "“We run” said what we do and not how well. The hospitals asked what they may expect of us.",
        505,
    ),
    StoryVersion(
        "We take care of the systems people rely on when they need care, so that nobody waits, repeats their story "
        "or "
        "comes to harm because of us.",
        "Nurses and night colleagues told us that reliable and affordable describe a product. What keeps them going "
        "is "
        "the person in the bed. This version names that person, and three things that must not happen.",
        118,
    ),
)
# The next review of the organisation's purpose, counted from today.
REVIEW_IN_DAYS = 24


@dataclass(frozen=True, slots=True)
class StoryValue:
    """A value and what it looks like in behaviour."""

    key: str
    title: str
    text: str
    behaviours: tuple[str, ...]
    contradicts: tuple[str, ...] = ()


VALUES: tuple[StoryValue, ...] = (
    StoryValue("care", "Care comes first", "When a choice is hard, we ask what it does at the bedside.", (
        "We visit a ward before we change a system it uses.",
        "We stop a change when somebody treating a patient asks us to.",
        "We measure waiting in minutes of people, not in tickets.",
    ), ("We explain to a nurse why her way of working is wrong for our system.",)),
    StoryValue("early", "Say it early", "Bad news helps only while something can still be done.", (
        "We report at-risk goals in the week we see it.",
        "We thank people for an objection before we answer it.",
        "We publish the review of every serious incident within ten days.",
    ), ("We call a goal on track because half of the time is left.",)),
    StoryValue("safer", "Leave it safer", "Whatever we touch is a little safer afterwards.", (
        "We remove access on the day it is no longer needed.",
        "We rehearse what we hope never to need.",
    )),
    StoryValue("together", "Nobody works alone at night", "A person on nights has a second pair of eyes and a phone "
        "that is answered.", (
        "We hand over in writing and in person.",
        "We answer a call from nights within five minutes, whoever we are.",
    ), ("We count somebody asleep at home as the second person.",)),
    StoryValue("plain", "Plain words", "A nurse, a controller and an engineer understand the same sentence.", (
        "We write messages that say what happened and what to do.",
        "We explain a number next to the number.",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoryPolicy:
    """A policy and the values that back it; none for one of them, which the page points out."""

    key: str
    title: str
    text: str
    values: tuple[str, ...]


POLICIES: tuple[StoryPolicy, ...] = (
    StoryPolicy("rounds", "No changes to clinical systems during ward rounds",
        "Changes to systems used at the bedside happen between 11:00 and 15:30 or at night with the ward's "
            "agreement.", ("care",)),
    StoryPolicy("blameless", "Every serious incident gets a review without blame",
        "The review asks how it could happen, never who. It is published to everybody within ten days.", ("early",
            "plain")),
    StoryPolicy("access", "Access follows the role and ends with it",
        "People get the access of their role on the first day and lose it on the last, without anybody having to "
            "ask.", ("safer",)),
    StoryPolicy("pairs", "Two people on every night shift",
        "No night is staffed by one person, at any site. Exceptions are reported to the director of operations.", (
            "together", "care")),
    StoryPolicy("laptops", "Laptops are replaced every four years",
        "Devices are replaced on a fixed date, whether they still serve or not.", ()),
)  # fmt: skip

# Unit's key and the text of its purpose.
UNIT_PURPOSES: tuple[tuple[str, str], ...] = (
    ("engineering", "We build and change systems so that the people who depend on them hardly notice that anything "
        "changed."),
    ("platform", "We keep the ground steady under every clinical system, so that teams can change things by day and "
        "everybody can sleep at night."),
    ("integration", "We see to it that what is written down once arrives everywhere it is needed, whole and on "
        "time."),
    ("portal", "We give patients their own record in words they understand, and a way to answer."),
    ("data", "We make numbers that somebody can act on, and say what they cannot tell."),
    ("clinical", "We stand between the ward and the machine, on the side of the ward."),
    ("records", "We keep one story per patient, so that nobody has to tell it twice."),
    ("radiology", "We bring the image to the eye that reads it, within seconds, at any hour."),
    ("operations", "We are there when it breaks, and we work on it breaking less."),
    ("night", "We keep watch while others sleep, never alone, and hand over so that the morning starts informed."),
    ("desk", "We answer the person first and the problem second."),
    ("security", "We protect patients' data without standing in the way of those who treat them."),
    ("corporate", "We keep the hospitals paid, staffed and supplied, and give people back the time that forms take."),
)  # fmt: skip

# Person's key, text, whether it is shared.
PERSONAL_PURPOSES: tuple[tuple[str, str, bool], ...] = (
    ("amara", "I want to leave an organisation that tells the truth about itself without being asked.", True),
    ("mira", "I make it safe for people to say that something is about to break.", True),
    ("grace", "I am the voice at three in the morning that stays calm, so that somebody else can do their work.",
        True),
    ("noor", "I help quiet people be heard by busy ones.", True),
    ("margit", "I still work for the woman in bed twelve.", True),
    ("tomasz", "I want my children to be treated in a hospital whose systems I would trust with them.", False),
    ("chioma", "I design for the person with the least energy to spare.", True),
    ("desmond", "I want every one of my people to reach retirement with their health.", False),
)  # fmt: skip

# Who stands behind the purpose in force, in the order in which they said so.
ENDORSEMENTS: tuple[str, ...] = (
    "amara", "margit", "mira", "grace", "joana", "tobias", "viktor", "sanna", "desmond", "priya", "kwame", "thandi",
    "paulo", "lucas", "shanti", "ingrid", "renske", "noor", "elena", "farah", "rui", "anneli", "okke",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StorySuggestion:
    """Somebody's suggestion for the purpose. `fate` is taken_up, answered, not_taken_up or "" while it waits."""

    person: str
    text: str
    wording: str
    fate: str
    reason: str
    days_ago: int


SUGGESTIONS: tuple[StorySuggestion, ...] = (
    StorySuggestion("lucas", "Say “people” instead of “patients”: employees of the hospitals wait for us too.",
        "so that nobody waits", "taken_up", "", 131),
    StorySuggestion("wanjiru", "Keep the word “affordable”. The hospitals pay for everything we do.", "",
        "not_taken_up",
        "Money limits what we do, it is not why we do it. Affordability stands in the budget rules instead, and the "
            "finance "
        "directors agreed to that.", 130),
    StorySuggestion("stefan", "Say that harm includes data in the wrong hands.", "", "answered",
        "It does, and it is written beside the value “Leave it safer” so that nobody has to guess. The purpose stays "
            "short.", 96),
    StorySuggestion("anneli", "Mention the families. They are the ones who call us when the portal does not open.",
        "", "", "", 16),
)  # fmt: skip

# The objection to the purpose in force that was not integrated and stays on record.
STANDING_OBJECTION = (
    "wanjiru",
    "The hospitals gave up other things to pay for us. A purpose that does not mention cost will be read as if cost "
    "did not matter.",
    "We weighed it with the finance directors: what we may cost is decided every year, why we are here is not. The "
    "objection "
    "stays beside the purpose, so that whoever reviews it reads it first.",
)
