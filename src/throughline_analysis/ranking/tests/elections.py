"""Elections for the tests: published ones, and random ones."""

import numpy as np

from throughline_analysis.ranking import Ballots, ballots

# The inventor's own example with 45 voters and candidates A to E, also in the encyclopaedias on the method.
SCHULZE_45 = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
# Mayor of Burlington, Vermont, 2009, the three candidates of the last rounds, from the city's published ballots as
# tallied by Gierzynski, Hamilton, Smith (2009), rangevoting.org/Burlington.html, by their initials.
BURLINGTON = {
    "MKW": 1332, "MWK": 767, "M": 455, "KMW": 2043, "KWM": 371, "K": 568, "WMK": 1513, "WKM": 495, "W": 1289
}  # fmt: skip


def of_words(words: dict[str, float], names: str) -> Ballots:
    """Ballots from orders written as words, such as "ACB": 5; names left out are not ranked."""
    ranks = [[word.index(name) + 1 if name in word else np.nan for name in names] for word in words]
    return ballots(ranks, list(words.values()))


def random_ballots(rng: np.random.Generator, n_candidates: int, *, n_kinds: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Strict orders, some cut short, with counts so uneven that nothing ties."""
    ranks = np.array([rng.permutation(n_candidates) + 1.0 for _ in range(n_kinds)])
    cut = rng.integers(1, n_candidates + 1, n_kinds)
    ranks[ranks > cut[:, None]] = np.nan
    return ranks, rng.random(n_kinds) * 100


def with_clone(ranks: np.ndarray, candidate: int, rng: np.random.Generator) -> np.ndarray:
    """The same ballots with a clone in the last column: next to the candidate in every order, on either side."""
    side = np.where(rng.random(len(ranks)) < 0.5, -0.5, 0.5)
    return np.column_stack([ranks, ranks[:, candidate] + side])
