"""Data with published divisions of R², and divisions by going through every subset one at a time."""

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def table_of(numbers: str, *, n_columns: int) -> FloatArray:
    """Numbers as they stand in print, row after row."""
    return np.array(numbers.split(), dtype=np.float64).reshape(-1, n_columns)


# Fertility of 47 French-speaking provinces of Switzerland around 1888 (Mosteller and Tukey 1977, Data Analysis and
# Regression, pp. 549-551): agriculture, examination, education, catholic, infant mortality; fertility last.
SWISS = table_of(
    """
    17 15 12 9.96 22.2 80.2  45.1 6 9 84.84 22.2 83.1  39.7 5 5 93.4 20.2 92.5  36.5 12 7 33.77 20.3 85.8
    43.5 17 15 5.16 20.6 76.9  35.3 9 7 90.57 26.6 76.1  70.2 16 7 92.85 23.6 83.8  67.8 14 8 97.16 24.9 92.4
    53.3 12 7 97.67 21 82.4  45.2 16 13 91.38 24.4 82.9  64.5 14 6 98.61 24.5 87.1  62 21 12 8.52 16.5 64.1
    67.5 14 7 2.27 19.1 66.9  60.7 19 12 4.43 22.7 68.9  69.3 22 5 2.82 18.7 61.7  72.6 18 2 24.2 21.2 68.3
    34 17 8 3.3 20 71.7  19.4 26 28 12.11 20.2 55.7  15.2 31 20 2.15 10.8 54.3  73 19 9 2.84 20 65.1
    59.8 22 10 5.23 18 65.5  55.1 14 3 4.52 22.4 65  50.9 22 12 15.14 16.7 56.6  54.1 20 6 4.2 15.3 57.4
    71.2 12 1 2.4 21 72.5  58.1 14 8 5.23 23.8 74.2  63.5 6 3 2.56 18 72  60.8 16 10 7.72 16.3 60.5
    26.8 25 19 18.46 20.9 58.3  49.5 15 8 6.1 22.5 65.4  85.9 3 2 99.71 15.1 75.5  84.9 7 6 99.68 19.8 69.3
    89.7 5 2 100 18.3 77.3  78.2 12 6 98.96 19.4 70.5  64.9 7 3 98.22 20.2 79.4  75.9 9 9 99.06 17.8 65
    84.6 3 3 99.46 16.3 92.2  63.1 13 13 96.83 18.1 79.3  38.4 26 12 5.62 20.3 70.4  7.7 29 11 13.79 20.5 65.7
    16.7 22 13 11.22 18.9 72.7  17.6 35 32 16.92 23 64.4  37.6 15 7 4.97 20 77.6  18.7 25 7 8.65 19.5 67.6
    1.2 37 53 42.34 18 35  46.6 16 29 50.43 18.2 44.7  27.7 22 29 58.33 19.3 42.8
    """,
    n_columns=6,
)
# Grömping (2006), JSS 17(1), prints the first eight digits; further ones are of the same software, relaimpo 2.
SWISS_LMG = (0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265)

# 32 cars of the 1974 Motor Trend road tests (Henderson and Velleman 1981, Biometrics 37:391-411): cylinders,
# displacement, horse power, weight, gears; miles per gallon last.
CARS = table_of(
    """
    6 160 110 2.62 4 21  6 160 110 2.875 4 21  4 108 93 2.32 4 22.8  6 258 110 3.215 3 21.4  8 360 175 3.44 3 18.7
    6 225 105 3.46 3 18.1  8 360 245 3.57 3 14.3  4 146.7 62 3.19 4 24.4  4 140.8 95 3.15 4 22.8
    6 167.6 123 3.44 4 19.2  6 167.6 123 3.44 4 17.8  8 275.8 180 4.07 3 16.4  8 275.8 180 3.73 3 17.3
    8 275.8 180 3.78 3 15.2  8 472 205 5.25 3 10.4  8 460 215 5.424 3 10.4  8 440 230 5.345 3 14.7
    4 78.7 66 2.2 4 32.4  4 75.7 52 1.615 4 30.4  4 71.1 65 1.835 4 33.9  4 120.1 97 2.465 3 21.5
    8 318 150 3.52 3 15.5  8 304 150 3.435 3 15.2  8 350 245 3.84 3 13.3  8 400 175 3.845 3 19.2
    4 79 66 1.935 4 27.3  4 120.3 91 2.14 5 26  4 95.1 113 1.513 5 30.4  8 351 264 3.17 5 15.8
    6 145 175 2.77 5 19.7  8 301 335 3.57 5 15  4 121 109 2.78 4 21.4
    """,
    n_columns=6,
)
# Documentation of the R package rwa (after Tonidandel and LeBreton 2015): cylinders, displacement, horse power, weight.
CARS_JOHNSON = (0.2096904, 0.1883043, 0.1799590, 0.2706812)


def r_squared_of(correlations: FloatArray, chosen: tuple[int, ...]) -> float:
    """R² of the last variable on the chosen ones, by solving the normal equations."""
    if not chosen:
        return 0.0
    inside = correlations[np.ix_(chosen, chosen)]
    outside = correlations[list(chosen), -1]
    return float(outside @ np.linalg.solve(inside, outside))


def lmg_by_every_subset(correlations: FloatArray) -> FloatArray:
    """What each predictor adds to every subset of the others, weighted by how many orders put that subset first."""
    n = len(correlations) - 1
    shares = np.zeros(n)
    for predictor in range(n):
        others = [other for other in range(n) if other != predictor]
        for size in range(n):
            chance = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                added = r_squared_of(correlations, (*subset, predictor)) - r_squared_of(correlations, subset)
                shares[predictor] += chance * added
    return shares


def johnson_by_the_book(correlations: FloatArray) -> FloatArray:
    """Johnson's weights from regressions on the orthonormal variables nearest to simulated predictors."""
    n = len(correlations) - 1
    # Data that have exactly these correlations.
    rows = np.linalg.qr(np.random.default_rng(3).normal(size=(4 * n + 8, n + 1)))[0]
    data = rows @ np.linalg.cholesky(correlations).T
    predictors, outcome = data[:, :n], data[:, n]
    left, _, right = np.linalg.svd(predictors, full_matrices=False)
    nearest = left @ right
    loadings = nearest.T @ predictors
    slopes = nearest.T @ outcome
    return (loadings.T**2) @ slopes**2


def random_correlations(rng: np.random.Generator, n_predictors: int) -> FloatArray:
    """Correlations of some random mixtures."""
    mixed = rng.normal(size=(3 * n_predictors + 5, n_predictors + 1)) @ rng.normal(size=(n_predictors + 1,) * 2)
    return np.corrcoef(mixed.T)
