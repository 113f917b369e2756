"""`import` and `export`: what comes in and what leaves."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from throughline.project.cli.output import Failure, emit, progress_bars
from throughline.project.cli.setup import organisation_of, schema_ready

ORG = Annotated[str, typer.Option("--org", help="The organisation's slug; may be left out when there is only one.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    imports = typer.Typer(help="Read people or goals from files.", no_args_is_help=True)
    imports.command("people")(import_people)
    imports.command("okrs")(import_okrs)
    app.add_typer(imports, name="import")
    exports = typer.Typer(help="Write goals to a file.", no_args_is_help=True)
    exports.command("goals")(export_goals)
    app.add_typer(exports, name="export")


def import_people(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    org: ORG = "",
    as_json: JSON = False,
) -> None:
    """Read an HR export (CSV or XLSX); every refused line is listed, and repeating it changes nothing.

    The columns are guessed from their names; the page People, Import shows and corrects the guess before anything is done.
    """
    schema_ready()
    from throughline.kernel.actor import system_actor
    from throughline.kernel.errors import ThroughlineError
    from throughline.kernel.scoping import in_org
    from throughline.people.services import people_import_file

    organisation = organisation_of(org)
    with in_org(organisation.pk), progress_bars(is_json=as_json) as report:
        try:
            result = people_import_file(
                actor=system_actor(organisation.pk, organisation.slug),
                path=file,
                progress=lambda done, total: report("People", done, total),
            )
        except ThroughlineError as error:
            raise Failure(str(error)) from error
    saved = result.saved
    counts = {
        "lines": result.lines,
        "added": saved.added,
        "changed": saved.changed,
        "unchanged": saved.unchanged,
        "ended": saved.ended,
        "units_created": saved.units_created,
    }
    lines = [f"{words.replace('_', ' ')}: {count}" for words, count in counts.items()]
    lines += [
        f"line {item.line}, {item.column or 'the line'}: {item.reason}"
        + ("" if item.is_whole_line else " (the person is imported without it)")
        for item in result.refusals
    ]
    emit({**counts, "refused": [asdict(item) for item in result.refusals]}, "\n".join(lines), is_json=as_json)


def import_okrs(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    org: ORG = "",
    dry_run: Annotated[bool, typer.Option(help="Only say what would happen.")] = False,
    as_json: JSON = False,
) -> None:
    """Read goals from Markdown, nested lists, GraphML, CSV, XLSX or JSON; nothing is dropped silently."""
    schema_ready()
    from throughline.integrations.services import okr_import_files
    from throughline.kernel.actor import system_actor
    from throughline.kernel.errors import ThroughlineError
    from throughline.kernel.scoping import in_org

    organisation = organisation_of(org)
    with in_org(organisation.pk), progress_bars(is_json=as_json) as report:
        try:
            result = okr_import_files(
                actor=system_actor(organisation.pk, organisation.slug),
                files=[(path.name, path.read_bytes()) for path in files],
                is_dry_run=dry_run,
                progress=lambda done, total: report("Goals", done, total),
            )
        except ThroughlineError as error:
            raise Failure(str(error)) from error
    emit(result.document(), result.sentence(), is_json=as_json)


def export_goals(
    file: Annotated[Path, typer.Argument(help="Ends in .csv, .xlsx or .json; CSV writes a second file of check-ins.")],
    org: ORG = "",
    as_json: JSON = False,
) -> None:
    """Write all goals with their check-ins; importing the file again gives identical content."""
    schema_ready()
    from throughline.integrations.services import goals_export_bytes
    from throughline.kernel.actor import system_actor
    from throughline.kernel.errors import ThroughlineError
    from throughline.kernel.scoping import in_org

    organisation = organisation_of(org)
    with in_org(organisation.pk):
        try:
            written = goals_export_bytes(
                actor=system_actor(organisation.pk, organisation.slug),
                ending=file.suffix.lstrip("."),
                stem=file.stem,
            )
        except ThroughlineError as error:
            raise Failure(str(error)) from error
    for name, content in written.items():
        (file.parent / name).write_bytes(content)
    names = ", ".join(written)
    emit({"files": list(written)}, f"Written: {names}.", is_json=as_json)
