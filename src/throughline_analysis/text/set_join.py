"""All pairs of sets that share at least a given part of their union: exact, without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.text.shingles import IntArray, Shingles

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Products of one block, so that its result takes some hundred megabytes at most.
PRODUCTS_PER_BLOCK = 8_000_000
# Bounds of the size of the smaller set as parts of the larger one's; within a band one bound on the overlap serves
# all, so most chance partners are dropped by a single comparison.
BANDS = 5
SIGNATURE_WORDS = 4
VERIFIED_AT_ONCE = 200_000
# Guards against a threshold such as 0.6 * 5 that comes out as 3.0000000000000004.
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class SetPairs:
    """Pairs `first` < `second`, ordered, with the part of the union both share, exactly."""

    first: IntArray
    second: IntArray
    jaccard: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Sets ordered by size, with the prefixes in which any partner must share an element."""

    order: IntArray
    sizes: IntArray
    sets: csr_matrix
    prefixes: csr_matrix
    remaining: IntArray
    last: IntArray
    signatures: NDArray[np.uint64]
    products: IntArray


def jaccard_pairs(shingles: Shingles, *, threshold: float) -> SetPairs:
    """Every pair of non-empty sets whose intersection is at least `threshold` of the union.

    Exact: prefix filtering, then size and overlap bounds, then a bit signature only drop pairs that cannot reach the
    threshold; what is left is counted. Cost: the sum over elements of (prefixes that hold it) squared.
    """
    by_size = _by_size(shingles, threshold)
    found: list[tuple[IntArray, IntArray, NDArray[np.float64]]] = []
    for low, high in _blocks(by_size.products):
        for larger, smaller in _candidates(by_size, low, high, threshold=threshold):
            found += _verified(by_size, larger, smaller, threshold=threshold)
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return SetPairs(first=nothing, second=nothing, jaccard=np.empty(0))
    larger, smaller, jaccard = (np.concatenate(column) for column in zip(*found, strict=True))
    one, other = by_size.order[larger], by_size.order[smaller]
    first, second = np.minimum(one, other), np.maximum(one, other)
    ordered = np.lexsort((second, first))
    return SetPairs(first=first[ordered], second=second[ordered], jaccard=jaccard[ordered])


def _by_size(shingles: Shingles, threshold: float) -> _Sorted:
    from scipy.sparse import csr_matrix

    shape = (shingles.n_texts, max(shingles.n_groups, 1))
    ones = np.ones(len(shingles.groups), dtype=np.int16)
    order = np.argsort(shingles.sizes, kind="stable")
    order = order[shingles.sizes[order] > 0]
    sets = csr_matrix((ones, shingles.groups.astype(np.int32), shingles.starts), shape=shape)[order]
    sizes = np.diff(sets.indptr).astype(np.int64)
    starts = sets.indptr.astype(np.int64)
    lengths = sizes - np.ceil(threshold * sizes - SLACK).astype(np.int64) + 1
    owners = np.repeat(np.arange(len(sizes)), sizes)
    position = np.arange(len(owners)) - starts[owners]
    # An element nobody else has can never be shared, so it need not be looked for.
    wanted = (position < lengths[owners]) & (shingles.frequency[sets.indices] > 1)
    counts = np.bincount(owners[wanted], minlength=len(sizes))
    bounds = np.concatenate([[0], np.cumsum(counts)])
    elements = sets.indices[wanted]
    prefixes = csr_matrix((ones[: len(elements)], elements, bounds), shape=sets.shape)
    holders = np.bincount(elements, minlength=shape[1])
    products = np.concatenate([[0], np.cumsum(holders[elements])])[bounds]
    return _Sorted(
        order=order,
        sizes=sizes,
        sets=sets,
        prefixes=prefixes,
        remaining=sizes - lengths,
        last=sets.indices[starts[:-1] + lengths - 1].astype(np.int64),
        signatures=_signatures(sets.indices, starts),
        products=products,
    )


