"""Themes as people edit them: names, words, memberships, and what people have decided about them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import Interval
from throughline_analysis.text.nmf import mixtures_of
from throughline_analysis.text.shingles import IntArray
from throughline_analysis.text.stability import NumberOfThemes
from throughline_analysis.text.words import is_unspaced

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
PROFILE_WORDS = 60
NAME_WORDS = 3
# Letters beyond this make a word no fitter for a name.
LONG_WORD = 8
# A text of which the themes explain less than this (cosine) belongs to none.
LEAST_FIT = 0.05


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. `words` and `weights` describe it, strongest first, and are what the next run begins with.

    `name` is a suggestion unless `is_named` says that a person chose it. `replication` is the mean cosine between
    the versions of the theme found in two halves of the texts, with its interval; None where it was not measured,
    as after an edit.
    """

    key: str
    name: str
    is_named: bool
    words: tuple[str, ...]
    weights: tuple[float, ...]
    replication: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True, eq=False)
class ThemeModel:
    """Themes of a set of texts. Make one with `find_themes`; every edit gives a new one.

    `keys`: the texts' own keys in row order; `membership`: (n_texts, n_themes), how much of what the themes explain
    of a text each of them explains, rows sum to one or are zero; `fit`: (n_texts,) how much of the text the themes
    explain, cosine in [0, 1]; `theme_of`: (n_texts,) column of the text's strongest theme, -1 where it has none;
    `pins`: texts that people moved, with the key of their theme; `n_made`: themes ever made, so that no key comes
    back; `number`: how many themes the texts support, None where the caller chose; `stop_words`: frequent words left
    out as telling nothing.
    """

    themes: tuple[Theme, ...]
    keys: tuple[Hashable, ...]
    membership: FloatArray
    fit: FloatArray
    theme_of: IntArray
    pins: Mapping[Hashable, str]
    n_made: int
    number: NumberOfThemes | None
    stop_words: tuple[str, ...]
    method: str

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.keys)

    @property
    def sizes(self) -> IntArray:
        """Texts whose strongest theme is this one, per theme."""
        return np.bincount(self.theme_of[self.theme_of >= 0], minlength=len(self.themes)).astype(np.int64)

    def column_of(self, theme_key: str) -> int:
        """Column of a theme, or InputError."""
        for column, theme in enumerate(self.themes):
            if theme.key == theme_key:
                return column
        known = ", ".join(theme.key for theme in self.themes)
        raise InputError(f"There is no theme {theme_key!r}; the themes are {known}.")


@dataclass(frozen=True, eq=False)
class Placed:
    """Where each text stands among the themes: the last three arrays of a `ThemeModel`."""

    membership: FloatArray
    fit: FloatArray
    theme_of: IntArray


def placed(matrix: csr_matrix, parts: FloatArray, *, pinned: Mapping[int, int]) -> Placed:
    """Memberships of unit rows in themes; `pinned` gives the column of rows that people moved."""
    mixture = mixtures_of(matrix, parts)
    mixture[mixture < 1e-9] = 0
    explained = mixture * np.linalg.norm(parts, axis=1)
    total = explained.sum(axis=1, keepdims=True)
    membership = np.divide(explained, total, out=np.zeros_like(explained), where=total > 0)
    gram = parts @ parts.T
    lengths = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", mixture, gram, mixture), 0))
    inner = np.asarray((matrix @ parts.T) * mixture).sum(axis=1)
    fit = np.clip(np.divide(inner, lengths, out=np.zeros_like(inner), where=lengths > 0), 0, 1)
    theme_of = np.where(fit >= LEAST_FIT, membership.argmax(axis=1), -1).astype(np.int64)
    for row, column in pinned.items():
        membership[row] = 0
        membership[row, column] = 1
        theme_of[row] = column
    return Placed(membership=membership, fit=fit, theme_of=theme_of)


def described(key: str, part: FloatArray, *, others: FloatArray, terms: Sequence[str]) -> Theme:
    """A theme from its weights over terms; `others` are the weights of all other themes, for a telling name."""
    order = np.argsort(-part, kind="stable")[:PROFILE_WORDS]
    order = order[part[order] > part.max() * 1e-3] if part.max() > 0 else order[:0]
    share = part / np.maximum(part + others, 1e-300)
    # Longer words carry more information in every language measured (Piantadosi, Tily and Gibson 2011,
    # doi:10.1073/pnas.1012551108); this keeps "by" and "too" out of names without a list.
    length = np.array([min(len(terms[column]), LONG_WORD) for column in order], dtype=np.float64)
    telling = order[np.argsort(-(part[order] * share[order] * length), kind="stable")]
    return Theme(
        key=key,
        name=suggested_name([terms[column] for column in telling]),
        is_named=False,
        words=tuple(terms[column] for column in order),
        weights=tuple(float(part[column] / part.max()) for column in order),
    )


def suggested_name(words: Sequence[str]) -> str:
    """The first few words that say different things, joined; pairs of characters that overlap are glued together."""
    chosen: list[str] = []
    for word in words:
        if is_unspaced(word) and _glued(chosen, word):
            continue
        if any(word.startswith(other[:4]) and len(other) >= 4 for other in chosen):
            continue
        if len(chosen) == NAME_WORDS:
            break
        chosen.append(word)
    return " · ".join(chosen)


def _glued(chosen: list[str], pair: str) -> bool:
    """Lengthen a chosen run of characters by an overlapping pair, in place."""
    for number, run in enumerate(chosen):
        if pair in run:
            return True
        if is_unspaced(run) and run[-1] == pair[0]:
            chosen[number] = run + pair[1:]
            return True
        if is_unspaced(run) and run[0] == pair[-1]:
            chosen[number] = pair[:-1] + run
            return True
    return False


def no_pins() -> Mapping[Hashable, str]:
    """Nothing moved yet."""
    return MappingProxyType({})
