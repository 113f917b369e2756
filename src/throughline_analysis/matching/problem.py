"""Who may be matched with whom, and how much both sides want it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
NO_RANK = np.iinfo(np.int64).max
# The value of a wish falls with its rank: 1 for the first, this part of it for the next, and so on. Half and double
# the fall give the same pairs wherever no side has to give way by two places for the other to gain one.
RANK_FALL = 0.8


@dataclass(frozen=True, eq=False)
class MentoringWishes:
    """Checked, read-only wishes; make one with `mentoring_wishes`.

    `learner_ranks`: (n_learners, n_mentors), place of the mentor among the learner's wishes, from 0, `NO_RANK` where
    not wished; `mentor_ranks`: the same shape, place of the learner among the mentor's wishes; `fit`: how well they
    suit each other; `allowed`: pairs that may be; `capacities`: (n_mentors,) learners a mentor takes at most.
    """

    learner_ranks: IntArray
    mentor_ranks: IntArray
    fit: FloatArray
    allowed: BoolArray
    capacities: IntArray

    @property
    def n_learners(self) -> int:
        """Number of learners."""
        return len(self.allowed)

    @property
    def n_mentors(self) -> int:
        """Number of mentors."""
        return len(self.capacities)

    @property
    def value(self) -> FloatArray:
        """(n_learners, n_mentors): what a pair is worth to the total; zero where not allowed."""
        wished = _rank_value(self.learner_ranks) + _rank_value(self.mentor_ranks)
        return np.where(self.allowed, wished + self.fit, 0.0)


@dataclass(frozen=True, eq=False)
class Matching:
    """`mentor_of`: (n_learners,) the learner's mentor, -1 for none; `total`: sum of the pairs' values; `method`."""

    mentor_of: IntArray
    total: float
    method: str

    @property
    def n_pairs(self) -> int:
        """Learners with a mentor."""
        return int(np.count_nonzero(self.mentor_of >= 0))

    def learners_of(self, mentor: int) -> list[int]:
        """The learners of a mentor, ascending."""
        return [int(row) for row in np.flatnonzero(self.mentor_of == mentor)]


def mentoring_wishes(
    learner_wishes: Sequence[Sequence[int]],
    mentor_wishes: Sequence[Sequence[int]],
    *,
    capacities: ArrayLike,
    must_not: Iterable[tuple[int, int]] = (),
    fit: ArrayLike | None = None,
) -> MentoringWishes:
    """Wishes of both sides, checked once so that every matching of them has an answer.

    Parameters
    ----------
    learner_wishes : (n_learners,) of sequences of int
        For each learner the mentors wished for, best first; a mentor not named is not wanted.
    mentor_wishes : (n_mentors,) of sequences of int
        For each mentor the learners wished for, best first; a learner not named is not wanted. A mentor who would
        take anybody names all.
    capacities : (n_mentors,) of int, from 0 on
        How many learners each mentor takes at most.
    must_not : pairs (learner, mentor)
        May never be matched, for example a report and the person reported to.
    fit : (n_learners, n_mentors) of float in [0, 1], optional
        How well skills wanted and offered suit each other; 0 unless given. Decides between equal wishes, and adds
        to the value of a pair.

    Returns
    -------
    MentoringWishes
        Own, read-only copies. A pair is allowed when both sides wish it and nothing forbids it.

    Raises
    ------
    InputError
        A number is out of range, a wish is named twice, or shapes differ.

    Notes
    -----
    The value of a pair is 0.8^rank of either side's wish, ranks from 0, plus the fit: from 0 to 3. Cost
    O(n_learners * n_mentors).

    Examples
    --------
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[1, 0], [0]], capacities=[1, 1])
    >>> wishes.value.round(2).tolist()
    [[1.8, 1.8], [2.0, 0.0]]
    """
    n_learners, n_mentors = len(learner_wishes), len(mentor_wishes)
    by_learner = _ranks(learner_wishes, n_mentors, who="learner", whom="mentor")
    by_mentor = _ranks(mentor_wishes, n_learners, who="mentor", whom="learner").T.copy()
    places = np.array(capacities)
    if places.shape != (n_mentors,) or (places.size and places.dtype.kind not in "iu"):
        raise InputError(f"`capacities` must be {n_mentors} whole numbers, one per mentor.")
    if places.size and places.min() < 0:
        raise InputError(f"Mentor {int(places.argmin())} has a capacity below zero; give 0 for nobody.")
    allowed = (by_learner < NO_RANK) & (by_mentor < NO_RANK)
    for learner, mentor in must_not:
        are_numbers = all(isinstance(one, int | np.integer) for one in (learner, mentor))
        if not (are_numbers and 0 <= learner < n_learners and 0 <= mentor < n_mentors):
            raise InputError(f"`must_not` names the pair ({learner}, {mentor}), which is out of range.")
        allowed[learner, mentor] = False
    suits = np.zeros((n_learners, n_mentors)) if fit is None else np.array(fit, dtype=np.float64)
    if suits.shape != (n_learners, n_mentors):
        raise InputError(f"`fit` has shape {suits.shape}; give {n_learners} rows of {n_mentors}.")
    if suits.size and not ((suits >= 0) & (suits <= 1)).all():
        raise InputError("`fit` must be between 0 and 1 for every pair.")
    whole = places.astype(np.int64)
    for array in (by_learner, by_mentor, suits, allowed, whole):
        array.setflags(write=False)
    return MentoringWishes(
        learner_ranks=by_learner, mentor_ranks=by_mentor, fit=suits, allowed=allowed, capacities=whole
    )


def _ranks(wishes: Sequence[Sequence[int]], n_others: int, *, who: str, whom: str) -> IntArray:
    ranks = np.full((len(wishes), n_others), NO_RANK, dtype=np.int64)
    for row, named in enumerate(wishes):
        for place, other in enumerate(named):
            if not isinstance(other, int | np.integer):
                raise InputError(f"The {who} {row} wishes for {whom} {other!r}; name {whom}s by whole numbers.")
            if not 0 <= other < n_others:
                raise InputError(f"The {who} {row} wishes for {whom} {other}; there are {n_others}, numbered from 0.")
            if ranks[row, other] < NO_RANK:
                raise InputError(f"The {who} {row} names {whom} {other} twice; keep the better place.")
            ranks[row, other] = place
    return ranks


def _rank_value(ranks: IntArray) -> FloatArray:
    # Beyond a hundred places the value is nothing anyway; the cap keeps the power finite.
    return np.where(ranks < NO_RANK, RANK_FALL ** np.minimum(ranks, 1000).astype(np.float64), 0.0)
