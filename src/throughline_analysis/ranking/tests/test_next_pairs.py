"""What to ask next, and between which ranks an item lies."""

import itertools
import math

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import bradley_terry, comparisons, next_pairs, rank_intervals
from throughline_analysis.ranking.tests.simulated import drawn


def test_the_gain_is_the_fall_of_the_posteriors_entropy() -> None:
    """log det of the precision before and after one more comparison's information, by plain linear algebra."""
    rng = np.random.default_rng(31)
    fit = bradley_terry(drawn(rng, rng.normal(0, 1, 6), 40))
    chosen = next_pairs(fit, 15)
    # The centred covariance has no spread along "all alike"; give that direction any, it takes no part.
    precision = np.linalg.inv(fit.covariance + 1.0)
    for one, two, gain in zip(chosen.first, chosen.second, chosen.gain_nats, strict=True):
        contrast = np.zeros(6)
        contrast[[one, two]] = 1, -1
        chance = 1 / (1 + math.exp(fit.score[two] - fit.score[one]))
        after = precision + chance * (1 - chance) * np.outer(contrast, contrast)
        fall = (np.linalg.slogdet(after)[1] - np.linalg.slogdet(precision)[1]) / 2
        # Gains are rounded at 12 digits so that rounding decides no tie.
        assert gain == pytest.approx(fall, abs=1e-9)
        precision = after


def test_the_first_pair_is_the_best_of_all_pairs() -> None:
    rng = np.random.default_rng(32)
    fit = bradley_terry(drawn(rng, rng.normal(0, 1, 7), 30))
    best = next_pairs(fit)
    others = [
        next_pairs(fit, seen=[pair for pair in itertools.combinations(range(7), 2) if pair != own]).gain_nats[0]
        for own in itertools.combinations(range(7), 2)
    ]
    assert best.gain_nats[0] == max(others)


def test_pairs_seen_are_not_asked_again_and_run_out() -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=3))
    chosen = next_pairs(fit, 9, seen=[[1, 0]])
    assert sorted(zip(chosen.first.tolist(), chosen.second.tolist(), strict=True)) == [(0, 2), (1, 2)]
    with pytest.raises(NotEnoughData, match="seen already"):
        next_pairs(fit, seen=[[0, 1], [2, 1], [0, 2]])


def test_pairs_that_people_could_not_decide_come_later() -> None:
    plain = comparisons([0, 0], [1, 2], outcomes=[1, 1], n_items=4)
    fit = bradley_terry(plain)
    assert 3 in (next_pairs(fit).first[0], next_pairs(fit).second[0])
    unsure = comparisons([0, 0, 3, 3, 3], [1, 2, 0, 1, 2], outcomes=[1, 1, 2, 2, 2], n_items=4, counts=[1, 1, 9, 9, 9])
    chosen = next_pairs(bradley_terry(unsure))
    assert 3 not in (chosen.first[0], chosen.second[0])


def test_asking_the_most_informative_pairs_leaves_less_open_than_asking_at_random() -> None:
    """After as many answers the posterior is narrower (its log determinant), in every one of some simulated votes."""
    rng = np.random.default_rng(33)
    for _ in range(4):
        scores = rng.normal(0, 1.5, 10)
        left_open = {}
        for way in ("asked", "random"):
            first, second, said = [0], [1], [1]
            for _ in range(10):
                fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=10), prior_sd=1.5)
                told = next_pairs(fit, 5)
                at_random = np.array([rng.choice(10, 2, replace=False) for _ in range(5)])
                pairs = np.column_stack([told.first, told.second]) if way == "asked" else at_random
                for one, two in pairs.tolist():
                    first.append(one)
                    second.append(two)
                    said.append(1 if rng.random() < 1 / (1 + math.exp(scores[two] - scores[one])) else -1)
            fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=10), prior_sd=1.5)
            left_open[way] = np.linalg.slogdet(fit.covariance + 1.0)[1]
        assert left_open["asked"] < left_open["random"]


def test_rank_intervals_hold_the_true_ranks() -> None:
    rng = np.random.default_rng(34)
    held = []
    for _ in range(60):
        scores = rng.normal(0, 1, 10)
        told = rank_intervals(bradley_terry(drawn(rng, scores, 1_500)))
        true = 1 + (scores[None, :] > scores[:, None]).sum(axis=1)
        held.append(np.mean((told.low <= true) & (true <= told.high)))
        assert ((told.low <= told.rank) & (told.rank <= told.high)).all()
    # At least the level: simultaneous over the nine differences of an item.
    assert np.mean(held) >= 0.95


def test_items_that_are_alike_share_their_ranks() -> None:
    tally = comparisons([0, 1, 0], [1, 2, 2], outcomes=[0, 0, 0], n_items=3, counts=[9, 9, 9])
    told = rank_intervals(bradley_terry(tally))
    assert told.rank.tolist() == [1, 1, 1]
    assert (told.low.tolist(), told.high.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_fits_are_not_changed_and_wrong_input_is_refused() -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=3))
    before = fit.covariance.copy()
    next_pairs(fit, 3)
    rank_intervals(fit)
    assert (fit.covariance == before).all()
    with pytest.raises(InputError, match="n_pairs"):
        next_pairs(fit, 0)
    with pytest.raises(InputError, match="`seen`"):
        next_pairs(fit, seen=[[0, 7]])
    with pytest.raises(InputError, match="level"):
        rank_intervals(fit, level=0)


@pytest.mark.parametrize("seen", [[0, 1, 2], [[0.2, 1.9]], [[0, 1, 2]], [["a", "b"]]])
def test_what_is_no_list_of_pairs_is_refused(seen: list[object]) -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=3))
    with pytest.raises(InputError, match="pairs of item numbers"):
        next_pairs(fit, seen=seen)


def test_nobody_has_seen_anything_and_half_a_pair_is_refused() -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=3))
    assert len(next_pairs(fit, 3, seen=[]).first) == 3
    with pytest.raises(InputError, match="whole number of pairs"):
        next_pairs(fit, 1.5)
