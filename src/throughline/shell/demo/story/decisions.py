"""Free-standing decisions: what was decided, how, why, and what was rejected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryObjection:
    """An objection with what became of it: open, integrated, withdrawn or standing."""

    person: str
    reason: str
    state: str = "open"
    answer: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class StoryDecision:
    """A proposal of its own. `asked` are keys; those in `silent` have not spoken yet. `outcome` "" while it is open."""

    key: str
    title: str
    text: str
    by: str
    asked: tuple[str, ...]
    serves: str
    opened_days: int
    outcome: str = ""
    reason: str = ""
    decided_days: int = 0
    rejected: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()
    reservations: tuple[tuple[str, str], ...] = ()
    objections: tuple[StoryObjection, ...] = ()
    abstains: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    prompted: tuple[str, ...] = ()
    closes_in_days: int | None = None


DECISIONS: tuple[StoryDecision, ...] = (
    StoryDecision("confidence", "Confidence is reported as a chance",
        "Every check-in states the chance of reaching the target in percent. A chance that falls is thanked for in "
            "the next leadership meeting, by name "
        "and before any question is asked.", "amara", ("tobias", "margit", "joana", "viktor", "lucas", "renske"),
            "value:early", -67,
        outcome="adopted", decided_days=-65, prompted=("late-news",),
        reason="Colours hid what people knew. A chance can be compared afterwards with what happened, and a falling "
            "one is still early.",
        rejected=(("Keep green, yellow and red", "Five of seven goals that missed were green in the last check-in "
            "but one."),
                  ("Ask for a written report when a goal is at risk", "It would punish those who say it first.")),
        reservations=(("lucas", "Some of my people have never given a chance for anything. We need an hour of "
            "practice."),)),
    StoryDecision("rota", "On-call does not count as the second person at night",
        "A night is staffed when two people are awake for all of it, on site or on video. Somebody on call at home "
            "is not counted.", "joana",
        ("desmond", "amara", "renske", "hanneke", "mira"), "value:together", -70, outcome="adopted", decided_days=-
            66, prompted=("alone",),
        reason="Five nights alone that nobody was told about. Three positions are approved for it.",
        rejected=(("Pay a supplement for nights alone", "It would buy the risk instead of ending it."),
                  ("Close the desk in Halifax and let Pune take every night", "People in Pune would then work nights "
                      "for Europe as well; it moves the problem.")),
        objections=(StoryObjection("hanneke", "Security Operations has nine people. We cannot put two in every night "
            "without leaving Sundays empty.", "integrated",
                    "Security Operations shares its second person with Night Operations in Halifax; the text says "
                        "“on site or on video” for that reason."),)),
    StoryDecision("vendor", "One supplier for badge readers in all five hospitals",
        "Badge readers for carts and computers come from one supplier in all five hospitals, for four years.",
            "leila",
        ("ines", "viktor", "stefan", "margit", "wanjiru"), "value:care", -52, outcome="adopted", decided_days=-44,
        reason="A nurse who changes hospitals taps the same way. The price is higher by a tenth, and the spare parts "
            "are the same everywhere.",
        rejected=(("Each hospital chooses its own", "Three of five badges would not work elsewhere."), ("Phones "
            "instead of badges", "Phones are not allowed in isolation rooms.")),
        objections=(StoryObjection("wanjiru", "A tenth more over four years is a nurse's yearly salary. I do not "
            "think the convenience is worth it.", "standing",
                    "We see the sum and weigh it differently: 46 wards, 50 taps a shift. The objection stays on "
                        "record and we look at the real cost after a year."),)),
    StoryDecision("cloudletters", "Letters to practices go through the regional exchange, not by our own",
        "Discharge letters are sent through the regional exchange. Our own gateway is switched off when ninety "
            "percent of practices receive them there.", "kwame",
        ("ravi", "farah", "tobias", "margit"), "statement", -33, outcome="rejected", decided_days=-26,
        reason="Only four in ten practices are connected, and the exchange has no promise for nights. We look at it "
            "again in a year.",
        options=("Our own gateway, improved", "Both, side by side"),
        objections=(StoryObjection("farah", "A letter with medication that waits until Monday is a letter that "
            "harms.", "integrated",
                    "This is the main reason for the rejection."),)),
    StoryDecision("wednesday", "The approval meeting on Wednesdays ends",
        "The weekly approval meeting ends on the last Wednesday of this month. A change that passed the test ward "
            "and can be taken back within five minutes "
        "needs nobody's approval. All others are approved by the owner of the system, in writing.", "tobias",
        ("mira", "beatriz", "nadia", "kwame", "ravi", "elena", "viktor", "joana"), "value:care", -8,
        options=("Keep the meeting, every two weeks", "Keep it for clinical systems only"),
        reservations=(("elena", "For images please let me see the list beforehand, at least until the summer."),),
        objections=(StoryObjection("viktor", "A change to access rules can be taken back in five minutes and still "
            "do harm within one. Exclude those.", "open",
                    quote="A change that passed the test ward and can be taken back within five minutes needs "
                        "nobody's approval."),),
        silent=("mira", "joana"), closes_in_days=6),
    StoryDecision("migrations", "Records goes first, the ledger of Finance follows",
        "Yuki, Emeka, Saskia and Bram work on the records archive for the next five weeks and then all four on the "
            "finance ledger. The ledger's old machine gets paid "
        "support for three more months.", "tobias", ("ravi", "wanjiru", "mira", "yuki", "emeka", "saskia", "bram",
            "lucas"), "value:early", -3,
        options=("The ledger goes first", "Both by halves, as now", "Hire two people for three months"),
        reservations=(("ravi", "Five weeks are enough only if nobody takes one of the four away again."),),
        silent=("wanjiru", "lucas", "emeka"), prompted=("four",), closes_in_days=9),
)  # fmt: skip
