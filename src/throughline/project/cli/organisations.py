"""`createorg`: an organisation with its first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from throughline.project.cli.output import Failure, emit
from throughline.project.cli.setup import schema_ready


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(createorg)


def createorg(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    slug: Annotated[str, typer.Option(help="Stands in every address: lower-case letters, digits, hyphens.")],
    email: Annotated[str, typer.Option(help="The first administrator's e-mail address.")],
    person: Annotated[str, typer.Option(help="The first administrator's name.")],
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="THROUGHLINE_PASSWORD"),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Create an organisation; its first person is administrator and leader."""
    schema_ready()
    from throughline.access.services import organisation_create
    from throughline.kernel.errors import ThroughlineError

    try:
        started = organisation_create(name=name, slug=slug, person_name=person, email=email, password=password)
    except ThroughlineError as error:
        raise Failure(str(error)) from error
    emit(
        {"organisation": started.org.slug},
        f"“{started.org.name}” is at /o/{started.org.slug}/.",
        is_json=as_json,
    )
