"""One person as a file or the demo gives it, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PersonColumn(StrEnum):
    """What a row may say about a person. What is not among the given columns stays as it is."""

    NAME = "name"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    TITLE = "title"
    LOCATION = "location"
    MANAGER = "manager"
    UNIT = "unit"
    IS_LEAD = "is_lead"
    STARTED_ON = "started_on"
    LEFT_ON = "left_on"


ALL_COLUMNS = frozenset(PersonColumn)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person to add or bring up to date, found by `external_id`, then `email`.

    `manager` is an id, an e-mail or a name. `unit` is the path of unit names from the top; one name alone is looked
    up anywhere in the tree. `line` is the place in the file, or any number the caller can recognise.
    """

    line: int
    name: str
    email: str = ""
    external_id: str = ""
    title: str = ""
    location: str = ""
    manager: str = ""
    unit: tuple[str, ...] = ()
    is_lead: bool = False
    started_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken and why. `is_whole_line` False: only this cell; the person is imported without it."""

    line: int
    column: str
    value: str
    reason: str
    is_whole_line: bool = True
    name: str = ""
