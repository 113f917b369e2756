"""The goals of Operations, Security and Corporate Systems in this cycle, and two people's own."""

from __future__ import annotations

from throughline.shell.demo.story.shapes import (
    StoryComment,
    StoryGoal,
    StoryNeed,
    down,
    silent,
    steps,
    up,
    within,
)

OPERATIONS: tuple[StoryGoal, ...] = (
    StoryGoal("op-calm", "Incidents are fewer, shorter, and told in plain words", "operations", "joana",
        "value:plain", (("o-there", 1.0),), (
        down("Serious incidents", "a month", 9, 4, 6, 0.66),
        down("Minutes until a serious incident is over", "minutes", 96, 45, 68, 0.7),
        up("Incident messages that a nurse understood", "percent", 31, 85, 64, 0.78),
    ), theme="steady", cadence="weekly"),
    StoryGoal("op-pairs", "Two people awake, every night, at every site", "operations", "joana", "value:together", ((
        "o-team", 1.0),), (
        up("Nights with two people awake", "percent", 71, 100, 88, 0.72, note="88 percent. The two new colleagues in "
            "Halifax start in four weeks."),
        down("Nights somebody was alone and nobody was told", "a month", 5, 0, 0, 0.8),
    ), theme="bearable", prompted=("alone",),
        comments=(StoryComment("desmond", "The Monday report names every night. Nobody has asked me yet why I report "
            "them. That is new, and good.", 12, ("joana",)),)),
    StoryGoal("ni-handover", "A handover that cannot be missed", "night", "desmond", "value:together", (("op-calm",
        1.0), ("o-team", 1.0)), (
        up("Nights whose handover was read before nine", "percent", 28, 95, 73, 0.8, note="73 percent. The morning "
            "round opens with it in four of six units."),
        down("Faults found twice", "a month", 23, 5, 11, 0.75),
    ), theme="bearable", prompted=("handover",), co_owners=("grace",), cadence="weekly", stakeholders=("advisor",),
        initiatives=("One page per night, read aloud at 08:30", "The day team answers every line before noon"),
        done_initiatives=("One page per night, read aloud at 08:30",),
        comments=(StoryComment("shanti", "First week in which Pune started with the story and not with a list. It "
            "makes a difference of about an hour.", 19, ("grace", "desmond")),
                  StoryComment("grace", "I said this on the board in the summer and did not expect to see my "
                      "sentence in a goal.", 18))),
    StoryGoal("ni-alarms", "Those who wake up decide what wakes them", "night", "aleksi", "value:together", ((
        "plat-alarms", 1.0),), (
        up("Alarms reviewed by somebody from nights", "alarms", 0, 340, 196, 0.74),
        down("Alarms switched off because nobody could say what to do", "alarms", 84, 20, 47, 0.66),
    ), theme="bearable", prompted=("alarms",)),
    StoryGoal("ni-rest", "A rota that people can plan their lives around", "night", "desmond", "value:together", ((
        "o-team", 1.0), ("plat-alarms", 0.0)), (
        up("Shifts published six weeks ahead", "percent", 35, 90, 35, 0.6),
        down("Shifts changed within a week", "a month", 44, 12, 44, 0.55),
    ), theme="bearable", state="proposed", unsigned=("mira",), needs=(
            StoryNeed("mira", "Two people of Platform who take a night each month, so that a sick night does not "
                "break the rota", "requested", "", "", 18),),
        description="Proposed after three people left nights within half a year. It asks Platform for two nights a "
            "month."),
    StoryGoal("de-first", "Two of three calls are solved in the first conversation", "desk", "priya", "value:care", ((
        "op-calm", 1.0),), (
        up("Calls solved in the first conversation", "percent", 48, 67, 57, 0.7),
        within("Minutes a caller waits", "minutes", 0, 2, 1.6, 0.85, start=2.9),
    ), theme="bedside", stakeholders=("wards",)),
    StoryGoal("de-words", "Messages say what happened and what to do", "desk", "paulo", "value:plain", (("op-calm",
        1.0),), (
        up("Messages rewritten with a nurse", "messages", 0, 120, 74, 0.82),
    ), theme="bedside"),
    StoryGoal("de-night", "A ward reaches a person within a minute at night", "desk", "anneli", "value:together", ((
        "op-calm", 1.0), ("o-team", 0.0)), (
        up("Calls answered within a minute at night", "percent", 39, 90, 68, 0.71),
    ), theme="bedside"),
    StoryGoal("ne-second", "Two ways out of every building", "networks", "matti", "value:safer", (("plat-switch",
        1.0),), (
        up("Buildings with two independent lines", "buildings", 9, 22, 12, 0.3, note="Twelve of 22. The city decides "
            "on the duct in Ghent in two weeks; I said so the day I heard it."),
        steps("Ghent", "+ Route agreed", "Permit of the city", "Dug", "Tested by pulling the plug", confidence=0.35),
    ), theme="steady", late_days=12,
        comments=(StoryComment("mira", "Is there anything I can take off you while you wait for the permit?", 16, (
            "matti",)),)),
    StoryGoal("ne-wifi", "Wireless that follows the bed", "networks", "zainab", "value:care", (("dev-pumps", 0.0), (
        "o-time", 1.0)), (
        down("Connections lost when a bed moves", "per day and ward", 8.4, 1, 3.9, 0.76),
    ), theme="bedside"),
    StoryGoal("wo-print", "Every label prints the first time", "workplace", "ines", "value:care", (("o-time", 1.0),), (
        up("Labels printed at the first attempt", "percent", 71, 98, 86, 0.73, note="86 percent. The damp-proof "
            "printers are on 19 wards."),
        up("Nursing hours given back by printing", "hours a week", 0, 180, 90, 0.72, metric="hours returned"),
    ), theme="bedside", prompted=("printing",), stakeholders=("wards",), metric="hours returned", metric_unit="hours "
        "a week"),
    StoryGoal("wo-start", "Ready on the first morning", "workplace", "luis", "value:together", (("o-team", 1.0),), (
        up("New colleagues who could work on their first morning", "percent", 46, 95, 78, 0.81),
    ), theme="bearable"),
)  # fmt: skip

