"""Texts that say the same in almost the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.text.embedding import Embed, cosine_blocks, embedded
from throughline_analysis.text.set_join import SetPairs, jaccard_pairs
from throughline_analysis.text.shingles import IntArray, compared_form, shingles_of
from throughline_analysis.text.words import require_texts

# A sentence of sixty letters with two slips of the keyboard and a word exchanged shares this part of its letter
# groups with what it was; of two different sentences in the shared conversations it takes a template ("I live in a
# large city") to share as much. The tests show half and double of it.
THRESHOLD = 0.5
MEANING_THRESHOLD = 0.9
# Rounding of cosines of small floats: vectors that are equal may come out this much below one.
COSINE_SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Near duplicates among `n_texts` texts.

    `first`, `second`: (n_pairs,) row numbers, first < second, in order; `likeness`: (n_pairs,) shared letter groups
    divided by all letter groups of both, exact; `meaning`: (n_pairs,) cosine of the embeddings, nan without them.
    `copy_of`: (n_texts,) the first text with the same words, itself where there is none; pairs are given only
    between texts that are not copies. `group`: (n_texts,) number of the cluster, in order of its first text;
    a text alone is a cluster of its own.
    """

    first: IntArray
    second: IntArray
    likeness: NDArray[np.float64]
    meaning: NDArray[np.float64]
    copy_of: IntArray
    group: IntArray
    threshold: float
    method: str

    @property
    def n_texts(self) -> int:
        """Number of texts given."""
        return len(self.copy_of)

    @property
    def n_pairs(self) -> int:
        """Number of pairs between texts that are not exact copies."""
        return len(self.first)


def near_duplicates(
    texts: Sequence[str],
    *,
    threshold: float = THRESHOLD,
    embed: Embed | None = None,
    meaning_threshold: float = MEANING_THRESHOLD,
) -> Duplicates:
    """Pairs and clusters of texts that share most of their letter groups, whatever their language.

    Case, punctuation and Unicode variants are ignored. No pair above the threshold is missed. With an embedding,
    pairs of like meaning in other words are found too.

    Parameters
    ----------
    texts : sequence of str
        Any length; a text without words has no duplicates.
    threshold : float in (0, 1]
        Least shared part of the letter groups (Jaccard). 1 finds only texts with the same letter groups.
    embed : function from a list of n texts to (n, d) of float, optional
        Pairs whose vectors have a cosine of at least `meaning_threshold` count as well.
    meaning_threshold : float in (0, 1]
        Least cosine; without effect unless `embed` is given.

    Returns
    -------
    Duplicates
        Pairs with their likeness, exact copies, clusters.

    Raises
    ------
    InputError
        A threshold is outside (0, 1], a text is not text, or the embedding has the wrong shape.

    Notes
    -----
    Each text is the set of its overlapping groups of four letters, a space counting as a letter. Candidates come
    from an exact set-similarity join (prefix filter, size and overlap bounds, bit signatures) and every pair given
    is counted in full, so neither false pairs nor missed pairs come from the search. What the threshold means is a
    choice: likeness of letters is not likeness of meaning ("we should" and "we should not" are near duplicates).
    Clusters are chains: two texts in one cluster need not be alike themselves. Cost: for each letter group, the
    square of the number of texts that have it among their rarest; 100,000 sentences take some ten seconds, and ten
    times as many about a hundred times as long. Time and memory also grow with the pairs found: 4,000 texts from one
    template ("I live in ...") make eight million. With an embedding O(n_texts^2 * d) more.

    Source
    ------
    Jaccard likeness of shingles: Broder (1997), doi:10.1109/SEQUEN.1997.666900. Prefix filter and overlap bounds:
    Bayardo, Ma and Srikant (2007), doi:10.1145/1242572.1242591; Xiao, Wang, Lin, Yu and Wang (2011),
    doi:10.1145/2000824.2000825. Signatures: Sandes, Teodoro and Melo (2020), doi:10.1016/j.is.2019.101449.

    Examples
    --------
    >>> found = near_duplicates(["More time with customers!", "Lower costs", "more time with customer", "LOWER COSTS."])
    >>> found.first.tolist(), found.second.tolist(), found.likeness.round(2).tolist()
    ([0], [2], [0.88])
    >>> found.copy_of.tolist(), found.group.tolist()
    ([0, 1, 2, 1], [0, 1, 0, 1])
    """
    own = require_texts(texts, "texts")
    for name, value in (("threshold", threshold), ("meaning_threshold", meaning_threshold)):
        if not 0 < value <= 1:
            raise InputError(f"`{name}` is {value:g}; give a share above 0 and up to 1.")
    forms = [compared_form(text) for text in own]
    copy_of = _copies(forms)
    kept = np.flatnonzero((copy_of == np.arange(len(forms))) & np.array([bool(form) for form in forms], dtype=np.bool_))
    shingles = shingles_of([forms[row] for row in kept])
    pairs = jaccard_pairs(shingles, threshold=threshold)
    meaning = np.full(len(pairs.first), np.nan)
    if embed is not None and len(kept):
        pairs, meaning = _with_meaning(pairs, embedded(embed, [own[row] for row in kept]), meaning_threshold)
        missing = np.isnan(pairs.jaccard)
        first, second = pairs.first[missing], pairs.second[missing]
        pairs.jaccard[missing] = _jaccard(shingles.groups, shingles.starts, first, second)
    first, second = kept[pairs.first], kept[pairs.second]
    return Duplicates(
        first=first,
        second=second,
        likeness=pairs.jaccard,
        meaning=meaning,
        copy_of=copy_of,
        group=_clusters(first, second, copy_of),
        threshold=threshold,
        method="Jaccard of letter 4-grams" if embed is None else "Jaccard of letter 4-grams or cosine of embeddings",
    )


