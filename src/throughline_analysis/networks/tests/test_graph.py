"""What the door refuses, in words that help, and what it lets in."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import AlignmentRule, GoalCycle, goal_graph, rollup_means

SOUND: dict[str, Any] = {"parents": [0], "children": [1], "leaves": [False, True], "progress": [0, 0.5]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parents": [0, 0]}, "2 parents but 1 children"),
        ({"children": [2]}, "names node 2, but the nodes are 0 to 1"),
        ({"children": [-1]}, "names node -1"),
        ({"children": [1.0]}, "whole numbers"),
        ({"children": [0]}, "own parent"),
        ({"parents": [0, 0], "children": [1, 1]}, "0 -> 1 is given more than once"),
        ({"leaves": [0, 1]}, "True or False"),
        ({"leaves": [True, True]}, "measured itself and also has contributing children"),
        ({"progress": [0]}, "shape"),
        ({"progress": [0, math.inf]}, "check its baseline"),
        ({"progress": [0, -1e101]}, "check its baseline"),
        ({"weights": [-1]}, "never with a negative weight"),
        ({"weights": [math.nan]}, "weight in row 0 is nan"),
        ({"weights": [1e10]}, "weight in row 0"),
        ({"weights": [1e-10]}, "weight in row 0"),
        ({"weights": [1, 1]}, "one weight per edge"),
        ({"rules": [2]}, "AlignmentRule"),
        ({"rules": [0, 0]}, "one rule per edge"),
        ({"excluded": [False]}, "one per node"),
    ],
)
def test_unsound_input_is_refused_with_a_sentence(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        goal_graph(**{**SOUND, **change})
    assert str(caught.value).endswith(".")


def test_a_circle_is_refused_and_named() -> None:
    with pytest.raises(GoalCycle) as caught:
        goal_graph([0, 1, 2, 3], [1, 2, 3, 1], leaves=[False] * 4, progress=[0] * 4)
    assert caught.value.nodes == (1, 2, 3)
    assert "1 -> 2 -> 3 -> 1" in str(caught.value)


def test_a_long_circle_is_folded_in_the_sentence_but_not_in_the_nodes() -> None:
    n_nodes = 100
    with pytest.raises(GoalCycle) as caught:
        goal_graph(
            np.arange(n_nodes),
            (np.arange(n_nodes) + 1) % n_nodes,
            leaves=[False] * n_nodes,
            progress=[0] * n_nodes,
        )
    assert caught.value.nodes == tuple(range(n_nodes))
    assert "(88 more) -> 0" in str(caught.value)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda e: e[0] != e[1]), unique=True))
def test_a_named_circle_exists_and_no_circle_is_missed(edges: list[tuple[int, int]]) -> None:
    reachable = set(edges)
    for middle in range(7):
        reachable |= {(a, d) for a, b in reachable for c, d in reachable if b == c == middle}
    has_circle = any(a == b for a, b in reachable)
    try:
        goal_graph([a for a, _ in edges], [b for _, b in edges], leaves=[False] * 7, progress=[0] * 7)
    except GoalCycle as error:
        circle = error.nodes
    else:
        circle = ()
    assert bool(circle) == has_circle
    assert all(pair in edges for pair in zip(circle, circle[1:] + circle[:1], strict=True))


def test_a_circle_closed_by_support_alone_is_harmless() -> None:
    graph = goal_graph(
        [0, 1],
        [1, 0],
        rules=[AlignmentRule.CONTRIBUTES, AlignmentRule.SUPPORTS],
        leaves=[False] * 2,
        progress=[0] * 2,
    )
    assert rollup_means(graph).is_empty.all()


def test_a_leaf_may_be_supported() -> None:
    graph = goal_graph([1], [0], rules=[AlignmentRule.SUPPORTS], leaves=[True, True], progress=[0.2, 0.5])
    assert rollup_means(graph).progress.tolist() == [0.2, 0.5]


def test_the_graph_keeps_its_own_copies() -> None:
    parents, excluded = np.array([0, 0]), np.array([False, False, False])
    graph = goal_graph(parents, [2, 1], leaves=[False, True, True], progress=[0, 1, 0], excluded=excluded)
    parents[:] = 9
    excluded[:] = True
    assert graph.parents.tolist() == [0, 0]
    assert not graph.excluded.any()
    with pytest.raises(ValueError, match="read-only"):
        graph.weights[0] = 3
