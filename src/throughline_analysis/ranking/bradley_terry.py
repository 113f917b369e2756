"""How strongly each item is preferred, from comparisons of two at a time, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.ranking.comparisons import BoolArray, Comparisons, FloatArray, IndexArray, whole_numbers
from throughline_analysis.ranking.davidson import pair_chances
from throughline_analysis.ranking.fitting import NOT_SETTLED, Mode, posterior_mode

METHOD = "Bradley-Terry, maximum a posteriori, Laplace"
# Standard deviation of scores before anything is known, in log odds. 1 says: of two items drawn at random the better
# one is preferred in about three of four comparisons. Tests halve and double it.
PRIOR_SD = 1.0
# A full covariance of this many items is 128 MB, and 50 seconds of one core.
MOST_ITEMS_FULL = 4_000
# Up to this size a plain solve is as fast, and does not wait for threads as LAPACK's own inverse may.
SMALL_INVERSE = 300


@dataclass(frozen=True, eq=False)
class BradleyTerry:
    """Scores of items on the scale of log odds, in item order, centred on zero.

    `low` to `high` is the interval of each score at `level`; `covariance` (n_items, n_items) is that of the centred
    scores, so the variance of a difference follows from it. `n` counts wins, losses and ties of each item,
    `undecided` the answers "cannot decide". `component` numbers the sets of items that are linked by comparisons:
    between two of them only the prior decides. `tie_log_odds` is log nu of Davidson's model, None where nobody tied;
    `tie_interval` is its interval, `tie_covariance` its covariance with each score and, last, its variance.
    `degrees_of_freedom` of the intervals: infinite (normal) where answers are taken as independent.
    """

    score: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FloatArray
    n: FloatArray
    undecided: FloatArray
    component: IndexArray
    tie_log_odds: float | None
    tie_interval: Interval | None
    tie_covariance: FloatArray
    degrees_of_freedom: float
    prior_sd: float
    level: float
    method: str

    @property
    def order(self) -> IndexArray:
        """Items from the most to the least preferred; equal scores in item order."""
        return np.argsort(-self.score, kind="stable")


@dataclass(frozen=True, eq=False)
class Preference:
    """Chance that the first is preferred to the second, given that somebody decides, per pair, with its interval."""

    chance: FloatArray
    low: FloatArray
    high: FloatArray
    tie_chance: FloatArray
    level: float
    method: str


def bradley_terry(tally: Comparisons, *, prior_sd: float = PRIOR_SD, level: float = 0.95) -> BradleyTerry:
    """Score of each item, higher is more preferred, with an interval and the full covariance.

    Parameters
    ----------
    tally : Comparisons
        Of `comparisons`; groups are pooled.
    prior_sd : float from 0.0001 to 1,000
        Standard deviation of the scores before any comparison, in log odds.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    BradleyTerry
        Scores and intervals (n_items,), covariance (n_items, n_items).

    Raises
    ------
    InputError
        `prior_sd` or `level` out of range, or more than 4,000 items: use `bradley_terry_large`.
    NotEnoughData
        Everybody answered "cannot decide", or `counts` so uneven that no scores settle.

    Notes
    -----
    With scores s: P(first preferred) : P(second preferred) : P(tie) = exp(d/2) : exp(-d/2) : nu, d = s_first -
    s_second (Davidson 1970). Without ties nu = 0, the model of Bradley and Terry. "Cannot decide" is no tie: it
    counts beside the item and does not move its score. Scores are independent N(0, prior_sd^2) beforehand, log nu
    N(0, 2^2); the estimate is the posterior mode, the interval the normal approximation there. The prior lets items
    that always won have finite scores and pulls items with few comparisons to the middle: judged over many items
    the intervals cover at their level, for one extreme item with few comparisons they do not.

    Answers are treated as independent. Where people give many answers each, and differ, the intervals are too narrow:
    `clustered_by_person` widens them. A score says what the asked preferred among the pairs they met, not how good an
    item is.
    Cost: O(rows) per step, about six steps, then O(n_items^3) for the covariance, n_items^2 numbers.

    Source
    ------
    Bradley, Terry (1952), Biometrika 39:324-345, doi:10.2307/2334029. Davidson (1970), JASA 65:317-328,
    doi:10.1080/01621459.1970.10481082. Posterior mode: Caron, Doucet (2012), JCGS 21:174-196,
    doi:10.1080/10618600.2012.638220.

    Examples
    --------
    >>> tally = comparisons([0, 0, 1], [1, 2, 2], outcomes=[1, 1, 1], n_items=3, counts=[8, 9, 7])
    >>> fit = bradley_terry(tally)
    >>> fit.score.round(2).tolist(), fit.order.tolist()
    ([1.62, -0.04, -1.58], [0, 1, 2])
    """
    if tally.n_items > MOST_ITEMS_FULL:
        raise InputError(f"{tally.n_items} items are too many for a full covariance; use `bradley_terry_large`.")
    check_level(level)
    pooled = decided_only(tally)
    mode = posterior_mode(pooled, prior_sd, is_sparse=False)
    covariance, tie_covariance = _centred_covariance(mode, tally.n_items)
    standard_error = np.sqrt(np.diagonal(covariance))
    reach = normal_quantile(level)
    return BradleyTerry(
        score=mode.scores,
        standard_error=standard_error,
        low=mode.scores - reach * standard_error,
        high=mode.scores + reach * standard_error,
        covariance=covariance,
        n=pooled.per_item(pooled.decided),
        undecided=pooled.per_item(pooled.undecided),
        component=components(pooled),
        tie_log_odds=mode.tie_log_odds,
        tie_interval=tie_interval(mode.tie_log_odds, tie_covariance, reach, level=level),
        tie_covariance=tie_covariance,
        degrees_of_freedom=math.inf,
        prior_sd=prior_sd,
        level=level,
        method=METHOD,
    )


def preference(fit: BradleyTerry, first: ArrayLike, *, second: ArrayLike) -> Preference:
    """Chance that the next person prefers one item to another, with an interval.

    Parameters
    ----------
    fit : BradleyTerry
        Of `bradley_terry`.
    first, second : (n_pairs,) of int
        The pairs asked about.

    Returns
    -------
    Preference
        `chance`, `low`, `high`: of first over second among those who decide, (n_pairs,); `tie_chance`: of a tie.

    Raises
    ------
    InputError
        An item is not in the fit.

    Notes
    -----
    The interval is that of the difference of scores, mapped to chances; it is about the whole of the people asked,
    not about one person. Cost O(n_pairs).

    Examples
    --------
    >>> fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=2, counts=[12]))
    >>> preference(fit, [0], second=[1]).chance.round(2).tolist()
    [0.91]
    """
    one, two = pairs_asked(first, second, len(fit.score))
    difference = fit.score[one] - fit.score[two]
    reach = quantile(fit.level, fit.degrees_of_freedom) * np.sqrt(difference_variance(fit.covariance, one, second=two))
    return Preference(
        chance=_logistic(difference),
        low=_logistic(difference - reach),
        high=_logistic(difference + reach),
        tie_chance=pair_chances(difference, fit.tie_log_odds).tie,
        level=fit.level,
        method=fit.method,
    )


def pairs_asked(first: ArrayLike, second: ArrayLike, n_items: int) -> tuple[IndexArray, IndexArray]:
    """Both items of each pair, refused where one is not in the fit."""
    one, two = whole_numbers(first, name="first"), whole_numbers(second, name="second")
    if one.shape != two.shape:
        raise InputError(f"`first` has {len(one)} items and `second` {len(two)}; give one each a pair.")
    for items in (one, two):
        if items.size and (items.min() < 0 or items.max() >= n_items):
            raise InputError(f"An item lies outside 0 to {n_items - 1}; ask about items of the fit.")
    return one, two


def difference_variance(covariance: FloatArray, first: IndexArray, *, second: IndexArray) -> FloatArray:
    """Variance of score differences; rounding below zero is cut off."""
    own = np.diagonal(covariance)
    variance: FloatArray = own[first] + own[second] - 2 * covariance[first, second]
    return np.maximum(variance, 0.0)


def normal_quantile(level: float) -> float:
    """How many standard errors an interval of this coverage reaches to either side."""
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)


def quantile(level: float, degrees_of_freedom: float) -> float:
    """As `normal_quantile`, of Student's distribution where the degrees of freedom are finite."""
    if math.isinf(degrees_of_freedom):
        return normal_quantile(level)
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, (1 + level) / 2))


