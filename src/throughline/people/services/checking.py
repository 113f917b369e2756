"""Reading what a form or a program sent: trimmed text of a length, dates, versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from throughline.kernel.errors import Conflict, Invalid


class Versioned(Protocol):
    """A row that counts its edits."""

    version: int


def version_require(row: Versioned, version: int | None, *, noun: str) -> None:
    """Refuse an edit made from an older version; None means the caller did not look at one (API, import)."""
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody else changed this {noun} while you were writing. Reload the page to see it, then "
            "send yours again."
        )


def words_checked(
    values: Mapping[str, str], longest: Mapping[str, int], *, required: tuple[str, ...] = ()
) -> dict[str, str]:
    """Trimmed texts; raises Invalid with a sentence for each that is missing or too long."""
    trimmed = {key: value.strip() for key, value in values.items()}
    problems = {
        key: f"It has {len(value)} characters; at most {longest[key]} are kept. Shorten it."
        for key, value in trimmed.items()
        if len(value) > longest[key]
    }
    problems.update({key: "Fill this in." for key in required if not trimmed.get(key)})
    problems.update(
        {key: "It holds a character that cannot be stored." for key, value in trimmed.items() if "\x00" in value}
    )
    if problems:
        raise Invalid(problems)
    return trimmed


def email_checked(text: str) -> str:
    """An address in lower case, or "" for none; raises Invalid for anything else."""
    email = text.strip().lower()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid({"email": "This is not an e-mail address. Write it as name@example.org."}) from None
    return email


def time_zone_checked(name: str) -> str:
    """A time zone by its IANA name, or "" for the organisation's."""
    zone = name.strip()
    if zone and zone not in available_timezones():
        raise Invalid({"time_zone": "This is not a time zone. Write it as Europe/Berlin, or leave it empty."})
    return zone


def span_check(starts_on: date | None, ends_on: date | None, *, field: str) -> None:
    """Refuse a last day before the first."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Invalid({field: f"The last day cannot be before the first day, {starts_on.isoformat()}."})
