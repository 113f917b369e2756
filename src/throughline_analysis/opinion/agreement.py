"""How much of each group agrees, and which group a person is in when one vote is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.opinion.profiles import AnswerTable
from throughline_analysis.opinion.shares import wilson
from throughline_analysis.opinion.votes import FloatArray, IndexArray, Votes

DEFAULT_LEVEL = 0.95
DISAGREE_COLUMN, AGREE_COLUMN = 0, 2
# Labels below this are taken however few people there are: a caller may keep numbers of groups that are now empty.
LABELS_ALWAYS_TAKEN = 100


@dataclass(frozen=True, eq=False)
class GroupAgreement:
    """Share of each group that agrees with each statement; arrays (n_groups, n_statements), `seen` are counts."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    seen: IndexArray
    level: float
    method: str


def group_agreement(votes: Votes, labels: ArrayLike, *, level: float = DEFAULT_LEVEL) -> GroupAgreement:
    """Share of each group that agrees with each statement, with an interval.

    Parameters
    ----------
    votes : Votes
    labels : (n_people,) or (n_votes,) of int
        Group of each person, or of each vote as `held_out_labels` gives it; numbers from 0, negative for none.
    level : float in (0, 1)
        Coverage of each interval.

    Returns
    -------
    GroupAgreement
        Where a group has not seen a statement, `share` is nan and the interval 0 to 1.

    Raises
    ------
    InputError
        `labels` is not whole numbers, has another length or a number far above that of people, `level` is out of
        range, or it is unclear whether labels are of people or of votes: there are as many of both, and some people
        have no vote. Leave those people out then.
    NotEnoughData
        No person with votes is in a group.

    Notes
    -----
    Wilson score interval. A pass counts as seen. People are treated as independent, which teams are not. Not corrected
    for looking at many statements at once. Cost O(n_votes).

    Source
    ------
    Wilson (1927), JASA 22:209-212, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> found = group_agreement(votes_from_matrix([[1, -1], [1, 0]]), [0, 0])
    >>> found.share.tolist()
    [[1.0, 0.0]]
    """
    counts = answers_of_groups(votes, labels, level)
    seen = counts.sum(axis=-1)
    found = wilson(counts[..., AGREE_COLUMN], seen, level)
    return GroupAgreement(found.estimate, found.low, found.high, seen, level, "Wilson score interval")


def held_out_labels(votes: Votes, labels: ArrayLike) -> IndexArray:
    """For every vote the group its person would be in without that vote.

    Groups found from votes differ on those votes by construction; a statement is judged fairly only with groups
    that did not use it. Taking the single vote out of its person's membership removes most of this circle.

    Parameters
    ----------
    votes : Votes
    labels : (n_people,) of int
        Group of each person, such as `OpinionGroups.labels`; negative for none.

    Returns
    -------
    (n_votes,) of int
        In the order of `votes.statements`.

    Raises
    ------
    InputError
        `labels` is not whole numbers, or has another length.
    NotEnoughData
        No person with votes is in a group.

    Notes
    -----
    What is left of the circle: the groups' profiles still contain the other people's votes on the statement. Cost
    O(n_votes * n_groups).

    Examples
    --------
    >>> held_out_labels(votes_from_matrix([[1, 1, 1]] * 5 + [[-1, -1, -1]] * 5), [0] * 5 + [1] * 5)[:3].tolist()
    [0, 0, 0]
    """
    given = np.asarray(labels)
    if given.shape != (votes.n_people,) or given.dtype.kind not in "iu":
        raise InputError(
            f"`labels` has shape {given.shape} and {given.dtype} for {votes.n_people} people; give one per person, "
            "a whole number."
        )
    n_groups = number_of_groups(given, votes.n_people)
    table = AnswerTable(votes)
    best = table.held_out(given.astype(np.intp), n_groups)
    return np.where(given[table.people] < 0, -1, best)


def answers_of_groups(votes: Votes, labels: ArrayLike, level: float, *, least_groups: int = 1) -> IndexArray:
    """(n_groups, n_statements, 3) answers, after checking."""
    given = np.asarray(labels)
    if not 0 < level < 1:
        raise InputError(f"`level` is {level}; a level lies between 0 and 1, such as 0.95.")
    if given.ndim != 1 or len(given) not in (votes.n_people, votes.n_votes) or given.dtype.kind not in "iu":
        raise InputError("`labels` must be whole numbers, one per person or one per vote.")
    if votes.n_people == votes.n_votes and (votes.seen_by_person != 1).any():
        raise InputError(
            f"There are {votes.n_people} people and as many votes, so it is unclear what `labels` are of; leave out "
            "people without votes."
        )
    n_groups = number_of_groups(given, votes.n_people)
    table = AnswerTable(votes)
    if len(given) == votes.n_people:
        counts = table.counts(given.astype(np.intp), n_groups)
    else:
        counts = table.counts_of_votes(given.astype(np.int64), n_groups)
    n_with_votes = int((counts.sum(axis=(1, 2)) > 0).sum())
    if n_with_votes < least_groups or n_with_votes == 0:
        raise NotEnoughData(f"{n_with_votes} groups have votes; this needs {max(least_groups, 1)}. Use fewer groups.")
    return counts


def number_of_groups(labels: IndexArray, n_people: int) -> int:
    """One more than the highest label; NotEnoughData without any, InputError where a label is far too high."""
    highest = int(labels.max(initial=-1))
    if highest < 0:
        raise NotEnoughData("Nobody is in a group, so there is nothing to compare. Give labels from 0.")
    if highest >= max(n_people, LABELS_ALWAYS_TAKEN):
        raise InputError(f"`labels` contains {highest} for {n_people} people; number the groups from 0.")
    return highest + 1
