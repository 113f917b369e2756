"""Small units put together with their smallest siblings, so that their people are heard and not only hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.disclosure.tree import IntArray, UnitTree, unit_tree
from throughline_analysis.errors import InputError


@dataclass(frozen=True, eq=False)
class Merging:
    """A tree in which small lowest units stand together; use it in place of the first one.

    `tree`: the new tree. `unit` (n_units,): the new number of every old unit. `members`: the old units of every new
    one, in ascending order. `n_merged`: new units that stand for several old ones.
    """

    tree: UnitTree
    unit: IntArray
    members: tuple[tuple[int, ...], ...]

    @property
    def n_merged(self) -> int:
        """Number of units that stand for several."""
        return sum(len(one) > 1 for one in self.members)


def merge_small_units(tree: UnitTree, own_counts: ArrayLike, *, rules: ReleaseRules = STANDARD_RULES) -> Merging:
    """Put lowest units of fewer than five people together with their smallest siblings.

    Only units without units below them, and only with siblings. Units without people are left alone. By sizes only,
    never by answers, and before anything is published: the merged tree then goes through every rule of a release as
    any other tree does, which is why merging is safe. Keep a merged tree from wave to wave where it still serves;
    otherwise `release_make` compares the two as it compares any two divisions of the same ballots.

    Parameters
    ----------
    tree : UnitTree
        The units.
    own_counts : (n_units,) of int
        People directly in each unit.
    rules : ReleaseRules
        The floor.

    Returns
    -------
    Merging
        The new tree and how the two correspond.

    Raises
    ------
    InputError
        Shapes differ or a count is negative.

    Notes
    -----
    From the smallest up, units are added to a group until it has five people; what is left over at the end joins the
    smallest sibling that is large enough. This leaves no small lowest unit wherever siblings have five
    people together. Cost O(n_units log n_units).

    Examples
    --------
    >>> from throughline_analysis.disclosure import unit_tree
    >>> merging = merge_small_units(unit_tree([-1, 0, 0, 0, 0]), [0, 3, 2, 9, 4])
    >>> merging.members, merging.unit.tolist()
    (((0,), (1, 2), (3, 4)), [0, 1, 1, 2, 2])
    """
    own = np.array(own_counts)
    if own.dtype.kind not in "iu" or own.shape != (tree.n_units,) or (own < 0).any():
        raise InputError(
            f"`own_counts` must hold one whole count of people, at least 0, for each of {tree.n_units} units."
        )
    is_lowest = np.bincount(tree.parents[tree.parents >= 0], minlength=tree.n_units) == 0
    lead = np.arange(tree.n_units)
    lowest = np.flatnonzero(is_lowest & (own > 0) & (tree.parents >= 0))
    lowest = lowest[np.argsort(tree.parents[lowest], kind="stable")]
    for siblings in np.split(lowest, np.flatnonzero(np.diff(tree.parents[lowest])) + 1):
        for group in _groups(siblings, own, floor=rules.floor):
            lead[group] = min(group)
    kept = np.flatnonzero(lead == np.arange(tree.n_units))
    new = np.searchsorted(kept, lead)
    above = tree.parents[kept]
    members: list[list[int]] = [[] for _ in kept]
    for old, number in enumerate(new.tolist()):
        members[number].append(old)
    return Merging(
        tree=unit_tree(np.where(above >= 0, new[above], -1)),
        unit=new.astype(np.int64),
        members=tuple(tuple(one) for one in members),
    )


def _groups(siblings: IntArray, own: IntArray, *, floor: int) -> list[list[int]]:
    """The siblings in groups of at least `floor` people, as far as they go round."""
    by_size = siblings[np.argsort(own[siblings], kind="stable")].tolist()
    groups: list[list[int]] = []
    group: list[int] = []
    for unit in by_size:
        if not group and own[unit] >= floor:
            groups.append([unit])
            continue
        group.append(unit)
        if own[group].sum() >= floor:
            groups.append(group)
            group = []
    if group and groups:
        smallest = min(range(len(groups)), key=lambda one: (int(own[groups[one]].sum()), groups[one]))
        groups[smallest] += group
        return groups
    return [*groups, group] if group else groups
