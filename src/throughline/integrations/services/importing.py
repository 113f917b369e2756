"""Importing files in one go, as the command line does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from throughline.integrations import policies
from throughline.integrations.rules.reading import LARGEST_FILE_MB, MOST_FILES, files_read
from throughline.integrations.rules.results import OkrImportResult
from throughline.integrations.services.preparing import mapping_guessed, prepared
from throughline.integrations.services.writing import Progress, WriteRefusals, prepared_write
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid


def okr_import_files(
    *, actor: Actor, files: Sequence[tuple[str, bytes]], is_dry_run: bool = False, progress: Progress | None = None
) -> OkrImportResult:
    """Read goal files (name and bytes) and take over what they say; nothing is dropped silently, repeating is safe.

    Cycles, owners and formats are guessed. Batches commit one by one, so this is not atomic: after a failure, what was
    saved stays and running it again completes the rest. Raises Invalid when no file can be read.
    """
    policies.can_import_goals(actor).require()
    files_checked(files)
    read = files_read(files)
    if not read.files:
        raise Invalid({"files": [file.reason for file in read.refused]})
    plan = prepared(actor, read, mapping_guessed(actor, read), is_dry_run=is_dry_run)
    if is_dry_run:
        return plan.result
    refused = prepared_write(actor, plan, progress=progress)
    return result_after(plan.result, refused)


def result_after(result: OkrImportResult, refused: WriteRefusals) -> OkrImportResult:
    """The result with what the goals app did not take."""
    return replace(
        result,
        new=result.new - refused.new,
        changed=result.changed - refused.changed,
        check_ins_new=result.check_ins_new - refused.check_ins,
        refused=(*result.refused, *refused.lines),
        notes=(*result.notes, *refused.notes),
    )


def files_checked(files: Sequence[tuple[str, bytes]]) -> None:
    """Raise Invalid for files that are too large, too many, empty or named twice."""
    problems: list[str] = []
    if not files:
        problems.append("Choose at least one file.")
    if len(files) > MOST_FILES:
        problems.append(f"These are {len(files)} files; upload at most {MOST_FILES} at a time.")
    names = [name for name, _ in files]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.append(f"Two files are called {name}. Rename one, so that each line can be found again.")
    for name, data in files:
        if len(data) > LARGEST_FILE_MB * 1024 * 1024:
            problems.append(f"{name} is larger than {LARGEST_FILE_MB} MB. Split it.")
        elif not data.strip():
            problems.append(f"{name} is empty. Choose a file that holds goals.")
    if problems:
        raise Invalid({"files": problems})
