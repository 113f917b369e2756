"""From files and choices to a plan: what would be added and changed, with the place of every row. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from throughline.integrations.okr_formats.markdown.cycles import cycle_named, year_named
from throughline.integrations.okr_formats.model import UnreadLine
from throughline.integrations.okr_formats.tabular.goal_table import GoalRow
from throughline.integrations.rules import FindingKind
from throughline.integrations.rules.comparing import Plan, plan_made
from throughline.integrations.rules.mapping import CycleChoice, FileChoice, OkrMapping
from throughline.integrations.rules.reading import ReadFile, ReadFiles, format_label, owners_named
from throughline.integrations.rules.results import FileResult, FoundLine, OkrImportResult
from throughline.integrations.rules.translating import Translated, rows_of_file
from throughline.integrations.selectors.imports import last_import_rows
from throughline.integrations.selectors.matching import cycles_by_name, owner_emails_guessed
from throughline.integrations.selectors.present import rows_present
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a goal of the import stands."""

    file: str
    line: int
    depth: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import ready to be shown or written."""

    read: ReadFiles
    plan: Plan
    places: Mapping[str, RowPlace]
    cycles: tuple[CycleChoice, ...]
    # What the files themselves say of their goals, to be remembered.
    stated: Mapping[str, GoalRow]
    result: OkrImportResult


def mapping_guessed(actor: Actor, read: ReadFiles) -> OkrMapping:
    """What one would choose without being asked: the cycles the files speak of, the people with exactly these names."""
    day = today(actor.time_zone)
    known = cycles_by_name(actor, [file.cycle.name for file in read.files if file.cycle is not None])
    files = {}
    for file in read.files:
        cycle = CycleChoice()
        if file.cycle is not None and not file.is_table:
            found = known.get(file.cycle.name)
            if found is not None:
                cycle = CycleChoice(found.name, found.starts_on, found.ends_on)
            else:
                starts_on, ends_on = cycle_dates(file.cycle.name, day=day)
                cycle = CycleChoice(
                    file.cycle.name[:120], file.cycle.starts_on or starts_on, file.cycle.ends_on or ends_on
                )
        files[file.name] = FileChoice(format_key=file.parsed.format_key, cycle=cycle)
    owners = [owner for owner, _ in owners_named(read.files)]
    return OkrMapping(files=files, owners=owner_emails_guessed(actor, owners))


def prepared(actor: Actor, read: ReadFiles, mapping: OkrMapping, *, is_dry_run: bool) -> Prepared:
    """Translate the files by the mapping and compare them with what is there."""
    day = today(actor.time_zone)
    translated = [
        (file, rows_of_file(file, _choice(mapping, file), owners=mapping.owners, state=mapping.state, on=day))
        for file in read.files
    ]
    goals, places, refused = _joined(translated)
    check_ins = [row for _, found in translated for row in found.check_ins]
    stated = {row.id: row for _, found in translated for row in found.goals}
    tables = {row.id for file, found in translated if file.is_table for row in found.goals}
    present = rows_present(actor, [*places, *{row.goal_id for row in check_ins}])
    last = last_import_rows(actor, list(stated))
    plan = plan_made(
        goals, check_ins, present=present.goals, present_check_ins=present.check_ins, last_import=last, tables=tables
    )
    cycles, cycle_notes = _cycles_missing(actor, goals, mapping, day=day)
    result = _result(read, translated, plan, is_dry_run=is_dry_run)
    result = replace(
        result,
        cycles_created=tuple(cycle.name for cycle in cycles),
        refused=tuple(refused),
        notes=(*result.notes, *cycle_notes),
    )
    return Prepared(read, plan, places, cycles, stated, result)


def cycle_dates(name: str, *, day: date, rows: Iterable[GoalRow] = ()) -> tuple[date, date]:
    """First and last day of a cycle: what its name says, else its goals' own days, else the quarter of `day`."""
    hint = cycle_named(name) or year_named(name)
    if hint is not None and hint.starts_on is not None and hint.ends_on is not None:
        return hint.starts_on, hint.ends_on
    starts = [row.starts_on for row in rows if row.starts_on is not None]
    ends = [row.ends_on for row in rows if row.ends_on is not None]
    if starts and ends and min(starts) <= max(ends):
        return min(starts), max(ends)
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return first, following - timedelta(days=1)


