"""Items rated on several criteria by several people: scores freed from who was strict, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.intervals import check_level
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray
from throughline_analysis.ranking.rater_model import RaterFit, fit_raters

METHOD = "mixed model, raters at random, REML, Satterthwaite"


@dataclass(frozen=True, eq=False)
class CriterionRatings:
    """One criterion, in the unit of the ratings.

    `score`, `low`, `high`, `standard_error`: (n_items,), what an average rater would give; nan where nobody rated the
    item. Errors and intervals are nan for all items where all raters gave each item the same: that shows no error,
    which is not the same as showing that there is none. `severity`: (n_raters,), how much lower a rater rates than the
    average, shrunk to zero where little is known. `reliability_0_1`: share of the variance of an item's mean that is
    not the raters' (the item's mean of `n` ratings), None where it cannot be told. `n`: ratings per item.
    """

    score: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    severity: FloatArray
    rater_sd: float
    residual_sd: float
    reliability_0_1: float | None
    n: IndexArray


@dataclass(frozen=True, eq=False)
class RatedItems:
    """Each criterion by itself, and the weighted mean of all, rated as one. `weights` sum to one."""

    criteria: tuple[CriterionRatings, ...]
    overall: CriterionRatings
    weights: FloatArray
    level: float
    method: str


def rated_items(ratings: ArrayLike, weights: ArrayLike | None = None, *, level: float = 0.95) -> RatedItems:
    """Score of each item on each criterion and overall, as an average rater would give it, with intervals.

    Parameters
    ----------
    ratings : (n_raters, n_items, n_criteria) of float, nan for not rated
        All on one scale, such as 1 to 5; higher is more.
    weights : (n_criteria,) of float >= 0, optional
        What each criterion counts overall; equal unless given.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    RatedItems
        One `CriterionRatings` per criterion, and one for the weighted mean.

    Raises
    ------
    InputError
        Wrong shape, infinite ratings, or weights that are negative or all zero.
    NotEnoughData
        On some criterion, or overall, no item has two ratings, there are fewer than two raters, or too few ratings
        to tell raters from chance.

    Notes
    -----
    rating = item + rater + rest, the items fixed, raters ~ N(0, rater variance), rest ~ N(0, residual variance), fitted
    by restricted maximum likelihood. An item rated only by strict people is lifted by what these people gave to other
    items; where all rate all, scores are plain means. Raters stand for people like them: the interval is for the mean
    of all such people, so it holds the variance between raters too. Degrees of freedom by Satterthwaite.
    The overall score uses the ratings in which all criteria with a weight are present, so that a missing criterion
    does not shift it. Scores may pass the ends of the scale a little where raters are few.
    Ratings on a five-point scale are treated as numbers with equal steps. Severity describes ratings here; it is
    no judgement of a person and is not to be shown beside names.
    Cost O(n_ratings + n_items^3) per step of a one-dimensional search, about forty steps.

    Source
    ------
    Patterson, Thompson (1971), Biometrika 58:545-554, doi:10.1093/biomet/58.3.545. Satterthwaite (1946), Biometrics
    Bulletin 2:110-114, doi:10.2307/3002019. Rater severity: Linacre, Many-Facet Rasch Measurement (1989).

    Examples
    --------
    Rater 2 is strict and did not rate item 0, whose plain mean of 4.33 owes something to that.

    >>> given = [[[4], [5], [4]], [[4], [4], [3]], [[np.nan], [2], [1]], [[5], [3], [2]]]
    >>> result = rated_items(given)
    >>> result.overall.score.round(2).tolist(), result.overall.severity.round(1).tolist()
    ([3.98, 3.5, 2.5], [-0.8, -0.3, 1.1, -0.0])
    """
    check_level(level)
    given = as_floats(ratings, name="ratings")
    if given.ndim != 3:
        raise InputError(f"`ratings` has shape {given.shape}; give raters x items x criteria.")
    if np.isinf(given).any():
        raise InputError("`ratings` holds an infinite number; use nan for a rating that was not given.")
    share = _shares(weights, given.shape[2])
    counted = share > 0
    together = (given[:, :, counted] * share[counted]).sum(axis=2)
    criteria = tuple(
        _criterion(given[:, :, column], f"criterion {column}", level=level) for column in range(given.shape[2])
    )
    return RatedItems(criteria, _criterion(together, "all criteria together", level=level), share, level, METHOD)


def _shares(weights: ArrayLike | None, n_criteria: int) -> FloatArray:
    if n_criteria == 0:
        raise InputError("`ratings` has no criterion; give at least one.")
    if weights is None:
        return np.full(n_criteria, 1 / n_criteria, dtype=np.float64)
    wanted = as_floats(weights, name="weights")
    if wanted.shape != (n_criteria,):
        raise InputError(f"`weights` has shape {wanted.shape} for {n_criteria} criteria; give one weight each.")
    if not (np.isfinite(wanted).all() and (wanted >= 0).all() and wanted.sum() > 0):
        raise InputError("`weights` must be finite, not negative, and not all zero.")
    share: FloatArray = wanted / wanted.sum()
    return share


def _criterion(given: FloatArray, name: str, *, level: float) -> CriterionRatings:
    from scipy.special import stdtrit

    is_rated = ~np.isnan(given)
    n = is_rated.sum(axis=0)
    items = np.flatnonzero(n)
    raters = np.flatnonzero(is_rated.any(axis=1))
    if len(raters) < 2 or n.max(initial=0) < 2:
        raise NotEnoughData(f"On {name} no item was rated by two people; ask at least one more person.")
    part = given[np.ix_(raters, items)]
    if is_rated.sum() - len(items) < 2:
        raise NotEnoughData(f"On {name} there are too few ratings to tell people apart from chance; ask more people.")
    fit = fit_raters(part)
    reach = stdtrit(fit.degrees_of_freedom, (1 + level) / 2) * fit.standard_error
    severity = np.zeros(len(given))
    severity[raters] = -fit.rater_effect
    score, error, reached = (np.full(given.shape[1], math.nan) for _ in range(3))
    score[items] = fit.item
    if fit.has_disagreement:
        error[items], reached[items] = fit.standard_error, reach
    return CriterionRatings(
        score=score,
        standard_error=error,
        low=score - reached,
        high=score + reached,
        severity=severity,
        rater_sd=math.sqrt(fit.rater_variance),
        residual_sd=math.sqrt(fit.residual_variance),
        reliability_0_1=_reliability(fit),
        n=n,
    )


def _reliability(fit: RaterFit) -> float | None:
    """Spread of the items beyond what their errors make, over their whole spread."""
    if len(fit.item) < 2:
        return None
    spread = float(fit.item.var(ddof=1))
    contrast = fit.item_covariance
    # Mean error variance of items about their own mean: the raters' part that all items share does not count.
    noise = float(np.trace(contrast) - contrast.sum() / len(contrast)) / (len(contrast) - 1)
    return max(0.0, 1 - noise / spread) if spread > 0 else 0.0
