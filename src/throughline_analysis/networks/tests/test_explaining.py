"""The lines of a goal add up, say the truth about what is left out, and survive rounding for a page."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import (
    AlignmentRule,
    KnownProgress,
    Reason,
    explain,
    goal_graph,
    rollup_means,
    shown_points,
)
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs


@given(plain_graphs())
def test_contributions_add_up_to_the_last_bit(plain: PlainGraph) -> None:
    graph = plain.built()
    progress = rollup_means(graph).progress
    for node in np.flatnonzero(~graph.leaves):
        result = explain(graph, int(node))
        contributions = [line.contribution for line in result.lines]
        if result.is_empty:
            assert contributions == [0.0] * len(contributions)
            continue
        assert math.fsum(contributions) == result.progress == progress[node]
        assert math.fsum(line.normalised_weight for line in result.lines) == pytest.approx(1, abs=1e-12)


@given(st.lists(st.tuples(st.floats(1e-9, 1e9), st.floats(0, 1)), min_size=1, max_size=40))
def test_contributions_add_up_for_any_weights(rows: list[tuple[float, float]]) -> None:
    graph = goal_graph(
        [0] * len(rows),
        range(1, len(rows) + 1),
        weights=[weight for weight, _ in rows],
        leaves=[False] + [True] * len(rows),
        progress=[0.0] + [progress for _, progress in rows],
    )
    result = explain(graph, 0)
    assert math.fsum(line.contribution for line in result.lines) == result.progress


def test_every_reason_is_told() -> None:
    graph = goal_graph(
        [0] * 6,
        range(1, 7),
        weights=[1, 1, 1, 1, 1, 0],
        rules=[0, 0, AlignmentRule.SUPPORTS, 0, 0, 0],
        leaves=[False, True, True, True, True, False, True],
        progress=[0, 1.2, math.nan, 1, 1, 0, 1],
        excluded=[False, False, False, False, True, False, False],
    )
    result = explain(graph, 0)
    assert [line.reason for line in result.lines] == [
        Reason.COUNTS,
        Reason.NO_READING,
        Reason.SUPPORTS,
        Reason.EXCLUDED,
        Reason.NOTHING_BELOW,
        Reason.ZERO_WEIGHT,
    ]
    assert [line.contribution for line in result.lines] == [0.5, 0, 0, 0, 0, 0]
    assert [line.normalised_weight for line in result.lines] == [0.5, 0.5, 0, 0, 0, 0]
    assert [line.is_counted for line in result.lines] == [True, True, False, False, False, False]
    assert (result.progress, result.raw, result.unread_share_0_1) == (0.5, 0.6, 0.5)


def test_known_children_are_explained_without_what_lies_below_them() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, False, True], progress=[0, 0, 0.5])
    known = KnownProgress(nodes=[1], progress=[1.0], raw=[1.5], unread_share_0_1=[0.25], is_empty=[False])
    result = explain(graph, 0, known=known)
    assert result.progress == 0.75
    assert (result.lines[0].raw, result.lines[0].unread_share_0_1) == (1.5, 0.25)


def test_a_goal_without_children_is_empty_and_has_no_lines() -> None:
    result = explain(goal_graph([], [], leaves=[False], progress=[0]), 0)
    assert result.is_empty
    assert result.lines == ()
    assert math.isnan(result.progress)


def test_a_leaf_and_an_unknown_node_cannot_be_explained() -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    with pytest.raises(InputError, match="measured itself"):
        explain(graph, 1)
    with pytest.raises(InputError, match="not in the graph"):
        explain(graph, 2)


@given(st.lists(st.floats(0, 1), max_size=30), st.integers(0, 2))
def test_shown_points_add_up_and_stay_close(values: list[float], decimals: int) -> None:
    contributions = [value / max(1, len(values)) for value in values]
    points = shown_points(contributions, decimals=decimals)
    steps = 10**decimals
    assert round(sum(points) * steps) == round(math.fsum(contributions) * 100 * steps)
    # One last digit, plus the rounding of products near 100.
    assert all(abs(p - 100 * c) <= 1 / steps + 1e-9 for p, c in zip(points, contributions, strict=True))


def test_shown_points_refuse_what_is_no_contribution() -> None:
    with pytest.raises(InputError, match="0 to 1"):
        shown_points([1.5])
    with pytest.raises(InputError, match="`decimals` is 7"):
        shown_points([0.5], decimals=7)
