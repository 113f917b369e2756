"""Resamples of people (or of whole teams), and what both methods say in each of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.drivers.importance import MOST_PREDICTORS_LMG, johnson_shares
from throughline_analysis.drivers.moments import (
    BLOCK,
    Moments,
    Records,
    moments_of,
    moments_of_units,
    sets_a_block,
    unit_sums,
)
from throughline_analysis.drivers.subsets import shapley_shares

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

# More people than this are drawn in so many random bunches: a mean of bunches varies as a mean of people does, and
# the spread between resamples is known to about one per cent (1 / sqrt(2 * bunches)) either way.
MOST_BUNCHES = 5_000


@dataclass(frozen=True, eq=False)
class Sample:
    """Answers ready to be resampled: `weights` (n_rows,) and `units` (n_rows,), the unit drawn as a whole."""

    records: Records
    weights: FloatArray
    units: IndexArray

    @property
    def n_units(self) -> int:
        """People, or teams where these are drawn whole."""
        return int(self.units.max()) + 1


@dataclass(frozen=True, eq=False)
class Replicates:
    """One row per resample: importance by both methods (n_resamples, p); `lmg` is None above its most predictors.

    `noise` (n_resamples, p): Johnson's weight less the weight of an added predictor that is pure chance.
    """

    johnson: FloatArray
    lmg: FloatArray | None
    noise: FloatArray


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Correlations (n_sets, p + 1, p + 1) of some resamples, and how many people each is worth (n_sets,)."""

    correlations: FloatArray
    effective: FloatArray


def replicates_of(sample: Sample, centre: Moments, *, n_resamples: int, rng: np.random.Generator) -> Replicates:
    """Draw units with replacement `n_resamples` times; `centre` are the moments of the sample itself."""
    n_predictors = sample.records.n_columns - 1
    johnson, noise = np.empty((n_resamples, n_predictors)), np.empty((n_resamples, n_predictors))
    lmg = np.empty((n_resamples, n_predictors)) if n_predictors <= MOST_PREDICTORS_LMG else None
    draws = _Complete(sample, rng=rng) if sample.records.is_complete else _WithGaps(sample, centre)
    for low in range(0, n_resamples, draws.step):
        high = min(low + draws.step, n_resamples)
        drawn = draws.draw(high - low, rng=rng)
        johnson[low:high] = johnson_shares(drawn.correlations)
        if lmg is not None:
            lmg[low:high] = shapley_shares(drawn.correlations).shares
        weights = johnson_shares(with_chance_predictor(drawn.correlations, drawn.effective, rng=rng))
        noise[low:high] = weights[:, 1:] - weights[:, :1]
    return Replicates(johnson=johnson, lmg=lmg, noise=noise)


class _Complete:
    """Resamples of complete answers, from sums over each unit."""

    def __init__(self, sample: Sample, *, rng: np.random.Generator) -> None:
        units = sample.units
        if sample.n_units > MOST_BUNCHES:
            # Each unit goes whole into one of equally many bunches.
            units = (rng.permutation(sample.n_units) % MOST_BUNCHES)[units]
        self.sums = unit_sums(sample.records, sample.weights, units)
        self.step = max(1, BLOCK // len(self.sums.totals))

    def draw(self, n_sets: int, *, rng: np.random.Generator) -> _Drawn:
        """The next resamples."""
        counts = drawn_counts(len(self.sums.totals), n_sets, rng=rng)
        weight = counts @ self.sums.totals[:, 0]
        return _Drawn(
            correlations=moments_of_units(self.sums, counts).correlations,
            effective=weight**2 / (counts**2 @ self.sums.squared_weights),
        )


class _WithGaps:
    """Resamples of answers with gaps, whose moments begin at those of the sample."""

    def __init__(self, sample: Sample, centre: Moments) -> None:
        self.sample = sample
        self.centre = centre
        self.step = sets_a_block(sample.records)

    def draw(self, n_sets: int, *, rng: np.random.Generator) -> _Drawn:
        """The next resamples."""
        counts = drawn_counts(self.sample.n_units, n_sets, rng=rng)
        weights = counts[:, self.sample.units] * self.sample.weights
        return _Drawn(
            correlations=moments_of(self.sample.records, weights, start=self.centre).correlations,
            effective=weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1),
        )


def drawn_counts(n_units: int, n_sets: int, *, rng: np.random.Generator) -> FloatArray:
    """How often each unit is drawn in each resample (n_sets, n_units)."""
    counts = np.empty((n_sets, n_units))
    for row in counts:
        row[:] = np.bincount(rng.integers(0, n_units, n_units), minlength=n_units)
    return counts


def with_chance_predictor(correlations: FloatArray, effective: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    """The same matrices with a first predictor that has nothing to do with any column but by chance.

    Its correlations are drawn from the large-sample law of the correlations of independent noise with the columns:
    normal with the columns' own correlations as covariance, divided by the effective number of rows (n_sets,).
    """
    n_sets, width = len(correlations), correlations.shape[1]
    values, vectors = np.linalg.eigh(correlations)
    draws = rng.standard_normal((n_sets, width)) * np.sqrt(np.maximum(values, 0.0))
    chance = (vectors @ draws[:, :, None])[:, :, 0] / np.sqrt(effective)[:, None]
    chance = np.clip(chance, -0.95, 0.95)
    result = np.empty((n_sets, width + 1, width + 1))
    result[:, 0, 0] = 1.0
    result[:, 0, 1:] = chance
    result[:, 1:, 0] = chance
    result[:, 1:, 1:] = correlations
    return result