SECURITY: tuple[StoryGoal, ...] = (
    StoryGoal("se-days", "We know our ten worst days", "security", "stefan", "value:safer", (("o-safe", 1.0), (
        "o-there", 0.0)), (
        steps("Ten days played through", "+ Locked files", "+ Stolen badge", "+ Lost supplier", "+ False images",
            "Power", "Flood", "Insider", "Two at once", "No phones", "No people",
              confidence=0.6),
    ), theme="guarded", stakeholders=("advisor", "board")),
    StoryGoal("se-plain", "Security rules that people can explain", "security", "viktor", "value:plain", (("o-safe",
        0.0), ("o-team", 0.0)), (
        down("Pages of security rules", "pages", 212, 40, 118, 0.62),
        up("People who can explain the rule that concerns them", "percent", 26, 70, 44, 0.58),
    ), theme="guarded"),
    StoryGoal("wa-detect", "We see an intruder within the hour", "watch", "hanneke", "value:early", (("o-safe", 1.0),), (
        down("Hours until a planted intruder is seen", "hours", 31, 1, 14, 0.48, note="Fourteen hours at the last "
            "test. Night is good; Sunday afternoon is not."),
        up("Clinical devices we can see at all", "percent", 34, 85, 59, 0.64),
    ), theme="guarded",
        needs=(StoryNeed("per", "A list of all clinical devices that is right", "accepted", "Right to 92 percent; "
            "complete in three weeks.", "dev-patch", 17),)),
    StoryGoal("wa-report", "Reporting is easier than ignoring", "watch", "watch#0", "value:early", (("wa-detect",
        1.0),), (
        up("False mails that somebody reports", "percent", 19, 60, 43, 0.78),
    ), theme="guarded"),
)  # fmt: skip

CORPORATE: tuple[StoryGoal, ...] = (
    StoryGoal("co-forms", "Half the forms", "corporate", "lucas", "value:plain", (("o-team", 1.0), ("o-time", 0.0)), (
        down("Forms that people of the hospitals fill in", "forms", 164, 82, 121, 0.69),
        steps("The five most hated forms", "+ Travel", "+ Second job", "Parking", "Training", "Leave", confidence=0.66),
    ), theme="bearable"),
    StoryGoal("fi-ledger", "The ledger runs on a machine that somebody supports", "finance", "wanjiru",
        "value:safer", (("o-there", 0.0), ("co-forms", 0.0)), (
        steps("Ready to move", "+ Chart of accounts agreed", "+ Auditors informed", "Parallel month signed", "Move "
            "signed", confidence=0.45),
        down("Weeks until support of the old machine ends", "weeks", 22, 6, 14, 0.4, note="The weeks pass whether we "
            "work or not. Records and we count on the same four people."),
    ), theme="steady", late_days=5, stakeholders=("controllers",),
        needs=(StoryNeed("bram", "Bram, Emeka, Yuki and Saskia full time from the third week", "at_risk",
                         "The archive of Records counts on the same four. We do both by halves until somebody "
                             "decides.", "plat-ledger", -14),)),
    StoryGoal("fi-close", "The month is closed in four days", "finance", "hyejin", "value:plain", (("co-forms", 1.0),), (
        down("Working days until the month is closed", "days", 9, 4, 6, 0.74),
        down("Corrections after the close", "a month", 57, 15, 34, 0.66),
    ), theme="bearable"),
    StoryGoal("pe-pay", "Nobody is paid late", "staffing", "oskar", "value:care", (("o-team", 1.0),), (
        down("Payments that were late or wrong", "a month", 83, 10, 32, 0.79),
    ), theme="bearable"),
    StoryGoal("pe-roster", "The roster is right at noon", "staffing", "abena", "value:plain", (("o-team", 1.0), (
        "op-pairs", 0.0)), (
        up("Rosters without a correction by hand", "percent", 33, 85, 54, 0.6),
        silent(down("Hours between a change and the roster", "hours", 26, 2, 26, 0.55)),
    ), theme="bearable"),
)  # fmt: skip

PERSONAL: tuple[StoryGoal, ...] = (
    StoryGoal("mira-ones", "One honest conversation a week with each person who reports to me", "platform", "mira",
        "value:early", (("o-team", 0.0),), (
        up("Conversations that took place", "percent", 60, 95, 84, 0.8),
    ), level="person", cadence="weekly", description="My own goal, open to my team so that they can hold me to it."),
    StoryGoal("grace-teach", "Four new colleagues can run a night without me", "night", "grace", "value:together", ((
        "op-pairs", 0.0),), (
        up("Colleagues who ran three nights themselves", "people", 0, 4, 2, 0.85),
    ), level="person"),
    StoryGoal("chioma-learn", "Learn enough Finnish to test with patients in Tampere", "portal", "chioma",
        "value:plain", (), (
        steps("Course", "First level", "Second level", "A test led in Finnish", confidence=0.4),
    ), level="person", state="candidate"),
)  # fmt: skip
