"""Attacks on releases of many thousand people: the linear one on counts along the tree, the integer one on a sample."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.attackers.integer import attack_integer
from throughline_analysis.disclosure.attackers.system import Roster
from throughline_analysis.disclosure.cells import Places
from throughline_analysis.disclosure.release import Release
from throughline_analysis.disclosure.tree import IntArray, UnitTree, unit_tree
from throughline_analysis.errors import InputError, NotEnoughData

# Part of the tree that an exact program still takes.
LEAST_PART, MOST_PART = 40, 1_200


@dataclass(frozen=True, slots=True)
class SmallRemainder:
    """A count of one to four people obtained by subtraction: what is left of `unit` under a filter (-1: none)."""

    unit: int
    attribute: int
    value: int
    n: int


@dataclass(frozen=True, eq=False)
class LargeLinearAttack:
    """`small_groups`: remainders of one to four people. `n` remainders looked at."""

    small_groups: tuple[SmallRemainder, ...]
    n: int
    method: str = "differences of counts along the tree and between filters"


def attack_linear_large(release: Release) -> LargeLinearAttack:
    """Remainders of one to four people, from the printed counts alone.

    Parameters
    ----------
    release : Release
        What is published.

    Returns
    -------
    LargeLinearAttack
        What was found.

    Notes
    -----
    Subtracts from every unit, from every filtered unit, and from what a unit's filters leave over, the same of the
    shown units below it. These are all the remainders of each family of groups that contain one another or do not
    touch; sums that mix several attributes are not searched, `attack_linear` does that for smaller releases.
    Cost O(n_cells * n_attribute_values).

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 6 + [2] * 7, answers=[[1]] * 6 + [[0]] * 7, points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> attack_linear_large(release).small_groups
    ()
    """
    tree = unit_tree(release.parents)
    cells = release.cells
    plain = _counts(release, tree, attribute=-1, value=-1)
    families = [(-1, -1, plain)]
    in_first = cells.hierarchy == 0
    for attribute in np.unique(cells.attribute[in_first & (cells.attribute >= 0)]).tolist():
        values = np.unique(cells.value[in_first & (cells.attribute == attribute)]).tolist()
        counts = [_counts(release, tree, attribute=attribute, value=value) for value in values]
        families += [(attribute, value, count) for value, count in zip(values, counts, strict=True)]
        shown = np.stack(counts) >= 0
        others = np.where(shown.any(axis=0), plain - np.where(shown, np.stack(counts), 0).sum(axis=0), -1)
        families.append((attribute, -1, others))
        # Units that show the same values leave the same ones over, so these may be subtracted from each other.
        for value, count in zip(values, counts, strict=True):
            families.append((attribute, value, np.where(count >= 0, plain - count, -1)))
    found, n_seen = [], 0
    for attribute, value, count in families:
        rest = _rests(tree, count)
        n_seen += int((count >= 0).sum())
        for unit in np.flatnonzero((rest > 0) & (rest < release.rules.floor)).tolist():
            found.append(SmallRemainder(unit, attribute, value, int(rest[unit])))
    return LargeLinearAttack(tuple(found), n=n_seen)


def _counts(release: Release, tree: UnitTree, *, attribute: int, value: int) -> IntArray:
    """Printed counts by unit, -1 where none is printed."""
    cells = release.cells
    mine = (cells.hierarchy == 0) & (cells.attribute == attribute) & (cells.value == value)
    counts = np.full(tree.n_units, -1, dtype=np.int64)
    counts[cells.unit[mine]] = cells.n[mine]
    return counts


def _rests(tree: UnitTree, counts: IntArray) -> IntArray:
    """Each printed count less those of the topmost printed units below; -1 where none is printed."""
    printed = counts >= 0
    above = np.where(tree.parents >= 0, tree.nearest(printed)[tree.parents], -1)
    inside = printed & (above >= 0)
    below = np.bincount(above[inside], weights=counts[inside], minlength=tree.n_units).astype(np.int64)
    return np.asarray(np.where(printed, counts - below, -1), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class SampleAttack:
    """The integer attack on parts of a release: `n_certain` answers found, of `n` answers attacked in `n_parts` parts."""

    n_certain: int
    n: int
    n_parts: int
    method: str = "mixed-integer feasibility (HiGHS) in random parts of the tree"


def attack_sample(release: Release, roster: Roster, *, sample: int, rng: np.random.Generator) -> SampleAttack:
    """Integer attack on random parts of a large release, one random question each, until `sample` people are covered.

    Parameters
    ----------
    release, roster : Release and Roster
        What is published, and who is where.
    sample : int
        How many people to attack at least.
    rng : numpy Generator
        Chooses the parts and questions.

    Returns
    -------
    SampleAttack
        The counts.

    Raises
    ------
    InputError
        The sample is not positive.
    NotEnoughData
        No shown unit has between 40 and 1,200 people.

    Notes
    -----
    A part is a unit with everything below it, filters included, and an attack there uses all that is printed inside
    it, nothing outside. It finds what follows locally, and can miss what follows from the whole. Cost as
    `attack_integer`, for each part.

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 60 + [2] * 70, answers=np.arange(130)[:, None] % 2, points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> attack_sample(release, roster_of(records), sample=50, rng=np.random.default_rng(2)).n_certain
    0
    """
    if sample < 1:
        raise InputError(f"The sample is {sample}; attack at least one person.")
    tree = roster.places.tree
    paths = tree.paths()
    cells = release.cells
    of_person = paths[roster.places.unit]
    is_part = cells.is_tree & (cells.n >= LEAST_PART) & (cells.n <= MOST_PART)
    parts = rng.permutation(cells.unit[is_part])
    if not len(parts):
        raise NotEnoughData(f"No shown unit has between {LEAST_PART} and {MOST_PART} people; use `attack_integer`.")
    certain = covered = n_parts = 0
    for unit in parts.tolist():
        level = int(tree.depth[unit])
        inside = np.flatnonzero(of_person[:, level] == unit)
        which = (cells.hierarchy == 0) & (paths[cells.unit, level] == unit)
        part = replace(release, cells=cells.chosen(which), codes=release.codes[which], comments=())
        question = int(rng.integers(len(release.points)))
        found = attack_integer(part, _restricted(roster, inside), questions=[question])
        certain += found.n_certain
        covered += found.n
        n_parts += 1
        if covered >= sample:
            break
    return SampleAttack(n_certain=certain, n=covered, n_parts=n_parts)


def _restricted(roster: Roster, rows: NDArray[np.int64]) -> Roster:
    places = roster.places
    return Roster(
        places=Places(places.tree, places.unit[rows], places.attributes[rows]),
        has_answered=roster.has_answered[rows],
        keys=roster.keys[rows],
        known=None if roster.known is None else roster.known[rows],
    )
