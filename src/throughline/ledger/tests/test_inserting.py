"""Many rows at once are rows like any other: numbered, scoped, converted, constrained, and undone with their transaction."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.worlds import World, as_actor
from throughline.kernel.scoping import across_orgs, in_org
from throughline.ledger.services import rows_insert, statistics_refresh
from throughline.ledger.services.statistics import statistics_keep
from throughline.people.models import Person, UnitMembership

COLUMNS = ("unit_id", "person_id", "starts_on", "is_lead")


def rows_of(world: World) -> list[tuple[int, int, date, bool]]:
    return [(world.clinics.pk, person.pk, date(2026, 1, 5), person == world.ben) for person in (world.ada, world.ben)]


def test_rows_have_numbers_scope_defaults_and_their_values(world: World) -> None:
    before = set(UnitMembership.objects.values_list("id", flat=True))
    numbers = rows_insert(as_actor(world.ada), UnitMembership, columns=COLUMNS, rows=rows_of(world))
    found = list(UnitMembership.objects.filter(pk__in=list(numbers)).order_by("pk"))
    assert [(row.unit_id, row.person_id, row.starts_on, row.is_lead) for row in found] == rows_of(world)
    assert {row.org_id for row in found} == {world.org.pk}
    assert [row.ends_on for row in found] == [None, None]
    assert not before & set(numbers)


def test_the_next_single_row_gets_a_free_number(world: World) -> None:
    numbers = rows_insert(as_actor(world.ada), UnitMembership, columns=COLUMNS, rows=rows_of(world))
    single = UnitMembership.objects.create(
        org_id=world.org.pk, unit=world.top, person=world.mia, starts_on=date(2026, 2, 1)
    )
    assert single.pk > max(numbers)


def test_nothing_is_left_when_one_row_is_refused_by_the_database(world: World) -> None:
    before = UnitMembership.objects.count()
    rows = [*rows_of(world), (world.clinics.pk, None, date(2026, 1, 5), False)]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_insert(as_actor(world.ada), UnitMembership, columns=COLUMNS, rows=rows)
    assert UnitMembership.objects.count() == before


def test_another_organisation_in_scope_is_refused(world: World) -> None:
    actor = as_actor(world.ada)
    with (
        across_orgs(reason="this test"),
        in_org(world.other_org.pk),
        pytest.raises(RuntimeError, match="organisation in scope"),
    ):
        rows_insert(actor, UnitMembership, columns=COLUMNS, rows=rows_of(world))


def test_no_rows_are_no_numbers(world: World) -> None:
    assert list(rows_insert(as_actor(world.ada), UnitMembership, columns=COLUMNS, rows=[])) == []


def known_tables() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if cursor.fetchone() is None:
                return set()
            cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        else:
            cursor.execute("SELECT tablename FROM pg_stats WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}


def test_statistics_are_taken_after_many_rows_and_not_after_few(world: World) -> None:
    known = known_tables()
    statistics_refresh(rows_written=3)
    assert known_tables() == known
    statistics_refresh(rows_written=5000)
    assert Person._meta.db_table in known_tables()


def test_the_embedded_database_is_looked_at_now_and_then(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own statistics.")
    statistics_keep()
    assert UnitMembership._meta.db_table in known_tables()
