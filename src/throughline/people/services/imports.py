"""HR imports: upload, say what the columns mean, look at what would happen, import, see what did."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, ThroughlineError
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record
from throughline.people import policies
from throughline.people.events import ImportMoved
from throughline.people.models import ImportFinding, PeopleImport
from throughline.people.rules import FindingKind, ImportState
from throughline.people.rules.hr_columns import HrMapping, mapping_guess, mapping_read
from throughline.people.rules.hr_file import TableHead, table_head, table_lines
from throughline.people.rules.hr_rows import ParsedPeople, people_parse
from throughline.people.rules.planning import batch_plan
from throughline.people.rules.present import PersonNow, Present
from throughline.people.rules.rows import PersonColumn, Refusal
from throughline.people.selectors.present import missing_from, people_present
from throughline.people.services.bulk import BulkResult, people_bulk_upsert
from throughline.people.services.bulk_writing import Progress
from throughline.people.services.import_files import import_forget, import_path, import_store
from throughline.people.services.import_findings import preview_counts, preview_findings, refused_findings

log = logging.getLogger(__name__)
KIND = "people.import"
_STARTABLE = frozenset({ImportState.PREVIEWED, ImportState.FAILED})
_MAPPABLE = frozenset({ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED})


@dataclass(frozen=True, slots=True)
class FileResult:
    """What importing a file did: its lines, what was saved, and everything refused, of the file and of the
    rows.
    """

    lines: int
    saved: BulkResult
    refusals: list[Refusal]


@transaction.atomic
def people_import_upload(*, actor: Actor, file_name: str, chunks: Iterable[bytes]) -> PeopleImport:
    """Keep an uploaded file and guess what its columns mean; raises Invalid for what is no table."""
    policies.can_import(actor).require()
    stored_name = import_store(chunks)
    try:
        mapping = mapping_guess(table_head(import_path(stored_name)))
    except ThroughlineError:
        import_forget(stored_name)
        raise
    people_import = PeopleImport.objects.create(
        org_id=actor.org_id,
        file_name=Path(file_name.replace("\x00", "")).name[:200] or "people.csv",
        stored_name=stored_name,
        mapping=mapping.as_json(),
        started_by_id=actor.person_id,
        created_at=now(),
    )
    _record(actor, people_import)
    return people_import


@transaction.atomic
def people_import_map(*, actor: Actor, people_import: PeopleImport, mapping: Mapping[str, Any]) -> PeopleImport:
    """Say what the columns mean. The import then waits for its preview (`people_import_preview`)."""
    policies.can_see_import(actor, people_import).require()
    _require_state(people_import, _MAPPABLE, "The columns can be chosen before the import starts.")
    head = table_head(import_path(people_import.stored_name))
    people_import.mapping = mapping_read(mapping, n_columns=len(head.columns)).as_json()
    return _move(actor, people_import, ImportState.PREVIEWING)


def people_import_preview(*, actor: Actor, people_import: PeopleImport) -> PeopleImport:
    """Work out what the file would change, change nothing, and keep the findings. Safe to repeat."""
    policies.can_see_import(actor, people_import).require()
    _require_state(people_import, {ImportState.PREVIEWING}, "Choose what the columns mean first.")
    try:
        reading = _read(actor, people_import)
        plan = batch_plan(
            reading.parsed.rows,
            reading.present,
            given=reading.mapping.given(),
            on=reading.on,
            leaving=reading.leaving,
        )
    except ThroughlineError as error:
        people_import.problem = str(error)[:500]
        return _move(actor, people_import, ImportState.UPLOADED)
    refusals = [*reading.parsed.refusals, *plan.refusals]
    with transaction.atomic():
        people_import.findings.all().delete()
        ImportFinding.objects.bulk_create(
            preview_findings(people_import, reading.head, plan, refusals), batch_size=1000
        )
        people_import.summary = {
            **preview_counts(plan, refusals),
            "lines": reading.parsed.n_lines,
            "people_before": plan.n_present,
        }
        people_import.rows_total, people_import.rows_done, people_import.problem = (
            reading.parsed.n_lines,
            0,
            "",
        )
        return _move(actor, people_import, ImportState.PREVIEWED)


@transaction.atomic
def people_import_start(*, actor: Actor, people_import: PeopleImport) -> PeopleImport:
    """Let the import run; the caller enqueues `people_import_run`. Also how one that failed is taken up
    again.
    """
    policies.can_see_import(actor, people_import).require()
    policies.can_import(actor).require()
    _require_state(people_import, _STARTABLE, "Look at the preview first; an import starts from there, once.")
    import_path(people_import.stored_name)
    people_import.problem, people_import.rows_done = "", 0
    return _move(actor, people_import, ImportState.RUNNING)


def people_import_run(*, actor: Actor, people_import: PeopleImport) -> PeopleImport:
    """Import the file. Batches commit one by one; a failure says what was done, and a repetition does the
    rest.
    """
    policies.can_see_import(actor, people_import).require()
    if people_import.state == ImportState.DONE:
        return people_import
    _require_state(people_import, {ImportState.RUNNING}, "This import was not started.")

    def tell(done: int, total: int) -> None:
        PeopleImport.objects.filter(pk=people_import.pk).update(rows_done=done, rows_total=total)
        people_import.rows_done, people_import.rows_total = done, total

    try:
        reading = _read(actor, people_import)
        saved = _save(actor, reading, progress=tell, context=SubjectRef(KIND, people_import.pk))
    except Exception as error:
        # Whatever went wrong, the page has to say how far it came; the log has the rest.
        log.exception("Import %s stopped", people_import.pk)
        reason = str(error) if isinstance(error, ThroughlineError) else "Something broke on our side."
        people_import.problem = (
            f"{reason} {people_import.rows_done} of {people_import.rows_total} people were saved and stay. "
            "Start it again: what is saved is recognised, and the rest follows."
        )[:500]
        return _move(actor, people_import, ImportState.FAILED)
    refusals = [*reading.parsed.refusals, *saved.refusals]
    with transaction.atomic():
        people_import.findings.filter(kind__in=(FindingKind.REFUSED_LINE, FindingKind.REFUSED_CELL)).delete()
        ImportFinding.objects.bulk_create(
            refused_findings(people_import, reading.head, reading.mapping, refusals), batch_size=1000
        )
        people_import.summary = {
            **people_import.summary,
            "added": saved.added,
            "updated": saved.changed,
            "same": saved.unchanged,
            "ended": saved.ended,
            "units_created": saved.units_created,
            "refused_lines": sum(refusal.is_whole_line for refusal in refusals),
            "refused_cells": sum(not refusal.is_whole_line for refusal in refusals),
        }
        stored_name, people_import.stored_name = people_import.stored_name, ""
        people_import.rows_done, people_import.finished_at = people_import.rows_total, now()
        _move(actor, people_import, ImportState.DONE)
        transaction.on_commit(lambda: import_forget(stored_name))
    return people_import


@transaction.atomic
def people_import_discard(*, actor: Actor, people_import: PeopleImport) -> PeopleImport:
    """Drop an upload that is not running: the file and everything read from it are deleted."""
    policies.can_see_import(actor, people_import).require()
    if people_import.state in (ImportState.RUNNING, ImportState.DONE):
        raise Conflict("This import is running or done; it can no longer be dropped.")
    stored_name, people_import.stored_name = people_import.stored_name, ""
    people_import.findings.all().delete()
    transaction.on_commit(lambda: import_forget(stored_name))
    return _move(actor, people_import, ImportState.DISCARDED)


def people_import_file(
    *, actor: Actor, path: Path, mapping: HrMapping | None = None, progress: Progress | None = None
) -> FileResult:
    """Import a file from the command line, by the same rules; without a mapping the columns are guessed.

    Raises Invalid when the file is no table or the guess finds neither names nor ids.
    """
    policies.can_import(actor).require()
    head = table_head(path)
    wanted = mapping if mapping is not None else mapping_guess(head)
    reading = _reading(actor, path, head, mapping_read(wanted.as_json(), n_columns=len(head.columns)))
    saved = _save(actor, reading, progress=progress, context=None)
    return FileResult(reading.parsed.n_lines, saved, [*reading.parsed.refusals, *saved.refusals])


@dataclass(frozen=True, slots=True)
class _Reading:
    head: TableHead
    mapping: HrMapping
    parsed: ParsedPeople
    present: Present
    leaving: list[PersonNow]
    on: date


def _read(actor: Actor, people_import: PeopleImport) -> _Reading:
    path = import_path(people_import.stored_name)
    head = table_head(path)
    return _reading(actor, path, head, mapping_read(people_import.mapping, n_columns=len(head.columns)))


def _reading(actor: Actor, path: Path, head: TableHead, mapping: HrMapping) -> _Reading:
    day = today(actor.time_zone)
    parsed = people_parse(table_lines(path, head), head, mapping)
    present = people_present(actor, on=day)
    leaving: list[PersonNow] = []
    if mapping.is_leaving_when_missing:
        if not parsed.rows:
            raise Invalid("No line of this file can be taken, so nobody is ended for being missing from it.")
        leaving = missing_from(
            present,
            actor=actor,
            ids=parsed.seen_ids,
            emails=parsed.seen_emails,
            has_ids=PersonColumn.EXTERNAL_ID in mapping.given(),
        )
    return _Reading(head, mapping, parsed, present, leaving, day)


def _save(actor: Actor, reading: _Reading, *, progress: Progress | None, context: SubjectRef | None) -> BulkResult:
    return people_bulk_upsert(
        actor=actor,
        rows=reading.parsed.rows,
        on=reading.on,
        progress=progress,
        given=reading.mapping.given(),
        leaving=reading.leaving,
        context=context,
    )


def _require_state(people_import: PeopleImport, states: Collection[str], sentence: str) -> None:
    if people_import.state not in states:
        raise Conflict(f"{sentence} It is {people_import.state} now.")


@transaction.atomic
def _move(actor: Actor, people_import: PeopleImport, state: ImportState) -> PeopleImport:
    people_import.state = state
    people_import.save()
    _record(actor, people_import)
    return people_import


def _record(actor: Actor, people_import: PeopleImport) -> None:
    event = ImportMoved(import_id=people_import.pk, state=ImportState(people_import.state))
    event_record(actor, event, subject=SubjectRef(KIND, people_import.pk))
