"""Themes of 20,000 comments, their number chosen from the texts, beside scikit-learn's factors with the number given.

The comments are made up: words of twelve themes and words of all, with the frequencies of natural language. A second
case asks how often themes are seen in texts that have none.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, own_peak_mb, peak_mb_of
from throughline_analysis import NotEnoughData
from throughline_analysis.text import ThemeModel, find_themes, refit_themes

NAME = "themes"
N_TEXTS = 20_000
N_THEMES = 12
OWN_SHARE = 0.35
N_RUNS = 40
N_SMALL = 150
# At 95 % evidence two of forty would be seen by chance; six or more have a chance of 1 %.
MOST_FALSE = 5


@dataclass(frozen=True, eq=False)
class Comments:
    """Texts and the theme each was written about."""

    texts: list[str]
    theme: NDArray[np.int64]


def made_up(n_texts: int, *, share: float = OWN_SHARE, n_themes: int = N_THEMES, seed: int = 20) -> Comments:
    """The same comments on every machine, of five to thirty words."""
    rng = np.random.default_rng(seed)
    common = 1 / (np.arange(4_000) + 2.7)
    own = 1 / (np.arange(150) + 3.0)
    common, own = common / common.sum(), own / own.sum()
    theme = rng.integers(n_themes, size=n_texts)
    lengths = rng.integers(5, 31, n_texts)
    about = np.repeat(theme, lengths)
    is_own = rng.random(len(about)) < share
    shared, of_theme = rng.choice(4_000, len(about), p=common), rng.choice(150, len(about), p=own)
    words = np.where(is_own, 4_000 + about * 150 + of_theme, shared)
    vocabulary = np.array([f"word{chr(97 + number % 26)}{number}" for number in range(4_000 + n_themes * 150)])
    cuts = np.cumsum(lengths)[:-1]
    return Comments(texts=[" ".join(part) for part in np.split(vocabulary[words], cuts)], theme=theme)


def run() -> Iterator[Figure | Skipped]:
    """Time, memory and truth of the themes; time of the next run; false themes where there are none."""
    from sklearn.metrics import adjusted_rand_score

    comments = made_up(N_TEXTS)
    case = f"{N_TEXTS:,} comments"
    started = time.perf_counter()
    model = find_themes(comments.texts, rng=np.random.default_rng(1))
    value = round(time.perf_counter() - started, 2)
    started = time.perf_counter()
    peer_themes = scikit_learn(comments.texts)
    peer = round(time.perf_counter() - started, 2)
    name = "scikit-learn, number of themes given"
    yield Figure(NAME, f"{case}, number of themes chosen", value, "s", 15, name, peer)
    ours, theirs = (adjusted_rand_score(comments.theme, found) for found in (model.theme_of, peer_themes))
    yield Figure(
        NAME,
        f"agreement with the planted themes (adjusted Rand), {case}",
        round(ours, 3),
        "index",
        None,
        name,
        round(theirs, 3),
        0.8,
    )
    yield Figure(NAME, f"number chosen where {N_THEMES} were planted, {case}", len(model.themes), "themes")
    yield from again(model, comments)
    yield Figure(NAME, f"memory, {case}", peak_mb_of("bench.themes"), "MB")
    yield Figure(
        NAME,
        f"themes seen in {N_RUNS} sets of {N_SMALL} comments without themes",
        float(sum(sees_themes(seed) for seed in range(N_RUNS))),
        "sets",
        MOST_FALSE,
    )


def again(model: ThemeModel, comments: Comments) -> Iterator[Figure]:
    """The same themes after a tenth more comments came in."""
    more = [*comments.texts, *made_up(N_TEXTS // 10, seed=21).texts]
    started = time.perf_counter()
    refit_themes(model, more, rng=np.random.default_rng(1))
    yield Figure(
        NAME, f"the same themes again with {len(more):,} comments", round(time.perf_counter() - started, 2), "s"
    )


def sees_themes(seed: int) -> bool:
    """Whether themes are claimed where there are none."""
    texts = made_up(N_SMALL, share=0.0, seed=100 + seed).texts
    try:
        find_themes(texts, rng=np.random.default_rng(seed))
    except NotEnoughData:
        return False
    return True


def scikit_learn(texts: list[str]) -> NDArray[np.int64]:
    """The strongest factor of each text, the way one would write it with scikit-learn."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(min_df=2, max_df=0.5, sublinear_tf=True).fit_transform(texts)
    mixture = NMF(N_THEMES, init="nndsvd", random_state=1, max_iter=300).fit_transform(matrix)
    return np.asarray(mixture.argmax(axis=1), dtype=np.int64)


if __name__ == "__main__":
    find_themes(made_up(N_TEXTS).texts, rng=np.random.default_rng(1))
    print(round(own_peak_mb(), 1))
