"""`attack`: try to break our own promises on a copy of the files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from throughline.project.cli.output import Failure, emit
from throughline.project.cli.setup import home_ready


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    attacks = typer.Typer(
        help="Try to break what is promised, on the files of this installation.", no_args_is_help=True
    )
    attacks.callback()(lambda: None)
    attacks.command("board")(attack_board_command)
    app.add_typer(attacks, name="attack")


def attack_board_command(
    extra: Annotated[list[Path] | None, typer.Argument(help="Backups and log files to search as well.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Try to link anonymous contributions to people from database file, WAL, backups and logs; status 1 when it can."""
    from throughline.project.attack import AttackFailed, attack_board

    try:
        report = attack_board(home_ready(), extra or [])
    except AttackFailed as error:
        raise Failure(f"{error} On PostgreSQL there is no file to look into.") from error
    emit(asdict(report), "\n".join(report.lines()), is_json=as_json)
    if not report.is_safe:
        raise Failure("Anonymous contributions can be linked; see above how.")
