"""The cycle that is over: eighteen goals with their scores, and what people learned from them."""

from __future__ import annotations

from throughline.shell.demo.story.shapes import StoryEnd, StoryGoal, down, steps, up, within

BEFORE: tuple[StoryEnd, ...] = (
    StoryEnd("b-there", "Clinical systems are there when they are needed", "root", "amara", "statement", (), (
        down("Hours in which a clinical system was not usable", "hours a month", 16, 8, 11.5, 0.5),
    ), level="organisation", theme="steady", score=0.5,
        retrospective="Better, and not good. The large outages are gone; the many small ones were nobody's goal. The "
            "next cycle counts harm as well as hours."),
    StoryEnd("b-time", "Care gets its minutes back", "root", "margit", "value:care", (), (
        down("Minutes a nurse spends in our systems per shift", "minutes", 151, 130, 142, 0.45),
    ), level="organisation", theme="bedside", score=0.4,
        retrospective="We shortened screens and ignored the forty to sixty sign-ins of a shift. Nurses told us "
            "within ten minutes; we had asked nobody before."),
    StoryEnd("b-story", "One story per patient: the first two hospitals", "root", "tobias", "statement", (), (
        up("Hospitals with one shared history", "hospitals", 0, 2, 2, 0.95),
    ), level="organisation", theme="onestory", score=1.0,
        retrospective="Reached, because Porto and Utrecht could be done one after the other. The other three share "
            "an archive, which makes them harder."),
    StoryEnd("b-backup", "Every clinical system comes back from its backup", "platform", "mira", "value:safer", ((
        "b-there", 1.0),), (
        up("Systems brought back from backup in a test", "systems", 6, 24, 24, 0.95),
        down("Hours to bring the largest one back", "hours", 31, 8, 9, 0.8),
    ), theme="steady", score=0.98,
        retrospective="Reached. What surprised us: four systems came back and did not start, because something they "
            "need starts later. That list is where the site rehearsals begin."),
    StoryEnd("b-cloud", "Test systems leave the old data hall", "platform", "nadia", "value:safer", (("b-there", 1.0),), (
        up("Test systems moved", "systems", 0, 80, 71, 0.8),
    ), theme="steady", score=0.89, retrospective="Seventy-one of eighty. The last nine belong to suppliers who do "
        "not answer; we should have asked for names in the contracts."),
    StoryEnd("b-inter", "Interfaces are written down", "integration", "kwame", "value:plain", (("b-story", 1.0),), (
        up("Interfaces with a page somebody else can read", "pages", 40, 210, 204, 0.9),
    ), theme="onestory", score=0.96, retrospective="Reached all but six. Writing them down showed forty with a fixed "
        "address, which is now a goal of its own."),
    StoryEnd("b-ident", "One account per person", "identity", "leila", "value:safer", (("b-there", 1.0),), (
        down("People with more than one account", "people", 3900, 300, 1420, 0.4),
    ), theme="guarded", score=0.69, retrospective="My name was on nine goals. This one had no date, so it waited. "
        "One person, at most three goals: I take that with me."),
    StoryEnd("b-portal", "Every patient can sign in to the portal", "portal", "sanna", "statement", (("b-story", 1.0),), (
        up("Patients with an account that works", "thousand", 110, 300, 288, 0.85),
        within("Patients who needed help to sign in", "percent", 0, 10, 8.5, 0.7, start=19),
    ), theme="onestory", score=0.97, retrospective="Reached but for a hair. Signing in is not the same as "
        "understanding what one finds; that comes next."),
    StoryEnd("b-data", "Numbers the wards ask for", "data", "arjun", "value:plain", (("b-time", 1.0),), (
        up("Wards that open their page every week", "wards", 4, 40, 22, 0.5),
    ), theme="bedside", score=0.5, retrospective="We built forty pages and visited six wards. The six use them. The "
        "order was wrong."),
    StoryEnd("b-quality", "A test ward with real devices", "quality", "beatriz", "value:care", (("b-there", 1.0),), (
        steps("Test ward", "+ Room", "+ Beds and devices", "+ First release tested", "+ A nurse one day a week",
            confidence=0.95),
    ), theme="steady", score=1.0, retrospective="Reached. The nurse one day a week found more than the rest "
        "together."),
    StoryEnd("b-records", "The archive of Ghent is moved", "records", "ravi", "statement", (("b-story", 1.0),), (
        up("Letters moved", "million", 0, 30, 9, 0.2),
    ), theme="onestory", score=0.3, retrospective="I knew at half-time and hoped. Hope looked like “on track” in the "
        "check-ins. In this cycle I report a chance, and I say it early."),
    StoryEnd("b-radio", "Images open in five seconds", "radiology", "elena", "value:care", (("b-there", 1.0),), (
        down("Seconds until an image opens by day", "seconds", 11, 5, 6.2, 0.7),
    ), theme="steady", score=0.8, retrospective="By day, nearly. We never measured nights, and nights were worse. "
        "Radiologists on call told us in one sentence."),
    StoryEnd("b-pharma", "The dose check works on every ward", "pharmacy", "farah", "statement", (("b-there", 1.0),), (
        up("Wards with the dose check", "wards", 12, 46, 46, 0.95),
        within("Warnings that are overridden", "percent", 0, 25, 46, 0.3, start=38),
    ), theme="steady", score=0.5, retrospective="On every ward, and overridden nearly half the time. A check that is "
        "clicked away is not a check. The next goal counts what it catches."),
    StoryEnd("b-night", "Nights are staffed", "night", "desmond", "value:together", (("b-there", 1.0),), (
        up("Nights with two people in the rota", "percent", 74, 100, 96, 0.8),
        down("People who leave nights", "people", 4, 1, 3, 0.4),
    ), theme="bearable", score=0.59, retrospective="On paper 96 percent. In the listening session people said that "
        "the second person slept at home. I had the number and not the truth."),
    StoryEnd("b-desk", "Callers wait less than two minutes", "desk", "priya", "value:care", (("b-time", 1.0),), (
        down("Minutes a caller waits", "minutes", 6.5, 2, 2.9, 0.75),
    ), theme="bedside", score=0.8, retrospective="From six and a half to under three. Counting calls per person made "
        "some of us hang up sooner; we stopped counting."),
    StoryEnd("b-net", "New switches in every building", "networks", "matti", "value:safer", (("b-there", 1.0),), (
        up("Buildings with new switches", "buildings", 3, 22, 11, 0.4),
    ), theme="steady", score=0.42, retrospective="Delivery slipped twice. I reported it when it had slipped, not "
        "when I heard that it would."),
    StoryEnd("b-secure", "Every laptop is encrypted", "security", "stefan", "value:safer", (("b-there", 0.0),), (
        up("Laptops encrypted", "percent", 64, 100, 99, 0.95),
    ), theme="guarded", score=0.97, retrospective="Ninety-nine percent; the last forty belong to people on leave."),
    StoryEnd("b-close", "The month is closed in nine days", "finance", "wanjiru", "value:plain", (("b-time", 0.0),), (
        down("Working days until the month is closed", "days", 14, 9, 9, 0.9),
    ), theme="bearable", score=1.0, retrospective="Reached by agreeing on dates with eleven people, not by "
        "software."),
)  # fmt: skip

# Given up in that cycle, with the reason that everybody could read.
DROPPED_BEFORE = StoryGoal(
    "b-voice", "Nurses dictate at the bedside", "clinical", "margit", "value:care", (("b-time", 1.0),), (
        up("Wards that dictate", "wards", 0, 10, 2, 0.2),
    ), theme="bedside", state="dropped",
    reason="Tried on two wards: the patient in the next bed hears everything. We come back to it when single rooms "
        "are built.",
)  # fmt: skip
