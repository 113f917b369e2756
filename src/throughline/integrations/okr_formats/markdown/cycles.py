"""The cycle a text speaks of: "2018 Q3", "FY20-Q1", "H1 2024", with dates where they are certain."""

import re
from datetime import date, timedelta

from throughline.integrations.okr_formats.model import CycleHint

_YEAR = r"(?:20\d\d|(?<!\d)\d\d(?!\d))"
QUARTER_LAST = re.compile(rf"\b(FY)?\s?({_YEAR})[\s_/.-]*([QH])([1-4])\b", re.I)
QUARTER_FIRST = re.compile(rf"\b([QH])([1-4])[\s_/.,'’-]*(?:of\s+)?(FY)?\s?({_YEAR})\b", re.I)
NUMBER_FIRST = re.compile(r"\b([1-4])([QH])\s?(20\d\d)\b", re.I)
YEAR_ALONE = re.compile(r"\b(FY)?\s?(20\d\d)\b", re.I)
MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        start=1,
    )
}
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DATE = (
    rf"(?:\d{{4}}-\d\d-\d\d|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?\s+\d{{4}})"
)
STATED_DATES = re.compile(rf"\b({_DATE})\s*(?:to|until|till|through|–|—|-|and)\s*({_DATE})\b", re.I)
OKR_WORDS = re.compile(
    r"\b(?:objectives?|key\s+results?|okrs?|goals?|company|quarter(?:ly)?|fiscal|annual|year|and|our|the|for|of)\b|[^\w]+",
    re.I,
)


def cycle_named(text: str) -> CycleHint | None:
    """The first cycle a text names, with the dates of its calendar quarter or half when it is no
    fiscal year.
    """
    if (found := QUARTER_LAST.search(text)) is not None:
        fiscal, year, letter, number = found.groups()
    elif (found := QUARTER_FIRST.search(text)) is not None:
        letter, number, fiscal, year = found.groups()
    elif (found := NUMBER_FIRST.search(text)) is not None:
        number, letter, year = found.groups()
        fiscal = None
    else:
        return None
    letter = letter.upper()
    if letter == "H" and int(number) > 2:
        return None
    if fiscal:
        return CycleHint(f"FY{year[-2:]}-{letter}{number}")
    months = 3 if letter == "Q" else 6
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    first_month = (int(number) - 1) * months + 1
    starts_on = date(full_year, first_month, 1)
    following = date(full_year + (first_month + months > 12), (first_month + months - 1) % 12 + 1, 1)
    return CycleHint(f"{full_year} {letter}{number}", starts_on, following - timedelta(days=1))


def year_named(text: str) -> CycleHint | None:
    """The year a text names; dates for a calendar year only."""
    found = YEAR_ALONE.search(text)
    if found is None:
        return None
    if found[1]:
        return CycleHint(f"FY{found[2][-2:]}")
    return CycleHint(found[2], date(int(found[2]), 1, 1), date(int(found[2]), 12, 31))


def dates_stated(text: str) -> tuple[date, date] | None:
    """First and last day where a sentence says "from February 1, 2019 to April 30, 2019"."""
    found = STATED_DATES.search(text)
    if found is None:
        return None
    first, last = _date(found[1]), _date(found[2])
    return (first, last) if first is not None and last is not None and first < last else None


def _date(text: str) -> date | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        year, month, day = (int(part) for part in text.split("-"))
    else:
        word = re.search(r"[A-Za-z]{3,}", text)
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if word is None or len(numbers) != 2:
            return None
        month = next(number for name, number in MONTHS.items() if name.startswith(word[0].lower()[:3]))
        day, year = numbers
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_only_a_cycle(text: str) -> bool:
    """Whether a heading says no more than "OKRs 2018 Q3" or "Q2 2018"."""
    rest = text
    for pattern in (QUARTER_LAST, QUARTER_FIRST, NUMBER_FIRST, YEAR_ALONE):
        rest = pattern.sub(" ", rest)
    return rest != text and OKR_WORDS.sub("", rest) == ""
