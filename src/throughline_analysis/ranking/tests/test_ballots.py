"""Ranked ballots: what is counted, and what is refused."""

import math

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import ballots


def test_preferences_are_counted_as_a_loop_would() -> None:
    rng = np.random.default_rng(61)
    ranks = rng.integers(1, 5, (40, 5)).astype(float)
    ranks[rng.random(ranks.shape) < 0.3] = math.nan
    counts = rng.integers(0, 4, 40)
    expected = np.zeros((5, 5))
    for ballot, times in zip(np.where(np.isnan(ranks), 99, ranks), counts, strict=True):
        for one in range(5):
            for two in range(5):
                expected[one, two] += times * (ballot[one] < ballot[two])
    np.testing.assert_array_equal(ballots(ranks, counts).preferred(), expected)


def test_input_stays_unchanged() -> None:
    ranks = np.array([[1, math.nan], [2, 1]])
    votes = ballots(ranks)
    votes.ranks[:] = 0
    np.testing.assert_array_equal(ranks, [[1, math.nan], [2, 1]])


def test_wrong_ballots_are_refused() -> None:
    with pytest.raises(InputError, match="ballots x candidates"):
        ballots([1, 2])
    with pytest.raises(InputError, match="infinite"):
        ballots([[math.inf, 1]])
    with pytest.raises(InputError, match="one count each"):
        ballots([[1, 2]], [1, 2])
    with pytest.raises(InputError, match="not negative"):
        ballots([[1, 2]], [-1])
    with pytest.raises(NotEnoughData, match="nothing to count"):
        ballots(np.zeros((0, 3)))
    with pytest.raises(NotEnoughData, match="nothing to count"):
        ballots([[1, 2]], [0])
