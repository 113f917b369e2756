"""Chances set right by how often they came true, where there are data enough to know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import AnalysisError, InputError, NotEnoughData
from throughline_analysis.forecasting.histories import FloatArray
from throughline_analysis.forecasting.scoring import checked_forecasts
from throughline_analysis.intervals import Interval

# Two numbers are fitted; twenty of the rarer outcome keep their errors tolerable (ten per number: Peduzzi et al. 1996).
FEWEST_TO_RECALIBRATE = 100
FEWEST_OF_EACH = 20
# A curve of free shape needs an order of magnitude more (Niculescu-Mizil and Caruana 2005, section 5).
FEWEST_FOR_CURVE = 1_000
FOLDS = 10
# Chances of 0 and 1 have no logit; nobody's quarter is that certain.
EDGE = 1e-3
# Slope and offset are believed near 1 and 0, with this standard deviation on the logit scale.
PRIOR_DEVIATION = 1.0
NEWTON_STEPS = 100


class RecalibrationMethod(StrEnum):
    """What chances are set right by. NONE: held-out forecasts were not improved, so they stay as they are."""

    NONE = "none"
    LOGISTIC = "logistic"
    ISOTONIC = "isotonic"


@dataclass(frozen=True, eq=False)
class Recalibration:
    """How to set later chances right; apply it with `recalibrated`.

    `offset` and `slope` are on the logit scale (0 and 1: nothing to set right; slope below 1: chances were too
    extreme), with intervals. `knots` and `heights` are the curve when the method is isotonic, else empty. `gain` is
    the improvement of the mean log score on forecasts held out, per forecast; 0 when the method is none.
    """

    method: RecalibrationMethod
    offset: float
    offset_interval: Interval
    slope: float
    slope_interval: Interval
    knots: FloatArray
    heights: FloatArray
    gain: float
    n: int


def fit_recalibration(chances: ArrayLike, outcomes: ArrayLike, *, level: float = 0.95) -> Recalibration:
    """How chances like these should be changed so that they come true as often as they say, if that can be known.

    Parameters
    ----------
    chances, outcomes
        As for `brier_score`, in the order in which they were forecast or any other.
    level : float in (0, 1)
        Coverage of the intervals of offset and slope.

    Returns
    -------
    Recalibration
        For `recalibrated`.

    Raises
    ------
    InputError
        Shapes differ, a chance is outside [0, 1], or an outcome is not true or false.
    NotEnoughData
        Fewer than 100 forecasts, or fewer than twenty that came true or did not.

    Notes
    -----
    Logistic: logit p' = offset + slope * logit p, by maximum a posteriori with normal priors around 0 and 1 on the
    offset and the slope. From 1,000 forecasts an isotonic curve is tried as well. Which is kept, or none, is decided
    by the log score on forecasts held out, every tenth in turn; it must beat leaving chances alone by more than its
    standard error. Recalibration repairs what was said, not what could be known: it does not improve resolution. Cost
    O(n log n).

    Source
    ------
    Cox (1958), Biometrika 45:562-565, doi:10.1093/biomet/45.3-4.562; Platt (1999), Advances in Large Margin
    Classifiers 61-74; Zadrozny and Elkan (2002), KDD 694-699, doi:10.1145/775047.775151; Niculescu-Mizil and Caruana
    (2005), ICML 625-632, doi:10.1145/1102351.1102430; Peduzzi et al. (1996), Journal of Clinical Epidemiology
    49:1373-1379, doi:10.1016/S0895-4356(96)00236-3.

    Examples
    --------
    >>> said = np.tile([0.05, 0.95], 100)
    >>> came_true = np.tile([0, 1, 0, 1, 0, 1, 1, 0], 25)
    >>> fitted = fit_recalibration(said, came_true)
    >>> str(fitted.method), bool(fitted.slope < 1), recalibrated(fitted, [0.95]).round(2).tolist()
    ('logistic', True, [0.75])
    """
    from scipy.special import ndtri

    chance, happened = checked_forecasts(chances, outcomes, level=level)
    n, n_true = len(chance), int(happened.sum())
    if n < FEWEST_TO_RECALIBRATE or min(n_true, n - n_true) < FEWEST_OF_EACH:
        raise NotEnoughData(
            f"Of {n} forecasts {n_true} came true; chances are set right from {FEWEST_TO_RECALIBRATE} forecasts on, "
            f"with at least {FEWEST_OF_EACH} that came true and {FEWEST_OF_EACH} that did not."
        )
    offset, slope, covariance = _logistic_fit(chance, happened)
    method, gain = _best_held_out(chance, happened)
    is_curve = method is RecalibrationMethod.ISOTONIC
    knots, heights = _isotonic_fit(chance, happened) if is_curve else (np.empty(0), np.empty(0))
    reach = float(ndtri((1 + level) / 2)) * np.sqrt(np.diag(covariance))
    return Recalibration(
        method=method,
        offset=offset,
        offset_interval=Interval(offset - float(reach[0]), offset + float(reach[0]), level, "Laplace"),
        slope=slope,
        slope_interval=Interval(slope - float(reach[1]), slope + float(reach[1]), level, "Laplace"),
        knots=knots,
        heights=heights,
        gain=gain,
        n=n,
    )


def recalibrated(recalibration: Recalibration, chances: ArrayLike) -> FloatArray:
    """Chances set right.

    Parameters
    ----------
    recalibration : Recalibration
        Of `fit_recalibration`, from earlier forecasts of the same kind.
    chances : (n,) of float in [0, 1]

    Returns
    -------
    (n,) of float in [0, 1]
        In the same order; unchanged when the method is none.

    Raises
    ------
    InputError
        A chance is outside [0, 1].

    Examples
    --------
    >>> said, came_true = np.tile([0.05, 0.95], 100), np.tile([0, 1, 0, 1, 0, 1, 1, 0], 25)
    >>> recalibrated(fit_recalibration(said, came_true), [0.05, 0.5]).round(2).tolist()
    [0.25, 0.5]
    """
    chance = np.array(chances, dtype=np.float64)
    if chance.ndim != 1 or not ((chance >= 0) & (chance <= 1)).all():
        raise InputError("`chances` must be one row of numbers from 0 to 1.")
    if recalibration.method is RecalibrationMethod.NONE:
        return chance
    if recalibration.method is RecalibrationMethod.ISOTONIC:
        return np.interp(chance, recalibration.knots, recalibration.heights)
    return _logistic(recalibration.offset + recalibration.slope * _logit(chance))


def _logit(chance: FloatArray) -> FloatArray:
    inner = np.clip(chance, EDGE, 1 - EDGE)
    logit: FloatArray = np.log(inner / (1 - inner))
    return logit


def _logistic(logit: FloatArray) -> FloatArray:
    chance: FloatArray = 1 / (1 + np.exp(-logit))
    return chance


def _logistic_fit(chance: FloatArray, happened: FloatArray) -> tuple[float, float, FloatArray]:
    """Offset, slope and covariance; Newton with halved steps on a strictly convex function always arrives."""
    design = np.stack([np.ones(len(chance)), _logit(chance)], axis=1)
    middle, precision = np.array([0.0, 1.0]), 1 / PRIOR_DEVIATION**2
    found = middle.copy()

    def loss(at: FloatArray) -> float:
        logit = design @ at
        fit = np.logaddexp(0, logit).sum() - happened @ logit
        return float(fit + 0.5 * precision * ((at - middle) ** 2).sum())

    for _ in range(NEWTON_STEPS):
        said = _logistic(design @ found)
        gradient = design.T @ (said - happened) + precision * (found - middle)
        curvature = (design * (said * (1 - said))[:, None]).T @ design + precision * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        if np.abs(step).max() < 1e-10:
            covariance: FloatArray = np.linalg.inv(curvature).astype(np.float64)
            return float(found[0]), float(found[1]), covariance
        here = loss(found)
        while loss(found - step) > here and np.abs(step).max() >= 1e-10:
            step /= 2
        found = found - step
    raise AnalysisError("A recalibration did not settle; this is a fault of the library, please report it.")


def _isotonic_fit(chance: FloatArray, happened: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rising curve; each level is pulled towards one half by half a forecast on either side, so never 0 or 1."""
    from scipy.optimize import isotonic_regression

    values, which, counts = np.unique(chance, return_inverse=True, return_counts=True)
    hits = np.bincount(which, weights=happened)
    fit = isotonic_regression(hits / counts, weights=counts.astype(np.float64))
    blocks = np.repeat(np.arange(len(fit.blocks) - 1), np.diff(fit.blocks))
    heights = (np.bincount(blocks, weights=hits) + 0.5) / (np.bincount(blocks, weights=counts) + 1.0)
    # The pull can turn two neighbouring levels around by a hair; a curve that falls would reorder forecasts.
    return values, np.maximum.accumulate(heights[blocks])


