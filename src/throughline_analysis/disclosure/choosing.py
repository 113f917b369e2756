"""Which groups a release speaks of, by sizes alone and beside what earlier releases have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import SECOND, Cells, joined_cells, unit_cells
from throughline_analysis.disclosure.cuts import OUTSIDE
from throughline_analysis.disclosure.earlier import Ledger, People, answers_of, are_apart, guarded_units, people_of
from throughline_analysis.disclosure.filters import filter_cells, filters_by_question
from throughline_analysis.disclosure.making import TreeTotals, shown_by_size, tree_totals, without_decoy_units
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import NotEnoughData

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Everybody:
    """The ballots of this release and of the earlier ones: `answers` (n_people, n_questions), `old` divisions (n_people,)
    each, `has_comments` (n_new,) True where an earlier release has listed them."""

    people: People
    earlier: tuple[Ledger, ...]
    answers: NDArray[np.int8]
    old: tuple[IntArray, ...]
    has_comments: BoolArray


def everybody_in(records: SurveyRecords, earlier: Sequence[Ledger]) -> Everybody:
    """The ballots of `records` and of all earlier releases."""
    people = people_of(records.keys, earlier)
    listed = [ledger.keys for ledger in earlier if ledger.has_comments]
    return Everybody(
        people=people,
        earlier=tuple(earlier),
        answers=answers_of(people, records, earlier),
        old=tuple(people.spread(ledger.keys, part) for ledger in earlier for part in ledger.all_divisions),
        has_comments=np.isin(records.keys, np.concatenate([*listed, np.zeros(0, dtype=np.int64)])),
    )


@dataclass(frozen=True, eq=False)
class Chosen:
    """Cells by sizes alone; `divisions` (n_people,) each: the remainders of the tree, and of the second hierarchy."""

    cells: Cells
    is_shown: BoolArray
    root_row: int
    tree_units: BoolArray
    divisions: tuple[IntArray, ...]


def chosen_cells(
    records: SurveyRecords, everybody: Everybody, *, rules: ReleaseRules, rng: np.random.Generator
) -> Chosen:
    """The units of each hierarchy and the filters that may be shown; raises NotEnoughData where there are none."""
    old = list(everybody.old)
    totals = tree_totals(records.tree, records.unit, records.answers)
    units = shown_by_size(
        totals, allowed=without_decoy_units(records.tree, rng=rng, share_0_1=rules.decoy_share_0_1), rules=rules
    )
    if old:
        units = _units_beside_earlier(records, everybody, totals, units=units, rules=rules)
    structure: BoolArray = np.asarray(units.any(axis=1))
    if not structure[records.tree.root]:
        raise NotEnoughData(
            f"Each question has fewer than {rules.floor} answers, or fewer than {rules.floor} that make the difference to "
            "an earlier release, so nothing can be shown; wait for more."
        )
    divisions = [records.tree.nearest(structure)[records.unit]]
    parts, shown = [unit_cells(np.flatnonzero(structure), records.tree.subtree_sum(totals.ballots))], [units[structure]]
    further = None
    if records.second_tree is not None and records.second_unit is not None:
        first = everybody.people.spread(records.keys, divisions[0])
        allowed = without_decoy_units(records.second_tree, rng=rng, share_0_1=rules.decoy_share_0_1)
        second = _second_units(records, [first, *old], allowed=allowed, rules=rules)
        marked: BoolArray = np.asarray(second.any(axis=1))
        size = records.second_tree.subtree_sum(np.bincount(records.second_unit, minlength=len(marked)))
        parts.append(unit_cells(np.flatnonzero(marked), size, hierarchy=SECOND))
        second &= _second_questions(records, everybody, units=units, second=second, rules=rules)
        shown.append(second[marked])
        further = records.second_tree.nearest(marked)[records.second_unit]
        divisions.append(further)
    if records.attributes.shape[1] and not old:
        filtered = filter_cells(
            records.tree, records.unit, records.attributes, is_shown=structure, further=further, rules=rules
        )
        parts.append(filtered)
        shown.append(filters_by_question(records, filtered, units=units, further=further, rules=rules))
    cells = joined_cells(parts)
    is_shown = _in_order(cells, parts, shown)
    root_row = int(np.flatnonzero(cells.is_tree & (cells.unit == records.tree.root))[0])
    return Chosen(cells, is_shown, root_row, structure, tuple(divisions))


def _units_beside_earlier(
    records: SurveyRecords, everybody: Everybody, totals: TreeTotals, *, units: BoolArray, rules: ReleaseRules
) -> BoolArray:
    """The units to show so that nothing about one to four ballots follows together with earlier releases.

    Also among those who answered a question; a question that cannot be shown at all then is left out.
    """
    tree, old = records.tree, everybody.old
    structure = np.asarray(units.any(axis=1))
    rows = np.arange(records.n_people)
    may = guarded_units(tree, records.unit, shown=structure, others=old, people=rows, rules=rules)
    result = shown_by_size(totals, allowed=may, rules=rules)
    has_answered = everybody.answers != MISSING
    for question in np.flatnonzero(~has_answered.all(axis=0) & result.any(axis=0)).tolist():
        among = np.flatnonzero(has_answered[:, question])
        new = among[among < records.n_people]
        try:
            result[:, question] = guarded_units(
                tree,
                records.unit[new],
                shown=result[:, question],
                others=[other[among] for other in old],
                people=np.arange(len(new)),
                rules=rules,
            )
        except NotEnoughData:
            result[:, question] = False
    return result


def _second_units(
    records: SurveyRecords, others: list[IntArray], *, allowed: BoolArray, rules: ReleaseRules
) -> BoolArray:
    tree, unit = records.second_tree, records.second_unit
    assert tree is not None
    assert unit is not None
    totals = tree_totals(tree, unit, records.answers)
    structure: BoolArray = np.asarray(shown_by_size(totals, allowed=allowed, rules=rules).any(axis=1))
    may = guarded_units(tree, unit, shown=structure, others=others, people=np.arange(len(unit)), rules=rules)
    second = shown_by_size(totals, allowed=may, rules=rules)
    # Everybody together is in the first hierarchy already.
    second[tree.root] = False
    return second


def _second_questions(
    records: SurveyRecords, everybody: Everybody, *, units: BoolArray, second: BoolArray, rules: ReleaseRules
) -> BoolArray:
    """(n_questions,): whether the two hierarchies are five people apart among those who answered, too."""
    apart = np.ones(records.n_questions, dtype=np.bool_)
    assert records.second_tree is not None
    assert records.second_unit is not None
    has_answered = everybody.answers != MISSING
    for question in np.flatnonzero(~has_answered.all(axis=0)).tolist():
        among = np.flatnonzero(has_answered[:, question])
        new = among[among < records.n_people]
        one, other = (np.full(len(among), OUTSIDE, dtype=np.int64) for _ in range(2))
        one[: len(new)] = records.tree.nearest(units[:, question])[records.unit[new]]
        other[: len(new)] = records.second_tree.nearest(second[:, question])[records.second_unit[new]]
        others = [one, *(division[among] for division in everybody.old)]
        apart[question] = len(new) > 0 and are_apart(other, others, rules=rules)
    return apart


def _in_order(cells: Cells, parts: list[Cells], shown: list[BoolArray]) -> BoolArray:
    """Rows of `shown`, given part by part, in the order of the joined cells."""
    keys = [np.stack([part.hierarchy, part.attribute, part.unit, part.value]) for part in parts]
    order = np.lexsort(np.concatenate(keys, axis=1)[::-1])
    result = np.concatenate(shown)[order]
    assert len(result) == cells.n_cells
    return np.asarray(result)
