"""Which answers go with an outcome, how much, and how sure that is: the one call the product makes."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.drivers.importance import (
    JOHNSON,
    LMG,
    MOST_PREDICTORS_LMG,
    RelativeImportance,
    johnson_weights,
    lmg_shares,
)
from throughline_analysis.drivers.moments import moments_of
from throughline_analysis.drivers.reading import Missing, read_sample
from throughline_analysis.drivers.resampling import replicates_of
from throughline_analysis.errors import InputError
from throughline_analysis.intervals import Interval, check_level

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

CAUTION = (
    "This is association, not causation: it shows which answers go together with the outcome in this group at this "
    "time, not what would happen if one of them were changed."
)
# The 2.5 % point of 200 is its fifth value; with fewer the ends of an interval are single resamples.
LEAST_RESAMPLES = 200


@dataclass(frozen=True, eq=False)
class ImportanceReport:
    """One method's division of R², with percentile intervals; all arrays (p,), in the order of the predictors.

    `importance` in parts of the outcome's variance; `share_0_1` in parts of R²; `rank` 1 for the largest, with the
    interval of the rank in whole ranks.
    """

    method: str
    importance: FloatArray
    importance_low: FloatArray
    importance_high: FloatArray
    share_0_1: FloatArray
    share_low: FloatArray
    share_high: FloatArray
    rank: IndexArray
    rank_low: IndexArray
    rank_high: IndexArray


@dataclass(frozen=True)
class MethodAgreement:
    """How far the two methods agree.

    `kendall_tau` of their orders in [-1, 1], with its interval over resamples; `same_first` whether both name the
    same predictor first, `same_first_share_0_1` in what share of resamples they do; `largest_difference_0_1` between
    the shares of one predictor.
    """

    kendall_tau: float
    interval: Interval
    same_first: bool
    same_first_share_0_1: float
    largest_difference_0_1: float


@dataclass(frozen=True, eq=False)
class DriverReport:
    """What goes with an outcome. `lmg` and `agreement` are None above 25 predictors.

    `is_above_noise` (p,): the weight exceeds that of a predictor made of pure chance. `correlation` (p,) with the
    outcome alone; `coefficient` (p,), standardised, beside all others: where the signs differ, another predictor
    hides or reverses this one. `r_squared_adjusted` corrects for chance. `n_people` gave the outcome or a
    predictor; `n_complete` answered everything; `n_effective` after weights; `n_units` were drawn in resampling.
    `caution` belongs beside every picture of these numbers.
    """

    johnson: ImportanceReport
    lmg: ImportanceReport | None
    agreement: MethodAgreement | None
    is_above_noise: NDArray[np.bool_]
    correlation: FloatArray
    coefficient: FloatArray
    r_squared: float
    r_squared_interval: Interval
    r_squared_adjusted: float
    n_people: int
    n_complete: int
    n_effective: float
    n_units: int
    n_resamples: int
    level: float
    missing: Literal["em", "complete"]
    method: str
    caution: str


def key_drivers(
    predictors: ArrayLike,
    outcome: ArrayLike,
    *,
    rng: np.random.Generator,
    weights: ArrayLike | None = None,
    teams: ArrayLike | None = None,
    missing: Missing = "em",
    level: float = 0.95,
    n_resamples: int = 1000,
) -> DriverReport:
    """Which answers go together with an outcome, and how much: two methods, their intervals and their agreement.

    Parameters
    ----------
    predictors : (n_people, p) of float, nan for no answer
        One column per question or scale, on any scale of its own.
    outcome : (n_people,) of float, nan for no answer
        For example an engagement score.
    rng : numpy.random.Generator
        Draws the resamples.
    weights : (n_people,) of float above zero, optional
        Survey weights, such as `surveys.rake` gives.
    teams : (n_people,) of hashable, optional
        Whom people share a team with. Teams are then drawn whole, and at least 20 are needed.
    missing : {"em", "complete"}
        "em" uses every answer given (see Notes); "complete" only people who answered everything.
    level : float in (0, 1)
        Coverage of the intervals.
    n_resamples : int, at least 200

    Returns
    -------
    DriverReport
        Both divisions of R² with intervals, `agreement`, `is_above_noise`, numbers of people and the `caution`.

    Raises
    ------
    InputError
        Shapes differ, a column never varies, or an option is out of range.
    NotEnoughData
        Fewer people than `least_sample(p)` for any two questions together, or after weighting; fewer than 20 teams;
        or nothing is explained.

    Notes
    -----
    Intervals are percentiles over resamples of people. Importance cannot be negative, so its interval never holds
    zero; whether a predictor is above noise is decided against an added predictor of pure chance (Tonidandel et al.
    2009), with Bonferroni's correction for the number of predictors. "em": maximum likelihood of the correlations
    under a multivariate normal, which is right when what is missing depends only on what was answered, and better
    than leaving people out also when answers are not normal; it is repeated in every resample. Without `teams`
    people count as independent, and intervals are too narrow when opinions cluster by team. Importance in few people
    is biased upwards; compare `r_squared_adjusted`. Nothing here is about one person. More than 5,000 people or teams
    are drawn in 5,000 random bunches. Cost O(n p² + n_resamples * (min(n, 5,000) p² + p³ + 2^p)): 0.1 s for 1,000
    people and 10 predictors, 25 s for 20 and a quarter of an hour for 25; with many patterns of missing answers
    O(n_resamples * patterns * p³) a round of "em".

    Source
    ------
    `johnson_weights` and `lmg_shares`; Tonidandel, LeBreton and Johnson (2009), Psychological Methods 14:387-399,
    doi:10.1037/a0017735; Little and Rubin (2019), Statistical Analysis with Missing Data, chapter 11,
    doi:10.1002/9781119482260.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> clarity, pay, parking = rng.normal(size=(3, 400))
    >>> engagement = 0.6 * clarity + 0.3 * pay + rng.normal(size=400)
    >>> report = key_drivers(np.column_stack([clarity, pay, parking]), engagement, rng=rng)
    >>> report.lmg.rank.tolist(), report.is_above_noise.tolist(), report.agreement.same_first
    ([1, 2, 3], [True, True, False], True)
    >>> report.caution[:37]
    'This is association, not causation: i'
    """
    check_level(level)
    if n_resamples < LEAST_RESAMPLES:
        raise InputError(f"Intervals need at least {LEAST_RESAMPLES} resamples.")
    read = read_sample(predictors, outcome, weights=weights, teams=teams, missing=missing)
    sample = read.sample
    centre = moments_of(sample.records, sample.weights[None])
    correlations = centre.correlations[0]
    johnson = johnson_weights(correlations)
    n_predictors = len(correlations) - 1
    lmg = lmg_shares(correlations) if n_predictors <= MOST_PREDICTORS_LMG else None
    drawn = replicates_of(sample, centre, n_resamples=n_resamples, rng=rng)
    r_squared = johnson.r_squared
    freedom = read.n_effective - n_predictors - 1
    tail = (1 - level) / n_predictors
    return DriverReport(
        johnson=_report(johnson, drawn.johnson, level),
        lmg=None if lmg is None or drawn.lmg is None else _report(lmg, drawn.lmg, level),
        agreement=None
        if lmg is None or drawn.lmg is None
        else _agreement((johnson, lmg), (drawn.johnson, drawn.lmg), level=level),
        is_above_noise=np.quantile(drawn.noise, tail, axis=0) > 0,
        correlation=correlations[:-1, -1].copy(),
        coefficient=np.linalg.lstsq(correlations[:-1, :-1], correlations[:-1, -1], rcond=1e-9)[0],
        r_squared=r_squared,
        r_squared_interval=_percentile(drawn.johnson.sum(axis=1), level),
        r_squared_adjusted=1 - (1 - r_squared) * (read.n_effective - 1) / freedom,
        n_people=sample.records.n_rows,
        n_complete=read.n_complete,
        n_effective=read.n_effective,
        n_units=sample.n_units,
        n_resamples=n_resamples,
        level=level,
        missing=missing,
        method=f"{JOHNSON} and {LMG}" if lmg is not None else JOHNSON,
        caution=CAUTION,
    )


def _percentile(values: FloatArray, level: float) -> Interval:
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), high=float(high), level=level, method="percentile bootstrap")


def _ranks(importance: FloatArray) -> IndexArray:
    """1 for the largest in each row; among equals the earlier predictor comes first."""
    order = np.argsort(-importance, axis=-1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, importance.shape[-1] + 1), order.shape), axis=-1)
    return ranks


def _report(point: RelativeImportance, drawn: FloatArray, level: float) -> ImportanceReport:
    ends = [(1 - level) / 2, (1 + level) / 2]
    importance = np.quantile(drawn, ends, axis=0)
    share = np.quantile(drawn / drawn.sum(axis=1, keepdims=True), ends, axis=0)
    ranks = np.quantile(_ranks(drawn), ends, axis=0, method="inverted_cdf").astype(np.intp)
    return ImportanceReport(
        method=point.method,
        importance=point.importance,
        importance_low=importance[0],
        importance_high=importance[1],
        share_0_1=point.share_0_1,
        share_low=share[0],
        share_high=share[1],
        rank=_ranks(point.importance),
        rank_low=ranks[0],
        rank_high=ranks[1],
    )


def _agreement(
    points: tuple[RelativeImportance, RelativeImportance], drawn: tuple[FloatArray, FloatArray], *, level: float
) -> MethodAgreement:
    johnson, lmg = points
    first = drawn[0].argmax(axis=1) == drawn[1].argmax(axis=1)
    return MethodAgreement(
        kendall_tau=float(kendall_tau(johnson.importance[None], lmg.importance[None])[0]),
        interval=_percentile(kendall_tau(*drawn), level),
        same_first=bool(johnson.importance.argmax() == lmg.importance.argmax()),
        same_first_share_0_1=float(first.mean()),
        largest_difference_0_1=float(np.abs(johnson.share_0_1 - lmg.share_0_1).max()),
    )


def kendall_tau(left: FloatArray, right: FloatArray) -> FloatArray:
    """Kendall's tau of each row of `left` with the same row of `right`; 1 where there is only one column."""
    n_columns = left.shape[1]
    if n_columns == 1:
        return np.ones(len(left))
    first, second = np.triu_indices(n_columns, 1)
    signs = np.sign(left[:, first] - left[:, second]) * np.sign(right[:, first] - right[:, second])
    return np.asarray(signs.mean(axis=1))
