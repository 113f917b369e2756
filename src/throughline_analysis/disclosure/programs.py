"""Whole-number programs about one question: can the sum of a group be this large, given what is printed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError

if TYPE_CHECKING:
    from scipy.optimize import Bounds
    from scipy.sparse import csr_array

BoolArray = NDArray[np.bool_]
# Sums are whole numbers of at most some ten thousands, so half a unit separates them from rounding.
NEAR_WHOLE = 1e-4
# Rounds of pushing many at once, and how many are few enough to be asked about one by one; for speed only.
ROUNDS = 4
FEW = 3
# Any way is as good as another, so the search for the best one stops early.
GOOD_ENOUGH = 0.2
INFEASIBLE = 2


class QuestionProgram:
    """The printed values of one question as inequalities between sums of answers of atoms.

    `incidence` (n_cells, n_atoms) of 0 and 1; `largest` (n_atoms,) largest possible sums; `low`, `high` (n_cells,).
    """

    def __init__(self, incidence: csr_array, *, largest: IntArray, low: IntArray, high: IntArray) -> None:
        self.incidence = incidence
        self.largest = largest
        self.low, self.high = low, high
        self.total = np.asarray(np.rint(incidence @ largest), dtype=np.int64)

    def possible_sums(self) -> IntArray:
        """Sums of the atoms in one way of filling in the questionnaires that agrees with everything printed."""
        sums = self._solved(np.zeros(len(self.largest)), lowest=np.zeros_like(self.largest), upwards=True)
        if sums is None:
            raise InputError("No answers agree with what is printed; check that roster and release belong together.")
        return sums

    def can_reach(self, need: IntArray, *, upwards: bool) -> BoolArray:
        """Atoms whose sum can be at least `need` (upwards), or at most `need` below its largest.

        First some programs that push many waiting atoms at once; then each one left is asked about alone, exactly.
        """
        reached = np.asarray(need <= 0)
        possible = need <= self.largest
        rng = np.random.default_rng(0)
        for _ in range(ROUNDS):
            waiting = np.flatnonzero(~reached & possible)
            if len(waiting) <= FEW:
                break
            sums = self._pushed(waiting, need[waiting], weights=rng.random(len(waiting)), upwards=upwards)
            reached[waiting] |= sums[waiting] >= need[waiting]
        for atom in np.flatnonzero(~reached & possible).tolist():
            if reached[atom]:
                continue
            lowest = np.zeros_like(self.largest)
            lowest[atom] = need[atom]
            alone = self._solved(np.zeros(len(self.largest)), lowest=lowest, upwards=upwards)
            if alone is not None:
                reached |= possible & (alone >= need)
        return reached

    def _pushed(self, waiting: IntArray, need: IntArray, *, weights: NDArray[np.float64], upwards: bool) -> IntArray:
        """One way in which many of the waiting atoms come as far as they need, not further."""
        from scipy.optimize import Bounds
        from scipy.sparse import block_array, csr_array, eye_array

        n_atoms, n_waiting = len(self.largest), len(waiting)
        pick = csr_array((np.ones(n_waiting), (np.arange(n_waiting), waiting)), shape=(n_waiting, n_atoms))
        low, high = self._printed(upwards)
        sums = _milp(
            np.append(np.zeros(n_atoms), -(0.5 + weights) / need),
            integrality=np.append(np.ones(n_atoms, dtype=np.int64), np.zeros(n_waiting, dtype=np.int64)),
            bounds=Bounds(0, np.append(self.largest, need)),
            rows=block_array([[self.incidence, None], [pick, csr_array(-eye_array(n_waiting))]]),
            low=np.append(low, np.zeros(n_waiting)).astype(np.float64),
            high=np.append(high, np.full(n_waiting, np.inf)),
        )
        if sums is None:
            raise InputError("No answers agree with what is printed; check that roster and release belong together.")
        return self._checked(sums[:n_atoms], low, high)

    def _solved(self, costs: NDArray[np.float64], *, lowest: IntArray, upwards: bool) -> IntArray | None:
        from scipy.optimize import Bounds

        low, high = self._printed(upwards)
        bounds = Bounds(lowest, self.largest)
        sums = _milp(
            costs,
            integrality=np.ones(len(costs), dtype=np.int64),
            bounds=bounds,
            rows=self.incidence,
            low=low,
            high=high,
        )
        return None if sums is None else self._checked(sums, low, high)

    def _printed(self, upwards: bool) -> tuple[IntArray, IntArray]:
        return (self.low, self.high) if upwards else (self.total - self.high, self.total - self.low)

    def _checked(self, solution: NDArray[np.float64], low: IntArray, high: IntArray) -> IntArray:
        sums = np.rint(solution)
        totals = self.incidence @ sums
        if (totals < low - NEAR_WHOLE).any() or (totals > high + NEAR_WHOLE).any():
            raise InputError("The solver's answer does not keep to what is printed; report this with the input.")
        return np.asarray(sums, dtype=np.int64)


def _milp(
    costs: NDArray[np.float64],
    *,
    integrality: IntArray,
    bounds: Bounds,
    rows: csr_array,
    low: NDArray[np.floating] | IntArray,
    high: NDArray[np.floating] | IntArray,
) -> NDArray[np.float64] | None:
    """A good solution, not the best one; None only where there is none at all."""
    from scipy.optimize import LinearConstraint, milp

    constraints = LinearConstraint(rows, low, high) if rows.shape[0] else None
    solution = milp(
        c=costs, integrality=integrality, bounds=bounds, constraints=constraints, options={"mip_rel_gap": GOOD_ENOUGH}
    )
    if solution.x is None and solution.status != INFEASIBLE:
        raise InputError(f"The solver stopped without an answer ({solution.message}); report this with the input.")
    return None if solution.x is None else np.asarray(solution.x)
