"""From records to a release: sizes first, then decoys, then the gate that looks at answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.coding import HIDDEN, codes_of, limits_of
from throughline_analysis.disclosure.ranges import TreeValues, tree_gate
from throughline_analysis.disclosure.records import MISSING
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.suppression import visible_units
from throughline_analysis.disclosure.tree import IntArray, UnitTree

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TreeTotals:
    """Sums over the units of one tree: `own_n`, `own_sum` of the people directly in a unit, `n`, `sums` with all below.

    Arrays are (n_units, n_questions); only people who answered count. `ballots` (n_units,) counts all people.
    """

    tree: UnitTree
    own_n: IntArray
    own_sum: IntArray
    n: IntArray
    sums: IntArray
    ballots: IntArray


def tree_totals(tree: UnitTree, unit: IntArray, answers: NDArray[np.int8]) -> TreeTotals:
    """Count and add up the answers of every unit."""
    order = np.argsort(unit, kind="stable")
    occupied, starts = np.unique(unit[order], return_index=True)
    ordered = answers[order]
    own_n = np.zeros((tree.n_units, answers.shape[1]), dtype=np.int64)
    own_sum = np.zeros_like(own_n)
    if len(occupied):
        own_n[occupied] = np.add.reduceat(ordered != MISSING, starts, axis=0, dtype=np.int64)
        own_sum[occupied] = np.add.reduceat(np.maximum(ordered, 0), starts, axis=0, dtype=np.int64)
    ballots = np.bincount(unit, minlength=tree.n_units).astype(np.int64)
    return TreeTotals(tree, own_n, own_sum, tree.subtree_sum(own_n), tree.subtree_sum(own_sum), ballots)


def shown_by_size(totals: TreeTotals, *, allowed: BoolArray | None = None, rules: ReleaseRules) -> BoolArray:
    """(n_units, n_questions): the units to show by size; fewer where answers to a question are missing."""
    units = visible_units(totals.tree, totals.ballots, allowed=allowed, rules=rules).is_shown
    shown = np.repeat(units[:, None], totals.n.shape[1], axis=1)
    everybody = totals.tree.subtree_sum(totals.ballots)[totals.tree.root]
    for question in np.flatnonzero(totals.n[totals.tree.root] < everybody):
        if totals.n[totals.tree.root, question] < rules.floor:
            shown[:, question] = False
            continue
        answered = visible_units(totals.tree, totals.own_n[:, question], allowed=units, rules=rules)
        shown[:, question] = answered.is_shown
    return shown


def without_decoys(shown: BoolArray, *, keep: int | None, rng: np.random.Generator, share_0_1: float) -> BoolArray:
    """Leave out a small random part, so that a gap has an innocent reason; `keep` is a row that always stays.

    Whatever set of values is published, it might have come about by chance alone from any answers that agree with
    it. So the gaps exclude no answers that the printed values do not exclude already.
    """
    left_out = rng.random(shown.shape) < share_0_1
    if keep is not None:
        left_out[keep] = False
    return np.asarray(shown & ~left_out, dtype=np.bool_)


def without_decoy_units(tree: UnitTree, *, rng: np.random.Generator, share_0_1: float) -> BoolArray:
    """(n_units,): units that may be shown, all but a small random part; the topmost always may.

    Which siblings are hidden follows from sizes, and whoever knows that could work out the size of a small one.
    Any set of shown units, however, might have come about by chance alone from any sizes that agree with the counts
    shown: so their gaps say nothing about sizes that the counts do not say already.
    """
    may = rng.random(tree.n_units) >= share_0_1
    may[tree.root] = True
    return np.asarray(may, dtype=np.bool_)


def tree_codes(points: IntArray, totals: TreeTotals, *, shown: BoolArray, rules: ReleaseRules) -> IntArray:
    """(n_units, n_questions): printed codes of a tree after the gate, -1 where hidden."""
    codes = codes_of(totals.sums, totals.n, points=points, rules=rules)
    codes = np.where(shown, codes, HIDDEN)
    limits = limits_of(codes, totals.n, points=points, rules=rules)
    values = TreeValues(totals.tree, totals.own_n * (points - 1), low=limits.low, high=limits.high)
    ballots = totals.tree.subtree_sum(totals.ballots)
    kept = tree_gate(values, shown, n=ballots, largest_answers=points - 1)
    return np.asarray(np.where(kept, codes, HIDDEN), dtype=np.int64)
