"""The ledger is append-only, holds no words, and shows each reader what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, transaction

from tests.worlds import World, as_actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.events import DomainEvent
from throughline.ledger.models import Event, Link, Relation
from throughline.ledger.outbox import GIVE_UP_AFTER, _reactions, outbox_drain, outbox_run, reaction
from throughline.ledger.rules import FateKind, own_fate, passed_fate
from throughline.ledger.services import event_record, link_create, link_remove


@dataclass(frozen=True)
class SomethingHappened(DomainEvent):
    kind: ClassVar[str] = "tests.something_happened"
    number: int


@dataclass(frozen=True)
class SomethingSaid(DomainEvent):
    kind: ClassVar[str] = "tests.something_said"
    words: str


A, B = SubjectRef("tests.thing", 1), SubjectRef("tests.thing", 2)


def test_event_is_recorded_with_actor_and_numbers(world: World) -> None:
    actor = as_actor(world.ada)
    event = event_record(actor, SomethingHappened(number=7), subject=A, context=B)
    event.refresh_from_db()
    assert (event.actor_person_id, event.data, event.context_id) == (world.ada.pk, {"number": 7}, 2)


def test_event_refuses_words(world: World) -> None:
    with pytest.raises(TypeError, match="ids, numbers and state keys"):
        event_record(as_actor(world.ada), SomethingSaid(words="hello"), subject=A)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_refuses_to_alter_an_event(world: World, change: str) -> None:
    event = event_record(as_actor(world.ada), SomethingHappened(number=1), subject=A)
    rows = Event.objects.filter(pk=event.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(kind="other") if change == "update" else rows.delete()
    assert Event.objects.get(pk=event.pk).kind == SomethingHappened.kind


@pytest.mark.django_db(transaction=True)
def test_event_needs_the_transaction_of_its_change() -> None:
    from tests.worlds import build_world
    from throughline.kernel.scoping import in_org

    world = build_world()
    with in_org(world.org.pk), pytest.raises(RuntimeError, match="transaction"):
        event_record(as_actor(world.ada), SomethingHappened(number=1), subject=A)


def test_link_is_made_once_and_can_be_parted(world: World) -> None:
    actor = as_actor(world.ada)
    first = link_create(actor=actor, later=A, relation=Relation.ADVANCES, earlier=B)
    again = link_create(actor=actor, later=A, relation=Relation.ADVANCES, earlier=B)
    assert first.pk == again.pk
    assert Event.objects.filter(kind="ledger.link_created").count() == 1
    assert link_remove(actor=actor, later=A, relation=Relation.ADVANCES, earlier=B)
    assert not link_remove(actor=actor, later=A, relation=Relation.ADVANCES, earlier=B)
    assert Link.objects.count() == 0


@pytest.fixture
def seen() -> list[int]:
    handled: list[int] = []
    name = f"{__name__}.note_it"

    def note_it(actor: object, event: Event) -> None:
        if event.data["number"] < 0:
            raise ValueError("a reaction that fails")
        handled.append(event.data["number"])

    note_it.__qualname__ = note_it.__name__ = "note_it"
    reaction(SomethingHappened.kind)(note_it)
    yield handled
    del _reactions[name]


def test_outbox_hands_each_event_to_a_reaction_once_and_in_order(world: World, seen: list[int]) -> None:
    actor = as_actor(world.ada)
    for number in (1, 2, 3):
        event_record(actor, SomethingHappened(number=number), subject=A)
    outbox_drain()
    outbox_drain()
    assert seen == [1, 2, 3]


def test_outbox_repeats_a_failed_event_then_steps_over_it(world: World, seen: list[int]) -> None:
    actor = as_actor(world.ada)
    event_record(actor, SomethingHappened(number=-1), subject=A)
    event_record(actor, SomethingHappened(number=2), subject=A)
    for _ in range(GIVE_UP_AFTER - 1):
        outbox_run()
        assert seen == []
    outbox_run()
    outbox_run()
    assert seen == [2]


@pytest.mark.parametrize(
    ("own", "themes", "expected"),
    [
        (None, [], FateKind.WAITING),
        (None, [None, None], FateKind.WAITING),
        (None, [FateKind.NOT_TAKEN_UP, FateKind.SHAPED], FateKind.SHAPED),
        (None, [FateKind.NOT_TAKEN_UP, FateKind.ANSWERED], FateKind.ANSWERED),
        (FateKind.NOT_TAKEN_UP, [FateKind.SHAPED], FateKind.NOT_TAKEN_UP),
        (FateKind.SHAPED, [FateKind.NOT_TAKEN_UP], FateKind.SHAPED),
    ],
)
def test_fate_passes_from_theme_unless_one_has_its_own(
    own: FateKind | None, themes: list[FateKind | None], expected: FateKind
) -> None:
    assert passed_fate(own, themes) is expected


def test_what_it_shaped_counts_before_what_was_answered() -> None:
    assert own_fate(has_shaped=True, answer=FateKind.NOT_TAKEN_UP) is FateKind.SHAPED
    assert own_fate(has_shaped=False, answer=None) is None
