"""Strategic themes, the organisation's five goals, and those of Engineering with its teams."""

from __future__ import annotations

from throughline.shell.demo.story.shapes import StoryComment, StoryGoal, StoryNeed, down, steps, up, within

# Key, title, text, whether it is about sustainability.
THEMES: tuple[tuple[str, str, str, bool], ...] = (
    ("steady", "Steady ground", "Systems that are there, also on the day that a whole site is not.", False),
    ("bedside", "Minutes for the bedside", "Every minute our systems take from care is counted and given back.", False),
    ("onestory", "One story per patient", "What was said once is known wherever it is needed.", False),
    ("guarded", "Well guarded", "Patients' data is safe, and safety does not get in the way of treating them.", False),
    ("bearable", "Work that lasts", "People can do this work for many years, by day and by night.", True),
)

ORGANISATION: tuple[StoryGoal, ...] = (
    StoryGoal("o-there", "Clinical systems are there, and right, whenever care is given", "root", "amara",
        "statement", (), (
        down("Hours in which a clinical system was not usable", "hours a month", 11.5, 3.0, 6.8, 0.66,
             note="Two short outages in Records; none in Radiology for the first time in a year."),
        down("Incidents in which a patient could have come to harm", "a month", 4, 1, 3, 0.55,
             note="Three again. The reviews point at medication and at images read late."),
    ), level="organisation", theme="steady", stakeholders=("board", "nursing"),
        description="Being there is not enough: a wrong value that is always available is worse than none. So this "
            "goal counts both."),
    StoryGoal("o-time", "Nurses and doctors get time back from our systems", "root", "margit", "statement", (), (
        down("Minutes a nurse spends in our systems per shift", "minutes", 142, 115, 129, 0.68,
             note="Measured on eleven wards. Signing in and printing are most of what we gained."),
        up("Wards that say our systems help more than they hinder", "percent", 38, 60, 47, 0.6),
    ), level="organisation", theme="bedside", stakeholders=("nursing", "wards"), metric="hours returned",
        metric_unit="hours a week",
        description="Hours returned to care are added up from the goals below, each of which counts them on its own "
            "wards."),
    StoryGoal("o-story", "Patients tell their story once", "root", "tobias", "statement", (), (
        down("Patients who had to repeat their history", "percent", 61, 35, 52, 0.5,
             note="From the monthly survey of 900 patients. It moves slowly; the merge of double records has only "
                 "begun."),
        up("Discharge letters that are with the practice on the same day", "percent", 44, 85, 63, 0.62),
    ), level="organisation", theme="onestory", stakeholders=("patients",)),
    StoryGoal("o-safe", "Patients' data stays in safe hands", "root", "viktor", "value:safer", (), (
        down("Days until an account of a leaver is closed", "days", 9, 0, 2, 0.8, note="Two days on average, from "
            "nine. The rest are contractors."),
        down("Hours until we notice an intruder in the yearly test", "hours", 31, 4, 14, 0.58),
    ), level="organisation", theme="guarded", stakeholders=("board",)),
    StoryGoal("o-team", "People stay, because the work is bearable and clear", "root", "renske", "value:together", (), (
        down("People who leave of their own accord", "a year, per hundred", 14.2, 9.0, 12.1, 0.55,
             note="Seven people left in six months, three of them from Night Operations."),
        up("People who can say which goal their week serves", "percent", 41, 75, 58, 0.7),
    ), level="organisation", theme="bearable"),
)  # fmt: skip

