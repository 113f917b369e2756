"""Texts as sets of overlapping groups of letters, numbered so that the rarest come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.text.words import is_unspaced, plain_text

IntArray = NDArray[np.int64]
# Four letters: rare enough to find partners fast, short enough that one slip of the keyboard costs four of some
# sixty groups of a sentence. Three makes chance partners thirty times as many, five loses short texts.
SHINGLE_LENGTH = 4
# Not a character of any text: separates texts while they are cut together.
SEPARATOR = "\x00"


@dataclass(frozen=True, eq=False)
class Shingles:
    """The set of letter groups of each text: text i has `groups[starts[i]:starts[i + 1]]`, ascending.

    Group numbers go from rare to frequent; `n_groups` is how many there are.
    """

    groups: IntArray
    starts: IntArray
    frequency: IntArray

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> IntArray:
        """Number of different letter groups of each text."""
        return np.diff(self.starts)

    @property
    def n_groups(self) -> int:
        """Number of different letter groups of all texts."""
        return len(self.frequency)


def compared_form(text: str) -> str:
    """What is compared of a text: folded words and single spaces; a character of an unspaced script counts double.

    Doubling makes a Chinese character weigh about as much as a short word's letters do elsewhere.
    """
    plain = plain_text(text)
    if plain.isascii() or not is_unspaced(plain):
        return plain
    return "".join(character * 2 if is_unspaced(character) else character for character in plain)


def shingles_of(forms: Sequence[str], *, length: int = SHINGLE_LENGTH) -> Shingles:
    """Sets of letter groups of texts that `compared_form` has prepared; an empty text has none.

    A space is put before and after each text, more where it is shorter than one group.
    """
    joined = SEPARATOR.join(["", *[f" {form} ".ljust(length) if form else "" for form in forms], ""])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_separator = points == 0
    last = max(len(points) - length + 1, 0)
    keys = _packed(points, length=length, last=last)
    crosses = is_separator[:last].copy()
    for shift in range(1, length):
        crosses |= is_separator[shift : last + shift]
    texts = (np.cumsum(is_separator)[:last] - 1)[~crosses]
    return _ranked(keys[~crosses], texts, n_texts=len(forms))


def _packed(points: NDArray[np.uint32], *, length: int, last: int) -> NDArray[np.uint64]:
    """One number for each window of `length` characters; different windows have different numbers."""
    # A table of what occurs is several times as fast as sorting, and no larger than the highest character needs.
    present = np.zeros(int(points.max()) + 1, dtype=np.bool_)
    present[points] = True
    numbers = (np.cumsum(present) - 1)[points].astype(np.uint64)
    base = int(present.sum())
    keys = numbers[:last].copy()
    bound = base
    for shift in range(1, length):
        if bound * base >= 2**64:
            keys = np.unique(keys, return_inverse=True)[1].astype(np.uint64)
            bound = len(keys)
        keys = keys * np.uint64(base) + numbers[shift : last + shift]
        bound *= base
    return keys


def _ranked(keys: NDArray[np.uint64], texts: IntArray, *, n_texts: int) -> Shingles:
    order = np.argsort(keys, kind="stable")
    sorted_keys, texts = keys[order], texts[order]
    is_new = np.ones(len(keys), dtype=np.bool_)
    is_new[1:] = sorted_keys[1:] != sorted_keys[:-1]
    groups = np.cumsum(is_new) - 1
    # Texts ascend within one group, because the sort is stable: repeats within a text stand side by side.
    repeated = np.zeros(len(keys), dtype=np.bool_)
    repeated[1:] = ~is_new[1:] & (texts[1:] == texts[:-1])
    groups, texts = groups[~repeated], texts[~repeated]
    frequency = np.bincount(groups)
    by_rarity = np.argsort(frequency, kind="stable")
    rank = np.empty(len(frequency), dtype=np.int64)
    rank[by_rarity] = np.arange(len(frequency))
    n_groups = max(len(frequency), 1)
    both = texts * n_groups + rank[groups]
    both.sort()
    texts = both // n_groups
    starts = np.zeros(n_texts + 1, dtype=np.int64)
    np.cumsum(np.bincount(texts, minlength=n_texts), out=starts[1:])
    return Shingles(groups=both - texts * n_groups, starts=starts, frequency=frequency[by_rarity].astype(np.int64))
