"""A score for each person from several items of one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.surveys.answers import FloatArray, IndexArray, answer_table, require_range

# Half the items: the rule of most published scales ("half rule", Fairclough and Cella 1996). What it costs is tested.
LEAST_ANSWERED_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class ScaleScores:
    """Scores in the order of people, nan where too few items were answered, which is missing input, not a failure.

    `scores` (n_people,) in the unit of the answers; `index_0_1` the same from 0 at the lowest to 1 at the highest
    answer; `answered_share_0_1` of the items; `item_means` (n_items,) after reversing, for all who answered the item;
    `n_scored` people have a score; `n_left_out` answered something, but too little.
    """

    scores: FloatArray
    index_0_1: FloatArray
    answered_share_0_1: FloatArray
    is_scored: NDArray[np.bool_]
    item_means: FloatArray
    n_scored: int
    n_left_out: int
    method: str


def score_scale(
    answers: ArrayLike,
    *,
    lowest: float,
    highest: float,
    reversed_items: Sequence[int] = (),
    least_answered_share: float = LEAST_ANSWERED_SHARE,
) -> ScaleScores:
    """A score for each person: the mean of the items answered, reversed where needed.

    Parameters
    ----------
    answers : (n_people, n_items) of float in [lowest, highest], nan for no answer
        For example 1 to 5 from "strongly disagree" to "strongly agree".
    lowest, highest : float
        Of the answer scale, not of the answers given.
    reversed_items : sequence of int
        Columns in which agreeing means less; their answer a becomes lowest + highest - a.
    least_answered_share : float in (0, 1]
        Of the items a person must have answered to get a score.

    Returns
    -------
    ScaleScores
        `scores`, `index_0_1`, `answered_share_0_1`, `is_scored`: (n_people,); `item_means`: (n_items,); counts.

    Raises
    ------
    InputError
        Wrong shape, an answer outside the scale, a reversed item that is not a column or named twice, or a share
        outside (0, 1].
    NotEnoughData
        Nobody answered enough items.

    Notes
    -----
    The mean of the answered items stands for the mean of all. That is right when the items have similar means, or
    when what was left out has nothing to do with the answer; otherwise leaving out an item on which all score low
    raises the score. Compare `item_means`. Whether the items belong together at all is for `cronbach_alpha` and
    `mcdonald_omega`. Cost O(n_people * n_items).

    Source
    ------
    Fairclough and Cella (1996), Quality of Life Research 5:321-329, doi:10.1007/BF00433916 (half rule); the index is
    that of the UK Civil Service People Survey, where the 5 options weigh 0, 25, 50, 75 and 100 %.

    Examples
    --------
    >>> nan = float("nan")
    >>> result = score_scale([[5, 1, 4], [4, nan, 4], [nan, nan, 2]], lowest=1, highest=5, reversed_items=[1])
    >>> result.scores.round(2).tolist(), result.index_0_1.round(2).tolist()
    ([4.67, 4.0, nan], [0.92, 0.75, nan])
    >>> result.n_scored, result.n_left_out
    (2, 1)
    """
    table = answer_table(answers)
    require_range(table, lowest, highest=highest)
    if not 0 < least_answered_share <= 1:
        raise InputError("The least share of answered items lies above 0 and is at most 1, for example 0.5.")
    reverse = _reversed(reversed_items, table.shape[1])
    table[:, reverse] = lowest + highest - table[:, reverse]
    is_answered = ~np.isnan(table)
    counts = is_answered.sum(axis=1)
    share = counts / table.shape[1]
    # A share of 0.6 of five items is three items; without the slack, rounding would ask for four.
    is_scored = (counts > 0) & (share >= least_answered_share - 1e-9)
    if not is_scored.any():
        raise NotEnoughData(f"Nobody answered {least_answered_share:.0%} of the items, so there is nobody to score.")
    filled = np.where(is_answered, table, 0.0)
    scores = np.where(is_scored, filled.sum(axis=1) / np.maximum(counts, 1), np.nan)
    given = is_answered.sum(axis=0)
    return ScaleScores(
        scores=scores,
        index_0_1=(scores - lowest) / (highest - lowest),
        answered_share_0_1=share,
        is_scored=is_scored,
        item_means=np.where(given > 0, filled.sum(axis=0) / np.maximum(given, 1), np.nan),
        n_scored=int(is_scored.sum()),
        n_left_out=int(((counts > 0) & ~is_scored).sum()),
        method=f"mean of answered items, at least {least_answered_share:.0%} answered",
    )


def _reversed(reversed_items: Sequence[int], n_items: int) -> IndexArray:
    given: NDArray[np.generic] = np.array(reversed_items)
    # True and False would be read as columns 1 and 0.
    if given.size and given.dtype.kind not in "iu":
        raise InputError(f"Reversed items are numbers of columns, such as [0, 2]; got {given.dtype}.")
    columns = given.astype(np.intp)
    if columns.ndim != 1 or ((columns < 0) | (columns >= n_items)).any():
        raise InputError(f"Reversed items are numbers of columns from 0 to {n_items - 1}.")
    if len(np.unique(columns)) < len(columns):
        raise InputError("An item is named twice among the reversed ones; name each once.")
    return columns
