"""Rows of files as goals to write: names become people, units, cycles, themes and purposes; who is not here stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from throughline.goals.rules.records import CheckInRecord, GoalRecord
from throughline.goals.services import BulkGoal, GoalFields, KeyResultTerms, MilestoneTerms, strategic_theme_create
from throughline.integrations.okr_formats.tabular.goal_table import GoalRow
from throughline.integrations.rules.records import record_of_row
from throughline.integrations.selectors.matching import (
    CycleFound,
    cycles_by_name,
    person_ids_by_email,
    purposes_named,
    theme_ids_by_title,
    unit_ids_named,
)
from throughline.kernel.actor import Actor
from throughline.kernel.errors import ThroughlineError
from throughline.kernel.ids import SubjectRef

DESCRIPTION_LENGTH = 8000


@dataclass(slots=True)
class Resolved:
    """Goals ready to be written; `refused` are rows that cannot be read, `notes` what is kept as text. Both by id."""

    goals: list[BulkGoal] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Names:
    people: dict[str, int]
    units: dict[str, tuple[int | None, str]]
    cycles: dict[str, CycleFound]
    themes: dict[str, int]
    purposes: dict[str, SubjectRef]


def rows_resolved(actor: Actor, rows: Sequence[GoalRow], *, new_ids: frozenset[str], over_on: date) -> Resolved:
    """Goals for rows. Themes nobody set yet are created. New goals of a cycle that ended before `over_on` are closed."""
    found = Resolved()
    records: list[GoalRecord] = []
    for row in rows:
        try:
            records.append(record_of_row(row))
        except ValueError as error:
            found.refused.append((row.id, str(error)))
    names = _names(actor, records)
    for record in records:
        found.goals.append(_goal(record, names, found, is_new=record.id in new_ids, over_on=over_on))
    return found


def _names(actor: Actor, records: Sequence[GoalRecord]) -> _Names:
    emails = {email for record in records for email in (record.owner_email, *record.co_owner_emails) if email}
    titles = list(dict.fromkeys(record.theme for record in records if record.theme))
    themes = theme_ids_by_title(actor, titles)
    for title in titles:
        if title not in themes:
            try:
                themes[title] = strategic_theme_create(actor=actor, title=title).pk
            except ThroughlineError:
                # A title that cannot be a theme's stays in the description.
                continue
    return _Names(
        people=person_ids_by_email(actor, emails),
        units=unit_ids_named(actor, {record.unit for record in records if record.unit}),
        cycles=cycles_by_name(actor, {record.cycle for record in records if record.cycle}),
        themes=themes,
        purposes=purposes_named(actor, {record.serves for record in records if record.serves}),
    )


def _goal(record: GoalRecord, names: _Names, found: Resolved, *, is_new: bool, over_on: date) -> BulkGoal:
    kept: list[str] = []

    def person(email: str | None, label: str) -> int | None:
        number = names.people.get((email or "").lower())
        if email and number is None:
            kept.append(f"{label} in the file: {email}")
        return number

    owner_id = person(record.owner_email, "Owner")
    co_owners = tuple(n for email in record.co_owner_emails if (n := person(email, "Co-owner")) is not None)
    unit_id, trouble = names.units.get(record.unit or "", (None, ""))
    if record.unit and unit_id is None:
        kept.append(f"Unit in the file: {record.unit}")
        found.notes.append((record.id, f"Unit “{record.unit}”: {trouble} The goal is the organisation's."))
    cycle = names.cycles.get(record.cycle or "")
    if record.cycle and cycle is None:
        kept.append(f"Cycle in the file: {record.cycle}")
    theme_id = names.themes.get(record.theme or "")
    if record.theme and theme_id is None:
        kept.append(f"Theme in the file: {record.theme}")
    serves = names.purposes.get(record.serves or "")
    if record.serves and serves is None:
        kept.append(f"Serves, in the file: {record.serves}")
    if kept:
        found.notes.append((record.id, "Kept as text: " + "; ".join(kept)))
    level = record.level or ("unit" if unit_id is not None else "organisation")
    if (level == "unit" and unit_id is None) or (level == "person" and owner_id is None):
        level = "unit" if unit_id is not None else "organisation"
    fields = GoalFields(
        title=record.title,
        description=_with(record.description, kept),
        level=level,
        unit_id=unit_id,
        owner_id=owner_id,
        co_owner_ids=co_owners,
        cycle_id=cycle.id if cycle is not None else None,
        theme_id=theme_id,
        serves=serves,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        cadence=record.cadence,
        # What only a team may read never becomes open because its level could not be kept.
        visibility=record.visibility or ("team" if record.level == "person" else ""),
        metric_key=record.metric_key or (record.metric_unit[:80] if record.kind == "objective" else ""),
        metric_unit=record.metric_unit,
        weight=record.weight,
    )
    state = record.state or ("candidate" if record.kind == "objective" else "active")
    if is_new and state == "active" and record.kind == "objective" and cycle is not None and cycle.ends_on < over_on:
        state = "closed"
    return BulkGoal(
        external_id=record.id,
        fields=fields,
        kind=record.kind,
        part_of=record.parents[0].goal_id if record.kind != "objective" and record.parents else "",
        terms=_terms(record, fields) if record.kind == "key_result" else None,
        done_on=tuple(item.done_on for item in record.milestones),
        parents=record.parents if record.kind == "objective" else record.parents[1:],
        state=state,
        on=cycle.starts_on if cycle is not None and cycle.starts_on <= over_on else None,
    )


def _terms(record: GoalRecord, fields: GoalFields) -> KeyResultTerms:
    """The terms stated; a target without a baseline starts from nothing, and none at all is a share of 100 %."""
    baseline, target, metric_unit = record.baseline, record.target, record.metric_unit
    if record.measure in ("increase_to", "decrease_to") and target is None and baseline is None:
        baseline, target = (0.0, 100.0) if record.measure == "increase_to" else (100.0, 0.0)
        metric_unit = metric_unit or "%"
    elif record.measure == "increase_to" and baseline is None and target is not None and target > 0:
        baseline = 0.0
    return KeyResultTerms(
        title=fields.title,
        measure=record.measure,
        baseline=baseline,
        target=target,
        low=record.low,
        high=record.high,
        metric_key=record.metric_key,
        metric_unit=metric_unit,
        weight=fields.weight,
        owner_id=fields.owner_id,
        starts_on=fields.starts_on,
        ends_on=fields.ends_on,
        cadence=fields.cadence,
        description=fields.description,
        milestones=tuple(MilestoneTerms(item.title, item.weight, item.due_on) for item in record.milestones),
    )


def _with(description: str, kept: Iterable[str]) -> str:
    lines = [line for line in kept if line not in description]
    if not lines:
        return description
    return (f"{description}\n\n" if description else "") + "\n".join(lines)


def with_people(records: Sequence[CheckInRecord], people: dict[str, int]) -> list[tuple[CheckInRecord, int | None]]:
    """Check-ins with the number of who made them; somebody unknown is named in the note."""
    found = []
    for record in records:
        person_id = people.get((record.by_email or "").lower())
        if record.by_email and person_id is None:
            record = replace(record, note=_with(record.note, [f"Checked in by: {record.by_email}"]))
        found.append((record, person_id))
    return found
