"""`demo`: the invented organisation, small with a story or large for measuring."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from throughline.project.cli.output import Failure, emit, progress_bars
from throughline.project.cli.setup import schema_ready


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(demo)


def demo(
    people: Annotated[
        int,
        typer.Option(min=0, max=200_000, help="Make a large organisation of this many people instead of the story."),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Load the demo organisation: 240 people with a story, or `--people 100000` for measuring."""
    schema_ready()
    started = time.monotonic()
    slug = _load(people, is_json=as_json)
    seconds = round(time.monotonic() - started, 1)
    sentence = f"The organisation “{slug}” is loaded in {seconds} s.\n{sign_ins(slug)}"
    emit({"organisation": slug, "seconds": seconds}, sentence, is_json=as_json)


def demo_ready() -> None:
    """Load the story unless some organisation exists already."""
    from throughline.access.models import Organisation

    if not Organisation.objects.exists():
        _load(0, is_json=False)


def sign_ins(slug: str = "") -> str:
    """The sign-in of one person per role of the demo, as printable lines; "" when the demo is not loaded."""
    from throughline.shell.demo import demo_sign_ins

    lines = [f"  {role:14} {email:34} {password}" for role, email, password in demo_sign_ins(slug)]
    return "\n".join(["  Sign in as", *lines, ""]) if lines else ""


def _load(people: int, *, is_json: bool) -> str:
    from throughline.kernel.errors import ThroughlineError
    from throughline.shell.demo import demo_load, demo_load_large

    with progress_bars(is_json=is_json) as report:
        try:
            return demo_load_large(people=people, report=report) if people else demo_load(report=report)
        except ThroughlineError as error:
            raise Failure(str(error)) from error
