"""The final gate where groups overlap: filters, a second hierarchy and earlier releases beside the tree.

For every question and person: are other answers still possible in both directions, given everything printed?
First by finding another way of filling in the questionnaires, then by an exact program, else values are hidden until
they are. Values of the tree have passed their own exact gate before and are hidden last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import Atoms, atoms_of
from throughline_analysis.disclosure.programs import QuestionProgram
from throughline_analysis.disclosure.records import MISSING
from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.disclosure.witness import MORE_TRIES, TRIES, Meeting, meeting_of, not_cleared

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BoolArray = NDArray[np.bool_]
# Up to so many people the exact program sees everybody, and both ends of the scale must stay possible. Beyond, it sees
# the people around the person asked about, with all others held at their true answers, which can miss a way but never
# invents one; and on scales of more than two points the answers next to the true one must stay possible.
WHOLE_PROGRAM = 1_500
AROUND = 60
SOME = 200
# In which order values are hidden: ranks of filters, of a second hierarchy, of the tree; never where negative.
FILTER_TIER, SECOND_TIER, TREE_TIER, NEVER = 0, 1, 2, -1
NO_LIMIT = np.int64(2**40)


@dataclass(frozen=True, eq=False)
class Crossing:
    """Everything printed: `memberships` (n_people, n_slots) cell numbers or -1; `sums`, `low`, `high`, `is_shown`
    (n_cells, n_questions); `last` (n_cells,) in which order values are hidden, smallest first, never where negative."""

    memberships: NDArray[np.int32]
    sums: IntArray
    low: IntArray
    high: IntArray
    is_shown: BoolArray
    last: NDArray[np.float64]


def crossing_gate(
    crossing: Crossing, answers: NDArray[np.int8], *, highest: IntArray, rng: np.random.Generator
) -> BoolArray:
    """(n_cells, n_questions): the values that may be printed, a subset of `crossing.is_shown`."""
    n_cells = len(crossing.last)
    meeting = meeting_of(crossing.memberships, n_cells, rng=rng)
    kept = np.array(crossing.is_shown)
    for question in range(kept.shape[1]):
        mine = np.ascontiguousarray(answers[:, question])
        state = _Question(crossing, meeting, question, answers=mine, highest=int(highest[question]))
        kept[:, question] = state.passed()
    return kept


class _Question:
    """One question on its way through the gate."""

    def __init__(
        self,
        crossing: Crossing,
        meeting: Meeting,
        question: int,
        *,
        answers: NDArray[np.int8],
        highest: int,
    ) -> None:
        self.meeting, self.highest, self.last = meeting, highest, crossing.last
        self.shown = np.array(crossing.is_shown[:, question])
        self.answers = answers
        self.reach = highest if len(answers) <= WHOLE_PROGRAM else 1
        self.sums, self.low, self.high = (part[:, question] for part in (crossing.sums, crossing.low, crossing.high))

    def passed(self) -> BoolArray:
        """What may be printed. Hiding never harms anybody, so people once cleared stay cleared."""
        for upwards in (True, False):
            stuck = self._stuck(np.arange(len(self.answers)), upwards=upwards)
            while len(stuck) and len(self.answers) > WHOLE_PROGRAM and self._hide_without_room(stuck):
                stuck = self._stuck(stuck, upwards=upwards)
            stuck = self._stuck(stuck, upwards=upwards, tries=MORE_TRIES)
            while len(stuck):
                stuck = self._after_program(stuck, upwards=upwards)
                if not len(stuck) or not self._hide(stuck):
                    break
                stuck = self._stuck(stuck, upwards=upwards)
        return self.shown

    def _stuck(self, people: IntArray, *, upwards: bool, tries: int = TRIES) -> IntArray:
        up = np.where(self.shown, self.high - self.sums, NO_LIMIT)
        down = np.where(self.shown, self.sums - self.low, NO_LIMIT)
        up, down = np.append(up, NO_LIMIT), np.append(down, NO_LIMIT)
        answers = self.answers
        if not upwards:
            up, down = down, up
            answers = np.where(answers == MISSING, MISSING, self.highest - answers).astype(np.int8)
        return not_cleared(
            self.meeting,
            answers,
            people,
            highest=self.highest,
            room_up=up,
            room_down=down,
            reach=self.reach,
            tries=tries,
        )

    def _after_program(self, stuck: IntArray, *, upwards: bool) -> IntArray:
        """Those the exact program cannot move either, asked group by group of people around them."""
        remaining: list[int] = []
        waiting = stuck
        while len(waiting):
            around = self._around(int(waiting[0]), most=WHOLE_PROGRAM)
            inside = np.isin(waiting, around)
            remaining += self._unreachable(around, waiting[inside], upwards=upwards)
            waiting = waiting[~inside]
        return np.array(remaining, dtype=np.int64)

    def _around(self, person: int, *, most: int | None = None) -> IntArray:
        """People of the smallest group of some size that the person is in; of a larger group than `most` a part, in which
        the person is. Everybody else keeps the true answer, so a way found among a part is a way for all."""
        if len(self.answers) <= WHOLE_PROGRAM:
            return np.arange(len(self.answers))
        mine = self.meeting.slots[person]
        size = np.where(self.meeting.size[mine] >= AROUND, self.meeting.size[mine], NO_LIMIT)
        slot = int(size.argmin())
        cell = int(mine[slot])
        begin, end = self.meeting.begins[slot, cell : cell + 2]
        group = self.meeting.order[slot, begin:end].astype(np.int64)
        if most is None or len(group) <= most:
            return group
        part: IntArray = group.take(np.arange(most) + self.meeting.position[slot, person] - begin, mode="wrap")
        return part

    def _unreachable(self, people: IntArray, asked: IntArray, *, upwards: bool) -> list[int]:
        there = people[self.answers[people] != MISSING]
        slots = np.where(self.meeting.slots[there] < self.meeting.n_cells, self.meeting.slots[there], -1)
        slots = np.where(np.append(self.shown, False)[slots], slots, -1)
        atoms = atoms_of(np.ascontiguousarray(slots))
        cells = np.unique(atoms.slots[atoms.slots >= 0])
        sums = np.bincount(atoms.of_person, weights=self.answers[there], minlength=atoms.n_atoms).astype(np.int64)
        incidence = _incidence(atoms, cells)
        elsewhere = self.sums[cells] - np.rint(incidence @ sums).astype(np.int64)
        n = np.bincount(atoms.of_person, minlength=atoms.n_atoms).astype(np.int64)
        program = QuestionProgram(
            incidence,
            largest=n * self.highest,
            low=self.low[cells] - elsewhere,
            high=self.high[cells] - elsewhere,
        )
        place = {int(person): int(atom) for person, atom in zip(there, atoms.of_person, strict=True)}
        need = np.zeros(atoms.n_atoms, dtype=np.int64)
        goal = np.full_like(n, self.highest)
        if self.reach < self.highest:
            here = sums if upwards else n * self.highest - sums
            goal = np.minimum(here + self.reach, n * self.highest)
        of_asked = [place[int(person)] for person in asked]
        need[of_asked] = goal[of_asked]
        reached = program.can_reach(need, upwards=upwards)
        return [int(person) for person in asked if not reached[place[int(person)]]]

    def _hide_without_room(self, stuck: IntArray) -> bool:
        """In large releases: hide overlapping values that leave those stuck, or the people around, no room."""
        room = np.minimum(self.high - self.sums, self.sums - self.low)
        is_tight = np.append(self.shown & (self.last >= 0) & (self.last < TREE_TIER) & (room < self.reach), False)
        own = self.meeting.slots[stuck]
        blocking = np.unique(own[is_tight[own]])
        if not len(blocking):
            around = np.unique(np.concatenate([self._around(int(person)) for person in stuck[:SOME]]))
            near = self.meeting.slots[around]
            blocking = np.unique(near[is_tight[near]])
        self.shown[blocking] = False
        return len(blocking) > 0

    def _hide(self, stuck: IntArray) -> bool:
        """Hide, for each stuck person, the first value that may go: of the own groups, else of the groups around."""
        may = np.append(self.shown & (self.last >= 0), False)
        rank = np.append(np.where(self.last >= 0, self.last, np.inf), np.inf)
        to_hide: set[int] = set()
        for person in stuck.tolist():
            own = self.meeting.slots[person]
            if to_hide.intersection(own.tolist()):
                continue
            choices = own[may[own]]
            if not len(choices):
                near = np.unique(self.meeting.slots[self._around(person)])
                choices = near[may[near]]
            if len(choices):
                to_hide.add(int(choices[np.argmin(rank[choices])]))
        self.shown[list(to_hide)] = False
        return bool(to_hide)


def _incidence(atoms: Atoms, cells: NDArray[np.int32]) -> csr_array:
    from scipy.sparse import csr_array

    inside = atoms.slots >= 0
    atom = np.repeat(np.arange(atoms.n_atoms), inside.sum(axis=1))
    row = np.searchsorted(cells, atoms.slots[inside])
    return csr_array((np.ones(len(row)), (row, atom)), shape=(len(cells), atoms.n_atoms))
