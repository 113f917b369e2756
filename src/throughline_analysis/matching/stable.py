"""Matchings in which no two people would both rather have each other."""

from __future__ import annotations

import heapq

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.matching.optimal import total_of
from throughline_analysis.matching.problem import BoolArray, IntArray, Matching, MentoringWishes


def match_stable(wishes: MentoringWishes) -> Matching:
    """The stable matching that is best for every learner at once.

    No learner and mentor who are not matched would both rather be, and no learner does better in any other stable
    matching. Telling one's true wishes is the best a learner can do.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`; pairs that are not allowed are as if nobody had wished them.

    Returns
    -------
    Matching
        Stable, learner-optimal.

    Notes
    -----
    Learners ask in order of their wishes, mentors keep the best so far. Who is matched at all, and how many learners
    each mentor gets, is the same in every stable matching, so nothing is lost by choosing this one; the total of
    `match_best_total` is at least as high. `fit` plays no part, except in `total`. Cost O(number of wishes *
    log(capacity)).

    Source
    ------
    Gale and Shapley (1962), American Mathematical Monthly 69:9-15, doi:10.2307/2312726. Same people in every stable
    matching: Roth (1986), doi:10.2307/1913160. Truth: Roth (1982), doi:10.1287/moor.7.4.617.

    Examples
    --------
    >>> from throughline_analysis.matching import match_best_total, mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0, 1]], [[1, 0], [0, 1]], capacities=[1, 1])
    >>> match_stable(wishes).mentor_of.tolist()
    [1, 0]
    """
    mentor_of = np.full(wishes.n_learners, -1, dtype=np.int64)
    # A heap of the learners each mentor holds, the least wished on top.
    held: list[list[tuple[int, int]]] = [[] for _ in range(wishes.n_mentors)]
    asks = [_in_order(wishes.learner_ranks[row], wishes.allowed[row]) for row in range(wishes.n_learners)]
    next_ask = [0] * wishes.n_learners
    free = list(range(wishes.n_learners - 1, -1, -1))
    while free:
        learner = free.pop()
        if next_ask[learner] == len(asks[learner]):
            continue
        mentor = asks[learner][next_ask[learner]]
        next_ask[learner] += 1
        entry = (-int(wishes.mentor_ranks[learner, mentor]), learner)
        if len(held[mentor]) < wishes.capacities[mentor]:
            heapq.heappush(held[mentor], entry)
            mentor_of[learner] = mentor
        elif held[mentor] and entry > held[mentor][0]:
            _, released = heapq.heapreplace(held[mentor], entry)
            mentor_of[learner], mentor_of[released] = mentor, -1
            free.append(released)
        else:
            free.append(learner)
    return Matching(mentor_of=mentor_of, total=total_of(wishes, mentor_of), method="stable, best for learners")


def match_stable_for_mentors(wishes: MentoringWishes) -> Matching:
    """The stable matching that is best for the mentors.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`.

    Returns
    -------
    Matching
        Stable, mentor-optimal; worst of the stable ones for every learner.

    Notes
    -----
    Mentors ask in order of their wishes while they have places, learners keep the best. With `match_stable` it spans
    what stability leaves open: where a learner has the same mentor in both, every stable matching has that pair. Cost
    O(number of wishes).

    Source
    ------
    Gale and Shapley (1962), doi:10.2307/2312726; Gusfield and Irving (1989), The Stable Marriage Problem, MIT Press,
    section 1.6.

    Examples
    --------
    >>> from throughline_analysis.matching import match_best_total, mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [1, 0]], [[1, 0], [0, 1]], capacities=[1, 1])
    >>> match_stable(wishes).mentor_of.tolist(), match_stable_for_mentors(wishes).mentor_of.tolist()
    ([0, 1], [1, 0])
    """
    mentor_of = np.full(wishes.n_learners, -1, dtype=np.int64)
    n_held = np.zeros(wishes.n_mentors, dtype=np.int64)
    asks = [_in_order(wishes.mentor_ranks[:, row], wishes.allowed[:, row]) for row in range(wishes.n_mentors)]
    next_ask = [0] * wishes.n_mentors
    free = list(range(wishes.n_mentors - 1, -1, -1))
    while free:
        mentor = free[-1]
        if n_held[mentor] >= wishes.capacities[mentor] or next_ask[mentor] == len(asks[mentor]):
            free.pop()
            continue
        learner = asks[mentor][next_ask[mentor]]
        next_ask[mentor] += 1
        current = int(mentor_of[learner])
        ranks = wishes.learner_ranks[learner]
        if current >= 0 and ranks[current] < ranks[mentor]:
            continue
        mentor_of[learner] = mentor
        n_held[mentor] += 1
        if current >= 0:
            n_held[current] -= 1
            free.append(current)
    return Matching(mentor_of=mentor_of, total=total_of(wishes, mentor_of), method="stable, best for mentors")


