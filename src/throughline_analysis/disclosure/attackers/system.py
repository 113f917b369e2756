"""What an attacker sets up: people told apart by nothing published (atoms), and the cells they are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import Atoms, Places, atoms_of, memberships
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.release import Release
from throughline_analysis.disclosure.tree import IntArray, unit_tree
from throughline_analysis.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Roster:
    """What colleagues know of each other: the worst case an attack may start from.

    `places`: who is in which unit, with which attributes. `has_answered` (n_people, n_questions); `keys` name the
    same person from release to release. `known` (n_people, n_questions): answers the attacker knows beforehand, such as
    their own, -1 elsewhere; None where they know none, which is what the promise of a release is about.
    """

    places: Places
    has_answered: NDArray[np.bool_]
    keys: IntArray
    known: NDArray[np.int8] | None = None


@dataclass(frozen=True, eq=False)
class AttackSystem:
    """The published equations: `incidence` (n_cells, n_atoms) of 0 and 1, `n` (n_atoms, n_questions) who answered,
    `people` (n_atoms,), `low` and `high` (n_cells, n_questions) what is printed, `atom_of_person`. Answers known
    beforehand are taken off `n`, `low` and `high`."""

    incidence: csr_array
    people: IntArray
    n: IntArray
    low: IntArray
    high: IntArray
    is_shown: NDArray[np.bool_]
    points: IntArray
    atom_of_person: IntArray

    def incidence_of(self, question: int) -> csr_array:
        """Rows of the cells that print something about the question."""
        return self.incidence[np.flatnonzero(self.is_shown[:, question])]


def roster_of(records: SurveyRecords, *, knows: Sequence[int] = ()) -> Roster:
    """Everything in the records but the answers; also the answers of the people an attacker `knows`, by row.

    Raises InputError where there is no such row.

    Examples
    --------
    >>> records = survey_records([-1, 0], [1, 0], answers=[[1], [float("nan")]], points=2)
    >>> roster_of(records).has_answered.ravel().tolist()
    [True, False]
    """
    places = Places(records.tree, records.unit, records.attributes, records.second_tree, records.second_unit)
    known = None
    if len(knows):
        if not all(0 <= row < records.n_people for row in knows):
            raise InputError(f"`knows` names a row outside 0 to {records.n_people - 1}.")
        known = np.full_like(records.answers, MISSING)
        known[list(knows)] = records.answers[list(knows)]
    return Roster(places=places, has_answered=records.answers != MISSING, keys=records.keys, known=known)


def roster_from_counts(release: Release) -> Roster:
    """All that the tree cells of a release say about who is where: the people of each shown unit in none below it.

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 6 + [2] * 5, answers=np.eye(11, 1, dtype=int), points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> len(roster_from_counts(release).keys)
    11
    """
    tree = unit_tree(release.parents)
    cells = release.cells
    shown = cells.unit[cells.is_tree]
    marked = np.zeros(tree.n_units, dtype=np.bool_)
    marked[shown] = True
    total = np.zeros(tree.n_units, dtype=np.int64)
    total[shown] = cells.n[cells.is_tree]
    above = np.where(tree.parents >= 0, tree.nearest(marked)[tree.parents], -1)
    inside = marked & (above >= 0)
    rest = total - np.bincount(above[inside], weights=total[inside], minlength=tree.n_units).astype(np.int64)
    unit = np.repeat(np.arange(tree.n_units), np.where(marked, rest, 0))
    places = Places(tree, unit, np.zeros((len(unit), 0), dtype=np.int32))
    return Roster(places, np.ones((len(unit), len(release.points)), dtype=np.bool_), np.arange(len(unit)))


def attack_system(release: Release, roster: Roster | None = None) -> AttackSystem:
    """Cells, atoms and printed values of one release."""
    known = roster_from_counts(release) if roster is None else roster
    cells = release.cells if roster is not None else release.cells.chosen(release.cells.is_tree)
    codes = release.is_shown if roster is not None else release.is_shown[release.cells.is_tree]
    slots = memberships(cells, known.places)
    atoms = atoms_of(slots)
    incidence = incidence_matrix(atoms, cells.n_cells)
    n_questions = len(release.points)
    answered = np.stack(
        [
            np.bincount(atoms.of_person, weights=known.has_answered[:, q], minlength=atoms.n_atoms)
            for q in range(n_questions)
        ],
        axis=1,
    ).astype(np.int64)
    if (incidence @ np.bincount(atoms.of_person, minlength=atoms.n_atoms) != cells.n).any():
        raise InputError("The roster and the release count different people in a group; they do not belong together.")
    limits = release.limits(None if roster is None else np.asarray(incidence @ answered, dtype=np.int64))
    low, high = limits.low, limits.high
    if known.known is not None:
        sums, told = np.zeros_like(answered), np.zeros_like(answered)
        np.add.at(sums, atoms.of_person, np.maximum(known.known, 0).astype(np.int64))
        np.add.at(told, atoms.of_person, (known.known != MISSING).astype(np.int64))
        answered = answered - told
        off = np.asarray(incidence @ sums, dtype=np.int64)
        low, high = low - off, high - off
    keep = slice(None) if roster is not None else release.cells.is_tree
    return AttackSystem(
        incidence=incidence,
        people=np.bincount(atoms.of_person, minlength=atoms.n_atoms).astype(np.int64),
        n=answered,
        low=low[keep],
        high=high[keep],
        is_shown=codes,
        points=release.points,
        atom_of_person=atoms.of_person,
    )


def incidence_matrix(atoms: Atoms, n_cells: int) -> csr_array:
    """(n_cells, n_atoms) of 0 and 1."""
    from scipy.sparse import csr_array

    inside = atoms.slots >= 0
    atom = np.repeat(np.arange(atoms.n_atoms), inside.sum(axis=1))
    cell = atoms.slots[inside]
    return csr_array((np.ones(len(cell)), (cell, atom)), shape=(n_cells, atoms.n_atoms))