def _choice(mapping: OkrMapping, file: ReadFile) -> FileChoice:
    return mapping.files.get(file.name) or FileChoice()


def _joined(
    translated: Sequence[tuple[ReadFile, Translated]],
) -> tuple[list[GoalRow], dict[str, RowPlace], list[FoundLine]]:
    """The goals of all files; a goal that two files hold is taken from the first and named."""
    goals: list[GoalRow] = []
    places: dict[str, RowPlace] = {}
    refused: list[FoundLine] = []
    for file, found in translated:
        for row in found.goals:
            name = found.parts.get(row.id) or file.name
            if row.id in places:
                earlier = places[row.id]
                reason = f"The same goal was already read from {earlier.file}, line {earlier.line}; that one counts."
                refused.append(FoundLine(name, found.lines[row.id], row.title, reason))
                continue
            places[row.id] = RowPlace(name, found.lines[row.id], found.depths[row.id])
            goals.append(row)
    return goals, places, refused


def _cycles_missing(
    actor: Actor, goals: Sequence[GoalRow], mapping: OkrMapping, *, day: date
) -> tuple[tuple[CycleChoice, ...], list[FoundLine]]:
    """The cycles that do not exist yet, with their days."""
    names = list(dict.fromkeys(row.cycle.strip() for row in goals if row.cycle and row.cycle.strip()))
    known = cycles_by_name(actor, names)
    chosen = {choice.cycle.name: choice.cycle for choice in mapping.files.values() if choice.cycle.name}
    found: list[CycleChoice] = []
    notes: list[FoundLine] = []
    for name in names:
        if name in known:
            continue
        choice = chosen.get(name)
        if choice is not None and choice.starts_on is not None and choice.ends_on is not None:
            found.append(choice)
            continue
        starts_on, ends_on = cycle_dates(name, day=day, rows=[row for row in goals if row.cycle == name])
        found.append(CycleChoice(name, starts_on, ends_on))
        if cycle_named(name) is None and year_named(name) is None:
            words = f"The days of cycle “{name}” are in no file; it runs from {starts_on} to {ends_on}. Change them on its page."
            notes.append(FoundLine("Cycles", 0, name, words))
    return tuple(found), notes


def _result(
    read: ReadFiles, translated: Sequence[tuple[ReadFile, Translated]], plan: Plan, *, is_dry_run: bool
) -> OkrImportResult:
    unread = [_unread(file, line) for file in read.files for line in file.parsed.unread]
    notes = [FoundLine(file.name, 0, "", note) for file in read.files for note in file.parsed.notes]
    notes += [FoundLine(file.name, line, "", note) for file, found in translated for line, note in found.notes]
    owners: dict[str, int] = {}
    for _, found in translated:
        for owner, count in found.owners_as_text.items():
            owners[owner] = owners.get(owner, 0) + count
    return OkrImportResult(
        is_dry_run=is_dry_run,
        files=tuple(
            FileResult(
                file.name, file.parsed.format_key, format_label(file.parsed.format_key), len(found.goals), file.lines
            )
            for file, found in translated
        ),
        unreadable=read.refused,
        new=plan.count(FindingKind.NEW),
        changed=plan.count(FindingKind.CHANGED),
        unchanged=plan.count(FindingKind.UNCHANGED),
        check_ins_new=len(plan.check_ins),
        check_ins_known=plan.check_ins_known,
        cycles_created=(),
        unread=tuple(unread),
        refused=(),
        notes=tuple(notes),
        owners_as_text=owners,
        dependencies_as_text=sum(found.dependencies_as_text for _, found in translated),
    )


def _unread(file: ReadFile, line: UnreadLine) -> FoundLine:
    return FoundLine(line.part or file.name, line.line, line.text, line.reason)
