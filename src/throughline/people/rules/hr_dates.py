"""Dates as HR systems write them. The format is found from the whole column, and stated, never guessed per
cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

_NUMERIC = re.compile(r"^(\d{1,4})([-./ ])(\d{1,2})\2(\d{1,4})$")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way of writing a date; `label` is what a person is shown."""

    key: str
    label: str
    pattern: str


DATE_FORMATS = (
    DateFormat("iso", "year-month-day (2026-03-31)", "%Y-%m-%d"),
    DateFormat("dmy", "day, month, year (31.03.2026 or 31/03/2026)", "%d-%m-%Y"),
    DateFormat("mdy", "month, day, year (03/31/2026)", "%m-%d-%Y"),
    DateFormat("dmy_words", "31 Mar 2026 or 31 March 2026", "%d-%b-%Y"),
    DateFormat("mdy_words", "Mar 31, 2026 or March 31, 2026", "%b-%d-%Y"),
)
_BY_KEY = {entry.key: entry for entry in DATE_FORMATS}


def date_format_label(key: str) -> str:
    """How the format reads to a person; the key itself when unknown."""
    return _BY_KEY[key].label if key in _BY_KEY else key


def date_format_guess(samples: Iterable[str]) -> str:
    """The key of the format that reads most samples; day before month when both read all. "iso" without
    samples.
    """
    values = [value for value in samples if value.strip()]
    if not values:
        return "iso"
    counts = {entry.key: sum(date_read(value, entry.key) is not None for value in values) for entry in DATE_FORMATS}
    return max(counts, key=lambda key: counts[key])


def date_read(text: str, key: str) -> date | None:
    """The date a cell holds in one format, or None. A time after the date is ignored; two-digit years are
    refused.
    """
    value = text.strip()
    if not value or key not in _BY_KEY:
        return None
    if "T" in value and value[:4].isdigit():
        value = value.split("T", 1)[0]
    elif ":" in value:
        value = value.rsplit(" ", 2)[0] if value[-1] in "Mm" else value.rsplit(" ", 1)[0]
    match = _NUMERIC.match(value)
    if match is not None:
        first, _, second, third = match.groups()
        if key == "iso" and len(first) == 4:
            return _date(int(first), int(second), int(third))
        if key == "dmy" and len(third) == 4:
            return _date(int(third), int(second), int(first))
        if key == "mdy" and len(third) == 4:
            return _date(int(third), int(first), int(second))
        return None
    if not key.endswith("_words"):
        return None
    parts = [part[:3] if part.isalpha() else part for part in re.split(r"[\s,.\-/]+", value) if part]
    try:
        return datetime.strptime("-".join(parts), _BY_KEY[key].pattern).date()  # noqa: DTZ007 - a date without a time
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
