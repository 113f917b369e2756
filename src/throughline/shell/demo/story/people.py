"""Everybody at Meridian Health IT: those with a part in the story, and the colleagues around them."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.shell.demo.story.names import email_of, name_number
from throughline.shell.demo.story.units import UNITS

DOMAIN = "meridian.example"


@dataclass(frozen=True, slots=True)
class StoryPerson:
    """One person. `since_days` is how long ago they started; `key` is "" for colleagues without a part."""

    key: str
    name: str
    title: str
    unit: str
    site: str
    since_days: int
    is_lead: bool = False
    about: str = ""

    @property
    def email(self) -> str:
        return email_of(self.name, DOMAIN)


CAST: tuple[StoryPerson, ...] = (
    StoryPerson("amara", "Amara Lindholm", "Chief technology officer", "root", "Utrecht", 2900, True,
        "I answer for whether the systems are there when somebody needs care. Ask me anything on a Thursday "
            "morning."),
    StoryPerson("jonas", "Jonas Weidemann", "Administrator of this organisation", "root", "Utrecht", 2400, False,
        "I look after accounts, imports and backups. Write to me when something about your profile is wrong."),
    StoryPerson("noor", "Noor Castellane", "Organisation development", "root", "Utrecht", 1300, False,
        "I facilitate workshops and listening sessions, and I make sure that every voice gets an answer."),
    StoryPerson("renske", "Renske Halloran", "Chief of staff", "root", "Utrecht", 1750),
    StoryPerson("tobias", "Tobias Ekwueme", "Director of engineering", "engineering", "Utrecht", 2100, True),
    StoryPerson("mira", "Mira Solvang", "Lead of Platform", "platform", "Utrecht", 1620, True,
        "I lead Platform. Before that I was on nights for almost three years, and it still decides what I find "
            "important."),
    StoryPerson("tomasz", "Tomasz Idowu", "Reliability engineer", "platform", "Utrecht", 1100),
    StoryPerson("yuki", "Yuki Harrowgate", "Database engineer", "platform", "Porto", 1450),
    StoryPerson("emeka", "Emeka Fairweather", "Database engineer", "platform", "Utrecht", 980),
    StoryPerson("saskia", "Saskia Orellana", "Migration engineer", "platform", "Utrecht", 860),
    StoryPerson("bram", "Bram Kowalczuk", "Migration engineer", "platform", "Porto", 620),
    StoryPerson("nadia", "Nadia Prewitt", "Release engineer", "platform", "Porto", 480),
    StoryPerson("kwame", "Kwame Brandvold", "Lead of Integration", "integration", "Ghent", 1900, True),
    StoryPerson("leila", "Leila Moravec", "Lead of Identity and Access", "identity", "Tampere", 1500, True),
    StoryPerson("sanna", "Sanna Oyelaran", "Lead of Patient Portal", "portal", "Porto", 1250, True),
    StoryPerson("chioma", "Chioma Lundgren", "Product designer", "portal", "Porto", 700),
    StoryPerson("rui", "Rui Salgado", "Software developer", "portal", "Porto", 540),
    StoryPerson("arjun", "Arjun Pellegrini", "Lead of Data", "data", "Ghent", 1380, True),
    StoryPerson("ingrid", "Ingrid Mbatha", "Data steward", "data", "Ghent", 1010),
    StoryPerson("beatriz", "Beatriz Holm", "Lead of Quality Engineering", "quality", "Porto", 1180, True),
    StoryPerson("delphine", "Delphine Arroyo", "Test engineer", "quality", "Porto", 720),
    StoryPerson("margit", "Margit Adeyinka", "Director of clinical systems", "clinical", "Utrecht", 2600, True,
        "Twelve years a nurse, then the systems that nurses use. I still do one ward visit a month."),
    StoryPerson("ravi", "Ravi Thorsen", "Lead of Records", "records", "Utrecht", 1700, True),
    StoryPerson("thandi", "Thandi Vreeland", "Application specialist", "records", "Utrecht", 950),
    StoryPerson("elena", "Elena Brightwater", "Lead of Radiology IT", "radiology", "Ghent", 2050, True),
    StoryPerson("marek", "Marek Duvalier", "Imaging specialist", "radiology", "Ghent", 1230),
    StoryPerson("okke", "Okke Sandoval", "Lead of Laboratory IT", "laboratory", "Tampere", 1410, True),
    StoryPerson("jamil", "Jamil Westergaard", "Laboratory analyst", "laboratory", "Tampere", 690),
    StoryPerson("farah", "Farah Nystrand", "Lead of Pharmacy and Medication", "pharmacy", "Utrecht", 1560, True),
    StoryPerson("rosa", "Rosa Kilpatrick", "Medication analyst", "pharmacy", "Utrecht", 830),
    StoryPerson("cillian", "Cillian Baptiste", "Lead of Clinical Devices", "devices", "Tampere", 1330, True),
    StoryPerson("per", "Per Achterberg", "Device engineer", "devices", "Utrecht", 910),
    StoryPerson("joana", "Joana Kessler", "Director of operations", "operations", "Utrecht", 2250, True),
    StoryPerson("desmond", "Desmond Arkwright", "Lead of Night Operations", "night", "Halifax", 1820, True),
    StoryPerson("grace", "Grace Mutesi", "Operations engineer, nights", "night", "Halifax", 760, False,
        "I work nights from Halifax. If something breaks at three in Utrecht, I am probably the one who sees it."),
    StoryPerson("aleksi", "Aleksi Romero", "Operations engineer, nights", "night", "Halifax", 590),
    StoryPerson("shanti", "Shanti Dewar", "Operations engineer, nights", "night", "Pune", 430),
    StoryPerson("priya", "Priya Vanterpool", "Lead of Service Desk", "desk", "Ghent", 1270, True),
    StoryPerson("paulo", "Paulo Greaves", "Support specialist", "desk", "Ghent", 650),
    StoryPerson("anneli", "Anneli Osei", "Support specialist", "desk", "Nairobi", 520),
    StoryPerson("matti", "Matti Corbeau", "Lead of Networks", "networks", "Utrecht", 1960, True),
    StoryPerson("zainab", "Zainab Holloway", "Network engineer", "networks", "Tampere", 870),
    StoryPerson("ines", "Ines Takahara", "Lead of Workplace", "workplace", "Utrecht", 1150, True),
    StoryPerson("luis", "Luis Tavener", "Workplace specialist", "workplace", "Utrecht", 780),
    StoryPerson("viktor", "Viktor Amoah", "Director of security", "security", "Tampere", 1880, True),
    StoryPerson("stefan", "Stefan Quaye", "Security architect", "security", "Utrecht", 1090),
    StoryPerson("hanneke", "Hanneke Ferreira", "Lead of Security Operations", "watch", "Nairobi", 1220, True),
    StoryPerson("lucas", "Lucas Ademola", "Director of corporate systems", "corporate", "Porto", 1660, True),
    StoryPerson("wanjiru", "Wanjiru Delacroix", "Lead of Finance IT", "finance", "Porto", 1360, True),
    StoryPerson("hyejin", "Hyejin Marlowe", "Application consultant", "finance", "Ghent", 800),
    StoryPerson("oskar", "Oskar Benali", "Lead of People Systems", "staffing", "Porto", 1140, True),
    StoryPerson("abena", "Abena Ruthven", "Application consultant", "staffing", "Nairobi", 610),
)  # fmt: skip


def _colleagues() -> tuple[StoryPerson, ...]:
    """Fill every unit up to its size; who they are follows from counting, so it is the same every time."""
    taken = {person.name for person in CAST}
    found: list[StoryPerson] = []
    number = 0
    for unit in UNITS:
        missing = unit.size - sum(person.unit == unit.key for person in CAST)
        for place in range(missing):
            while name_number(number) in taken:
                number += 1
            name = name_number(number)
            taken.add(name)
            grade = ("Senior ", "", "", "Junior ", "")[(number + place) % 5] if unit.key != "root" else ""
            title = f"{grade}{unit.title.lower()}" if grade else unit.title
            site = unit.sites[place % len(unit.sites)]
            found.append(StoryPerson("", name, title, unit.key, site, 90 + (number * 97) % 2300))
            number += 1
    return tuple(found)


PEOPLE: tuple[StoryPerson, ...] = CAST + _colleagues()
PERSON_BY_KEY = {person.key: person for person in CAST}
LEAD_OF = {person.unit: person.key for person in CAST if person.is_lead}


def colleagues_of(unit: str) -> tuple[StoryPerson, ...]:
    """People of one unit, those with a part first."""
    return tuple(person for person in PEOPLE if person.unit == unit)


@dataclass(frozen=True, slots=True)
class StoryMove:
    """Somebody who belonged to another unit before. `days_ago` is the first day in their present unit."""

    person: str
    from_unit: str
    days_ago: int


# By key; these people start in `from_unit` and move to the unit that `PEOPLE` names.
MOVES: tuple[StoryMove, ...] = (
    StoryMove("mira", "night", 640),
    StoryMove("saskia", "records", 400),
    StoryMove("thandi", "desk", 310),
    StoryMove("paulo", "workplace", 260),
    StoryMove("ingrid", "laboratory", 230),
    StoryMove("delphine", "portal", 205),
    StoryMove("per", "networks", 150),
    StoryMove("abena", "finance", 38),
)

# (unit, place among its colleagues without a part from the end, days ago of the last day)
LEAVERS: tuple[tuple[str, int, int], ...] = (
    ("night", 1, 160),
    ("night", 2, 121),
    ("night", 3, 96),
    ("desk", 1, 143),
    ("portal", 1, 74),
    ("finance", 1, 59),
    ("networks", 1, 12),
)

# Person's key, kind, name, note.
STRENGTHS: tuple[tuple[str, str, str, str], ...] = (
    ("mira", "strength", "Calm in incidents", "Years on nights; keeps the call short and kind."),
    ("mira", "strength", "Explaining trade-offs to clinicians", ""),
    ("tomasz", "strength", "Reliability engineering", "Wrote the rehearsal plan for switching sites."),
    ("yuki", "strength", "Large database migrations", "Moved the archive of Ghent without a lost image."),
    ("emeka", "strength", "Large database migrations", ""),
    ("saskia", "strength", "Clinical data models", "Knows the records system from the inside; came from Records."),
    ("bram", "strength", "Cut-over planning", ""),
    ("nadia", "strength", "Release automation", ""),
    ("grace", "gift", "Teaching under pressure", "New colleagues ask for shifts with her."),
    ("grace", "strength", "Incident writing", "Her handover notes are the ones people copy."),
    ("desmond", "strength", "Building a rota people can live with", ""),
    ("margit", "asset", "Trust of the wards", "Directors of nursing call her directly."),
    ("noor", "gift", "Hearing what is not said", ""),
    ("noor", "strength", "Facilitating large groups", ""),
    ("chioma", "strength", "Accessible design", "Tests with patients of the vision clinic every month."),
    ("arjun", "strength", "Data lineage", ""),
    ("ingrid", "strength", "Coding systems of laboratories", ""),
    ("leila", "strength", "Access design for shift work", ""),
    ("stefan", "strength", "Threat modelling", ""),
    ("matti", "asset", "Drawings of every cable duct since 1998", "Paper, in the cellar of the Utrecht site."),
    ("priya", "gift", "Remembering people", "Greets callers by name, also those of last year."),
    ("wanjiru", "strength", "Explaining a budget in one page", ""),
    ("elena", "strength", "Image formats and their history", ""),
    ("farah", "strength", "Medication safety", ""),
)
# Unit's key, kind, name, note.
UNIT_STRENGTHS: tuple[tuple[str, str, str, str], ...] = (
    ("platform", "asset", "Rehearsal environment with real volumes", "Can be lent to other units for two days."),
    ("night", "strength", "Someone awake in every time zone", ""),
    ("desk", "asset", "Nine years of searchable tickets", ""),
    ("data", "strength", "Teaching statistics to clinicians", ""),
    ("quality", "asset", "A test ward with real devices", "Four beds in the old wing of Porto."),
)

GUESTS: tuple[tuple[str, str, str], ...] = (
    ("colette", "Colette Ngata", "colette.ngata@wards.example"),
    ("matthias", "Matthias Ironwood", "matthias.ironwood@advice.example"),
)


@dataclass(frozen=True, slots=True)
class StoryStakeholder:
    """An entry of the register; `person` is the key of who stands for it, "" for nobody yet."""

    key: str
    kind: str
    name: str
    represents: str
    influence: int
    interest: int
    is_group: bool = False
    person: str = ""
    note: str = ""


# Nobody speaks for the general practitioners yet: the gap that the register shows.
STAKEHOLDERS: tuple[StoryStakeholder, ...] = (
    StoryStakeholder("board", "senior_leader", "Quality committee of the hospital board",
        "The board's view on safety and quality of care", 5, 4, True, "renske", "Meets every second Tuesday."),
    StoryStakeholder("amara", "senior_leader", "Amara Lindholm", "The technology organisation as a whole", 5, 5,
        False, "amara"),
    StoryStakeholder("nursing", "business_partner", "Directors of nursing", "4,100 nurses in five hospitals", 5, 4,
        True, "margit"),
    StoryStakeholder("controllers", "business_partner", "Finance directors of the hospitals",
        "What the hospitals can pay, and for what", 4, 2, True, "wanjiru"),
    StoryStakeholder("advisor", "technical_expert", "Matthias Ironwood",
        "Safety engineering outside health care: aviation and rail", 3, 4, False, "matthias", "Advises four days a "
            "year."),
    StoryStakeholder("architects", "technical_expert", "Architecture circle", "Coherence of the technical "
        "landscape", 4, 3, True, "stefan"),
    StoryStakeholder("wards", "customer_representative", "Ward nurses, represented by Colette Ngata",
        "Nurses who use the systems at the bedside, day and night", 3, 5, False, "colette", "Elected by the ward "
            "councils for two years."),
    StoryStakeholder("readers", "customer_representative", "Radiologists on call",
        "Twenty-six radiologists who read images at night", 4, 5, True, "elena"),
    StoryStakeholder("patients", "customer_representative", "Patient council", "People who are or were patients "
        "here", 3, 5, True, "sanna"),
    StoryStakeholder("practices", "community_partner", "General practitioners of the region",
        "About 340 practices that refer patients and wait for our letters", 4, 4, True, "",
        "Nobody speaks for them yet. Margit is asking the regional association for a name."),
)  # fmt: skip
