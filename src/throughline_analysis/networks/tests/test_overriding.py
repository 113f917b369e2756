"""Stated numbers: against a graph in which the statement is a reading, and by what they must leave alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import AlignmentRule, goal_graph, rollup_means, rollup_overridden
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs

# Sums of at most a few dozen products of doubles.
ROUNDING = 1e-12


@given(plain_graphs(), st.dictionaries(st.integers(0, 8), st.floats(-0.5, 1.5), max_size=3))
def test_a_statement_counts_above_as_a_reading_of_a_leaf_would(plain: PlainGraph, said: dict[int, float]) -> None:
    stated = {node: number for node, number in said.items() if node < plain.n_nodes}
    graph = plain.built()
    result = rollup_overridden(graph, list(stated), progress=list(stated.values()))
    # The same graph with the statements as leaves: what lay below them is cut off.
    cut = PlainGraph(
        n_nodes=plain.n_nodes,
        edges=[edge for edge in plain.edges if edge[0] not in stated or edge[3] != AlignmentRule.CONTRIBUTES],
        leaves=[leaf or node in stated for node, leaf in enumerate(plain.leaves)],
        progress=[stated.get(node, number) for node, number in enumerate(plain.progress)],
        excluded=plain.excluded,
    )
    expected = rollup_means(cut.built())
    for name in ("progress", "raw", "unread_share_0_1"):
        assert np.array_equal(getattr(result, name), getattr(expected, name), equal_nan=True)
    assert np.array_equal(result.is_empty, expected.is_empty)
    assert np.flatnonzero(result.is_overridden).tolist() == sorted(stated)
    for node in stated:
        without = {other: number for other, number in stated.items() if other != node}
        alone = rollup_overridden(graph, list(without), progress=list(without.values()))
        assert result.rolled_up[node] == pytest.approx(alone.progress[node], nan_ok=True, abs=ROUNDING)
        assert result.stated_share_0_1[node] == 1.0
    for node in range(plain.n_nodes):
        paths = cut.leaf_paths(node)
        if paths:
            share = sum(product for path, product in paths if path[-1] in stated)
            assert result.stated_share_0_1[node] == pytest.approx(share, abs=ROUNDING)
        else:
            assert math.isnan(result.stated_share_0_1[node])


@given(plain_graphs())
def test_without_statements_nothing_changes_to_the_last_bit(plain: PlainGraph) -> None:
    graph = plain.built()
    result, expected = rollup_overridden(graph, [], progress=[]), rollup_means(graph)
    for name in ("progress", "raw", "unread_share_0_1"):
        assert np.array_equal(getattr(result, name), getattr(expected, name), equal_nan=True)
    assert np.array_equal(result.rolled_up, expected.progress, equal_nan=True)
    assert not result.is_overridden.any()
    assert not np.nan_to_num(result.stated_share_0_1).any()


def test_a_goal_with_nothing_below_counts_once_it_states_a_number() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, False, True], progress=[0, 0, 0.5])
    result = rollup_overridden(graph, [1], progress=[1.0])
    assert result.progress.tolist() == [0.75, 1.0, 0.5]
    assert math.isnan(result.rolled_up[1])


@pytest.mark.parametrize(
    ("nodes", "progress", "words"),
    [
        ([3], [0.5], "not in the graph"),
        ([0, 0], [0.5, 0.6], "states its number twice"),
        ([0], [math.nan], "missing or beyond reason"),
        ([0], [math.inf], "missing or beyond reason"),
        ([0], [0.5, 0.6], "same length"),
        ([0.5], [0.5], "same length"),
    ],
)
def test_wrong_statements_are_refused(nodes: list[float], progress: list[float], words: str) -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    with pytest.raises(InputError, match=words):
        rollup_overridden(graph, nodes, progress=progress)
