"""The filter against the same processes written out as one large normal distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis.forecasting.filtering import Processes, filtered, padded
from throughline_analysis.forecasting.mixes import DRIFTS, SHAPES, candidate_processes

# Recursions of a dozen steps against one factorisation; the level's variance of 1e8 stands for "unknown".
AGREES = 1e-5


def reach(time: float, settling: float) -> float:
    return time if np.isinf(settling) else settling * (1 - np.exp(-time / settling))


def covariance(process: Processes, row: int, one: float, other: float) -> float:
    """Covariance of the process at two times, without the noise of reading and without the unknown level."""
    drift, settling, memory = process.drift[row], process.settling[row], process.memory[row]
    early, late = min(one, other), max(one, other)
    value = drift**2 * reach(one, settling) * reach(other, settling)
    value += process.deviation[row] * np.exp(-(late - early) / memory)
    value += process.wander[row] * early
    value += process.bend[row] * (early**2 * late / 2 - early**3 / 6)
    return float(value)


def written_out(
    process: Processes, row: int, *, times: np.ndarray, values: np.ndarray, end: float, mean_drift: float
) -> tuple[float, float, float]:
    """Log likelihood of all readings after the first, and mean and variance of a reading at the end."""
    settling = process.settling[row]
    # A changing drift and a wandering level start at the first reading, the settling drift at time 0.
    first = times[0]
    lasting = np.exp(-max(first, 0.0) / settling)
    since = np.append(times, end) - first
    mean = np.array([mean_drift * lasting * reach(one, settling) for one in since])
    cov = np.array([[covariance(process, row, one, other) for other in since] for one in since])
    steep = np.array([reach(one, settling) for one in since])
    cov += (lasting**2 - 1) * process.drift[row] ** 2 * np.outer(steep, steep)
    cov += np.eye(len(since)) * process.noise[row]
    # Differences to the first reading do not know the level.
    apart = np.hstack([-np.ones((len(since) - 1, 1)), np.eye(len(since) - 1)])
    cov, mean = apart @ cov @ apart.T, apart @ mean
    known, seen = len(times) - 1, values[1:] - values[0]
    if known == 0:
        return 0.0, float(values[0] + mean[0]), float(cov[0, 0])
    inner = cov[:known, :known]
    surprise = seen - mean[:known]
    solved = np.linalg.solve(inner, surprise)
    likelihood = -0.5 * (surprise @ solved + np.linalg.slogdet(inner)[1])
    towards = cov[known, :known]
    variance = cov[known, known] - towards @ np.linalg.solve(inner, towards)
    return float(likelihood), float(values[0] + mean[known] + towards @ solved), float(variance)


@given(
    st.lists(st.integers(0, 80), min_size=1, max_size=7, unique=True),
    st.lists(st.floats(-2, 2), min_size=7, max_size=7),
    st.floats(-1, 1),
)
def test_every_candidate_equals_the_normal_distribution_it_stands_for(
    steps: list[int], levels: list[float], mean_drift: float
) -> None:
    times, values = np.sort(np.array(steps)) / 100, np.array(levels[: len(steps)])
    processes = candidate_processes()
    history = padded(times, values, firsts=np.array([0]), counts=np.array([len(times)]))
    run = filtered(history, np.array([1.0]), processes=processes, mean_drifts=np.full(len(processes), mean_drift))
    for row in range(0, len(processes), 7):
        likelihood, mean, variance = written_out(
            processes, row, times=times, values=values, end=1.0, mean_drift=mean_drift
        )
        assert -0.5 * (run.squares[row, 0] + run.log_spread[row, 0]) == pytest.approx(likelihood, rel=1e-6, abs=AGREES)
        assert run.mean[row, 0] == pytest.approx(mean, rel=1e-6, abs=AGREES)
        assert run.variance[row, 0] == pytest.approx(variance, rel=1e-6, abs=1e-9)


def test_histories_of_different_length_side_by_side_equal_each_alone() -> None:
    rng = np.random.default_rng(2)
    counts = np.array([5, 3, 3, 1])
    firsts = np.cumsum(counts) - counts
    times = np.concatenate([np.sort(rng.random(count)) for count in counts])
    values = rng.normal(size=len(times))
    processes = candidate_processes()
    drifts = np.full(len(processes), 0.5)
    together = filtered(
        padded(times, values, firsts=firsts, counts=counts), np.ones(4), processes=processes, mean_drifts=drifts
    )
    for row in range(4):
        history = padded(times, values, firsts=firsts[row : row + 1], counts=counts[row : row + 1])
        alone = filtered(history, np.ones(1), processes=processes, mean_drifts=drifts)
        for name in ("squares", "log_spread", "mean", "variance"):
            np.testing.assert_array_equal(getattr(together, name)[:, row], getattr(alone, name)[:, 0])


def test_there_is_one_candidate_for_every_shape_and_drift() -> None:
    processes = candidate_processes()
    assert len(processes) == len(SHAPES) * len(DRIFTS)
    assert (processes.noise + processes.deviation + processes.wander + processes.bend > 0).all()
