"""The matching with the highest total, and what granting one wish would cost."""

from __future__ import annotations

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.matching.problem import FloatArray, IntArray, Matching, MentoringWishes

# Added to the value of every pair where as many pairs as possible come first: more than all values can differ.
LARGEST_VALUE = 3.0


def match_best_total(wishes: MentoringWishes) -> Matching:
    """Pairs with the highest total value; people may stay unmatched.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`.

    Returns
    -------
    Matching
        Optimal: no other matching has a higher total. Among equal ones the same every time.

    Notes
    -----
    A pair that both wish always has a positive value, but a learner can stay without a mentor where that serves the
    total; `match_most_pairs` puts the number of pairs first. A total weighs one person's wish against another's:
    somebody may lose a mentor who would have preferred them, which `blocking_pairs` shows and `match_stable` avoids.
    Each mentor stands in the assignment once per place. Cost O(n_learners^2 * places) at worst: 1,000 learners with
    500 mentors of two places take about 0.3 s.

    Source
    ------
    Assignment by shortest augmenting paths: Crouse (2016), doi:10.1109/TAES.2016.140952 (scipy's
    linear_sum_assignment).

    Examples
    --------
    Learner 1 has nobody else, so learner 0 gets the second wish.

    >>> from throughline_analysis.matching import mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[0, 1], [0]], capacities=[1, 1])
    >>> match_best_total(wishes).mentor_of.tolist()
    [1, 0]
    """
    return _assigned(wishes, wishes.value, method="highest total of wishes and fit")


def match_most_pairs(wishes: MentoringWishes) -> Matching:
    """As many pairs as possible, and among those the highest total value.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`.

    Returns
    -------
    Matching
        No other matching has more pairs; none with as many has a higher total.

    Notes
    -----
    As `match_best_total`, with a bonus for each pair that outweighs every difference in value.

    Examples
    --------
    >>> from throughline_analysis.matching import mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[0, 1], [0]], capacities=[1, 1])
    >>> match_most_pairs(wishes).n_pairs
    2
    """
    bonus = LARGEST_VALUE * (wishes.n_learners + 1)
    value = np.where(wishes.allowed, wishes.value + bonus, 0.0)
    found = _assigned(wishes, value, method="most pairs, then highest total of wishes and fit")
    return Matching(mentor_of=found.mentor_of, total=total_of(wishes, found.mentor_of), method=found.method)


def cost_of_granting(wishes: MentoringWishes, learner: int, mentor: int) -> float:
    """By how much the highest total falls when this pair is made whatever it costs others.

    Raises InputError when the pair is out of range, not allowed, or the mentor takes nobody.

    Examples
    --------
    >>> from throughline_analysis.matching import mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[0, 1], [0]], capacities=[1, 1])
    >>> round(cost_of_granting(wishes, 0, 0), 2)
    1.6
    """
    require_pair(wishes, learner, mentor)
    if not wishes.allowed[learner, mentor] or wishes.capacities[mentor] == 0:
        raise InputError(f"Learner {learner} and mentor {mentor} may not be matched, so there is no price for it.")
    best = _assigned(wishes, wishes.value, method="").total
    places = wishes.capacities.copy()
    places[mentor] -= 1
    value = wishes.value.copy()
    value[learner] = 0
    rest = _solved(value, places)
    forced = float(wishes.value[learner, mentor]) + _value_sum(value, rest)
    return max(best - forced, 0.0)


def total_of(wishes: MentoringWishes, mentor_of: IntArray) -> float:
    """Sum of the pairs' values."""
    return _value_sum(wishes.value, mentor_of)


def require_pair(wishes: MentoringWishes, learner: int, mentor: int) -> None:
    """Raise InputError unless both are there."""
    if not (0 <= learner < wishes.n_learners and 0 <= mentor < wishes.n_mentors):
        raise InputError(
            f"There is no pair ({learner}, {mentor}): learners are 0 to {wishes.n_learners - 1}, "
            f"mentors 0 to {wishes.n_mentors - 1}."
        )


def _assigned(wishes: MentoringWishes, value: FloatArray, *, method: str) -> Matching:
    mentor_of = _solved(value, wishes.capacities)
    return Matching(mentor_of=mentor_of, total=_value_sum(value, mentor_of), method=method)


def _value_sum(value: FloatArray, mentor_of: IntArray) -> float:
    rows = np.flatnonzero(mentor_of >= 0)
    return float(value[rows, mentor_of[rows]].sum())


def _solved(value: FloatArray, capacities: IntArray) -> IntArray:
    """Assignment of learners to places; a pair without value is nobody."""
    from scipy.optimize import linear_sum_assignment

    n_learners = len(value)
    mentor_of = np.full(n_learners, -1, dtype=np.int64)
    places = np.repeat(np.arange(len(capacities)), np.minimum(capacities, n_learners))
    if not len(places):
        return mentor_of
    rows, columns = linear_sum_assignment(value[:, places], maximize=True)
    mentors = places[columns]
    worth = value[rows, mentors] > 0
    mentor_of[rows[worth]] = mentors[worth]
    return mentor_of
