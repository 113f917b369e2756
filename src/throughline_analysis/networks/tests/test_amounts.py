"""Amounts: nothing is lost on the way up, and nothing counts twice."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import AlignmentRule, goal_graph, rollup_amounts
from throughline_analysis.networks.tests.brute_force import PlainGraph, plain_graphs

ROUNDING = 1e-12
MEASURES = st.lists(st.sampled_from([-1, 0, 0, 0, 1]), min_size=14, max_size=14)


def arriving(plain: PlainGraph, measures: list[int], leaf: int) -> list[float]:
    """Part of one leaf that arrives at each node: every way upwards is walked and its shares multiplied."""
    part = [0.0] * plain.n_nodes

    def walk(node: int, share: float) -> None:
        part[node] += share
        kept = [
            (parent, weight)
            for parent, child, weight, rule in plain.edges
            if child == node
            and rule == AlignmentRule.CONTRIBUTES
            and measures[parent] == measures[node]
            and not plain.excluded[parent]
            and not plain.excluded[node]
        ]
        total = sum(weight for _, weight in kept)
        for parent, weight in kept:
            if weight > 0:
                walk(parent, share * weight / total)

    if measures[leaf] >= 0 and plain.leaves[leaf]:
        walk(leaf, 1.0)
    return part


@given(plain_graphs(), MEASURES)
def test_every_amount_equals_the_sum_over_all_ways_up(plain: PlainGraph, measures: list[int]) -> None:
    measures = measures[: plain.n_nodes]
    result = rollup_amounts(plain.built(), plain.progress, measures=measures)
    parts = np.array([arriving(plain, measures, leaf) for leaf in range(plain.n_nodes)])
    unread = np.isnan(plain.progress)
    expected = np.where(unread, 0.0, plain.progress) @ parts
    assert (result.is_empty == (parts.sum(axis=0) == 0)).all()
    np.testing.assert_allclose(result.amount, np.where(result.is_empty, np.nan, expected), atol=ROUNDING)
    assert (result.has_unread == (parts[unread].sum(axis=0) > 0)).all()


@given(plain_graphs(), MEASURES)
def test_a_leaf_never_counts_more_than_once_on_any_ancestor(plain: PlainGraph, measures: list[int]) -> None:
    measures = measures[: plain.n_nodes]
    graph = plain.built()
    for leaf in np.flatnonzero(graph.leaves):
        alone = np.zeros(plain.n_nodes)
        alone[leaf] = 1.0
        amount = rollup_amounts(graph, alone, measures=measures).amount
        assert (np.nan_to_num(amount) <= 1 + ROUNDING).all()


@given(plain_graphs(), MEASURES)
def test_what_stands_where_nothing_is_passed_on_adds_up_to_all_leaves(plain: PlainGraph, measures: list[int]) -> None:
    measures = measures[: plain.n_nodes]
    graph = plain.built()
    result = rollup_amounts(graph, plain.progress, measures=measures)
    passed_on = np.bincount(graph.children, weights=result.share_0_1, minlength=plain.n_nodes)
    assert np.isclose(passed_on, 1, atol=ROUNDING).sum() + (passed_on == 0).sum() == plain.n_nodes
    counted = graph.leaves & (np.array(measures) >= 0)
    kept = np.nansum(result.amount[passed_on == 0])
    assert kept == pytest.approx(np.nansum(np.array(plain.progress)[counted]), abs=1e-11)


@given(plain_graphs(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_amount(plain: PlainGraph, shuffle: random.Random) -> None:
    rows = list(range(len(plain.edges)))
    shuffle.shuffle(rows)
    measures = [0] * plain.n_nodes
    left = rollup_amounts(plain.built(), plain.progress, measures=measures)
    right = rollup_amounts(plain.built(rows), plain.progress, measures=measures)
    assert np.array_equal(left.amount, right.amount, equal_nan=True)


def test_another_metric_takes_no_share() -> None:
    graph = goal_graph([0, 1], [2, 2], leaves=[False, False, True], progress=[0, 0, 0])
    result = rollup_amounts(graph, [0, 0, 40], measures=[1, 2, 1])
    assert result.amount.tolist()[::2] == [40, 40]
    assert result.is_empty.tolist() == [False, True, False]


def test_shares_of_the_child_divide_its_amount() -> None:
    graph = goal_graph([0, 1], [2, 2], weights=[3, 1], leaves=[False, False, True], progress=[0, 0, 0])
    assert rollup_amounts(graph, [0, 0, 40], measures=[0] * 3).amount.tolist() == [30, 10, 40]


def test_a_candidate_parent_takes_no_share_from_the_others() -> None:
    graph = goal_graph([0, 1], [2, 2], leaves=[False, False, True], progress=[0, 0, 0], excluded=[True, False, False])
    result = rollup_amounts(graph, [0, 0, 40], measures=[0] * 3)
    assert result.amount[1:].tolist() == [40, 40]
    assert result.is_empty[0]


def test_shares_that_are_all_zero_keep_the_amount_at_the_child() -> None:
    graph = goal_graph([0], [1], weights=[0], leaves=[False, True], progress=[0, 0])
    result = rollup_amounts(graph, [0, 40], measures=[0, 0])
    assert result.is_empty.tolist() == [True, False]


def test_an_empty_graph_has_no_amounts() -> None:
    assert rollup_amounts(goal_graph([], [], leaves=[], progress=[]), [], measures=[]).amount.size == 0


@pytest.mark.parametrize(
    ("amounts", "measures", "words"),
    [
        ([0], [0, 0], "one amount per node"),
        ([0, math.inf], [0, 0], "node 1"),
        ([0, 1], [0, 0.5], "whole number"),
    ],
)
def test_unsound_amounts_are_refused(amounts: list[float], measures: list[float], words: str) -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0])
    with pytest.raises(InputError, match=words):
        rollup_amounts(graph, amounts, measures=measures)
