"""Mixtures of normal distributions, many at a time: distribution function and quantiles.

Internal to `forecasting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import AnalysisError
from throughline_analysis.forecasting.histories import FloatArray

MOST_STEPS = 200
# Of the probability, and where that is tiny a thousandth of it; below what an interval from a few readings can mean.
PRECISION = 1e-6
PRECISION_OF_TAIL = 1e-3
ROOT_TWO_PI = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True, eq=False)
class NormalMixtures:
    """One mixture per column: `shares` sum to one down each column; all three are (n_parts, n_mixtures)."""

    shares: FloatArray
    means: FloatArray
    deviations: FloatArray

    def below(self, values: FloatArray) -> FloatArray:
        """Probability of a value at most `values`, (n_mixtures,)."""
        from scipy.special import ndtr

        inside: FloatArray = (self.shares * ndtr((values - self.means) / self.deviations)).sum(axis=0)
        return inside

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation, each (n_mixtures,)."""
        mean = (self.shares * self.means).sum(axis=0)
        spread = (self.shares * (self.deviations**2 + (self.means - mean) ** 2)).sum(axis=0)
        return mean, np.sqrt(spread)

    def quantile(self, probability: float) -> FloatArray:
        """Value that `probability` of each mixture lies below, (n_mixtures,).

        Newton steps inside a bracket: the quantile lies between the smallest and the largest of the parts', and a
        step that leaves what is left of the bracket halves it instead.
        """
        from scipy.special import ndtr, ndtri

        precision = min(PRECISION, PRECISION_OF_TAIL * min(probability, 1 - probability))
        edges = self.means + self.deviations * ndtri(probability)
        low, high = edges.min(axis=0), edges.max(axis=0)
        mean, deviation = self.moments()
        found = np.clip(mean + deviation * ndtri(probability), low, high)
        todo = np.arange(len(found))
        shares, means, deviations = self.shares, self.means, self.deviations
        for count in range(MOST_STEPS):
            if len(todo) < shares.shape[1]:
                shares, means, deviations = self.shares[:, todo], self.means[:, todo], self.deviations[:, todo]
            z = (found[todo] - means) / deviations
            error = (shares * ndtr(z)).sum(axis=0) - probability
            is_above = error > 0
            high[todo] = np.where(is_above, found[todo], high[todo])
            low[todo] = np.where(is_above, low[todo], found[todo])
            open_ = (np.abs(error) > precision) & (low[todo] < high[todo])
            if not open_.any():
                return found
            density = (shares * np.exp(-0.5 * z * z) / deviations).sum(axis=0) / ROOT_TWO_PI
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                step = found[todo] - error / density
            # Far out, Newton creeps: then every third step halves the bracket whatever Newton says.
            is_inside = (step > low[todo]) & (step < high[todo])
            if count > 6 and count % 3 == 2:
                is_inside[:] = False
            moved = np.where(is_inside, step, (low[todo] + high[todo]) / 2)
            todo = todo[open_]
            found[todo] = moved[open_]
        raise AnalysisError("A quantile could not be found; this is a fault of the library, please report it.")
