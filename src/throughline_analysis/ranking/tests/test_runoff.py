"""Instant run-off: published elections, properties it keeps, and those it is known to break."""

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import ballots, instant_runoff, schulze
from throughline_analysis.ranking.tests.elections import BURLINGTON, of_words, random_ballots, with_clone

SEEDS = range(60)


def test_burlington_elects_the_published_winner_over_the_condorcet_winner() -> None:
    """Gierzynski, Hamilton, Smith (2009): K beats W in the last round by 4,314 to 4,064 though M beats both."""
    votes = of_words(BURLINGTON, "KMW")
    result = instant_runoff(votes)
    assert result.winner == 0
    assert result.rounds[0].eliminated == (1,)
    np.testing.assert_array_equal(result.rounds[1].votes, [4314, np.nan, 4064])
    assert result.rounds[1].exhausted == 455
    assert schulze(votes).condorcet_winner == 1


def test_more_support_can_make_the_winner_lose() -> None:
    """The same source: had 753 of W's voters put K first, K would have lost (not monotone)."""
    moved = {**BURLINGTON, "WKM": 0, "KWM": BURLINGTON["KWM"] + 495, "W": 1289 - 258, "KW": 258}
    result = instant_runoff(of_words(moved, "KMW"))
    assert result.winner == 1


def by_hand(words: dict[str, float]) -> str:
    """Run-off on words without shared ranks, the way a teller would do it."""
    left = {name for word in words for name in word}
    while True:
        votes = dict.fromkeys(left, 0.0)
        for word, count in words.items():
            for name in word:
                if name in left:
                    votes[name] += count
                    break
        if max(votes.values()) * 2 > sum(votes.values()) or len(left) == 1:
            return max(votes, key=lambda name: votes[name])
        left.discard(min(votes, key=lambda name: votes[name]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_winner_is_the_one_a_teller_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    orders = {"".join(rng.permutation(list("ABCDE"))[: rng.integers(1, 6)]): rng.random() for _ in range(7)}
    assert "ABCDE"[instant_runoff(of_words(orders, "ABCDE")).winner] == by_hand(orders)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_later_choice_neither_harms_nor_helps_an_earlier_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks, counts = random_ballots(rng, 5)
    length = int(rng.integers(1, 4))
    order = rng.permutation(5)
    short, longer = np.full(5, np.nan), np.full(5, np.nan)
    short[order[:length]] = np.arange(length) + 1
    longer[order] = np.arange(5) + 1
    weight = rng.random() * 100
    before = instant_runoff(ballots([*ranks, short], [*counts, weight])).winner
    after = instant_runoff(ballots([*ranks, longer], [*counts, weight])).winner
    earlier = set(order[:length].tolist())
    if before in earlier or after in earlier:
        assert before == after


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clone_changes_nothing_for_the_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks, counts = random_ballots(rng, 4)
    before = instant_runoff(ballots(ranks, counts)).winner
    after = instant_runoff(ballots(with_clone(ranks, 0, rng), counts)).winner
    assert (0 if after == 4 else after) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_a_majoritys_favourite_wins_and_a_condorcet_loser_never(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks, counts = random_ballots(rng, 4)
    favourite = ranks.copy()
    favourite[0] = [2, 3, 4, 1]
    assert instant_runoff(ballots(favourite, [sum(counts) + 1, *counts[1:]])).winner == 3
    preferred = ballots(ranks, counts).preferred()
    loses_all = [
        one for one in range(4) if all(preferred[one, two] < preferred[two, one] for two in range(4) if two != one)
    ]
    assert instant_runoff(ballots(ranks, counts)).winner not in loses_all


def test_equal_first_ranks_share_the_ballot() -> None:
    result = instant_runoff(ballots([[1, 1, 2], [2, 3, 1], [2, 1, 3]], [2, 3, 1]))
    np.testing.assert_allclose(result.rounds[0].votes, [1, 2, 3])
    # Both voters of the first ballot then go to candidate 1, who draws level with 2 and had fewer before.
    assert [step.eliminated for step in result.rounds] == [(0,), (1,), ()]
    assert result.winner == 2


def test_those_without_any_vote_go_together() -> None:
    result = instant_runoff(ballots([[1, 2, 3, 4], [3, 1, 2, 4], [2, 3, 1, 4]], [4, 3, 2]))
    assert result.rounds[0].eliminated == (3,)
    assert result.winner == 0


def test_a_tie_is_decided_by_an_earlier_round_before_lots() -> None:
    words = {"A": 6, "B": 5, "C": 4, "DC": 1}
    result = instant_runoff(of_words(words, "ABCD"))
    assert [step.eliminated for step in result.rounds] == [(3,), (2,), ()]
    assert result.rounds[1].tie == "earlier round"


def test_only_a_lot_drawn_beforehand_decides_a_perfect_tie() -> None:
    tied = ballots([[1, 2], [2, 1]])
    with pytest.raises(NotEnoughData, match="0, 1 are tied"):
        instant_runoff(tied)
    for order in ([0, 1], [1, 0]):
        result = instant_runoff(tied, tie_order=order)
        assert result.winner == order[0]
        assert result.rounds[0].tie == "lot"
    with pytest.raises(InputError, match="each of the 2 candidates once"):
        instant_runoff(tied, tie_order=[0, 0])


def test_blank_ballots_alone_elect_nobody() -> None:
    with pytest.raises(NotEnoughData, match="No ballot ranks anybody"):
        instant_runoff(ballots([[np.nan, np.nan]]))
    assert instant_runoff(ballots([[np.nan, 1]])).winner == 1
