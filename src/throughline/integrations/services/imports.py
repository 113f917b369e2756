"""Imports on pages and in the API: upload, choose, look at what would happen, import, see what did."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import PurePath

from django.db import transaction

from throughline.integrations import policies
from throughline.integrations.events import OkrImportMoved
from throughline.integrations.models import OkrImport, OkrImportFile, OkrImportFinding
from throughline.integrations.rules import MAPPABLE, STARTABLE, STATE_LABELS, FindingKind, ImportState
from throughline.integrations.rules.mapping import OkrMapping
from throughline.integrations.rules.reading import ReadFiles, files_read, format_label, owners_named
from throughline.integrations.rules.results import FoundLine, OkrImportResult
from throughline.integrations.selectors import import_files
from throughline.integrations.services.files import file_forget, file_store
from throughline.integrations.services.importing import files_checked, result_after
from throughline.integrations.services.preparing import Prepared, mapping_guessed, prepared
from throughline.integrations.services.reading import import_mapping, import_read
from throughline.integrations.services.writing import prepared_write
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, ThroughlineError
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record

log = logging.getLogger(__name__)
KIND = "integrations.okr_import"
TEXT_LENGTH = 600


@transaction.atomic
def okr_import_upload(*, actor: Actor, files: Sequence[tuple[str, bytes]]) -> OkrImport:
    """Keep uploaded files (name and bytes), recognise their formats and guess the rest.

    Raises Invalid when none of them can be read; a file among others that cannot be read is named in the preview.
    """
    policies.can_import_goals(actor).require()
    named = [(_file_name(name), data) for name, data in files]
    files_checked(named)
    read = files_read(named)
    if not read.files:
        raise Invalid({"files": [file.reason for file in read.refused]})
    okr_import = OkrImport.objects.create(
        org_id=actor.org_id,
        mapping={**mapping_guessed(actor, read).as_json(), "formats": {}},
        summary={"recognised": _recognised(read)},
        started_by_id=actor.person_id,
        created_at=now(),
    )
    rows = []
    for position, (name, data) in enumerate(named):
        stored = file_store(data)
        rows.append(
            OkrImportFile(org_id=actor.org_id, okr_import=okr_import, position=position, name=name, stored_name=stored)
        )
    try:
        with transaction.atomic():
            OkrImportFile.objects.bulk_create(rows)
    except Exception:
        for row in rows:
            file_forget(row.stored_name)
        raise
    _record(actor, okr_import)
    return okr_import


@transaction.atomic
def okr_import_formats(*, actor: Actor, okr_import: OkrImport, formats: Mapping[str, str]) -> OkrImport:
    """Read files in other formats than the recognised ones; cycles and owners are guessed anew.

    Raises Invalid when a file cannot be read in the format chosen for it.
    """
    _require(actor, okr_import, MAPPABLE, "Formats are chosen before the import starts.")
    okr_import.mapping = {**okr_import.mapping, "formats": dict(formats)}
    read = import_read(actor, okr_import)
    if read.refused and any(file.name in formats for file in read.refused):
        raise Invalid({"": [f"{file.name}: {file.reason}" for file in read.refused if file.name in formats]})
    okr_import.mapping = {**mapping_guessed(actor, read).as_json(), "formats": dict(formats)}
    okr_import.summary = {"recognised": _recognised(read)}
    return _move(actor, okr_import, ImportState.UPLOADED)


@transaction.atomic
def okr_import_map(*, actor: Actor, okr_import: OkrImport, mapping: OkrMapping) -> OkrImport:
    """Say what cycles, units and owners mean. The import then waits for its preview (`okr_import_preview`)."""
    _require(actor, okr_import, MAPPABLE, "This is chosen before the import starts.")
    if mapping.state not in ("active", "candidate"):
        raise Invalid({"state": "Choose whether goals become active or candidates."})
    for name, choice in mapping.files.items():
        cycle = choice.cycle
        if cycle.starts_on is not None and cycle.ends_on is not None and cycle.ends_on < cycle.starts_on:
            raise Invalid({f"ends_on:{name}": "The last day must not be before the first."})
    okr_import.mapping = {**mapping.as_json(), "formats": okr_import.mapping.get("formats", {})}
    return _move(actor, okr_import, ImportState.PREVIEWING)


def okr_import_preview(*, actor: Actor, okr_import: OkrImport) -> OkrImport:
    """Work out what the files would change, change nothing, and keep the findings. Safe to repeat."""
    _require(actor, okr_import, {ImportState.PREVIEWING}, "Choose cycles and owners first.")
    try:
        plan = prepared(actor, import_read(actor, okr_import), import_mapping(okr_import), is_dry_run=True)
    except ThroughlineError as error:
        okr_import.problem = str(error)[:TEXT_LENGTH]
        return _move(actor, okr_import, ImportState.UPLOADED)
    with transaction.atomic():
        _findings_write(actor, okr_import, plan.result, goals=_goal_findings(actor, okr_import, plan))
        okr_import.summary, okr_import.problem = _summary(okr_import, plan.result), ""
        okr_import.rows_total, okr_import.rows_done = len(plan.plan.to_write), 0
        return _move(actor, okr_import, ImportState.PREVIEWED)


@transaction.atomic
def okr_import_start(*, actor: Actor, okr_import: OkrImport) -> OkrImport:
    """Let the import run; the caller enqueues `okr_import_run`. Also how one that stopped is taken up again."""
    policies.can_import_goals(actor).require()
    _require(actor, okr_import, STARTABLE, "Look at the preview first; an import starts from there, once.")
    okr_import.problem, okr_import.rows_done = "", 0
    return _move(actor, okr_import, ImportState.RUNNING)


def okr_import_run(*, actor: Actor, okr_import: OkrImport) -> OkrImport:
    """Import the files. Batches commit one by one; a failure says what was done, and a repetition does the rest."""
    policies.can_see_import(actor, okr_import).require()
    if okr_import.state == ImportState.DONE:
        return okr_import
    _require(actor, okr_import, {ImportState.RUNNING}, "This import was not started.")

    def tell(done: int, total: int) -> None:
        OkrImport.objects.filter(pk=okr_import.pk).update(rows_done=done, rows_total=total)
        okr_import.rows_done, okr_import.rows_total = done, total

    try:
        plan = prepared(actor, import_read(actor, okr_import), import_mapping(okr_import), is_dry_run=False)
        refused = prepared_write(actor, plan, progress=tell)
    except Exception as error:
        # Whatever went wrong, the page has to say how far it came; the log has the rest.
        log.exception("Import of goals %s stopped", okr_import.pk)
        reason = str(error) if isinstance(error, ThroughlineError) else "Something broke on our side."
        okr_import.problem = (
            f"{reason} {okr_import.rows_done:,} of {okr_import.rows_total:,} goals and check-ins were saved and stay. "
            "Start it again: what is saved is recognised, and the rest follows."
        )[:TEXT_LENGTH]
        return _move(actor, okr_import, ImportState.FAILED)
    result = result_after(plan.result, refused)
    with transaction.atomic():
        _findings_write(actor, okr_import, result, goals=_goal_findings(actor, okr_import, plan))
        okr_import.summary = _summary(okr_import, result)
        okr_import.rows_done, okr_import.finished_at = okr_import.rows_total, now()
        _move(actor, okr_import, ImportState.DONE)
        _forget(actor, okr_import)
    return okr_import


@transaction.atomic
def okr_import_discard(*, actor: Actor, okr_import: OkrImport) -> OkrImport:
    """Drop an upload that is not running: the files and everything read from them are deleted."""
    policies.can_see_import(actor, okr_import).require()
    if okr_import.state in (ImportState.RUNNING, ImportState.DONE):
        raise Conflict("This import is running or done; it can no longer be dropped.")
    OkrImportFinding.objects.filter(okr_import_id=okr_import.pk).delete()
    _forget(actor, okr_import)
    return _move(actor, okr_import, ImportState.DISCARDED)


def _forget(actor: Actor, okr_import: OkrImport) -> None:
    """Delete the uploaded files once the change is committed."""
    stored = [file.stored_name for file in import_files(actor, okr_import)]
    OkrImportFile.objects.filter(okr_import_id=okr_import.pk).update(stored_name="")

    def forget() -> None:
        for name in stored:
            with suppress(OSError):
                file_forget(name)

    transaction.on_commit(forget)


def _recognised(read: ReadFiles) -> dict[str, object]:
    """What the files are, so that the page on which one chooses need not read them again."""
    return {
        "files": [
            {
                "name": file.name,
                "format_key": file.parsed.format_key,
                "format_label": format_label(file.parsed.format_key),
                "is_table": file.is_table,
                "goals": len(file.parsed.goals),
                "lines": asdict(file.lines),
            }
            for file in read.files
        ],
        "unreadable_files": [asdict(file) for file in read.refused],
        "owners": [[owner, count] for owner, count in owners_named(read.files)],
    }


def _summary(okr_import: OkrImport, result: OkrImportResult) -> dict[str, object]:
    """Counts per file and in all; the lines themselves are findings."""
    document = {**result.document(), "recognised": okr_import.summary.get("recognised", {})}
    for key in ("unread_lines", "refused", "notes"):
        document[f"{key}_count"] = len(document.pop(key))
    return document


def _findings_write(
    actor: Actor, okr_import: OkrImport, result: OkrImportResult, *, goals: Iterable[OkrImportFinding]
) -> None:
    OkrImportFinding.objects.filter(okr_import_id=okr_import.pk).delete()
    lines: list[tuple[FindingKind, FoundLine]] = [(FindingKind.UNREAD, line) for line in result.unread]
    lines += [(FindingKind.REFUSED, line) for line in result.refused]
    lines += [(FindingKind.NOTE, line) for line in result.notes]
    found = (
        OkrImportFinding(
            org_id=actor.org_id,
            okr_import_id=okr_import.pk,
            kind=kind,
            file_name=line.file[:200],
            line=line.line,
            text=line.text[:4000],
            reason=line.reason,
        )
        for kind, line in lines
    )
    OkrImportFinding.objects.bulk_create(chain(goals, found), batch_size=1000)


def _goal_findings(actor: Actor, okr_import: OkrImport, plan: Prepared) -> Iterable[OkrImportFinding]:
    for goal in plan.plan.goals:
        place = plan.places[goal.row.id]
        yield OkrImportFinding(
            org_id=actor.org_id,
            okr_import_id=okr_import.pk,
            kind=goal.outcome,
            file_name=place.file[:200],
            line=place.line,
            depth=min(place.depth, 100),
            goal_kind=(goal.row.kind or "objective")[:12],
            text=goal.row.title,
            reason="\n".join(goal.changes),
        )


def _file_name(name: str) -> str:
    return PurePath(name.replace("\x00", "").replace("\\", "/")).name[-180:] or "goals"


def _require(actor: Actor, okr_import: OkrImport, states: Collection[ImportState], sentence: str) -> None:
    policies.can_see_import(actor, okr_import).require()
    if okr_import.state not in states:
        raise Conflict(f"{sentence} It is {STATE_LABELS[ImportState(okr_import.state)]} now.")


@transaction.atomic
def _move(actor: Actor, okr_import: OkrImport, state: ImportState) -> OkrImport:
    okr_import.state = state
    okr_import.save()
    _record(actor, okr_import)
    return okr_import


def _record(actor: Actor, okr_import: OkrImport) -> None:
    goals = okr_import.summary.get("goals", {})
    event = OkrImportMoved(
        import_id=okr_import.pk,
        state=ImportState(okr_import.state),
        new_count=goals.get("new", 0),
        changed_count=goals.get("changed", 0),
    )
    event_record(actor, event, subject=SubjectRef(KIND, okr_import.pk))
