"""The one command line, `throughline`. Each command is a module; everything it does, it does through services."""

from __future__ import annotations

import os
import sys

import typer

from throughline.project.cli.output import Failure, console


def build() -> typer.Typer:
    """All commands. Imported here so that `throughline --help` needs no database."""
    from throughline.project.cli import attack, data, demo, doctor, organisations, serve

    app = typer.Typer(
        name="throughline",
        help="One unbroken line from why we are here to what I do this week.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for module in (serve, demo, organisations, data, attack, doctor):
        module.add_to(app)
    return app


def main() -> None:
    """Run a command; what is refused ends with one sentence and status 1, never with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
    # What is kept is confidential: files are made for their owner alone.
    os.umask(0o077)
    try:
        build()()
    except Failure as failure:
        console.print(f"[bold]Not done.[/bold] {failure}", style="red", markup=True, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
