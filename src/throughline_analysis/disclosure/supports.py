"""Which groups of one to four people can be singled out by adding and subtracting groups, exactly.

A number obtained from groups is a vector in their row space, constant on atoms (people told apart by no group). It
is about the atoms in S alone exactly when the parts of these atoms outside the row space depend on each other
linearly. So the search looks for atoms that vanish, for pairs that are parallel, and, with two atoms taken out, for a
third that vanishes and for two others that become parallel. Of four atoms with such a dependence one has a leverage
of at least a quarter, and of the other three, with the first taken out, one of at least a third (see `leverage`), which
keeps the search short. Whatever whole or broken numbers of times groups are added, nothing is missed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.tree import IntArray

FloatArray = NDArray[np.float64]
# Leverages are between 0 and 1 and come from a singular value decomposition in double precision.
ROUNDING = 1e-7
# Parts outside the row space count as zero, or as parallel, below this part of their length.
ZERO = 1e-6
# The parts are looked at through so many fixed random directions: four that depend on each other still do, four that
# do not depend on each other do so by chance with probability zero.
DIRECTIONS = 8


def row_space(rows: FloatArray) -> FloatArray:
    """Orthonormal rows (rank, n_atoms) that span the rows."""
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    rank = int((sizes > sizes[0] * max(rows.shape) * np.finfo(np.float64).eps).sum()) if len(sizes) else 0
    return np.asarray(right[:rank])


def small_groups(basis: FloatArray, people: IntArray, *, most: int) -> list[tuple[int, ...]]:
    """Sets of atoms with at most `most` people, and at most four, that the row space singles out; each atom once.

    `basis` (rank, n_atoms) as from `row_space`, `people` (n_atoms,) counts. Empty exactly when there is no such set.
    """
    leverage = (basis**2).sum(axis=0)
    is_alone = leverage > 1 - ROUNDING
    found: list[tuple[int, ...]] = [(int(a),) for a in np.flatnonzero(is_alone & (people <= most) & (people > 0))]
    light = np.flatnonzero(~is_alone & (people < most) & (people > 0))
    if len(light) < 2 or most < 2:
        return found
    directions = np.random.default_rng(0).standard_normal((basis.shape[1], DIRECTIONS))
    outside = (directions - basis.T @ (basis @ directions))[light]
    outside /= np.linalg.norm(outside, axis=1, keepdims=True)
    size = people[light]
    taken: set[int] = set()
    for pair in _pairs(outside, size, most=most):
        _add(pair, light, found, taken)
    if most < 3:
        return found
    for first in np.flatnonzero(leverage[light] >= 1 / most - ROUNDING).tolist():
        column = (np.arange(basis.shape[1]) == light[first]) - basis.T @ basis[:, light[first]]
        left = 1 - leverage[light] - column[light] ** 2 / max(float(column[light[first]]), ROUNDING)
        fits = (1 - left >= 1 / (most - 1) - ROUNDING) & (size[first] + size < most)
        fits[[first, *taken]] = False
        if first in taken:
            continue
        for second in _worth_a_look(outside, size, first, np.flatnonzero(fits), most=most):
            for group in _with_two(outside, size, (first, second), most=most):
                _add(group, light, found, taken)
    return found


def _add(group: tuple[int, ...], light: IntArray, found: list[tuple[int, ...]], taken: set[int]) -> None:
    if not taken.intersection(group):
        taken.update(group)
        found.append(tuple(sorted(int(light[one]) for one in group)))


def _worth_a_look(outside: FloatArray, size: IntArray, first: int, seconds: IntArray, *, most: int) -> list[int]:
    """Those of `seconds` with which, `first` taken out too, another atom vanishes or two others may be parallel."""
    rest = outside - np.outer(outside @ outside[first], outside[first])
    length = np.linalg.norm(rest[seconds], axis=1)
    # One that is parallel to the first was found among the pairs, or has too many people.
    seconds, length = seconds[length > ZERO], length[length > ZERO]
    lines = rest[seconds] / length[:, None]
    left = rest[None] - (lines @ rest.T)[:, :, None] * lines[:, None, :]
    length = np.linalg.norm(left, axis=2)
    is_other = np.ones(length.shape, dtype=np.bool_)
    is_other[:, first] = False
    is_other[np.arange(len(seconds)), seconds] = False
    room = most - size[first] - size[seconds]
    vanishes = is_other & (length < ZERO) & (size[None] <= room[:, None])
    is_open = is_other & (length >= ZERO) & (size[None] < room[:, None])
    along = np.where(is_open, np.abs(left[:, :, 0]) / np.maximum(length, ZERO), np.nan)
    is_close = (np.diff(np.sort(along, axis=1), axis=1) < ZERO).any(axis=1)
    return [int(second) for second in seconds[vanishes.any(axis=1) | is_close]]


def _with_two(outside: FloatArray, size: IntArray, two: tuple[int, int], *, most: int) -> list[tuple[int, ...]]:
    """Sets of three and four light atoms that hold the two given ones."""
    span = np.linalg.qr(outside[list(two)].T)[0]
    rest = outside - (outside @ span) @ span.T
    length = np.linalg.norm(rest, axis=1)
    room = most - int(size[list(two)].sum())
    other = np.ones(len(size), dtype=np.bool_)
    other[list(two)] = False
    groups: list[tuple[int, ...]] = [(*two, int(c)) for c in np.flatnonzero(other & (length < ZERO) & (size <= room))]
    if groups or room < 2:
        return groups
    open_atoms = np.flatnonzero(other & (length >= ZERO) & (size < room))
    if len(open_atoms) < 2:
        return groups
    parallel = _pairs(rest[open_atoms] / length[open_atoms, None], size[open_atoms], most=room)
    return [(*two, int(open_atoms[c]), int(open_atoms[d])) for c, d in parallel]


def _pairs(lines: FloatArray, size: IntArray, *, most: int) -> list[tuple[int, int]]:
    """Pairs of unit rows that are equal or opposite, with at most `most` people together."""
    order = np.argsort(np.abs(lines[:, 0]), kind="stable")
    along = np.abs(lines[order, 0])
    pairs: list[tuple[int, int]] = []
    step = 1
    while step < len(order):
        near = np.flatnonzero(along[step:] - along[:-step] < ZERO)
        if not len(near):
            break
        one, other = order[near], order[near + step]
        sign = np.sign((lines[one] * lines[other]).sum(axis=1))[:, None]
        apart = np.abs(lines[one] - sign * lines[other]).max(axis=1)
        hit = (apart < ZERO) & (size[one] + size[other] <= most)
        pairs += [(int(a), int(b)) for a, b in zip(one[hit], other[hit], strict=True)]
        step += 1
    return pairs
