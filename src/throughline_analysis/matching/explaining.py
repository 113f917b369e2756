"""Why a learner has this mentor and not a more wished one, in reasons a person can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from throughline_analysis.errors import InputError
from throughline_analysis.matching.optimal import cost_of_granting
from throughline_analysis.matching.problem import NO_RANK, Matching, MentoringWishes
from throughline_analysis.matching.stable import require_matching


class Reason(StrEnum):
    """Why a wished mentor was not the one."""

    FORBIDDEN = "forbidden"
    NOT_WISHED_BACK = "not wished back"
    NO_PLACES = "takes nobody"
    PREFERRED_OTHERS = "all places went to learners the mentor prefers"
    SERVES_TOTAL = "the total of all wishes is higher this way"


@dataclass(frozen=True, slots=True)
class Passed:
    """A mentor the learner wished for more. `cost`: what granting it would take from the highest total, None where
    the pair cannot be; `instead`: the learners who have the mentor's places.
    """

    mentor: int
    learner_rank: int
    reason: Reason
    instead: tuple[int, ...]
    cost: float | None


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """A learner's outcome. Ranks count from 1, None where nobody was found; `value` is the pair's part of the total."""

    learner: int
    mentor: int | None
    learner_rank: int | None
    mentor_rank: int | None
    fit: float | None
    value: float
    passed: tuple[Passed, ...]


def explain_match(wishes: MentoringWishes, matching: Matching, learner: int) -> PairExplanation:
    """One learner's mentor with both ranks, and for each more wished mentor the reason and the price.

    Parameters
    ----------
    wishes, matching
        The wishes and what came of them.
    learner : int
        Whose outcome.

    Returns
    -------
    PairExplanation
        `passed` in order of the learner's wishes.

    Raises
    ------
    InputError
        There is no such learner, or the matching is not one of these wishes.

    Notes
    -----
    Reasons name other learners and their mentor's ranking of them: show them to who arranges the matching, not to
    learners. `cost` solves one assignment per passed mentor.

    Examples
    --------
    >>> from throughline_analysis.matching import match_best_total, mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [0]], [[0, 1], [0]], capacities=[1, 1])
    >>> told = explain_match(wishes, match_best_total(wishes), 0)
    >>> told.mentor, told.learner_rank, told.passed[0].reason.value, round(told.passed[0].cost, 2)
    (1, 2, 'the total of all wishes is higher this way', 1.6)
    """
    require_matching(wishes, matching)
    if not 0 <= learner < wishes.n_learners:
        raise InputError(f"There is no learner {learner}; learners are 0 to {wishes.n_learners - 1}.")
    mentor = int(matching.mentor_of[learner])
    ranks = wishes.learner_ranks[learner]
    own = int(ranks[mentor]) if mentor >= 0 else NO_RANK
    wished = sorted((int(rank), other) for other, rank in enumerate(ranks) if rank < own)
    passed = tuple(_passed(wishes, matching, learner, other) for _, other in wished)
    if mentor < 0:
        return PairExplanation(learner, None, None, None, None, 0.0, passed)
    return PairExplanation(
        learner=learner,
        mentor=mentor,
        learner_rank=own + 1,
        mentor_rank=int(wishes.mentor_ranks[learner, mentor]) + 1,
        fit=float(wishes.fit[learner, mentor]),
        value=float(wishes.value[learner, mentor]),
        passed=passed,
    )


def _passed(wishes: MentoringWishes, matching: Matching, learner: int, mentor: int) -> Passed:
    instead = tuple(matching.learners_of(mentor))
    place = int(wishes.mentor_ranks[learner, mentor])
    cost: float | None = None
    if place == NO_RANK:
        reason = Reason.NOT_WISHED_BACK
    elif not wishes.allowed[learner, mentor]:
        reason = Reason.FORBIDDEN
    elif wishes.capacities[mentor] == 0:
        reason = Reason.NO_PLACES
    else:
        cost = cost_of_granting(wishes, learner, mentor)
        is_full = len(instead) == wishes.capacities[mentor]
        preferred = is_full and all(wishes.mentor_ranks[other, mentor] < place for other in instead)
        reason = Reason.PREFERRED_OTHERS if preferred else Reason.SERVES_TOTAL
    return Passed(
        mentor=mentor,
        learner_rank=int(wishes.learner_ranks[learner, mentor]) + 1,
        reason=reason,
        instead=instead,
        cost=cost,
    )
