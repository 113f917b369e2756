"""Themes in what people wrote, as many as the texts support."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval
from throughline_analysis.text.embedding import Embed, embedded
from throughline_analysis.text.neighbours import neighbours, spread
from throughline_analysis.text.nmf import factorise, mixtures_of, singular_vectors, starting_factors
from throughline_analysis.text.stability import LEVEL, NumberOfThemes, choose_number, replication
from throughline_analysis.text.terms import count_terms, telling_terms, weighted
from throughline_analysis.text.theme_model import Theme, ThemeModel, described, no_pins, placed
from throughline_analysis.text.words import require_texts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
LEAST_TEXTS = 20
# Each theme should have about this many texts to stand on, or it is not tried.
TEXTS_PER_THEME = 10
TRIED = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15)
METHOD = "non-negative factors of tf-idf words"


def find_themes(
    texts: Sequence[str],
    *,
    rng: np.random.Generator,
    keys: Sequence[Hashable] | None = None,
    n_themes: int | None = None,
    embed: Embed | None = None,
) -> ThemeModel:
    """Themes that the texts support, with suggested names and each text's membership in them.

    People then rename, merge, split and move (`rename_theme`, `merge_themes`, `split_theme`, `move_text`), and
    `refit_themes` respects it when texts were added.

    Parameters
    ----------
    texts : sequence of str, at least 20 with words
        In any language, or several.
    rng : numpy Generator
        For the halves, the shuffles and the start; the same generator gives the same themes.
    keys : sequence of hashable, one per text, optional
        What the caller calls each text, so that edits find it in the next run; the row number unless given.
    n_themes : int from 2 on, optional
        Chosen from the texts unless given.
    embed : function from a list of n texts to (n, d) of float, optional
        Each text then borrows half its words from its ten nearest neighbours in meaning, so that texts in different
        words, or languages, can share a theme.

    Returns
    -------
    ThemeModel
        Largest theme first.

    Raises
    ------
    InputError
        Keys are too few or not unique, `n_themes` is out of range, or the embedding has the wrong shape.
    NotEnoughData
        Fewer than 20 texts have words, they share too few words, or no number of themes is found again in the other
        half of the texts more often than themes of shuffled words. Then there are no themes to show; `n_themes`
        overrides.

    Notes
    -----
    Texts are rows of tf-idf words; frequent words that stand beside anything are left out, learned from the texts
    themselves. Themes are non-negative factors. Their number is the one whose themes two random halves of the texts
    find most alike, beyond what shuffled words give; below 95 % evidence, or where less than a tenth of the possible
    likeness is gained, the answer is that there are none. A theme
    is words that occur together, not an opinion: pro and con share it. Short lists of short texts rarely support
    more than two or three themes; that is a finding. Irony, negation and the weight of what only one person said
    are lost, so read the texts. Cost O(sweeps * (words in texts * k + (texts + terms) * k^2)), some 3 s for 20,000
    comments; with an embedding O(n_texts^2 * d) more.

    Source
    ------
    Lee and Seung (1999), Nature 401:788-791, doi:10.1038/44565; Cichocki and Phan (2009),
    doi:10.1587/transfun.E92.A.708. Choice by agreement between fits: Brunet et al. (2004),
    doi:10.1073/pnas.0308531101; Greene, O'Callaghan and Cunningham (2014), doi:10.1007/978-3-662-44848-9_32.

    Examples
    --------
    >>> texts = [f"the {a} of the {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"the {a} and the {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=2)
    >>> model.sizes.tolist(), len(set(model.theme_of[:12].tolist()))
    ([12, 12], 1)
    """
    own = require_texts(texts, "texts")
    names = text_keys(keys, len(own))
    if n_themes is not None and (not isinstance(n_themes, int | np.integer) or n_themes < 2):
        raise InputError(f"`n_themes` is {n_themes}; ask for two themes or more in a whole number, or leave it out.")
    all_terms = count_terms(own)
    n_told = int(np.count_nonzero(np.diff(all_terms.counts.indptr)))
    if n_told < LEAST_TEXTS:
        raise NotEnoughData(f"Only {n_told} texts have words; themes need at least {LEAST_TEXTS}.")
    terms = telling_terms(all_terms, rng=rng)
    unit = None if embed is None else embedded(embed, own)
    number = None
    if n_themes is None:
        number = _supported_number(terms.counts, n_told, rng=rng, unit=unit)
        n_themes = number.chosen
    elif n_themes * 2 > min(terms.counts.shape):
        raise NotEnoughData(f"The texts share too few words for {n_themes} themes; ask for fewer or gather more.")
    matrix = spread(weighted(terms.counts), None if unit is None else neighbours(unit))
    triplets = singular_vectors(matrix, n_themes, rng=rng)
    start = starting_factors(triplets, n_themes, fill=matrix.sum() / (matrix.shape[0] * matrix.shape[1]) / 100)
    parts = factorise(matrix, start).parts
    parts = parts[_by_size(matrix, parts)]
    where = placed(matrix, parts, pinned={})
    return ThemeModel(
        themes=with_replication(themes_of(parts, terms.terms), matrix, parts, rng=rng),
        keys=names,
        membership=where.membership,
        fit=where.fit,
        theme_of=where.theme_of,
        pins=no_pins(),
        n_made=n_themes,
        number=number,
        stop_words=terms.stop_words,
        method=METHOD if embed is None else f"{METHOD}, spread over neighbours in meaning",
    )


def _supported_number(
    counts: csr_matrix, n_told: int, *, rng: np.random.Generator, unit: NDArray[np.float32] | None
) -> NumberOfThemes:
    tried = np.array([number for number in TRIED if number * TEXTS_PER_THEME <= n_told], dtype=np.int64)
    number = choose_number(counts, tried, rng=rng, unit=unit)
    if not number.is_supported:
        raise NotEnoughData(
            f"The {n_told} texts show no themes that hold: what one half of them gives is not found in the other half "
            "more often than in shuffled words. Gather more texts, or choose a number of themes yourself."
        )
    return number


def text_keys(keys: Sequence[Hashable] | None, n_texts: int) -> tuple[Hashable, ...]:
    """One key per text: the caller's, or the row number; or InputError."""
    if keys is None:
        return tuple(range(n_texts))
    own = tuple(keys)
    if len(own) != n_texts:
        raise InputError(f"There are {len(own)} keys for {n_texts} texts; give one per text.")
    try:
        twice = [key for key, times in Counter(own).items() if times > 1]
    except TypeError:
        raise InputError("A key cannot be looked up, as a list cannot; give numbers or texts as keys.") from None
    if twice:
        raise InputError(f"The key {twice[0]!r} is given to several texts; each text needs its own.")
    return own


def _by_size(matrix: csr_matrix, parts: FloatArray) -> NDArray[np.int64]:
    """Themes in order of the texts they are strongest in."""
    explained = mixtures_of(matrix, parts) * np.linalg.norm(parts, axis=1)
    strongest = explained.argmax(axis=1)[explained.max(axis=1) > 0]
    return np.argsort(-np.bincount(strongest, minlength=len(parts)), kind="stable").astype(np.int64)


def themes_of(parts: FloatArray, terms: Sequence[str]) -> list[Theme]:
    """Described themes from their weights over terms."""
    unit = parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-300)
    total = unit.sum(axis=0)
    return [
        described(f"t{number}", part, others=total - part, terms=terms) for number, part in enumerate(unit, start=1)
    ]


def with_replication(
    themes: list[Theme], matrix: csr_matrix, parts: FloatArray, *, rng: np.random.Generator
) -> tuple[Theme, ...]:
    """The themes with how like each other their versions in two halves are."""
    if 2 * len(parts) >= min(matrix.shape[0] // 2, matrix.shape[1]):
        return tuple(themes)
    values = replication(matrix, parts, rng=rng)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    method = "quantiles over random halves"
    return tuple(
        replace(
            theme,
            replication=float(values[:, column].mean()),
            interval=Interval(low=float(low[column]), high=float(high[column]), level=LEVEL, method=method),
        )
        for column, theme in enumerate(themes)
    )
