"""Realistic yet challenging? What comparable goals reached, and how often they would have met a target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.forecasting.histories import FloatArray
from throughline_analysis.forecasting.shares import share_interval
from throughline_analysis.intervals import Interval, check_level

# Below this the interval of a chance spans more than half of all chances.
FEWEST_COMPARABLE = 8
# Words for chances. A target that half to three quarters of comparable goals reached asks for effort and can be met:
# goals at the limit of ability drew the best performance as long as people were committed (Locke and Latham 1990,
# p. 27-30). Where the lines are drawn is a choice of Throughline.
EASY_FROM = 0.9
REALISTIC_FROM = 0.75
CHALLENGING_FROM = 0.5
STRETCH_FROM = 0.2
# An interval wider than this reaches over three of the words or more; at a level of 0.9 some sixteen goals are needed.
WIDEST_DECIDED = 0.4


class TargetVerdict(StrEnum):
    """What a chance means for a target. UNDECIDED: its interval is too wide for a word."""

    EASY = "easy"
    REALISTIC = "realistic"
    CHALLENGING = "realistic_yet_challenging"
    STRETCH = "stretch"
    OUT_OF_REACH = "out_of_reach"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class TargetChance:
    """The chance that a goal like the comparable ones reaches the target, and what to call it.

    `n` comparable goals went in, worth `effective_n` equally weighted ones; `reached` of them met the target.
    """

    chance: float
    interval: Interval
    verdict: TargetVerdict
    reached: int
    n: int
    effective_n: float


@dataclass(frozen=True)
class ReachableTarget:
    """The target that comparable goals reach with a chosen chance, with an interval from the same goals."""

    target: float
    interval: Interval
    chance: float
    n: int
    effective_n: float


def reference_chance(
    outcomes: ArrayLike, target: float, *, weights: ArrayLike | None = None, level: float = 0.9
) -> TargetChance:
    """How often goals like this one reached at least such a target: the view from outside.

    Parameters
    ----------
    outcomes : (n,) of float
        What comparable finished goals achieved, in a unit that compares: growth per quarter in percent, change from
        the baseline, score. Larger is better; turn the sign for falling measures.
    target : float
        In the same unit.
    weights : (n,) of float, at least 0, optional
        How comparable each is (1: fully). Equal unless given.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    TargetChance
        `chance`, its Jeffreys interval, and a verdict in words.

    Raises
    ------
    InputError
        Shapes differ or a number is not finite.
    NotEnoughData
        Comparable goals are worth fewer than eight equally weighted ones.

    Notes
    -----
    The chance is (r + 1/2) / (n + 1) for r of n that reached the target, counted by weight and scaled to the effective
    number, so it is never 0 or 1. The class decides: whoever picks only successes gets high chances. Targets that
    were set with the outcome known, or dropped goals left out, make it too high. Cost O(n).

    Source
    ------
    Kahneman and Tversky (1979), TIMS Studies in Management Science 12:313-327; Flyvbjerg (2006), Project Management
    Journal 37(3):5-15, doi:10.1177/875697280603700302; Kish (1965), Survey Sampling (effective number); Locke and
    Latham (1990), A Theory of Goal Setting and Task Performance.

    Examples
    --------
    >>> result = reference_chance([2, 3, 4, 4, 5, 6, 7, 8, 9, 12] * 2, 5)
    >>> round(result.chance, 2), str(result.verdict)
    (0.6, 'realistic_yet_challenging')
    >>> str(reference_chance([2, 3, 4, 4, 5, 6, 7, 8, 9, 12], 5).verdict)
    'undecided'
    """
    achieved, weight, effective = _comparable(outcomes, weights, level=level)
    if not np.isfinite(target):
        raise InputError("The target is not a finite number; give the value to be reached.")
    share = float(weight[achieved >= target].sum() / weight.sum())
    chance = (share * effective + 0.5) / (effective + 1)
    interval = share_interval(share * effective, effective, level=level)
    return TargetChance(
        chance=chance,
        interval=interval,
        verdict=_verdict(chance, interval),
        reached=int((achieved >= target).sum()),
        n=len(achieved),
        effective_n=effective,
    )


def reachable_target(
    outcomes: ArrayLike, chance: float, *, weights: ArrayLike | None = None, level: float = 0.9
) -> ReachableTarget:
    """The target that goals like this one reach with a chosen chance.

    Parameters
    ----------
    outcomes, weights
        As for `reference_chance`.
    chance : float in (0, 1)
        Such as 0.6 for realistic yet challenging.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    ReachableTarget
        `target` and its interval, in the unit of the outcomes.

    Raises
    ------
    InputError
        Shapes differ or a number is out of range.
    NotEnoughData
        Comparable goals are worth fewer than eight equally weighted ones.

    Notes
    -----
    The largest outcome that at least that share reached. The interval runs between the two outcomes that the binomial
    distribution of ranks singles out, whatever shape the outcomes have; at the edges it ends with the data, and then
    covers less. Cost O(n log n).

    Source
    ------
    Hahn and Meeker (1991), Statistical Intervals, section 5.2, doi:10.1002/9780470316771.

    Examples
    --------
    >>> result = reachable_target([2, 3, 4, 4, 5, 6, 7, 8, 9, 12], 0.6)
    >>> result.target, (result.interval.low, result.interval.high)
    (5.0, (3.0, 8.0))
    """
    achieved, weight, effective = _comparable(outcomes, weights, level=level)
    if not 0 < chance < 1:
        raise InputError(f"`chance` is {chance:g}; choose one between 0 and 1, such as 0.6.")
    order = np.argsort(achieved, kind="stable")
    achieved, below = achieved[order], np.cumsum(weight[order]) / weight.sum()
    ends = _rank_shares(1 - chance, effective=effective, level=level)
    last = len(below) - 1
    # A sum of weights may end a last digit short of one.
    middle = achieved[min(int(np.searchsorted(below, 1 - chance + 1e-12, side="right")), last)]
    low, high = (achieved[min(int(np.searchsorted(below, at - 1e-12)), last)] for at in ends)
    return ReachableTarget(
        float(middle),
        Interval(float(min(low, middle)), float(max(high, middle)), level, "binomial ranks"),
        chance,
        len(achieved),
        effective,
    )


def _rank_shares(share: float, *, effective: float, level: float) -> tuple[float, float]:
    """Shares of the ranks between which the quantile at a share lies."""
    from scipy.special import bdtr

    n = int(effective)
    below = bdtr(np.arange(n + 1), n, share)
    tail = (1 - level) / 2
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return max(low, 1) / n, min(high, n) / n


def _verdict(chance: float, interval: Interval) -> TargetVerdict:
    bounds = (STRETCH_FROM, CHALLENGING_FROM, REALISTIC_FROM, EASY_FROM)
    words = (
        TargetVerdict.OUT_OF_REACH,
        TargetVerdict.STRETCH,
        TargetVerdict.CHALLENGING,
        TargetVerdict.REALISTIC,
        TargetVerdict.EASY,
    )
    if interval.high - interval.low > WIDEST_DECIDED:
        return TargetVerdict.UNDECIDED
    return words[int(np.searchsorted(bounds, chance, side="right"))]


def _comparable(
    outcomes: ArrayLike, weights: ArrayLike | None, *, level: float
) -> tuple[FloatArray, FloatArray, float]:
    achieved = np.array(outcomes, dtype=np.float64)
    if achieved.ndim != 1 or not np.isfinite(achieved).all():
        raise InputError("`outcomes` must be one row of finite numbers, one per finished goal.")
    weight = np.ones(len(achieved)) if weights is None else np.array(weights, dtype=np.float64)
    if weight.shape != achieved.shape or not (np.isfinite(weight) & (weight >= 0)).all():
        raise InputError("`weights` must be one row of numbers from 0 on, one per finished goal.")
    check_level(level)
    total = float(weight.sum())
    effective = total**2 / float((weight**2).sum()) if total > 0 else 0.0
    if effective < FEWEST_COMPARABLE - 1e-9:
        raise NotEnoughData(
            f"The comparable goals are worth {effective:.1f} equally weighted ones; at least {FEWEST_COMPARABLE} are "
            "needed. Widen the class, or wait for more goals to finish."
        )
    return achieved, weight, effective
