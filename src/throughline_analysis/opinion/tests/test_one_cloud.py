"""The test for groups: its parts against brute force, and its answers where the truth is known."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import continuum, one_cloud_test, votes_from_matrix
from throughline_analysis.opinion.continuum import HALF_WIDTH, item_curves, simulated_votes
from throughline_analysis.opinion.splitting import best_cut, best_indices
from throughline_analysis.opinion.tests.conversations import answered, in_groups

NUMBERS = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 3)), min_size=4, max_size=7)


@given(NUMBERS)
def test_best_cut_equals_the_best_of_all_divisions(people: list[tuple[float, float]]) -> None:
    scores, weights = (np.array(column) for column in zip(*people, strict=True))
    if np.ptp(scores) < 1e-3:
        return

    def within(members: np.ndarray) -> float:
        mean = np.average(scores[members], weights=weights[members])
        return float(weights[members] @ (scores[members] - mean) ** 2)

    everybody = np.arange(len(scores))
    best = min(
        (within(np.array(side)) + within(np.setdiff1d(everybody, side))) / within(everybody)
        for size in range(1, len(scores))
        for side in itertools.combinations(range(len(scores)), size)
    )
    # Sums of at most seven products.
    assert best_cut(scores, weights, min_size=1).index == pytest.approx(best, abs=1e-9)


def test_both_sides_of_a_cut_have_the_size_asked_for() -> None:
    scores = np.array([0.0, 0.0, 0.1, 9.0])
    assert (scores > best_cut(scores, np.ones(4), min_size=2).threshold).sum() == 2
    assert best_cut(scores, np.ones(4), min_size=3).index == 1.0


def test_many_cuts_at_once_equal_one_after_another() -> None:
    rng = np.random.default_rng(6)
    table, weights = rng.standard_normal((8, 30)), rng.random(30)
    expected = [best_cut(scores, weights, min_size=5).index for scores in table]
    np.testing.assert_allclose(best_indices(table, weights, min_size=5), expected, atol=1e-12)


def test_cluster_index_of_known_distributions_is_the_published_one() -> None:
    """Two-means of a standard normal leaves 1 - 2/pi of its variance, of a uniform one quarter (Liu et al. 2008)."""
    grid = (np.arange(20_000) + 0.5) / 20_000
    from scipy.special import ndtri

    ones = np.ones(len(grid))
    # Midpoints of 20,000 equal parts miss the far tails, which hold less than a thousandth of the variance.
    assert best_cut(ndtri(grid), ones, min_size=5).index == pytest.approx(1 - 2 / np.pi, abs=1e-3)
    assert best_cut(grid, ones, min_size=5).index == pytest.approx(0.25, abs=1e-6)


@pytest.mark.parametrize(("share", "strength"), [(0.5, 0.3), (0.8, 0.2), (0.15, 0.35), (0.6, 0.0)])
def test_item_curves_have_the_wanted_mean_and_covariance(share: float, strength: float) -> None:
    curves = item_curves(np.array([share]), np.array([[strength]]))

    def chance(position: float) -> float:
        return float(1 / (1 + np.exp(-(curves.intercepts[0] + curves.slopes[0, 0] * position))))

    width = 2 * HALF_WIDTH
    mean = quad(chance, -HALF_WIDTH, HALF_WIDTH)[0] / width
    covariance = quad(lambda x: x * (2 * chance(x) - 1), -HALF_WIDTH, HALF_WIDTH)[0] / width
    # The table is interpolated between steps of a quarter of a logit.
    assert mean == pytest.approx(share, abs=5e-3)
    assert covariance == pytest.approx(strength, abs=5e-3)


def test_simulated_votes_have_the_shares_gaps_and_passes_asked_for() -> None:
    rng = np.random.default_rng(1)
    takes_side = (rng.random((4000, 3)) < 0.7).astype(np.float32)
    votes = simulated_votes(item_curves(np.array([0.2, 0.5, 0.9]), np.array([[0.2], [0.3], [0.1]])), takes_side, rng)
    assert np.array_equal(votes != 0, takes_side > 0)
    agree = (votes > 0).sum(axis=0) / takes_side.sum(axis=0)
    # Four standard errors of a share of 2,800 votes.
    np.testing.assert_allclose(agree, [0.2, 0.5, 0.9], atol=0.04)


def conversations(kind: str, n_people: int, n_statements: int, rng: np.random.Generator) -> np.ndarray:
    if kind == "noise":
        return answered(np.tile(rng.uniform(0.2, 0.9, n_statements), (n_people, 1)), rng, seen_0_1=0.9)
    if kind == "cloud":
        logit = rng.standard_normal((n_people, 2)) @ rng.standard_normal((2, n_statements))
        return answered(1 / (1 + np.exp(-logit)), rng, seen_0_1=0.9)
    slopes = rng.choice([-0.28, 0.28], n_statements)
    return answered(0.5 + rng.uniform(-HALF_WIDTH, HALF_WIDTH, n_people)[:, None] * slopes, rng, seen_0_1=0.9)


@pytest.mark.parametrize("kind", ["noise", "cloud", "continuum"])
def test_no_groups_are_reported_where_there_are_none(kind: str) -> None:
    rng = np.random.default_rng([7, len(kind)])
    found = [
        one_cloud_test(votes_from_matrix(conversations(kind, n_people, 40, rng)), rng=rng).has_groups
        for n_people in (20, 40, 80)
        for _ in range(6)
    ]
    # At a level of 2.5 % more than 3 of 18 happen once in 1,000 runs; `bench opinion_honesty` does 400 of each.
    assert sum(found) <= 3


@pytest.mark.parametrize("sizes", [(30, 30), (60, 20), (150, 150)])
def test_groups_that_differ_clearly_are_found(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng([8, *sizes])
    for _ in range(3):
        table, _ = in_groups(sizes, 60, rng)
        found = one_cloud_test(votes_from_matrix(table), rng=rng)
        assert found.has_groups
        assert found.cluster_index < found.null_index.low
        assert found.p_interval.low <= found.p_value <= found.p_interval.high


def test_large_conversations_take_the_projected_way_and_agree_with_the_truth() -> None:
    rng = np.random.default_rng(9)
    table, _ = in_groups((600, 600), 300, rng, apart=0.4, seen_0_1=0.15)
    assert one_cloud_test(votes_from_matrix(table), rng=rng).has_groups
    for kind in ("noise", "cloud", "continuum"):
        one = conversations(kind, 1200, 300, rng)
        one[rng.random(one.shape) < 0.8] = np.nan
        assert not one_cloud_test(votes_from_matrix(one), rng=rng).has_groups


def test_the_same_generator_gives_the_same_answer_and_votes_stay_unchanged() -> None:
    table, _ = in_groups((12, 12), 20, np.random.default_rng(10))
    votes = votes_from_matrix(table)
    before = votes.values.copy()
    first, second = (one_cloud_test(votes, rng=np.random.default_rng(3)) for _ in range(2))
    assert (first.p_value, first.cluster_index) == (second.p_value, second.cluster_index)
    assert np.array_equal(votes.values, before)


def test_people_without_votes_change_nothing() -> None:
    table, _ = in_groups((12, 12), 20, np.random.default_rng(11))
    wider = np.vstack([table, np.full((3, 20), np.nan)])
    first, second = (one_cloud_test(votes_from_matrix(rows), rng=np.random.default_rng(3)) for rows in (table, wider))
    assert (first.p_value, first.n_people) == (second.p_value, second.n_people)


def test_ten_people_are_enough_for_an_answer_and_nine_are_not() -> None:
    table, _ = in_groups((5, 5), 40, np.random.default_rng(12), apart=0.95)
    assert one_cloud_test(votes_from_matrix(table), rng=np.random.default_rng(1)).n_people == 10
    with pytest.raises(NotEnoughData, match="Ask more people"):
        one_cloud_test(votes_from_matrix(table[:9]), rng=np.random.default_rng(1))
    with pytest.raises(NotEnoughData, match="Add statements"):
        one_cloud_test(votes_from_matrix(np.ones((20, 5))), rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"level": 0.0}, "level"), ({"n_simulations": 19}, "cannot reach"), ({"min_group_size": 0}, "one person")],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], words: str) -> None:
    votes = votes_from_matrix(in_groups((6, 6), 5, np.random.default_rng(1))[0])
    with pytest.raises(InputError, match=words):
        one_cloud_test(votes, rng=np.random.default_rng(1), **settings)


@pytest.mark.parametrize("largest_slope", [2.0, 4.0])
@pytest.mark.parametrize(("n_people", "n_statements"), [(60, 40), (1200, 300)])
def test_groups_that_are_opposed_in_everything_are_found(
    n_people: int, n_statements: int, largest_slope: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clearest groups there are. With steeper curves, at 8 with few people, a step passes for a continuum."""
    monkeypatch.setattr(continuum, "LARGEST_SLOPE", largest_slope)
    continuum._curve_table.cache_clear()
    rng = np.random.default_rng(13)
    table, _ = in_groups((n_people // 2, n_people // 2), n_statements, rng, apart=1.0)
    found = one_cloud_test(votes_from_matrix(table), rng=rng)
    continuum._curve_table.cache_clear()
    assert found.has_groups


def test_people_who_saw_only_what_nobody_disputes_hide_no_groups() -> None:
    """They stand nowhere on the axis; once they made every simulated index not a number."""
    rng = np.random.default_rng(14)
    table, _ = in_groups((600, 600), 300, rng, seen_0_1=0.2)
    table[:, 0] = np.where(rng.random(1200) < 0.5, 1.0, np.nan)
    table[rng.permutation(1200)[:300], 1:] = np.nan
    found = one_cloud_test(votes_from_matrix(table), rng=rng)
    assert np.isfinite(found.cluster_index)
    assert found.has_groups
