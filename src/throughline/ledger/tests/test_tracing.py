"""The line through a subject: both ways, level by level, with an end, and in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.worlds import World, as_actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.selectors import trace_of
from throughline.ledger.selectors.history import link_steps
from throughline.ledger.selectors.tracing import MAX_DEPTH, MOST_ON_A_LEVEL, TraceNode
from throughline.ledger.services import link_create


def thing(number: int) -> SubjectRef:
    return SubjectRef("tests.thing", number)


def linked(world: World, later: int, earlier: int, relation: Relation = Relation.PROMPTED_BY) -> None:
    link_create(actor=as_actor(world.ada), later=thing(later), relation=relation, earlier=thing(earlier))


def numbers(nodes: Sequence[TraceNode]) -> list[tuple[int, int]]:
    return [(node.ref.id, node.depth) for node in nodes]


def test_causes_are_upstream_and_consequences_downstream_nearest_first(world: World) -> None:
    for later, earlier in ((2, 1), (3, 2), (4, 3), (5, 4), (6, 2)):
        linked(world, later, earlier)
    trace = trace_of(as_actor(world.ada), thing(3))
    assert numbers(trace.upstream) == [(2, 1), (1, 2)]
    assert numbers(trace.downstream) == [(4, 1), (5, 2)]


def test_what_measures_a_thing_came_after_it(world: World) -> None:
    linked(world, 1, 2, Relation.MEASURED_BY)
    trace = trace_of(as_actor(world.ada), thing(1))
    assert (numbers(trace.upstream), numbers(trace.downstream)) == ([], [(2, 1)])


def test_a_circle_of_links_ends(world: World) -> None:
    for later, earlier in ((2, 1), (3, 2), (1, 3)):
        linked(world, later, earlier)
    trace = trace_of(as_actor(world.ada), thing(1))
    assert numbers(trace.upstream) == [(3, 1), (2, 2)]


def test_a_level_has_an_end_and_so_has_a_line(world: World) -> None:
    for number in range(2, MOST_ON_A_LEVEL + 12):
        linked(world, number, 1)
    for number in range(200, 200 + MAX_DEPTH + 3):
        linked(world, number + 1, number)
    actor = as_actor(world.ada)
    assert len(trace_of(actor, thing(1)).downstream) == MOST_ON_A_LEVEL
    assert max(depth for _, depth in numbers(trace_of(actor, thing(200)).downstream)) == MAX_DEPTH


def test_a_level_is_one_query_for_both_ways(world: World) -> None:
    for later, earlier in ((2, 1), (3, 2)):
        linked(world, later, earlier)
    actor = as_actor(world.ada)
    with CaptureQueriesContext(connection) as queries:
        steps = link_steps(actor, {"up": [thing(2)], "down": [thing(2)]}, limit=10)
    assert len(queries) == 1
    assert {(direction, far.id) for direction, _, _, far in steps} == {("up", 1), ("down", 3)}


def test_another_organisation_has_other_links(world: World) -> None:
    linked(world, 2, 1)
    elsewhere = replace(as_actor(world.ada), org_id=world.other_org.pk)
    assert link_steps(elsewhere, {"up": [thing(2)]}, limit=10) == []
    assert len(link_steps(as_actor(world.ada), {"up": [thing(2)]}, limit=10)) == 1
