"""Many people at once: repeatable, in any order, cycles found, batches that stand on their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds import World, as_actor
from throughline.kernel.actor import system_actor
from throughline.kernel.errors import Refused
from throughline.ledger.models import Event, SearchEntry
from throughline.people.models import Person, Unit, UnitMembership
from throughline.people.rules.rows import PersonRow
from throughline.people.rules.trees import cycles_of
from throughline.people.services import people_bulk_upsert
from throughline.people.services.bulk_writing import BatchWriter

TODAY = date(2026, 11, 2)
NUMBERS = st.integers(0, 9)
ROWS = st.lists(
    st.builds(
        lambda number, manager, unit, title, is_lead: PersonRow(
            line=0,
            name=f"Person {number}",
            email=f"p{number}@example.org" if number % 2 else "",
            external_id=f"E{number}",
            title=title,
            manager="" if manager is None else f"E{manager}",
            unit=unit,
            is_lead=is_lead,
        ),
        NUMBERS,
        st.one_of(st.none(), NUMBERS),
        st.sampled_from([(), ("North",), ("North", "Team"), ("South", "Team")]),
        st.sampled_from(["", "Planner"]),
        st.booleans(),
    ),
    max_size=12,
)


def _numbered(rows: Sequence[PersonRow]) -> list[PersonRow]:
    return [replace(row, line=number) for number, row in enumerate(rows, start=2)]


def _picture() -> list[tuple[Any, ...]]:
    """Everybody as the database has them, without ids."""
    managers = dict(Person.objects.values_list("id", "external_id"))
    places = {}
    for person_id, path, is_lead in UnitMembership.objects.filter(ends_on__isnull=True).values_list(
        "person_id", "unit__path", "is_lead"
    ):
        names = [Unit.objects.get(pk=int(part)).name for part in path.split(".")]
        places.setdefault(person_id, []).append((tuple(names), is_lead))
    return sorted(
        (
            p.external_id,
            p.name,
            p.email,
            p.title,
            managers.get(p.manager_id, ""),
            sorted(places.get(p.pk, [])),
        )
        for p in Person.objects.exclude(external_id="")
    )


def _save(world: World, rows: Sequence[PersonRow], on: date = TODAY, **more: Any) -> Any:
    return people_bulk_upsert(actor=system_actor(world.org.pk), rows=rows, on=on, **more)


@contextmanager
def _taken_back() -> Iterator[None]:
    """Each example meets the same world: what it did is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PROPERTY
@given(rows=ROWS)
def test_the_same_rows_again_change_nothing(world: World, rows: list[PersonRow]) -> None:
    with _taken_back():
        first = _save(world, _numbered(rows))
        picture, events = _picture(), Event.objects.count()
        second = _save(world, _numbered(rows), on=TODAY + timedelta(days=1))
        assert (second.added, second.changed, second.units_created) == (0, 0, 0)
        assert second.unchanged == first.added
        assert _picture() == picture
        assert Event.objects.count() == events


@PROPERTY
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(world: World, rows: list[PersonRow], seed: Any) -> None:
    with _taken_back():
        _save(world, _numbered(rows))
        picture = _picture()
    shuffled = list(rows)
    seed.shuffle(shuffled)
    with _taken_back():
        _save(world, _numbered(shuffled))
        assert _picture() == picture


@PROPERTY
@given(first=ROWS, second=ROWS)
def test_the_reporting_tree_never_gets_a_cycle(world: World, first: list[PersonRow], second: list[PersonRow]) -> None:
    with _taken_back():
        _save(world, _numbered(first))
        _save(world, _numbered(second), on=TODAY + timedelta(days=1))
        assert cycles_of(dict(Person.objects.values_list("id", "manager_id"))) == []


def _row(number: int, **more: Any) -> PersonRow:
    return PersonRow(line=number, name=more.pop("name", f"Person {number}"), external_id=f"E{number}", **more)


def test_a_cycle_is_named_person_by_person(world: World) -> None:
    rows = [
        _row(2, name="Aki", manager="E3"),
        _row(3, name="Bea", manager="E4"),
        _row(4, name="Cem", manager="E2"),
        _row(5, name="Dana", manager="E2"),
    ]
    result = _save(world, rows)
    assert result.added == 4
    assert [refusal.line for refusal in result.refusals] == [2, 3, 4]
    assert result.refusals[0].reason.startswith(
        "Aki would report to Bea, who reports to Cem, who reports to Aki: a circle."
    )
    assert Person.objects.get(name="Dana").manager == Person.objects.get(name="Aki")


