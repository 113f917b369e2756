"""The same themes again when more was written, with everything people decided about them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.text.embedding import Embed, embedded
from throughline_analysis.text.neighbours import neighbours, spread
from throughline_analysis.text.nmf import Anchor, factorise, mixtures_of
from throughline_analysis.text.terms import count_terms, telling_terms, weighted
from throughline_analysis.text.theme_model import Theme, ThemeModel, placed
from throughline_analysis.text.themes import text_keys, themes_of, with_replication
from throughline_analysis.text.words import require_texts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
# How hard the themes of an earlier run hold on: as much as this part of an average theme's texts.
ANCHOR_SHARE = 0.5
# So many texts moved into a theme weigh as much in its words as all the theme was before.
MOVED_FOR_HALF = 10.0


def refit_themes(
    model: ThemeModel,
    texts: Sequence[str],
    *,
    rng: np.random.Generator,
    keys: Sequence[Hashable] | None = None,
    embed: Embed | None = None,
) -> ThemeModel:
    """The same themes on another set of texts, usually the old ones and what was added.

    Themes keep key, name and place; merged ones stay merged and split ones split; a moved text stays where it was
    put and teaches its theme its words. No theme is added or taken away.

    Parameters
    ----------
    model : ThemeModel
        Of `find_themes`, edited or not.
    texts, keys, embed, rng
        As in `find_themes`. Pins whose key is not among `keys` are kept for later.

    Returns
    -------
    ThemeModel
        Suggested names follow the words; names given by people stay.

    Raises
    ------
    InputError
        As `find_themes`.
    NotEnoughData
        The texts share no word with the themes.

    Notes
    -----
    The factors start at the earlier themes and are pulled towards them with the weight of half an average theme's
    texts. A moved text may only use its theme and adds its words to it, ten of them as much as the theme had
    (semi-supervised non-negative factors). Cost as one fit.

    Source
    ------
    Lee, Yoo and Choi (2010), IEEE Signal Processing Letters 17:4-7, doi:10.1109/LSP.2009.2027163.

    Examples
    --------
    >>> texts = [f"{a} {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"{a} {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> from throughline_analysis.text import find_themes
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=2)
    >>> later = refit_themes(model, [*texts, "bus stop bread"], rng=np.random.default_rng(1))
    >>> [theme.key for theme in later.themes] == [theme.key for theme in model.themes]
    True
    """
    own = require_texts(texts, "texts")
    names = text_keys(keys, len(own))
    known = [word for theme in model.themes for word in theme.words]
    terms = telling_terms(count_terms(own), rng=rng, kept=known)
    before = _profiles(model, terms.terms)
    if not len(own) or not before.any(axis=1).all():
        raise NotEnoughData("Some theme shares no word with these texts; leave the theme out or give its texts too.")
    unit = None if embed is None else embedded(embed, own)
    matrix = spread(weighted(terms.counts), None if unit is None else neighbours(unit))
    column_of = {theme.key: column for column, theme in enumerate(model.themes)}
    pinned = {row: column_of[model.pins[name]] for row, name in enumerate(names) if name in model.pins}
    parts = _taught(matrix, before, pinned)
    where = placed(matrix, parts, pinned=pinned)
    found = with_replication(themes_of(parts, terms.terms), matrix, parts, rng=rng)
    return replace(
        model,
        themes=tuple(_keeping(old, new) for old, new in zip(model.themes, found, strict=True)),
        keys=names,
        membership=where.membership,
        fit=where.fit,
        theme_of=where.theme_of,
        pins=MappingProxyType(dict(model.pins)),
        stop_words=terms.stop_words,
        number=None,
    )


def _profiles(model: ThemeModel, terms: Sequence[str]) -> FloatArray:
    """The themes' words as unit rows over the terms of the new texts."""
    column_of = {term: column for column, term in enumerate(terms)}
    parts = np.zeros((len(model.themes), len(terms)))
    for row, theme in enumerate(model.themes):
        for word, weight in zip(theme.words, theme.weights, strict=True):
            if word in column_of:
                parts[row, column_of[word]] = weight
    lengths = np.linalg.norm(parts, axis=1, keepdims=True)
    return np.asarray(np.divide(parts, lengths, out=parts, where=lengths > 0))


def _taught(matrix: csr_matrix, before: FloatArray, pinned: dict[int, int]) -> FloatArray:
    """Parts that start at the earlier ones, taught by moved texts, and stay near them."""
    allowed = np.ones((matrix.shape[0], len(before)), dtype=np.bool_)
    start = before.copy()
    for column in set(pinned.values()):
        rows = [row for row, theme in pinned.items() if theme == column]
        allowed[rows] = False
        allowed[rows, column] = True
        words = np.asarray(matrix[rows].sum(axis=0)).ravel()
        length = np.linalg.norm(words)
        if length > 0:
            # As much of these words as their number asks for, none where the theme has them from an earlier run.
            there = float(np.clip(start[column] @ words / length, 0, 1))
            wanted = len(rows) / MOVED_FOR_HALF * float(np.sqrt(1 - there * there)) - there
            start[column] += max(wanted, 0.0) * words / length
            start[column] /= np.linalg.norm(start[column])
    anchor = Anchor(parts=start, strength=ANCHOR_SHARE * matrix.shape[0] / len(before), allowed=allowed)
    return factorise(matrix, (mixtures_of(matrix, start) + 1e-6, start + 1e-6), anchor=anchor).parts


def _keeping(old: Theme, new: Theme) -> Theme:
    """What was found now under the key, and the name if a person gave it, of before."""
    if old.is_named:
        return replace(new, key=old.key, name=old.name, is_named=True)
    return replace(new, key=old.key)
