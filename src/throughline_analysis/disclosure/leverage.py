"""How strongly single people weigh in everything published: the proof for groups that overlap.

Take any number obtained by adding and subtracting published cells, as a vector over people, and let S be the people
it is about. Its length is at most what the *leverages* of S (diagonal of the projection on the row space) allow:
each entry squared is at most leverage times squared length, so the leverages of S add up to at least one. Where the
four largest leverages add up to less than one, every number that can be obtained is about five people or about none.
An average leverage is the number of independent published numbers per person, so the rule also reads: at least four
people, and more where they stand out, for each published number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError

# Room for rounding of the pseudo-inverse in double precision; far below the step between possible leverages.
ROUNDING = 1e-6


def leverages(atoms: ArrayLike, columns: ArrayLike) -> NDArray[np.float64]:
    """Leverage of each person when the atoms of a tree and further overlapping groups are published.

    Parameters
    ----------
    atoms : (n_people,) of int
        The rest of the tree each person is in, numbered from 0.
    columns : (n_people, n_columns) of 0 and 1
        The further groups.

    Returns
    -------
    (n_people,) of float in (0, 1]
        Diagonal of the projection on the span of all groups.

    Raises
    ------
    InputError
        Shapes differ, or an atom is below 0.

    Notes
    -----
    One over the size of the atom, plus what the columns add after their mean in each atom is taken out.
    Cost O(n_people * n_columns**2).

    Source
    ------
    Leverage as in Hoaglin and Welsch (1978), The American Statistician 32:17-22,
    doi:10.1080/00031305.1978.10479237. The use for remainders is this library's; the proof is at the head of the
    module.

    Examples
    --------
    Two teams of four and a filter that holds for one person in each:

    >>> leverages([0, 0, 0, 0, 1, 1, 1, 1], [[1], [0], [0], [0], [1], [0], [0], [0]]).round(3).tolist()
    [0.625, 0.292, 0.292, 0.292, 0.625, 0.292, 0.292, 0.292]
    """
    atom, groups = np.asarray(atoms, dtype=np.int64), np.array(columns, dtype=np.float64)
    if atom.ndim != 1 or (atom < 0).any() or groups.ndim != 2 or len(groups) != len(atom):
        raise InputError(
            f"`columns` has shape {groups.shape} for {len(atom)} people; give one row per person, and atoms from 0 on."
        )
    sizes = np.bincount(atom)
    for column in groups.T:
        column -= (np.bincount(atom, weights=column) / np.maximum(sizes, 1))[atom]
    spread = np.linalg.pinv(groups.T @ groups, rcond=1e-10, hermitian=True)
    return np.asarray(1 / sizes[atom] + np.einsum("ij,jk,ik->i", groups, spread, groups, optimize=True))


def are_remainders_safe(leverage: NDArray[np.float64], *, floor: int) -> bool:
    """True where every number obtained by adding and subtracting is about at least `floor` people, or about none.

    Examples
    --------
    >>> are_remainders_safe(leverages([0] * 5, [[]] * 5), floor=5)
    True
    >>> are_remainders_safe(leverages([0] * 5, [[1], [0], [0], [0], [0]]), floor=5)
    False
    """
    most = min(floor - 1, len(leverage))
    if most == 0:
        return True
    top = leverage if len(leverage) == most else np.partition(leverage, len(leverage) - most)[-most:]
    return bool(top.sum() < 1 - ROUNDING)


def compact(numbers: IntArray) -> IntArray:
    """The same groups numbered from 0 without gaps."""
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64)
