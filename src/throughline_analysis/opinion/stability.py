"""Would the same groups be found with other people? Resampling, for groups and for single members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval
from throughline_analysis.opinion.groups import OpinionGroups
from throughline_analysis.opinion.profiles import AnswerTable
from throughline_analysis.opinion.regrouping import divided_into
from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray, Votes, votes_of

DEFAULT_RESAMPLES = 50
FEWEST_RESAMPLES = 20
# Enough people for every share in the result; more would only take longer.
MOST_RESAMPLED = 2000
INTERVAL_LEVEL = 0.9
# Hennig's reading of the mean overlap: below, a group should not be taken as a pattern that is there.
STABLE_OVERLAP = 0.75


@dataclass(frozen=True, eq=False)
class GroupStability:
    """What resampling says about groups.

    `rand_index` chance-corrected agreement of divisions, 1 the same, 0 as by chance, mean over resamples;
    `rand_interval` its range. `overlap` (n_groups,) mean Jaccard overlap of each group with its match,
    `overlap_low`, `overlap_high` its range; `is_stable` where the mean is at least 0.75. `membership_0_1` (n_people,
    n_groups) share of resamples in which the person falls to the group, nan for people without votes or group.
    """

    rand_index: float
    rand_interval: Interval
    overlap: FloatArray
    overlap_low: FloatArray
    overlap_high: FloatArray
    is_stable: BoolArray
    membership_0_1: FloatArray
    n_resamples: int
    n_people: int
    method: str


def group_stability(
    votes: Votes, groups: OpinionGroups, *, rng: np.random.Generator, n_resamples: int = DEFAULT_RESAMPLES
) -> GroupStability:
    """How much of the groups would be found again if other people of the same kind had come.

    Parameters
    ----------
    votes : Votes
        The votes in which the groups were found.
    groups : OpinionGroups
    rng : numpy.random.Generator
        Draws the resamples.
    n_resamples : int >= 20

    Returns
    -------
    GroupStability

    Raises
    ------
    InputError
        The groups belong to other votes, or `n_resamples` is below 20.
    NotEnoughData
        There is one group only, so there is no division to find again.

    Notes
    -----
    Each resample draws as many people with replacement (at most 2,000), divides them from the start into the same
    number of groups, without looking at the groups found, and lets the new groups take in everybody; then new and
    old groups are matched one to one so that they share the most people. It answers "the same groups?", not "are
    there groups?": that is `one_cloud_test`. Stable groups may still be a cut through a continuum. Statements are kept
    as they are; other statements could show other groups. Cost n_resamples times that of one division.

    Source
    ------
    Hennig (2007), Computational Statistics & Data Analysis 52:258-271, doi:10.1016/j.csda.2006.11.025; Hubert and
    Arabie (1985), Journal of Classification 2:193-218, doi:10.1007/BF01908075.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> side = np.repeat([1, -1], 20)[:, None]
    >>> votes = votes_from_matrix(np.where(rng.random((40, 30)) < 0.85, side, -side))
    >>> group_stability(votes, opinion_groups(votes, rng=rng), rng=rng).is_stable.tolist()
    [True, True]
    """
    if len(groups.labels) != votes.n_people:
        raise InputError(f"The groups are of {len(groups.labels)} people, the votes of {votes.n_people}; give both.")
    if n_resamples < FEWEST_RESAMPLES:
        raise InputError(f"`n_resamples` is {n_resamples}; draw at least {FEWEST_RESAMPLES}.")
    if groups.n_groups == 1:
        raise NotEnoughData("There is one group, so there is no division that could be found again.")
    table = AnswerTable(votes)
    is_compared = table.has_votes & (groups.labels >= 0)
    voters = np.flatnonzero(is_compared)
    old = groups.labels[voters]
    overlaps = np.empty((n_resamples, groups.n_groups))
    rands = np.empty(n_resamples)
    shares = np.zeros((votes.n_people, groups.n_groups))
    for row in range(n_resamples):
        drawn = np.sort(rng.choice(voters, min(len(voters), MOST_RESAMPLED)))
        sample = votes_of(votes, drawn)
        labels = divided_into(sample, groups.n_groups, min_size=1)
        new = table.nearest(AnswerTable(sample).counts(labels, groups.n_groups))[voters]
        crossing = _crossing(old, new, groups.n_groups)
        match = _matched(crossing)
        overlaps[row] = _jaccard(crossing, match)
        rands[row] = adjusted_rand_index(crossing)
        back = np.argsort(match)
        shares[voters, back[new]] += 1
    tails = [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2]
    low, high = np.quantile(overlaps, tails, axis=0)
    rand_low, rand_high = np.quantile(rands, tails)
    shares /= n_resamples
    shares[~is_compared] = np.nan
    return GroupStability(
        rand_index=float(rands.mean()),
        rand_interval=Interval(float(rand_low), float(rand_high), INTERVAL_LEVEL, "percentile bootstrap"),
        overlap=overlaps.mean(axis=0),
        overlap_low=low,
        overlap_high=high,
        is_stable=overlaps.mean(axis=0) >= STABLE_OVERLAP,
        membership_0_1=shares,
        n_resamples=n_resamples,
        n_people=len(voters),
        method="bootstrap of people, divided anew into the same number of groups",
    )


def adjusted_rand_index(crossing: IndexArray) -> float:
    """Hubert and Arabie's index from the table of how many people are in old group i and new group j."""
    pairs = _pairs(crossing).sum()
    rows, columns = _pairs(crossing.sum(axis=1)).sum(), _pairs(crossing.sum(axis=0)).sum()
    total = _pairs(crossing.sum())
    expected = rows * columns / total if total > 0 else 0.0
    most = (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0


def _pairs(counts: IndexArray | np.integer) -> FloatArray:
    numbers = np.asarray(counts, dtype=np.float64)
    return np.asarray(numbers * (numbers - 1) / 2, dtype=np.float64)


def _crossing(old: IndexArray, new: IndexArray, n_groups: int) -> IndexArray:
    return np.bincount(old * n_groups + new, minlength=n_groups**2).reshape(n_groups, n_groups)


def _matched(crossing: IndexArray) -> IndexArray:
    """For each old group the new group it is matched with."""
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(crossing, maximize=True)[1], dtype=np.intp)


def _jaccard(crossing: IndexArray, match: IndexArray) -> FloatArray:
    both = crossing[np.arange(len(match)), match]
    either = crossing.sum(axis=1) + crossing.sum(axis=0)[match] - both
    return np.asarray(both / np.maximum(either, 1), dtype=np.float64)
