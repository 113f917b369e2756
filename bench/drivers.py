"""Key drivers: exact LMG at twenty and twenty-five predictors, Johnson's weights at a hundred, and a whole report.

Each case starts from answers in memory and ends with a share per predictor. The peer for LMG solves a regression for
every subset, one after another, as the published formula reads; it is measured where it ends within a minute, and at
twenty predictors on a part of the subsets, its time multiplied.
"""

import time
from collections.abc import Iterator
from math import factorial

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_s, own_peak_mb, peak_mb_of
from throughline_analysis.drivers import johnson_weights, key_drivers, lmg_shares

NAME = "drivers"
PEOPLE = 5_000
PEER_PREDICTORS = 14
PEER_SAMPLE = 20_000


def made_up_answers(n_predictors: int) -> NDArray[np.float64]:
    """The same five-point answers on every machine: questions that share a mood, the outcome last."""
    rng = np.random.default_rng(20)
    mood = rng.normal(size=(PEOPLE, 1))
    latent = 0.6 * mood + rng.normal(size=(PEOPLE, n_predictors))
    outcome = latent @ np.linspace(0.5, 0.0, n_predictors) + rng.normal(size=PEOPLE)
    answers = np.clip(np.round(latent + 3.3), 1, 5)
    return np.column_stack([answers, outcome])


def correlations_of(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlations of all columns."""
    return np.asarray(np.corrcoef(answers.T), dtype=np.float64)


def ours(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """From answers to LMG shares."""
    return lmg_shares(correlations_of(answers)).importance


def johnson(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """From answers to Johnson's weights."""
    return johnson_weights(correlations_of(answers)).importance


def r_squared(correlations: NDArray[np.float64], subset: int) -> float:
    """R² of one subset, given as bits, by solving its normal equations."""
    chosen = [index for index in range(len(correlations) - 1) if subset >> index & 1]
    if not chosen:
        return 0.0
    outside = correlations[chosen, -1]
    return float(outside @ np.linalg.solve(correlations[np.ix_(chosen, chosen)], outside))


def every_subset(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The formula as it is printed: R² of each subset by itself, then what each predictor adds to each."""
    correlations = correlations_of(answers)
    n = len(correlations) - 1
    explained = [r_squared(correlations, subset) for subset in range(2**n)]
    chance = [factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)]
    shares = np.zeros(n)
    for subset in range(2**n):
        for index in range(n):
            if not subset >> index & 1:
                added = explained[subset | 1 << index] - explained[subset]
                shares[index] += chance[subset.bit_count()] * added
    return shares


def run() -> Iterator[Figure | Skipped]:
    """Time and memory of both methods, and of a report with a thousand resamples."""
    small = made_up_answers(PEER_PREDICTORS)
    if not np.allclose(ours(small), every_subset(small), atol=1e-9):
        raise RuntimeError("The library and the subset-by-subset formula disagree, so their times cannot be compared.")
    peer = median_s(lambda: every_subset(small), 1)
    case = f"LMG of {PEER_PREDICTORS}, {PEOPLE:,} people"
    yield Figure(NAME, case, median_s(lambda: ours(small), 9), "s", None, "every subset solved", peer)
    twenty = made_up_answers(20)
    case = f"LMG of 20, {PEOPLE:,} people"
    value = median_s(lambda: ours(twenty), 5)
    yield Figure(NAME, case, value, "s", 3, f"solving {PEER_SAMPLE:,} of the subsets, scaled", scaled_peer(twenty))
    many = made_up_answers(25)
    yield Figure(NAME, f"LMG of 25, {PEOPLE:,} people", median_s(lambda: ours(many), 1), "s", 120)
    yield Figure(NAME, f"memory, LMG of 25, {PEOPLE:,} people", peak_mb_of("bench.drivers"), "MB")
    wide = made_up_answers(100)
    case = f"Johnson of 100, {PEOPLE:,} people"
    yield Figure(NAME, case, round(median_s(lambda: johnson(wide), 9) * 1000, 2), "ms", 50)
    yield from reports()


def reports() -> Iterator[Figure]:
    """Both methods with intervals from a thousand resamples, complete and with a twentieth of the answers missing."""
    answers = made_up_answers(10)[:1_000]
    gaps = answers.copy()
    gaps[np.random.default_rng(1).random(gaps.shape) < 0.05] = np.nan
    for name, data in (("complete", answers), ("5 % missing", gaps)):

        def report(data: NDArray[np.float64] = data) -> object:
            return key_drivers(data[:, :-1], data[:, -1], rng=np.random.default_rng(3))

        yield Figure(NAME, f"report of 10, 1,000 people, 1,000 resamples, {name}", median_s(report, 3), "s")


def scaled_peer(answers: NDArray[np.float64]) -> float:
    """Seconds that solving every subset would take, from a random part of them."""
    correlations = correlations_of(answers)
    n = len(correlations) - 1
    subsets = np.random.default_rng(2).integers(0, 2**n, PEER_SAMPLE).tolist()
    started = time.perf_counter()
    for subset in subsets:
        r_squared(correlations, subset)
    elapsed = time.perf_counter() - started
    return round(elapsed * float(2**n) / PEER_SAMPLE, 2)


if __name__ == "__main__":
    ours(made_up_answers(25))
    print(round(own_peak_mb(), 1))
