"""Correlations of answers under many sets of row weights, with or without missing answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import NotEnoughData

FloatArray = NDArray[np.float64]

# The largest change of a covariance between two rounds, in units of standardised answers. The first is far below what
# three printed digits show; the second is far below the spread between resamples, which it is used for.
SETTLED = 1e-7
SETTLED_RESAMPLE = 1e-4
MOST_ROUNDS = 2_000
# Numbers held at once by the largest temporary array of this module: 32 MB.
BLOCK = 4_000_000


@dataclass(frozen=True, eq=False)
class Pattern:
    """Rows that answered the same columns. `rows` (n,), `columns` ascending, `values` (n, n_columns_answered)."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: FloatArray


@dataclass(frozen=True, eq=False)
class Records:
    """Answers in standard units, sorted into patterns; `n_rows` counts every row, answered or not."""

    patterns: tuple[Pattern, ...]
    n_rows: int
    n_columns: int

    @property
    def is_complete(self) -> bool:
        """True where nobody left out an answer."""
        return all(len(pattern.columns) == self.n_columns for pattern in self.patterns)


@dataclass(frozen=True, eq=False)
class Moments:
    """Means (n_sets, n_columns) and covariances (n_sets, n_columns, n_columns), one per set of row weights."""

    means: FloatArray
    covariances: FloatArray

    @property
    def correlations(self) -> FloatArray:
        """Same shape as `covariances`; a column that does not vary is unrelated to all others."""
        variances = np.diagonal(self.covariances, axis1=1, axis2=2)
        scale = np.where(variances > 1e-12, 1 / np.sqrt(np.maximum(variances, 1e-12)), 0.0)
        result = self.covariances * scale[:, :, None] * scale[:, None, :]
        index = np.arange(result.shape[1])
        result[:, index, index] = 1.0
        return np.asarray(result)


