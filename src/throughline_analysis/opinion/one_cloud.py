"""Are there groups at all? A test whose answer may be no: one cloud, a continuum and noise are not groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval
from throughline_analysis.opinion.projected import projected_evidence
from throughline_analysis.opinion.residuals import Residuals, profile_sums, residuals_of
from throughline_analysis.opinion.resimulated import Evidence, resimulated_evidence, sample_of
from throughline_analysis.opinion.splitting import TINY
from throughline_analysis.opinion.votes import BoolArray, Votes, vote_counts, votes_of

# Nothing about fewer than five people is shown anywhere in the product.
SMALLEST_GROUP = 5
DEFAULT_LEVEL = 0.025
DEFAULT_SIMULATIONS = 199
# At most this many people are tested; more find splits that no reader of the map could see.
MOST_TESTED = 1000
# Above this many cells the directions stay fixed in the simulations, and scores of fewer people are drawn.
MOST_CELLS = 200_000
MOST_PROJECTED = 600
NULL_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class OneCloudTest:
    """Answer of `one_cloud_test`.

    `cluster_index` is the sum of squares within the two halves over the whole, in [0, 1], lower is more split;
    `null_index` the range of the same number when opinions form one continuum. `p_value` is the chance of a split
    at least as clear in a continuum, `p_interval` what the finite number of simulations leaves open about it.
    """

    has_groups: bool
    p_value: float
    p_interval: Interval
    cluster_index: float
    null_index: Interval
    level: float
    n_simulations: int
    n_people: int
    n_tested: int
    n_votes: int
    method: str


@dataclass(frozen=True, eq=False)
class SplitWithTest:
    """A test and its split: `is_high` (n_people,) tells the side of everybody."""

    test: OneCloudTest
    is_high: BoolArray


def one_cloud_test(
    votes: Votes,
    *,
    rng: np.random.Generator,
    level: float = DEFAULT_LEVEL,
    n_simulations: int = DEFAULT_SIMULATIONS,
    min_group_size: int = SMALLEST_GROUP,
) -> OneCloudTest:
    """Whether the votes show distinct groups, or no more than one cloud or a continuum would.

    Parameters
    ----------
    votes : Votes
    rng : numpy.random.Generator
        Draws the simulated conversations; the same state gives the same answer.
    level : float in (0, 1)
        Share of continua in which groups are reported by mistake; noise and one cloud less often.
    n_simulations : int >= 39
        Conversations drawn; fewer are drawn when the first 39 already show that there is nothing.
    min_group_size : int >= 1
        A split counts only with this many people on both sides.

    Returns
    -------
    OneCloudTest

    Raises
    ------
    InputError
        `level`, `n_simulations` or `min_group_size` is out of range, or so few simulations cannot reach the level.
    NotEnoughData
        Fewer people with votes than two groups need, fewer than two answered statements, or all votes alike.

    Notes
    -----
    Statistic: the two-means cluster index of SigClust along the leading directions, each sharpened by regressing the
    statements on it and shrinking loadings within their noise (non-negative garrote). Null: not one Gaussian but a
    *continuum*, people spread evenly along each axis, which is the flattest opinion without groups and so the
    least favourable; a Gaussian cloud has a higher index. Simulated votes keep who saw and who passed what, the
    share of agreement of every statement, and the strength of the axes that stand out of noise; each simulated
    conversation is analysed from its votes up. The index is adjusted for the strength of its axis by regression
    over the simulations; over two axes the smaller chance is taken and its own distribution used.

    Above 200,000 cells directions are found once, from everybody, and only scores are simulated; at most 600
    people, drawn at random, are tested (below, 1,000). What it cannot see: groups smaller than a few per cent,
    groups that differ on few of the answered statements, and differences between two groups that are within the
    noise of the votes people cast; "no groups found" is not "all agree". Cost O(n_simulations * n_tested *
    n_statements).

    Source
    ------
    Liu, Hayes, Nobel and Marron (2008), JASA 103:1281-1293, doi:10.1198/016214508000000454 (cluster index and
    parametric bootstrap); Breiman (1995), Technometrics 37:373-384, doi:10.1080/00401706.1995.10484371 (garrote);
    Westfall and Young (1993), Resampling-based multiple testing (smallest of several chances). The continuum as
    null model is ours; `bench opinion_honesty` measures its errors.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> side = np.repeat([1, -1], 20)[:, None]
    >>> found = one_cloud_test(votes_from_matrix(np.where(rng.random((40, 30)) < 0.85, side, -side)), rng=rng)
    >>> found.has_groups, found.p_value
    (True, 0.005)
    """
    voters = np.flatnonzero(votes.seen_by_person > 0)
    part = votes_of(votes, voters)
    found = split_and_test(
        part,
        residuals_of(part),
        level=level,
        n_simulations=n_simulations,
        min_group_size=min_group_size,
        rng=rng,
    )
    return found.test


def split_and_test(
    votes: Votes,
    residuals: Residuals,
    *,
    level: float,
    n_simulations: int,
    min_group_size: int,
    rng: np.random.Generator,
) -> SplitWithTest:
    """The test, and on which side of the tested split each person stands; everybody in `votes` has voted."""
    _require_settings(level, n_simulations, min_group_size)
    evidence = _evidence(votes, residuals, n_simulations=n_simulations, min_group_size=min_group_size, rng=rng)
    null = evidence.null_indices[:, evidence.best_axis]
    low, high = np.quantile(null, [(1 - NULL_LEVEL) / 2, (1 + NULL_LEVEL) / 2])
    test = OneCloudTest(
        has_groups=evidence.p_value <= level,
        p_value=evidence.p_value,
        p_interval=_simulation_interval(evidence.n_extreme, len(null)),
        cluster_index=float(evidence.indices[evidence.best_axis]),
        null_index=Interval(float(low), float(high), NULL_LEVEL, "quantiles of simulated continua"),
        level=level,
        n_simulations=len(null),
        n_people=votes.n_people,
        n_tested=len(evidence.best.scores),
        n_votes=votes.n_votes,
        method="two-means cluster index against simulated continua",
    )
    own, weights = profile_sums(residuals.matrix, evidence.best.loadings[:, None])
    scores = own[:, 0] / np.maximum(weights[:, 0, 0], TINY)
    return SplitWithTest(test=test, is_high=scores > evidence.best.threshold)


def _evidence(
    votes: Votes, residuals: Residuals, *, n_simulations: int, min_group_size: int, rng: np.random.Generator
) -> Evidence:
    """The full test where tables are small, the projected one where they are large."""
    if votes.n_people < 2 * min_group_size:
        raise NotEnoughData(
            f"{votes.n_people} people voted; two groups of {min_group_size} need {2 * min_group_size}. Ask more people."
        )
    n_seen = int((residuals.seen > 0).sum())
    if n_seen < 2 or not residuals.matrix.data.any():
        raise NotEnoughData("Fewer than two statements divide the votes; groups need at least two. Add statements.")
    if min(votes.n_people, MOST_TESTED) * n_seen <= MOST_CELLS:
        sample = sample_of(votes, MOST_TESTED, rng)
        return resimulated_evidence(sample, n_simulations=n_simulations, min_group_size=min_group_size, rng=rng)
    return projected_evidence(
        residuals,
        vote_counts(votes),
        n_simulations=n_simulations,
        n_tested=MOST_PROJECTED,
        min_group_size=min_group_size,
        rng=rng,
    )


def _simulation_interval(n_extreme: int, n_done: int) -> Interval:
    from scipy.special import betaincinv

    low = float(betaincinv(n_extreme, n_done - n_extreme + 1, 0.025)) if n_extreme > 0 else 0.0
    high = float(betaincinv(n_extreme + 1, n_done - n_extreme, 0.975)) if n_extreme < n_done else 1.0
    return Interval(low, high, 0.95, "Clopper-Pearson over simulations")


def _require_settings(level: float, n_simulations: int, min_group_size: int) -> None:
    if not 0 < level < 1:
        raise InputError(f"`level` is {level}; a level lies between 0 and 1, such as 0.025.")
    if min_group_size < 1:
        raise InputError(f"`min_group_size` is {min_group_size}; a group has at least one person.")
    if 1 / (n_simulations + 1) > level:
        raise InputError(f"{n_simulations} simulations cannot reach the level {level}; draw at least {1 / level:.0f}.")
