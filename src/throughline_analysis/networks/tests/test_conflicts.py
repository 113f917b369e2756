"""Conflicts: correlations against pandas and scipy, planted links found, luck kept out, signs right."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm

from throughline_analysis import InputError
from throughline_analysis.networks import Pull, conflicts, goal_pairs, metric_links
from throughline_analysis.networks.conflicts import FEWEST_STEPS, WEAKEST_LINK


def some_readings() -> np.ndarray:
    rng = np.random.default_rng(1)
    steps = rng.normal(size=(40, 6))
    steps[:, 1] = 0.8 * steps[:, 0] + 0.6 * steps[:, 1]
    steps[:, 3] = -0.9 * steps[:, 2] + 0.4 * steps[:, 3]
    table = steps.cumsum(axis=0) * [1, 1000, 1e-3, 1, 1, 1] + [0, 1e5, 0, 0, 50, 0]
    table[rng.random(table.shape) < 0.08] = np.nan
    return table


def test_correlations_intervals_and_discoveries_equal_pandas_and_scipy() -> None:
    table = some_readings()
    links = metric_links(table)
    steps = pd.DataFrame(np.diff(table, axis=0))
    expected = steps.corr(min_periods=FEWEST_STEPS).to_numpy()
    off = ~np.eye(6, dtype=bool)
    np.testing.assert_allclose(links.correlation[off], expected[off], atol=1e-9)
    seen = steps.notna().to_numpy().astype(int)
    assert np.array_equal(links.n_steps, seen.T @ seen)
    z, error = np.arctanh(expected[off]), 1 / np.sqrt(links.n_steps[off] - 3)
    np.testing.assert_allclose(links.low[off], np.tanh(z - norm.ppf(0.975) * error), atol=1e-9)
    upper = np.triu_indices(6, k=1)
    chance = 2 * norm.sf(np.abs(np.arctanh(expected[upper])) * np.sqrt(links.n_steps[upper] - 3))
    found = (false_discovery_control(chance) <= 0.1) & (np.abs(expected[upper]) >= WEAKEST_LINK)
    assert np.array_equal(links.is_linked[upper], found)
    assert links.is_linked[0, 1]
    assert links.is_linked[2, 3]


def test_metrics_that_only_grow_together_are_not_linked() -> None:
    rng = np.random.default_rng(2)
    growing = np.arange(60)[:, None] * [1.0, 2.0, 3.0, 4.0] + rng.normal(size=(60, 4)).cumsum(axis=0)
    assert np.corrcoef(growing.T)[0, 1] > 0.95
    assert not metric_links(growing).is_linked.any()


def test_by_luck_alone_hardly_any_table_has_a_link() -> None:
    rng = np.random.default_rng(3)
    with_link = sum(metric_links(rng.normal(size=(25, 8)).cumsum(axis=0)).is_linked.any() for _ in range(200))
    # All links are false here, so one table in ten at most may show any; three standard errors more are 0.16.
    assert with_link / 200 <= 0.16


def test_too_few_steps_and_a_metric_that_stands_still_say_nothing() -> None:
    links = metric_links(np.column_stack([np.arange(FEWEST_STEPS), np.arange(FEWEST_STEPS) ** 2.0]))
    assert not links.is_linked.any()
    assert (links.low[0, 1], links.high[0, 1], links.correlation[0, 1]) == (-1.0, 1.0, 0.0)
    still = metric_links(np.column_stack([np.full(30, 5.0), np.random.default_rng(4).normal(size=30)]))
    assert still.correlation[0, 1] == 0.0
    assert not still.is_linked.any()


@pytest.mark.parametrize(
    ("metrics", "directions", "expected"),
    [
        ([0, 0], [1, -1], Pull.CONFLICT),
        ([0, 0], [1, 1], Pull.SYNERGY),
        ([0, 1], [1, 1], Pull.SYNERGY),
        ([0, 1], [-1, 1], Pull.CONFLICT),
        ([2, 3], [1, 1], Pull.CONFLICT),
        ([2, 3], [1, -1], Pull.SYNERGY),
        ([0, 4], [1, -1], None),
        ([0, 0], [1, 0], None),
    ],
)
def test_direction_and_sign_of_the_link_decide(
    metrics: list[int], directions: list[int], expected: Pull | None
) -> None:
    pairs = goal_pairs(metrics, directions, links=metric_links(some_readings()))
    assert [pair.pull for pair in pairs] == ([] if expected is None else [expected])
    if pairs:
        assert pairs[0].is_same_metric == (metrics[0] == metrics[1])
        assert (pairs[0].interval is None) == pairs[0].is_same_metric


def test_ranges_without_a_common_value_cannot_be_met_together_and_conflicts_come_first() -> None:
    pairs = goal_pairs(
        [0, 0, 0, 1, 1],
        [1, -1, 0, 1, 1],
        low=[80, -np.inf, 40, 0, 0],
        high=[np.inf, 90, 50, 1, 1],
    )
    shown = [(pair.first, pair.second, str(pair.pull), pair.is_possible_together) for pair in pairs]
    assert shown == [(0, 1, "conflict", True), (0, 2, "conflict", False), (3, 4, "synergy", True)]


def test_goals_without_a_metric_are_in_no_pair() -> None:
    assert goal_pairs([-1, -1, 0], [1, -1, 1]) == ()
    assert goal_pairs([-1, 2], [1, 1], links=metric_links(some_readings())) == ()


def test_a_hundred_thousand_goals_on_as_many_metrics_are_not_compared_all_with_all() -> None:
    metrics = np.arange(100_000)
    metrics[-1] = 0
    directions = np.ones(100_000, dtype=int)
    directions[-1] = -1
    (pair,) = goal_pairs(metrics, directions)
    assert (pair.first, pair.second, pair.pull) == (0, 99_999, Pull.CONFLICT)


@given(st.lists(st.tuples(st.integers(-1, 5), st.sampled_from([-1, 0, 1]), st.integers(0, 3)), max_size=9))
def test_pairs_are_those_of_all_compared_with_all(goals: list[tuple[int, int, int]]) -> None:
    links = metric_links(some_readings())
    metrics, directions, low = ([goal[column] for goal in goals] for column in (0, 1, 2))
    expected = set()
    for one, other in itertools.combinations(range(len(goals)), 2):
        first, second = metrics[one], metrics[other]
        is_same = first == second >= 0
        if not is_same and (min(first, second) < 0 or not links.is_linked[first, second]):
            continue
        sign = 1 if is_same else np.sign(links.correlation[first, second])
        is_apart = is_same and abs(low[one] - low[other]) > 1
        push = directions[one] * directions[other] * sign
        if push or is_apart:
            expected.add((one, other, "conflict" if push < 0 or is_apart else "synergy", not is_apart))
    pairs = goal_pairs(metrics, directions, links=links, low=low, high=np.array(low) + 1.0)
    assert {(pair.first, pair.second, str(pair.pull), pair.is_possible_together) for pair in pairs} == expected


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", ["WEAKEST_LINK", "FEWEST_STEPS"])
def test_planted_links_are_found_and_luck_kept_out_at_half_and_double(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, name, getattr(conflicts, name) * factor)
    linked = metric_links(some_readings()).is_linked
    assert (linked.sum(), linked[0, 1], linked[2, 3]) == (4, True, True)


def test_order_of_goals_does_not_matter_and_wrong_input_is_refused() -> None:
    links = metric_links(some_readings())
    forward = goal_pairs([2, 3], [1, 1], links=links)
    backward = goal_pairs([3, 2], [1, 1], links=links)
    assert forward[0].correlation == backward[0].correlation
    assert goal_pairs([], []) == ()
    for metrics, directions, words in (([0], [2], "1 for up"), ([0, 1], [1], "per goal"), ([9], [1], "no column")):
        with pytest.raises(InputError, match=words):
            goal_pairs(metrics, directions, links=links)
    with pytest.raises(InputError, match="range per goal"):
        goal_pairs([0, 1], [1, 1], low=[2, 0], high=[1, 1])
    with pytest.raises(InputError, match="table"):
        metric_links([1.0, 2.0])
