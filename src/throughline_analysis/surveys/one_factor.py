"""One common factor by maximum likelihood, for many covariance matrices at once."""

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.surveys.answers import FloatArray

# Rounds end when no omega changes by more than this: far below the three digits anybody reads.
SETTLED = 1e-9
SETTLED_RESAMPLE = 1e-6
MOST_ROUNDS = 3_000
MOST_ROUNDS_RESAMPLE = 150
# Less than this part of the item's usual variance is rounding: covariances come from sums of numbers 1e-16 apart.
FLAT = 1e-12
# An item may have this part of its variance to itself at the least (a Heywood case ends here).
LEAST_UNIQUENESS = 1e-8


@dataclass(frozen=True, eq=False)
class OneFactor:
    """`loadings`, `uniquenesses` (n_matrices, k) in the units of the items, with loadings that add up to a plus."""

    loadings: FloatArray
    uniquenesses: FloatArray

    @property
    def omega(self) -> FloatArray:
        """Share of the variance of the sum of items due to the factor (n_matrices,); nan where no item varies."""
        return _omega(self.loadings, self.uniquenesses)


def fit_one_factor(covariances: FloatArray, *, start: FloatArray | None = None) -> OneFactor:
    """Fit each of `covariances` (n_matrices, k, k), begun at `start` (2, k: loadings, uniquenesses) where given.

    Expectation-maximisation on correlations, sped up by the squared extrapolation of Varadhan and Roland (2008),
    Scandinavian Journal of Statistics 35:335-353, doi:10.1111/j.1467-9469.2007.00585.x, which is taken back wherever
    it would lower the likelihood.
    """
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    # An item that is the same for everybody drawn has rounding for a variance. It gets no loading and no uniqueness.
    is_flat = variances <= FLAT * variances.max(axis=0, initial=0.0)
    scale = np.sqrt(np.where(is_flat, 0.0, variances))
    divisor = np.where(is_flat, 1.0, scale)
    correlations = covariances / (divisor[:, :, None] * divisor[:, None, :])
    correlations[is_flat[:, :, None] | is_flat[:, None, :]] = 0.0
    correlations[:, *np.diag_indices(variances.shape[1])] = 1.0
    values = _begin(correlations) if start is None else _scaled_start(start, divisor)
    values[0][is_flat], values[1][is_flat] = 0.0, 1.0
    settled = SETTLED if start is None else SETTLED_RESAMPLE
    open_ones = np.arange(len(covariances))
    for _ in range(MOST_ROUNDS if start is None else MOST_ROUNDS_RESAMPLE):
        before, width = values[:, open_ones], scale[open_ones]
        after = _leap(correlations[open_ones], before)
        values[:, open_ones] = after
        change = np.abs(_omega(after[0] * width, after[1] * width**2) - _omega(before[0] * width, before[1] * width**2))
        open_ones = open_ones[change >= settled]
        if not len(open_ones):
            break
    # A resample on its way to the border, where steps get ever smaller, counts as it stands.
    if len(open_ones) and start is None:
        raise NotEnoughData("The one-factor model does not settle on these answers; leave out items that fit it worst.")
    loadings, uniquenesses = values
    sign = np.where((loadings * scale).sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return OneFactor(loadings=sign * loadings * scale, uniquenesses=uniquenesses * scale**2)


def _omega(loadings: FloatArray, uniquenesses: FloatArray) -> FloatArray:
    common = loadings.sum(axis=1) ** 2
    whole = common + uniquenesses.sum(axis=1)
    return np.asarray(np.divide(common, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _begin(correlations: FloatArray) -> FloatArray:
    """First principal component, somewhat shortened."""
    values, vectors = np.linalg.eigh(correlations)
    loadings = 0.9 * vectors[:, :, -1] * np.sqrt(values[:, -1:])
    return np.stack([loadings, np.maximum(1 - loadings**2, 0.05)])


def _scaled_start(start: FloatArray, scale: FloatArray) -> FloatArray:
    return np.stack([start[0] / scale, np.maximum(start[1] / scale**2, LEAST_UNIQUENESS)])


def _leap(correlations: FloatArray, values: FloatArray) -> FloatArray:
    """Two rounds, the leap they suggest, and one more round from there; or the two rounds where the leap is worse."""
    once = _round(correlations, values)
    twice = _round(correlations, once)
    step, bend = once - values, twice - 2 * once + values
    length = np.sqrt((step**2).sum(axis=(0, 2)) / np.maximum((bend**2).sum(axis=(0, 2)), 1e-300))
    length = np.clip(length, 1.0, 1e4)[None, :, None]
    leapt = values + 2 * length * step + length**2 * bend
    leapt[1] = np.maximum(leapt[1], LEAST_UNIQUENESS)
    leapt = _round(correlations, leapt)
    is_better = _log_likelihood(correlations, leapt) >= _log_likelihood(correlations, twice)
    return np.where(is_better[None, :, None], leapt, twice)


def _round(correlations: FloatArray, values: FloatArray) -> FloatArray:
    """Regress the factor on the items, then the items on the factor."""
    loadings, uniquenesses = values
    ratio = loadings / uniquenesses
    slopes = ratio / (1 + (loadings * ratio).sum(axis=1, keepdims=True))
    with_factor = (correlations @ slopes[:, :, None])[:, :, 0]
    factor_variance = (slopes * with_factor).sum(axis=1, keepdims=True) + 1 - (slopes * loadings).sum(1, keepdims=True)
    after = with_factor / factor_variance
    return np.stack([after, np.maximum(1 - after * with_factor, LEAST_UNIQUENESS)])


def _log_likelihood(correlations: FloatArray, values: FloatArray) -> FloatArray:
    """Per person, without the constant and the half."""
    loadings, uniquenesses = values
    ratio = loadings / uniquenesses
    common = 1 + (loadings * ratio).sum(axis=1)
    explained = (ratio * (correlations @ ratio[:, :, None])[:, :, 0]).sum(axis=1) / common
    return np.asarray(explained - (1 / uniquenesses).sum(axis=1) - np.log(uniquenesses).sum(axis=1) - np.log(common))
