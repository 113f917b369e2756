"""`doctor`: whether this installation is sound, one line a check."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

import typer

from throughline.project.cli.output import Failure, emit
from throughline.project.cli.setup import django_ready, home_ready
from throughline.project.env import environment


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is sound, and what to do when not."""

    check: str
    is_sound: bool
    detail: str


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Check Python, folders, database, triggers, front end, mail and workers; status 1 when something is unsound."""
    django_ready()
    findings = [check() for check in CHECKS]
    lines = [f"{'ok ' if item.is_sound else 'NOT'} {item.check}: {item.detail}" for item in findings]
    emit({"findings": [asdict(item) for item in findings]}, "\n".join(lines), is_json=as_json)
    if not all(item.is_sound for item in findings):
        raise Failure("See the lines marked NOT.")


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", sys.version_info >= (3, 11), f"{found}; 3.11 or later is needed")


def _home() -> Finding:
    home = home_ready()
    free_mib = shutil.disk_usage(home).free // 2**20
    return Finding("Home folder", free_mib > 500, f"{home}, {free_mib} MiB free")


def _secret() -> Finding:
    path = environment().home / "secret"
    if not path.exists():
        return Finding("Secret", True, "given by the environment")
    is_closed = not path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    return Finding("Secret", is_closed, f"{path} readable by its owner only" if is_closed else f"run: chmod 600 {path}")


def _database() -> Finding:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding("Database", False, f"{error}; check THROUGHLINE_DATABASE_URL")
    if missing:
        return Finding("Database", False, f"{len(missing)} migrations are missing; run: throughline migrate")
    version = ".".join(str(part) for part in connection.get_database_version())
    return Finding("Database", True, f"{connection.vendor} {version}, schema complete")


def _triggers() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'ledger_event_no_%%'")
        else:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'ledger_event_no_%%'")
        count = cursor.fetchone()[0]
    return Finding("Append-only ledger", count >= 2, f"{count} triggers guard it")


def _front_end() -> Finding:
    from django.contrib.staticfiles.finders import find

    missing = [name for name in ("built/app.css", "built/core.js") if find(name) is None]
    detail = f"missing: {', '.join(missing)}; run: npm ci && npm run build" if missing else "built"
    return Finding("Front end", not missing, detail)


def _mail() -> Finding:
    from throughline.access.selectors import organisations_all
    from throughline.kernel.actor import system_actor
    from throughline.kernel.scoping import in_org
    from throughline.notify.selectors import has_mail_server

    without = []
    for org_id, slug in organisations_all():
        with in_org(org_id):
            if not has_mail_server(system_actor(org_id, slug)):
                without.append(slug)
    # Not a fault: everything works without mail but invitations and reminders by it.
    return Finding("Mail", True, f"no server set up for: {', '.join(without)}" if without else "set up")


def _workers() -> Finding:
    from throughline.kernel.clock import now
    from throughline.ledger.models import WorkerBeat

    count = WorkerBeat.objects.filter(beat_at__gte=now() - timedelta(seconds=15)).count()
    # Not a fault: doctor is often run before the server is started.
    return Finding("Workers", True, f"{count} alive" if count else "none running; `throughline serve` starts one")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _home,
    _secret,
    _database,
    _triggers,
    _front_end,
    _mail,
    _workers,
)
