"""Intervals by person: the definition, many answers by few, and people who answer once."""

import math

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import BradleyTerry, bradley_terry, clustered_by_person, comparisons, preference
from throughline_analysis.ranking.bradley_terry import PRIOR_SD
from throughline_analysis.ranking.clusters import FEWEST_PEOPLE
from throughline_analysis.ranking.fitting import TIE_PRIOR_SD

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def answered(
    rng: np.random.Generator, scores: np.ndarray, *, people: int, answers: int, spread: float, nu: float
) -> Rows:
    """Everybody has scores of their own around the common ones."""
    own = scores + rng.normal(0, spread, (people, len(scores)))
    person = np.repeat(np.arange(people), answers)
    first = rng.integers(0, len(scores), len(person))
    second = (first + rng.integers(1, len(scores), len(person))) % len(scores)
    half = (own[person, first] - own[person, second]) / 2
    at = rng.random(len(person)) * (np.exp(half) + np.exp(-half) + nu)
    said = np.where(at < np.exp(half), 1, np.where(at < np.exp(half) + np.exp(-half), -1, 0))
    return first, second, said, person


def both(rows: Rows, n_items: int) -> tuple[BradleyTerry, BradleyTerry]:
    first, second, said, person = rows
    fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=n_items))
    return fit, clustered_by_person(fit, first, second=second, outcomes=said, people=person)


@pytest.mark.parametrize("nu", [0.0, 0.6])
def test_covariance_is_the_sandwich_written_out(nu: float) -> None:
    rng = np.random.default_rng(91)
    first, second, said, person = rows = answered(rng, rng.normal(0, 1, 4), people=12, answers=15, spread=0.5, nu=nu)
    fit, wide = both(rows, 4)
    slopes = np.zeros((12, 5))
    bread = np.diag([PRIOR_SD**-2] * 4 + [TIE_PRIOR_SD**-2])
    prior = bread.copy()
    tie = math.exp(fit.tie_log_odds) if fit.tie_log_odds is not None else 0.0
    for one, two, outcome, who in zip(first, second, said, person, strict=True):
        up, down = (math.exp(sign * (fit.score[one] - fit.score[two]) / 2) for sign in (1, -1))
        chance = np.array([up, down, tie]) / (up + down + tie)
        contrast = np.zeros((3, 5))
        contrast[0, [one, two]] = contrast[1, [two, one]] = 0.5, -0.5
        contrast[2, 4] = 1
        mean = chance @ contrast
        slopes[who] += contrast[{1: 0, -1: 1, 0: 2}[outcome]] - mean
        bread += contrast.T @ np.diag(chance) @ contrast - np.outer(mean, mean)
    inverse = np.linalg.inv(bread)
    expected = inverse @ (slopes.T @ slopes * 12 / 11 + prior) @ inverse
    centre = np.eye(4) - 1 / 4
    # The mode is good to 1e-4 of a standard error.
    np.testing.assert_allclose(wide.covariance, centre @ expected[:4, :4] @ centre, rtol=1e-3, atol=1e-5)
    if nu:
        assert wide.tie_covariance[-1] == pytest.approx(expected[4, 4], rel=1e-3)


@pytest.mark.parametrize(("people", "answers"), [(FEWEST_PEOPLE, 40), (30, 40)])
def test_intervals_cover_where_plain_ones_do_not(people: int, answers: int) -> None:
    """People differ with a standard deviation of one. Their common scores on the pooled scale are smaller: the truth
    is what very many people's answers give."""
    rng = np.random.default_rng(92)
    scores = np.linspace(-1, 1, 5)
    many = answered(rng, scores, people=200_000, answers=1, spread=1.0, nu=0.0)
    truth = bradley_terry(comparisons(*many[:2], outcomes=many[2], n_items=5)).score
    plain, wide = [], []
    for _ in range(150):
        fit, robust = both(answered(rng, scores, people=people, answers=answers, spread=1.0, nu=0.0), 5)
        plain.append(np.mean((fit.low <= truth) & (truth <= fit.high)))
        wide.append(np.mean((robust.low <= truth) & (truth <= robust.high)))
    assert np.mean(plain) < 0.85
    # Three standard errors of the simulation, and 0.02 for so few people.
    slack = 3 * float(np.std(wide)) / math.sqrt(150) + 0.02
    assert np.mean(wide) == pytest.approx(0.95, abs=slack)


def test_where_everybody_answers_once_it_is_nearly_the_plain_interval() -> None:
    rng = np.random.default_rng(93)
    fit, wide = both(answered(rng, np.linspace(-1, 1, 5), people=4_000, answers=1, spread=0.0, nu=0.5), 5)
    # The empirical spread of 4,000 slopes is known to some percent.
    np.testing.assert_allclose(wide.standard_error, fit.standard_error, rtol=0.05)
    assert wide.degrees_of_freedom == 3_999


def test_scores_stay_and_preferences_use_the_wider_interval() -> None:
    rng = np.random.default_rng(94)
    fit, wide = both(answered(rng, np.zeros(4), people=12, answers=30, spread=1.0, nu=0.3), 4)
    assert wide.score is fit.score
    plain, clustered = preference(fit, [0], second=[1]), preference(wide, [0], second=[1])
    assert clustered.low[0] < plain.low[0] < plain.high[0] < clustered.high[0]
    assert wide.tie_interval is not None


def test_names_of_people_and_undecided_answers_do_not_matter() -> None:
    rng = np.random.default_rng(95)
    first, second, said, person = answered(rng, np.zeros(4), people=15, answers=8, spread=0.5, nu=0.0)
    _, wide = both((first, second, said, person), 4)
    more = (np.append(first, 0), np.append(second, 1), np.append(said, 2), np.append(person * 7 + 3, 0))
    _, other = both(more, 4)
    np.testing.assert_allclose(other.covariance, wide.covariance, atol=1e-12)


def test_too_few_people_and_other_rows_are_refused() -> None:
    rng = np.random.default_rng(96)
    first, second, said, person = answered(rng, np.zeros(3), people=9, answers=5, spread=0.5, nu=0.0)
    fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=3))
    with pytest.raises(NotEnoughData, match="Only 9 people"):
        clustered_by_person(fit, first, second=second, outcomes=said, people=person)
    with pytest.raises(InputError, match="not the answers of the fit"):
        clustered_by_person(fit, first[1:], second=second[1:], outcomes=said[1:], people=person[1:])
    with pytest.raises(InputError, match="one length"):
        clustered_by_person(fit, first, second=second, outcomes=said, people=person[1:])
    with pytest.raises(InputError, match="whole numbers"):
        clustered_by_person(fit, first, second=second, outcomes=said, people=person - 0.5)
