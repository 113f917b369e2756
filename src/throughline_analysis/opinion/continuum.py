"""Votes as they would look if opinions formed one continuum: the least favourable case of "no distinct groups"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.opinion.votes import FloatArray

SmallFloats = NDArray[np.float32]

# Half width of the uniform distribution with standard deviation 1.
HALF_WIDTH = float(np.sqrt(3.0))
# The steepest answer to a statement, in logits per standard deviation of position: questionnaires have slopes of 0.5
# to 2.5 (Baker 2001, The Basics of Item Response Theory, calls 1.7 and more very high). Were any slope allowed, a
# step in the middle would be a "continuum" too, and two groups that agree on everything within could not be found.
LARGEST_SLOPE = 4.0
# The table of item curves: logits of the mean share and slopes covered, and the nodes of the integral over people.
LOGIT_LIMIT = 5.0
N_LOGITS = 41
SMALLEST_SLOPE = 0.05
N_SLOPES = 50
N_NODES = 24
BISECTIONS = 40
EXPONENT_LIMIT = np.float32(60.0)


@dataclass(frozen=True, eq=False)
class ItemCurves:
    """Chance to agree = logistic(`intercepts` + positions @ `slopes`.T); slopes (n_statements, n_axes)."""

    intercepts: FloatArray
    slopes: FloatArray


@dataclass(frozen=True, eq=False)
class _CurveTable:
    """On a grid of mean share and slope: the intercept that gives the share, and the covariance with position."""

    logits: FloatArray
    slopes: FloatArray
    intercepts: FloatArray
    covariances: FloatArray


def item_curves(agree_0_1: FloatArray, strengths: FloatArray) -> ItemCurves:
    """Logistic curves whose mean is `agree_0_1` and whose votes co-vary with position by `strengths`.

    Parameters
    ----------
    agree_0_1 : (n_statements,) in (0, 1)
        Share that agrees among those who take a side.
    strengths : (n_statements, n_axes)
        Covariance of a vote (coded -1, 1) with each axis of position, uniform with standard deviation 1. What is
        more than any curve can give is cut to the steepest.
    """
    length = np.sqrt((strengths**2).sum(axis=1))
    table = _curve_table()
    logits = np.clip(np.log(agree_0_1 / (1 - agree_0_1)), -LOGIT_LIMIT, LOGIT_LIMIT)
    place = (logits + LOGIT_LIMIT) / (2 * LOGIT_LIMIT) * (N_LOGITS - 1)
    row = np.minimum(place.astype(np.intp), N_LOGITS - 2)
    part = (place - row)[:, None]
    covariances = table.covariances[row] * (1 - part) + table.covariances[row + 1] * part
    intercepts = table.intercepts[row] * (1 - part) + table.intercepts[row + 1] * part
    # The wanted covariance of a vote coded 0, 1 is half of that coded -1, 1. Position in the row of slopes:
    column = np.clip((covariances < length[:, None] / 2).sum(axis=1), 1, len(table.slopes) - 1)
    lines = np.arange(len(length))
    low, high = covariances[lines, column - 1], covariances[lines, column]
    step = np.clip((length / 2 - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    slope = table.slopes[column - 1] * (1 - step) + table.slopes[column] * step
    intercept = intercepts[lines, column - 1] * (1 - step) + intercepts[lines, column] * step
    return ItemCurves(intercepts=intercept, slopes=strengths * (slope / np.maximum(length, 1e-12))[:, None])


def simulated_votes(curves: ItemCurves, takes_side: SmallFloats, rng: np.random.Generator) -> SmallFloats:
    """Votes (n_people, n_statements) in -1, 1 where `takes_side` is 1, else 0, of people spread evenly."""
    shape = (takes_side.shape[0], curves.slopes.shape[1])
    positions = rng.uniform(-HALF_WIDTH, HALF_WIDTH, shape).astype(np.float32)
    # Minus the logit, held where the exponential of a small float stays finite.
    chances = positions @ -curves.slopes.T.astype(np.float32)
    chances -= curves.intercepts.astype(np.float32)
    np.clip(chances, -EXPONENT_LIMIT, EXPONENT_LIMIT, out=chances)
    np.exp(chances, out=chances)
    chances += 1
    np.reciprocal(chances, out=chances)
    return np.where(rng.random(takes_side.shape, dtype=np.float32) < chances, takes_side, -takes_side)


@cache
def _curve_table() -> _CurveTable:
    nodes, weights = np.polynomial.legendre.leggauss(N_NODES)
    positions, weights = nodes * HALF_WIDTH, weights / 2
    logits = np.linspace(-LOGIT_LIMIT, LOGIT_LIMIT, N_LOGITS)
    slopes = np.concatenate([[0.0], np.geomspace(SMALLEST_SLOPE, LARGEST_SLOPE, N_SLOPES)])
    wanted = (1 / (1 + np.exp(-logits)))[:, None]
    shape = (N_LOGITS, len(slopes))
    reach = LOGIT_LIMIT + LARGEST_SLOPE * HALF_WIDTH
    low, high = np.full(shape, -reach), np.full(shape, reach)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        is_low = _shares(middle, slopes, positions) @ weights < wanted
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    intercepts = (low + high) / 2
    covariances = _shares(intercepts, slopes, positions) @ (weights * positions)
    return _CurveTable(logits=logits, slopes=slopes, intercepts=intercepts, covariances=covariances)


def _shares(intercepts: FloatArray, slopes: FloatArray, positions: FloatArray) -> FloatArray:
    logit = intercepts[..., None] + slopes[None, :, None] * positions
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)
