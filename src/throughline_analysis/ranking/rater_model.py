"""Two-way ratings with items fixed and raters random: restricted maximum likelihood in one dimension."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from throughline_analysis.ranking.comparisons import FloatArray

# The ratio of rater to residual variance is sought between these; below the lower one it is zero.
LOG_RATIO_RANGE = (-12.0, 12.0)
# Step of the numerical derivatives, on the log scale of the variances.
LOG_STEP = 1e-3
# What of the spread is taken as no disagreement at all (all ratings equal after item and rater effects).
NO_RESIDUAL = 1e-12


@dataclass(frozen=True, eq=False)
class RaterFit:
    """Item means under an average rater with their covariance, and raters' departures (positive: rates higher).

    `has_disagreement` is False where everybody rated every item alike: then no error can be estimated.
    """

    item: FloatArray
    item_covariance: FloatArray
    standard_error: FloatArray
    degrees_of_freedom: FloatArray
    rater_effect: FloatArray
    rater_variance: float
    residual_variance: float
    has_disagreement: bool


@dataclass(frozen=True, eq=False)
class _AtRatio:
    """Everything at one ratio of rater to residual variance, the residual variance taken out."""

    item: FloatArray
    inverse: FloatArray
    rater_weight: FloatArray
    rest: float
    log_determinants: float


@dataclass(frozen=True, eq=False)
class _Table:
    """Ratings (n_raters, n_items) with zeros where missing, and where they are."""

    values: FloatArray
    mask: FloatArray

    @property
    def spare(self) -> int:
        """Ratings beyond one per item."""
        return int(self.mask.sum() - self.mask.shape[1])

    def at(self, ratio: float) -> _AtRatio:
        per_rater = self.mask.sum(axis=1)
        # Each rater's block is I + ratio * 1 1'; its inverse takes this share of the rater's sum away.
        weight = ratio / (1 + ratio * per_rater)
        normal = np.diag(self.mask.sum(axis=0)) - (self.mask * weight[:, None]).T @ self.mask
        inverse = np.linalg.inv(normal)
        sums = self.values.sum(axis=1)
        item = inverse @ (self.values.sum(axis=0) - self.mask.T @ (weight * sums))
        left = (self.values - item) * self.mask
        rest = float((left**2).sum()) - float(weight @ left.sum(axis=1) ** 2)
        _, log_determinant = np.linalg.slogdet(normal)
        return _AtRatio(
            item=item,
            inverse=inverse,
            rater_weight=weight,
            rest=max(rest, 0.0),
            log_determinants=float(np.log1p(ratio * per_rater).sum() + log_determinant),
        )

    def deviance(self, log_residual: float, log_ratio: float) -> float:
        """Minus twice the restricted log likelihood, up to a constant."""
        found = self.at(math.exp(log_ratio))
        return self.spare * log_residual + found.log_determinants + found.rest / math.exp(log_residual)


def fit_raters(ratings: FloatArray) -> RaterFit:
    """Fit the ratings (n_raters, n_items), nan for missing; every rater and item has at least one."""
    from scipy.optimize import minimize_scalar

    mask = (~np.isnan(ratings)).astype(np.float64)
    # Numbers near zero keep the sums exact; the shift is added again at the end.
    shift = float(np.nanmean(ratings))
    table = _Table(np.where(mask > 0, ratings - shift, 0.0), mask)
    floor = NO_RESIDUAL * max(float((table.values**2).sum()), np.finfo(float).tiny)

    def profile(log_ratio: float) -> float:
        found = table.at(math.exp(log_ratio))
        return table.spare * math.log(max(found.rest, floor)) + found.log_determinants

    best = minimize_scalar(profile, bounds=LOG_RATIO_RANGE, method="bounded", options={"xatol": 1e-6})
    log_ratio = float(best.x)
    # At the lower end no variance between raters is the better answer.
    has_raters = bool(profile(log_ratio) < profile(LOG_RATIO_RANGE[0]) - 1e-9)
    ratio = math.exp(log_ratio) if has_raters else 0.0
    found = table.at(ratio)
    residual = max(found.rest, floor) / table.spare
    left = ((table.values - found.item) * mask).sum(axis=1)
    covariance = residual * found.inverse
    return RaterFit(
        item=found.item + shift,
        item_covariance=covariance,
        standard_error=np.sqrt(np.diagonal(covariance)),
        degrees_of_freedom=_degrees_of_freedom(table, residual, log_ratio=log_ratio if has_raters else None),
        rater_effect=found.rater_weight * left,
        rater_variance=residual * ratio,
        residual_variance=residual,
        has_disagreement=has_raters or found.rest > floor,
    )


def _degrees_of_freedom(table: _Table, residual: float, *, log_ratio: float | None) -> FloatArray:
    """Satterthwaite: twice the squared variance over the variance of the variance, from the deviance's curvature.

    Never above the residual's own degrees of freedom, never below one.
    """
    spare = float(table.spare)
    n_items = table.mask.shape[1]
    if log_ratio is None:
        return np.full(n_items, spare)
    at = np.array([math.log(residual), log_ratio])
    step = LOG_STEP * np.eye(2)
    curvature = np.empty((2, 2))
    for one in range(2):
        for two in range(2):
            around = [
                sign_one * sign_two * table.deviance(*(at + sign_one * step[one] + sign_two * step[two]))
                for sign_one in (1, -1)
                for sign_two in (1, -1)
            ]
            curvature[one, two] = sum(around) / (4 * LOG_STEP**2)
    # The deviance is twice the negative log likelihood, so its curvature is twice the information.
    spread = 2 * np.linalg.pinv(curvature, hermitian=True)
    by_ratio = [math.exp(at[0]) * np.diagonal(table.at(math.exp(at[1] + sign * LOG_STEP)).inverse) for sign in (1, -1)]
    variance = residual * np.diagonal(table.at(math.exp(at[1])).inverse)
    slope = np.column_stack([variance, (by_ratio[0] - by_ratio[1]) / (2 * LOG_STEP)])
    of_variance = np.einsum("ij,jk,ik->i", slope, spread, slope)
    freedom = np.divide(2 * variance**2, of_variance, out=np.full(n_items, spare), where=of_variance > 0)
    limited: FloatArray = np.clip(freedom, 1.0, spare)
    return limited