ENGINEERING: tuple[StoryGoal, ...] = (
    StoryGoal("eng-release", "Teams release when they are ready, not when there is a slot", "engineering", "tobias",
        "value:care",
        (("o-there", 1.0),), (
        down("Days from finished to in use", "days", 11, 2, 5, 0.75),
        down("Releases that had to be taken back", "percent", 9, 4, 6, 0.7),
    ), theme="steady", co_owners=("beatriz",), initiatives=("Abolish the Wednesday approval meeting",),
        comments=(StoryComment("nadia", "Noon releases are at 41 of 60 teams-weeks without one taken back. I think "
            "we can drop the meeting this month.", 9, ("tobias",)),
                  StoryComment("tobias", "Agreed. I put it to decision so that nobody is surprised.", 8),)),
    StoryGoal("eng-order", "One order for the two migrations that need the same four people", "engineering",
        "tobias", "value:early",
        (("o-story", 0.0),), (
        steps("A plan both Records and Finance sign", "Weeks that each migration really needs", "Order decided",
            "Plan signed by both", confidence=0.5),
    ), state="candidate", prompted=("four",), theme="onestory",
        description="Yuki Harrowgate, Emeka Fairweather, Saskia Orellana and Bram Kowalczuk are planned in full for "
            "the records archive and "
        "in full for the finance ledger, both from the third week of the cycle. Until there is an order, one of the "
            "two goals will miss."),
    StoryGoal("plat-switch", "We can lose a site, and nobody on a ward notices", "platform", "mira", "statement",
        (("o-there", 2.0), ("op-calm", 0.0)), (
        down("Minutes until clinical systems run from the other site", "minutes", 240, 15, 95, 0.62,
             note="Rehearsal three: 95 minutes. Forty of them waiting for addresses that are written into "
                 "interfaces.", weight=2.0),
        steps("Rehearsals with real load", "+ Empty site, at night", "+ One ward in Porto, by day", "Half of Ghent, "
            "for four hours", "All of Utrecht, for a weekend", confidence=0.6),
        within("Delay of the copy in Ghent", "seconds", 0, 5, 2, 0.9, start=4),
    ), theme="steady", prompted=("rehearse",), stakeholders=("wards", "advisor"), cadence="weekly",
        initiatives=("Rehearsal book that a person on nights can follow alone", "List of everything that starts in "
            "the wrong order"),
        done_initiatives=("List of everything that starts in the wrong order",),
        needs=(StoryNeed("kwame", "All forty interfaces find the other site by themselves before the rehearsal in "
            "Ghent", "accepted",
                         "Twenty-six are done. I will say two weeks before the day if we do not make it.",
                             "int-addresses", 12),
               StoryNeed("matti", "A second line into Ghent that does not run through the same duct", "at_risk",
                         "The duct permit is with the city. Without it the digging starts four weeks late.",
                             "ne-second", 20),
               StoryNeed("desmond", "One experienced person per night in rehearsal weeks", "delivered", "Grace and "
                   "Aleksi, by name, in the rota.", "", -9)),
        comments=(StoryComment("grace", "Rehearsal two: the book says “call the lead”. At night that is me calling "
            "myself. Please put a second name in.", 23, ("mira", "desmond")),
                  StoryComment("mira", "Done, and thank you. Every page now has two names, one of them on nights.",
                      22, ("grace",)),
                  StoryComment("matthias", "In aviation a rehearsal ends with the question what surprised us. I "
                      "would ask it in the same room, on the same day.", 11)),
        description="Losing a site is the one failure that would stop care in two hospitals at once. We prepare for "
            "it by doing it, a little more each time, "
        "with the wards knowing the day and hour."),
    StoryGoal("plat-daytime", "Changes go out at noon, and come back in a minute", "platform", "nadia", "value:care",
        (("eng-release", 1.0), ("o-team", 0.0)), (
        up("Releases made between 11:00 and 15:30", "percent", 12, 80, 64, 0.85, note="64 percent. The remaining "
            "teams wait for Quality's test ward."),
        down("Minutes to take a release back", "minutes", 38, 1, 4, 0.82),
        within("Ward calls about a release, per release", "calls", 0, 0.5, 0.3, 0.85, start=0.9),
    ), theme="steady", prompted=("daytime",), co_owners=("mira",), cadence="fortnightly", stakeholders=("wards",)),
    StoryGoal("plat-alarms", "An alarm at night means that a person is needed", "platform", "mira", "value:together",
        (("op-calm", 1.0), ("o-team", 1.0)), (
        down("Alarms per night", "alarms", 90, 15, 52, 0.64, note="52, from 90. The backup alarm of Ghent is gone "
            "after two years."),
        up("Alarms at night that needed a person", "percent", 5, 60, 22, 0.45,
           note="Slower than hoped: teams write new alarms as fast as we remove old ones. I would like Operations to "
               "own the list."),
    ), theme="bearable", prompted=("alarms",), cadence="weekly",
        initiatives=("Whoever writes an alarm hears it for a week",)),
    StoryGoal("plat-archive", "The records archive moves without a lost letter", "platform", "yuki", "statement", ((
        "rec-archive", 1.0),), (
        up("Letters moved and compared", "million", 0, 38, 9.5, 0.35,
           note="9.5 of 38 million. Two of us have been on the ledger since Monday a week ago."),
        within("Letters that differ after the move", "per million", 0, 1, 0.4, 0.8, start=0.6),
    ), theme="onestory", co_owners=("saskia",), late_days=6,
        needs=(StoryNeed("ravi", "A list of wards whose letters may not move in flu season", "delivered", "List is "
            "in the project folder; eleven wards.", "rec-archive", -20),),
        description="Needs Yuki, Emeka, Saskia and Bram full time from the third week."),
    StoryGoal("plat-ledger", "The finance ledger moves before its machine is out of support", "platform", "bram",
        "value:safer", (("fi-ledger", 1.0),), (
        steps("Ledger on a supported machine", "+ Copy with last year's figures", "Month closed in parallel",
            "Switch over a weekend", "Old machine erased", confidence=0.42,
              note="The copy is done. The parallel month needs two people we share with the archive."),
        down("Differences between old and new ledger", "entries", 1240, 0, 610, 0.5),
    ), theme="steady", co_owners=("emeka",), late_days=3,
        needs=(StoryNeed("hyejin", "Somebody from Finance who can explain differences, two days a week", "accepted",
            "Me, Tuesdays and Thursdays.", "fi-ledger", 6),),
        description="Needs Bram, Emeka, Yuki and Saskia full time from the third week."),
    StoryGoal("int-addresses", "No interface has an address written into it", "integration", "kwame", "value:safer", ((
        "plat-switch", 1.0),), (
        up("Interfaces that find the other site by themselves", "interfaces", 0, 40, 26, 0.78, note="26 of 40. The "
            "hard ones are left: the laboratory analysers."),
    ), theme="steady"),
    StoryGoal("int-letters", "Discharge letters arrive the same day", "integration", "kwame", "statement", ((
        "o-story", 1.0),), (
        up("Letters sent within an hour of discharge", "percent", 44, 85, 63, 0.66),
        down("Letters that come back undelivered", "a week", 310, 60, 180, 0.6),
    ), theme="onestory",
        comments=(StoryComment("margit", "We still have nobody who speaks for the practices. Two of them told me "
            "they print our letters and scan them again. That is worth a visit.", 17, ("kwame",)),)),
    StoryGoal("int-silence", "We notice a silent interface before the ward does", "integration", "integration#0",
        "value:early", (("op-calm", 1.0),), (
        down("Minutes until a silent interface is noticed", "minutes", 74, 10, 31, 0.72),
        up("Silent interfaces noticed by us first", "percent", 35, 90, 66, 0.7),
    ), theme="steady"),
    StoryGoal("id-tap", "Sign in once per shift, then tap", "identity", "leila", "statement", (("o-time", 2.0), (
        "o-safe", 0.0)), (
        up("Wards where a badge is enough after the first sign-in", "wards", 2, 46, 21, 0.7,
           note="21 of 46 wards. Ghent follows in three weeks, when the readers arrive."),
        up("Nursing hours given back by tapping", "hours a week", 0, 820, 365, 0.68, metric="hours returned"),
        within("Sessions left open by somebody who is gone", "percent", 0, 2, 1.4, 0.75, start=6.1),
    ), theme="bedside", prompted=("signin",), stakeholders=("wards", "architects"), metric="hours returned",
        metric_unit="hours a week",
        needs=(StoryNeed("ines", "Badge readers on 900 carts and computers", "accepted", "640 are mounted. The "
            "supplier owes us the rest by the end of next week.", "wo-print", 9),),
        comments=(StoryComment("colette", "Late shift on ward 4B, one sign-in and 49 taps. I went home on time.", 13),
                  StoryComment("stefan", "My objection stands as recorded: four hours is long. I look at the open "
                      "sessions every week, and so far the number supports Leila.", 10, ("leila",)))),
    StoryGoal("id-leavers", "Access ends on the last day", "identity", "identity#0", "value:safer", (("o-safe", 1.0),), (
        up("Leavers whose access ended on their last day", "percent", 22, 98, 81, 0.84),
        down("Accounts nobody can explain", "accounts", 730, 50, 260, 0.77),
    ), theme="guarded",
        needs=(StoryNeed("oskar", "The last day of every contract, also of contractors, one week before",
            "delivered", "Comes every night now. Contractors since this Monday.", "pe-roster", -4),)),
    StoryGoal("id-shared", "Nobody at the bedside needs a shared account", "identity", "identity#1", "value:safer", ((
        "id-tap", 1.0), ("o-safe", 1.0)), (
        down("Shared accounts in use at the bedside", "accounts", 61, 0, 34, 0.66),
    ), theme="guarded"),
    StoryGoal("portal-words", "Patients read their results in words they understand", "portal", "sanna",
        "value:plain", (("o-story", 1.0),), (
        up("Results with a plain explanation", "percent", 18, 80, 49, 0.73),
        up("Patients who say they understood", "percent", 52, 75, 61, 0.6),
    ), theme="onestory", stakeholders=("patients",)),
    StoryGoal("portal-forms", "A form asks nothing that we already know", "portal", "chioma", "value:plain", ((
        "o-story", 1.0), ("o-time", 0.0)), (
        down("Questions asked that we could have answered ourselves", "per admission", 34, 8, 19, 0.71),
        down("People who give up half-way", "percent", 29, 12, 21, 0.65),
    ), theme="onestory",
        comments=(StoryComment("rui", "The address is now asked once. Three screens less. Two people called to ask "
            "where they had gone.", 6, ("chioma",)),)),
    StoryGoal("portal-answer", "Patients can answer, and somebody reads it", "portal", "rui", "statement", ((
        "o-story", 1.0),), (
        up("Clinics that answer messages", "clinics", 3, 20, 6, 0.3,
           note="Six of twenty. Clinics ask who answers at weekends, and so far we have not asked anybody to."),
        within("Hours until an answer", "hours", 0, 24, 19, 0.7, start=52),
    ), theme="onestory", stakeholders=("patients",)),
    StoryGoal("portal-family", "Families can help with the portal", "portal", "sanna", "value:care", (("o-story",
        1.0),), (
        up("Patients who named somebody to help them", "percent", 0, 15, 0, 0.4),
    ), state="dropped", theme="onestory",
        reason="Representation of patients needs a decision of the hospitals' lawyers that will not come in this "
            "cycle. We stop rather than build something we "
        "would have to take back. Taken up again when the decision is there."),
    StoryGoal("data-waiting", "Waiting is measured in minutes of people", "data", "arjun", "value:plain", ((
        "o-time", 0.0), ("o-there", 0.0)), (
        up("Systems whose waiting we know per ward", "systems", 1, 12, 7, 0.78),
        steps("Numbers explained beside the number", "+ Ward page", "+ Night page", "Page for the board", confidence=0.8),
    ), theme="bedside"),
    StoryGoal("data-codes", "One code per laboratory test", "data", "ingrid", "statement", (("rec-once", 1.0),), (
        up("Tests with one code in all hospitals", "percent", 57, 95, 74, 0.68),
    ), theme="onestory"),
    StoryGoal("data-lineage", "Every number says where it comes from", "data", "data#0", "value:plain", ((
        "data-waiting", 1.0),), (
        up("Reports whose numbers can be followed back", "reports", 4, 40, 17, 0.58),
    ), theme="onestory", late_days=9),
    StoryGoal("qa-ward", "The test ward tests what wards do", "quality", "beatriz", "value:care", (("eng-release",
        1.0),), (
        up("Ward tasks covered by the test ward", "tasks", 20, 75, 51, 0.8),
        down("Faults found by nurses in the first week", "per release", 3.2, 1.0, 1.7, 0.72),
    ), theme="steady"),
    StoryGoal("qa-hand", "No test by hand that a machine can do", "quality", "delphine", "value:safer", (("qa-ward",
        1.0),), (
        down("Hours of testing by hand per release", "hours", 64, 16, 37, 0.69),
    ), theme="bearable"),
)  # fmt: skip
