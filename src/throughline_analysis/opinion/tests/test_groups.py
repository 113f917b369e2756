"""Groups and memberships: true groups are recovered, one group is one, memberships equal brute force."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import (
    OneCloudTest,
    group_stability,
    opinion_groups,
    vote_counts,
    votes_from_matrix,
)
from throughline_analysis.opinion import groups as groups_module
from throughline_analysis.opinion.profiles import PRIOR_VOTES, AnswerTable
from throughline_analysis.opinion.stability import adjusted_rand_index
from throughline_analysis.opinion.tests.conversations import NAMES, answered, in_groups, real_conversation


@pytest.mark.parametrize("sizes", [(40, 40), (90, 30), (40, 40, 40), (40, 35, 30, 25)])
def test_true_groups_and_their_number_are_recovered(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng([1, *sizes])
    table, truth = in_groups(sizes, 80, rng)
    found = opinion_groups(votes_from_matrix(table), rng=rng)
    assert found.n_groups == len(sizes)
    assert found.sizes.sum() == sum(sizes)
    # Eighty statements separate these groups almost perfectly; one person in thirty may be wrong.
    assert adjusted_rand_score(truth, found.labels) > 0.9


def test_one_group_is_reported_where_there_is_one() -> None:
    rng = np.random.default_rng(2)
    table = answered(np.tile(rng.uniform(0.2, 0.9, 40), (60, 1)), rng)
    found = opinion_groups(votes_from_matrix(table), rng=rng)
    assert (found.n_groups, found.sizes.tolist()) == (1, [60])
    assert (found.membership_0_1 == 1).all()
    assert len(found.tests) == 1
    assert found.p_value == found.tests[0].p_value > found.level


@pytest.mark.parametrize("name", NAMES)
def test_real_conversations_get_an_answer(name: str) -> None:
    """The published groups are always two or more; the votes of these four are no more split than a continuum."""
    real = real_conversation(name)
    found = opinion_groups(real.votes, rng=np.random.default_rng(3))
    assert found.n_groups == 1
    assert found.p_value > found.level


def test_memberships_equal_the_posterior_worked_out_one_person_at_a_time() -> None:
    rng = np.random.default_rng(4)
    table, labels = in_groups((9, 6), 7, rng, apart=0.4, seen_0_1=0.7)
    votes = votes_from_matrix(table)
    answers = AnswerTable(votes)
    found = answers.chances(labels, answers.counts(labels, 2))
    everybody = np.stack([(table == value).sum(axis=0) for value in (-1, 0, 1)], axis=1)
    shares = (everybody + 1) / (everybody.sum(axis=1, keepdims=True) + 3)
    for person in range(15):
        logs = np.zeros(2)
        others = np.arange(15) != person
        for group in range(2):
            members = others & (labels == group)
            logs[group] = np.log((members.sum() + 1) / (15 - 1 + 2))
            for statement in np.flatnonzero(~np.isnan(table[person])):
                column = table[members, statement]
                answer = int(table[person, statement]) + 1
                same = (column == answer - 1).sum() + PRIOR_VOTES * shares[statement, answer]
                logs[group] += np.log(same / ((~np.isnan(column)).sum() + PRIOR_VOTES))
        chances = np.exp(logs - logs.max())
        np.testing.assert_allclose(found[person], chances / chances.sum(), rtol=1e-9)


def test_memberships_are_calibrated() -> None:
    """Of people said to belong with a chance of 60 to 90 %, about so many do."""
    rng = np.random.default_rng(5)
    table, truth = in_groups((150, 150), 60, rng, apart=0.5, seen_0_1=0.3)
    found = opinion_groups(votes_from_matrix(table), rng=rng)
    assert found.n_groups == 2
    is_flipped = np.mean(found.labels == truth) < 0.5
    is_right = (found.labels == truth) != is_flipped
    surest = found.membership_0_1.max(axis=1)
    # Three standard errors of a share among 300.
    assert surest.mean() == pytest.approx(is_right.mean(), abs=0.07)


def test_a_person_who_answered_little_is_uncertain() -> None:
    rng = np.random.default_rng(6)
    table, _ = in_groups((40, 40), 60, rng)
    table[0, 1:] = np.nan
    found = opinion_groups(votes_from_matrix(table), rng=rng)
    assert found.membership_0_1[0].max() < 0.9 < found.membership_0_1[1:].max(axis=1).mean()


def test_people_without_votes_are_in_no_group_and_profiles_are_shrunk_means() -> None:
    rng = np.random.default_rng(7)
    table, _ = in_groups((30, 30), 40, rng)
    table[5] = np.nan
    votes = votes_from_matrix(table)
    found = opinion_groups(votes, rng=rng)
    assert found.labels[5] == -1
    assert np.isnan(found.membership_0_1[5]).all()
    counts = vote_counts(votes)
    overall = (counts.agree - counts.disagree) / counts.seen
    own = table[found.labels == 0]
    expected = (np.nansum(own, axis=0) + PRIOR_VOTES * overall) / ((~np.isnan(own)).sum(axis=0) + PRIOR_VOTES)
    np.testing.assert_allclose(found.profiles[0], expected, atol=1e-12)


def test_no_more_groups_than_allowed_and_wrong_settings_are_refused() -> None:
    rng = np.random.default_rng(8)
    votes = votes_from_matrix(in_groups((30, 30, 30), 60, rng)[0])
    assert opinion_groups(votes, rng=rng, max_groups=2).n_groups == 2
    assert opinion_groups(votes, rng=rng, max_groups=1).n_groups == 1
    with pytest.raises(InputError, match="at least one group"):
        opinion_groups(votes, rng=rng, max_groups=0)
    with pytest.raises(NotEnoughData, match="Ask more people"):
        opinion_groups(votes_from_matrix([[1, -1], [-1, 1]]), rng=rng)


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize(
    ("module", "name"),
    [("splitting", "GARROTE_PENALTY"), ("profiles", "PRIOR_VOTES"), ("groups", "PREDICTION_ERRORS")],
)
def test_half_and_double_of_each_constant_give_the_same_groups(
    module: str, name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = importlib.import_module(f"throughline_analysis.opinion.{module}")
    monkeypatch.setattr(owner, name, getattr(owner, name) * factor)
    rng = np.random.default_rng(12)
    table, truth = in_groups((15, 15, 15), 60, rng, apart=0.8)
    found = opinion_groups(votes_from_matrix(table), rng=rng)
    assert found.n_groups == 3
    # One person in thirty may be wrong, as above.
    assert adjusted_rand_score(truth, found.labels) > 0.9


def test_clear_groups_are_stable_and_a_cut_through_noise_is_not() -> None:
    rng = np.random.default_rng(9)
    table, truth = in_groups((40, 40), 60, rng)
    votes = votes_from_matrix(table)
    found = opinion_groups(votes, rng=rng)
    stability = group_stability(votes, found, rng=rng, n_resamples=20)
    assert stability.rand_index > 0.9
    assert stability.is_stable.all()
    assert (stability.overlap_low <= stability.overlap).all()
    np.testing.assert_allclose(stability.membership_0_1.sum(axis=1), 1)
    assert adjusted_rand_score(truth, stability.membership_0_1.argmax(axis=1)) > 0.9

    from dataclasses import replace

    noise = votes_from_matrix(answered(np.full((80, 60), 0.5), rng))
    cut = replace(found, labels=(np.arange(80) % 2).astype(np.intp))
    assert group_stability(noise, cut, rng=rng, n_resamples=20).rand_index < 0.2


def test_rand_index_equals_scikit_learns() -> None:
    rng = np.random.default_rng(10)
    for _ in range(20):
        old, new = rng.integers(0, 3, 25), rng.integers(0, 3, 25)
        crossing = np.bincount(old * 3 + new, minlength=9).reshape(3, 3)
        assert adjusted_rand_index(crossing) == pytest.approx(adjusted_rand_score(old, new), abs=1e-12)


def test_stability_of_one_group_or_of_other_votes_is_refused() -> None:
    rng = np.random.default_rng(11)
    votes = votes_from_matrix(answered(np.full((20, 20), 0.5), rng))
    found = opinion_groups(votes, rng=rng)
    with pytest.raises(NotEnoughData, match="one group"):
        group_stability(votes, found, rng=rng)
    with pytest.raises(InputError, match="draw at least"):
        group_stability(votes, found, rng=rng, n_resamples=5)
    with pytest.raises(InputError, match="give both"):
        group_stability(votes_from_matrix([[1, -1]]), found, rng=rng)


def test_a_small_part_of_a_large_conversation_is_left_whole_instead_of_drawing_millions() -> None:
    rng = np.random.default_rng(13)
    votes = votes_from_matrix(in_groups((10, 10), 10, rng)[0])
    settings = groups_module._Settings(level=0.025, max_groups=8, n_simulations=199, min_group_size=5)
    tests: list[OneCloudTest] = []
    part = np.arange(20)
    assert groups_module._tested_part(votes, part, 1_000_000, settings=settings, tests=tests, rng=rng) is None
    assert not tests


@pytest.mark.parametrize("most", [5_000, 20_000])
def test_half_and_double_the_most_simulations_leave_the_same_parts_whole(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups_module, "MOST_SIMULATIONS", most)
    test_a_small_part_of_a_large_conversation_is_left_whole_instead_of_drawing_millions()
