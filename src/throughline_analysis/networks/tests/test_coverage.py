"""Coverage and circles: against networkx, and by cases whose answer is plain."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import (
    AlignmentRule,
    GoalCycle,
    Reach,
    Service,
    closing_path,
    find_cycles,
    goal_graph,
    purpose_coverage,
)
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs

EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), unique=True, max_size=16)


def as_networkx(plain: PlainGraph, kept: set[int], *, only_contributing: bool) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(kept)
    for parent, child, _, rule in plain.edges:
        if {parent, child} <= kept and not (only_contributing and rule == AlignmentRule.SUPPORTS):
            graph.add_edge(parent, child)
    return graph


@given(plain_graphs(), st.sets(st.integers(0, 8), max_size=3))
def test_reach_and_service_equal_searches_by_networkx(plain: PlainGraph, picked: set[int]) -> None:
    purposes = sorted(node for node in picked if node < plain.n_nodes and not plain.leaves[node])
    result = purpose_coverage(plain.built(), purposes)
    kept = {node for node in range(plain.n_nodes) if not plain.excluded[node]} | set(purposes)
    every = as_networkx(plain, kept, only_contributing=False)
    strong = as_networkx(plain, kept, only_contributing=True)
    starts = [node for node in purposes if not plain.excluded[node]]
    judged = {node for node in kept if node not in purposes}
    for node in range(plain.n_nodes):
        lengths = [
            nx.shortest_path_length(every, top, node)
            for top in starts
            if node in every and nx.has_path(every, top, node)
        ]
        assert result.steps[node] == min(lengths, default=-1)
        by_contributing = any(node in strong and nx.has_path(strong, top, node) for top in starts)
        expected = Reach.CONTRIBUTES if by_contributing else Reach.SUPPORTS if lengths else Reach.NONE
        assert result.reach[node] == expected
    assert result.unreached.tolist() == sorted(node for node in judged if result.reach[node] == Reach.NONE)
    for row, top in enumerate(purposes):
        below, strongly = nx.descendants(every, top), nx.descendants(strong, top)
        if any(plain.leaves[node] and not plain.excluded[node] for node in strongly):
            expected_service = Service.MEASURED
        elif strongly & judged:
            expected_service = Service.UNMEASURED
        else:
            expected_service = Service.SUPPORTED if below & judged else Service.NONE
        assert result.service[row] == expected_service
    contributing = [node for node in judged if result.reach[node] == Reach.CONTRIBUTES]
    assert result.reached_share_0_1 == (len(contributing) / len(judged) if judged else 1.0)


def test_purposes_that_cannot_be_are_refused() -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    for purposes, words in (
        ([1], "no purpose"),
        ([0, 0], "given twice"),
        ([5], "not in the graph"),
        ([0.5], "node numbers"),
    ):
        with pytest.raises(InputError, match=words):
            purpose_coverage(graph, purposes)
    assert purpose_coverage(graph, []).unreached.tolist() == [0, 1]


@given(EDGES)
def test_every_knot_and_the_length_of_its_shortest_circle_equal_networkx(edges: list[tuple[int, int]]) -> None:
    graph = nx.DiGraph(edges)
    knots = find_cycles([edge[0] for edge in edges], [edge[1] for edge in edges], n_nodes=7)
    expected = {
        frozenset(part)
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(node, node) for node in part)
    }
    assert {frozenset(knot.nodes) for knot in knots} == expected
    for knot in knots:
        around = [*knot.circle, knot.circle[0]]
        assert all(graph.has_edge(one, other) for one, other in itertools.pairwise(around))
        assert len(set(knot.circle)) == len(knot.circle)
        assert knot.circle[0] == min(knot.circle)
        inner = graph.subgraph(knot.nodes)
        assert len(knot.circle) == min(len(circle) for circle in nx.simple_cycles(inner))
        assert knot.n_alignments == inner.number_of_edges()


@given(EDGES)
def test_no_knot_is_found_exactly_when_the_graph_can_be_built(edges: list[tuple[int, int]]) -> None:
    proper = [(a, b) for a, b in edges if a != b]
    parents, children = [a for a, _ in proper], [b for _, b in proper]
    knots = find_cycles(parents, children, n_nodes=7)
    if not knots:
        assert goal_graph(parents, children, leaves=[False] * 7, progress=[0] * 7).n_edges == len(proper)
        return
    with pytest.raises(GoalCycle) as caught:
        goal_graph(parents, children, leaves=[False] * 7, progress=[0] * 7)
    assert any(set(caught.value.nodes) <= set(knot.nodes) for knot in knots)


@given(plain_graphs(), st.integers(0, 8), st.integers(0, 8))
def test_the_path_that_would_close_a_circle_is_a_shortest_way_down(plain: PlainGraph, one: int, other: int) -> None:
    parent, child = one % plain.n_nodes, other % plain.n_nodes
    graph = as_networkx(plain, set(range(plain.n_nodes)), only_contributing=True)
    path = closing_path(plain.built(), parent, child=child)
    if not nx.has_path(graph, child, parent):
        assert path == ()
        return
    assert path[0] == child
    assert path[-1] == parent
    assert nx.is_path(graph, list(path)) or path == (parent,)
    assert len(path) == nx.shortest_path_length(graph, child, parent) + 1


def test_supporting_alignments_close_no_circle_and_long_circles_are_folded_in_words() -> None:
    assert find_cycles([0, 1], [1, 0], n_nodes=2, rules=[0, 1]) == ()
    ring = np.arange(30)
    (knot,) = find_cycles(ring, np.roll(ring, -1), n_nodes=30, names=[f"Goal {node}" for node in range(30)])
    assert knot.circle == tuple(range(30))
    assert "Goal 0 -> Goal 1" in knot.sentence
    assert "(18 more) -> Goal 0" in knot.sentence


@pytest.mark.parametrize(
    ("parents", "terms", "words"),
    [
        ([7], {}, "outside 0 to 1"),
        ([0, 1], {}, "per edge"),
        ([0], {"names": ["a"]}, "1 names for 2"),
        ([0], {"rules": [0, 0]}, "one entry"),
    ],
)
def test_wrong_alignments_are_refused(parents: list[int], terms: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        find_cycles(parents, [1], n_nodes=2, **terms)


def test_a_purpose_that_no_longer_counts_is_not_listed_as_unserved() -> None:
    graph = goal_graph([], [], leaves=[False, False], progress=[0, 0], excluded=[True, False])
    result = purpose_coverage(graph, [0, 1])
    assert result.unserved.tolist() == [1]
    assert result.service.tolist() == [Service.NONE, Service.NONE]


def test_thousands_of_knots_and_a_large_circle_are_found() -> None:
    n_pairs = 5_000
    first = np.arange(0, 2 * n_pairs, 2)
    knots = find_cycles(np.concatenate([first, first + 1]), np.concatenate([first + 1, first]), n_nodes=2 * n_pairs)
    assert [knot.circle for knot in knots[:2]] == [(0, 1), (2, 3)]
    assert len(knots) == n_pairs
    ring = np.arange(20_000)
    (knot,) = find_cycles(ring, np.roll(ring, -1), n_nodes=20_000)
    assert len(knot.circle) == knot.n_alignments == 20_000
