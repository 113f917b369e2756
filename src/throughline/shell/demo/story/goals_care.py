"""The goals of Clinical Systems and its teams in this cycle."""

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

CLINICAL: tuple[StoryGoal, ...] = (
    StoryGoal("cl-visit", "Nobody changes what they have not seen in use", "clinical", "margit", "value:care", ((
        "o-time", 0.0), ("o-there", 0.0)), (
        up("Changes made after a visit to a ward that uses the system", "percent", 15, 90, 58, 0.72),
        up("People of ours who spent a day on a ward", "people", 12, 80, 47, 0.75),
    ), theme="bedside", stakeholders=("nursing",)),
    StoryGoal("cl-critical", "A critical result finds the person who must act", "clinical", "margit", "statement", ((
        "o-there", 1.0), ("o-time", 1.0)), (
        down("Minutes until a critical result is read", "minutes", 40, 10, 24, 0.67, note="24 minutes, from 40. On "
            "the wards with messages it is nine."),
        up("Critical results confirmed by a person", "percent", 30, 95, 62, 0.65),
    ), theme="bedside", prompted=("results",), stakeholders=("nursing", "wards")),
    StoryGoal("rec-once", "One history per patient in all five hospitals", "records", "ravi", "statement", ((
        "o-story", 2.0),), (
        up("Histories that every hospital sees whole", "percent", 33, 70, 46, 0.52,
           note="46 percent. Porto is whole; Ghent waits for its archive."),
        down("Seconds until a history opens", "seconds", 8.5, 3, 5.6, 0.6),
    ), theme="onestory", stakeholders=("nursing", "patients"),
        needs=(StoryNeed("kwame", "Histories of Ghent through the new interface, twice a day", "accepted", "From "
            "next week on.", "int-letters", 8),)),
    StoryGoal("rec-archive", "The old archive closes for good", "records", "ravi", "value:safer", (("rec-once", 1.0),), (
        steps("Old archive switched off", "+ Wards told, with a date", "Reading only", "Switched off", "Disks "
            "destroyed, with a witness", confidence=0.3,
              note="I said in the last retrospective that I would say it early. So: without all four people from now "
                  "on we will not make it."),
        down("Calls a week into the old archive", "thousand", 210, 0, 150, 0.4),
    ), theme="onestory", late_days=1,
        needs=(StoryNeed("yuki", "Yuki, Emeka, Saskia and Bram full time from the third week", "at_risk",
                         "Two of the four are on the ledger of Finance, which counts on the same four. I cannot "
                             "solve this alone.", "plat-archive", -14),),
        comments=(StoryComment("wanjiru", "We planned the ledger with the same four people. I only learned it here. "
            "Can we talk before we both miss?", 15, ("ravi", "tobias")),
                  StoryComment("ravi", "Yes. Tomorrow at nine, with Tobias. I would rather be second than half.", 14, (
                      "wanjiru", "tobias")))),
    StoryGoal("rec-screens", "Nurses write half as much", "records", "thandi", "value:care", (("o-time", 1.0),), (
        down("Fields on the admission screen", "fields", 96, 48, 67, 0.74),
        up("Nursing hours given back by shorter screens", "hours a week", 0, 400, 150, 0.6, metric="hours returned"),
    ), theme="bedside", stakeholders=("wards",), metric="hours returned", metric_unit="hours a week",
        comments=(StoryComment("colette", "Field 41, “religion”, has been asked since 1996. Nobody on my ward knows "
            "who reads it.", 26, ("thandi",)),
                  StoryComment("thandi", "Nobody does. It is gone from tomorrow, together with eleven others.", 25, (
                      "colette",)))),
    StoryGoal("rec-merge", "Double records are merged within a week", "records", "records#0", "statement", ((
        "rec-once", 1.0),), (
        down("Double records", "thousand", 46, 5, 37, 0.35, note="Merging by hand takes nine minutes each. We need a "
            "rule for the clear cases."),
        within("Merges that had to be undone", "per thousand", 0, 1, 0.6, 0.8, start=0.8),
    ), theme="onestory", late_days=4),
    StoryGoal("rad-fast", "An image opens in three seconds, at night as by day", "radiology", "elena", "statement", ((
        "o-there", 1.0), ("o-time", 1.0)), (
        down("Seconds until an image opens by day", "seconds", 6.2, 3, 3.4, 0.88),
        down("Seconds until an image opens at night", "seconds", 14, 3, 6.5, 0.63, note="The nightly copy still "
            "takes the line. Networks moves it this month."),
    ), theme="steady", stakeholders=("readers",)),
    StoryGoal("rad-told", "Findings announce themselves", "radiology", "marek", "value:care", (("cl-critical", 1.0),), (
        up("Urgent findings that reach the ward as a message", "percent", 0, 90, 55, 0.7),
    ), theme="bedside", prompted=("results",), stakeholders=("readers",)),
    StoryGoal("lab-call", "Critical values are read within ten minutes", "laboratory", "okke", "value:care", ((
        "cl-critical", 1.0),), (
        up("Critical values read within ten minutes", "percent", 21, 90, 52, 0.64),
        within("Messages that were not urgent after all", "percent", 0, 5, 3.1, 0.8, start=4.2),
    ), theme="bedside", prompted=("results",),
        needs=(StoryNeed("kwame", "Messages to the phones of the ward, not to a screen", "declined",
                         "Phones are not ours and change every quarter. I can give you the ward board and the desk; "
                             "both are read within minutes.", "", 5),)),
    StoryGoal("lab-labels", "A sample never loses its name", "laboratory", "jamil", "statement", (("o-there", 1.0),), (
        down("Samples without a readable name", "a month", 118, 20, 71, 0.6),
    ), theme="bedside", prompted=("printing",)),
    StoryGoal("ph-dose", "The check catches what the pharmacist caught", "pharmacy", "farah", "statement", ((
        "o-there", 1.0),), (
        up("Wrong doses stopped by the check", "percent", 54, 90, 72, 0.7),
        within("Warnings that are overridden", "percent", 0, 20, 27, 0.5, start=46, note="27 percent, from 46. Above "
            "the range still: too many warnings say too little."),
    ), theme="steady", stakeholders=("advisor",)),
    StoryGoal("ph-cart", "The medication cart stays signed in at the bed", "pharmacy", "rosa", "value:care", ((
        "id-tap", 1.0),), (
        down("Sign-ins per medication round", "sign-ins", 19, 3, 9, 0.74),
    ), theme="bedside", prompted=("signin",)),
    StoryGoal("ph-list", "One list of medicines from admission to home", "pharmacy", "pharmacy#0", "statement", ((
        "rec-once", 1.0), ("o-story", 1.0)), (
        up("Patients who go home with one checked list", "percent", 37, 80, 55, 0.63),
        silent(up("Practices that see the list", "practices", 0, 120, 0, 0.4)),
    ), theme="onestory"),
    StoryGoal("dev-pumps", "Pumps report to the record by themselves", "devices", "cillian", "value:care", ((
        "o-time", 1.0),), (
        up("Infusion pumps that report by themselves", "pumps", 140, 900, 430, 0.57),
        up("Nursing hours given back by pumps", "hours a week", 0, 300, 95, 0.55, metric="hours returned"),
    ), theme="bedside", metric="hours returned", metric_unit="hours a week",
        needs=(StoryNeed("zainab", "Wireless that does not drop when a bed moves between floors", "accepted", "Two "
            "of three buildings are done.", "ne-wifi", 15),)),
    StoryGoal("dev-patch", "Devices are patched while they are not on a patient", "devices", "per", "value:safer", ((
        "o-safe", 1.0),), (
        up("Devices with this quarter's patches", "percent", 41, 95, 66, 0.68),
        within("Patches applied to a device in use", "devices", 0, 0.5, 0, 0.9, start=0),
    ), theme="guarded"),
)  # fmt: skip
