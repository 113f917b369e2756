"""The factored covariance against the full one, which is exact."""

import numpy as np
import pytest

from throughline_analysis import InputError
from throughline_analysis.ranking import bradley_terry, bradley_terry_large, comparisons, fitting, score_differences
from throughline_analysis.ranking.bradley_terry import difference_variance
from throughline_analysis.ranking.large import PROBES
from throughline_analysis.ranking.tests.simulated import drawn


@pytest.mark.parametrize("nu", [0.0, 0.6])
def test_scores_errors_and_differences_equal_the_full_covariance(nu: float) -> None:
    rng = np.random.default_rng(21)
    tally = drawn(rng, rng.normal(0, 1, 300), 2_000, nu=nu)
    full, large = bradley_terry(tally), bradley_terry_large(tally, rng=rng)
    # Both solve to 1e-4 of the last Newton step, which is below 1e-4 of a standard error.
    np.testing.assert_allclose(large.score, full.score, atol=1e-6)
    # The noise of the probes: here about 0.2 %, five times that at the worst of 300 items.
    np.testing.assert_allclose(large.standard_error, full.standard_error, rtol=0.01)
    first, second = rng.integers(0, 150, 40), rng.integers(150, 300, 40)
    told = score_differences(large, first, second=second)
    exact = np.sqrt(difference_variance(full.covariance, first, second=second))
    # Conjugate gradients stop at 1e-4 of the residual's size, twice that in a variance at most.
    np.testing.assert_allclose((told.high - told.low) / 2 / 1.959964, exact, rtol=2e-4)
    assert (large.n.tolist(), large.component.tolist()) == (full.n.tolist(), full.component.tolist())
    if nu:
        assert large.tie_log_odds == pytest.approx(full.tie_log_odds, abs=1e-6)


def test_the_noise_that_is_reported_is_the_noise_there_is() -> None:
    rng = np.random.default_rng(22)
    tally = drawn(rng, rng.normal(0, 1, 200), 700)
    exact = bradley_terry(tally).standard_error
    errors, said = [], []
    for _ in range(30):
        fit = bradley_terry_large(tally, rng=rng)
        errors.append(fit.standard_error / exact - 1)
        said.append(fit.standard_error_noise)
    real = np.sqrt(np.mean(np.square(errors), axis=0))
    # 30 repetitions know a standard deviation to 13 %; the median over 200 items far better.
    assert np.median(real / np.mean(said, axis=0)) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("factor", [0.5, 2])
def test_half_or_double_the_probes_changes_the_noise_by_its_root(factor: float) -> None:
    rng = np.random.default_rng(23)
    tally = drawn(rng, rng.normal(0, 1, 200), 700)
    usual = bradley_terry_large(tally, rng=rng).standard_error_noise.mean()
    other = bradley_terry_large(tally, rng=rng, n_probes=int(PROBES * factor)).standard_error_noise.mean()
    assert other / usual == pytest.approx(factor**-0.5, rel=0.1)


def test_a_chain_is_noisier_and_says_so() -> None:
    first = np.arange(199)
    tally = comparisons(first, first + 1, outcomes=np.ones(199, dtype=int), n_items=200)
    fit = bradley_terry_large(tally, rng=np.random.default_rng(24))
    exact = bradley_terry(tally).standard_error
    assert (np.abs(fit.standard_error / exact - 1) < 5 * fit.standard_error_noise + 1e-9).all()


def test_same_generator_same_answer_and_scores_do_not_hang_on_it() -> None:
    tally = comparisons([0, 1, 2], [1, 2, 3], outcomes=[1, 0, 1], n_items=4)
    one, two, other = (bradley_terry_large(tally, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.low.tolist() == two.low.tolist()
    assert one.score.tolist() == other.score.tolist()


def test_wrong_input_is_refused() -> None:
    tally = comparisons([0], [1], outcomes=[1], n_items=2)
    fit = bradley_terry_large(tally, rng=np.random.default_rng(1))
    with pytest.raises(InputError, match="items of the fit"):
        score_differences(fit, [0], second=[5])
    with pytest.raises(InputError, match="n_probes"):
        bradley_terry_large(tally, rng=np.random.default_rng(1), n_probes=1)


@pytest.mark.parametrize("factor", [0.5, 2])
@pytest.mark.parametrize("name", ["CG_PRECISION", "SMALLEST_DECREMENT"])
def test_half_or_double_where_iterations_stop_changes_no_digit_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, factor: float
) -> None:
    tally = drawn(np.random.default_rng(54), np.random.default_rng(55).normal(0, 1, 300), 5_000, nu=0.5)
    usual = bradley_terry_large(tally, rng=np.random.default_rng(1))
    monkeypatch.setattr(fitting, name, factor * getattr(fitting, name))
    other = bradley_terry_large(tally, rng=np.random.default_rng(1))
    assert other.score == pytest.approx(usual.score, abs=1e-6)
    assert other.standard_error == pytest.approx(usual.standard_error, abs=1e-6)


def test_four_times_the_probes_halve_the_noise() -> None:
    tally = drawn(np.random.default_rng(56), np.random.default_rng(57).normal(0, 1, 300), 2_000)
    few, many = (bradley_terry_large(tally, rng=np.random.default_rng(1), n_probes=n) for n in (64, 256))
    # The noise itself is estimated from 64 probes: nine per cent, and less in the mean over items.
    assert many.standard_error_noise.mean() == pytest.approx(few.standard_error_noise.mean() / 2, rel=0.1)
