"""Means and shares of weighted answers, with intervals that know what weighting costs."""

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.surveys.answers import FloatArray, answer_column
from throughline_analysis.surveys.small_groups import MeanEstimate, wilson_ends
from throughline_analysis.surveys.weighting import effective_number

# Below this the effective number is itself too uncertain for an interval built on it.
LEAST_EFFECTIVE = 10


def weighted_mean(values: ArrayLike, weights: ArrayLike, *, level: float = 0.95) -> MeanEstimate:
    """Mean of weighted answers with an interval that knows what weighting costs.

    Parameters
    ----------
    values : (n_people,) of float, nan for no answer
    weights : (n_people,) of float above zero
        Of `poststratify` or `rake`.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    MeanEstimate
        `mean`, `interval`, `standard_error`, `n`, `n_effective`.

    Raises
    ------
    InputError
        Lengths differ or a weight is not finite and above zero.
    NotEnoughData
        Fewer than ten effective answers, or all answers are the same.

    Notes
    -----
    Linearised standard error with Student's t at n_effective - 1 degrees of freedom. It takes the weights as given,
    which is cautious where the classes differ, since weighting to known totals removes their variance. Cost O(n).

    Source
    ------
    Cochran (1977), Sampling Techniques, section 6.3; Kish (1965), Survey Sampling, section 11.7.

    Examples
    --------
    >>> result = weighted_mean([1, 2, 3, 4, 5] * 4, [1, 1, 1, 1, 2] * 4)
    >>> round(result.mean, 3), round(result.n_effective, 1)
    (3.333, 18.0)
    """
    from scipy.special import stdtrit

    check_level(level)
    column, share, effective = _given(values, weights)
    mean = float(share @ column)
    n = len(column)
    error = float(np.sqrt(n / (n - 1) * (share**2 @ (column - mean) ** 2)))
    if np.ptp(column) == 0:
        raise NotEnoughData("All answers are the same, so a weighted mean has no interval; take `mean_interval`.")
    half = float(stdtrit(effective - 1, (1 + level) / 2)) * error
    interval = Interval(low=mean - half, high=mean + half, level=level, method="t, linearised")
    return MeanEstimate(mean=mean, interval=interval, standard_error=error, n=n, n_effective=effective, population=None)


def weighted_share(is_yes: ArrayLike, weights: ArrayLike, *, level: float = 0.95) -> MeanEstimate:
    """Share of weighted answers with Wilson's interval at the effective number of people.

    Parameters
    ----------
    is_yes : (n_people,) of 0 and 1, nan for no answer
    weights : (n_people,) of float above zero
        Of `poststratify` or `rake`.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    MeanEstimate
        `mean` is the share in [0, 1]; `interval`, `standard_error`, `n`, `n_effective`.

    Raises
    ------
    InputError
        Lengths differ, an answer is neither 0 nor 1, or a weight is not finite and above zero.
    NotEnoughData
        Fewer than ten effective answers.

    Notes
    -----
    Wilson's interval with Kish's effective number for the number of people. It stays inside [0, 1] and keeps a width
    where everybody says the same. The effective number is right where the answer has nothing to do with the weight,
    and cautious or bold by the correlation of the two elsewhere. Cost O(n).

    Source
    ------
    Wilson (1927), JASA 22:209-212, doi:10.1080/01621459.1927.10502953; with effective numbers as in Franco, Little,
    Louis and Slud (2019), Comparative study of confidence intervals for proportions in complex sample surveys, Journal
    of Survey Statistics and Methodology 7:334-364.

    Examples
    --------
    >>> result = weighted_share([1, 0, 1, 1] * 5, [1, 1, 2, 1] * 5)
    >>> round(result.mean, 2), round(result.interval.low, 2), round(result.interval.high, 2)
    (0.8, 0.57, 0.92)
    """
    check_level(level)
    column, share, effective = _given(is_yes, weights)
    if not np.isin(column, (0.0, 1.0)).all():
        raise InputError("Answers counted for a share must be 0 or 1.")
    # Exactly 0 and 1 where everybody agrees; the sum of the weights' shares may miss them by rounding.
    mean = float(column[0]) if (column == column[0]).all() else float(share @ column)
    low, high = wilson_ends(np.array([mean]), np.array([effective]), level=level)
    interval = Interval(low=float(low[0]), high=float(high[0]), level=level, method="Wilson, effective number")
    return MeanEstimate(
        mean=mean,
        interval=interval,
        standard_error=float(np.sqrt(mean * (1 - mean) / effective)),
        n=len(column),
        n_effective=effective,
        population=None,
    )


def _given(values: ArrayLike, weights: ArrayLike) -> tuple[FloatArray, FloatArray, float]:
    """Answers given, their shares of the weight, and the effective number of people."""
    column, weight = answer_column(values, name="Values"), answer_column(weights, name="Weights")
    if column.shape != weight.shape or not (np.isfinite(weight) & (weight > 0)).all():
        raise InputError("Weights must be finite and above zero, one for each value.")
    is_given = ~np.isnan(column)
    column, weight = column[is_given], weight[is_given]
    effective = effective_number(weight) if len(weight) else 0.0
    if effective < LEAST_EFFECTIVE:
        raise NotEnoughData(
            f"The answers are worth {effective:.1f} equally weighted ones; a weighted figure needs {LEAST_EFFECTIVE}."
        )
    return column, weight / weight.sum(), effective
