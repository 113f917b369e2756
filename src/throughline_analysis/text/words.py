"""Words of a text in any language that has words: Unicode segmentation, no dictionary, no list."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from throughline_analysis.errors import InputError

# Scripts written without spaces between words, by Unicode block. Here two neighbouring characters stand for a word.
UNSPACED = (
    ("\u0e01", "\u0e3a"),  # Thai
    ("\u0e40", "\u0e4e"),
    ("\u0e81", "\u0edf"),  # Lao
    ("\u1000", "\u109f"),  # Myanmar
    ("\u1780", "\u17dd"),  # Khmer
    ("\u3005", "\u3007"),  # ideographic iteration mark and zero
    ("\u3040", "\u30ff"),  # Hiragana and Katakana
    ("\u31f0", "\u31ff"),
    ("\u3400", "\u4dbf"),  # Han
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
# Between the letters of one word (UAX 29: MidLetter and MidNumLet, without the colon and full stop, which end more
# words in plain writing than they join) and between digits (MidNum).
INSIDE_LETTERS = "'\u2019\u00b7\u05f4\u2027"
INSIDE_DIGITS = ".,\u066c"
JOINERS = "\u200c\u200d"
LAST_MARK = 0x1FFFF


def segment_words(text: str) -> list[str]:
    """Words of one text in order, folded so that writing variants of a word are equal.

    Parameters
    ----------
    text : str
        Any length, any language, empty too.

    Returns
    -------
    list of str
        Letters with their marks and digits, compatibility-normalised and case-folded. In scripts without spaces
        (Han, kana, Thai, Lao, Khmer, Myanmar) a run gives its overlapping pairs of characters, a single character
        itself.

    Notes
    -----
    A simplified Unicode word boundary: letters, marks and digits belong together; an apostrophe joins letters, a
    comma or full stop joins digits; everything else separates. Without a dictionary the true words of Chinese or
    Thai cannot be known; overlapping pairs serve retrieval about as well. Cost O(length).

    Source
    ------
    Unicode Standard Annex 29, https://www.unicode.org/reports/tr29/ (default word boundaries). Pairs of characters:
    Nie, Gao, Zhang and Zhou (2000), IRAL, doi:10.1145/355214.355235.

    Examples
    --------
    >>> segment_words("The team\u2019s OKRs: 3.5 points, na\u00efve?")
    ['the', "team's", 'okrs', '3.5', 'points', 'naïve']
    >>> segment_words("\u5ba2\u6237\u670d\u52a1 first")
    ['客户', '户服', '服务', 'first']
    """
    folded = fold(text)
    if folded.isascii():
        return _ascii_word().findall(folded)
    words: list[str] = []
    for run in _word().findall(folded):
        if _unspaced_character().search(run):
            words += _pieces(run)
        else:
            words.append(run)
    return words


def plain_text(text: str) -> str:
    """Folded words with single spaces, unspaced runs unbroken: what is left when case and punctuation are ignored."""
    folded = fold(text)
    pattern = _ascii_word() if folded.isascii() else _word()
    return " ".join(pattern.findall(folded))


def fold(text: str) -> str:
    """Compatibility composition and case folding, with one kind of apostrophe."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        return text.replace("\u2019", "'")
    return text.lower()


def require_texts(texts: Sequence[str], name: str) -> list[str]:
    """Own list of the texts, or InputError that says which one is not a text."""
    if isinstance(texts, str):
        raise InputError(f"`{name}` is one text; give a list of texts.")
    try:
        own = list(texts)
    except TypeError:
        raise InputError(f"`{name}` is {type(texts).__name__}; give a list of texts.") from None
    for row, text in enumerate(own):
        if not isinstance(text, str):
            raise InputError(f"`{name}` has {type(text).__name__} in row {row}; give text, and '' for an empty one.")
    return own


def is_unspaced(word: str) -> bool:
    """True when the word comes from a script without spaces, so it is a pair of characters rather than a word."""
    return _unspaced_character().search(word) is not None


def _pieces(run: str) -> list[str]:
    """Split a run where its script changes; pairs in the unspaced parts."""
    pieces: list[str] = []
    for part in _unspaced_run().split(run):
        if not part:
            continue
        if not is_unspaced(part):
            pieces += _word().findall(part)
            continue
        clusters = _cluster().findall(part)
        pairs = ["".join(pair) for pair in itertools.pairwise(clusters)]
        pieces += pairs or clusters
    return pieces


@lru_cache(maxsize=1)
def _marks() -> str:
    """All combining marks up to the last block that has any, as the inside of a character class."""
    codes = [code for code in range(0x300, LAST_MARK) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


@lru_cache(maxsize=1)
def _ascii_word() -> re.Pattern[str]:
    return re.compile(r"[a-z0-9]+(?:(?<=[a-z])'(?=[a-z])[a-z0-9]+|(?<=[0-9])[.,](?=[0-9])[a-z0-9]+)*")


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    inner = rf"(?:[^\W_]|[{_marks()}{JOINERS}])"
    joined = rf"(?<=[^\W\d_])[{INSIDE_LETTERS}](?=[^\W\d_]){inner}+|(?<=\d)[{INSIDE_DIGITS}](?=\d){inner}+"
    return re.compile(rf"[^\W_]{inner}*(?:{joined})*")


def _unspaced_class() -> str:
    return "".join(f"{low}-{high}" for low, high in UNSPACED)


@lru_cache(maxsize=1)
def _unspaced_character() -> re.Pattern[str]:
    return re.compile(rf"[{_unspaced_class()}]")


@lru_cache(maxsize=1)
def _unspaced_run() -> re.Pattern[str]:
    return re.compile(rf"((?:[{_unspaced_class()}][{_marks()}{JOINERS}]*)+)")


@lru_cache(maxsize=1)
def _cluster() -> re.Pattern[str]:
    return re.compile(rf"[^{_marks()}{JOINERS}][{_marks()}{JOINERS}]*")
