"""Routing: expected information against brute force, and who is shown what."""

from __future__ import annotations

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import next_statements, opinion_map, votes_from_matrix
from throughline_analysis.opinion.tests.conversations import in_groups


def example() -> np.ndarray:
    table, _ = in_groups((20, 20), 12, np.random.default_rng(1), seen_0_1=0.6)
    return table


def test_bits_equal_the_change_in_entropy_of_the_position() -> None:
    votes = votes_from_matrix(example())
    found_map = opinion_map(votes)
    found = next_statements(votes, found_map, 3, rng=np.random.default_rng(1))
    answered = votes.statements[votes.starts[3] : votes.starts[4]]

    def entropy(statements: np.ndarray) -> float:
        seen = found_map.loadings[statements]
        precision = seen.T @ seen / found_map.residual_variance + np.diag(1 / found_map.spread**2)
        return float(-np.log2(np.linalg.det(precision)) / 2)

    expected = [entropy(answered) - entropy(np.append(answered, one)) for one in found.candidates]
    np.testing.assert_allclose(found.about_person, expected, atol=1e-9)


def test_answered_and_withdrawn_statements_are_never_shown() -> None:
    table = example()
    votes = votes_from_matrix(table, withdrawn=[4])
    found = next_statements(votes, opinion_map(votes), 0, rng=np.random.default_rng(2), n_statements=12)
    expected = set(np.flatnonzero(np.isnan(table[0]))) - {4}
    assert set(found.statements.tolist()) == set(found.candidates.tolist()) == expected
    assert found.chances_0_1.sum() == pytest.approx(1)


def test_what_few_have_answered_comes_first_while_there_is_no_map() -> None:
    table = np.ones((30, 4))
    table[0] = np.nan
    table[1:25, 3] = np.nan
    votes = votes_from_matrix(table)
    found = next_statements(votes, None, 0, rng=np.random.default_rng(3))
    assert found.candidates[found.chances_0_1.argmax()] == 3
    first = np.log2(2) / 2
    assert next_statements(
        votes_from_matrix(np.full((2, 2), np.nan)), None, 0, rng=np.random.default_rng(3)
    ).about_statement.tolist() == [first, first]


def test_chances_are_those_of_the_draws() -> None:
    votes = votes_from_matrix(example())
    found_map, rng = opinion_map(votes), np.random.default_rng(4)
    drawn = [int(next_statements(votes, found_map, 5, rng=rng).statements[0]) for _ in range(2000)]
    found = next_statements(votes, found_map, 5, rng=rng)
    shares = [np.mean(np.array(drawn) == one) for one in found.candidates]
    # Four standard errors of a share among 2,000.
    np.testing.assert_allclose(shares, found.chances_0_1, atol=4 * 0.5 / np.sqrt(2000))


def test_nothing_left_and_unknown_people_are_refused() -> None:
    votes = votes_from_matrix([[1, 1], [1, np.nan]])
    with pytest.raises(NotEnoughData, match="answered every statement"):
        next_statements(votes, None, 0, rng=np.random.default_rng(1))
    with pytest.raises(InputError, match="unknown"):
        next_statements(votes, None, 2, rng=np.random.default_rng(1))
    with pytest.raises(InputError, match="at least one"):
        next_statements(votes, None, 1, rng=np.random.default_rng(1), n_statements=0)
    with pytest.raises(InputError, match="another number"):
        next_statements(votes, opinion_map(votes_from_matrix(example())), 1, rng=np.random.default_rng(1))
