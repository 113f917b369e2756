"""The whole way from records to a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.cells import FIRST, SECOND, Cells, Places, memberships
from throughline_analysis.disclosure.choosing import Everybody, chosen_cells, everybody_in
from throughline_analysis.disclosure.coding import HIDDEN, codes_of, limits_of
from throughline_analysis.disclosure.comments import shown_comments
from throughline_analysis.disclosure.earlier import Ledger, require_same_questions
from throughline_analysis.disclosure.gate import (
    FILTER_TIER,
    NEVER,
    SECOND_TIER,
    TREE_TIER,
    Crossing,
    crossing_gate,
)
from throughline_analysis.disclosure.making import tree_codes, tree_totals, without_decoys
from throughline_analysis.disclosure.records import MISSING, SurveyRecords
from throughline_analysis.disclosure.release import Release
from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.disclosure.tree import IntArray

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
        Of all earlier releases in which any of the same ballots took part, with the same questions. Ballots are told
        by their `keys`; those withdrawn since stay as safe as those that are still there.
    rules : ReleaseRules
        The floors; other than the standard ones for studies only.

    Returns
    -------
    ReleaseOutcome
        The release, and what must be kept for the next one.

    Raises
    ------
    InputError
        An earlier release has other questions, or other answers under the same key.
    NotEnoughData
        Fewer than five ballots in all, or fewer than five answers to every question, or fewer than five that make the
        difference to an earlier release.

    Notes
    -----
    1. By sizes alone: the most units without a group or remainder of one to four people; a second hierarchy where
    every combination with the first is about five people or none; single filters where leverages prove the same.
    2. Decoys: a small random part of the units and of the values is left out, so that no gap proves anything. After an
    earlier release of the same ballots that may be the topmost unit's.
    3. Values are coded in classes. 4. Gate: for every person and question the lowest and the highest answer must both
    remain possible; values are hidden until they do. 5. Comments, of ballots not listed before.
    Cost about O(n_people * n_questions * n_levels * n_attributes).

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
    require_same_questions(earlier, records.points)
    everybody = everybody_in(records, earlier)
    chosen = chosen_cells(records, everybody, rules=rules, rng=rng)
    # Only beside an earlier release may the gate have to hide the topmost unit, so only then is it left out by chance.
    keep = None if earlier else chosen.root_row
    shown = without_decoys(chosen.is_shown, keep=keep, rng=rng, share_0_1=rules.decoy_share_0_1)
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
        answers=records.answers,
        points=records.points,
        memberships=slots,
        divisions=chosen.divisions,
        sums=sums,
        low=limits.low,
        high=limits.high,
        is_shown=codes != HIDDEN,
        has_comments=records.n_people >= rules.comment_floor,
    )
    if earlier or not chosen.cells.is_tree.all():
        kept = _through_crossing_gate(own, everybody, cells=chosen.cells, root_row=chosen.root_row, rng=rng)
        codes = np.where(kept, codes, HIDDEN)
    ledger = _sealed(own, codes)
    release = Release(
        parents=records.tree.parents,
        second_parents=None if records.second_tree is None else records.second_tree.parents,
        points=records.points,
        cells=chosen.cells,
        codes=codes,
        comments=shown_comments(records, is_shown=chosen.tree_units, listed=everybody.has_comments, rules=rules),
        rules=rules,
    )
    return ReleaseOutcome(release, ledger, n_gated=before_gate - int((codes != HIDDEN).sum()), n_decoys=n_decoys)


def _places(records: SurveyRecords) -> Places:
    return Places(records.tree, records.unit, records.attributes, records.second_tree, records.second_unit)


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
    own: Ledger, everybody: Everybody, *, cells: Cells, root_row: int, rng: np.random.Generator
) -> BoolArray:
    people, earlier = everybody.people, everybody.earlier
    slots, offset = [people.spread(own.keys, own.memberships)], own.n_cells
    for ledger in earlier:
        theirs = people.spread(ledger.keys, ledger.memberships)
        slots.append(np.where(theirs >= 0, theirs + offset, -1))
        offset += ledger.n_cells
    tier = np.where(cells.is_tree, TREE_TIER, np.where(cells.hierarchy == SECOND, SECOND_TIER, FILTER_TIER))
    # The topmost unit is the largest and so the last; in a release alone it never needs to go.
    last = tier + cells.n / (1.0 + cells.n.max())
    if not earlier:
        last[root_row] = NEVER
    everything = [own, *earlier]
    crossing = Crossing(
        memberships=np.concatenate(slots, axis=1).astype(np.int32),
        sums=np.concatenate([one.sums for one in everything]),
        low=np.concatenate([one.low for one in everything]),
        high=np.concatenate([one.high for one in everything]),
        is_shown=np.concatenate([one.is_shown for one in everything]),
        last=np.append(last, np.full(offset - own.n_cells, NEVER)),
    )
    return crossing_gate(crossing, everybody.answers, highest=own.points - 1, rng=rng)[: own.n_cells]


def _sealed(ledger: Ledger, codes: IntArray) -> Ledger:
    shown = codes != HIDDEN
    return replace(ledger, sums=np.where(shown, ledger.sums, 0), is_shown=shown)
