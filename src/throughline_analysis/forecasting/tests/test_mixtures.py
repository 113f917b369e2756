"""Mixtures of normals: quantiles are where the distribution function says, also far out and when one part is tiny."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from throughline_analysis.forecasting.mixtures import PRECISION, NormalMixtures


@given(
    st.lists(st.tuples(st.floats(1e-6, 1), st.floats(-50, 50), st.floats(1e-3, 30)), min_size=1, max_size=6),
    st.floats(0.001, 0.999),
)
def test_a_quantile_has_its_probability_below(parts: list[tuple[float, float, float]], probability: float) -> None:
    shares, means, deviations = (np.array(column)[:, None] for column in zip(*parts, strict=True))
    mixture = NormalMixtures(shares / shares.sum(), means, deviations)
    found = mixture.quantile(probability)
    assert mixture.below(found)[0] == pytest.approx(probability, abs=2 * PRECISION)


def test_one_part_is_the_normal_distribution() -> None:
    mixture = NormalMixtures(np.ones((1, 2)), np.array([[1.0, -2.0]]), np.array([[2.0, 0.5]]))
    np.testing.assert_allclose(mixture.quantile(0.95), norm.ppf(0.95, [1, -2], [2, 0.5]), atol=1e-4)
    np.testing.assert_allclose(mixture.below(np.array([0.0, 0.0])), norm.cdf(0, [1, -2], [2, 0.5]))
    np.testing.assert_allclose(mixture.moments(), [[1, -2], [2, 0.5]])


def test_the_far_tails_of_a_level_near_one_are_found_too() -> None:
    mixture = NormalMixtures(np.full((2, 1), 0.5), np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]]))
    for tail in (1e-5, 1e-7, 1e-9):
        found = mixture.quantile(tail)
        # A thousandth of the probability, as promised.
        assert mixture.below(found)[0] == pytest.approx(tail, rel=2e-3)


def test_many_mixtures_at_once_equal_each_alone() -> None:
    rng = np.random.default_rng(4)
    shares = rng.dirichlet(np.ones(5), 40).T
    means, deviations = rng.normal(0, 3, (5, 40)), rng.gamma(1, 1, (5, 40)) + 0.01
    together = NormalMixtures(shares, means, deviations).quantile(0.05)
    alone = [
        NormalMixtures(shares[:, [row]], means[:, [row]], deviations[:, [row]]).quantile(0.05)[0] for row in range(40)
    ]
    np.testing.assert_allclose(together, alone, atol=1e-4)