def test_repeated_ids_refuse_both_lines_unless_they_say_the_same(world: World) -> None:
    result = _save(world, [_row(2, title="A"), PersonRow(line=3, name="Person 2", external_id="E2", title="B")])
    assert result.added == 0
    assert [refusal.line for refusal in result.refusals] == [2, 3]
    result = _save(world, [_row(2), PersonRow(line=3, name="Person 2", external_id="E2")])
    assert result.added == 1
    assert "same as line 2" in result.refusals[0].reason


def test_an_unknown_manager_is_listed_and_the_person_comes_in(world: World) -> None:
    result = _save(world, [_row(2, manager="nobody@example.org")])
    refusal = result.refusals[0]
    assert (refusal.column, refusal.value, refusal.is_whole_line) == ("manager", "nobody@example.org", False)
    assert Person.objects.get(external_id="E2").manager is None


def test_addresses_may_change_hands_in_one_file(world: World) -> None:
    _save(world, [_row(2, email="a@example.org"), _row(3, email="b@example.org")])
    result = _save(world, [_row(2, email="b@example.org"), _row(3, email="a@example.org")])
    assert (result.changed, result.refusals) == (2, [])
    assert dict(Person.objects.exclude(external_id="").values_list("external_id", "email")) == {
        "E2": "b@example.org",
        "E3": "a@example.org",
    }


def test_an_address_of_somebody_else_is_refused_with_their_name(world: World) -> None:
    _save(world, [_row(2, email="a@example.org")])
    result = _save(world, [_row(3, email="a@example.org")])
    assert result.added == 0
    assert "belongs to Person 2, id E2" in result.refusals[0].reason


def test_a_guest_is_not_turned_into_an_employee(world: World) -> None:
    result = _save(world, [_row(2, email=world.gus.email)])
    assert "the guest Gus Garnier" in result.refusals[0].reason


def test_moving_unit_ends_what_an_import_gave_and_leaves_what_was_given_by_hand(world: World) -> None:
    _save(world, [_row(2, unit=("North",))])
    person = Person.objects.get(external_id="E2")
    UnitMembership.objects.create(org=world.org, person=person, unit=world.platform, starts_on=TODAY)
    later = TODAY + timedelta(days=30)
    _save(world, [_row(2, unit=("South",))], on=later)
    held = {m.unit.name: m.ends_on for m in UnitMembership.objects.filter(person=person).select_related("unit")}
    assert held == {"North": later - timedelta(days=1), "Platform": None, "South": None}


def test_a_batch_is_one_event_that_names_its_range_and_makes_people_findable(world: World) -> None:
    _save(world, [_row(2), _row(3)])
    event = Event.objects.filter(kind="people.batch_saved").get()
    ids = sorted(Person.objects.exclude(external_id="").values_list("id", flat=True))
    assert event.data == {
        "first_person_id": ids[0],
        "last_person_id": ids[1],
        "added": 2,
        "changed": 0,
        "ended": 0,
    }
    assert set(
        SearchEntry.objects.filter(kind="people.person", subject_id__in=ids).values_list("title", flat=True)
    ) == {
        "Person 2",
        "Person 3",
    }


def test_a_failing_batch_leaves_nothing_half_written_and_a_repetition_completes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [_row(2), _row(3, manager="E2"), _row(4, manager="E3", unit=("North",))]
    index, calls = BatchWriter._index, []

    def breaks_at_the_third(self: BatchWriter, people: Any) -> None:
        calls.append(len(people))
        if len(calls) == 3:
            raise OSError("disk full")
        index(self, people)

    monkeypatch.setattr(BatchWriter, "_index", breaks_at_the_third)
    told: list[tuple[int, int]] = []
    with pytest.raises(OSError, match="disk full"):
        _save(world, rows, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3)]
    assert Person.objects.filter(external_id__in=["E2", "E3", "E4"]).count() == 2
    assert not UnitMembership.objects.filter(unit__name="North").exists()
    monkeypatch.setattr(BatchWriter, "_index", index)
    result = _save(world, rows)
    assert (result.added, result.unchanged) == (1, 2)


def test_only_administrators_save_in_bulk(world: World) -> None:
    with pytest.raises(Refused):
        people_bulk_upsert(actor=as_actor(world.ben), rows=[_row(2)], on=TODAY)
    assert not Person.objects.filter(external_id="E2").exists()


def test_an_unclear_unit_name_is_refused_with_its_places(world: World) -> None:
    _save(world, [_row(2, unit=("North", "Team")), _row(3, unit=("South", "Team"))])
    result = _save(world, [_row(4, unit=("Team",))])
    assert "North > Team; South > Team" in result.refusals[0].reason
    assert result.added == 1
