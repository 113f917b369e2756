"""What decides when all is done: the critical path, and the slack of every other step."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.levels import (
    BoolArray,
    FloatArray,
    GoalCycle,
    IndexArray,
    Levels,
    around,
    grouped,
    levels_of,
)

# Slack below this part of the whole duration is rounding, not room.
NO_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Schedule:
    """The plan when every step takes exactly as long as said; each array (n_steps,).

    `earliest_start` to `earliest_finish`, and `latest_start` to `latest_finish` without delaying the end; `slack` is
    the room between the two, `free_slack` the room before any later step moves. `path` is one longest chain, first to
    last. `is_critical` marks steps without slack, also those of other longest chains.
    """

    duration: float
    earliest_start: FloatArray
    earliest_finish: FloatArray
    latest_start: FloatArray
    latest_finish: FloatArray
    slack: FloatArray
    free_slack: FloatArray
    is_critical: BoolArray
    path: tuple[int, ...]


def critical_path(durations: ArrayLike, before: ArrayLike, after: ArrayLike) -> Schedule:
    """Longest chain of steps that wait for each other, and the slack of all others.

    Parameters
    ----------
    durations : (n_steps,) of float, at least 0
        In any one unit of time.
    before, after : (n_dependencies,) of int
        Step `after` begins when step `before` is done.

    Returns
    -------
    Schedule

    Raises
    ------
    InputError
        Shapes differ, a duration is negative or missing, or a step is unknown.
    GoalCycle
        Steps wait for each other in a circle; `nodes` names one, each step before the one that waits for it. (An
        InputError.)

    Notes
    -----
    Forward and backward pass of the critical path method. Nothing limits how many steps run at once; see
    `capacity_contention` for that. Cost O(n_steps + n_dependencies).

    Source
    ------
    Kelley and Walker (1959), Proceedings of the Eastern Joint Computer Conference 160-173,
    doi:10.1145/1460299.1460318.

    Examples
    --------
    >>> plan = critical_path([3, 2, 5, 1], [0, 0, 1, 2], [1, 2, 3, 3])
    >>> plan.duration, plan.path, plan.slack.tolist()
    (9.0, (0, 2, 3), [0.0, 3.0, 0.0, 0.0])
    """
    duration = np.array(durations, dtype=np.float64)
    if duration.ndim != 1 or not ((duration >= 0) & np.isfinite(duration)).all():
        raise InputError("`durations` must be one row of numbers from 0 on, one per step.")
    if not len(duration):
        raise InputError("There is no step; give at least one.")
    network = StepNetwork.of(before, after, n_steps=len(duration))
    finish = network.finishes(duration[:, None])[:, 0]
    whole = float(finish.max())
    latest = network.latest_finishes(duration[:, None], np.array([whole]))[:, 0]
    slack = latest - finish
    slack[slack <= NO_SLACK * whole] = 0.0
    start = finish - duration
    next_start = np.full(len(duration), whole)
    np.minimum.at(next_start, network.before, start[network.after])
    free = np.maximum(next_start - finish, 0.0)
    free[free <= NO_SLACK * whole] = 0.0
    return Schedule(
        duration=whole,
        earliest_start=start,
        earliest_finish=finish,
        latest_start=latest - duration,
        latest_finish=latest,
        slack=slack,
        free_slack=free,
        is_critical=slack == 0,
        path=network.longest_chain(finish),
    )


@dataclass(frozen=True, eq=False)
class StepNetwork:
    """Dependencies sorted by the later step, and the order of calculation. Internal to `networks`."""

    before: IndexArray
    after: IndexArray
    levels: Levels

    @classmethod
    def of(cls, before: ArrayLike, after: ArrayLike, *, n_steps: int) -> StepNetwork:
        columns = []
        for given in (np.array(before), np.array(after)):
            numbers = given.astype(np.intp) if given.size == 0 else given
            if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
                raise InputError("`before` and `after` must be rows of step numbers.")
            if len(numbers) and (numbers.min() < 0 or numbers.max() >= n_steps):
                raise InputError(f"A dependency names a step outside 0 to {n_steps - 1}.")
            columns.append(numbers.astype(np.intp))
        first, later = columns
        if len(first) != len(later):
            raise InputError("Give one earlier and one later step per dependency.")
        order = grouped(later, n_steps).order
        first, later = first[order], later[order]
        # In the words of the plan: a later step is the parent of what it waits for.
        try:
            levels = levels_of(later, first, contributing=np.arange(len(first), dtype=np.intp), n_nodes=n_steps)
        except GoalCycle as error:
            nodes = (error.nodes[0], *reversed(error.nodes[1:]))
            sentence = f"Steps wait for each other in a circle: {around(nodes)}. Remove one of these dependencies."
            raise GoalCycle(nodes, sentence) from error
        return cls(first, later, levels)

    def finishes(self, durations: FloatArray) -> FloatArray:
        """Earliest finish of each step, (n_steps, n_courses)."""
        finish = durations.copy()
        for steps, waits, cuts in self._by_level():
            finish[steps] += np.maximum.reduceat(finish[waits], cuts, axis=0)
        return finish

    def latest_finishes(self, durations: FloatArray, ends: FloatArray) -> FloatArray:
        """Latest finish of each step that keeps the end, (n_steps, n_courses)."""
        latest = np.repeat(ends[None, :], len(durations), axis=0)
        for steps, waits, cuts in reversed(list(self._by_level())):
            counts = np.diff(np.append(cuts, len(waits)))
            starts = np.repeat(latest[steps] - durations[steps], counts, axis=0)
            np.minimum.at(latest, waits, starts)
        return latest

    def longest_chain(self, finish: FloatArray) -> tuple[int, ...]:
        """One chain of steps without slack, each beginning when the one before is done."""
        # Steps that take no time may follow the first that is done last: they belong to the chain.
        is_last = finish == finish.max()
        is_last[self.before] = False
        chain = [int(np.flatnonzero(is_last)[0])]
        while True:
            low, high = np.searchsorted(self.after, [chain[-1], chain[-1] + 1])
            if low == high:
                return tuple(reversed(chain))
            waits = self.before[low:high]
            chain.append(int(waits[np.argmax(finish[waits])]))

    def _by_level(self) -> list[tuple[IndexArray, IndexArray, IndexArray]]:
        levels, found = self.levels, []
        for low, high in itertools.pairwise(levels.node_bounds[1:].tolist()):
            first, last = int(levels.firsts[low]), int(levels.firsts[high])
            waits = levels.order[levels.child_positions[first:last]]
            found.append((levels.order[low:high], waits, levels.firsts[low:high] - first))
        return found
