"""Staying and leaving at the size of a very large organisation, beside lifelines and scipy.

The main case starts from flat arrays of a million histories in 500 groups and ends with every group's curve with
intervals, shares after three times, medians, standardised leavings and the log-rank test of all groups. lifelines gets
a tenth, 50 of the groups, with curves and test alone; scipy's `ecdf` the curves of all groups.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.runner import Figure, Skipped, median_ms, own_peak_mb, peak_mb_of
from throughline_analysis.retention import (
    SurvivalCurves,
    hazard_rates,
    histories,
    logrank,
    median_stay,
    standardised_leaving,
    survival_at,
    survival_curves,
)

NAME = "survival"
N_PEOPLE, N_GROUPS = 1_000_000, 500
PART = 10
RUNS = 5
PEER_RUNS = 1
CASE = f"{N_PEOPLE:,} histories in {N_GROUPS} groups"


@dataclass(frozen=True, eq=False)
class Records:
    """Flat arrays as they come from a personnel system."""

    duration: NDArray[np.float64]
    has_left: NDArray[np.bool_]
    group: NDArray[np.intp]
    entry: NDArray[np.float64]


def made_up_records(n_people: int, n_groups: int) -> Records:
    """The same records on every machine: hazards differ by group, four in ten are still here, a third entered late."""
    rng = np.random.default_rng(30)
    group = rng.integers(0, n_groups, n_people)
    entry = rng.exponential(2, n_people) * (rng.random(n_people) < 1 / 3)
    leaves = entry + rng.exponential(1 / rng.gamma(20, 0.01, n_groups)[group])
    ends = entry + rng.uniform(0.1, 15, n_people)
    return Records(np.minimum(leaves, ends), leaves <= ends, group, entry)


def curves_alone(records: Records) -> SurvivalCurves:
    """Curves with intervals from flat arrays, everybody taken as watched from the start, as scipy does."""
    return survival_curves(histories(records.duration, records.has_left, groups=records.group))


def curves_and_test(records: Records) -> SurvivalCurves:
    """What lifelines is asked for."""
    watched = histories(records.duration, records.has_left, groups=records.group)
    logrank(watched)
    return survival_curves(watched)


def everything(records: Records) -> SurvivalCurves:
    """The main case."""
    watched = histories(records.duration, records.has_left, groups=records.group)
    curves = survival_curves(watched)
    survival_at(curves, [1, 2, 5])
    median_stay(curves)
    standardised_leaving(watched)
    logrank(watched)
    return curves


def lifelines_curves_and_test(records: Records) -> list[NDArray[np.float64]]:
    """One fit per group and the multivariate log-rank test."""
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import multivariate_logrank_test

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        multivariate_logrank_test(records.duration, records.group, records.has_left)
        for one in range(int(records.group.max()) + 1):
            inside = records.group == one
            fitted = KaplanMeierFitter().fit(records.duration[inside], records.has_left[inside])
            found.append(fitted.survival_function_["KM_estimate"].to_numpy())
            fitted.confidence_interval_.to_numpy()
    return found


def scipy_curves(records: Records) -> list[NDArray[np.float64]]:
    """scipy's estimate and interval for each group."""
    from scipy.stats import CensoredData, ecdf

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in range(int(records.group.max()) + 1):
            inside = records.group == one
            lasted, left = records.duration[inside], records.has_left[inside]
            fitted = ecdf(CensoredData.right_censored(lasted, ~left)).sf
            fitted.confidence_interval(method="log-log")
            found.append(np.asarray(fitted.evaluate(np.sort(lasted))))
    return found


def run() -> Iterator[Figure | Skipped]:
    """Time and memory of the main case, then beside each peer what that peer can do."""
    records = made_up_records(N_PEOPLE, N_GROUPS)
    yield Figure(NAME, f"{CASE}, everything", median_ms(lambda: everything(records), RUNS), "ms", 3_000)
    yield Figure(NAME, f"memory, {CASE}, everything, input included", peak_mb_of("bench.survival"), "MB")
    late = histories(records.duration, records.has_left, groups=records.group, entries=records.entry)
    yield Figure(NAME, f"{CASE}, late entry, curves", median_ms(lambda: survival_curves(late), RUNS), "ms")
    bands = median_ms(lambda: hazard_rates(late, [0, 1, 2, 5, 10, 20]), RUNS)
    yield Figure(NAME, f"{CASE}, late entry, hazards in five bands", bands, "ms")
    part = made_up_records(N_PEOPLE // PART, N_GROUPS // PART)
    small = f"{N_PEOPLE // PART:,} histories in {N_GROUPS // PART} groups, curves and log-rank test"
    yield beside("lifelines", small, part, ours=curves_and_test, theirs=lifelines_curves_and_test)
    yield beside("scipy ecdf", f"{CASE}, curves", records, ours=curves_alone, theirs=scipy_curves)


def beside(
    peer: str,
    case: str,
    records: Records,
    *,
    ours: Callable[[Records], SurvivalCurves],
    theirs: Callable[[Records], list[NDArray[np.float64]]],
) -> Figure | Skipped:
    """One case beside a peer, after the last share of every curve was found to be the same."""
    try:
        found = theirs(records)
    except ImportError as missing:
        return Skipped(NAME, f"{case}: {peer}", f"Not installed: {missing.name}.")
    curves = ours(records)
    last = [curves.curve(place).survival[-1] for place in range(len(curves.group))]
    if not np.allclose(last, [own[-1] for own in found], atol=1e-9):
        raise RuntimeError(f"The library and {peer} disagree, so their times cannot be compared.")
    value = median_ms(lambda: ours(records), RUNS)
    return Figure(NAME, case, value, "ms", peer=peer, peer_value=median_ms(lambda: theirs(records), PEER_RUNS))


if __name__ == "__main__":
    everything(made_up_records(N_PEOPLE, N_GROUPS))
    print(round(own_peak_mb(), 1))
