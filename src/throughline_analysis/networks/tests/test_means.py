"""Means: against brute force, another implementation, a worked example and a known answer."""

import math
import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import (
    AlignmentRule,
    GoalGraph,
    KnownProgress,
    MeanRollup,
    goal_graph,
    rollup_ancestors,
    rollup_means,
)
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs

# Sums of at most a few dozen products of doubles; larger differences are not rounding.
ROUNDING = 1e-12


def same(left: MeanRollup, right: MeanRollup) -> bool:
    return all(
        np.array_equal(getattr(left, name), getattr(right, name), equal_nan=name != "is_empty")
        for name in ("progress", "raw", "unread_share_0_1", "is_empty")
    )


@given(plain_graphs())
def test_every_node_equals_the_sum_over_its_paths(plain: PlainGraph) -> None:
    result = rollup_means(plain.built())
    for node in range(plain.n_nodes):
        paths = plain.leaf_paths(node)
        assert result.is_empty[node] == (not paths)
        if not paths:
            assert np.isnan([result.progress[node], result.raw[node], result.unread_share_0_1[node]]).all()
            continue
        read = {
            path[-1]: 0.0 if math.isnan(plain.progress[path[-1]]) else plain.progress[path[-1]] for path, _ in paths
        }
        progress = sum(product * min(max(read[path[-1]], 0), 1) for path, product in paths)
        raw = sum(product * read[path[-1]] for path, product in paths)
        unread = sum(product for path, product in paths if math.isnan(plain.progress[path[-1]]))
        assert result.progress[node] == pytest.approx(progress, abs=ROUNDING)
        assert result.raw[node] == pytest.approx(raw, abs=ROUNDING)
        assert result.unread_share_0_1[node] == pytest.approx(unread, abs=ROUNDING)


@given(plain_graphs())
def test_progress_and_unread_share_never_leave_zero_to_one(plain: PlainGraph) -> None:
    result = rollup_means(plain.built())
    filled = ~result.is_empty
    for numbers in (result.progress[filled], result.unread_share_0_1[filled]):
        assert ((numbers >= 0) & (numbers <= 1)).all()


