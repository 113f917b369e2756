"""The parts of the proof: ranges in a tree, cuts between two divisions, leverages of filters, merging."""

from __future__ import annotations

from itertools import combinations, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis.disclosure import (
    STANDARD_RULES,
    TreeValues,
    are_remainders_safe,
    leverages,
    merge_small_units,
    minimum_cut,
    remainders,
    survey_records,
    tree_gate,
    tree_ranges,
    unit_tree,
    visible_units,
)
from throughline_analysis.disclosure.attackers.organisations import team_organisation
from throughline_analysis.disclosure.filters import filter_cells
from throughline_analysis.disclosure.supports import row_space, small_groups
from throughline_analysis.errors import InputError

TREE = unit_tree([-1, 0, 0, 1, 1])
OWN = np.array([[1], [0], [3], [2], [2]])


def all_ways(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Every vector of own sums whose subtree sums keep to the limits, by trying all of them."""
    ways = np.array(list(product(*(range(int(n) + 1) for n in OWN[:, 0]))))
    totals = np.stack([TREE.subtree_sum(way) for way in ways])
    return ways[((totals >= low[:, 0]) & (totals <= high[:, 0])).all(axis=1)]


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_ranges_in_a_tree_are_those_that_trying_every_way_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = TREE.subtree_sum(rng.integers(0, OWN + 1))
    low = np.maximum(truth - rng.integers(0, 3, truth.shape), 0)
    high = np.minimum(truth + rng.integers(0, 3, truth.shape), TREE.subtree_sum(OWN))
    ways = all_ways(low, high)
    ranges = tree_ranges(TreeValues(TREE, OWN, low=low, high=high))
    assert ranges.own_low[:, 0].tolist() == ways.min(axis=0).tolist()
    assert ranges.own_high[:, 0].tolist() == ways.max(axis=0).tolist()


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_the_gate_leaves_everybody_both_answers_and_keeps_the_topmost_unit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = np.array([[1], [0], [6], [5], [5]])
    largest = TREE.subtree_sum(own)
    truth = TREE.subtree_sum(rng.binomial(own, rng.choice([0.02, 0.5, 0.98])))
    low, high = np.maximum(truth - rng.integers(0, 2, truth.shape), 0), truth + rng.integers(0, 2, truth.shape)
    high = np.minimum(high, largest)
    low[0], high[0] = max(int(truth[0, 0]) - 1, 0), min(int(truth[0, 0]) + 1, int(largest[0, 0]))
    shown = np.ones((5, 1), dtype=bool)
    kept = tree_gate(TreeValues(TREE, own, low=low, high=high), shown, n=largest[:, 0], largest_answers=np.array([1]))
    assert kept[0, 0]
    after = tree_ranges(TreeValues(TREE, own, low=np.where(kept, low, 0), high=np.where(kept, high, largest)))
    there = own > 0
    assert (after.own_high[there] >= 1).all()
    assert (after.own_low[there] <= own[there] - 1).all()


def groups_graph(first: np.ndarray, second: np.ndarray) -> nx.Graph:
    graph = nx.Graph()
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        left, right = ("out", 0) if a < 0 else ("first", a), ("out", 0) if b < 0 else ("second", b)
        if left != right:
            weight = graph.get_edge_data(left, right, {"weight": 0})["weight"]
            graph.add_edge(left, right, weight=weight + 1)
    return graph


@settings(max_examples=80)
@given(st.integers(0, 100_000), st.booleans())
def test_the_cut_is_the_one_of_stoer_and_wagner(seed: int, has_outsiders: bool) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    first, second = (rng.integers(-1 if has_outsiders else 0, rng.integers(1, 6), n) for _ in range(2))
    graph = groups_graph(first, second)
    parts = [graph.subgraph(part) for part in nx.connected_components(graph) if len(part) > 1]
    least = min((nx.stoer_wagner(part)[0] for part in parts), default=n + 1)
    cut = minimum_cut(first, second)
    assert cut.weight == least
    if parts:
        assert cut.sides[-1].people.sum() == least
    assert (minimum_cut(first, second, enough=4).weight == 4) == (least >= 4)


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_safe_leverages_mean_that_no_combination_is_about_four_people_or_fewer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 26))
    atoms = np.sort(rng.integers(0, 2, n))
    columns = rng.integers(0, 2, (n, 2)).astype(float)
    leverage = leverages(np.unique(atoms, return_inverse=True)[1], columns)
    span = np.hstack([atoms[:, None] == np.unique(atoms), columns]).astype(float)
    hat = span @ np.linalg.pinv(span)
    np.testing.assert_allclose(leverage, np.diag(hat), atol=1e-9)
    if are_remainders_safe(leverage, floor=5):
        rank = np.linalg.matrix_rank(span)
        for group in combinations(range(n), 4):
            # A combination about these four only would vanish on all others, and so cost the others a rank.
            assert np.linalg.matrix_rank(np.delete(span, group, axis=0)) == rank


def test_a_filter_that_single_out_people_is_not_admitted() -> None:
    units = np.repeat([1, 2], 30)
    # In the second unit only one person has the value: unit two less that value is one person away from unit two.
    said = np.concatenate([np.arange(30) % 2, [1] + [0] * 29])[:, None].astype(np.int32)
    tree = unit_tree([-1, 0, 0])
    shown = np.ones(3, dtype=bool)
    cells = filter_cells(tree, units, said, is_shown=shown, further=None, rules=STANDARD_RULES)
    assert (cells.unit == 2).sum() == 0
    assert all(n >= 10 for n in cells.n)


def test_filters_need_ten_on_both_sides() -> None:
    tree, shown = unit_tree([-1]), np.ones(1, dtype=bool)
    for yes, expected in ((9, 0), (10, 2), (30, 2), (31, 0)):
        said = (np.arange(40) < yes).astype(np.int32)[:, None]
        cells = filter_cells(tree, np.zeros(40, dtype=int), said, is_shown=shown, further=None, rules=STANDARD_RULES)
        assert cells.n_cells == expected


@settings(max_examples=40)
@given(st.integers(0, 100_000))
def test_merging_loses_nobody_and_leaves_no_small_lowest_unit_where_siblings_suffice(seed: int) -> None:
    records = team_organisation(np.random.default_rng(seed), n_people=60, n_filters=0, n_questions=1)
    own = np.bincount(records.unit, minlength=records.tree.n_units)
    merging = merge_small_units(records.tree, own)
    merged = np.bincount(merging.unit[records.unit], minlength=merging.tree.n_units)
    assert merged.sum() == own.sum()
    assert sorted(unit for group in merging.members for unit in group) == list(range(records.tree.n_units))
    small = np.flatnonzero((merged > 0) & (merged < 5))
    for unit in small:
        assert merged[merging.tree.parents == merging.tree.parents[unit]].sum() < 5 or (
            np.isin(merging.tree.parents, unit).any()
        )
    units = visible_units(merging.tree, merged)
    assert not ((units.rest > 0) & (units.rest < 5)).any()
    assert units.is_shown.sum() >= units.n_candidates - len(small)


def test_merging_takes_the_smallest_siblings() -> None:
    merging = merge_small_units(unit_tree([-1, 0, 0, 0]), [0, 2, 30, 6])
    assert merging.members == ((0,), (1, 3), (2,))
    assert merging.n_merged == 1


def test_a_unit_without_siblings_stays_as_it_is() -> None:
    assert merge_small_units(unit_tree([-1, 0]), [0, 2]).n_merged == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"answers": [[2], [0]]}, "from 0 to points - 1"),
        ({"answers": [[1]]}, "one row each"),
        ({"units": [0, 7]}, "outside 0"),
        ({"points": 1}, "from 2"),
        ({"keys": [3, 3]}, "twice"),
        ({"attributes": [[0]]}, "one row of codes each"),
        ({"second_parents": [-1]}, "or neither"),
        ({"points": [2, 2]}, "one whole number"),
        ({"points": 2.5}, "one whole number"),
    ],
)
def test_unsound_records_are_refused(values: dict[str, object], words: str) -> None:
    sound: dict[str, object] = {"parents": [-1], "units": [0, 0], "answers": [[1], [0]], "points": 2}
    given_values = {**sound, **values}
    parents, units = given_values.pop("parents"), given_values.pop("units")
    with pytest.raises(InputError, match=words):
        survey_records(parents, units, **given_values)


def test_remainders_of_hidden_units_are_marked() -> None:
    assert remainders(TREE, OWN[:, 0], [True, False, False, True, False]).tolist() == [6, -1, -1, 2, -1]


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_small_groups_are_found_exactly_where_trying_every_set_finds_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 11))
    rows = np.unique((rng.random((int(rng.integers(2, n)), n)) < 0.4).astype(float), axis=0)
    people = rng.choice([1, 1, 1, 2, 3, 5], n)
    rank = np.linalg.matrix_rank(rows)
    possible = [
        group
        for size in (1, 2, 3, 4)
        for group in combinations(range(n), size)
        # Without the group the others lose a rank just where something is about the group alone.
        if people[list(group)].sum() <= 4 and np.linalg.matrix_rank(np.delete(rows, group, axis=1)) < rank
    ]
    found = small_groups(row_space(rows), people, most=4)
    assert bool(found) == bool(possible)
    assert set(found) <= set(possible)


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_any_sizes_that_agree_with_the_counts_shown_could_have_left_the_same_units_out(seed: int) -> None:
    # The reason for decoys among units: which of them are shown says no more about the others than the counts do.
    rng = np.random.default_rng(seed)
    own = rng.integers(0, 9, TREE.n_units)
    own[0] += 5
    shown = visible_units(TREE, own, allowed=rng.random(TREE.n_units) < 0.8).is_shown
    place = TREE.nearest(shown)
    other = np.zeros_like(own)
    for unit in np.unique(place).tolist():
        inside = np.flatnonzero(place == unit)
        other[inside] = rng.multinomial(own[inside].sum(), np.full(len(inside), 1 / len(inside)))
    assert visible_units(TREE, other, allowed=shown).is_shown.tolist() == shown.tolist()
