"""Texts with known themes, and an embedding that knows synonyms."""

from collections.abc import Sequence

import numpy as np

N_TOPIC_WORDS = 40


def planted_texts(
    n_texts: int, n_themes: int, rng: np.random.Generator, *, share: float = 0.5, length: int = 12, n_synonyms: int = 1
) -> tuple[list[str], np.ndarray]:
    """Texts of `length` words, of which `share` come from the text's theme and the rest from words of all.

    With synonyms each text uses one of several disjoint sets of words for the same theme.
    """
    common = 1 / (np.arange(400) + 3.0)
    common /= common.sum()
    own = 1 / (np.arange(N_TOPIC_WORDS) + 2.0)
    own /= own.sum()
    truth = rng.integers(n_themes, size=n_texts)
    texts = []
    for theme in truth:
        variant = rng.integers(n_synonyms)
        words = [
            f"{'abcdefghij'[theme]}{'xyz'[variant]}{rng.choice(N_TOPIC_WORDS, p=own)}topic"
            if rng.random() < share
            else f"word{rng.choice(400, p=common)}"
            for _ in range(length)
        ]
        texts.append(" ".join(words))
    return texts, truth


def synonym_embedding(texts: Sequence[str]) -> np.ndarray:
    """The sum of the words' directions; all words of a planted theme share one direction."""
    vectors = np.zeros((len(texts), 48))
    for row, text in enumerate(texts):
        for word in text.split():
            meaning = f"{word[0]}topic" if word.endswith("topic") else word
            seed = sum(ord(letter) * 37**place for place, letter in enumerate(meaning)) % 2**32
            vectors[row] += np.random.default_rng(seed).normal(size=48)
    return vectors
