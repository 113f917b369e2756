"""Fixtures of the whole suite: the small world of named people, signed-in clients, and what tests may rely on."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from django.test import Client

    from tests.worlds import World

# Property tests draw the same examples on every run, and a busy machine does not make them fail.
hypothesis_settings.register_profile("same_every_time", derandomize=True, deadline=None)
hypothesis_settings.load_profile("same_every_time")


def _template() -> Path:
    """Where the migrated, empty SQLite database is kept between runs; another set of migrations is another file."""
    import django
    from django.apps import apps

    mark = hashlib.sha256(django.__version__.encode())
    for config in sorted(apps.get_app_configs(), key=lambda item: item.label):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            mark.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return Path(tempfile.gettempdir()) / f"throughline-migrated-{mark.hexdigest()[:24]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Build on the database file that is there: the copied template, or nothing."""
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of the migrated database where an earlier run left one."""
    from django.db import connection

    if connection.vendor == "sqlite" and _template().exists():
        shutil.copyfile(_template(), connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After the first migration of this set, leave a copy for the next run."""
    from django.db import connection

    if connection.vendor != "sqlite" or _template().exists():
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        made = _template().with_suffix(f".{os.getpid()}")
        cursor.execute("VACUUM INTO %s", [str(made)])
        made.replace(_template())


@pytest.fixture(scope="session", autouse=True)
def _ledger_can_be_flushed() -> None:
    """Lift the append-only triggers while a transactional test empties its tables, and only then.

    For the whole run: a test's own fixtures are gone before its tables are emptied.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    teardown = TransactionTestCase._fixture_teardown

    def flush(case: Any) -> None:
        if not _is_transactional(case):
            return teardown(case)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'"
                )
                triggers = cursor.fetchall()
                for name, _ in triggers:
                    cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        try:
            return teardown(case)
        finally:
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    for _, sql in triggers:
                        cursor.execute(sql)
                else:
                    cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")

    pytest.MonkeyPatch().setattr(TransactionTestCase, "_fixture_teardown", flush)


def _is_transactional(case: Any) -> bool:
    from django.test import TestCase

    return not isinstance(case, TestCase)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Two organisations with the named people of `tests.worlds`; the scope of the first one is entered."""
    from tests.worlds import build_world
    from throughline.kernel.scoping import in_org

    built = build_world()
    with in_org(built.org.pk):
        yield built


@pytest.fixture
def browse(db: None) -> Callable[[Any], Client]:
    """A test client signed in as a person of the world (`browse(world.ada)`), or signed out (`browse(None)`)."""
    from django.test import Client

    from throughline.access.models import Membership
    from throughline.kernel.scoping import across_orgs

    def client_of(person: Any) -> Client:
        client = Client()
        if person is not None:
            with across_orgs(reason="a test signs in somebody of either organisation"):
                account = Membership.objects.select_related("account").get(person_id=person.pk).account
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of the run."""
    from throughline.project import settings_test

    shutil.rmtree(settings_test.TEST_HOME, ignore_errors=True)
