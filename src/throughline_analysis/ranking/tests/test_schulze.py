"""Schulze's method: published elections, all paths by hand, and the properties it is known for."""

import itertools
import math

import numpy as np
import pytest

from throughline_analysis.ranking import ballots, schulze
from throughline_analysis.ranking.tests.elections import BURLINGTON, SCHULZE_45, of_words, random_ballots, with_clone

SEEDS = range(40)


def test_published_example_elects_e_with_the_published_path_strengths() -> None:
    """The inventor's example with 45 voters: order E A C B D."""
    result = schulze(of_words(SCHULZE_45, "ABCDE"))
    assert result.winners == (4,)
    assert result.place.tolist() == [2, 4, 3, 5, 1]
    assert result.condorcet_winner is None
    published = [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    assert result.strength.tolist() == published


def test_burlington_would_have_elected_its_condorcet_winner() -> None:
    result = schulze(of_words(BURLINGTON, "KMW"))
    assert (result.winners, result.condorcet_winner) == ((1,), 1)


def strongest_by_all_paths(preferred: np.ndarray) -> np.ndarray:
    n = len(preferred)
    strength = np.zeros((n, n))
    for one, two in itertools.permutations(range(n), 2):
        between = [other for other in range(n) if other not in (one, two)]
        for length in range(n - 1):
            for middle in itertools.permutations(between, length):
                path = [one, *middle, two]
                links = [
                    preferred[a, b] if preferred[a, b] > preferred[b, a] else 0 for a, b in itertools.pairwise(path)
                ]
                strength[one, two] = max(strength[one, two], min(links))
    return strength


@pytest.mark.parametrize("seed", SEEDS)
def test_strengths_are_those_of_the_best_of_all_paths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    result = schulze(ballots(*random_ballots(rng, 5)))
    np.testing.assert_array_equal(result.strength, strongest_by_all_paths(result.preferred))


@pytest.mark.parametrize("seed", SEEDS)
def test_condorcet_winner_wins_and_the_winner_is_in_the_smith_set(seed: int) -> None:
    rng = np.random.default_rng(seed)
    result = schulze(ballots(*random_ballots(rng, 5)))
    wins = result.preferred > result.preferred.T
    if result.condorcet_winner is not None:
        assert result.winners == (result.condorcet_winner,)
    smith = next(
        set(inside)
        for size in range(1, 6)
        for inside in itertools.combinations(range(5), size)
        if all(wins[one, two] for one in inside for two in range(5) if two not in inside)
    )
    assert set(result.winners) <= smith


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clone_changes_nothing_for_the_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks, counts = random_ballots(rng, 4)
    before = schulze(ballots(ranks, counts)).winners
    after = schulze(ballots(with_clone(ranks, 0, rng), counts)).winners
    assert {0 if winner == 4 else winner for winner in after} == set(before)


@pytest.mark.parametrize("seed", SEEDS)
def test_raising_the_winner_never_makes_it_lose(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks, counts = random_ballots(rng, 5)
    winner = schulze(ballots(ranks, counts)).winners[0]
    raised = ranks.copy()
    raised[rng.integers(len(ranks)), winner] = 0.5
    assert winner in schulze(ballots(raised, counts)).winners


@pytest.mark.parametrize("seed", SEEDS)
def test_turning_every_ballot_round_never_keeps_the_single_winner(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks = np.array([rng.permutation(5) + 1.0 for _ in range(6)])
    counts = rng.random(6)
    before, after = schulze(ballots(ranks, counts)), schulze(ballots(-ranks, counts))
    assert len(before.winners) > 1 or before.winners != after.winners


def test_a_second_choice_can_hurt_the_first() -> None:
    """Later-no-harm does not hold, by this election: seven people lose A by adding C."""
    assert schulze(of_words({"CA": 10, "B": 12, "A": 7}, "ABC")).winners == (0,)
    assert schulze(of_words({"CA": 10, "B": 12, "AC": 7}, "ABC")).winners == (2,)


def test_a_perfect_tie_has_two_winners_and_one_ballot_one() -> None:
    assert schulze(ballots([[1, 2], [2, 1]])).winners == (0, 1)
    assert schulze(ballots([[1, 2]])).winners == (0,)
    assert schulze(ballots([[1]])).winners == (0,)
    assert schulze(ballots([[math.nan, math.nan]])).winners == (0, 1)
