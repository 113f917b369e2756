"""Making the installation ready: home folder, Django, schema, static files."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from throughline.project.cli.output import Failure
from throughline.project.env import environment

if TYPE_CHECKING:
    from throughline.access.models import Organisation


def home_ready() -> Path:
    """The home folder, made and checked writable; a `Failure` says what to do when it is not."""
    home = environment().home
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise Failure(
            f"The folder {home} cannot be written ({error.strerror}). Set THROUGHLINE_HOME to a folder of yours,"
            " for example: THROUGHLINE_HOME=~/throughline make run"
        ) from error
    return home


def django_ready() -> None:
    """Set Django up in a checked home folder."""
    home_ready()
    import django

    try:
        django.setup()
    except ValueError as error:
        raise Failure(str(error)) from error


def schema_ready() -> None:
    """Bring the database to this version's schema; cheap when it is there already."""
    django_ready()
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from throughline.ledger.services import statistics_keep

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            # A table that was made anew has lost what the database knew of it.
            statistics_keep()
    except DatabaseError as error:
        raise Failure(
            f"The database {environment().database_url.rpartition('@')[2]} cannot be used: {error}."
            " Check THROUGHLINE_DATABASE_URL and that the folder or server is there."
        ) from error


def static_ready() -> None:
    """Collect static files under hashed names when the sources changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    mark = hashlib.sha256()
    for finder in get_finders():
        for relative, storage in sorted(finder.list([]), key=lambda item: item[0]):
            path = Path(storage.path(relative))
            mark.update(f"{relative} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists() or stamp.read_text() != mark.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
        stamp.write_text(mark.hexdigest())


def port_free(host: str, port: int, *, variable: str) -> None:
    """Refuse a port that another program holds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"Port {port} on {host} is taken by another program."
                f" Choose another one: {variable}={port + 10} make run"
            ) from error


def organisation_of(slug: str) -> Organisation:
    """The organisation of a slug, or the only one when the slug is empty."""
    from throughline.access.models import Organisation

    if slug:
        found = Organisation.objects.filter(slug=slug).first()
        if found is None:
            known = ", ".join(Organisation.objects.values_list("slug", flat=True)) or "none yet"
            raise Failure(f"There is no organisation “{slug}”; known are: {known}.")
        return found
    organisations = list(Organisation.objects.all()[:2])
    if len(organisations) != 1:
        raise Failure("Say which organisation with --org, for example --org meridian.")
    return organisations[0]
