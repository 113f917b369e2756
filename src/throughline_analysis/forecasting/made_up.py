"""Made-up key results whose end is known: ten kinds of process, none of them made by the forecasting model itself.

On the common scale, 0 at the baseline and 1 at the target, from 0 at the start to 1 at the end in `STEPS` steps,
noise of reading included. For tests, benchmarks and whoever wants to try a mix; the default mix was learnt from them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError

STEPS = 130
KINDS = (
    "steady",
    "outliers",
    "random walk",
    "mean reverting",
    "levelling off",
    "S-shaped",
    "jumps",
    "changing course",
    "adding up",
    "flat",
)


@dataclass(frozen=True, eq=False)
class MadeUp:
    """Readings as flat rows, and what each series would be read at its end."""

    series: NDArray[np.intp]
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    endings: NDArray[np.float64]


def paths(kind: str, n_series: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(n_series, STEPS + 1) readings, one at every step."""
    time = np.arange(STEPS + 1) / STEPS
    size = (n_series, STEPS + 1)

    def each(mean: float, spread: float) -> NDArray[np.float64]:
        return rng.normal(mean, spread, (n_series, 1))

    def added(steps: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([np.zeros((n_series, 1)), np.cumsum(steps, axis=1)], axis=1)

    if kind == "steady":
        return each(0.7, 0.4) * time + np.exp(each(np.log(0.05), 0.5)) * rng.normal(size=size)
    if kind == "outliers":
        return each(0.7, 0.4) * time + np.exp(each(np.log(0.05), 0.5)) * rng.standard_t(3, size=size)
    if kind == "random walk":
        steps = (
            each(0.6, 0.3) / STEPS + np.exp(each(np.log(0.3), 0.4)) * rng.normal(size=(n_series, STEPS)) / STEPS**0.5
        )
        return added(steps) + 0.01 * rng.normal(size=size)
    if kind == "mean reverting":
        kept = np.exp(-10 / STEPS)
        away = rng.normal(size=size)
        for step in range(1, STEPS + 1):
            away[:, step] = kept * away[:, step - 1] + np.sqrt(1 - kept**2) * away[:, step]
        return each(0.6, 0.3) * time + np.exp(each(np.log(0.1), 0.4)) * away
    if kind == "levelling off":
        return each(0.8, 0.3) * -np.expm1(-time / np.exp(each(np.log(0.3), 0.3))) + 0.05 * rng.normal(size=size)
    if kind == "S-shaped":
        middle, steep = rng.uniform(0.3, 0.7, (n_series, 1)), rng.uniform(6, 14, (n_series, 1))
        risen = 1 / (1 + np.exp(-steep * (time - middle))) - 1 / (1 + np.exp(steep * middle))
        return each(1.0, 0.3) * risen + 0.03 * rng.normal(size=size)
    if kind == "jumps":
        happens = rng.random((n_series, STEPS)) < 6 / STEPS
        return added(happens * rng.exponential(0.12, (n_series, STEPS))) + 0.01 * rng.normal(size=size)
    if kind == "changing course":
        drift = each(0.6, 0.4) + np.cumsum(rng.normal(size=(n_series, STEPS)), axis=1) * 0.8 / STEPS**0.5
        return added(drift / STEPS) + 0.03 * rng.normal(size=size)
    if kind == "adding up":
        return added(rng.gamma(10 / STEPS, 0.07, (n_series, STEPS)) * np.exp(each(0.0, 0.4)))
    if kind == "flat":
        return each(0.2, 0.2) + 0.03 * rng.normal(size=size)
    raise InputError(f"{kind!r} is no kind of made-up key result; choose one of {', '.join(KINDS)}.")


def made_up(kind: str, n_series: int, rng: np.random.Generator, *, fewest: int = 3, most: int = 12) -> MadeUp:
    """Between `fewest` and `most` readings at irregular times up to a today between 30 and 85 % of the way."""
    values = paths(kind, n_series, rng)
    today = (rng.uniform(0.3, 0.85, n_series) * STEPS).astype(np.intp)
    wanted = rng.integers(fewest, most + 1, n_series)
    order = rng.random((n_series, STEPS + 1))
    order[np.arange(STEPS + 1) > today[:, None]] = 2.0
    chosen = np.argsort(order, axis=1)[:, :most]
    used = np.arange(most) < wanted[:, None]
    series = np.broadcast_to(np.arange(n_series)[:, None], chosen.shape)[used]
    steps = chosen[used]
    return MadeUp(series=series, times=steps / STEPS, values=values[series, steps], endings=values[:, -1])
