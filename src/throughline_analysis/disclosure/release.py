"""What is published: one immutable object, from which every page, export and chart reads, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import Cells
from throughline_analysis.disclosure.coding import HIDDEN, Limits, limits_of, words_of
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError


class Style(StrEnum):
    """How values are printed: in classes (thirds and 5 % steps), or, in the weak rules of studies only, exactly."""

    CLASSES = "classes"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class ShownComments:
    """Texts on one question from one unit, in alphabetical order, so that their order says nothing."""

    unit: int
    question: int
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Release:
    """Everything that is published of a survey, and what everybody knows anyway (the trees, the questions). Read-only.

    `parents`, `second_parents`: the trees. `points` (n_questions,): possible answers. `cells`: the groups, with the
    number of people. `codes` (n_cells, n_questions): what is printed, as in `throughline_analysis.disclosure.coding`, -1
    where nothing is; in the style "exact" the sum of the answers instead. `comments` of this release alone; what an
    earlier one has listed is not listed again.
    """

    parents: IntArray
    second_parents: IntArray | None
    points: IntArray
    cells: Cells
    codes: IntArray
    comments: tuple[ShownComments, ...]
    rules: ReleaseRules
    style: Style = Style.CLASSES

    def __post_init__(self) -> None:
        for name in ("parents", "second_parents", "points", "codes"):
            array = getattr(self, name)
            if array is not None:
                sealed = np.array(array)
                sealed.setflags(write=False)
                object.__setattr__(self, name, sealed)

    @property
    def is_shown(self) -> NDArray[np.bool_]:
        """(n_cells, n_questions): where a value is printed."""
        return np.asarray(self.codes != HIDDEN, dtype=np.bool_)

    def limits(self, n: IntArray | None = None) -> Limits:
        """Least and largest sum of answers that each printed value allows.

        `n` (n_cells, n_questions): people who answered, where it is known that some did not; without it everybody is
        taken to have answered. Raises InputError where a printed value shows that this is not so.
        """
        people = self.cells.n[:, None] if n is None else n
        if self.style == Style.CLASSES:
            return limits_of(self.codes, people, points=self.points, rules=self.rules)
        largest = np.broadcast_to(people * (self.points - 1), self.codes.shape)
        hidden = self.codes == HIDDEN
        return Limits(low=np.where(hidden, 0, self.codes), high=np.where(hidden, largest, self.codes))

    def row_of(self, unit: int, *, attribute: int = -1, value: int = -1, hierarchy: int = 0) -> int:
        """Row of a group; raises InputError where it is not shown."""
        found = np.flatnonzero(
            (self.cells.unit == unit)
            & (self.cells.attribute == attribute)
            & (self.cells.value == value)
            & (self.cells.hierarchy == hierarchy)
        )
        if not len(found):
            raise InputError(f"Unit {unit} is not shown in this release, or not with that filter.")
        return int(found[0])

    def words(self, row: int, question: int) -> str:
        """A printed value in words, such as "35 %", "upper third" or "not shown"."""
        code = int(self.codes[row, question])
        return words_of(code) if self.style == Style.CLASSES else str(code)
