"""Goals and check-ins as plain records: what an export writes and an import reads, by names and not by numbers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_OWN_ID = re.compile(r"tl-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class ParentRecord:
    """A goal this one is aligned to."""

    goal_id: str
    weight: float = 1.0
    rule: str = "contributes"


@dataclass(frozen=True, slots=True)
class MilestoneRecord:
    """One milestone of a key result."""

    title: str
    weight: float = 1.0
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class GoalRecord:
    """One goal or part. `parents` of a part is its one objective. None means "not stated" and changes nothing."""

    id: str
    title: str
    kind: str = "objective"
    parents: tuple[ParentRecord, ...] = ()
    description: str = ""
    level: str = ""
    visibility: str = ""
    cycle: str | None = None
    unit: str | None = None
    owner_email: str | None = None
    co_owner_emails: tuple[str, ...] = ()
    theme: str | None = None
    serves: str | None = None
    state: str = ""
    measure: str = ""
    metric_key: str = ""
    metric_unit: str = ""
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    milestones: tuple[MilestoneRecord, ...] = ()
    weight: float = 1.0
    starts_on: date | None = None
    ends_on: date | None = None
    cadence: str = ""


@dataclass(frozen=True, slots=True)
class CheckInRecord:
    """One check-in that stands; corrected ones are not exported."""

    goal_id: str
    on: date
    value: float | None = None
    confidence_0_1: float | None = None
    status: str = ""
    note: str = ""
    by_email: str | None = None


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """Why a record was not taken, or what of it was left out."""

    id: str
    reason: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk write did. `ids`: number of each row by its external id."""

    created: int
    changed: int
    unchanged: int
    alignments: int
    check_ins: int
    problems: tuple[RecordProblem, ...]
    ids: dict[str, int] = field(default_factory=dict)


def record_id(external_id: str, number: int) -> str:
    """The id of a goal in an export: its own from elsewhere, else one that names its number here."""
    return external_id or f"tl-{number}"


def own_number(text: str) -> int | None:
    """The number in an id that an export made, or None."""
    found = _OWN_ID.fullmatch(text)
    return int(found[1]) if found is not None else None


def milestones_text(milestones: tuple[MilestoneRecord, ...]) -> str:
    """Milestones in one cell, so that every title survives."""
    items: list[dict[str, Any]] = [
        {
            "title": item.title,
            "weight": item.weight,
            "due_on": item.due_on.isoformat() if item.due_on is not None else None,
            "done_on": item.done_on.isoformat() if item.done_on is not None else None,
        }
        for item in milestones
    ]
    return json.dumps(items, ensure_ascii=False) if items else ""


def milestones_read(text: str) -> tuple[MilestoneRecord, ...]:
    """What `milestones_text` wrote, or titles separated by semicolons. Raises ValueError with a sentence."""
    if not text.strip():
        return ()
    if not text.lstrip().startswith("["):
        return tuple(MilestoneRecord(piece.strip()) for piece in text.split(";") if piece.strip())
    try:
        return tuple(
            MilestoneRecord(
                title=str(item["title"]),
                weight=float(item.get("weight", 1.0)),
                due_on=_day(item.get("due_on")),
                done_on=_day(item.get("done_on")),
            )
            for item in json.loads(text)
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("The milestones cannot be read; write titles separated by semicolons.") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
