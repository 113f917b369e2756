"""How much of the explained variance each predictor accounts for, from correlations: Johnson's weights and LMG."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.drivers.subsets import shapley_shares
from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats

FloatArray = NDArray[np.float64]
JOHNSON = "Johnson's relative weights"
LMG = "LMG (Shapley)"
MOST_PREDICTORS_LMG = 25
# Directions of the predictors with less than this part of one predictor's variance are treated as not there.
LEAST_EIGENVALUE = 1e-9
# Below this R² there is nothing to divide: the correlations are zero up to rounding.
LEAST_R_SQUARED = 1e-12
# How far a correlation matrix may be from symmetric, or below zero in an eigenvalue, by rounding to three digits.
ROUNDED_INPUT = 5e-3


@dataclass(frozen=True, eq=False)
class RelativeImportance:
    """R² of an outcome divided among predictors, in their order.

    `importance` adds up to `r_squared`; `share_0_1` is the same divided by `r_squared`. `method` is "Johnson's
    relative weights" or "LMG (Shapley)". There is no interval: correlations alone do not say how many people they
    come from; `key_drivers` has intervals.
    """

    method: str
    importance: FloatArray
    share_0_1: FloatArray
    r_squared: float


def johnson_weights(correlations: ArrayLike) -> RelativeImportance:
    """Johnson's relative weights: R² divided by way of uncorrelated variables closest to the predictors.

    Parameters
    ----------
    correlations : (p + 1, p + 1) of float
        Correlations of p predictors, with the outcome as the last row and column.

    Returns
    -------
    RelativeImportance
        `importance`, `share_0_1`: (p,), never negative.

    Raises
    ------
    InputError
        Not a correlation matrix.
    NotEnoughData
        The predictors explain nothing, so there is nothing to divide.

    Notes
    -----
    With the predictors' correlations R = V D V', the symmetric root L = V D^(1/2) V' correlates the predictors with
    the uncorrelated variables, b = L^(-1) r regresses the outcome on these, and the weight of predictor j is the sum
    over k of L_jk² b_k². Directions without variance (eigenvalue below `LEAST_EIGENVALUE`) are left out, so a
    repeated predictor shares its weight with its copy. For two predictors the weights equal LMG; for more they are
    close to it in most practical data but follow from no rule of fairness (Thomas et al. 2014), which is why LMG
    stands beside them. It is association, not causation. Cost O(p³): 2 ms for 100 predictors.

    Source
    ------
    Johnson (2000), Multivariate Behavioral Research 35:1-19, doi:10.1207/S15327906MBR3501_1; criticism in Thomas,
    Zumbo, Kwan and Schweitzer (2014), Multivariate Behavioral Research 49:329-338, doi:10.1080/00273171.2014.905766.

    Examples
    --------
    >>> result = johnson_weights([[1, 0.5, 0.6], [0.5, 1, 0.3], [0.6, 0.3, 1]])
    >>> result.importance.round(3).tolist(), round(result.r_squared, 3)
    ([0.315, 0.045], 0.36)
    """
    matrix = _checked(correlations)
    return _result(JOHNSON, johnson_shares(matrix[None])[0])


def lmg_shares(correlations: ArrayLike) -> RelativeImportance:
    """LMG: what a predictor adds to R², averaged over all orders in which predictors can be added.

    Parameters
    ----------
    correlations : (p + 1, p + 1) of float
        Correlations of p predictors (at most 25), with the outcome as the last row and column.

    Returns
    -------
    RelativeImportance
        `importance`, `share_0_1`: (p,), never negative.

    Raises
    ------
    InputError
        Not a correlation matrix, or more than 25 predictors.
    NotEnoughData
        The predictors explain nothing, so there is nothing to divide.

    Notes
    -----
    Exact, not sampled: all 2^p subsets. It is the Shapley value of the game in which a set of predictors earns its
    R², and so the only division that is symmetric, gives nothing to a predictor that never adds anything, and adds up
    for sums of such games. A predictor without an effect of its own still gets a share when it is correlated with one
    that has. A predictor of which less than `LEAST_REMAINDER` of the variance is left, given others, adds nothing to
    them. It is association, not causation. Cost about 25 ns for each of 2^p subsets: 30 ms for 20 predictors,
    1 s for 25, in less than 20 MB.

    Source
    ------
    Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis, p. 119; Grömping (2006),
    Journal of Statistical Software 17(1), doi:10.18637/jss.v017.i01; Shapley (1953), doi:10.1515/9781400881970-018.

    Examples
    --------
    >>> result = lmg_shares([[1, 0.5, 0.6], [0.5, 1, 0.3], [0.6, 0.3, 1]])
    >>> result.importance.round(3).tolist(), round(result.r_squared, 3)
    ([0.315, 0.045], 0.36)
    """
    matrix = _checked(correlations)
    n_predictors = len(matrix) - 1
    if n_predictors > MOST_PREDICTORS_LMG:
        raise InputError(
            f"LMG takes at most {MOST_PREDICTORS_LMG} predictors and got {n_predictors}; combine questions into "
            "scales, or use Johnson's relative weights."
        )
    return _result(LMG, np.maximum(shapley_shares(matrix[None]).shares[0], 0.0))


def johnson_shares(correlations: FloatArray) -> FloatArray:
    """Johnson's weights (n_matrices, p) of many correlation matrices (n_matrices, p + 1, p + 1)."""
    values, vectors = np.linalg.eigh(correlations[:, :-1, :-1])
    is_there = values > LEAST_EIGENVALUE
    roots = np.sqrt(np.where(is_there, values, 0.0))
    inverse = np.where(is_there, 1 / np.where(is_there, roots, 1.0), 0.0)
    loadings = (vectors * roots[:, None, :]) @ vectors.transpose(0, 2, 1)
    inside = inverse * (vectors.transpose(0, 2, 1) @ correlations[:, :-1, -1:])[:, :, 0]
    slopes = (vectors @ inside[:, :, None])[:, :, 0]
    return np.asarray((loadings**2 @ (slopes**2)[:, :, None])[:, :, 0])


def _checked(correlations: ArrayLike) -> FloatArray:
    matrix = as_floats(correlations, name="Correlations")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise InputError(
            "Correlations must be a square table of at least one predictor and the outcome, the outcome last."
        )
    if not np.isfinite(matrix).all() or np.abs(matrix - matrix.T).max() > ROUNDED_INPUT:
        raise InputError("Correlations must be finite and the same on both sides of the diagonal.")
    if np.abs(np.diagonal(matrix) - 1).max() > ROUNDED_INPUT:
        raise InputError(
            "The diagonal of a correlation matrix is one everywhere; covariances must be standardised first."
        )
    if np.linalg.eigvalsh(matrix)[0] < -ROUNDED_INPUT:
        raise InputError(
            "These correlations contradict each other (the matrix has a negative eigenvalue); compute all of them "
            "from the same people."
        )
    return np.asarray((matrix + matrix.T) / 2)


def _result(method: str, importance: FloatArray) -> RelativeImportance:
    r_squared = float(importance.sum())
    if r_squared < LEAST_R_SQUARED:
        raise NotEnoughData("The predictors explain nothing of the outcome, so there is nothing to divide among them.")
    return RelativeImportance(
        method=method, importance=importance, share_0_1=importance / r_squared, r_squared=r_squared
    )
