"""The compatible mode: equal to red-dwarf on the real conversations, close to what was published with them."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.opinion import (
    PolisGroups,
    PolisPick,
    PolisStatements,
    polis_groups,
    polis_statements,
    votes_from_matrix,
)
from throughline_analysis.opinion.polis import k_means, silhouettes
from throughline_analysis.opinion.tests.conversations import NAMES, Conversation, in_groups, real_conversation

# Residuals are small floats; where the second and third axis are almost alike, four digits of a position remain.
POSITIONS = 1e-3


@cache
def both(name: str) -> tuple[Conversation, PolisGroups, PolisStatements, Any]:
    real = real_conversation(name)
    groups = polis_groups(real.votes, withdrawn=real.withdrawn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline

        theirs = run_pipeline(votes=real.rows, mod_out_statement_ids=real.withdrawn_ids, random_state=1)
    return real, groups, polis_statements(real.votes, groups), theirs


@pytest.mark.parametrize("name", NAMES)
def test_groups_and_positions_equal_red_dwarfs(name: str) -> None:
    _, groups, _, theirs = both(name)
    np.testing.assert_allclose(groups.positions, theirs.participants_df[["x", "y"]].to_numpy(), atol=POSITIONS)
    assert groups.labels.tolist() == theirs.participants_df["cluster_id"].fillna(-1).astype(int).tolist()
    np.testing.assert_allclose(groups.statement_positions, theirs.statements_df[["x", "y"]].to_numpy(), atol=POSITIONS)


@pytest.mark.parametrize("name", NAMES)
def test_statistics_of_statements_equal_red_dwarfs(name: str) -> None:
    _, groups, found, theirs = both(name)
    pairs = {
        "pa": found.shares[0],
        "pd": found.shares[1],
        "pat": found.share_z[0],
        "pdt": found.share_z[1],
        "ra": found.ratios[0],
        "rd": found.ratios[1],
        "rat": found.ratio_z[0],
        "rdt": found.ratio_z[1],
        "na": found.counts[0],
        "nd": found.counts[1],
        "ns": found.seen,
    }
    for column, ours in pairs.items():
        expected = theirs.group_comment_stats[column].to_numpy().reshape(groups.n_groups, -1)
        np.testing.assert_allclose(ours, expected, atol=1e-9, err_msg=column)
    consensus = theirs.statements_df["group-aware-consensus-agree"]
    np.testing.assert_allclose(found.group_aware_consensus[0], consensus, atol=1e-9)
    priorities = theirs.statements_df["priority"].astype(float)
    np.testing.assert_allclose(found.priorities, priorities, rtol=POSITIONS)


@pytest.mark.parametrize("name", NAMES)
def test_picked_statements_equal_red_dwarfs_up_to_ties(name: str) -> None:
    _, groups, found, theirs = both(name)

    def strengths(picks: tuple[PolisPick, ...]) -> list[tuple[int, float]]:
        return [(pick.side, round(pick.ratio * pick.ratio_z * pick.share * pick.share_z, 6)) for pick in picks]

    for group in range(groups.n_groups):
        expected = [
            (
                1 if one["repful-for"] == "agree" else -1,
                round(one["repness"] * one["repness-test"] * one["p-success"] * one["p-test"], 6),
            )
            for one in theirs.repness[group]
        ]
        assert strengths(found.representative[group]) == expected
    for picks, side in ((found.consensus_agree, "agree"), (found.consensus_disagree, "disagree")):
        ours = [(pick.n_on_side, pick.n_seen, round(pick.share_z, 9)) for pick in picks]
        assert ours == [(one["n-success"], one["n-trials"], round(one["p-test"], 9)) for one in theirs.consensus[side]]


@pytest.mark.parametrize(("name", "agreement"), [(NAMES[1], 0.9), (NAMES[3], 0.95)])
def test_groups_are_close_to_those_published_with_the_conversation(name: str, agreement: float) -> None:
    """The running system remembers earlier centres and smooths the number of groups, so a few people differ."""
    real, groups, _, _ = both(name)
    published = np.array([real.published.get(person, -1) for person in real.person_ids.tolist()])
    told = (published >= 0) & (groups.labels >= 0)
    same = float((groups.labels[told] == published[told]).mean())
    assert max(same, 1 - same) > agreement


def test_silhouettes_equal_scikit_learns() -> None:
    rng = np.random.default_rng(1)
    points = rng.standard_normal((60, 2))
    divisions = [rng.integers(0, k, 60) for k in (2, 4)]
    expected = [silhouette_score(points, labels) for labels in divisions]
    np.testing.assert_allclose(silhouettes(points, divisions), expected, atol=1e-12)


def test_k_means_lowers_the_sum_of_squares_to_a_fixed_point() -> None:
    points = np.random.default_rng(2).standard_normal((80, 2))
    labels = k_means(points, np.ones(80), 3)
    centres = np.stack([points[labels == group].mean(axis=0) for group in range(3)])
    distances = ((points[:, None] - centres) ** 2).sum(axis=-1)
    # Lloyd's rule stops at a shift of a ten-thousandth of the variance, so a point on the border may differ.
    assert (distances.argmin(axis=1) == labels).mean() > 0.98


def test_base_clusters_give_the_same_two_clear_groups() -> None:
    table, truth = in_groups((150, 100), 40, np.random.default_rng(3), apart=0.8)
    votes = votes_from_matrix(table)
    for n_base_clusters in (None, 100):
        found = polis_groups(votes, n_base_clusters=n_base_clusters)
        assert found.n_groups == 2
        same = float((found.labels == truth).mean())
        assert max(same, 1 - same) > 0.98


def test_people_below_the_threshold_are_placed_and_not_grouped() -> None:
    table, _ = in_groups((10, 10), 12, np.random.default_rng(4), apart=0.8, seen_0_1=1.0)
    table[0, 6:] = np.nan
    table[1] = np.nan
    found = polis_groups(votes_from_matrix(table))
    assert found.labels[:2].tolist() == [-1, -1]
    assert np.isfinite(found.positions[0]).all()
    assert np.isnan(found.positions[1]).all()


def test_too_few_people_and_wrong_settings_are_refused() -> None:
    votes = votes_from_matrix(in_groups((3, 3), 8, np.random.default_rng(5), seen_0_1=1.0)[0])
    with pytest.raises(NotEnoughData, match="needs three"):
        polis_groups(votes, min_votes=9)
    with pytest.raises(InputError, match="at least"):
        polis_groups(votes, max_groups=1)
    with pytest.raises(InputError, match="confidence"):
        polis_statements(votes, polis_groups(votes), confidence=0.4)


def test_a_group_that_agrees_on_nothing_keeps_its_disagreements() -> None:
    """As in Polis; red-dwarf 1.0 then lists nothing. None of the four real conversations has such a group."""
    table = np.repeat([[1.0] * 8, [-1.0] * 8], 10, axis=0)
    table[range(8), range(8)] = -1
    votes = votes_from_matrix(table)
    groups = polis_groups(votes)
    picks = polis_statements(votes, groups).representative[int(groups.labels[-1])]
    assert len(picks) == 5
    assert all(pick.side == -1 and not pick.is_best_agree for pick in picks)


def test_statements_that_are_not_there_are_refused() -> None:
    votes = votes_from_matrix(in_groups((10, 10), 8, np.random.default_rng(6), seen_0_1=1.0)[0])
    groups = polis_groups(votes)
    for wrong in ([-1], [8], [1.5]):
        with pytest.raises(InputError, match="meta"):
            polis_statements(votes, groups, meta=wrong)
        with pytest.raises(InputError, match="withdrawn"):
            polis_groups(votes, withdrawn=wrong)
