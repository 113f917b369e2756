"""The map: against a dense decomposition, scikit-learn, a brute-force posterior, and known positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import opinion_map, votes_from_matrix
from throughline_analysis.opinion.residuals import leading_directions, residuals_of
from throughline_analysis.opinion.tests.conversations import NAMES, answered, as_table, real_conversation

# Residuals are kept as small floats, so directions are good to about seven digits over the gap of the axes.
SMALL_FLOATS = 1e-4


def filled(table: np.ndarray) -> np.ndarray:
    means = np.nanmean(table, axis=0)
    return np.where(np.isnan(table), means, table) - means


def traits(n_people: int, n_statements: int, rng: np.random.Generator, *, seen_0_1: float) -> tuple[np.ndarray, ...]:
    positions = rng.uniform(-1, 1, n_people)
    slopes = rng.choice([-0.45, 0.45], n_statements)
    table = answered(0.5 + positions[:, None] * slopes, rng, seen_0_1=seen_0_1)
    return positions, table


def test_directions_equal_those_of_a_dense_decomposition_of_the_filled_table() -> None:
    _, table = traits(90, 40, np.random.default_rng(1), seen_0_1=0.6)
    found = leading_directions(residuals_of(votes_from_matrix(table)), 2)
    _, values, axes = np.linalg.svd(filled(table), full_matrices=False)
    np.testing.assert_allclose(found.singular_values, values[:2], rtol=SMALL_FLOATS)
    np.testing.assert_allclose(np.abs((axes[:2] * found.loadings.T).sum(axis=1)), 1, atol=SMALL_FLOATS)


def test_large_tables_give_the_same_directions_by_block_krylov_steps() -> None:
    _, table = traits(700, 450, np.random.default_rng(2), seen_0_1=0.2)
    found = leading_directions(residuals_of(votes_from_matrix(table)), 1)
    _, values, axes = np.linalg.svd(filled(table), full_matrices=False)
    assert found.singular_values[0] == pytest.approx(values[0], rel=SMALL_FLOATS)
    assert abs(float(axes[0] @ found.loadings[:, 0])) == pytest.approx(1, abs=SMALL_FLOATS)


@pytest.mark.parametrize("name", NAMES[:2])
def test_axes_of_a_real_conversation_equal_scikit_learns_components_and_signs(name: str) -> None:
    votes = real_conversation(name).votes
    found = opinion_map(votes)
    oracle = PCA(n_components=2, random_state=0).fit(filled(as_table(votes)))
    np.testing.assert_allclose(found.loadings, oracle.components_.T, atol=SMALL_FLOATS)
    np.testing.assert_allclose(found.explained_0_1, oracle.explained_variance_ratio_, rtol=SMALL_FLOATS)


def test_positions_are_the_mean_of_the_posterior_worked_out_one_person_at_a_time() -> None:
    _, table = traits(40, 20, np.random.default_rng(3), seen_0_1=0.7)
    found = opinion_map(votes_from_matrix(table))
    residual = table - np.nanmean(table, axis=0)
    for person in range(40):
        seen = ~np.isnan(table[person])
        loadings = found.loadings[seen]
        precision = loadings.T @ loadings / found.residual_variance + np.diag(1 / found.spread**2)
        mean = np.linalg.solve(precision, loadings.T @ residual[person, seen] / found.residual_variance)
        np.testing.assert_allclose(found.positions[person], mean, atol=SMALL_FLOATS)
        np.testing.assert_allclose(
            found.standard_errors[person], np.sqrt(np.diag(np.linalg.inv(precision))), rtol=SMALL_FLOATS
        )


def test_known_positions_are_recovered_also_for_people_who_answered_little() -> None:
    rng = np.random.default_rng(4)
    positions, table = traits(400, 100, rng, seen_0_1=1.0)
    few = np.arange(400) < 100
    table[:100][rng.random((100, 100)) < 0.85] = np.nan
    found = opinion_map(votes_from_matrix(table), n_dimensions=1)
    estimate = found.positions[:, 0] * np.sign(np.corrcoef(found.positions[:, 0], positions)[0, 1])
    # A vote moves by 0.9 per unit of position on each of 100 statements: unit loadings are a tenth.
    truth = positions * 0.9 * 10
    # The middle of a map is where its people stand on average, not the middle of the scale they came from.
    truth += (estimate - truth)[~few].mean()
    assert np.corrcoef(estimate[~few], truth[~few])[0, 1] > 0.97
    assert np.corrcoef(estimate[few], truth[few])[0, 1] > 0.75
    # Standard errors say how wrong the estimates are; a mean of 100 squares varies by a seventh, here doubled.
    for part in (few, ~few):
        ratio = ((estimate - truth)[part] ** 2).mean() / (found.standard_errors[part, 0] ** 2).mean()
        assert 0.7 < ratio < 1.3
    assert found.standard_errors[few].mean() > 1.5 * found.standard_errors[~few].mean()


@given(st.integers(0, 1000))
def test_order_of_people_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    _, table = traits(20, 10, rng, seen_0_1=0.9)
    order = rng.permutation(20)
    first = opinion_map(votes_from_matrix(table), n_dimensions=1)
    second = opinion_map(votes_from_matrix(table[order]), n_dimensions=1)
    np.testing.assert_allclose(np.abs(second.positions), np.abs(first.positions[order]), atol=1e-3)


def test_swapping_agree_and_disagree_leaves_the_map_up_to_its_sign() -> None:
    _, table = traits(30, 12, np.random.default_rng(5), seen_0_1=0.8)
    first, second = (opinion_map(votes_from_matrix(sign * table), n_dimensions=1) for sign in (1, -1))
    np.testing.assert_allclose(np.abs(second.positions), np.abs(first.positions), atol=1e-5)


def test_people_without_votes_have_no_position_and_withdrawn_statements_no_loading() -> None:
    _, table = traits(12, 8, np.random.default_rng(6), seen_0_1=1.0)
    table[3] = np.nan
    found = opinion_map(votes_from_matrix(table, withdrawn=[2]))
    assert np.isnan(found.positions[3]).all()
    assert not found.is_placed[3]
    np.testing.assert_allclose(found.loadings[2], 0, atol=1e-12)


def test_an_axis_that_the_votes_do_not_have_is_zero_and_harms_nothing() -> None:
    """Two people and many statements differ along one line only."""
    found = opinion_map(votes_from_matrix([[1, 1, -1, 1, 1], [-1, 1, 1, 1, -1]]))
    assert (found.loadings[:, 1] == 0).all()
    assert np.isfinite(found.positions).all()
    assert found.explained_0_1[0] == pytest.approx(1)


def test_two_people_and_two_statements_make_a_map_and_less_does_not() -> None:
    assert opinion_map(votes_from_matrix([[1, -1], [-1, 1]])).positions.shape == (2, 2)
    with pytest.raises(NotEnoughData, match="at least two"):
        opinion_map(votes_from_matrix([[1, 1]]))
    with pytest.raises(NotEnoughData, match="the same"):
        opinion_map(votes_from_matrix([[1, 1], [1, 1]]))
    with pytest.raises(InputError, match="one axis"):
        opinion_map(votes_from_matrix([[1, -1], [-1, 1]]), n_dimensions=0)


@pytest.mark.parametrize("n_divisions", [1, 2])
def test_block_krylov_steps_find_no_axes_that_the_votes_do_not_have(n_divisions: int) -> None:
    """People divided the same way by many statements: rounding made long again once passed for a further axis."""
    rng = np.random.default_rng(7)
    table = np.ones((500, 450))
    for division in range(n_divisions):
        table[:, division::n_divisions] = rng.choice([-1.0, 1.0], (500, 1)) * rng.choice(
            [-1.0, 1.0], 450 // n_divisions
        )
    found = leading_directions(residuals_of(votes_from_matrix(table)), 3)
    values = np.linalg.svd(filled(table), compute_uv=False)
    np.testing.assert_allclose(found.singular_values[:n_divisions], values[:n_divisions], rtol=SMALL_FLOATS)
    assert (found.singular_values[n_divisions:] == 0).all()
    assert (found.loadings[:, n_divisions:] == 0).all()
    own = found.loadings[:, :n_divisions]
    np.testing.assert_allclose(own.T @ own, np.eye(n_divisions), atol=SMALL_FLOATS)


def test_rounding_does_not_choose_the_sign_where_loadings_are_equally_strong() -> None:
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        table = np.array([[-1, 1, -1], [-1, 1, -1], [1, -1, 1], [1, -1, 1]])[order]
        assert opinion_map(votes_from_matrix(table), n_dimensions=1).loadings[0, 0] > 0
