"""The integer attack: which answers follow, with certainty, from everything printed taken together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.attackers.system import AttackSystem, Roster, attack_system
from throughline_analysis.disclosure.programs import QuestionProgram
from throughline_analysis.disclosure.records import MISSING
from throughline_analysis.disclosure.release import Release
from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class IntegerAttack:
    """What follows from a release about each person's answer to each question.

    `is_certain` (n_people, n_questions): only one answer remains possible, `answer` says which (-1 elsewhere).
    `is_one_sided`: the highest or the lowest answer is excluded, certain answers included. `n` people looked at.
    What the attacker knew beforehand is not counted.
    """

    is_certain: BoolArray
    is_one_sided: BoolArray
    answer: IntArray
    n: int
    method: str = "mixed-integer feasibility (HiGHS)"

    @property
    def n_certain(self) -> int:
        """Number of answers known for certain."""
        return int(self.is_certain.sum())


def attack_integer(
    release: Release, roster: Roster | None = None, *, questions: Sequence[int] | None = None
) -> IntegerAttack:
    """Answers that only one way of filling in the questionnaires allows.

    Parameters
    ----------
    release : Release
        What is published.
    roster : Roster, optional
        Who is where, for an attacker who knows everybody, and what they answered as far as the attacker knows. Without
        it only the tree cells are used, and people are the nameless members of each remainder.
    questions : sequence of int, optional
        Columns to attack; all unless given. The others are reported as not certain.

    Returns
    -------
    IntegerAttack
        The answers found.

    Raises
    ------
    InputError
        Roster and release do not belong together, or there is no such question.

    Notes
    -----
    Variables are the sums of answers of the atoms, people told apart by no published cell. One program asks for as
    many atoms as possible at once to leave the extreme; those that never can, even alone, are certain. Exact, and
    therefore for releases of some thousand people at most. Cost: some programs a question, one per round.

    Source
    ------
    The attacker's problem of Fischetti and Salazar (2001), doi:10.1287/mnsc.47.7.1008.9805, for all people at once;
    HiGHS: Huangfu and Hall (2018), doi:10.1007/s12532-017-0130-5.

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 6 + [2] * 7, answers=[[1]] * 6 + [[0]] * 7, points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> attack_integer(release, roster_of(records)).n_certain
    0
    """
    system = attack_system(release, roster)
    n_questions = len(system.points)
    columns = range(n_questions) if questions is None else questions
    if any(not 0 <= question < n_questions for question in columns):
        raise InputError(f"`questions` names a column outside 0 to {n_questions - 1}.")
    shape = (len(system.people), n_questions)
    certain, one_sided = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    answer = np.full(shape, -1, dtype=np.int64)
    for question in columns:
        found = attack_question(system, question)
        certain[:, question], one_sided[:, question] = found.is_certain, found.is_one_sided
        answer[:, question] = found.answer
    person = system.atom_of_person
    is_new = np.ones((len(person), 1), dtype=np.bool_)
    if roster is not None and roster.known is not None:
        is_new = roster.known == MISSING
    answers = np.where(is_new & certain[person], answer[person], MISSING)
    return IntegerAttack(certain[person] & is_new, one_sided[person] & is_new, answers, n=len(person))


@dataclass(frozen=True, eq=False)
class QuestionAttack:
    """The same for one question; arrays are (n_atoms,)."""

    is_certain: BoolArray
    is_one_sided: BoolArray
    answer: IntArray


def attack_question(system: AttackSystem, question: int) -> QuestionAttack:
    """Attack one question of a system."""
    n = system.n[:, question]
    highest = int(system.points[question]) - 1
    shown = np.flatnonzero(system.is_shown[:, question])
    program = QuestionProgram(
        system.incidence[shown],
        largest=n * highest,
        low=system.low[shown, question],
        high=system.high[shown, question],
    )
    one, all_of_it = np.ones_like(n), np.full_like(n, highest)
    all_lowest = (n > 0) & ~program.can_reach(one, upwards=True)
    all_highest = (n > 0) & ~program.can_reach(one, upwards=False)
    certain = all_lowest | all_highest
    answer = np.where(all_lowest, 0, np.where(all_highest, highest, -1))
    one_sided = np.array(certain)
    if highest > 1:
        one_sided |= (n > 0) & ~program.can_reach(all_of_it, upwards=True)
        one_sided |= (n > 0) & ~program.can_reach(all_of_it, upwards=False)
        # Somebody who stands alone is also known where the sum is fixed in between.
        found = program.possible_sums()
        alone = (n == 1) & ~certain
        fixed = alone & ~program.can_reach(np.where(alone, found + 1, 0), upwards=True)
        fixed &= ~program.can_reach(np.where(alone, highest - found + 1, 0), upwards=False)
        certain |= fixed
        answer = np.where(fixed, found, answer)
    return QuestionAttack(is_certain=certain, is_one_sided=one_sided | certain, answer=answer)
