"""Texts as weighted words: which words occur where, which of them tell texts apart, learned from the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.text.shingles import IntArray
from throughline_analysis.text.words import segment_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
# A word of one text only cannot hold texts together.
LEAST_TEXTS = 2
# More words than this add noise and time, not themes; the most frequent ones stay.
MOST_TERMS = 5_000
# The most frequent words that together make up this part of the running text are the candidates for stop words ...
HEAD_SHARE = 0.35
# ... if they also occur in this part of the texts; and they stay in when they keep company of their own: when the
# words beside them differ from the words of as many random texts by this many nats more than chance.
HEAD_TEXTS_SHARE = 0.05
COMPANY_NATS = 0.25
CHANCE_DRAWS = 20
CHANCE_SIZES = 8


@dataclass(frozen=True, eq=False)
class TermMatrix:
    """`counts`: (n_texts, n_terms) sparse, how often each term occurs; `terms` in column order, alphabetical.

    `stop_words` were left out because they are frequent everywhere.
    """

    counts: csr_matrix
    terms: tuple[str, ...]
    stop_words: tuple[str, ...]


def count_terms(texts: Sequence[str]) -> TermMatrix:
    """Counts of all words, none left out."""
    from scipy.sparse import csr_matrix

    number: dict[str, int] = {}
    columns: list[int] = []
    starts = [0]
    for text in texts:
        columns += [number.setdefault(word, len(number)) for word in segment_words(text)]
        starts.append(len(columns))
    terms = sorted(number)
    rank = np.empty(max(len(terms), 1), dtype=np.int64)
    rank[[number[term] for term in terms]] = np.arange(len(terms))
    indices = rank[np.array(columns, dtype=np.int64)]
    counts = csr_matrix((np.ones(len(columns)), indices, starts), shape=(len(texts), len(terms)))
    counts.sum_duplicates()
    return TermMatrix(counts=counts, terms=tuple(terms), stop_words=())


def telling_terms(matrix: TermMatrix, *, rng: np.random.Generator, kept: Sequence[str] = ()) -> TermMatrix:
    """The terms that can tell texts apart: no learned stop words, none of a single text, at most `MOST_TERMS`.

    Terms in `kept` stay whatever their frequency, as long as they occur.
    """
    holders = _holders(matrix.counts)
    is_stop = _stop_words(matrix, rng)
    wanted = (holders >= LEAST_TEXTS) & ~is_stop
    if wanted.sum() > MOST_TERMS:
        ranked = np.argsort(-np.where(wanted, holders, 0), kind="stable")
        wanted = np.zeros_like(wanted)
        wanted[ranked[:MOST_TERMS]] = True
    always = set(kept)
    if always:
        wanted |= np.array([term in always for term in matrix.terms], dtype=np.bool_)
    columns = np.flatnonzero(wanted)
    return TermMatrix(
        counts=matrix.counts[:, columns],
        terms=tuple(matrix.terms[column] for column in columns),
        stop_words=tuple(matrix.terms[column] for column in np.flatnonzero(is_stop & ~wanted)),
    )


def weighted(counts: csr_matrix, *, holders: IntArray | None = None, n_texts: int | None = None) -> csr_matrix:
    """Rows of unit length: (1 + log count) * log((n + 1) / texts with the term); empty rows stay empty.

    `holders` and `n_texts` weigh by another, larger set of texts.
    """
    from scipy.sparse import csr_matrix as make

    matrix = make(counts, copy=True)
    if holders is None:
        holders, n_texts = _holders(matrix), matrix.shape[0]
    rarity = np.log((float(n_texts or 0) + 1) / np.maximum(holders, 1))
    matrix.data = (1 + np.log(matrix.data)) * rarity[matrix.indices]
    return unit_rows(matrix)


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """The same rows with length one, in place; rows of zeros stay."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    per_row = np.diff(matrix.indptr)
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), per_row)
    return matrix


def _holders(counts: csr_matrix) -> IntArray:
    """In how many texts each term occurs."""
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.int64)


def _stop_words(matrix: TermMatrix, rng: np.random.Generator) -> NDArray[np.bool_]:
    """True for the frequent words that stand beside anything."""
    n_texts, n_terms = matrix.counts.shape
    is_stop = np.zeros(n_terms, dtype=np.bool_)
    if not matrix.counts.nnz:
        return is_stop
    uses = np.asarray(matrix.counts.sum(axis=0)).ravel()
    holders = _holders(matrix.counts)
    ranked = np.argsort(-uses, kind="stable")
    n_head = int(np.searchsorted(np.cumsum(uses[ranked]), HEAD_SHARE * uses.sum())) + 1
    head = ranked[:n_head]
    head = head[(holders[head] >= HEAD_TEXTS_SHARE * n_texts) & (holders[head] >= LEAST_TEXTS)]
    rest = np.setdiff1d(np.flatnonzero(holders >= LEAST_TEXTS), head)
    if not len(head):
        return is_stop
    if not len(rest):
        is_stop[head] = True
        return is_stop
    company = matrix.counts[:, rest].tocsr()
    company.data[:] = 1
    usual = holders[rest] / holders[rest].sum()
    sizes = np.unique(np.geomspace(holders[head].min(), holders[head].max(), CHANCE_SIZES).round().astype(int))
    draws = [
        np.mean([_divergence(company, rng.choice(n_texts, size, replace=False), usual) for _ in range(CHANCE_DRAWS)])
        for size in sizes
    ]
    columns = matrix.counts.tocsc()
    for term in head:
        rows = columns.indices[columns.indptr[term] : columns.indptr[term + 1]].astype(np.int64)
        by_chance = float(np.interp(holders[term], sizes, draws))
        is_stop[term] = _divergence(company, rows, usual) - by_chance < COMPANY_NATS
    return is_stop


def _divergence(company: csr_matrix, rows: IntArray, usual: FloatArray) -> float:
    """Kullback-Leibler divergence of the words of some texts from those of all, in nats."""
    seen = np.asarray(company[rows].sum(axis=0)).ravel()
    total = seen.sum()
    if total == 0:
        return 0.0
    share = seen / total
    there = share > 0
    return float(np.sum(share[there] * np.log(share[there] / usual[there])))