@given(plain_graphs(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(plain: PlainGraph, shuffle: random.Random) -> None:
    rows = list(range(len(plain.edges)))
    shuffle.shuffle(rows)
    assert same(rollup_means(plain.built()), rollup_means(plain.built(rows)))


@given(plain_graphs())
def test_multiplying_all_weights_by_a_power_of_two_changes_no_bit(plain: PlainGraph) -> None:
    doubled = [(parent, child, 4 * weight, rule) for parent, child, weight, rule in plain.edges]
    scaled = PlainGraph(plain.n_nodes, doubled, plain.leaves, plain.progress, plain.excluded)
    assert same(rollup_means(plain.built()), rollup_means(scaled.built()))


@given(plain_graphs())
def test_excluding_a_node_is_the_same_as_removing_the_edges_to_it(plain: PlainGraph) -> None:
    kept = [edge for edge in plain.edges if not plain.excluded[edge[1]]]
    removed = PlainGraph(plain.n_nodes, kept, plain.leaves, plain.progress, [False] * plain.n_nodes)
    assert same(rollup_means(plain.built()), rollup_means(removed.built()))


@given(plain_graphs())
def test_ancestors_recomputed_alone_equal_the_full_roll_up(plain: PlainGraph) -> None:
    graph, full = plain.built(), rollup_means(plain.built())
    contributing = [edge for edge in plain.edges if edge[3] == AlignmentRule.CONTRIBUTES]
    for leaf in np.flatnonzero(graph.leaves):
        above = {int(leaf)}
        while wider := {edge[0] for edge in contributing if edge[1] in above} - above:
            above |= wider
        part, known, nodes = neighbourhood(plain, full, sorted(above - {int(leaf)}), int(leaf))
        result = rollup_ancestors(part, known)
        for row, node in enumerate(nodes):
            assert result.is_empty[row] == full.is_empty[node]
            assert result.progress[row] == pytest.approx(full.progress[node], abs=ROUNDING, nan_ok=True)
            assert result.raw[row] == pytest.approx(full.raw[node], abs=ROUNDING, nan_ok=True)
            expected = full.unread_share_0_1[node]
            assert result.unread_share_0_1[row] == pytest.approx(expected, abs=ROUNDING, nan_ok=True)


def neighbourhood(
    plain: PlainGraph, full: MeanRollup, ancestors: list[int], leaf: int
) -> tuple[GoalGraph, KnownProgress, list[int]]:
    """What the product loads at a check-in: goals above, their children, and old numbers of the others."""
    edges = [edge for edge in plain.edges if edge[0] in ancestors]
    nodes = sorted({leaf, *ancestors} | {edge[1] for edge in edges})
    row_of = {node: row for row, node in enumerate(nodes)}
    part = PlainGraph(
        n_nodes=len(nodes),
        edges=[(row_of[a], row_of[b], weight, rule) for a, b, weight, rule in edges],
        leaves=[plain.leaves[node] for node in nodes],
        progress=[plain.progress[node] for node in nodes],
        excluded=[plain.excluded[node] for node in nodes],
    )
    old = [node for node in nodes if node not in ancestors and not plain.leaves[node]]
    known = KnownProgress(
        nodes=[row_of[node] for node in old],
        progress=full.progress[old],
        raw=full.raw[old],
        unread_share_0_1=full.unread_share_0_1[old],
        is_empty=full.is_empty[old],
    )
    return part.built(), known, nodes


def networkx_means(plain: PlainGraph) -> dict[int, float]:
    """The plain loop one would write with networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(plain.n_nodes))
    graph.add_weighted_edges_from(edge[:3] for edge in plain.edges if edge[3] == AlignmentRule.CONTRIBUTES)
    means: dict[int, float] = {}
    for node in reversed(list(nx.topological_sort(graph))):
        if plain.leaves[node]:
            raw = plain.progress[node]
            means[node] = 0.0 if math.isnan(raw) else min(max(raw, 0.0), 1.0)
            continue
        kept = [c for c in graph[node] if c in means and not plain.excluded[c] and graph[node][c]["weight"] > 0]
        if kept:
            total = sum(graph[node][child]["weight"] for child in kept)
            means[node] = sum(graph[node][child]["weight"] * means[child] for child in kept) / total
    return means


@given(plain_graphs(max_nodes=14))
def test_a_networkx_loop_agrees(plain: PlainGraph) -> None:
    result, means = rollup_means(plain.built()), networkx_means(plain)
    assert set(np.flatnonzero(~result.is_empty)) == set(means)
    for node, mean in means.items():
        assert result.progress[node] == pytest.approx(mean, abs=ROUNDING)


def test_worked_example_of_a_shared_goal() -> None:
    """By hand: goal 1 = (1/2 + 1) / 2 = 3/4; goal 2 = (3 * 2/5 + 3/4) / 4 = 39/80; goal 0 = their mean."""
    graph = goal_graph(
        [0, 0, 1, 1, 2, 2],
        [1, 2, 3, 4, 5, 1],
        weights=[1, 1, 1, 1, 3, 1],
        leaves=[False, False, False, True, True, True],
        progress=[0, 0, 0, 0.5, 1.0, 0.4],
    )
    assert rollup_means(graph).progress[:3] == pytest.approx([99 / 160, 3 / 4, 39 / 80], abs=ROUNDING)


def test_published_example_of_a_scored_objective() -> None:
    """Google re:Work, "Tool: Grade OKRs": the average of one launched (1) and three of six (0.5)."""
    graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 1, 0.5])
    assert rollup_means(graph).progress[0] == 0.75


def test_a_random_walk_from_the_top_recovers_the_mean() -> None:
    rng = np.random.default_rng(7)
    parents, children = [0, 0, 1, 1, 2, 2, 2], [1, 2, 3, 4, 4, 5, 6]
    weights, progress = [2, 1, 1, 3, 1, 1, 2], [0, 0, 0, 0.1, 0.9, 0.5, 0.3]
    graph = goal_graph(parents, children, weights=weights, leaves=[False] * 3 + [True] * 4, progress=progress)
    ends = []
    for _ in range(20_000):
        node = 0
        while node < 3:
            rows = [row for row, parent in enumerate(parents) if parent == node]
            chances = np.array([weights[row] for row in rows], dtype=float)
            node = children[rows[int(rng.choice(len(rows), p=chances / chances.sum()))]]
        ends.append(progress[node])
    # Five standard errors of the simulated mean.
    assert rollup_means(graph).progress[0] == pytest.approx(
        np.mean(ends), abs=5 * float(np.std(ends)) / math.sqrt(20_000)
    )


def test_a_goal_is_exactly_reached_when_all_that_counts_is() -> None:
    rng = np.random.default_rng(3)
    graph = goal_graph(
        np.zeros(1000, dtype=int),
        np.arange(1, 1001),
        weights=rng.random(1000) + 0.01,
        leaves=np.arange(1001) > 0,
        progress=np.full(1001, 1.0),
    )
    assert rollup_means(graph).progress[0] == 1.0


def test_a_goal_without_key_results_does_not_lower_its_parent() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, False, True], progress=[0, 0, 0.5])
    result = rollup_means(graph)
    assert result.progress[0] == 0.5
    assert result.is_empty.tolist() == [False, True, False]


def test_weights_that_are_all_zero_leave_nothing_to_roll_up() -> None:
    graph = goal_graph([0, 0], [1, 2], weights=[0, 0], leaves=[False, True, True], progress=[0, 0.5, 1])
    assert rollup_means(graph).is_empty.tolist() == [True, False, False]


def test_a_missing_reading_counts_as_zero_and_is_marked() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 1.0, math.nan], weights=[1, 3])
    result = rollup_means(graph)
    assert (result.progress[0], result.unread_share_0_1[0]) == (0.25, 0.75)
    assert result.has_unread.tolist() == [True, False, True]


def test_an_empty_graph_and_a_single_leaf_work() -> None:
    assert rollup_means(goal_graph([], [], leaves=[], progress=[])).progress.tolist() == []
    assert rollup_means(goal_graph([], [], leaves=[True], progress=[0.3])).progress.tolist() == [0.3]


def test_inputs_stay_unchanged_and_results_do_not_share_memory() -> None:
    progress, weights = np.array([5.0, 2.0, math.nan]), np.array([1.0, 2.0])
    graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=progress, weights=weights)
    first = rollup_means(graph)
    first.progress[:] = -1
    assert np.array_equal(progress, [5.0, 2.0, math.nan], equal_nan=True)
    assert weights.tolist() == [1, 2]
    assert rollup_means(graph).progress[0] == pytest.approx(1 / 3, abs=ROUNDING)


def test_largest_weights_and_raw_values_do_not_overflow() -> None:
    n_leaves = 50_000
    graph = goal_graph(
        np.zeros(n_leaves, dtype=int),
        np.arange(1, n_leaves + 1),
        weights=np.full(n_leaves, 1e9),
        leaves=np.arange(n_leaves + 1) > 0,
        progress=np.full(n_leaves + 1, 1e100),
    )
    result = rollup_means(graph)
    assert result.progress[0] == 1.0
    assert result.raw[0] == pytest.approx(1e100, rel=1e-9)


def test_large_and_small_sorts_give_the_same_plan() -> None:
    rng = np.random.default_rng(11)
    n_nodes = 9_000
    children = np.arange(1, n_nodes)
    parents = (children * rng.random(n_nodes - 1) / 3).astype(int)
    leaves = np.ones(n_nodes, dtype=bool)
    leaves[parents] = False
    progress = rng.random(n_nodes)
    order = rng.permutation(n_nodes - 1)
    graph = goal_graph(parents[order], children[order], leaves=leaves, progress=progress)
    expected = progress.copy()
    for node in range(n_nodes - 1, -1, -1):
        if not leaves[node]:
            expected[node] = expected[children[parents == node]].mean()
    np.testing.assert_allclose(rollup_means(graph).progress, expected, atol=ROUNDING)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (KnownProgress([5], [0.5], [0.5], [0], [False]), "not in the graph"),
        (KnownProgress([1.7], [0.5], [0.5], [0], [False]), "whole numbers"),
        (KnownProgress([-1], [0.5], [0.5], [0], [False]), "not in the graph"),
        (KnownProgress([1, 1], [0.5] * 2, [0.5] * 2, [0] * 2, [False] * 2), "more than once"),
        (KnownProgress([0], [0.5], [0.5], [0], [False]), "one or the other"),
        (KnownProgress([2], [0.5], [0.5], [0], [False]), "one or the other"),
        (KnownProgress([1], [1.5], [0.5], [0], [False]), "not progress"),
        (KnownProgress([1], [math.nan], [0.5], [0], [False]), "not progress"),
        (KnownProgress([1], [0.5, 0.5], [0.5], [0], [False]), "one entry per known node"),
    ],
)
def test_wrong_known_numbers_are_refused(known: KnownProgress, words: str) -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, False, True], progress=[0, 0, 0.5])
    with pytest.raises(InputError, match=words):
        rollup_ancestors(graph, known)


def test_a_known_child_that_is_empty_is_left_out() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, False, True], progress=[0, 0, 0.5])
    known = KnownProgress([1], [math.nan], [math.nan], [math.nan], [True])
    assert rollup_ancestors(graph, known).progress[0] == 0.5
