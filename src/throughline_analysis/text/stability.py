"""How many themes the texts support: themes that two halves of the texts find independently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.text.neighbours import neighbours, spread
from throughline_analysis.text.nmf import factorise, singular_vectors, starting_factors
from throughline_analysis.text.shingles import IntArray
from throughline_analysis.text.terms import LEAST_TEXTS, weighted

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
SPLITS = 8
SHUFFLES = 20
# Enough texts to judge stability; more cost time and hardly move the choice.
MOST_TEXTS = 2_000
# Sweeps of one fit: top words settle long before the error does.
SWEEPS = 20
LOOSE = 1e-3
LEVEL = 0.95
# Beyond doubt is not enough: with many texts a trace of likeness is beyond doubt. Themes of which less than this part
# is found again, above what shuffled words give, help nobody.
LEAST_EXCESS = 0.1
MOST_MIXINGS = 50


@dataclass(frozen=True, eq=False)
class NumberOfThemes:
    """What was tried and what came of it; arrays have one entry per number tried.

    `tried`: numbers of themes; `likeness`: mean cosine of the themes of one half of the texts with their partners in
    the other half; `shuffled`: the same for shuffled words; `excess`: (likeness - shuffled) / (1 - shuffled);
    `chosen`: the number with the largest excess; `evidence`: the largest distance from `shuffled` over all numbers
    tried, in standard deviations of the shuffles; `bound`: what the evidence of shuffled words stays below with
    probability `level`; `n_texts`: texts used.
    """

    tried: IntArray
    likeness: FloatArray
    shuffled: FloatArray
    excess: FloatArray
    chosen: int
    evidence: float
    bound: float
    level: float
    n_texts: int
    method: str

    @property
    def is_supported(self) -> bool:
        """True when the chosen themes are found again beyond doubt, and well more than themes of shuffled words."""
        return self.evidence > self.bound and float(self.excess.max()) >= LEAST_EXCESS


def choose_number(
    counts: csr_matrix, tried: IntArray, *, rng: np.random.Generator, unit: NDArray[np.float32] | None = None
) -> NumberOfThemes:
    """Split-half likeness of the themes for each number, against the same words shuffled among the texts.

    `unit` are unit vectors of an embedding; the shuffled texts then have neighbours at random. Raises NotEnoughData
    when no number can be tried. Cost: (SPLITS + SHUFFLES) * 2 fits of half the texts per number.
    """
    rows = np.flatnonzero(np.diff(counts.indptr))
    if len(rows) > MOST_TEXTS:
        rows = np.sort(rng.choice(rows, MOST_TEXTS, replace=False))
    counts = counts[rows]
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    counts = counts[:, np.flatnonzero(holders >= LEAST_TEXTS)].tocsr()
    tried = tried[2 * tried < min(counts.shape)]
    if not len(tried):
        raise NotEnoughData("The texts share too few words for themes; gather more texts, or longer ones.")
    near = None if unit is None else neighbours(unit[rows])
    matrix = spread(weighted(counts), near)
    real = np.mean([_halves(matrix, tried, rng) for _ in range(SPLITS)], axis=0)
    each = np.array([_halves(_unrelated(counts, near, rng), tried, rng) for _ in range(SHUFFLES)])
    usual = each.mean(axis=0)
    excess = (real - usual) / np.maximum(1 - usual, 1e-9)
    # Each shuffle against the others, so that it is as new to them as the real texts are to all.
    alone = [_evidence(row, np.delete(each, number, axis=0)) for number, row in enumerate(each)]
    return NumberOfThemes(
        tried=tried,
        likeness=real,
        shuffled=usual,
        excess=excess,
        chosen=int(tried[np.argmax(excess)]),
        evidence=_evidence(real, each),
        bound=_prediction_bound(np.array(alone)),
        level=LEVEL,
        n_texts=counts.shape[0],
        method="split-half cosine of matched themes, against shuffled words",
    )


def _evidence(values: FloatArray, shuffles: FloatArray) -> float:
    return float(((values - shuffles.mean(axis=0)) / np.maximum(shuffles.std(axis=0, ddof=1), 1e-9)).max())


def _unrelated(counts: csr_matrix, near: csr_matrix | None, rng: np.random.Generator) -> csr_matrix:
    """Shuffled texts as a fit sees them, with neighbours at random where real ones have neighbours by meaning."""
    if near is not None:
        near = near.copy()
        near.indices = rng.integers(near.shape[1], size=len(near.indices), dtype=near.indices.dtype)
    return spread(weighted(shuffled_words(counts, rng)), near)


def replication(matrix: csr_matrix, parts: FloatArray, *, rng: np.random.Generator) -> FloatArray:
    """How like each other the two halves' versions of each theme are: (SPLITS, n_themes) of cosines.

    `parts` are the themes of all texts; each half's themes are matched to them first.
    """
    number = np.array([len(parts)])
    rows = []
    for _ in range(SPLITS):
        versions = []
        for half in _split(matrix, rng):
            found = _fits(half, number, rng)[0]
            versions.append(found[_partners(parts, found)])
        rows.append(np.sum(_unit(versions[0]) * _unit(versions[1]), axis=1))
    return np.array(rows)


def shuffled_words(counts: csr_matrix, rng: np.random.Generator) -> csr_matrix:
    """Each text keeps its number of different words and each word its number of texts; who meets whom is chance.

    Repeats within a text are drawn anew; what still repeats after many draws is dropped. Counts become one.
    """
    from scipy.sparse import csr_matrix as make

    columns = rng.permutation(counts.indices).astype(np.int64)
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    for _ in range(MOST_MIXINGS):
        keys = rows * counts.shape[1] + columns
        order = np.argsort(keys, kind="stable")
        again = order[1:][np.diff(keys[order]) == 0]
        if not len(again):
            break
        mixed = np.union1d(again, rng.choice(len(columns), min(2 * len(again), len(columns))))
        columns[mixed] = columns[rng.permutation(mixed)]
    shuffled = make((np.ones(len(columns)), columns, counts.indptr.copy()), shape=counts.shape)
    shuffled.sum_duplicates()
    shuffled.data[:] = 1
    return shuffled


def _halves(matrix: csr_matrix, tried: IntArray, rng: np.random.Generator) -> FloatArray:
    """Mean cosine of matched themes of two random halves, for each number."""
    one, other = (_fits(half, tried, rng) for half in _split(matrix, rng))
    values = []
    for left, right in zip(one, other, strict=True):
        values.append(float(np.mean(np.sum(_unit(left) * _unit(right[_partners(left, right)]), axis=1))))
    return np.array(values)


def _split(matrix: csr_matrix, rng: np.random.Generator) -> tuple[csr_matrix, csr_matrix]:
    order = rng.permutation(matrix.shape[0])
    middle = len(order) // 2
    return matrix[order[:middle]], matrix[order[middle:]]


def _fits(matrix: csr_matrix, tried: IntArray, rng: np.random.Generator) -> list[FloatArray]:
    """Parts for each number of themes; the singular vectors are shared."""
    triplets = singular_vectors(matrix, int(tried.max()), rng=rng)
    fill = matrix.sum() / (matrix.shape[0] * matrix.shape[1]) / 100
    starts = (starting_factors(triplets, int(number), fill=fill) for number in tried)
    return [factorise(matrix, start, most_sweeps=SWEEPS, tolerance=LOOSE).parts for start in starts]


def _partners(one: FloatArray, other: FloatArray) -> IntArray:
    """For each row of `one` the row of `other` that it is matched with, for the largest sum of cosines."""
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(-_unit(one) @ _unit(other).T)[1], dtype=np.int64)


def _unit(parts: FloatArray) -> FloatArray:
    return np.asarray(parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-300))


def _prediction_bound(values: FloatArray) -> float:
    """What one more value of the same kind stays below with probability `LEVEL`, if they are normal."""
    from scipy.special import stdtrit

    spread = float(values.std(ddof=1)) * np.sqrt(1 + 1 / len(values))
    return float(values.mean() + stdtrit(len(values) - 1, LEVEL) * spread)
