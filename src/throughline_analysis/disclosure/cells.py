"""The groups a release speaks of, and which people belong to which of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.tree import IntArray, UnitTree

NO_ATTRIBUTE = -1
FIRST, SECOND = 0, 1


@dataclass(frozen=True, eq=False)
class Cells:
    """Groups, one per row, always in the order hierarchy, attribute, unit, value.

    `hierarchy` 0 for the tree of units, 1 for the second hierarchy; `unit` its unit number; `attribute` and `value`
    the single filter, -1 and -1 for the whole unit; `n` people. Own, read-only copies.
    """

    hierarchy: IntArray
    unit: IntArray
    attribute: IntArray
    value: IntArray
    n: IntArray

    def __post_init__(self) -> None:
        for name in ("hierarchy", "unit", "attribute", "value", "n"):
            sealed = np.array(getattr(self, name))
            sealed.setflags(write=False)
            object.__setattr__(self, name, sealed)

    @property
    def n_cells(self) -> int:
        """Number of groups."""
        return len(self.n)

    @property
    def is_tree(self) -> NDArray[np.bool_]:
        """True for whole units of the first hierarchy."""
        return np.asarray((self.hierarchy == FIRST) & (self.attribute == NO_ATTRIBUTE), dtype=np.bool_)

    def chosen(self, which: NDArray[np.bool_]) -> Cells:
        """Only the marked rows."""
        return Cells(
            hierarchy=self.hierarchy[which],
            unit=self.unit[which],
            attribute=self.attribute[which],
            value=self.value[which],
            n=self.n[which],
        )


@dataclass(frozen=True, eq=False)
class Places:
    """Where each person stands: `unit` in `tree`, `attributes`, and `second_unit` in `second_tree` if there is one."""

    tree: UnitTree
    unit: IntArray
    attributes: NDArray[np.int32]
    second_tree: UnitTree | None = None
    second_unit: IntArray | None = None


def unit_cells(units: IntArray, n: IntArray, *, hierarchy: int = FIRST) -> Cells:
    """Cells of whole units; `n` is indexed by unit number."""
    rows = np.sort(np.asarray(units, dtype=np.int64))
    none = np.full(len(rows), NO_ATTRIBUTE, dtype=np.int64)
    return Cells(hierarchy=np.full(len(rows), hierarchy), unit=rows, attribute=none, value=none.copy(), n=n[rows])


def joined_cells(parts: list[Cells]) -> Cells:
    """Several lists of cells as one, in the fixed order, which says nothing about answers or about who came when."""
    columns = [
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("hierarchy", "unit", "attribute", "value", "n")
    ]
    hierarchy, unit, attribute, value, n = columns
    order = np.lexsort((value, unit, attribute, hierarchy))
    return Cells(hierarchy[order], unit[order], attribute[order], value[order], n[order])


def memberships(cells: Cells, places: Places) -> NDArray[np.int32]:
    """(n_people, n_slots) cell numbers of every person, -1 where a slot has none.

    A slot is a level of a hierarchy, with or without one attribute. Two people are in the same cell of a slot
    exactly when their numbers there are equal and not -1.
    """
    slots: list[NDArray[np.int32]] = []
    numbers = np.arange(cells.n_cells)
    paths = places.tree.paths()[places.unit]
    for attribute in range(NO_ATTRIBUTE, places.attributes.shape[1]):
        mine = (cells.hierarchy == FIRST) & (cells.attribute == attribute)
        if not mine.any():
            continue
        said = None if attribute == NO_ATTRIBUTE else places.attributes[:, attribute]
        slots += _slots(cells.unit[mine], cells.value[mine], numbers[mine], paths=paths, said=said)
    second = cells.hierarchy == SECOND
    if second.any() and places.second_tree is not None and places.second_unit is not None:
        paths = places.second_tree.paths()[places.second_unit]
        slots += _slots(cells.unit[second], cells.value[second], numbers[second], paths=paths, said=None)
    if not slots:
        return np.full((len(places.unit), 1), -1, dtype=np.int32)
    return np.stack(slots, axis=1)


def _slots(
    units: IntArray, values: IntArray, numbers: IntArray, *, paths: IntArray, said: NDArray[np.int32] | None
) -> list[NDArray[np.int32]]:
    """One slot per level of the paths that meets at least one of the cells."""
    n_values = 1 if said is None else max(int(values.max()), int(said.max(initial=0))) + 1
    # The last row serves the number -1, "no unit at this level".
    table = np.full((int(max(paths.max(), units.max())) + 2, n_values), -1, dtype=np.int32)
    table[units, 0 if said is None else values] = numbers
    found = []
    for level in range(paths.shape[1]):
        if said is None:
            slot = table[paths[:, level], 0]
        else:
            slot = np.where(said >= 0, table[paths[:, level], np.maximum(said, 0)], -1).astype(np.int32)
        if (slot >= 0).any():
            found.append(slot)
    return found


@dataclass(frozen=True, eq=False)
class Atoms:
    """Smallest groups told apart by the cells: `of_person` (n_people,) atom numbers, `slots` (n_atoms, n_slots) cells."""

    of_person: IntArray
    slots: NDArray[np.int32]

    @property
    def n_atoms(self) -> int:
        """Number of atoms."""
        return len(self.slots)


def atoms_of(slots: NDArray[np.int32]) -> Atoms:
    """People told apart by nothing that is published, taken together."""
    mark = np.ascontiguousarray(slots).view(np.dtype((np.void, slots.dtype.itemsize * slots.shape[1]))).ravel()
    _, first, of_person = np.unique(mark, return_index=True, return_inverse=True)
    return Atoms(of_person=of_person.astype(np.int64), slots=slots[first])
