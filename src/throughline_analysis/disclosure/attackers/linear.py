"""The linear attack: which small groups, and which answers, come out by adding and subtracting published cells?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.attackers.system import AttackSystem, Roster, attack_system
from throughline_analysis.disclosure.release import Release, Style
from throughline_analysis.disclosure.tree import IntArray

# Leverages are between 0 and 1 and come from a singular value decomposition in double precision.
ROUNDING = 1e-7
# A sum of null space rows counts as zero below this; rows have length of at most one.
ZERO = 1e-7


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
    An atom is obtained exactly when its leverage in the row space is one. Groups of several atoms are searched among
    sums and differences of null space rows, up to four people in all. Answers need exactly printed values; from
    classes no answer follows linearly, only the groups are reported. Dense: for some thousand people;
    `attack_linear_large` is for more. Cost O(n_cells**2 * n_atoms).

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
    groups = small_groups(basis, system.people, is_obtained, most=floor - 1)
    people_of = _people_of_atoms(system.atom_of_person, len(system.people))
    certain = np.zeros((len(system.atom_of_person), len(system.points)), dtype=np.bool_)
    if is_exact:
        certain = _certain_answers(system, rows, is_obtained)[system.atom_of_person]
    named = tuple(tuple(sorted(int(p) for atom in group for p in people_of[atom])) for group in groups)
    return LinearAttack(small_groups=named, is_certain=certain, n=len(system.atom_of_person))


def row_space(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal rows (rank, n_atoms) that span the rows."""
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    rank = int((sizes > sizes[0] * max(rows.shape) * np.finfo(np.float64).eps).sum()) if len(sizes) else 0
    return np.asarray(right[:rank])


def small_groups(
    basis: NDArray[np.float64], people: IntArray, is_obtained: NDArray[np.bool_], *, most: int
) -> list[tuple[int, ...]]:
    """Sets of atoms with at most `most` people whose sum or signed sum lies in the row space."""
    found: list[tuple[int, ...]] = [(int(a),) for a in np.flatnonzero(is_obtained & (people <= most) & (people > 0))]
    open_atoms = np.flatnonzero(~is_obtained & (people < most))
    if len(open_atoms) < 2:
        return found
    # Distances from the row space, seen through two fixed random directions: equal atoms collide, others do not.
    directions = np.random.default_rng(0).standard_normal((basis.shape[1], 2))
    outside = directions - basis.T @ (basis @ directions)
    here, size = outside[open_atoms], people[open_atoms]
    seen: set[int] = set()
    for parts in (2, 3, 4):
        for group in _vanishing(here, size, parts=parts, most=most):
            atoms = tuple(int(open_atoms[one]) for one in group)
            if not seen.intersection(atoms):
                found.append(atoms)
                seen.update(atoms)
    return found


def _vanishing(values: NDArray[np.float64], size: IntArray, *, parts: int, most: int) -> list[tuple[int, ...]]:
    """Index tuples of `parts` rows with signs that add up to zero, and sizes that add up to at most `most`."""
    light = np.flatnonzero(size <= most - parts + 1)
    if len(light) < parts:
        return []
    first, second = np.triu_indices(len(light), 1)
    fits = size[light[first]] + size[light[second]] <= most - (parts - 2)
    first, second = light[first[fits]], light[second[fits]]
    if parts == 2:
        hit = np.zeros(len(first), dtype=np.bool_)
        for sign in (1, -1):
            hit |= (np.abs(values[first] + sign * values[second]) < ZERO).all(axis=1)
        return list(zip(first[hit].tolist(), second[hit].tolist(), strict=True))
    pairs = np.concatenate([values[first] + values[second], values[first] - values[second]])
    one, other = np.tile(first, 2), np.tile(second, 2)
    if parts == 3:
        left, left_atoms = values[light], light[:, None]
    else:
        left, left_atoms = pairs, np.stack([one, other], axis=1)
    right_atoms = np.stack([one, other], axis=1)
    found = []
    for sign in (1, -1):
        for a, b in _equal_rows(left, sign * pairs):
            group = {*left_atoms[a].tolist(), *right_atoms[b].tolist()}
            if len(group) == parts and size[list(group)].sum() <= most:
                found.append(tuple(sorted(group)))
    return sorted(set(found))


def _equal_rows(left: NDArray[np.float64], right: NDArray[np.float64]) -> list[tuple[int, int]]:
    order = np.argsort(right[:, 0])
    begins = np.searchsorted(right[order, 0], left[:, 0] - ZERO)
    ends = np.searchsorted(right[order, 0], left[:, 0] + ZERO)
    found = []
    for row in np.flatnonzero(ends > begins).tolist():
        for place in order[begins[row] : ends[row]].tolist():
            if abs(right[place, 1] - left[row, 1]) < ZERO:
                found.append((row, place))
    return found


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