def records_of(data: FloatArray) -> Records:
    """Sort rows by which columns they answered; every column must vary among its answers."""
    answered = ~np.isnan(data)
    standard = (data - np.nanmean(data, axis=0)) / np.nanstd(data, axis=0)
    packed = np.packbits(answered, axis=1)
    _, which = np.unique(packed, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    cuts = np.flatnonzero(np.diff(which.ravel()[order])) + 1
    patterns = []
    for rows in np.split(order, cuts):
        columns = np.flatnonzero(answered[rows[0]])
        if len(columns):
            patterns.append(Pattern(rows=rows, columns=columns, values=standard[np.ix_(rows, columns)]))
    return Records(patterns=tuple(patterns), n_rows=len(data), n_columns=data.shape[1])


def moments_of(records: Records, row_weights: FloatArray, *, start: Moments | None = None) -> Moments:
    """Means and covariances for each row of `row_weights` (n_sets, n_rows).

    Where answers are missing: maximum likelihood of a multivariate normal by expectation-maximisation, begun at
    `start` (one set, from all rows) where given. Complete answers need no such step.
    """
    totals = [_totals(pattern, row_weights[:, pattern.rows]) for pattern in records.patterns]
    if records.is_complete:
        return _moments_of_complete(totals[0])
    settled = SETTLED if start is None else SETTLED_RESAMPLE
    n_sets, width = len(row_weights), records.n_columns
    means = np.zeros((n_sets, width)) if start is None else np.repeat(start.means, n_sets, axis=0)
    covariances = np.repeat(np.eye(width)[None] if start is None else start.covariances, n_sets, axis=0)
    moments = Moments(means=means, covariances=covariances)
    for _ in range(MOST_ROUNDS):
        after = _round_of_em(records, totals, moments)
        change = np.abs(after.covariances - moments.covariances).max()
        moments = after
        if change < settled:
            return moments
    raise NotEnoughData(
        "Too many answers are missing for the relations between the questions to be estimated; leave out the "
        "questions that few people answered."
    )


@dataclass(frozen=True, eq=False)
class UnitSums:
    """Weighted sums over the rows of each unit: weight, columns, products of columns (n_units, 1 + k + k (k + 1) / 2).

    `squared_weights` (n_units,): sums of the squares of the rows' weights.
    """

    totals: FloatArray
    squared_weights: FloatArray
    n_columns: int


def unit_sums(records: Records, weights: FloatArray, units: NDArray[np.intp]) -> UnitSums:
    """Everything that moments of complete answers need, summed over units numbered from 0."""
    (pattern,) = records.patterns
    n_units, width = int(units.max()) + 1, records.n_columns
    number, weight = units[pattern.rows], weights[pattern.rows]
    left, right = np.triu_indices(width)
    totals = np.empty((n_units, 1 + width + len(left)))
    totals[:, 0] = np.bincount(number, weight, minlength=n_units)
    for column in range(width):
        totals[:, 1 + column] = np.bincount(number, weight * pattern.values[:, column], minlength=n_units)
    for index, (one, two) in enumerate(zip(left, right, strict=True)):
        product = weight * pattern.values[:, one] * pattern.values[:, two]
        totals[:, 1 + width + index] = np.bincount(number, product, minlength=n_units)
    squared = np.bincount(number, weight**2, minlength=n_units)
    return UnitSums(totals=totals, squared_weights=np.asarray(squared, dtype=np.float64), n_columns=width)


def moments_of_units(sums: UnitSums, counts: FloatArray) -> Moments:
    """Moments when each unit counts as often as each row of `counts` (n_sets, n_units) says."""
    width = sums.n_columns
    drawn = counts @ sums.totals
    products = np.empty((len(counts), width, width))
    left, right = np.triu_indices(width)
    products[:, left, right] = products[:, right, left] = drawn[:, 1 + width :]
    return _moments_of_complete(_Totals(weight=drawn[:, 0], sums=drawn[:, 1 : 1 + width], products=products))


def sets_a_block(records: Records) -> int:
    """How many sets of row weights fit into the memory that one call of `moments_of` should use."""
    per_set = records.n_rows + sum(len(pattern.columns) ** 2 for pattern in records.patterns)
    return max(1, BLOCK // per_set)


@dataclass(frozen=True, eq=False)
class _Totals:
    """Weighted sums of one pattern for each set: `weight` (n_sets,), `sums` (n_sets, k), `products` (n_sets, k, k)."""

    weight: FloatArray
    sums: FloatArray
    products: FloatArray


def _totals(pattern: Pattern, weights: FloatArray) -> _Totals:
    width = len(pattern.columns)
    left, right = np.triu_indices(width)
    flat = np.zeros((len(weights), len(left)))
    step = max(1, BLOCK // (4 * len(left)))
    for first in range(0, len(pattern.values), step):
        part = pattern.values[first : first + step]
        flat += weights[:, first : first + step] @ (part[:, left] * part[:, right])
    products = np.empty((len(weights), width, width))
    products[:, left, right] = flat
    products[:, right, left] = flat
    return _Totals(weight=weights.sum(axis=1), sums=weights @ pattern.values, products=products)


def _moments_of_complete(totals: _Totals) -> Moments:
    means = totals.sums / totals.weight[:, None]
    covariances = totals.products / totals.weight[:, None, None] - means[:, :, None] * means[:, None, :]
    return Moments(means=means, covariances=covariances)


def _round_of_em(records: Records, totals: list[_Totals], moments: Moments) -> Moments:
    """Expected sums around the present means, given the present moments; then new moments from them."""
    n_sets, width = moments.means.shape
    sums, products, weight = np.zeros((n_sets, width)), np.zeros((n_sets, width, width)), np.zeros(n_sets)
    for pattern, total in zip(records.patterns, totals, strict=True):
        have = pattern.columns
        mean = moments.means[:, have]
        away = total.sums - total.weight[:, None] * mean
        cross = total.products - total.sums[:, :, None] * mean[:, None, :] - mean[:, :, None] * away[:, None, :]
        lack = np.setdiff1d(np.arange(width), have)
        weight += total.weight
        if not len(lack):
            sums += away
            products += cross
            continue
        inside = moments.covariances[:, have[:, None], have]
        between = moments.covariances[:, have[:, None], lack]
        filled = np.zeros((n_sets, width, len(have)))
        filled[:, have, np.arange(len(have))] = 1.0
        slopes = np.linalg.solve(inside + 1e-10 * np.eye(len(have)), between)
        filled[:, lack] = slopes.transpose(0, 2, 1)
        sums += (filled @ away[:, :, None])[:, :, 0]
        products += filled @ cross @ filled.transpose(0, 2, 1)
        unknown = moments.covariances[:, lack[:, None], lack] - between.transpose(0, 2, 1) @ slopes
        products[:, lack[:, None], lack] += total.weight[:, None, None] * unknown
    shift = sums / weight[:, None]
    covariances = products / weight[:, None, None] - shift[:, :, None] * shift[:, None, :]
    return Moments(means=moments.means + shift, covariances=covariances)
