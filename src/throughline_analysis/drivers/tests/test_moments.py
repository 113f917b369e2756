"""Correlations under weights and with missing answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import NotEnoughData
from throughline_analysis.drivers import moments
from throughline_analysis.drivers.moments import Moments, moments_of, records_of

seeds = st.integers(min_value=0, max_value=10_000)


def correlations_of(data: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    weights = np.ones(len(data)) if weights is None else weights
    return moments_of(records_of(data), weights[None]).correlations[0]


def mixed(seed: int, n: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, width)) @ rng.normal(size=(width, width)) * 3 + 5


@given(seeds)
def test_complete_answers_give_the_usual_correlations(seed: int) -> None:
    data = mixed(seed, 40, 4)
    assert correlations_of(data) == pytest.approx(np.corrcoef(data.T), abs=1e-9)


@given(seeds)
def test_a_whole_weight_is_the_same_as_repeating_the_person(seed: int) -> None:
    data = mixed(seed, 30, 3)
    counts = np.random.default_rng(seed).integers(1, 4, 30)
    repeated = np.repeat(data, counts, axis=0)
    assert correlations_of(data, counts.astype(float)) == pytest.approx(np.corrcoef(repeated.T), abs=1e-9)


def test_a_missing_last_column_gives_the_closed_form_of_anderson() -> None:
    # Two columns, the second missing for some: regression of the second on the first among the complete, moments of
    # the first among all (Anderson 1957, JASA 52:200-203).
    data = mixed(3, 200, 2)
    data[120:, 1] = np.nan
    whole, part = data[:, 0], data[:120]
    slope = np.cov(part.T, bias=True)[0, 1] / part[:, 0].var()
    variance = part[:, 1].var() + slope**2 * (whole.var() - part[:, 0].var())
    expected = slope * whole.std() / np.sqrt(variance)
    # The rounds stop when a covariance changes by less than 1e-7; what is left of the series is a few times that.
    assert correlations_of(data)[0, 1] == pytest.approx(expected, abs=1e-6)


def observed_log_likelihood(data: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> float:
    total = 0.0
    for row in data:
        have = ~np.isnan(row)
        if have.any():
            away = row[have] - mean[have]
            inside = covariance[np.ix_(have, have)]
            total -= 0.5 * (np.linalg.slogdet(inside)[1] + away @ np.linalg.solve(inside, away))
    return total


def test_no_nearby_moments_are_likelier_than_those_found() -> None:
    rng = np.random.default_rng(12)
    data = rng.normal(size=(150, 4)) @ (np.eye(4) + 0.3)
    data[rng.random(data.shape) < 0.2] = np.nan
    standard = (data - np.nanmean(data, axis=0)) / np.nanstd(data, axis=0)
    found = moments_of(records_of(data), np.ones((1, 150)))
    best = observed_log_likelihood(standard, found.means[0], found.covariances[0])
    for _ in range(40):
        nudge = np.eye(4) + rng.normal(size=(4, 4)) * 0.02
        other = nudge @ found.covariances[0] @ nudge.T
        mean = found.means[0] + rng.normal(size=4) * 0.02
        assert observed_log_likelihood(standard, mean, other) < best


def test_every_set_of_weights_gives_what_it_gives_alone() -> None:
    data = mixed(5, 80, 3)
    data[::7, 1] = np.nan
    weights = np.random.default_rng(5).integers(0, 4, (6, 80)).astype(float)
    records = records_of(data)
    # Both start afresh, so the rounds differ only in when the slowest of them has settled.
    together = moments_of(records, weights).correlations
    for index in range(6):
        assert together[index] == pytest.approx(
            moments_of(records, weights[index : index + 1]).correlations[0], abs=1e-6
        )


def test_starting_from_the_whole_sample_gives_the_same_up_to_the_looser_stop() -> None:
    data = mixed(6, 300, 4)
    data[np.random.default_rng(6).random(data.shape) < 0.1] = np.nan
    records = records_of(data)
    weights = np.random.default_rng(7).integers(0, 3, (1, 300)).astype(float)
    centre = moments_of(records, np.ones((1, 300)))
    near = moments_of(records, weights, start=centre).correlations
    # SETTLED_RESAMPLE is 1e-4 a round; the rest of the series is a few rounds more.
    assert near == pytest.approx(moments_of(records, weights).correlations, abs=1e-3)


def test_answers_missing_by_what_was_answered_are_recovered_and_complete_rows_are_not() -> None:
    rng = np.random.default_rng(21)
    first = rng.normal(size=20_000)
    second = 0.6 * first + 0.8 * rng.normal(size=20_000)
    second[first > 0.3] = np.nan
    data = np.column_stack([first, second])
    complete = np.corrcoef(data[~np.isnan(second)].T)[0, 1]
    # Standard error of a correlation of 0.6 in some 12,000 people is about 0.006, and more after a cut; four of them.
    assert correlations_of(data)[0, 1] == pytest.approx(0.6, abs=0.03)
    assert complete < 0.5


def test_a_column_that_does_not_vary_in_a_resample_is_unrelated_there() -> None:
    flat = Moments(means=np.zeros((1, 2)), covariances=np.array([[[1.0, 0.0], [0.0, 0.0]]]))
    assert flat.correlations.tolist() == [[[1.0, 0.0], [0.0, 1.0]]]


def test_rounds_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "MOST_ROUNDS", 1)
    data = mixed(2, 60, 3)
    data[:20, 0] = np.nan
    with pytest.raises(NotEnoughData, match="Too many answers are missing"):
        correlations_of(data)


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = mixed(9, 500, 3)
    usual = correlations_of(data)
    monkeypatch.setattr(moments, "BLOCK", 400)
    assert correlations_of(data) == pytest.approx(usual, abs=1e-12)
