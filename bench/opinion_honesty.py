"""How often groups are reported where there are none, and how often they are found where there are two.

Four kinds of conversations, 400 of each, 30 to 2,000 people, 120 statements, nine in ten seen, one in twenty passed.
Noise: everybody answers independently. One cloud: two Gaussian traits with logistic answers to every statement. A
continuum: people spread evenly between two ends, as far apart in variance as the two groups. Two equal groups:
agreement differs by 0.5 on a third of the statements. The peer divides conversations of the same kinds.
"""

import itertools
import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped
from throughline_analysis.opinion import one_cloud_test, votes_from_matrix

NAME = "opinion_honesty"
RUNS = 400
PEER_RUNS = 14
SIZES = (30, 60, 125, 250, 500, 1000, 2000)
N_STATEMENTS = 120
SEEN_0_1 = 0.9
PASSED_0_1 = 0.05
MOST_FALSE = 20
LEAST_FOUND = 380

Table = NDArray[np.float64]


def answered(chances: Table, rng: np.random.Generator) -> Table:
    """Votes of people with these chances to agree, with passes and gaps."""
    votes = np.where(rng.random(chances.shape) < chances, 1.0, -1.0)
    votes[rng.random(chances.shape) < PASSED_0_1] = 0.0
    votes[rng.random(chances.shape) >= SEEN_0_1] = np.nan
    return votes


def noise(n_people: int, rng: np.random.Generator) -> Table:
    """Nobody's answers have to do with each other."""
    return answered(np.tile(rng.uniform(0.2, 0.9, N_STATEMENTS), (n_people, 1)), rng)


def one_cloud(n_people: int, rng: np.random.Generator) -> Table:
    """Two Gaussian traits, every statement loads on both."""
    traits = rng.standard_normal((n_people, 2))
    loadings = rng.standard_normal((2, N_STATEMENTS))
    return answered(1 / (1 + np.exp(-(rng.standard_normal(N_STATEMENTS) + traits @ loadings))), rng)


def along_a_third(positions: NDArray[np.float64], rng: np.random.Generator) -> Table:
    """A third of the statements move by 0.25 per unit of position, in both directions; the others do not."""
    chances = np.tile(rng.uniform(0.2, 0.9, N_STATEMENTS), (len(positions), 1))
    moved = rng.permutation(N_STATEMENTS)[: N_STATEMENTS // 3]
    steps = 0.25 * rng.choice([-1.0, 1.0], len(moved))
    chances[:, moved] = rng.uniform(0.45, 0.55, len(moved)) + positions[:, None] * steps
    return answered(chances, rng)


def continuum(n_people: int, rng: np.random.Generator) -> Table:
    """Spread evenly, with the same variance as the two groups."""
    return along_a_third(rng.uniform(-np.sqrt(3), np.sqrt(3), n_people), rng)


def two_groups(n_people: int, rng: np.random.Generator) -> Table:
    """Half stand at each end, 0.5 apart in agreement."""
    return along_a_third(np.where(np.arange(n_people) % 2 == 0, 1.0, -1.0), rng)


KINDS: dict[str, Callable[[int, np.random.Generator], Table]] = {
    "noise": noise,
    "one Gaussian cloud": one_cloud,
    "a continuum": continuum,
    "two equal groups": two_groups,
}


def has_groups(kind: str, run_number: int) -> bool:
    """Whether groups are reported in one conversation."""
    rng = np.random.default_rng([20, list(KINDS).index(kind), run_number])
    table = KINDS[kind](SIZES[run_number % len(SIZES)], rng)
    return one_cloud_test(votes_from_matrix(table), rng=rng).has_groups


def found_by_peer(kind: str, runs: int) -> float:
    """The same by red-dwarf's reducer and clusterer, as a share: it has no answer "no groups"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.utils.clusterer.base import run_clusterer
        from reddwarf.utils.reducer.base import run_reducer

    found = 0
    for run_number in range(runs):
        rng = np.random.default_rng([20, list(KINDS).index(kind), run_number])
        table = KINDS[kind](SIZES[run_number % len(SIZES)], rng)
        positions, *_ = run_reducer(table, "pca", random_state=1)
        clusterer = run_clusterer(positions, "kmeans", random_state=1)
        found += clusterer is not None and len(set(clusterer.labels_.tolist())) > 1
    return found / runs


def run() -> Iterator[Figure | Skipped]:
    """Conversations of 400 in which groups are reported, by kind, and by size."""
    # Conversations beside each other, rather than threads of the linear algebra within one.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        for kind in KINDS:
            found = list(processes.map(has_groups, itertools.repeat(kind), range(RUNS)))
            peer = round(found_by_peer(kind, PEER_RUNS) * RUNS)
            is_real = kind == "two equal groups"
            yield Figure(
                NAME,
                f"groups reported in {RUNS} conversations of {kind}",
                sum(found),
                "runs",
                None if is_real else MOST_FALSE,
                f"red-dwarf ({PEER_RUNS} runs, scaled)",
                peer,
                LEAST_FOUND if is_real else None,
            )
            for place, size in enumerate(SIZES):
                of_size = found[place :: len(SIZES)]
                case = f"groups reported in {len(of_size)} conversations of {kind}, {size:,} people"
                yield Figure(NAME, case, sum(of_size), "runs")
