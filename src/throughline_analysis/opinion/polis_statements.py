"""Statements the way Polis publishes them: who they stand for, what all share, and what is asked next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.opinion.polis import PolisGroups
from throughline_analysis.opinion.profiles import AnswerTable
from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray, Votes, whole_numbers

DEFAULT_CONFIDENCE = 0.9
DEFAULT_MOST_PICKED = 5
MAJORITY = 0.5
# Rank of statements about the conversation itself, and of new statements against old ones, as published.
META_PRIORITY = 7.0
NEWNESS_FACTOR = 8.0
NEWNESS_HALVING = 5.0
AGREE, DISAGREE = 0, 1


@dataclass(frozen=True, eq=False)
class PolisPick:
    """One statement picked: `side` 1 agree, -1 disagree; `share` smoothed by one vote; both z statistics."""

    statement: int
    side: int
    n_on_side: int
    n_seen: int
    share: float
    share_z: float
    ratio: float
    ratio_z: float
    is_best_agree: bool


@dataclass(frozen=True, eq=False)
class PolisStatements:
    """Statistics (2, n_groups, n_statements), agree first, and what is picked from them.

    `shares` smoothed share on the side, `share_z` its test against a half, `ratios` share over that of everybody
    else, `ratio_z` the test of their difference. `group_aware_consensus` (2, n_statements) product of the shares;
    `representative` picks of each group; `consensus_agree`, `consensus_disagree` picks over everybody; `priorities`
    (n_statements,) weight with which a statement is shown next, nan where nobody voted.
    """

    counts: IndexArray
    seen: IndexArray
    shares: FloatArray
    share_z: FloatArray
    ratios: FloatArray
    ratio_z: FloatArray
    group_aware_consensus: FloatArray
    representative: tuple[tuple[PolisPick, ...], ...]
    consensus_agree: tuple[PolisPick, ...]
    consensus_disagree: tuple[PolisPick, ...]
    priorities: FloatArray
    method: str


def polis_statements(
    votes: Votes,
    groups: PolisGroups,
    *,
    meta: ArrayLike = (),
    confidence: float = DEFAULT_CONFIDENCE,
    most_picked: int = DEFAULT_MOST_PICKED,
) -> PolisStatements:
    """Representative and consensus statements and priorities, as Polis publishes them.

    Parameters
    ----------
    votes : Votes
        The votes given to `polis_groups`.
    groups : PolisGroups
    meta : (any,) of int
        Statements about the conversation itself; they get a fixed high priority.
    confidence : float in (0.5, 1)
        One-sided, of each test, not corrected for their number: that is the published rule.
    most_picked : int >= 1
        Per group, and per side of the consensus.

    Returns
    -------
    PolisStatements

    Raises
    ------
    InputError
        The groups are of other votes, a meta statement is unknown, or a setting is out of range.

    Notes
    -----
    Not corrected for many comparisons and tested on the votes that formed the groups, so more is picked than holds;
    `representative_statements` and `bridging_statements` do both. Cost O(n_votes).

    Source
    ------
    Small, Bjorkegren, Erkkilä, Shaw and Megill (2021), Recerca 26(2):1-26, doi:10.6035/recerca.5516.

    Examples
    --------
    >>> table = np.repeat([[1] * 8, [-1] * 8], 5, axis=0) * np.where(np.eye(10, 8) > 0, -1, 1)
    >>> votes = votes_from_matrix(table)
    >>> len(polis_statements(votes, polis_groups(votes)).representative)
    2
    """
    if len(groups.labels) != votes.n_people or not MAJORITY < confidence < 1 or most_picked < 1:
        raise InputError("Give the votes of these groups, a confidence between 0.5 and 1, and at least one pick.")
    table = AnswerTable(votes)
    answers = table.counts(groups.labels, groups.n_groups)
    found = _statistics(answers)
    critical = _normal_quantile(confidence)
    is_offered = ~groups.is_withdrawn & (np.bincount(votes.statements, minlength=votes.n_statements) > 0)
    everybody = _statistics(table.counts(np.zeros(votes.n_people, dtype=np.intp), 1))
    return PolisStatements(
        counts=found.counts,
        seen=found.seen,
        shares=found.shares,
        share_z=found.share_z,
        ratios=found.ratios,
        ratio_z=found.ratio_z,
        group_aware_consensus=found.shares.prod(axis=1),
        representative=tuple(
            _representative(found, group, np.flatnonzero(is_offered), critical=critical, most_picked=most_picked)
            for group in range(groups.n_groups)
        ),
        consensus_agree=_consensus(everybody, AGREE, is_offered, critical=critical, most_picked=most_picked),
        consensus_disagree=_consensus(everybody, DISAGREE, is_offered, critical=critical, most_picked=most_picked),
        priorities=_priorities(
            votes, groups, answers, meta=whole_numbers(meta, "meta", n_rows=None, total=votes.n_statements)
        ),
        method="published tests, uncorrected",
    )


@dataclass(frozen=True, eq=False)
class _Statistics:
    """Counts and statistics (2, n_groups, n_statements); `seen` (n_groups, n_statements)."""

    counts: IndexArray
    seen: IndexArray
    shares: FloatArray
    share_z: FloatArray
    ratios: FloatArray
    ratio_z: FloatArray

    def pick(self, side: int, group: int, statement: int, *, is_best_agree: bool = False) -> PolisPick:
        at = (side, group, statement)
        return PolisPick(
            statement=int(statement),
            side=1 if side == AGREE else -1,
            n_on_side=int(self.counts[at]),
            n_seen=int(self.seen[group, statement]),
            share=float(self.shares[at]),
            share_z=float(self.share_z[at]),
            ratio=float(self.ratios[at]),
            ratio_z=float(self.ratio_z[at]),
            is_best_agree=is_best_agree,
        )


def _statistics(answers: IndexArray) -> _Statistics:
    counts = np.stack([answers[..., 2], answers[..., 0]])
    seen = answers.sum(axis=-1)
    others, others_seen = counts.sum(axis=1, keepdims=True) - counts, seen.sum(axis=0) - seen
    shares = (counts + 1) / (seen + 2)
    pooled = (counts + others + 2) / (seen + others_seen + 2)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (others_seen + 1)))
    difference = (counts + 1) / (seen + 1) - (others + 1) / (others_seen + 1)
    return _Statistics(
        counts=counts,
        seen=seen,
        shares=shares,
        share_z=2 * np.sqrt(seen + 1) * ((counts + 1) / (seen + 1) - MAJORITY),
        ratios=shares / ((others + 1) / (others_seen + 2)),
        ratio_z=np.where(error > 0, difference / np.where(error > 0, error, 1.0), 0.0),
    )


def _representative(
    found: _Statistics, group: int, offered: IndexArray, *, critical: float, most_picked: int
) -> tuple[PolisPick, ...]:
    """The best agreement first to be kept, then the significant by strength; agreements are listed first.

    A group that agrees on nothing keeps its disagreements, as published; red-dwarf 1.0 then lists nothing.
    """
    share_z, ratio_z = found.share_z[:, group], found.ratio_z[:, group]
    is_significant = np.minimum(share_z, ratio_z).max(axis=0) > critical
    significant = [int(statement) for statement in offered if is_significant[statement]]
    sides = {
        statement: AGREE if ratio_z[AGREE, statement] > ratio_z[DISAGREE, statement] else DISAGREE
        for statement in map(int, offered)
    }
    strength = found.ratios[:, group] * ratio_z * found.shares[:, group] * share_z
    significant.sort(key=lambda statement: -strength[sides[statement], statement])
    best_agree = _best_agree(found, group, offered, critical=critical)
    if best_agree is not None:
        head = [found.pick(sides[best_agree], group, best_agree, is_best_agree=True)]
    elif not significant and len(offered):
        clearest = int(offered[ratio_z.max(axis=0)[offered].argmax()])
        head = [found.pick(sides[clearest], group, clearest)]
    else:
        head = []
    kept = {pick.statement for pick in head}
    rest = [found.pick(sides[statement], group, statement) for statement in significant if statement not in kept]
    return tuple(sorted((head + rest)[:most_picked], key=lambda pick: -pick.side))


def _best_agree(found: _Statistics, group: int, offered: IndexArray, *, critical: float) -> int | None:
    """The statement that shows best what the group agrees on, by the published rule of replacement."""
    share, share_z = found.shares[AGREE, group], found.share_z[AGREE, group]
    ratio, ratio_z = found.ratios[AGREE, group], found.ratio_z[AGREE, group]
    best: int | None = None
    for statement in map(int, offered):
        if found.counts[:, group, statement].sum() == 0:
            continue
        if best is None:
            is_better = share_z[statement] > critical or (ratio[statement] > 1 and share[statement] > MAJORITY)
        elif ratio[best] > 1:
            full = ratio * ratio_z * share * share_z
            is_better = full[statement] > full[best]
        else:
            is_better = share[statement] * share_z[statement] > share[best] * share_z[best]
        if is_better:
            best = statement
    return best


def _consensus(
    everybody: _Statistics, side: int, is_offered: BoolArray, *, critical: float, most_picked: int
) -> tuple[PolisPick, ...]:
    share, share_z = everybody.shares[side, 0], everybody.share_z[side, 0]
    strength = np.where(is_offered & (share > MAJORITY) & (share_z > critical), share * share_z, -np.inf)
    order = np.argsort(-strength, kind="stable")[:most_picked]
    return tuple(everybody.pick(side, 0, int(statement)) for statement in order if strength[statement] > -np.inf)


def _priorities(votes: Votes, groups: PolisGroups, answers: IndexArray, *, meta: IndexArray) -> FloatArray:
    total = answers.sum(axis=0)
    seen = total.sum(axis=-1)
    agree, passed = (total[:, 2] + 1) / (seen + 2), (total[:, 1] + 1) / (seen + 2)
    extremity = np.sqrt((groups.statement_positions**2).sum(axis=1))
    priority = agree * (1 - passed) * (1 + extremity) * (1 + NEWNESS_FACTOR * 2.0 ** (-seen / NEWNESS_HALVING))
    priority[meta] = META_PRIORITY
    is_known = np.bincount(votes.statements, minlength=votes.n_statements) > 0
    return np.where(is_known, priority**2, np.nan)


def _normal_quantile(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(confidence))
