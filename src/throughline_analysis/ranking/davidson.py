"""Chances of win, loss and tie in Davidson's extension of Bradley-Terry, and what one comparison tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.ranking.comparisons import FloatArray


@dataclass(frozen=True, eq=False)
class PairChances:
    """Per pair: chance of a win of the first minus that of the second, and chance of a tie."""

    lead: FloatArray
    tie: FloatArray

    @property
    def information(self) -> FloatArray:
        """Fisher information of one comparison about the difference of the two scores."""
        return (1 - self.tie - self.lead * self.lead) / 4


def pair_chances(difference: FloatArray, tie_log_odds: float | None) -> PairChances:
    """Chances at a difference of scores; `tie_log_odds` is log nu of Davidson (1970), None where ties do not occur.

    win : loss : tie = exp(d/2) : exp(-d/2) : nu. With None this is plain Bradley-Terry, win = 1 / (1 + exp(-d)).
    """
    if tie_log_odds is None:
        return PairChances(lead=np.tanh(difference / 2), tie=np.zeros_like(difference))
    # Everything is divided by the larger of exp(d/2) and exp(-d/2), so that nothing overflows.
    half = np.abs(difference) / 2
    smaller, tied = np.exp(-2 * half), np.exp(tie_log_odds - half)
    total = 1 + smaller + tied
    return PairChances(lead=np.copysign((1 - smaller) / total, difference), tie=tied / total)


def log_total(difference: FloatArray, tie_log_odds: float | None) -> FloatArray:
    """log(exp(d/2) + exp(-d/2) + nu), what the log likelihood subtracts for every comparison."""
    half = np.abs(difference) / 2
    tied = 0.0 if tie_log_odds is None else np.exp(tie_log_odds - half)
    total: FloatArray = half + np.log1p(np.exp(-2 * half) + tied)
    return total
