"""Ranked ballots as they are cast, checked, and the table of who is preferred to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray, whole_numbers

# Counts that differ by less than this part of all votes are equal: shares such as thirds do not add up exactly.
EQUAL_PART = 1e-9


@dataclass(frozen=True, eq=False)
class Ballots:
    """Ranked ballots: `ranks` (n_ballots, n_candidates), lower is better, infinite for not ranked; `counts` each."""

    ranks: FloatArray
    counts: FloatArray

    @property
    def n_candidates(self) -> int:
        return int(self.ranks.shape[1])

    @property
    def total(self) -> float:
        """How many people voted, blank ballots included."""
        return float(self.counts.sum())

    def preferred(self) -> FloatArray:
        """How many ballots rank the row's candidate strictly above the column's, (n_candidates, n_candidates)."""
        table = np.zeros((self.n_candidates, self.n_candidates))
        for one in range(self.n_candidates):
            table[one] = self.counts @ (self.ranks[:, [one]] < self.ranks)
        return table


def ballots(ranks: ArrayLike, counts: ArrayLike | None = None) -> Ballots:
    """Ranked ballots, checked.

    Parameters
    ----------
    ranks : (n_ballots, n_candidates) of float, nan for not ranked
        1 for the most preferred. Ranks may be equal and may skip numbers. Candidates without a rank stand below all
        ranked ones, equal among themselves.
    counts : (n_ballots,) of float >= 0, optional
        How often each ballot was cast; once unless given.

    Returns
    -------
    Ballots
        Unchanged by every rule.

    Raises
    ------
    InputError
        Wrong shape, infinite ranks, counts that are infinite or negative.
    NotEnoughData
        No ballots, or no candidates.

    Notes
    -----
    Cost O(n_ballots * n_candidates).

    Examples
    --------
    >>> ballots([[1, 2, 3], [2, 1, np.nan]], [3, 2]).preferred().tolist()
    [[0.0, 3.0, 5.0], [2.0, 0.0, 5.0], [0.0, 0.0, 0.0]]
    """
    given = as_floats(ranks, name="ranks")
    if given.ndim != 2:
        raise InputError(f"`ranks` has shape {given.shape}; give ballots x candidates.")
    if np.isinf(given).any():
        raise InputError("`ranks` holds an infinite rank; use nan for a candidate that was not ranked.")
    many = np.ones(len(given)) if counts is None else as_floats(counts, name="counts")
    if many.shape != (len(given),):
        raise InputError(f"`counts` has shape {many.shape} for {len(given)} ballots; give one count each.")
    if not (np.isfinite(many).all() and (many >= 0).all()):
        raise InputError("`counts` must be finite and not negative.")
    if given.shape[1] == 0 or not many.sum() > 0:
        raise NotEnoughData("There is nothing to count; a vote needs a candidate and a ballot.")
    return Ballots(np.where(np.isnan(given), np.inf, given), many)


def checked_order(tie_order: Sequence[int] | ArrayLike | None, n_candidates: int) -> IndexArray | None:
    """Position of each candidate in the order drawn by lot, 0 for the one that wins ties; None where none is given."""
    if tie_order is None:
        return None
    order = whole_numbers(tie_order, name="tie_order")
    if sorted(order.tolist()) != list(range(n_candidates)):
        raise InputError(f"`tie_order` must name each of the {n_candidates} candidates once, the favoured one first.")
    position = np.empty(n_candidates, dtype=np.intp)
    position[order] = np.arange(n_candidates)
    return position
