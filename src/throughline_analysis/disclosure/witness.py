"""Other ways of filling in the questionnaires that agree with what is printed: one is enough to clear a person.

The true answers are one way. From them, a person's answer is moved to the other end, and, where a printed value would
change, moved back in somebody else who is in the same group. Whoever can be moved in both directions is cleared;
for the few who remain the exact program is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.records import MISSING
from throughline_analysis.disclosure.tree import IntArray

BoolArray = NDArray[np.bool_]
# How many others are tried as a counterweight, in the smallest group that has no room: at first, and for those few
# who are left. For speed only.
TRIES, MORE_TRIES = 40, 800


@dataclass(frozen=True, eq=False)
class Meeting:
    """People and the cells they are in: `slots` (n_people, n_slots) cell numbers, `n_cells` where there is none.

    `order`, `begins`, `position`: for each slot, people sorted by cell, where each cell begins (n_cells + 2,), and the
    place of every person in that order.
    """

    slots: NDArray[np.int32]
    n_cells: int
    size: IntArray
    order: NDArray[np.int32]
    begins: IntArray
    position: NDArray[np.int32]


def meeting_of(memberships: NDArray[np.int32], n_cells: int, *, rng: np.random.Generator) -> Meeting:
    """Prepare the search; people of one cell stand in random order, so that neighbours are random partners."""
    slots = np.where(memberships < 0, n_cells, memberships).astype(np.int32)
    n_people, n_slots = slots.shape
    shuffled = rng.permutation(n_people)
    order = np.empty((n_slots, n_people), dtype=np.int32)
    position = np.empty((n_slots, n_people), dtype=np.int32)
    begins = np.empty((n_slots, n_cells + 2), dtype=np.int64)
    size = np.zeros(n_cells + 1, dtype=np.int64)
    for slot in range(n_slots):
        column = slots[shuffled, slot]
        order[slot] = shuffled[np.argsort(column, kind="stable")]
        position[slot, order[slot]] = np.arange(n_people)
        begins[slot] = np.searchsorted(slots[order[slot], slot], np.arange(n_cells + 2))
        size += np.bincount(column, minlength=n_cells + 1)
    size[n_cells] = n_people + 1
    return Meeting(slots=slots, n_cells=n_cells, size=size, order=order, begins=begins, position=position)


def not_cleared(
    meeting: Meeting,
    answers: NDArray[np.int8],
    people: IntArray,
    *,
    highest: int,
    room_up: IntArray,
    room_down: IntArray,
    reach: int,
    tries: int = TRIES,
) -> IntArray:
    """Those of `people` for whom no simple change was found that raises their answer by `reach`, or to `highest`.

    `answers` (n_people,), -1 where missing; `room_up`, `room_down` (n_cells + 1,): by how much the sum of each cell
    may rise and fall, large where nothing is printed. Turn answers and rooms round to ask for the lowest.
    """
    need = np.where(answers == MISSING, 0, np.minimum(highest - answers.astype(np.int64), reach))
    open_people = people[need[people] > 0]
    tight = room_up[meeting.slots[open_people]] < need[open_people, None]
    stuck = tight.any(axis=1)
    open_people, tight = open_people[stuck], tight[stuck]
    if not len(open_people):
        return open_people
    sizes = np.where(tight, meeting.size[meeting.slots[open_people]], np.iinfo(np.int64).max)
    slot = sizes.argmin(axis=1)
    missing = need[open_people]
    for attempt in range(1, tries + 1):
        missing = missing - _help(
            meeting,
            open_people,
            slot,
            attempt=attempt,
            answers=answers,
            need=need,
            rooms=(room_up, room_down),
        )
        open_people, slot, missing = (part[missing > 0] for part in (open_people, slot, missing))
        if not len(open_people):
            break
    return open_people


def _help(
    meeting: Meeting,
    people: IntArray,
    slot: IntArray,
    *,
    attempt: int,
    answers: NDArray[np.int8],
    need: IntArray,
    rooms: tuple[IntArray, IntArray],
) -> IntArray:
    """By how much the person `attempt` places further in the same cell can fall while this person rises.

    Several others may share in it. Cells that hold only one of the two must have room for all that is needed, and so
    have room for whatever part each of them takes.
    """
    cell = meeting.slots[people, slot]
    begin = meeting.begins[slot, cell]
    size = meeting.size[cell]
    partner = meeting.order[slot, begin + (meeting.position[slot, people] - begin + attempt) % size]
    rise = need[people]
    rows = np.flatnonzero((answers[partner] > 0) & (attempt < size))
    mine, theirs = meeting.slots[people[rows]], meeting.slots[partner[rows]]
    up, down = rooms
    fits = (mine == theirs) | ((up[mine] >= rise[rows, None]) & (down[theirs] >= rise[rows, None]))
    help_given = np.zeros(len(people), dtype=np.int64)
    help_given[rows] = np.where(fits.all(axis=1), answers[partner[rows]], 0)
    return help_given
