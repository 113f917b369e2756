"""The prepared roll-up: equal to the full one to the last bit, whatever readings come in and in which order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import GoalCycle, GoalGraph, MeanRollup, goal_graph, prepare_rollup, rollup_means
from throughline_analysis.networks.levels import MOST_ROUNDS
from throughline_analysis.networks.tests.brute_force import READINGS, PlainGraph, plain_graphs

COLUMNS = ("progress", "raw", "unread_share_0_1")


def with_progress(graph: GoalGraph, progress: np.ndarray) -> GoalGraph:
    return goal_graph(
        graph.parents,
        graph.children,
        weights=graph.weights,
        rules=graph.rules,
        leaves=graph.leaves,
        progress=progress,
        excluded=graph.excluded,
    )


def same(left: MeanRollup, right: MeanRollup) -> bool:
    columns = all(np.array_equal(getattr(left, name), getattr(right, name), equal_nan=True) for name in COLUMNS)
    return columns and np.array_equal(left.is_empty, right.is_empty)


@given(plain_graphs(), st.lists(st.tuples(st.integers(0, 8), READINGS), max_size=6))
def test_any_row_of_readings_gives_the_full_roll_up_to_the_last_bit(
    plain: PlainGraph, readings: list[tuple[int, float]]
) -> None:
    graph = plain.built()
    leaves = np.flatnonzero(graph.leaves)
    prepared, progress = prepare_rollup(graph), graph.progress.copy()
    assert same(prepared.rollup(), rollup_means(graph))
    for pick, reading in readings if len(leaves) else []:
        leaf = int(leaves[pick % len(leaves)])
        before = rollup_means(with_progress(graph, progress))
        changed = prepared.set_reading(leaf, reading)
        progress[leaf] = reading
        after = rollup_means(with_progress(graph, progress))
        assert same(prepared.rollup(), after)
        for name in COLUMNS:
            assert np.array_equal(getattr(changed, name), getattr(after, name)[changed.nodes], equal_nan=True)
        assert np.array_equal(changed.progress_before, before.progress[changed.nodes])
        untouched = np.setdiff1d(np.arange(graph.n_nodes), changed.nodes)
        assert np.array_equal(after.raw[untouched], before.raw[untouched], equal_nan=True)


@given(plain_graphs(), READINGS)
def test_a_preview_says_what_setting_would_and_keeps_nothing(plain: PlainGraph, reading: float) -> None:
    graph = plain.built()
    for leaf in np.flatnonzero(graph.leaves).tolist():
        prepared = prepare_rollup(graph)
        shown = prepared.preview_reading(leaf, reading)
        assert same(prepared.rollup(), rollup_means(graph))
        kept = prepared.set_reading(leaf, reading)
        for name in ("nodes", "progress_before", *COLUMNS):
            assert np.array_equal(getattr(shown, name), getattr(kept, name))


def test_a_large_random_graph_stays_equal_over_many_readings() -> None:
    rng = np.random.default_rng(5)
    n_nodes = 12_000
    children = np.repeat(np.arange(1, n_nodes), 2)
    pairs = np.unique((children * rng.random(len(children)) ** 2 / 4).astype(int) * n_nodes + children)
    parents, children = pairs // n_nodes, pairs % n_nodes
    leaves = np.ones(n_nodes, dtype=bool)
    leaves[parents] = False
    progress = rng.random(n_nodes) * 1.3
    graph = goal_graph(
        parents,
        children,
        weights=rng.integers(0, 4, len(parents)).astype(float),
        leaves=leaves,
        progress=progress,
        excluded=rng.random(n_nodes) < 0.1,
    )
    prepared = prepare_rollup(graph)
    changed = graph.progress.copy()
    for leaf in rng.choice(np.flatnonzero(leaves), 300).tolist():
        changed[leaf] = math.nan if rng.random() < 0.2 else rng.random() * 1.3
        prepared.set_reading(leaf, changed[leaf])
    assert same(prepared.rollup(), rollup_means(with_progress(graph, changed)))


def test_readings_do_not_reach_goals_that_the_leaf_does_not_count_for() -> None:
    # Leaf 3 counts for goal 1; goal 2 it only supports, and goal 1 is excluded from goal 0.
    graph = goal_graph(
        [0, 1, 2, 2],
        [1, 3, 3, 4],
        rules=[0, 0, 1, 0],
        leaves=[False, False, False, True, True],
        progress=[0, 0, 0, 0.5, 0.25],
        excluded=[False, True, False, False, False],
    )
    changed = prepare_rollup(graph).set_reading(3, 1.0)
    assert changed.nodes.tolist() == [3, 1]


def test_the_graph_it_was_made_from_stays_as_it_was() -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    prepared = prepare_rollup(graph)
    prepared.set_reading(1, 0.75)
    prepared.rollup().progress[:] = -1
    assert graph.progress[1] == 0.5
    assert prepared.graph is graph
    assert rollup_means(graph).progress.tolist() == [0.5, 0.5]
    assert prepared.progress_of(0) == 0.75


def test_the_smallest_graphs_work_and_an_empty_goal_has_no_number() -> None:
    assert prepare_rollup(goal_graph([], [], leaves=[], progress=[])).rollup().progress.tolist() == []
    alone = prepare_rollup(goal_graph([], [], leaves=[True, False], progress=[math.nan, 0]))
    assert alone.set_reading(0, 1.5).raw.tolist() == [1.5]
    assert math.isnan(alone.progress_of(1))


@pytest.mark.parametrize(
    ("node", "reading", "words"),
    [(0, 0.5, "not a leaf"), (7, 0.5, "not in the graph"), (-1, 0.5, "not in the graph"), (1, math.inf, "not sound")],
)
def test_what_cannot_be_a_reading_is_refused_and_changes_nothing(node: int, reading: float, words: str) -> None:
    prepared = prepare_rollup(goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5]))
    with pytest.raises(InputError, match=words):
        prepared.set_reading(node, reading)
    with pytest.raises(InputError, match=words):
        prepared.preview_reading(node, reading)
    assert prepared.progress_of(0) == 0.5


@pytest.mark.parametrize("depth", [1, 2, MOST_ROUNDS - 1, MOST_ROUNDS, MOST_ROUNDS + 1, 3 * MOST_ROUNDS])
def test_chains_of_any_depth_are_planned(depth: int) -> None:
    graph = goal_graph(
        np.arange(depth),
        np.arange(1, depth + 1),
        leaves=np.arange(depth + 1) == depth,
        progress=np.full(depth + 1, 0.5),
    )
    assert len(graph.levels.node_bounds) == depth + 2
    assert rollup_means(graph).progress.tolist() == [0.5] * (depth + 1)


def test_a_circle_is_named_in_graphs_that_are_planned_the_quick_way() -> None:
    with pytest.raises(GoalCycle) as caught:
        goal_graph([0, 1, 2, 3], [1, 2, 3, 1], leaves=[False] * 4, progress=[0] * 4)
    assert caught.value.nodes == (1, 2, 3)
