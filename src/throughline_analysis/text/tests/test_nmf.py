"""Factors: against scikit-learn, with the properties of the method, and known factors recovered."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse import random as random_sparse
from sklearn.decomposition import NMF

from throughline_analysis import InputError
from throughline_analysis.text.nmf import Anchor, factorise, mixtures_of, singular_vectors, starting_factors


def matrix_of(seed: int, *, rows: int = 60, columns: int = 40, density: float = 0.2) -> csr_matrix:
    return csr_matrix(random_sparse(rows, columns, density=density, rng=np.random.default_rng(seed), format="csr"))


def start_of(matrix: csr_matrix, n_parts: int) -> tuple[np.ndarray, np.ndarray]:
    triplets = singular_vectors(matrix, n_parts, rng=np.random.default_rng(1))
    return starting_factors(triplets, n_parts, fill=matrix.mean() / 100)


@pytest.mark.parametrize("seed", range(4))
def test_the_error_is_as_low_as_another_package_reaches(seed: int) -> None:
    matrix = matrix_of(seed)
    ours = factorise(matrix, start_of(matrix, 5), tolerance=1e-7, most_sweeps=1000)
    theirs = NMF(5, init="nndsvda", solver="cd", max_iter=1000, tol=1e-7).fit(matrix)
    # Both stop at a local minimum; from like starts these lie within two percent of each other.
    assert ours.error <= theirs.reconstruction_err_ * 1.02


@pytest.mark.parametrize("seed", range(3))
def test_singular_vectors_equal_those_of_the_dense_decomposition(seed: int) -> None:
    # Falling singular values as texts have them; with a flat spectrum the last ones would need more steps.
    rng = np.random.default_rng(seed)
    left, _ = np.linalg.qr(rng.normal(size=(50, 20)))
    right, _ = np.linalg.qr(rng.normal(size=(30, 20)))
    values = 0.6 ** np.arange(20)
    matrix = csr_matrix(left @ np.diag(values) @ right.T)
    one, found, other = singular_vectors(matrix, 5, rng=np.random.default_rng(1))
    assert found == pytest.approx(values[:5], rel=1e-6)  # 0.6^(2 * 4 * 8) is below 1e-14; the rest is rounding
    assert np.abs(np.sum(one * left[:, :5], axis=0)) == pytest.approx(1, abs=1e-6)
    assert np.abs(np.sum(other.T * right[:, :5], axis=0)) == pytest.approx(1, abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 6))
def test_more_sweeps_never_raise_the_error(seed: int, n_parts: int) -> None:
    matrix = matrix_of(seed, rows=20, columns=15, density=0.3)
    start = start_of(matrix, n_parts)
    errors = [factorise(matrix, start, most_sweeps=sweeps, tolerance=0).error for sweeps in (1, 2, 4, 8)]
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(errors))


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_factors_are_never_negative_and_their_error_is_what_it_says(seed: int) -> None:
    matrix = matrix_of(seed, rows=20, columns=15, density=0.3)
    found = factorise(matrix, start_of(matrix, 3))
    assert found.mixture.min() >= 0
    assert found.parts.min() >= 0
    distance = np.linalg.norm(matrix.toarray() - found.mixture @ found.parts)
    assert found.error == pytest.approx(distance, abs=1e-6)  # the square root of a difference of squares


def test_factors_that_made_the_matrix_are_found_again() -> None:
    rng = np.random.default_rng(3)
    mixture = np.eye(4)[rng.integers(4, size=80)] * rng.uniform(0.5, 2, (80, 1))
    parts = np.kron(np.eye(4), rng.uniform(0.5, 1.5, (1, 6)))
    matrix = csr_matrix(mixture @ parts)
    found = factorise(matrix, start_of(matrix, 4), tolerance=1e-10, most_sweeps=500)
    assert found.error < 1e-6 * np.linalg.norm(matrix.toarray())
    cosines = (found.parts / np.linalg.norm(found.parts, axis=1, keepdims=True)) @ (
        parts / np.linalg.norm(parts, axis=1, keepdims=True)
    ).T
    assert np.sort(cosines.max(axis=0)) == pytest.approx(1, abs=1e-6)


def test_mixtures_of_known_parts_are_the_nonnegative_least_squares_solution() -> None:
    from scipy.optimize import nnls

    rng = np.random.default_rng(5)
    parts, matrix = rng.uniform(size=(4, 15)), matrix_of(7, rows=10, columns=15)
    found = mixtures_of(matrix, parts, sweeps=2000)
    for row in range(10):
        # Coordinate descent closes in on the exact solution; 2,000 passes leave less than this.
        assert found[row] == pytest.approx(nnls(parts.T, matrix[row].toarray().ravel())[0], abs=1e-5)


def test_an_anchor_holds_the_parts_and_the_mask_the_mixture() -> None:
    matrix = matrix_of(2)
    start = start_of(matrix, 3)
    allowed = np.ones((60, 3), dtype=bool)
    allowed[:10, 1:] = False
    firm = factorise(matrix, start, anchor=Anchor(parts=start[1], strength=1e6, allowed=allowed))
    assert firm.parts == pytest.approx(start[1], abs=1e-4)  # a pull a million times the data's
    assert (firm.mixture[:10, 1:] == 0).all()
    loose = factorise(matrix, start, anchor=Anchor(parts=start[1], strength=0.0))
    assert np.abs(loose.parts - start[1]).max() > 0.01


def test_a_negative_number_is_refused() -> None:
    matrix = csr_matrix(np.array([[1.0, -1.0]]))
    with pytest.raises(InputError, match="negative"):
        factorise(matrix, (np.ones((1, 1)), np.ones((1, 2))))


def test_inputs_stay_as_they_were() -> None:
    matrix = matrix_of(1)
    start = start_of(matrix, 3)
    before = matrix.toarray(), start[0].copy(), start[1].copy()
    factorise(matrix, start, anchor=Anchor(parts=start[1], strength=1.0, allowed=np.zeros((60, 3), dtype=bool)))
    assert np.array_equal(matrix.toarray(), before[0])
    assert np.array_equal(start[0], before[1])
    assert np.array_equal(start[1], before[2])
