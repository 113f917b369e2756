"""Rankings at the size of a large organisation, beside choix and evalica on the same comparisons.

The main case starts from flat arrays of a million comparisons and ends with scores, intervals and the full covariance.
The peers give scores alone: choix works on a table of wins, counted here by numpy for it (its own loop over a million
tuples would take minutes), evalica on the lists it asks for. Coverage is the share of the true scores inside the 95 %
intervals over many draws.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_ms, own_peak_mb, peak_mb_of
from throughline_analysis.ranking import (
    BradleyTerry,
    bradley_terry,
    bradley_terry_large,
    comparisons,
    cost_utilities,
    equal_shares,
    group_effects,
    next_pairs,
)

NAME = "ranking"
N_ITEMS, N_COMPARISONS = 1_000, 1_000_000
LARGE = (20_000, 200_000)
RUNS = 7
PEER_RUNS = 3
COVERAGE_DRAWS = 20
# Scores differ from a peer's by its stopping rule and by our prior, which pulls the most extreme of a thousand items
# by a third of their standard error.
AGREES = 0.05


@dataclass(frozen=True, eq=False)
class Answers:
    """Comparisons drawn from known scores by Davidson's model."""

    scores: NDArray[np.float64]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    outcomes: NDArray[np.intp]


def made_up_answers(seed: int, n_items: int, n_comparisons: int, *, nu: float) -> Answers:
    """The same answers on every machine: random pairs, scores with a standard deviation of one."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 1, n_items)
    first = rng.integers(0, n_items, n_comparisons)
    second = (first + rng.integers(1, n_items, n_comparisons)) % n_items
    half = (scores[first] - scores[second]) / 2
    win, loss = np.exp(half), np.exp(-half)
    at = rng.random(n_comparisons) * (win + loss + nu)
    return Answers(scores - scores.mean(), first, second, np.where(at < win, 1, np.where(at < win + loss, -1, 0)))


def ours(answers: Answers) -> BradleyTerry:
    """From flat arrays to scores with intervals."""
    tally = comparisons(answers.first, answers.second, outcomes=answers.outcomes, n_items=len(answers.scores))
    return bradley_terry(tally)


def choix_scores(answers: Answers) -> NDArray[np.float64]:
    """choix on the table of wins; scores only."""
    import choix

    is_first = answers.outcomes == 1
    winner = np.where(is_first, answers.first, answers.second)
    loser = np.where(is_first, answers.second, answers.first)
    wins = np.bincount(winner * N_ITEMS + loser, minlength=N_ITEMS**2).reshape(N_ITEMS, N_ITEMS)
    return np.asarray(choix.ilsr_pairwise_dense(wins.astype(float)))


def evalica_scores(answers: Answers) -> NDArray[np.float64]:
    """evalica on lists of names and winners; scores only."""
    import evalica

    winners = [evalica.Winner.X if outcome == 1 else evalica.Winner.Y for outcome in answers.outcomes.tolist()]
    found = evalica.bradley_terry(answers.first.tolist(), answers.second.tolist(), winners)
    return np.asarray(np.log(found.scores.sort_index().to_numpy()))


def run() -> Iterator[Figure | Skipped]:
    """Time, memory and coverage of the main case; then the other calculations of the part."""
    answers = made_up_answers(20, N_ITEMS, N_COMPARISONS, nu=0.0)
    case = f"{N_ITEMS:,} items, {N_COMPARISONS:,} comparisons, scores with intervals"
    value = median_ms(lambda: ours(answers), RUNS)
    yield from peer_figures(answers, case, value)
    with_ties = made_up_answers(21, N_ITEMS, N_COMPARISONS, nu=0.5)
    yield Figure(NAME, case + ", a fifth of them ties", median_ms(lambda: ours(with_ties), RUNS), "ms", 500)
    yield Figure(NAME, f"memory, {case}, input included", peak_mb_of("bench.ranking"), "MB")
    for nu, words in ((0.0, "no ties"), (0.5, "with ties")):
        yield coverage_figure(nu, words)
    yield from other_parts(ours(answers))


def peer_figures(answers: Answers, case: str, value: float) -> Iterator[Figure | Skipped]:
    """The main case beside each peer, after the scores were found to be the same."""
    score = ours(answers).score
    ways: dict[str, Callable[[], NDArray[np.float64]]] = {
        "choix, no intervals": lambda: choix_scores(answers),
        "evalica, no intervals": lambda: evalica_scores(answers),
    }
    for peer, way in ways.items():
        try:
            found = way()
        except ImportError as missing:
            yield Figure(NAME, case, value, "ms", 500)
            yield Skipped(NAME, f"{case}: {peer}", f"Not installed: {missing.name}.")
            continue
        if np.abs(found - found.mean() - score).max() > AGREES:
            raise RuntimeError(f"The library and {peer} disagree, so their times cannot be compared.")
        yield Figure(NAME, case, value, "ms", 500, peer=peer, peer_value=median_ms(way, PEER_RUNS))


def coverage_figure(nu: float, words: str) -> Figure:
    """Share of true scores inside their intervals."""
    held = []
    for draw in range(COVERAGE_DRAWS):
        answers = made_up_answers(100 + draw, N_ITEMS, N_COMPARISONS, nu=nu)
        fit = ours(answers)
        held.append(float(np.mean((fit.low <= answers.scores) & (answers.scores <= fit.high))))
    case = f"coverage of the 95 % intervals, {words}, {COVERAGE_DRAWS} draws of the main case"
    return Figure(NAME, case, round(statistics.fmean(held), 4), "share", limit=0.96, at_least=0.94)


def other_parts(fit: BradleyTerry) -> Iterator[Figure]:
    """The calculations around the main one, each at a size of its own."""
    yield Figure(NAME, f"next pair of {N_ITEMS:,} items", median_ms(lambda: next_pairs(fit), RUNS), "ms")
    few = made_up_answers(22, *LARGE, nu=0.5)

    def large() -> object:
        tally = comparisons(few.first, few.second, outcomes=few.outcomes, n_items=LARGE[0])
        return bradley_terry_large(tally, rng=np.random.default_rng(1))

    case = f"{LARGE[0]:,} items, {LARGE[1]:,} comparisons, factored covariance"
    yield Figure(NAME, case, median_ms(large, 3), "ms")
    grouped = made_up_answers(23, 200, 200_000, nu=0.5)
    group = np.arange(200_000) % 10
    tally = comparisons(grouped.first, grouped.second, outcomes=grouped.outcomes, n_items=200, groups=group)
    yield Figure(NAME, "200 items in 10 groups, 200,000 comparisons", median_ms(lambda: group_effects(tally), 3), "ms")
    rng = np.random.default_rng(24)
    costs = rng.integers(5, 60, 100) * 1_000
    likes = cost_utilities(rng.random((10_000, 100)) < rng.random(100) * 0.2, costs)

    def shared() -> object:
        return equal_shares(likes, costs, budget=500_000, tie_order=rng.permutation(100))

    yield Figure(NAME, "equal shares, 10,000 voters, 100 projects, add-one completion", median_ms(shared, 3), "ms")


if __name__ == "__main__":
    ours(made_up_answers(20, N_ITEMS, N_COMPARISONS, nu=0.0))
    print(round(own_peak_mb(), 1))