def _copies(forms: list[str]) -> IntArray:
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(form, row) if form else row for row, form in enumerate(forms)], dtype=np.int64)


def _with_meaning(pairs: SetPairs, unit: NDArray[np.float32], threshold: float) -> tuple[SetPairs, NDArray[np.float64]]:
    """Pairs found by letters or by meaning, in order; the likeness of letters of a new pair is nan as yet."""
    n_texts = len(unit)
    keys = [pairs.first * n_texts + pairs.second]
    for low, block in cosine_blocks(unit):
        rows, columns = np.nonzero(block >= threshold - COSINE_SLACK)
        later = rows + low < columns
        keys.append((rows[later] + low) * n_texts + columns[later])
    both = np.unique(np.concatenate(keys))
    first, second = both // n_texts, both % n_texts
    jaccard = np.full(len(both), np.nan)
    jaccard[np.searchsorted(both, keys[0])] = pairs.jaccard
    meaning = np.einsum("ij,ij->i", unit[first], unit[second], dtype=np.float64)
    return SetPairs(first=first, second=second, jaccard=jaccard), meaning


def _jaccard(groups: IntArray, starts: IntArray, first: IntArray, second: IntArray) -> NDArray[np.float64]:
    values = np.empty(len(first))
    for row, (one, other) in enumerate(zip(first, second, strict=True)):
        left = groups[starts[one] : starts[one + 1]]
        right = groups[starts[other] : starts[other + 1]]
        shared = len(np.intersect1d(left, right, assume_unique=True))
        values[row] = shared / (len(left) + len(right) - shared)
    return values


def _clusters(first: IntArray, second: IntArray, copy_of: IntArray) -> IntArray:
    """Connected components, numbered in order of their first text."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n_texts = len(copy_of)
    if n_texts == 0:
        return np.empty(0, dtype=np.int64)
    rows = np.concatenate([first, np.arange(n_texts)])
    columns = np.concatenate([second, copy_of])
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n_texts, n_texts))
    labels = connected_components(graph, directed=False)[1]
    _, first_seen, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first_seen), dtype=np.int64)
    rank[np.argsort(first_seen)] = np.arange(len(first_seen))
    return rank[inverse]