def _best_held_out(chance: FloatArray, happened: FloatArray) -> tuple[RecalibrationMethod, float]:
    fold = np.arange(len(chance)) % FOLDS
    plain = _log_scores(np.clip(chance, EDGE, 1 - EDGE), happened)
    best, gain = RecalibrationMethod.NONE, 0.0
    methods = [RecalibrationMethod.LOGISTIC]
    if len(chance) >= FEWEST_FOR_CURVE:
        methods.append(RecalibrationMethod.ISOTONIC)
    for method in methods:
        said = np.empty(len(chance))
        for number in range(FOLDS):
            out = fold == number
            if method is RecalibrationMethod.LOGISTIC:
                offset, slope, _ = _logistic_fit(chance[~out], happened[~out])
                said[out] = _logistic(offset + slope * _logit(chance[out]))
            else:
                said[out] = np.interp(chance[out], *_isotonic_fit(chance[~out], happened[~out]))
        better = _log_scores(said, happened) - plain
        if better.mean() > max(gain, float(better.std(ddof=1)) / len(better) ** 0.5):
            best, gain = method, float(better.mean())
    return best, gain


def _log_scores(chance: FloatArray, happened: FloatArray) -> FloatArray:
    scores: FloatArray = np.log(np.where(happened == 1, chance, 1 - chance))
    return scores