def blocking_pairs(wishes: MentoringWishes, matching: Matching) -> list[tuple[int, int]]:
    """Pairs (learner, mentor) that are allowed, not matched, and would both rather be.

    The mentor has a free place or would let somebody go for this learner. Empty for a stable matching.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`.
    matching : Matching
        Of any of the functions, or made by hand.

    Returns
    -------
    list of (int, int)
        By learner, then mentor.

    Raises
    ------
    InputError
        The matching has another number of learners, a pair that is not allowed, or a mentor with too many.

    Notes
    -----
    Cost O(n_learners * n_mentors).

    Examples
    --------
    >>> from throughline_analysis.matching import match_best_total, mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[0, 1], [0]], capacities=[1, 1])
    >>> blocking_pairs(wishes, match_best_total(wishes))
    [(0, 0)]
    """
    require_matching(wishes, matching)
    mentor_of = matching.mentor_of
    has = mentor_of >= 0
    rows = np.arange(wishes.n_learners)
    own = np.where(has, wishes.learner_ranks[rows, np.where(has, mentor_of, 0)] if wishes.n_mentors else 0, np.inf)
    counts = np.bincount(mentor_of[has], minlength=wishes.n_mentors)
    worst = np.full(wishes.n_mentors, -1, dtype=np.float64)
    np.maximum.at(worst, mentor_of[has], wishes.mentor_ranks[rows[has], mentor_of[has]].astype(np.float64))
    worst[counts < wishes.capacities] = np.inf
    wants = wishes.allowed & (wishes.learner_ranks < own[:, None]) & (wishes.mentor_ranks < worst[None, :])
    return [(int(learner), int(mentor)) for learner, mentor in np.argwhere(wants)]


def require_matching(wishes: MentoringWishes, matching: Matching) -> None:
    """Raise InputError unless the matching can be one of these wishes."""
    mentor_of = np.asarray(matching.mentor_of)
    if mentor_of.size and mentor_of.dtype.kind not in "iu":
        raise InputError("The matching must name mentors by whole numbers, -1 for none.")
    if mentor_of.shape != (wishes.n_learners,):
        raise InputError(f"The matching is of {mentor_of.size} learners, the wishes of {wishes.n_learners}.")
    rows = np.flatnonzero(mentor_of >= 0)
    if len(rows) and (mentor_of.max() >= wishes.n_mentors or not wishes.allowed[rows, mentor_of[rows]].all()):
        raise InputError("The matching has a pair that is not allowed.")
    counts = np.bincount(mentor_of[rows], minlength=wishes.n_mentors)
    if (counts > wishes.capacities).any():
        raise InputError(f"Mentor {int(np.argmax(counts > wishes.capacities))} has more learners than places.")


def _in_order(ranks: IntArray, allowed: BoolArray) -> list[int]:
    """Allowed others, best wish first."""
    named = np.flatnonzero(allowed)
    return [int(other) for other in named[np.argsort(ranks[named], kind="stable")]]
