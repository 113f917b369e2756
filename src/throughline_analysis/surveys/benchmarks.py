"""Where a figure stands among benchmarks, and how sure that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.surveys.answers import FloatArray, answer_column

# With fewer a place moves by more than ten percentiles at a step, and the list itself says more.
LEAST_BENCHMARKS = 10
# Points of the own error at which the others' chances are added up, from -8 to 8 standard deviations.
GRID = np.linspace(-8.0, 8.0, 801)


@dataclass(frozen=True)
class BenchmarkPlace:
    """`percentile_0_1`: share of the benchmarks that lie below, equal ones counted half.

    `interval`: the places that the errors leave open. `n_below` and `n_above` differ from the figure by more than
    noise; the `n_benchmarks` less these two cannot be told from it. `median` of the benchmarks for orientation.
    """

    percentile_0_1: float
    interval: Interval
    n_below: int
    n_above: int
    n_benchmarks: int
    median: float
    method: str


def place_among(
    estimate: float,
    benchmarks: ArrayLike,
    *,
    standard_error: float,
    benchmark_errors: ArrayLike | None = None,
    level: float = 0.95,
) -> BenchmarkPlace:
    """The percentile of a figure among benchmarks, with the range of places that sampling error leaves open.

    Parameters
    ----------
    estimate : float
        The own figure.
    benchmarks : (n,) of float, nan where a benchmark lacks the figure
        At least ten.
    standard_error : float, at least 0
        Of the own figure; 0 for a full count.
    benchmark_errors : (n,) of float, at least 0, optional
        Of the benchmarks; without them they are taken as exact.
    level : float in (0, 1)
        Chance that the true place lies in the interval.

    Returns
    -------
    BenchmarkPlace
        `percentile_0_1`, `interval`, `n_below`, `n_above`.

    Raises
    ------
    InputError
        Lengths differ, or an error is negative or not finite.
    NotEnoughData
        Fewer than ten benchmarks.

    Notes
    -----
    The interval counts the benchmarks that certainly lie below and above: those whose difference from the figure
    exceeds c standard errors of the difference, with c such that all n comparisons hold together (they share the own
    error, so c is smaller than Bonferroni's and never below it by guess: it is integrated exactly for normal errors).
    With exact benchmarks this is where the ends of the figure's own interval would stand. The benchmarks are the list
    itself, not a sample of all organisations. Who stands where says nothing about why; different organisations ask
    different people. Cost O(n) times 801 times about 20.

    Source
    ------
    Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91:476-518, doi:10.1093/restud/rdad006; the
    common critical value as in Dunnett (1955), JASA 50:1096-1121, doi:10.1080/01621459.1955.10501294.

    Examples
    --------
    >>> result = place_among(0.66, [0.50 + 0.01 * step for step in range(21)], standard_error=0.01)
    >>> round(result.percentile_0_1, 2), round(result.interval.low, 2), round(result.interval.high, 2)
    (0.79, 0.71, 0.86)
    """
    check_level(level)
    figures = answer_column(benchmarks, name="Benchmarks")
    errors = np.zeros(len(figures)) if benchmark_errors is None else answer_column(benchmark_errors, name="Errors")
    if errors.shape != figures.shape:
        raise InputError("There must be one error for each benchmark.")
    is_given = ~np.isnan(figures)
    figures, errors = figures[is_given], errors[is_given]
    if not (np.isfinite([estimate, standard_error]).all() and standard_error >= 0 and (errors >= 0).all()):
        raise InputError("The figure and all errors must be finite, and errors zero or more.")
    n = len(figures)
    if n < LEAST_BENCHMARKS:
        raise NotEnoughData(f"{n} benchmarks have the figure; a place among them needs at least {LEAST_BENCHMARKS}.")
    apart = np.sqrt(standard_error**2 + errors**2)
    point = common_critical_value(standard_error, errors, level=level)
    is_below, is_above = figures < estimate - point * apart, figures > estimate + point * apart
    below, equal = int((figures < estimate).sum()), int((figures == estimate).sum())
    return BenchmarkPlace(
        percentile_0_1=(below + equal / 2) / n,
        interval=Interval(
            low=float(is_below.mean()),
            high=1 - float(is_above.mean()),
            level=level,
            method="simultaneous comparisons with every benchmark",
        ),
        n_below=int(is_below.sum()),
        n_above=int(is_above.sum()),
        n_benchmarks=n,
        median=float(np.median(figures)),
        method="percentile, equal benchmarks counted half",
    )


def common_critical_value(standard_error: float, errors: FloatArray, *, level: float) -> float:
    """c such that all differences from one figure stay within c of their standard errors with chance `level`."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    single = float(ndtri((1 + level) / 2))
    noisy, times = np.unique(errors[errors > 0], return_counts=True)
    if not len(noisy):
        return single
    has_exact = bool((errors == 0).any())
    own = GRID[:, None] * standard_error
    apart = np.sqrt(standard_error**2 + noisy**2)
    density = np.exp(-(GRID**2) / 2)

    def excess(point: float) -> float:
        inside = ndtr((point * apart + own) / noisy) - ndtr((-point * apart + own) / noisy)
        together = np.exp(np.log(np.maximum(inside, 1e-300)) @ times) * density
        if has_exact and standard_error > 0:
            together[np.abs(GRID) > point] = 0.0
        return float(together.sum() / density.sum()) - level

    bonferroni = float(ndtri(1 - (1 - level) / 2 / len(errors)))
    return float(brentq(excess, 0.9 * single, bonferroni + 0.1, xtol=1e-4))
