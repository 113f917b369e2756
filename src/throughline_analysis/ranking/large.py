"""Scores from comparisons for many thousands of items: nothing of size items x items is ever stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import check_level
from throughline_analysis.ranking.bradley_terry import (
    METHOD,
    PRIOR_SD,
    components,
    decided_only,
    normal_quantile,
    pairs_asked,
)
from throughline_analysis.ranking.comparisons import Comparisons, FloatArray, IndexArray
from throughline_analysis.ranking.fitting import conjugate_gradients, posterior_mode

# Random probes for the variances; the relative error they leave is reported and falls with the root of their number.
PROBES = 64
# Pairs solved at a time when differences are asked for.
PAIRS_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class FactoredCovariance:
    """Covariance of the centred scores as factors: inverse of a sparse precision plus one column for the ties.

    Equal to P inverse(`precision`) P + `tie_column` tie_column', with P taking the mean away. Never written out.
    """

    precision: Any
    tie_column: FloatArray

    def times(self, vectors: FloatArray) -> FloatArray:
        """Covariance times each column of `vectors`, (n_items, n_columns)."""
        centred = vectors - vectors.mean(axis=0)
        solved, _ = conjugate_gradients(
            lambda block: self.precision @ block,
            centred,
            scale=1 / self.precision.diagonal(),
            most_steps=20 * len(vectors),
        )
        solved -= solved.mean(axis=0)
        return solved + np.multiply.outer(self.tie_column, self.tie_column @ vectors)


@dataclass(frozen=True, eq=False)
class LargeBradleyTerry:
    """As `BradleyTerry`, with the covariance as factors.

    `standard_error_noise` (n_items,) is the relative error of each standard error that the random probes leave;
    intervals are that much uncertain in width.
    """

    score: FloatArray
    standard_error: FloatArray
    standard_error_noise: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FactoredCovariance
    n: FloatArray
    undecided: FloatArray
    component: IndexArray
    tie_log_odds: float | None
    prior_sd: float
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class ScoreDifference:
    """First score minus second, per pair, with its interval."""

    difference: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    method: str


def bradley_terry_large(
    tally: Comparisons,
    *,
    rng: np.random.Generator,
    prior_sd: float = PRIOR_SD,
    level: float = 0.95,
    n_probes: int = PROBES,
) -> LargeBradleyTerry:
    """Score of each of very many items with an interval; same model as `bradley_terry`, factored covariance.

    Parameters
    ----------
    tally : Comparisons
        Of `comparisons`; groups are pooled.
    rng : numpy.random.Generator
        For the probes of the variances; scores do not depend on it.
    prior_sd, level
        As in `bradley_terry`.
    n_probes : int >= 2
        More probes, less noise in the standard errors.

    Returns
    -------
    LargeBradleyTerry
        Everything of size n_items; the covariance as factors.

    Raises
    ------
    InputError
        `prior_sd`, `level` or `n_probes` out of range.
    NotEnoughData
        Everybody answered "cannot decide".

    Notes
    -----
    Scores are exact (Newton with conjugate gradients). With D the diagonal of the precision and S = I - D^-1/2
    precision D^-1/2, variances are the diagonal of D^-1/2 (I + S + S^2 + ...) D^-1/2: the terms up to S^2 are
    computed exactly, what is left by random signs (Bekas, Kokiopoulou, Saad 2007). The direction in which all scores
    move together, and the tie parameter, are handled exactly. Noise is below 1 % where items have ten comparisons
    with partners at random, larger in chains; it is reported per item.
    Cost O(n_pairs * n_probes) per conjugate-gradient step; memory O(n_pairs + n_items * n_probes).

    Source
    ------
    Bekas, Kokiopoulou, Saad (2007), Applied Numerical Mathematics 57:1214-1229, doi:10.1016/j.apnum.2007.01.003.

    Examples
    --------
    >>> tally = comparisons([0, 0, 1], [1, 2, 2], outcomes=[1, 1, 1], n_items=3, counts=[8, 9, 7])
    >>> fit = bradley_terry_large(tally, rng=np.random.default_rng(1))
    >>> fit.score.round(2).tolist()
    [1.62, -0.04, -1.58]
    """
    check_level(level)
    if n_probes < 2:
        raise InputError(f"`n_probes` is {n_probes}; the noise can be told from two probes on.")
    pooled = decided_only(tally)
    mode = posterior_mode(pooled, prior_sd, is_sparse=True)
    n_items = tally.n_items
    factored = _factored(mode.precision, n_items)
    variance, noise = _variances(factored, prior_sd, rng=rng, n_probes=n_probes)
    standard_error = np.sqrt(variance)
    reach = normal_quantile(level) * standard_error
    return LargeBradleyTerry(
        score=mode.scores,
        standard_error=standard_error,
        # The error of a root is half that of what is under it.
        standard_error_noise=noise / (2 * variance),
        low=mode.scores - reach,
        high=mode.scores + reach,
        covariance=factored,
        n=pooled.per_item(pooled.decided),
        undecided=pooled.per_item(pooled.undecided),
        component=components(pooled),
        tie_log_odds=mode.tie_log_odds,
        prior_sd=prior_sd,
        level=level,
        method=METHOD + ", variances by probes",
    )


def score_differences(fit: LargeBradleyTerry, first: ArrayLike, *, second: ArrayLike) -> ScoreDifference:
    """First score minus second for some pairs, with intervals free of the noise of the probes.

    Parameters
    ----------
    fit : LargeBradleyTerry
        Of `bradley_terry_large`.
    first, second : (n_pairs,) of int
        The pairs asked about.

    Returns
    -------
    ScoreDifference
        `difference`, `low`, `high`: (n_pairs,), log odds.

    Raises
    ------
    InputError
        An item is not in the fit.

    Notes
    -----
    One linear system a pair, solved in blocks. Cost O(n_pairs_of_the_fit) per pair and conjugate-gradient step.

    Examples
    --------
    >>> tally = comparisons([0], [1], outcomes=[1], n_items=3, counts=[12])
    >>> fit = bradley_terry_large(tally, rng=np.random.default_rng(1))
    >>> score_differences(fit, [0], second=[1]).difference.round(2).tolist()
    [2.26]
    """
    n_items = len(fit.score)
    one, two = pairs_asked(first, second, n_items)
    variance = np.empty(len(one))
    for start in range(0, len(one), PAIRS_AT_ONCE):
        part = slice(start, min(start + PAIRS_AT_ONCE, len(one)))
        column = np.arange(part.stop - start)
        contrast = np.zeros((n_items, len(column)))
        np.add.at(contrast, (one[part], column), 1.0)
        np.add.at(contrast, (two[part], column), -1.0)
        variance[part] = (contrast * fit.covariance.times(contrast)).sum(axis=0)
    difference = fit.score[one] - fit.score[two]
    reach = normal_quantile(fit.level) * np.sqrt(np.maximum(variance, 0.0))
    return ScoreDifference(difference, difference - reach, difference + reach, fit.level, METHOD)


def _factored(precision: Any, n_items: int) -> FactoredCovariance:
    """Split the tie parameter off: its share of the covariance of the scores is one column times itself."""
    if precision.shape[0] == n_items:
        return FactoredCovariance(precision, np.zeros(n_items))
    block = precision[:n_items, :n_items].tocsr()
    border = precision[:n_items, [n_items]].toarray()
    without = FactoredCovariance(block, np.zeros(n_items))
    moved = without.times(border)[:, 0]
    left = float(precision[n_items, n_items]) - float(border[:, 0] @ moved)
    return FactoredCovariance(block, moved / np.sqrt(left))


def _variances(
    factored: FactoredCovariance, prior_sd: float, *, rng: np.random.Generator, n_probes: int
) -> tuple[FloatArray, FloatArray]:
    """Diagonal of the covariance and the standard error that the probes leave in it."""
    from scipy import sparse

    diagonal = factored.precision.diagonal()
    n_items, root = len(diagonal), np.sqrt(diagonal)
    scaled = sparse.diags_array(1 / root) @ factored.precision @ sparse.diags_array(1 / root)
    walk = (sparse.eye_array(n_items) - scaled).tocsr()
    plain = FactoredCovariance(factored.precision, np.zeros(n_items))
    signs = rng.integers(0, 2, (n_items, n_probes)) * 2.0 - 1.0
    pushed = walk @ signs
    beyond = root[:, None] * plain.times(root[:, None] * pushed) - pushed
    guesses = signs * (walk @ beyond)
    # What the direction "all scores alike" adds to the terms beyond S^2, exactly; then it is taken away in all.
    together = root - 1 / (root * prior_sd**2)
    exact = 1 + np.asarray(walk.multiply(walk).sum(axis=1)).ravel() + together**2 * prior_sd**2 / n_items
    variance = (exact + guesses.mean(axis=1)) / diagonal - prior_sd**2 / n_items + factored.tie_column**2
    noise = guesses.std(axis=1, ddof=1) / np.sqrt(n_probes) / diagonal
    # An unlucky draw must not make a variance vanish; one comparison more than the item had is the least it can be.
    return np.maximum(variance, 0.5 / diagonal), noise
