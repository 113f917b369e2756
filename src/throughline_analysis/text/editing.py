"""What people do to themes: each edit gives a new model, and the next run respects it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.text.nmf import factorise, mixtures_of, singular_vectors, starting_factors
from throughline_analysis.text.terms import count_terms, telling_terms, weighted
from throughline_analysis.text.theme_model import PROFILE_WORDS, Theme, ThemeModel, described, suggested_name
from throughline_analysis.text.words import require_texts

LEAST_TEXTS_PER_PART = 5


def rename_theme(model: ThemeModel, key: str, *, name: str) -> ThemeModel:
    """The model with a theme called by the name a person chose; later runs keep it.

    Raises InputError when there is no such theme or the name is empty.

    Examples
    --------
    >>> from throughline_analysis.text import find_themes
    >>> texts = [f"{a} {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"{a} {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=2)
    >>> rename_theme(model, "t1", name="Getting about").themes[0].name
    'Getting about'
    """
    column = model.column_of(key)
    if not isinstance(name, str) or not name.strip():
        raise InputError("The name is empty; give the theme a name.")
    themes = list(model.themes)
    themes[column] = replace(themes[column], name=name.strip(), is_named=True)
    return replace(model, themes=tuple(themes))


def merge_themes(model: ThemeModel, key: str, *, other: str) -> ThemeModel:
    """The model with `other` taken up into the theme `key`, which keeps its key and, where a person gave it, its name.

    Memberships add up, words join with the weight of their themes' sizes, and moved texts follow.

    Two may become one: then the model has a single theme. Raises InputError when a theme is not there or both are the
    same.

    Examples
    --------
    >>> from throughline_analysis.text import find_themes
    >>> texts = [f"{a} {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"{a} {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=3)
    >>> [theme.key for theme in merge_themes(model, "t1", other="t3").themes]
    ['t1', 't2']
    """
    kept, gone = model.column_of(key), model.column_of(other)
    if kept == gone:
        raise InputError(f"Theme {key!r} cannot be merged with itself; name two themes.")
    themes = list(model.themes)
    sizes = model.membership.sum(axis=0)
    weights: dict[str, float] = {}
    for column in (kept, gone):
        for word, weight in zip(themes[column].words, themes[column].weights, strict=True):
            weights[word] = weights.get(word, 0.0) + weight * float(sizes[column] + 1e-9)
    ranked = sorted(weights, key=lambda word: (-weights[word], word))[:PROFILE_WORDS]
    top = weights[ranked[0]] if ranked else 1.0
    is_named = themes[kept].is_named
    themes[kept] = Theme(
        key=key,
        name=themes[kept].name if is_named else suggested_name(ranked),
        is_named=is_named,
        words=tuple(ranked),
        weights=tuple(weights[word] / top for word in ranked),
    )
    membership = model.membership.copy()
    membership[:, kept] += membership[:, gone]
    membership = np.delete(membership, gone, axis=1)
    del themes[gone]
    has_theme = model.theme_of >= 0
    return replace(
        model,
        themes=tuple(themes),
        membership=membership,
        theme_of=np.where(has_theme, membership.argmax(axis=1), -1).astype(np.int64),
        pins=MappingProxyType({text: key if theme == other else theme for text, theme in model.pins.items()}),
    )


def move_text(model: ThemeModel, text_key: Hashable, *, to: str) -> ThemeModel:
    """The model with one text put into a theme by a person; it stays there in later runs.

    Raises InputError when the text or the theme is not there.

    Examples
    --------
    >>> from throughline_analysis.text import find_themes
    >>> texts = [f"{a} {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"{a} {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=2)
    >>> move_text(model, 23, to="t1").theme_of[23], move_text(model, 23, to="t2").theme_of[23]
    (np.int64(0), np.int64(1))
    """
    column = model.column_of(to)
    if text_key not in model.keys:
        raise InputError(f"There is no text {text_key!r} in this model.")
    row = model.keys.index(text_key)
    membership, theme_of = model.membership.copy(), model.theme_of.copy()
    membership[row] = 0
    membership[row, column] = 1
    theme_of[row] = column
    pins = MappingProxyType({**model.pins, text_key: to})
    return replace(model, membership=membership, theme_of=theme_of, pins=pins)


def split_theme(
    model: ThemeModel, key: str, texts: Sequence[str], *, rng: np.random.Generator, n_parts: int = 2
) -> ThemeModel:
    """The model with a theme's texts divided into new themes, found among these texts alone.

    The new themes stand in the place of the old one under new keys; texts that were moved into it are free again.

    Parameters
    ----------
    model : ThemeModel
        The model.
    key : str
        Key of the theme.
    texts : sequence of str
        All texts of the model, in its order.
    rng : numpy Generator
        For the start.
    n_parts : int from 2 on
        New themes.

    Raises
    ------
    InputError
        There is no such theme, the texts are not the model's, or `n_parts` is below two.
    NotEnoughData
        The theme has fewer than five texts for each part, or they share too few words.

    Examples
    --------
    >>> from throughline_analysis.text import find_themes
    >>> texts = [f"{a} {b}" for a in ("tram", "bus", "train") for b in ("stop", "line", "fare", "route")]
    >>> texts += [f"{a} {b}" for a in ("bread", "soup", "rice") for b in ("price", "meal", "cook", "shop")]
    >>> model = find_themes(texts, rng=np.random.default_rng(1), n_themes=2)
    >>> parts = split_theme(model, "t1", texts, rng=np.random.default_rng(1))
    >>> [theme.key for theme in parts.themes], int(parts.sizes.sum())
    (['t3', 't4', 't2'], 24)
    """
    column = model.column_of(key)
    own = require_texts(texts, "texts")
    if len(own) != model.n_texts:
        raise InputError(f"There are {len(own)} texts for a model of {model.n_texts}; give the model's texts in order.")
    if n_parts < 2:
        raise InputError(f"`n_parts` is {n_parts}; a theme is split into two or more.")
    inside = np.flatnonzero(model.theme_of == column)
    if len(inside) < n_parts * LEAST_TEXTS_PER_PART:
        raise NotEnoughData(
            f"Theme {key!r} has {len(inside)} texts; {n_parts} parts need at least {n_parts * LEAST_TEXTS_PER_PART}."
        )
    terms = telling_terms(count_terms([own[row] for row in inside]), rng=rng)
    if min(terms.counts.shape) < 2 * n_parts:
        raise NotEnoughData(f"The texts of theme {key!r} share too few words to be split.")
    matrix = weighted(terms.counts)
    triplets = singular_vectors(matrix, n_parts, rng=rng)
    parts = factorise(matrix, starting_factors(triplets, n_parts, fill=matrix.mean() / 100)).parts
    keys = [f"t{model.n_made + number}" for number in range(1, n_parts + 1)]
    total = parts.sum(axis=0)
    new = [
        described(name, part, others=total - part, terms=terms.terms) for name, part in zip(keys, parts, strict=True)
    ]
    # Texts elsewhere that had a share in the old theme pass it on evenly; the next run finds their own.
    shares = np.full((model.n_texts, n_parts), 1 / n_parts)
    explained = mixtures_of(matrix, parts) * np.linalg.norm(parts, axis=1)
    told = explained.sum(axis=1) > 1e-9
    shares[inside[told]] = explained[told] / explained[told].sum(axis=1, keepdims=True)
    membership = np.delete(model.membership, column, axis=1)
    membership = np.insert(membership, [column] * n_parts, shares * model.membership[:, [column]], axis=1)
    theme_of = np.where(model.theme_of > column, model.theme_of + n_parts - 1, model.theme_of)
    theme_of[inside] = column + shares[inside].argmax(axis=1)
    return replace(
        model,
        themes=(*model.themes[:column], *new, *model.themes[column + 1 :]),
        membership=membership,
        theme_of=theme_of.astype(np.int64),
        pins=MappingProxyType({text: theme for text, theme in model.pins.items() if theme != key}),
        n_made=model.n_made + n_parts,
    )
