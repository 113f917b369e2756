"""Prepared queries answer what the same query answers, in the organisation in scope, whatever the values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from throughline.kernel.errors import ScopeError
from throughline.kernel.prepared import Prepared, PreparedModels
from throughline.kernel.scoping import across_orgs, in_org
from throughline.people.models import Person, UnitMembership


def memberships(person_id: Any, day: Any) -> Any:
    found = UnitMembership.objects.filter(person_id=person_id, starts_on__lte=day)
    return found.order_by("id").values_list("id", "unit__name", "starts_on", "is_lead")


def test_rows_are_those_of_the_query_with_their_types(world: World) -> None:
    prepared = Prepared(memberships, person_id=int, day=date)
    for person in world.everyone.values():
        for day in (date(1990, 1, 1), date(2200, 1, 1)):
            with across_orgs(reason="this test"), in_org(person.org_id):
                assert prepared(person_id=person.pk, day=day) == list(memberships(person.pk, day))
    rows = prepared(person_id=world.tom.pk, day=date(2200, 1, 1))
    assert [(type(row[2]), type(row[3])) for row in rows] == [(date, bool)] * len(rows)
    assert rows


def test_another_organisation_finds_nothing_and_none_is_refused(world: World) -> None:
    prepared = Prepared(lambda person_id: Person.objects.filter(pk=person_id).values_list("name"), person_id=int)
    assert prepared(person_id=world.ada.pk) == [(world.ada.name,)]
    with across_orgs(reason="this test"), in_org(world.other_org.pk):
        assert prepared(person_id=world.ada.pk) == []
    with across_orgs(reason="this test"), pytest.raises(ScopeError):
        prepared(person_id=world.ada.pk)


def test_instances_come_with_what_was_selected_with_them(world: World) -> None:
    prepared = PreparedModels(
        lambda person_id: UnitMembership.objects.filter(person_id=person_id).select_related("unit", "unit__parent"),
        person_id=int,
    )
    (found,) = prepared(person_id=world.tom.pk)
    expected = UnitMembership.objects.select_related("unit").get(person_id=world.tom.pk)
    with CaptureQueriesContext(connection) as queries:
        assert (found, found.unit, found.unit.name) == (expected, expected.unit, expected.unit.name)
        assert found.unit.parent is None or found.unit.parent.name
    assert len(queries) == 0


def test_each_call_is_one_query_with_the_same_words(world: World) -> None:
    prepared = Prepared(memberships, person_id=int, day=date)
    with CaptureQueriesContext(connection) as queries:
        prepared(person_id=world.ada.pk, day=date(2026, 1, 1))
        prepared(person_id=world.tom.pk, day=date(2026, 1, 2))
    assert len(queries) == 2


def test_a_value_that_is_not_used_as_given_is_refused(world: World) -> None:
    prepared = Prepared(lambda person_id: Person.objects.filter(pk=person_id + 1).values_list("id"), person_id=int)
    with pytest.raises(ValueError, match="person_id"):
        prepared(person_id=1)