def _signatures(elements: NDArray[np.int32], starts: IntArray) -> NDArray[np.uint64]:
    """256 bits a set: each the parity of the elements that fall on it. Two sets differ in at least as many elements."""
    mixed = (elements.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    bit = mixed >> np.uint64(56)
    value = np.uint64(1) << (bit & np.uint64(63))
    word = bit >> np.uint64(6)
    signatures = np.zeros((len(starts) - 1, SIGNATURE_WORDS), dtype=np.uint64)
    if len(elements):
        for column in range(SIGNATURE_WORDS):
            signatures[:, column] = np.bitwise_xor.reduceat(np.where(word == column, value, np.uint64(0)), starts[:-1])
    return signatures


def _blocks(products: IntArray) -> Iterator[tuple[int, int]]:
    """Row ranges with about as many products each; a single row may have more."""
    n_rows = len(products) - 1
    low = 0
    while low < n_rows:
        high = int(np.searchsorted(products, products[low] + PRODUCTS_PER_BLOCK, side="right")) - 1
        high = min(max(high, low + 1), n_rows)
        yield low, high
        low = high


def _candidates(by_size: _Sorted, low: int, high: int, *, threshold: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs (row of the block, smaller or equal set before it) whose overlap in the prefixes leaves hope."""
    sizes = by_size.sizes
    bounds = np.searchsorted(sizes, sizes[low] * np.linspace(threshold, 1.0, BANDS + 1)[:-1] - SLACK)
    block = by_size.prefixes[low:high]
    need = threshold / (1 + threshold)
    for begin, end in zip(bounds, [*bounds[1:], high], strict=True):
        if begin >= end:
            continue
        shared = block @ by_size.prefixes[begin:end].T.tocsr()
        # The overlap in the prefixes must reach what is needed minus the most the rest can add, which is less than
        # the threshold times the size of the set whose prefix ends earlier. Smallest over the block and the band:
        smallest, largest = sizes[begin], sizes[end - 1]
        least = min(
            need * (sizes[low] + smallest) - threshold * sizes[high - 1],
            need * (sizes[low] + largest) - threshold * largest,
        )
        kept = np.flatnonzero(shared.data >= least - SLACK)
        rows = np.searchsorted(shared.indptr, kept, side="right") - 1 + low
        columns = shared.indices[kept].astype(np.int64) + begin
        overlap = shared.data[kept]
        rest = np.where(
            by_size.last[rows] <= by_size.last[columns], by_size.remaining[rows], by_size.remaining[columns]
        )
        is_hopeful = (columns < rows) & (overlap + rest >= need * (sizes[rows] + sizes[columns]) - SLACK)
        yield rows[is_hopeful], columns[is_hopeful]


def _verified(
    by_size: _Sorted, larger: IntArray, smaller: IntArray, *, threshold: float
) -> Iterator[tuple[IntArray, IntArray, NDArray[np.float64]]]:
    """The pairs that really reach the threshold, with their share."""
    sizes = by_size.sizes
    for begin in range(0, len(larger), VERIFIED_AT_ONCE):
        one, other = larger[begin : begin + VERIFIED_AT_ONCE], smaller[begin : begin + VERIFIED_AT_ONCE]
        both = sizes[one] + sizes[other]
        apart = np.bitwise_count(by_size.signatures[one] ^ by_size.signatures[other]).sum(axis=1, dtype=np.int64)
        near = apart <= both * (1 - threshold) / (1 + threshold) + SLACK
        one, other, both = one[near], other[near], both[near]
        if not len(one):
            continue
        shared = np.asarray(by_size.sets[one].multiply(by_size.sets[other]).sum(axis=1)).ravel().astype(np.int64)
        jaccard = shared / (both - shared)
        reached = jaccard >= threshold - SLACK
        yield one[reached], other[reached], jaccard[reached]
