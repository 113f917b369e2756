"""What the groups say: statements that represent a group, divide the groups, or bridge them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.opinion.agreement import (
    AGREE_COLUMN,
    DEFAULT_LEVEL,
    DISAGREE_COLUMN,
    answers_of_groups,
)
from throughline_analysis.opinion.shares import (
    Ranges,
    Selection,
    difference_chances,
    differences,
    majority_chances,
    selected,
    wilson,
)
from throughline_analysis.opinion.votes import FloatArray, IndexArray, Votes

MAJORITY = 0.5
SIDES = ((1, AGREE_COLUMN), (-1, DISAGREE_COLUMN))
METHOD = "Fisher's exact tests, Benjamini-Hochberg choice, Agresti-Caffo differences at the level of the chosen"


@dataclass(frozen=True, eq=False)
class RepresentativeStatements:
    """One row per statement that stands for a group, by group, clearest first.

    `side` 1: the group agrees more than the others, -1: disagrees more. `share` of the group on that side among the
    `seen` answers it gave; `difference` to everybody else, drawn towards zero as its interval is (one answer on and
    one off the side added to both); `adjusted_chance` is corrected for all `n_compared`.
    """

    group: IndexArray
    statement: IndexArray
    side: IndexArray
    share: FloatArray
    seen: IndexArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    adjusted_chance: FloatArray
    n_compared: int
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class DividingStatements:
    """One row per statement on which two groups differ, widest first: the two groups furthest apart.

    `difference` is agreement in `group_more` minus agreement in `group_less`, drawn towards zero as in
    `RepresentativeStatements`; `seen_more`, `seen_less` the answers of both.
    """

    statement: IndexArray
    group_more: IndexArray
    group_less: IndexArray
    seen_more: IndexArray
    seen_less: IndexArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    adjusted_chance: FloatArray
    n_compared: int
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class BridgingStatements:
    """One row per statement on which a majority of every group is on the same side, strongest first.

    `side` 1 agree, -1 disagree; `lowest_share` of any group on that side, with the interval of that lowest share,
    and `lowest_group`, whose share of `lowest_seen` answers it is.
    """

    statement: IndexArray
    side: IndexArray
    lowest_share: FloatArray
    low: FloatArray
    high: FloatArray
    lowest_group: IndexArray
    lowest_seen: IndexArray
    adjusted_chance: FloatArray
    n_compared: int
    level: float
    method: str


def representative_statements(
    votes: Votes, labels: ArrayLike, *, level: float = DEFAULT_LEVEL
) -> RepresentativeStatements:
    """Statements that a group agrees or disagrees with clearly more than everybody else.

    Parameters
    ----------
    votes : Votes
    labels : (n_people,) or (n_votes,) of int
        As for `group_agreement`. Groups found from the same votes should be given as `held_out_labels`.
    level : float in (0, 1)
        Of the statements returned, 1 - level are expected to be there by chance; likewise of intervals that miss.

    Returns
    -------
    RepresentativeStatements
        Possibly without rows: then nothing sets any group apart beyond chance.

    Raises
    ------
    InputError
        `labels` has another length, or `level` is out of range.
    NotEnoughData
        Fewer than two groups have votes.

    Notes
    -----
    Fisher's exact test of each share against that of everybody else, which holds in the smallest groups too;
    Benjamini and Hochberg's correction over groups, statements and sides; Agresti and Caffo's interval at the level
    that holds for chosen ones (measured at 99.9 %: 99.0 to 99.9 % from five answers a group on). Rows need more of
    the group on that side than of the others. Cost O(n_votes), and for each cell as many steps as its standard
    deviation has answers.

    Source
    ------
    Fisher (1935), Journal of the Royal Statistical Society 98:39-82 (exact test); Agresti and Caffo (2000), The
    American Statistician 54:280-288, doi:10.1080/00031305.2000.10474560; Benjamini and Yekutieli (2005), JASA
    100:71-81, doi:10.1198/016214504000001907.

    Examples
    --------
    >>> table = np.repeat([[1, 1], [-1, 1]], 20, axis=0)
    >>> found = representative_statements(votes_from_matrix(table), np.repeat([0, 1], 20))
    >>> list(zip(found.group.tolist(), found.statement.tolist(), found.side.tolist()))
    [(0, 0, 1), (1, 0, -1)]
    """
    counts = answers_of_groups(votes, labels, level, least_groups=2)
    seen = counts.sum(axis=-1)
    # (n_groups, 2, n_statements): on the side, and the same among everybody else.
    on_side = np.stack([counts[..., column] for _, column in SIDES], axis=1)
    trials = np.repeat(seen[:, None], len(SIDES), axis=1)
    others, other_trials = on_side.sum(axis=0) - on_side, trials.sum(axis=0) - trials
    chosen, found = _compared(on_side, trials, others, other_trials, level=level)
    group, side, statement = np.nonzero(chosen.is_chosen & (found.estimate > 0))
    order = np.lexsort((-found.low[group, side, statement], group))
    at = (group[order], side[order], statement[order])
    return RepresentativeStatements(
        group=at[0],
        statement=at[2],
        side=np.where(at[1] == 0, 1, -1),
        share=on_side[at] / np.maximum(trials[at], 1),
        seen=trials[at],
        difference=found.estimate[at],
        low=found.low[at],
        high=found.high[at],
        adjusted_chance=chosen.adjusted[at],
        n_compared=chosen.adjusted.size,
        level=level,
        method=METHOD,
    )


def dividing_statements(votes: Votes, labels: ArrayLike, *, level: float = DEFAULT_LEVEL) -> DividingStatements:
    """Statements on which two groups differ in agreement beyond chance, and by how much.

    Parameters
    ----------
    votes : Votes
    labels : (n_people,) or (n_votes,) of int
        As for `group_agreement`. Groups found from the same votes should be given as `held_out_labels`.
    level : float in (0, 1)
        As for `representative_statements`.

    Returns
    -------
    DividingStatements
        One row per statement, of its two groups furthest apart, among the pairs that differ beyond chance.

    Raises
    ------
    InputError, NotEnoughData
        As for `representative_statements`.

    Notes
    -----
    As `representative_statements`, over all pairs of groups. Cost O(n_votes + n_statements * n_groups²).

    Source
    ------
    As for `representative_statements`.

    Examples
    --------
    >>> table = np.repeat([[1, 1], [-1, 1]], 20, axis=0)
    >>> dividing_statements(votes_from_matrix(table), np.repeat([0, 1], 20)).statement.tolist()
    [0]
    """
    counts = answers_of_groups(votes, labels, level, least_groups=2)
    seen, agree = counts.sum(axis=-1), counts[..., AGREE_COLUMN]
    first, second = np.triu_indices(len(counts), 1)
    chosen, found = _compared(agree[first], seen[first], agree[second], seen[second], level=level)
    width = np.where(chosen.is_chosen, np.abs(found.estimate), -1.0)
    widest = width.argmax(axis=0)
    statements = np.flatnonzero(width.max(axis=0) >= 0)
    statements = statements[np.argsort(-width[widest[statements], statements], kind="stable")]
    at = (widest[statements], statements)
    is_swapped = found.estimate[at] < 0
    more = np.where(is_swapped, second[at[0]], first[at[0]])
    less = np.where(is_swapped, first[at[0]], second[at[0]])
    return DividingStatements(
        statement=statements,
        group_more=more,
        group_less=less,
        seen_more=seen[more, statements],
        seen_less=seen[less, statements],
        difference=np.abs(found.estimate[at]),
        low=np.where(is_swapped, -found.high[at], found.low[at]),
        high=np.where(is_swapped, -found.low[at], found.high[at]),
        adjusted_chance=chosen.adjusted[at],
        n_compared=chosen.adjusted.size,
        level=level,
        method=METHOD,
    )


def bridging_statements(votes: Votes, labels: ArrayLike, *, level: float = DEFAULT_LEVEL) -> BridgingStatements:
    """Statements with a majority on the same side in every group, beyond chance.

    Parameters
    ----------
    votes : Votes
    labels : (n_people,) or (n_votes,) of int
        As for `group_agreement`; a single group is allowed: then it is what most people share.
    level : float in (0, 1)
        As for `representative_statements`.

    Returns
    -------
    BridgingStatements

    Raises
    ------
    InputError
        `labels` has another length, or `level` is out of range.
    NotEnoughData
        No person with votes is in a group.

    Notes
    -----
    In each group the exact binomial test that at most half are on the side; the largest chance over the groups holds
    for all of them together (intersection-union), so small groups must be sure as well, and a statement that a group
    has not seen bridges nothing. Labels that nobody with votes has are no groups. Benjamini and Hochberg's correction
    over statements and sides. A pass counts as not on the side. The interval is that of the lowest share: from the
    lowest lower end to the lowest upper end of the groups' Wilson intervals. Cost O(n_votes).

    Source
    ------
    Berger (1982), Technometrics 24:295-300, doi:10.1080/00401706.1982.10487790; Benjamini and Yekutieli (2005), JASA
    100:71-81, doi:10.1198/016214504000001907.

    Examples
    --------
    >>> table = np.repeat([[1, 1], [-1, 1]], 20, axis=0)
    >>> bridging_statements(votes_from_matrix(table), np.repeat([0, 1], 20)).statement.tolist()
    [1]
    """
    counts = answers_of_groups(votes, labels, level)
    group_numbers = np.flatnonzero(counts.sum(axis=(1, 2)) > 0)
    counts = counts[group_numbers]
    seen = counts.sum(axis=-1)
    on_side = np.stack([counts[..., column] for _, column in SIDES], axis=1)
    trials = np.repeat(seen[:, None], len(SIDES), axis=1)
    chosen = selected(majority_chances(on_side, trials).max(axis=0), level)
    found = wilson(on_side, trials, chosen.interval_level)
    is_bridge = chosen.is_chosen & (found.estimate > MAJORITY).all(axis=0)
    side, statement = np.nonzero(is_bridge)
    order = np.argsort(-found.low.min(axis=0)[side, statement], kind="stable")
    side, statement = side[order], statement[order]
    lowest = found.estimate[:, side, statement].argmin(axis=0)
    return BridgingStatements(
        statement=statement,
        side=np.where(side == 0, 1, -1),
        lowest_share=found.estimate[lowest, side, statement],
        low=found.low.min(axis=0)[side, statement],
        high=found.high.min(axis=0)[side, statement],
        lowest_group=group_numbers[lowest],
        lowest_seen=seen[lowest, statement],
        adjusted_chance=chosen.adjusted[side, statement],
        n_compared=chosen.adjusted.size,
        level=level,
        method="intersection-union of exact binomial tests, Benjamini-Hochberg choice, Wilson intervals for the chosen",
    )


def _compared(
    on_side: IndexArray, trials: IndexArray, others: IndexArray, other_trials: IndexArray, *, level: float
) -> tuple[Selection, Ranges]:
    """Which differences of shares stand out, and all differences with intervals that hold for those chosen."""
    chances = difference_chances(on_side, trials, other_successes=others, other_trials=other_trials)
    chosen = selected(chances, level)
    return chosen, differences(
        on_side, trials, other_successes=others, other_trials=other_trials, level=chosen.interval_level
    )
