"""Near duplicates among 100,000 short texts, with planted ones, beside rapidfuzz comparing all with all on 5,000.

The texts are made up: words of syllables with the frequencies of natural language (Zipf), five to twenty a text. A
fifth are copies of others with one or two changes of the kind people make: a slip of the keyboard for every thirty
letters, a word left out, added or exchanged, two words in the other order, case and punctuation.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_s, own_peak_mb, peak_mb_of
from throughline_analysis.text import near_duplicates

NAME = "duplicates"
N_TEXTS = 100_000
N_PEER = 5_000
COPIED_SHARE = 0.2
N_WORDS = 20_000
CONSONANTS, VOWELS = "bcdfghklmnprstvw", "aeiou"
# Indel similarity from which rapidfuzz calls two texts near duplicates; at this value it finds the planted ones and
# hardly any others.
PEER_CUTOFF = 75


@dataclass(frozen=True, eq=False)
class Planted:
    """`texts`, of which text `copies[i]` is a changed copy of text `originals[i]`."""

    texts: list[str]
    originals: NDArray[np.int64]
    copies: NDArray[np.int64]


def made_up(n_texts: int, seed: int = 20) -> Planted:
    """The same texts on every machine, in random order."""
    rng = np.random.default_rng(seed)
    syllables = [one + two for one in CONSONANTS for two in VOWELS]
    syllables += [one + two + end for one in CONSONANTS for two in VOWELS for end in "nrstl"]
    drawn = {"".join(rng.choice(syllables, rng.integers(1, 5))) for _ in range(2 * N_WORDS)}
    words = np.array(sorted(drawn, key=lambda word: (len(word), word))[:N_WORDS])
    frequency = 1 / (np.arange(len(words)) + 2.7)
    frequency /= frequency.sum()
    n_copies = int(COPIED_SHARE * n_texts)
    lengths = rng.integers(5, 21, n_texts - n_copies)
    tokens = words[rng.choice(len(words), lengths.sum(), p=frequency)]
    texts = [" ".join(part) for part in np.split(tokens, np.cumsum(lengths)[:-1])]
    sources = rng.choice(len(texts), n_copies, replace=False)
    texts += [changed(texts[source], rng, words) for source in sources]
    order = rng.permutation(n_texts)
    place = np.empty(n_texts, dtype=np.int64)
    place[order] = np.arange(n_texts)
    return Planted(
        texts=[texts[row] for row in order],
        originals=place[sources],
        copies=place[n_texts - n_copies :],
    )


def changed(text: str, rng: np.random.Generator, vocabulary: NDArray[np.str_]) -> str:
    """One or two changes of the kind people make."""
    words = text.split()
    for kind in rng.choice(6, rng.integers(1, 3), replace=False):
        at = int(rng.integers(len(words) - 1))
        if kind == 0:
            words = slipped(" ".join(words), rng).split()
        elif kind == 1:
            del words[at]
        elif kind == 2:
            words.insert(at, str(rng.choice(vocabulary[:500])))
        elif kind == 3:
            words[at] = str(rng.choice(vocabulary[:500]))
        elif kind == 4:
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            words = [words[0].capitalize(), *words[1:-1], f"{words[-1]}!"]
    return " ".join(words)


def slipped(text: str, rng: np.random.Generator) -> str:
    """A letter left out, doubled or exchanged with the next, once in thirty letters."""
    letters = list(text)
    for _ in range(1 + len(letters) // 30):
        at = int(rng.integers(len(letters) - 1))
        kind = rng.integers(3)
        if kind == 0:
            del letters[at]
        elif kind == 1:
            letters.insert(at, letters[at])
        else:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def run() -> Iterator[Figure | Skipped]:
    """Time, memory and recall on all texts; time and recall of both ways on a part."""
    planted = made_up(N_TEXTS)
    case = f"{N_TEXTS:,} short texts, {len(planted.copies):,} of them changed copies"
    started = time.perf_counter()
    found = near_duplicates(planted.texts)
    yield Figure(NAME, case, round(time.perf_counter() - started, 2), "s", 20)
    alike = found.group[planted.originals] == found.group[planted.copies]
    yield Figure(NAME, f"recall of the planted, {case}", round(float(alike.mean()), 4), "share", at_least=0.95)
    chance = found.n_pairs - recovered(planted, set(zip(found.first.tolist(), found.second.tolist(), strict=True)))
    yield Figure(NAME, f"pairs found that nobody planted, {case}", chance, "pairs")
    yield memory_figure(case)
    yield from beside_peer()


def beside_peer() -> Iterator[Figure | Skipped]:
    """The same 5,000 texts for rapidfuzz, all with all on one core, and for the library."""
    planted = made_up(N_PEER, seed=21)
    case = f"{N_PEER:,} short texts, {len(planted.copies):,} of them changed copies"
    peer_pairs: set[tuple[int, int]] = set()

    def peer() -> None:
        peer_pairs.update(rapidfuzz_pairs(planted.texts))

    found = near_duplicates(planted.texts)
    ours = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    peer_seconds = median_s(peer, 1)
    value = median_s(lambda: near_duplicates(planted.texts), 3)
    name = "rapidfuzz, all pairs"
    yield Figure(NAME, case, value, "s", peer=name, peer_value=peer_seconds)
    n_copies = int((found.copy_of[planted.copies] == found.copy_of[planted.originals]).sum())
    recall, peer_recall = (
        (recovered(planted, ours) + n_copies) / len(planted.copies),
        recovered(planted, peer_pairs) / len(planted.copies),
    )
    yield Figure(
        NAME, f"recall of the planted, {case}", round(recall, 4), "share", None, name, round(peer_recall, 4), 0.95
    )
    yield Figure(
        NAME,
        f"pairs found that nobody planted, {case}",
        len(ours) - recovered(planted, ours),
        "pairs",
        peer=name,
        peer_value=len(peer_pairs) - recovered(planted, peer_pairs),
    )


def recovered(planted: Planted, pairs: set[tuple[int, int]]) -> int:
    """How many planted pairs are among those found."""
    both = zip(planted.originals.tolist(), planted.copies.tolist(), strict=True)
    return sum((min(pair), max(pair)) in pairs for pair in both)


def rapidfuzz_pairs(texts: list[str]) -> set[tuple[int, int]]:
    """All pairs at or above the cutoff, the way one would write it with rapidfuzz."""
    from rapidfuzz import fuzz, process, utils

    plain = [utils.default_process(text) for text in texts]
    scores = process.cdist(plain, plain, scorer=fuzz.ratio, score_cutoff=PEER_CUTOFF, dtype=np.uint8, workers=1)
    rows, columns = np.nonzero(np.triu(scores, 1))
    return set(zip(rows.tolist(), columns.tolist(), strict=True))


def memory_figure(case: str) -> Figure:
    """Highest memory of a process of its own that makes the texts and finds the duplicates."""
    return Figure(NAME, f"memory, {case}", peak_mb_of("bench.duplicates"), "MB")


if __name__ == "__main__":
    near_duplicates(made_up(N_TEXTS).texts)
    print(round(own_peak_mb(), 1))
