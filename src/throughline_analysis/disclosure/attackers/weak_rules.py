"""Four rules that look reasonable and are not: what attackers must succeed on. Never publish by one of them.

W1 shows every group of at least five. W2 is W1 and hides the next smallest sibling until two respondents are hidden.
W3 is W1 and hides a group unless what its parent has besides it is at least five. W4 is W2 with five respondents,
repeated until nothing changes. All four print exact values. Siblings are the children of a unit and, within a unit,
the values of one attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import Cells, Places, joined_cells, memberships, unit_cells
from throughline_analysis.disclosure.records import SurveyRecords
from throughline_analysis.disclosure.release import Release, Style
from throughline_analysis.disclosure.rules import STANDARD_RULES
from throughline_analysis.errors import InputError

FLOOR = 5
Group = list[int]
Hiding = Callable[[Cells, list[tuple[int, Group]]], NDArray[np.bool_]]


def all_cells(records: SurveyRecords) -> Cells:
    """Every unit, and every value of every attribute in every unit, with at least one person."""
    tree = records.tree
    n = tree.subtree_sum(np.bincount(records.unit, minlength=tree.n_units))
    parts = [unit_cells(np.flatnonzero(n > 0), n)]
    for attribute in range(records.attributes.shape[1]):
        said = records.attributes[:, attribute]
        own = np.zeros((tree.n_units, int(said.max()) + 1), dtype=np.int64)
        np.add.at(own, (records.unit, said), 1)
        counts = tree.subtree_sum(own)
        unit, value = np.nonzero(counts)
        same = np.full(len(unit), attribute)
        parts.append(Cells(np.zeros(len(unit), dtype=np.int64), unit, same, value, counts[unit, value]))
    return joined_cells(parts)


def sibling_groups(records: SurveyRecords, cells: Cells) -> list[tuple[int, Group]]:
    """(row of the parent, rows of the siblings) for units below a unit and for values within a unit."""
    row = {(u, a, v): i for i, (u, a, v) in enumerate(zip(cells.unit, cells.attribute, cells.value, strict=True))}
    groups: dict[tuple[int, int], Group] = {}
    for (unit, attribute, _), i in row.items():
        above = unit if attribute >= 0 else int(records.tree.parents[unit])
        if above >= 0:
            groups.setdefault((above, attribute), []).append(i)
    return [(row[above, -1, -1], members) for (above, _), members in groups.items()]


def hide_w1(cells: Cells, groups: list[tuple[int, Group]]) -> NDArray[np.bool_]:
    return cells.n >= FLOOR


def _hide_next(shown: NDArray[np.bool_], cells: Cells, groups: Iterable[tuple[int, Group]], until: int) -> None:
    for _, members in groups:
        hidden = sum(int(cells.n[i]) for i in members if not shown[i])
        rest = sorted((i for i in members if shown[i]), key=lambda i: (int(cells.n[i]), i))
        while 0 < hidden < until and rest:
            shown[rest[0]] = False
            hidden += int(cells.n[rest.pop(0)])


def hide_w2(cells: Cells, groups: list[tuple[int, Group]]) -> NDArray[np.bool_]:
    shown = cells.n >= FLOOR
    _hide_next(shown, cells, groups, 2)
    return shown


def hide_w3(cells: Cells, groups: list[tuple[int, Group]]) -> NDArray[np.bool_]:
    shown = cells.n >= FLOOR
    for parent, members in groups:
        for i in members:
            shown[i] &= cells.n[parent] - cells.n[i] >= FLOOR
    return shown


def hide_w4(cells: Cells, groups: list[tuple[int, Group]]) -> NDArray[np.bool_]:
    shown = cells.n >= FLOOR
    before = -1
    while before != shown.sum():
        before = shown.sum()
        _hide_next(shown, cells, groups, FLOOR)
    return shown


WEAK_RULES: dict[str, Hiding] = {"W1": hide_w1, "W2": hide_w2, "W3": hide_w3, "W4": hide_w4}


def weak_release(records: SurveyRecords, rule: str) -> Release:
    """A release by one of the weak rules, with exact values: for showing that attacks succeed, not for publishing.

    Parameters
    ----------
    records : SurveyRecords
        Without missing answers and without a second hierarchy, which the weak rules do not know.
    rule : "W1", "W2", "W3" or "W4"
        As at the head of the module.

    Returns
    -------
    Release
        In the style "exact": the sums of answers themselves.

    Raises
    ------
    InputError
        There is no such rule, or the records have what the rules do not know.

    Notes
    -----
    Cost O(n_people * n_questions * n_levels * n_attributes).

    Examples
    --------
    The team of two follows from the department less the other team.

    >>> records = survey_records([-1, 0, 0], [1] * 7 + [2] * 2, answers=[[0]] * 7 + [[1]] * 2, points=2)
    >>> attack_linear(weak_release(records, "W1"), roster_of(records)).small_groups
    ((7, 8),)
    """
    if rule not in WEAK_RULES:
        raise InputError(f"There is no weak rule {rule}; there are {', '.join(WEAK_RULES)}.")
    if records.second_tree is not None or (records.answers < 0).any() or (records.attributes < 0).any():
        raise InputError("The weak rules know neither missing answers or attributes nor a second hierarchy.")
    cells = all_cells(records)
    shown = cells.chosen(WEAK_RULES[rule](cells, sibling_groups(records, cells)))
    slots = memberships(shown, Places(records.tree, records.unit, records.attributes))
    sums = np.zeros((shown.n_cells, records.n_questions), dtype=np.int64)
    person, slot = np.nonzero(slots >= 0)
    np.add.at(sums, slots[person, slot], records.answers[person].astype(np.int64))
    return Release(
        parents=records.tree.parents,
        second_parents=None,
        points=records.points,
        cells=shown,
        codes=sums,
        comments=(),
        rules=STANDARD_RULES,
        style=Style.EXACT,
    )
