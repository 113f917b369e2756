"""Meetings and what was said in them: named and anonymous contributions, their themes, and what became of each theme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryTheme:
    """A theme with its voices: (person's key, words); a key "" is an anonymous voice.

    `fate` is shaped (a goal or decision names this theme), answered, not_taken_up, or "" while it waits.
    """

    key: str
    title: str
    summary: str
    voices: tuple[tuple[str, str], ...]
    fate: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoryMeeting:
    """A meeting. Days count from today: `opens` and `closes` negative in the past; None for never yet."""

    key: str
    format: str
    title: str
    question: str
    what_for: str
    unit: str
    facilitator: str
    opens: int
    closes: int | None
    themes: tuple[StoryTheme, ...] = ()
    loose: tuple[tuple[str, str], ...] = ()
    invited: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    outcome: str = ""
    wants_anonymous: bool = False


PURPOSE_WORKSHOP = StoryMeeting(
    "workshop", "purpose_workshop", "What are we for? A day with wards, nights and desks",
    "When did our work matter to somebody you could name?",
    "To hear what the present purpose leaves out, before it is rewritten.",
    "root", "noor", -146, -145,
    themes=(
        StoryTheme("bedside", "The person in the bed is missing from our purpose",
            "Reliable, safe and affordable describe a product. What people remember are patients.", (
                ("margit", "A patient told her history four times in one night because three of our systems did not "
                    "know each other."),
                ("thandi", "I sat with a nurse for a shift. She looks at us more than at the patient, and she hates "
                    "that."),
                ("grace", "At three in the morning nobody says “the service is degraded”. They say “I cannot see his "
                    "allergies”."),
                ("rosa", "A wrong dose was stopped by a pharmacist, not by our check. That is luck, not safety."),
            ), "shaped"),
        StoryTheme("honest", "Own what goes wrong because of us",
            "People want a sentence that admits we can do harm.", (
                ("desmond", "We write “an incident occurred”. It did not occur. We changed something."),
                ("stefan", "In aviation they begin with what must never happen. We begin with what we are proud of."),
                ("paulo", "Callers forgive a fault. They do not forgive being told that there is none."),
            ), "shaped"),
        StoryTheme("money", "Say something about money",
            "Some want the purpose to keep the promise of being affordable.", (
                ("wanjiru", "The hospitals took a cut to pay for us. It should be in there."),
                ("hyejin", "If we leave it out, the next budget round will put it back in for us."),
            ), "not_taken_up",
            "Money limits what we do; it is not why we do it. It now stands in the budget rules, which the finance "
                "directors agreed."),
    ),
    invited=("amara", "margit", "thandi", "grace", "rosa", "desmond", "stefan", "paulo", "wanjiru", "hyejin",
        "mira", "lucas", "sanna"),
    outcome="We will rewrite the purpose around the people who rely on us and around three things that must not "
        "happen: waiting, "
    "repeating one's story, and harm. Amara brings a draft to everybody within three weeks. Money goes into the "
        "budget rules instead.",
)  # fmt: skip

NIGHT_LISTENING = StoryMeeting(
    "nights", "listening_session", "Nights: what should the day shift hear?",
    "What happens at night that the rest of us do not see?",
    "To hear everybody who works nights before the goals of the next cycle are written.",
    "operations", "noor", -84, -75,
    themes=(
        StoryTheme("handover", "What we learn at night is lost by morning",
            "Handovers happen by chat and memory. The same fault is found again the next night.", (
                ("grace", "I explained the same storage fault three nights in a row, to three people who had not "
                    "read my note. There is no place where the note must be read."),
                ("shanti", "In Pune we come in at the end of your night. We get a list of tickets, not the story."),
                ("aleksi", "I keep my own file with what really happened. When I am on leave nobody has it."),
                ("", "I once skipped the handover because I was too tired to type. Something was missed because of "
                    "that. I have not told anybody."),
                ("mira", "When I was on nights we had a paper book. It was read because it lay on the table, open, "
                    "where the morning sat down."),
                ("", "The day team changes things we wrote down as fragile, because they never read what we wrote."),
            ), "shaped"),
        StoryTheme("alarms", "Too many alarms, and the one that matters drowns",
            "Up to ninety alarms a night, four or five of which need a person.", (
                ("desmond", "Ninety alarms in the night of the 12th. Four needed a person. We switched off sound on "
                    "the second screen, and I understand why."),
                ("aleksi", "The disk alarm of Ghent fires every night at 02:10 because of the backup. It has done so "
                    "for two years."),
                ("", "I acknowledge alarms without reading them after four o'clock. We all do."),
                ("", "The alarm that mattered last month looked like the eighty that did not."),
                ("shanti", "Alarms are written by the people who build things, never by those who wake up from "
                    "them."),
            ), "shaped"),
        StoryTheme("alone", "Alone on shift, in spite of the policy",
            "Two people on paper, one in the room when the other is called to the ward or ill.", (
                ("", "Five times since spring I was alone after two o'clock. I did not report it, because then I am "
                    "the one who makes trouble."),
                ("", "The rota counts the on-call engineer as second person. He is asleep at home. That is not two "
                    "people."),
                ("", "I am afraid of making a mistake when nobody can look over my shoulder."),
            ), "shaped",
            "You are right, and the rota was wrong. From the first of next month the second person is on site or "
                "awake on "
            "video for the whole night; on-call no longer counts. Three positions were approved and the first two "
                "people start in "
            "four weeks. Exceptions come to me personally every Monday. Joana"),
        StoryTheme("meals", "Nothing warm to eat after nine",
            "The canteens close at nine in the evening; the machines have sweets.", (
                ("aleksi", "Dinner is a chocolate bar at two o'clock. It sounds small. It is every night."),
                ("", "The day shift gets soup for two fifty."),
            ), "answered",
            "The kitchen of Halifax now leaves twelve warm meals at the desk, at the price of the day. Pune and "
                "Utrecht follow next month; "
            "if they do not, write to me. Joana"),
        StoryTheme("pay", "Higher pay for nights",
            "Night supplements have not changed for four years.", (
                ("", "I would stay if nights paid what they pay at the port."),
                ("", "Four years without a change of the supplement. Everything else got more expensive."),
            ), "not_taken_up",
            "The supplement is part of the collective agreement of the hospitals, and we cannot change it on our "
                "own. I have passed "
            "both voices to the bargaining committee in your words; it meets again in spring, and I will tell you "
                "what it says. Joana"),
    ),
    invited=("joana", "desmond", "grace", "aleksi", "shanti", "mira", "priya", "matti"),
    outcome="Two themes become goals of the coming cycle: a handover that cannot be missed, and alarms that mean "
        "something. Joana answers "
    "“alone on shift” within two weeks. Pay goes to the bargaining committee, word for word.",
    wants_anonymous=True,
)  # fmt: skip

WARD_VOICES = StoryMeeting(
    "wards", "goal_workshop", "Where do our systems slow care down?",
    "Which minute of your day do our systems take that belongs to a patient?",
    "Input of wards and laboratories for the goals of this cycle.",
    "clinical", "margit", -80, -79,
    themes=(
        StoryTheme("signin", "Signing in takes longer than the task",
            "Nurses sign in forty to sixty times a shift, on shared computers.", (
                ("colette", "I counted: 52 times in one late shift, 17 seconds each if nothing goes wrong. That is a "
                    "quarter of an hour."),
                ("thandi", "People share a session because the alternative is not giving the medicine on time."),
                ("rosa", "At the medication cart the session ends while you are at the bed."),
            ), "shaped"),
        StoryTheme("results", "Results arrive, but nobody knows",
            "A critical value sits in the system until somebody looks.", (
                ("jamil", "We finish a critical potassium in eleven minutes. It is read after forty on average."),
                ("colette", "I refresh the page. All evening. So does every nurse I know."),
                ("marek", "The same with images: read at night, seen in the morning."),
            ), "shaped"),
        StoryTheme("printing", "Labels and printers",
            "Label printers fail in ways that nobody can fix on the ward.", (
                ("colette", "Three label printers for thirty beds, one of which works. I walk to the next ward with "
                    "the sample in my hand."),
                ("luis", "We replace the same model with the same model. It was never made for damp rooms."),
            ), "shaped"),
        StoryTheme("rounds", "Changes in the middle of the round",
            "Updates appear at ten in the morning.", (
                ("colette", "The medication screen changed during the round, on a Tuesday. Two colleagues thought "
                    "they had opened the wrong patient."),
                ("farah", "That was us. We did not know when rounds are."),
            ), "answered",
            "Since this conversation there is a policy: no changes to clinical systems during ward rounds. It "
                "applies to all five hospitals, "
            "and any nurse may stop a change by calling the desk. Margit"),
        StoryTheme("voice", "Dictation at the bedside",
            "Speak instead of type.", (
                ("marek", "Radiologists dictate. Why not nurses?"),
            ), "not_taken_up",
            "We tried it on two wards last year: patients in the next bed heard everything. We look at it again when "
                "single rooms are built. Margit"),
    ),
    invited=("ravi", "thandi", "elena", "marek", "okke", "jamil", "farah", "rosa", "cillian", "per", "leila", "luis"),
    guests=("colette",),
    outcome="Three themes go into the cycle: signing in, results that announce themselves, and printing. Changes "
        "during rounds end now, by policy. "
    "Colette takes this back to the ward councils and is asked to sign the goals that concern nurses.",
)  # fmt: skip

PLATFORM_WORKSHOP = StoryMeeting(
    "platform", "goal_workshop", "Platform: what this cycle is for",
    "If only one thing were different for the people who depend on us, what should it be?",
    "Input for Platform's goals.",
    "platform", "mira", -70, -70,
    themes=(
        StoryTheme("rehearse", "Rehearse the day it all fails",
            "The second site has not carried real load for nineteen months.", (
                ("tomasz", "We have a plan for losing the Utrecht site. We have never done it with patients in the "
                    "beds."),
                ("yuki", "The copy in Ghent is up to date to the second. I could not tell you whether anything "
                    "starts on it."),
                ("kwame", "If you switch, tell me two weeks before. Forty interfaces have the address written into "
                    "them."),
            ), "shaped"),
        StoryTheme("daytime", "Release by day",
            "Releases at night cost sleep and make people afraid of changing things.", (
                ("nadia", "Every release at 23:00 is a release that nobody wants to do twice. So changes get bigger "
                    "and worse."),
                ("tobias", "Teams wait for a slot, on average eleven days. The change itself takes twenty minutes."),
                ("emeka", "Most of them could go out at noon if we could take them back in a minute."),
            ), "shaped"),
        StoryTheme("four", "Four people, two migrations",
            "The records archive and the finance ledger both count on the same four.", (
                ("saskia", "I am planned for the archive of Records from week three, and for the ledger of Finance "
                    "from week three."),
                ("bram", "Yuki, Emeka, Saskia and I are in both plans with all of our time. Nobody has asked us in "
                    "which order."),
            )),
    ),
    invited=("tobias", "kwame", "leila", "tomasz", "yuki", "emeka", "saskia", "bram", "nadia"),
    outcome="Platform takes three things on: switch sites with real load, release by day, and fewer alarms together "
        "with Night Operations. "
    "The two migrations that want the same four people go to Tobias, who decides on an order with Records and "
        "Finance.",
)  # fmt: skip

RETROSPECTIVE = StoryMeeting(
    "retro", "retrospective", "Looking back: what the last cycle taught us",
    "What did we learn that we want to remember in a year?",
    "To close the cycle with more than scores.",
    "root", "noor", -69, -69,
    themes=(
        StoryTheme("late-news", "We said it late",
            "Of seven goals that missed, five were on track in the last check-in but one.", (
                ("ravi", "The archive was never going to be done. I knew at half-time and hoped."),
                ("matti", "Delivery of the switches slipped twice. I reported it once it had slipped, not when I "
                    "heard."),
                ("amara", "I have not made it easy. When a goal turned red I asked why, before I asked what would "
                    "help."),
            ), "shaped"),
        StoryTheme("fewer", "Fewer goals, and fewer per person",
            "Some people owned parts of nine goals.", (
                ("leila", "Nine goals have my name on them. I finished the three that had a date."),
                ("beatriz", "Test comes last in everybody's plan. We were in eleven."),
            ), "answered",
            "In this cycle nobody owns more than three objectives, and the cycle page shows who does. Where work is "
                "missing an owner we drop it in the open. Renske"),
    ),
    invited=("amara", "tobias", "margit", "joana", "viktor", "lucas", "ravi", "matti", "leila", "beatriz", "mira",
        "renske"),
    outcome="Confidence is reported as a chance from now on, and a falling one is thanked. Nobody owns more than "
        "three objectives.",
)  # fmt: skip

OPEN_LISTENING = StoryMeeting(
    "stop", "listening_session", "Half-time: what should we stop doing?",
    "What do we do every week that helps nobody any more?",
    "Input for the second half of the cycle. Open until Friday; with or without your name.",
    "root", "noor", -1, None,
    themes=(
        StoryTheme("reports", "Reports nobody reads", "", (
            ("hyejin", "The monthly licence report: eleven pages, sent to forty people. I asked ten of them. Nobody "
                "has opened it since spring."),
            ("paulo", "We count calls per agent. It makes people hang up sooner."),
            ("", "Our team writes three status reports for three directors about the same thing."),
        )),
    ),
    loose=(
        ("tomasz", "The approval meeting on Wednesdays. Everything on its list has been tested and could simply go."),
        ("thandi", "Training slides for functions that were removed two years ago."),
        ("zainab", "Printing the duty roster. It is wrong by noon."),
        ("chioma", "Asking patients for their address on four screens."),
        ("delphine", "Testing by hand what the test ward already covers."),
        ("grace", "Night reports to two systems. One of them was to be switched off in summer."),
        ("", "Birthday collections by e-mail. I do not want to be asked in public."),
        ("", "Meetings of an hour that have fifteen minutes of content."),
        ("", "Being told that my objection is noted. Either it changes something or tell me that it does not."),
        ("", "Working through the summer backlog twice because the categories changed in between."),
        ("", "I stopped reading the weekly message. It is always good news."),
    ),
    wants_anonymous=True,
)  # fmt: skip

NEXT_PLANNING = StoryMeeting(
    "next", "goal_workshop", "Ideas for the next cycle",
    "What should be different for the people we serve by the end of the next cycle?",
    "First input, early enough that stakeholders can be asked.",
    "root", "renske", 19, None,
    invited=("amara", "tobias", "margit", "joana", "viktor", "lucas", "noor", "mira", "sanna"),
)  # fmt: skip

MEETINGS: tuple[StoryMeeting, ...] = (
    PURPOSE_WORKSHOP, NIGHT_LISTENING, WARD_VOICES, PLATFORM_WORKSHOP, RETROSPECTIVE, OPEN_LISTENING, NEXT_PLANNING,
)  # fmt: skip
