"""The linear attack: which small groups, and which answers, come out by adding and subtracting published cells?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.attackers.system import AttackSystem, Roster, attack_system
from throughline_analysis.disclosure.release import Release, Style
from throughline_analysis.disclosure.supports import ROUNDING, row_space, small_groups
from throughline_analysis.disclosure.tree import IntArray


@dataclass(frozen=True, eq=False)
class LinearAttack:
    """What adding and subtracting gives away.

    `small_groups`: groups of one to four people whose count (and sum of answers, as far as printed) is obtained;
    each as row numbers of people. `is_certain` (n_people, n_questions): answers obtained exactly. `n` people.
    """

    small_groups: tuple[tuple[int, ...], ...]
    is_certain: NDArray[np.bool_]
    n: int
    method: str = "row space of the published cells"

    @property
    def n_certain(self) -> int:
        """Number of answers obtained exactly."""
        return int(self.is_certain.sum())


def attack_linear(release: Release, roster: Roster | None = None) -> LinearAttack:
    """Small groups and answers obtained by adding and subtracting published cells.

    Parameters
    ----------
    release : Release
        What is published.
    roster : Roster, optional
        Who is where. Without it the attack is on the nameless members of each remainder of the tree.

    Returns
    -------
    LinearAttack
        What was found. A small group is named once, by its smallest parts.

    Raises
    ------
    InputError
        Roster and release do not belong together.

    Notes
    -----
    An atom is obtained exactly when its leverage in the row space is one. Groups of several atoms, up to four people in
    all, are found whatever number of times cells are added (`throughline_analysis.disclosure.supports`). Answers need
    exactly printed values; from classes no answer follows linearly, only the groups are reported. Dense: for some
    thousand people; `attack_linear_large` is for more. Cost O(n_cells**2 * n_atoms), and for each pair of small atoms
    that stand out O(n_small_atoms log n_small_atoms).

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 6 + [2] * 7, answers=[[1]] * 6 + [[0]] * 7, points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> attack_linear(release, roster_of(records)).small_groups
    ()
    """
    system = attack_system(release, roster)
    return attack_linear_system(system, is_exact=release.style == Style.EXACT, floor=release.rules.floor)


def attack_linear_system(system: AttackSystem, *, is_exact: bool, floor: int) -> LinearAttack:
    """The same on equations that are set up already."""
    rows = np.asarray(system.incidence.toarray())
    basis = row_space(rows)
    is_obtained = (basis**2).sum(axis=0) > 1 - ROUNDING
    groups = small_groups(basis, system.people, most=floor - 1)
    people_of = _people_of_atoms(system.atom_of_person, len(system.people))
    certain = np.zeros((len(system.atom_of_person), len(system.points)), dtype=np.bool_)
    if is_exact:
        certain = _certain_answers(system, rows, is_obtained)[system.atom_of_person]
    named = tuple(tuple(sorted(int(p) for atom in group for p in people_of[atom])) for group in groups)
    return LinearAttack(small_groups=named, is_certain=certain, n=len(system.atom_of_person))


def _certain_answers(
    system: AttackSystem, rows: NDArray[np.float64], is_obtained: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(n_atoms, n_questions): atoms whose sum is obtained and leaves one answer for all of its people."""
    certain = np.zeros(system.n.shape, dtype=np.bool_)
    for question in range(system.n.shape[1]):
        shown = system.is_shown[:, question]
        obtained = is_obtained if shown.all() else (row_space(rows[shown]) ** 2).sum(axis=0) > 1 - ROUNDING
        sums = np.linalg.lstsq(rows[shown], system.low[shown, question].astype(np.float64), rcond=None)[0]
        n = system.n[:, question]
        all_same = (np.abs(sums) < 1e-6) | (np.abs(sums - n * (system.points[question] - 1)) < 1e-6) | (n == 1)
        certain[:, question] = obtained & all_same & (n > 0)
    return certain


def _people_of_atoms(atom_of_person: IntArray, n_atoms: int) -> list[NDArray[np.int64]]:
    order = np.argsort(atom_of_person, kind="stable")
    return list(np.split(order, np.searchsorted(atom_of_person[order], np.arange(1, n_atoms))))
