"""Which pair to ask about next, and between which ranks an item may lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import check_level
from throughline_analysis.ranking.bradley_terry import BradleyTerry, quantile
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray
from throughline_analysis.ranking.davidson import pair_chances


@dataclass(frozen=True, eq=False)
class NextPairs:
    """Pairs to ask about, most informative first, and the gain expected of each after those before it (nats)."""

    first: IndexArray
    second: IndexArray
    gain_nats: FloatArray
    method: str


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Ranks (1 is best) between which each item lies at `level`; `rank` is by score."""

    rank: IndexArray
    low: IndexArray
    high: IndexArray
    level: float
    method: str


def next_pairs(fit: BradleyTerry, n_pairs: int = 1, *, seen: ArrayLike | None = None) -> NextPairs:
    """The pairs whose comparison is expected to tell most about the scores.

    Parameters
    ----------
    fit : BradleyTerry
        Of what is known so far.
    n_pairs : int >= 1
        How many pairs to choose; each is chosen as if those before it were answered.
    seen : (n_seen, 2) of int, optional
        Pairs that must not be asked again, for example those this person has answered; order does not matter.

    Returns
    -------
    NextPairs
        Up to `n_pairs` pairs, fewer when no more are allowed.

    Raises
    ------
    InputError
        `n_pairs` below one, or `seen` holds no pairs or names items that are not in the fit.
    NotEnoughData
        Every pair has been seen.

    Notes
    -----
    The gain is the expected fall of the entropy of the posterior by one answer, in its normal approximation:
    log(1 + information * variance of the difference) / 2, with the Fisher information of Davidson's model at the
    estimate (D-optimal, Lindley 1956). It is multiplied by the share of comparisons of either item in which people
    could decide, so that pairs nobody can judge are asked last. Equal gains: the lower item numbers. Asking only
    the most informative pairs is no random sample of pairs; scores allow for that, plain win shares do not.
    Cost O(n_items^2) per pair chosen.

    Source
    ------
    Lindley (1956), Annals of Mathematical Statistics 27:986-1005, doi:10.1214/aoms/1177728069. For paired
    comparisons: Glickman, Jensen (2005), JSPI 127:279-293, doi:10.1016/j.jspi.2003.09.022.

    Examples
    --------
    Item 2 was never compared, and item 0 is the closer of the other two.

    >>> fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=3, counts=[2]))
    >>> chosen = next_pairs(fit)
    >>> chosen.first.tolist(), chosen.second.tolist()
    ([0], [2])
    """
    n_items = len(fit.score)
    if n_pairs < 1 or not isinstance(n_pairs, int | np.integer):
        raise InputError(f"`n_pairs` is {n_pairs}; ask for a whole number of pairs, at least one.")
    is_open = np.triu(np.ones((n_items, n_items), dtype=np.bool_), 1)
    if seen is not None:
        pairs = _pairs(seen)
        if pairs.size and (pairs.min() < 0 or pairs.max() >= n_items):
            raise InputError(f"`seen` names an item outside 0 to {n_items - 1}.")
        is_open[pairs.min(axis=1), pairs.max(axis=1)] = False
    if not is_open.any():
        raise NotEnoughData("Every pair has been seen already; there is nothing left to ask.")
    covariance = fit.covariance.copy()
    information = pair_chances(fit.score[:, None] - fit.score[None, :], fit.tie_log_odds).information
    deciding = (fit.n + 1) / (fit.n + fit.undecided + 1)
    chosen: list[tuple[int, int, float]] = []
    while len(chosen) < n_pairs and is_open.any():
        own = np.diagonal(covariance)
        variance = np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0.0)
        gain = np.log1p(information * variance) / 2 * deciding[:, None] * deciding[None, :]
        # Rounding must not decide between pairs that are alike.
        gain = np.where(is_open, np.round(gain, 12), -1.0)
        one, two = divmod(int(gain.argmax()), n_items)
        chosen.append((one, two, float(gain[one, two])))
        is_open[one, two] = False
        moved = covariance[:, one] - covariance[:, two]
        weight = information[one, two] / (1 + information[one, two] * variance[one, two])
        covariance -= weight * np.multiply.outer(moved, moved)
    first, second, gains = zip(*chosen, strict=True)
    return NextPairs(np.array(first), np.array(second), np.array(gains), "expected information, D-optimal")


def _pairs(seen: ArrayLike) -> IndexArray:
    given: NDArray[np.generic] = np.array(seen)
    if given.size == 0:
        return np.zeros((0, 2), dtype=np.intp)
    if given.ndim != 2 or given.shape[1] != 2 or given.dtype.kind not in "iu":
        raise InputError("`seen` must hold pairs of item numbers, two a row.")
    return given.astype(np.intp)


def rank_intervals(fit: BradleyTerry, *, level: float = 0.95) -> RankIntervals:
    """Between which ranks each item lies.

    Parameters
    ----------
    fit : BradleyTerry
        Of `bradley_terry`.
    level : float in (0, 1)
        Chance that the interval of one item holds its rank, at least.

    Returns
    -------
    RankIntervals
        `rank`, `low`, `high`: (n_items,), 1 is most preferred. Equal scores share the better rank.

    Raises
    ------
    InputError
        `level` out of range.

    Notes
    -----
    An item is surely behind every item whose difference to it has an interval above zero, the differences of one
    item taken together (Bonferroni), and surely before those below zero. The intervals cover at least at their
    level, for each item by itself; they are wide where items are alike, and that is the truth about them.
    Cost O(n_items^2).

    Source
    ------
    Mogstad, Romano, Shaikh, Wilhelm (2024), Review of Economic Studies 91:476-518, doi:10.1093/restud/rdad006.

    Examples
    --------
    >>> tally = comparisons([0, 0, 1], [1, 2, 2], outcomes=[1, 1, 1], n_items=3, counts=[2, 90, 90])
    >>> ranks = rank_intervals(bradley_terry(tally))
    >>> ranks.low.tolist(), ranks.high.tolist()
    ([1, 1, 3], [2, 2, 3])
    """
    check_level(level)
    n_items = len(fit.score)
    reach = quantile(1 - (1 - level) / (n_items - 1), fit.degrees_of_freedom)
    own = np.diagonal(fit.covariance)
    error = np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * fit.covariance, 0.0))
    ahead = fit.score[None, :] - fit.score[:, None]
    np.fill_diagonal(ahead, 0.0)
    is_behind = ahead > reach * error
    is_before = ahead < -reach * error
    return RankIntervals(
        rank=1 + (fit.score[None, :] > fit.score[:, None]).sum(axis=1),
        low=1 + is_behind.sum(axis=1),
        high=n_items - is_before.sum(axis=1),
        level=level,
        method="simultaneous differences, Bonferroni",
    )
