"""The whole way from records to a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import FIRST, SECOND, Cells, Places, joined_cells, memberships, unit_cells
from throughline_analysis.disclosure.coding import HIDDEN, codes_of, limits_of
from throughline_analysis.disclosure.comments import shown_comments
from throughline_analysis.disclosure.cuts import minimum_cut
from throughline_analysis.disclosure.earlier import Ledger, guarded_units, people_of, require_same_questions
from throughline_analysis.disclosure.filters import filter_cells, filters_by_question
from throughline_analysis.disclosure.gate import (
    FILTER_TIER,
    NEVER,
    SECOND_TIER,
    TREE_TIER,
    Crossing,
    crossing_gate,
)
from throughline_analysis.disclosure.making import shown_by_size, tree_codes, tree_totals, without_decoys
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.release import Release
from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.disclosure.tree import IntArray, UnitTree

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ReleaseOutcome:
    """`release` is what may be published; `ledger` stays under seal and serves the comparison with the next one.

    `n_gated` values that the sizes allowed and the final gate hid; `n_decoys` values left out at random.
    """

    release: Release
    ledger: Ledger
    n_gated: int
    n_decoys: int


def release_make(
    records: SurveyRecords,
    *,
    rng: np.random.Generator,
    earlier: Sequence[Ledger] = (),
    rules: ReleaseRules = STANDARD_RULES,
) -> ReleaseOutcome:
    """One release from individual records, from which nobody's answer follows.

    Parameters
    ----------
    records : SurveyRecords
        Who answered what. Unchanged.
    rng : numpy Generator
        Chooses the decoys. Seed it from a secret, never from something a reader could guess.
    earlier : sequence of Ledger
        Of all earlier releases in which any of the same ballots took part, with the same questions.
    rules : ReleaseRules
        The floors; other than the standard ones for studies only.

    Returns
    -------
    ReleaseOutcome
        The release, and what must be kept for the next one.

    Raises
    ------
    InputError
        An earlier release has other questions.
    NotEnoughData
        Fewer than five ballots in all, or fewer than five that make the difference to an earlier release.

    Notes
    -----
    1. By sizes alone: the most units without a group or remainder of one to four people; a second hierarchy where
    every combination with the first is about five people or none; single filters where leverages prove the same.
    2. Decoys: a small random part of the values is left out, so that no gap proves anything.
    3. Values are coded in classes. 4. Gate: for every person and question the lowest and the highest answer must both
    remain possible; values are hidden until they do. Cost about O(n_people * n_questions * n_levels * n_attributes).

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0, 0], [1] * 3 + [2] * 7 + [3] * 30, answers=np.arange(40)[:, None] % 2, points=2)
    >>> release = release_make(records, rng=np.random.default_rng(1)).release
    >>> [(int(unit), int(n)) for unit, n in zip(release.cells.unit, release.cells.n)]
    [(0, 40), (3, 30)]
    >>> release.words(release.row_of(3), 0)
    '50 %'
    """
    require_same_questions(earlier, records.n_questions)
    chosen = _chosen_cells(records, earlier, rules=rules)
    shown = without_decoys(chosen.is_shown, keep=chosen.root_row, rng=rng, share_0_1=rules.decoy_share_0_1)
    n_decoys = int((chosen.is_shown & ~shown).sum())
    slots = memberships(chosen.cells, _places(records))
    n, sums = _cell_totals(slots, records.answers, chosen.cells.n_cells)
    shown &= n >= rules.floor
    before_gate = int(shown.sum())
    codes = np.where(shown, codes_of(sums, n, points=records.points, rules=rules), HIDDEN)
    codes = _through_tree_gates(records, chosen.cells, codes, rules=rules)
    limits = limits_of(codes, n, points=records.points, rules=rules)
    own = Ledger(
        keys=records.keys,
        memberships=slots,
        divisions=chosen.divisions,
        sums=sums,
        low=limits.low,
        high=limits.high,
        is_shown=codes != HIDDEN,
    )
    if earlier or not chosen.cells.is_tree.all():
        kept = _through_crossing_gate(records, own, earlier, cells=chosen.cells, root_row=chosen.root_row, rng=rng)
        codes = np.where(kept, codes, HIDDEN)
    ledger = _sealed(own, codes)
    release = Release(
        parents=records.tree.parents,
        second_parents=None if records.second_tree is None else records.second_tree.parents,
        points=records.points,
        cells=chosen.cells,
        codes=codes,
        comments=shown_comments(records, is_shown=chosen.tree_units, rules=rules),
        rules=rules,
    )
    return ReleaseOutcome(release, ledger, n_gated=before_gate - int((codes != HIDDEN).sum()), n_decoys=n_decoys)


@dataclass(frozen=True, eq=False)
class _Chosen:
    """Cells by sizes alone; `divisions` (n_people,) each: the remainders of the tree, and of the second hierarchy."""

    cells: Cells
    is_shown: BoolArray
    root_row: int
    tree_units: BoolArray
    divisions: tuple[IntArray, ...]


def _places(records: SurveyRecords) -> Places:
    return Places(records.tree, records.unit, records.attributes, records.second_tree, records.second_unit)


def _chosen_cells(records: SurveyRecords, earlier: Sequence[Ledger], *, rules: ReleaseRules) -> _Chosen:
    everybody = people_of(records.keys, earlier)
    old = [everybody.spread(ledger.keys, part) for ledger in earlier for part in ledger.all_divisions]
    rows = np.arange(records.n_people)
    totals = tree_totals(records.tree, records.unit, records.answers)
    units = shown_by_size(totals, rules=rules)
    if old:
        may = guarded_units(
            records.tree, records.unit, shown=np.asarray(units.any(axis=1)), others=old, people=rows, rules=rules
        )
        units = shown_by_size(totals, allowed=may, rules=rules)
    structure: BoolArray = np.asarray(units.any(axis=1))
    divisions = [records.tree.nearest(structure)[records.unit]]
    parts, shown = [unit_cells(np.flatnonzero(structure), records.tree.subtree_sum(totals.ballots))], [units[structure]]
    further = None
    if records.second_tree is not None and records.second_unit is not None:
        first = everybody.spread(records.keys, divisions[0])
        second = _second_units(records.second_tree, records.second_unit, records, [first, *old], rules=rules)
        marked: BoolArray = np.asarray(second.any(axis=1))
        size = records.second_tree.subtree_sum(np.bincount(records.second_unit, minlength=len(marked)))
        parts.append(unit_cells(np.flatnonzero(marked), size, hierarchy=SECOND))
        second &= _are_apart(records, units, second, rules=rules)
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
    return _Chosen(cells, is_shown, root_row, structure, tuple(divisions))


def _second_units(
    tree: UnitTree, unit: IntArray, records: SurveyRecords, others: list[IntArray], *, rules: ReleaseRules
) -> BoolArray:
    totals = tree_totals(tree, unit, records.answers)
    structure: BoolArray = np.asarray(shown_by_size(totals, rules=rules).any(axis=1))
    may = guarded_units(tree, unit, shown=structure, others=others, people=np.arange(len(unit)), rules=rules)
    second = shown_by_size(totals, allowed=may, rules=rules)
    # Everybody together is in the first hierarchy already.
    second[tree.root] = False
    return second


def _are_apart(records: SurveyRecords, units: BoolArray, second: BoolArray, *, rules: ReleaseRules) -> BoolArray:
    """(n_questions,): whether the two hierarchies are five people apart among those who answered, too."""
    apart = np.ones(records.n_questions, dtype=np.bool_)
    if records.second_tree is None or records.second_unit is None:
        return apart
    for question in np.flatnonzero((records.answers == MISSING).any(axis=0)).tolist():
        answered = records.answers[:, question] != MISSING
        one = records.tree.nearest(units[:, question])[records.unit[answered]]
        other = records.second_tree.nearest(second[:, question])[records.second_unit[answered]]
        apart[question] = len(one) > 0 and minimum_cut(one, other, enough=rules.floor).weight >= rules.floor
    return apart


def _in_order(cells: Cells, parts: list[Cells], shown: list[BoolArray]) -> BoolArray:
    """Rows of `shown`, given part by part, in the order of the joined cells."""
    keys = [np.stack([part.hierarchy, part.attribute, part.unit, part.value]) for part in parts]
    order = np.lexsort(np.concatenate(keys, axis=1)[::-1])
    result = np.concatenate(shown)[order]
    assert len(result) == cells.n_cells
    return np.asarray(result)


def _cell_totals(slots: NDArray[np.int32], answers: NDArray[np.int8], n_cells: int) -> tuple[IntArray, IntArray]:
    """(n_cells, n_questions): people who answered, and the sums of their answers."""
    n = np.zeros((n_cells, answers.shape[1]), dtype=np.int64)
    sums = np.zeros_like(n)
    for slot in slots.T:
        order = np.argsort(slot, kind="stable")
        order = order[np.searchsorted(slot[order], 0) :]
        if not len(order):
            continue
        found, starts = np.unique(slot[order], return_index=True)
        ordered = answers[order]
        n[found] += np.add.reduceat(ordered != MISSING, starts, axis=0, dtype=np.int64)
        sums[found] += np.add.reduceat(np.maximum(ordered, 0), starts, axis=0, dtype=np.int64)
    return n, sums


def _through_tree_gates(records: SurveyRecords, cells: Cells, codes: IntArray, *, rules: ReleaseRules) -> IntArray:
    """Codes after the exact gate of each hierarchy on its own."""
    result = np.array(codes)
    trees = [(FIRST, records.tree, records.unit)]
    if records.second_tree is not None and records.second_unit is not None:
        trees.append((SECOND, records.second_tree, records.second_unit))
    for hierarchy, tree, unit in trees:
        rows = np.flatnonzero((cells.hierarchy == hierarchy) & (cells.attribute < 0))
        shown = np.zeros((tree.n_units, records.n_questions), dtype=np.bool_)
        shown[cells.unit[rows]] = codes[rows] != HIDDEN
        after = tree_codes(records.points, tree_totals(tree, unit, records.answers), shown=shown, rules=rules)
        result[rows] = after[cells.unit[rows]]
    return result


def _through_crossing_gate(
    records: SurveyRecords,
    own: Ledger,
    earlier: Sequence[Ledger],
    *,
    cells: Cells,
    root_row: int,
    rng: np.random.Generator,
) -> BoolArray:
    everybody = people_of(records.keys, earlier)
    slots, offset = [everybody.spread(own.keys, own.memberships)], own.n_cells
    for ledger in earlier:
        theirs = everybody.spread(ledger.keys, ledger.memberships)
        slots.append(np.where(theirs >= 0, theirs + offset, -1))
        offset += ledger.n_cells
    answers = np.full((len(everybody.keys), records.n_questions), MISSING, dtype=np.int8)
    answers[: everybody.n_new] = records.answers
    tier = np.where(cells.is_tree, TREE_TIER, np.where(cells.hierarchy == SECOND, SECOND_TIER, FILTER_TIER))
    last = tier + cells.n / (1.0 + cells.n.max())
    last[root_row] = NEVER
    old = list(earlier)
    crossing = Crossing(
        memberships=np.concatenate(slots, axis=1).astype(np.int32),
        sums=np.concatenate([one.sums for one in [own, *old]]),
        low=np.concatenate([one.low for one in [own, *old]]),
        high=np.concatenate([one.high for one in [own, *old]]),
        is_shown=np.concatenate([one.is_shown for one in [own, *old]]),
        last=np.append(last, np.full(offset - own.n_cells, NEVER)),
    )
    return crossing_gate(crossing, answers, highest=records.points - 1, rng=rng)[: own.n_cells]


def _sealed(ledger: Ledger, codes: IntArray) -> Ledger:
    shown = codes != HIDDEN
    return Ledger(
        keys=ledger.keys,
        memberships=ledger.memberships,
        divisions=ledger.divisions,
        sums=np.where(shown, ledger.sums, 0),
        low=ledger.low,
        high=ledger.high,
        is_shown=shown,
    )
