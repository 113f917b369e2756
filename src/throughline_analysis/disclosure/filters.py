"""Single filters: which values of which attributes may be shown in which units."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import FIRST, Cells
from throughline_analysis.disclosure.leverage import are_remainders_safe, compact, leverages
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.tree import IntArray, UnitTree

BoolArray = NDArray[np.bool_]
# The regions of the whole tree are looked at again for each question with missing answers up to so many people.
LOOK_AGAIN = 20_000
Column = tuple[int, int]


@dataclass(eq=False)
class _Region:
    """People of a unit with filters who are in no unit below it that has filters of its own.

    `columns`: values (attribute, value) that are shown for this unit or a unit above it.
    """

    unit: int
    people: IntArray
    columns: list[Column]
    shown: list[Column] = field(default_factory=list)


def filter_cells(
    tree: UnitTree,
    unit: IntArray,
    attributes: NDArray[np.int32],
    *,
    is_shown: BoolArray,
    further: IntArray | None,
    rules: ReleaseRules,
) -> Cells:
    """Filters that may be shown beside the shown units, by sizes alone.

    A value is a candidate where it and the rest of the unit have at least ten people, and so do the values left out
    together. It is admitted, from the top of the tree down and in the order of the attributes, as long as
    the leverages in every region stay safe. Publishing every region on its own would say more than is
    published, so what is safe for the regions is safe for the release.

    `is_shown` (n_units,) of the tree; `further` (n_people,) a second division of the same people that is published
    too, in which case filters are shown for the topmost unit only.
    """
    paths = tree.paths()[unit]
    nearest = tree.nearest(is_shown)[unit]
    size = np.bincount(paths[paths >= 0], minlength=tree.n_units)
    everybody = np.arange(len(unit))
    root = _Region(tree.root, everybody, [])
    extra = np.zeros((len(unit), 0)) if further is None else _indicators(further)
    _admit(root, tree_atoms=nearest, attributes=attributes, extra=extra, rules=rules)
    region_of: dict[int, _Region] = {tree.root: root}
    done = [root]
    if further is None and root.shown:
        for level, units in enumerate(tree.levels[1:], start=1):
            for one in units[is_shown[units] & (size[units] >= 2 * rules.filter_floor)].tolist():
                above = region_of[_nearest_region(tree, one, region_of)]
                region = _split(above, one, level, paths=paths, nearest=nearest, attributes=attributes, rules=rules)
                if region is not None:
                    region_of[one] = region
                    done.append(region)
    rows = [(region.unit, a, v) for region in done for a, v in region.shown]
    return _as_cells(rows, paths, attributes)


def filters_by_question(
    records: SurveyRecords, cells: Cells, *, units: BoolArray, further: IntArray | None, rules: ReleaseRules
) -> BoolArray:
    """(n_cells, n_questions): the filters that are as safe among those who answered a question as among all.

    `units` (n_units, n_questions) of the tree. Looks again only where answers are missing; in very large releases then
    at the topmost unit alone.
    """
    shown = np.ones((cells.n_cells, records.n_questions), dtype=np.bool_)
    names = list(zip(cells.unit.tolist(), cells.attribute.tolist(), cells.value.tolist(), strict=True))
    for question in np.flatnonzero((records.answers == MISSING).any(axis=0)).tolist():
        answered = np.flatnonzero(records.answers[:, question] != MISSING)
        if not units[records.tree.root, question]:
            shown[:, question] = False
            continue
        again = further
        if again is None and records.n_people > LOOK_AGAIN:
            again = np.zeros(records.n_people, dtype=np.int64)
        among = filter_cells(
            records.tree,
            records.unit[answered],
            records.attributes[answered],
            is_shown=units[:, question],
            further=None if again is None else again[answered],
            rules=rules,
        )
        safe = set(zip(among.unit.tolist(), among.attribute.tolist(), among.value.tolist(), strict=True))
        shown[:, question] = [name in safe for name in names]
    return shown


def _indicators(groups: IntArray) -> NDArray[np.float64]:
    numbers = compact(groups)
    return np.asarray(numbers[:, None] == np.arange(numbers.max() + 1), dtype=np.float64)


def _nearest_region(tree: UnitTree, unit: int, region_of: dict[int, _Region]) -> int:
    above = int(tree.parents[unit])
    while above not in region_of:
        above = int(tree.parents[above])
    return above


def _split(
    above: _Region,
    unit: int,
    level: int,
    *,
    paths: IntArray,
    nearest: IntArray,
    attributes: NDArray[np.int32],
    rules: ReleaseRules,
) -> _Region | None:
    """A region for `unit` cut out of the one above it, or None where either part would not be safe."""
    inside = paths[above.people, level] == unit
    region = _Region(unit, above.people[inside], list(above.columns))
    outside = above.people[~inside]
    for people in (region.people, outside):
        columns = _columns(attributes[people], above.columns)
        if not are_remainders_safe(leverages(compact(nearest[people]), columns), floor=rules.floor):
            return None
    none = np.zeros((len(attributes), 0))
    _admit(region, tree_atoms=nearest, attributes=attributes, extra=none, rules=rules)
    if not region.shown:
        return None
    above.people = outside
    return region


def _admit(
    region: _Region,
    *,
    tree_atoms: IntArray,
    attributes: NDArray[np.int32],
    extra: NDArray[np.float64],
    rules: ReleaseRules,
) -> None:
    """Add the attributes one by one; one that would make a remainder unsafe is left out."""
    atoms = compact(tree_atoms[region.people])
    for attribute in range(attributes.shape[1]):
        values = _candidates(attributes[region.people, attribute], rules)
        wanted = [(attribute, value) for value in values]
        if not wanted:
            continue
        columns = region.columns + [one for one in wanted if one not in region.columns]
        design = np.hstack([_columns(attributes[region.people], columns), extra[region.people]])
        if are_remainders_safe(leverages(atoms, design), floor=rules.floor):
            region.columns = columns
            region.shown += wanted


def _candidates(said: NDArray[np.int32], rules: ReleaseRules) -> list[int]:
    """Values with ten people and more, the rest too; the smallest are left out until those left out are ten."""
    counts = np.bincount(said[said >= 0]) if (said >= 0).any() else np.zeros(0, dtype=np.int64)
    enough = (counts >= rules.filter_floor) & (len(said) - counts >= rules.filter_floor)
    values = sorted(np.flatnonzero(enough).tolist(), key=lambda value: (int(counts[value]), value))
    left_out = len(said) - int(counts[values].sum())
    while values and 0 < left_out < rules.filter_floor:
        left_out += int(counts[values.pop(0)])
    return sorted(values)


def _columns(attributes: NDArray[np.int32], columns: list[Column]) -> NDArray[np.float64]:
    if not columns:
        return np.zeros((len(attributes), 0))
    return np.stack([attributes[:, a] == v for a, v in columns], axis=1).astype(np.float64)


def _as_cells(rows: list[tuple[int, int, int]], paths: IntArray, attributes: NDArray[np.int32]) -> Cells:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    n = np.zeros(len(table), dtype=np.int64)
    for attribute in np.unique(table[:, 1]):
        mine = np.flatnonzero(table[:, 1] == attribute)
        n_values = int(attributes[:, attribute].max()) + 1
        counts = np.zeros((int(paths.max()) + 1, n_values), dtype=np.int64)
        for level in range(paths.shape[1]):
            there = (paths[:, level] >= 0) & (attributes[:, attribute] >= 0)
            np.add.at(counts, (paths[there, level], attributes[there, attribute]), 1)
        n[mine] = counts[table[mine, 0], table[mine, 2]]
    return Cells(np.full(len(table), FIRST, dtype=np.int64), table[:, 0], table[:, 1], table[:, 2], n)
