"""Leaf weights and paths against the enumeration of all paths."""

import numpy as np
import pytest
from hypothesis import given

from throughline_analysis import InputError
from throughline_analysis.networks import GoalGraph, goal_graph, leaf_paths, leaf_weights, rollup_means
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs

ROUNDING = 1e-12


def ladder(n_rungs: int) -> GoalGraph:
    """Diamonds in a row: the number of ways to the one leaf doubles with every rung."""
    parents, children = [], []
    for rung in range(n_rungs):
        top = 3 * rung
        parents += [top, top, top + 1, top + 2]
        children += [top + 1, top + 2, top + 3, top + 3]
    n_nodes = 3 * n_rungs + 1
    return goal_graph(parents, children, leaves=np.arange(n_nodes) == n_nodes - 1, progress=np.full(n_nodes, 0.5))


@given(plain_graphs())
def test_weights_and_counts_equal_the_enumerated_paths(plain: PlainGraph) -> None:
    graph = plain.built()
    for node in range(plain.n_nodes):
        weights: dict[int, float] = {}
        counts: dict[int, int] = {}
        for path, product in plain.leaf_paths(node):
            weights[path[-1]] = weights.get(path[-1], 0.0) + product
            counts[path[-1]] = counts.get(path[-1], 0) + 1
        result = leaf_weights(graph, node)
        assert result.leaves.tolist() == sorted(weights)
        assert result.weights == pytest.approx([weights[leaf] for leaf in sorted(weights)], abs=ROUNDING)
        assert result.path_counts.tolist() == [counts[leaf] for leaf in sorted(weights)]


@given(plain_graphs())
def test_weights_sum_to_one_and_give_the_progress(plain: PlainGraph) -> None:
    graph = plain.built()
    means = rollup_means(graph)
    for node in np.flatnonzero(~means.is_empty):
        result = leaf_weights(graph, int(node))
        assert result.weights.sum() == pytest.approx(1, abs=ROUNDING)
        assert result.weights @ means.progress[result.leaves] == pytest.approx(means.progress[node], abs=ROUNDING)


@given(plain_graphs())
def test_listed_paths_are_the_heaviest_and_the_rest_is_counted(plain: PlainGraph) -> None:
    graph = plain.built()
    for node in range(plain.n_nodes):
        ways = plain.leaf_paths(node)
        for leaf in np.flatnonzero(graph.leaves):
            here = sorted((-product, path) for path, product in ways if path[-1] == leaf)
            result = leaf_paths(graph, node, leaf=int(leaf), limit=2)
            assert result.path_count == len(here)
            assert result.folded_count == max(0, len(here) - 2)
            listed = [-path.weight for path in result.paths]
            assert listed == pytest.approx([weight for weight, _ in here[:2]], abs=ROUNDING)
            assert {path.nodes for path in result.paths} <= {path for _, path in here}
            assert result.weight == pytest.approx(-sum(weight for weight, _ in here), abs=ROUNDING)


def test_number_of_paths_is_stated_exactly_when_it_is_astronomical() -> None:
    result = leaf_paths(ladder(100), 0, leaf=300, limit=3)
    assert result.path_count == 2**100
    assert len(result.paths) == 3
    assert result.folded_count == 2**100 - 3
    assert result.weight == 1.0


def test_equally_heavy_paths_come_in_order_of_their_nodes() -> None:
    paths = leaf_paths(ladder(2), 0, leaf=6, limit=4).paths
    assert [path.nodes for path in paths] == [
        (0, 1, 3, 4, 6),
        (0, 1, 3, 5, 6),
        (0, 2, 3, 4, 6),
        (0, 2, 3, 5, 6),
    ]


def test_a_leaf_weighs_one_in_itself() -> None:
    graph = goal_graph([], [], leaves=[True], progress=[float("nan")])
    assert leaf_weights(graph, 0).weights.tolist() == [1.0]
    assert leaf_paths(graph, 0, leaf=0).paths[0].nodes == (0,)


def test_a_goal_with_nothing_to_roll_up_has_no_leaves() -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 1], excluded=[False, True])
    assert leaf_weights(graph, 0).leaves.tolist() == []
    assert leaf_paths(graph, 0, leaf=1).path_count == 0


def test_questions_about_nodes_that_are_not_there_are_refused() -> None:
    graph = ladder(1)
    with pytest.raises(InputError, match="nodes are 0 to 3"):
        leaf_weights(graph, 4)
    with pytest.raises(InputError, match="not a leaf"):
        leaf_paths(graph, 0, leaf=1)
    with pytest.raises(InputError, match="at least one path"):
        leaf_paths(graph, 0, leaf=3, limit=0)