def tie_interval(
    tie_log_odds: float | None, tie_covariance: FloatArray, reach: float, *, level: float
) -> Interval | None:
    """Interval of log nu, None where nobody tied."""
    if tie_log_odds is None:
        return None
    error = math.sqrt(tie_covariance[-1])
    return Interval(tie_log_odds - reach * error, tie_log_odds + reach * error, level, "Laplace")


def decided_only(tally: Comparisons) -> Comparisons:
    """The tally without groups, refused when nobody decided anything."""
    pooled = tally.pooled()
    if not pooled.decided.any():
        raise NotEnoughData("Nobody has preferred one item to another yet; scores need at least one decided pair.")
    return pooled


def components(tally: Comparisons) -> IndexArray:
    """Number of the set of linked items each item belongs to; numbered by their smallest item."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    met: BoolArray = tally.decided > 0
    place = (tally.first[met], tally.second[met])
    graph = sparse.coo_array((np.ones(int(met.sum())), place), shape=(tally.n_items, tally.n_items))
    _, label = connected_components(graph, directed=False)
    _, smallest, inverse = np.unique(label, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(smallest))[inverse].astype(np.intp)


def _centred_covariance(mode: Mode, n_items: int) -> tuple[FloatArray, FloatArray]:
    from scipy.linalg import lapack

    # The direction "all scores alike" is never observed. The prior alone holds it, far more weakly than answers hold
    # the rest, so its inverse would drown them; held as strongly as they are, it is taken away without loss.
    held = float(np.diagonal(mode.precision)[:n_items].mean()) / n_items
    lifted = mode.precision.copy()
    lifted[:n_items, :n_items] += held
    factor, info = lapack.dpotrf(lifted.T, lower=1, overwrite_a=1)
    if info == 0 and len(factor) <= SMALL_INVERSE:
        inverse, info = lapack.dpotrs(factor, np.eye(len(factor)), lower=1)
    elif info == 0:
        inverse, info = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if info != 0:
        raise NotEnoughData(NOT_SETTLED)
    # One triangle is sure to be filled; mirror it.
    lower = np.tril(inverse)
    full = lower + np.tril(lower, -1).T
    tie_covariance = full[n_items].copy() if len(full) > n_items else np.zeros(0)
    return full[:n_items, :n_items] - 1 / (n_items * (mode.prior_sd**-2 + n_items * held)), tie_covariance


def _logistic(log_odds: FloatArray) -> FloatArray:
    return 0.5 * (1 + np.tanh(log_odds / 2))
