"""Scores from comparisons: against published fits, other packages, the definition, and known scores."""

import math

import choix
import evalica
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import Comparisons, bradley_terry, comparisons, fitting, preference
from throughline_analysis.ranking.bradley_terry import (
    MOST_ITEMS_FULL,
    PRIOR_SD,
    _centred_covariance,
    difference_variance,
)
from throughline_analysis.ranking.fitting import ITEMS_FOR_ITERATION, TIE_PRIOR_SD
from throughline_analysis.ranking.tests.simulated import curvature, drawn, log_posterior

# American League East 1987, wins of the row over the column (Agresti, Categorical Data Analysis, 2nd ed., table
# 10.10): Milwaukee, Detroit, Toronto, New York, Boston, Cleveland, Baltimore.
BASEBALL = np.array(
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ]
)
# So wide that the maximum of the likelihood is found to the printed digits.
NO_PRIOR = 1e3


def of_wins(wins: np.ndarray) -> Comparisons:
    winner, loser = np.nonzero(wins)
    return comparisons(
        winner, loser, outcomes=np.ones(len(winner), dtype=int), n_items=len(wins), counts=wins[winner, loser]
    )


def test_baseball_scores_and_errors_are_the_published_ones() -> None:
    """Turner, Firth (2012), Journal of Statistical Software 48(9), baseball: abilities relative to Baltimore."""
    fit = bradley_terry(of_wins(BASEBALL), prior_sd=NO_PRIOR)
    published = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839]
    published_errors = [0.3433, 0.3396, 0.3367, 0.3359, 0.3339, 0.3319]
    others, last = np.arange(6), np.full(6, 6)
    # Half of the last printed digit.
    np.testing.assert_allclose(fit.score[:6] - fit.score[6], published, atol=5e-5)
    np.testing.assert_allclose(
        np.sqrt(difference_variance(fit.covariance, others, second=last)), published_errors, atol=5e-5
    )


def test_scores_equal_those_of_choix_and_evalica() -> None:
    rng = np.random.default_rng(2)
    tally = drawn(rng, rng.normal(0, 1, 12), 600)
    winners = [(int(a), int(b)) for a, b, n in zip(tally.first, tally.second, tally.wins_first, strict=True)
               for _ in range(int(n))]  # fmt: skip
    winners += [(int(b), int(a)) for a, b, n in zip(tally.first, tally.second, tally.wins_second, strict=True)
                for _ in range(int(n))]  # fmt: skip
    # Its penalty alpha is the factor of the sum of squares. Its own tolerance is 1e-5 of the gradient.
    other = choix.opt_pairwise(12, winners, alpha=0.5 / PRIOR_SD**2, tol=1e-9)
    np.testing.assert_allclose(bradley_terry(tally).score, other, atol=1e-5)
    ranked = evalica.bradley_terry(
        [a for a, _ in winners], [b for _, b in winners], [evalica.Winner.X] * len(winners), tolerance=1e-10, limit=9999
    )
    logs = np.log(ranked.scores.sort_index().to_numpy())
    # Fixed-point iteration of the other side stops at 1e-10 of its scores' change.
    np.testing.assert_allclose(bradley_terry(tally, prior_sd=NO_PRIOR).score, logs - logs.mean(), atol=1e-4)


def test_scores_and_ties_equal_those_of_newmans_iteration_in_evalica() -> None:
    """Its v is half of Davidson's nu."""
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 1, 8)
    first = rng.integers(0, 8, 800)
    second = (first + rng.integers(1, 8, 800)) % 8
    half = (scores[first] - scores[second]) / 2
    at = rng.random(800) * (np.exp(half) + np.exp(-half) + 0.7)
    said = np.where(at < np.exp(half), 1, np.where(at < np.exp(half) + np.exp(-half), -1, 0))
    winner = {1: evalica.Winner.X, -1: evalica.Winner.Y, 0: evalica.Winner.Draw}
    other = evalica.newman(
        first.tolist(), second.tolist(), [winner[int(own)] for own in said], tolerance=1e-12, limit=9999
    )
    fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=8), prior_sd=NO_PRIOR)
    logs = np.log(other.scores.sort_index().to_numpy())
    # Our prior of log nu stays: it moves nu by its precision over that of the ties, about a five-hundredth.
    np.testing.assert_allclose(fit.score, logs - logs.mean(), atol=1e-3)
    assert fit.tie_log_odds is not None
    assert math.exp(fit.tie_log_odds) == pytest.approx(2 * other.v, rel=3e-3)


@pytest.mark.parametrize("nu", [0.0, 0.7])
def test_mode_and_covariance_follow_from_the_definition(nu: float) -> None:
    rng = np.random.default_rng(5)
    tally = drawn(rng, rng.normal(0, 1, 5), 120, nu=nu)
    fit = bradley_terry(tally)

    def function(point: np.ndarray) -> float:
        log_nu = float(point[5]) if nu else None
        return log_posterior(tally, point[:5], log_nu, prior_sd=PRIOR_SD)

    at = np.append(fit.score, fit.tie_log_odds) if nu else fit.score
    slopes = [(function(at + step) - function(at - step)) / 2e-4 for step in np.eye(len(at)) * 1e-4]
    # The differences themselves are good to the square of their step.
    np.testing.assert_allclose(slopes, 0, atol=1e-6)
    centre = np.eye(5) - 1 / 5
    covariance = np.linalg.inv(-curvature(function, at))
    # Central differences with step 0.001 are good to about six digits.
    np.testing.assert_allclose(fit.covariance, centre @ covariance[:5, :5] @ centre, atol=1e-6)
    if nu:
        assert fit.tie_interval is not None
        width = fit.tie_interval.high - fit.tie_interval.low
        assert width == pytest.approx(2 * 1.959964 * math.sqrt(covariance[5, 5]), rel=1e-5)


def test_many_items_by_iteration_equal_the_definition_in_gradient() -> None:
    rng = np.random.default_rng(6)
    n_items = ITEMS_FOR_ITERATION + 50
    tally = drawn(rng, rng.normal(0, 1, n_items), 4_000, nu=0.5)
    fit = bradley_terry(tally)
    step = 1e-4
    for item in (0, 7, n_items - 1):
        unit = np.eye(n_items)[item] * step
        up = log_posterior(tally, fit.score + unit, fit.tie_log_odds, prior_sd=PRIOR_SD)
        down = log_posterior(tally, fit.score - unit, fit.tie_log_odds, prior_sd=PRIOR_SD)
        # A slope of 1e-5 is 1e-5 of a posterior standard deviation here.
        assert (up - down) / (2 * step) == pytest.approx(0, abs=1e-5)


def test_a_chain_of_items_is_solved_too() -> None:
    """Conjugate gradients are slow on chains; the factorisation takes over."""
    n_items = ITEMS_FOR_ITERATION + 100
    first = np.arange(n_items - 1)
    tally = comparisons(
        first, first + 1, outcomes=np.ones(n_items - 1, dtype=int), n_items=n_items, counts=np.full(n_items - 1, 3.0)
    )
    fit = bradley_terry(tally, prior_sd=20.0)
    assert (np.diff(fit.score) < 0).all()
    assert np.linalg.norm(fit.score + fit.score[::-1]) < 1e-6 * np.linalg.norm(fit.score)


def test_with_equal_numbers_of_meetings_the_order_is_that_of_two_points_a_win_and_one_a_tie() -> None:
    """Davidson (1970): in a balanced experiment the ranking agrees with 2, 1, 0 points for win, tie, loss."""
    rng = np.random.default_rng(8)
    for _ in range(5):
        first, second = np.triu_indices(6, 1)
        first, second = np.repeat(first, 7), np.repeat(second, 7)
        said = rng.integers(-1, 2, len(first))
        fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=6))
        points = np.bincount(first, said, 6) - np.bincount(second, said, 6)
        ahead = points[:, None] > points[None, :]
        assert (fit.score[:, None] > fit.score[None, :])[ahead].all()


tallies = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from([-1, 0, 1])), min_size=1, max_size=25
)


@given(tallies, st.permutations(range(4)))
def test_numbering_and_order_of_rows_do_not_matter(rows: list[tuple[int, int, int]], names: list[int]) -> None:
    first = np.array([row[0] for row in rows])
    second = (first + np.array([row[1] for row in rows])) % 4
    said = np.array([row[2] for row in rows])
    fit = bradley_terry(comparisons(first, second, outcomes=said, n_items=4))
    name = np.array(names)
    other = bradley_terry(comparisons(name[second][::-1], name[first][::-1], outcomes=-said[::-1], n_items=4))
    # Different order of summing, and a Newton step left of 1e-8 of a posterior variance.
    np.testing.assert_allclose(other.score[name], fit.score, atol=1e-6)
    np.testing.assert_allclose(other.standard_error[name], fit.standard_error, atol=1e-6)
    assert fit.score.sum() == pytest.approx(0, abs=1e-9)


@given(tallies)
def test_another_win_widens_the_lead_over_the_loser(rows: list) -> None:
    first = [row[0] for row in rows]
    second = [(row[0] + row[1]) % 4 for row in rows]
    said = [row[2] for row in rows]
    before = bradley_terry(comparisons(first, second, outcomes=said, n_items=4))
    after = bradley_terry(comparisons([*first, 0], [*second, 1], outcomes=[*said, 1], n_items=4))
    assert after.score[0] - after.score[1] > before.score[0] - before.score[1]


@pytest.mark.parametrize(("n_items", "n_comparisons", "nu"), [(20, 300, 0.0), (20, 300, 0.6), (8, 60, 0.0)])
def test_intervals_cover_the_scores_that_made_the_answers(n_items: int, n_comparisons: int, nu: float) -> None:
    rng = np.random.default_rng(11)
    held = []
    for _ in range(200):
        scores = rng.normal(0, PRIOR_SD, n_items)
        fit = bradley_terry(drawn(rng, scores, n_comparisons, nu=nu))
        centred = scores - scores.mean()
        held.append(np.mean((fit.low <= centred) & (centred <= fit.high)))
    # Three standard errors of the simulation, and 0.01 for the normal approximation at 15 to 30 answers per item.
    slack = 3 * float(np.std(held)) / math.sqrt(len(held)) + 0.01
    assert np.mean(held) == pytest.approx(0.95, abs=slack)


def test_tie_parameter_is_recovered() -> None:
    rng = np.random.default_rng(12)
    fit = bradley_terry(drawn(rng, rng.normal(0, 1, 10), 20_000, nu=0.5))
    assert fit.tie_interval is not None
    assert fit.tie_log_odds == pytest.approx(math.log(0.5), abs=0.06)
    assert fit.tie_interval.low < math.log(0.5) < fit.tie_interval.high


def test_cannot_decide_is_counted_and_moves_nothing() -> None:
    plain = bradley_terry(comparisons([0, 1], [1, 2], outcomes=[1, 1], n_items=3))
    asked = bradley_terry(comparisons([0, 1, 0, 0], [1, 2, 2, 2], outcomes=[1, 1, 2, 2], n_items=3))
    assert asked.score.tolist() == plain.score.tolist()
    assert asked.undecided.tolist() == [2, 0, 2]
    assert asked.n.tolist() == [1, 2, 1]
    assert asked.component.tolist() == [0, 0, 0]


def test_a_tie_pulls_together_where_cannot_decide_does_not() -> None:
    plain = bradley_terry(comparisons([0, 0], [1, 1], outcomes=[1, 1], n_items=2))
    tied = bradley_terry(comparisons([0] * 4, [1] * 4, outcomes=[1, 1, 0, 0], n_items=2))
    assert 0 < tied.score[0] < plain.score[0]


def test_items_never_compared_stay_at_the_prior_and_are_told_apart() -> None:
    fit = bradley_terry(comparisons([0, 3], [1, 4], outcomes=[1, 1], n_items=6))
    assert fit.component.tolist() == [0, 0, 1, 2, 2, 3]
    assert fit.score[[2, 5]].tolist() == [0, 0]
    # The prior's variance less that of the mean of six.
    assert fit.standard_error[2] == pytest.approx(PRIOR_SD * math.sqrt(5 / 6))


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_or_double_the_prior_moves_what_is_well_known_little_and_keeps_the_order(factor: float) -> None:
    rng = np.random.default_rng(13)
    tally = drawn(rng, np.linspace(-1, 1, 10), 5_000)
    usual, other = bradley_terry(tally), bradley_terry(tally, prior_sd=PRIOR_SD * factor)
    # A thousand answers per item carry an information of about 200, the narrowest prior 4: two percent of a score of 1.
    assert (np.abs(other.score - usual.score) < 0.6 * usual.standard_error).all()
    assert other.order.tolist() == usual.order.tolist()


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_or_double_the_prior_of_ties_matters_only_where_there_is_next_to_nothing(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(14)
    many = drawn(rng, rng.normal(0, 1, 6), 500, nu=0.5)
    usual = bradley_terry(many)
    only_ties = bradley_terry(comparisons([0], [1], outcomes=[0], n_items=2))
    monkeypatch.setattr("throughline_analysis.ranking.fitting.TIE_PRIOR_SD", TIE_PRIOR_SD * factor)
    assert usual.tie_log_odds is not None
    assert bradley_terry(many).tie_log_odds == pytest.approx(usual.tie_log_odds, abs=0.02)
    assert only_ties.tie_log_odds is not None
    # One tie and nothing else: the estimate is mostly prior, and finite.
    assert abs(bradley_terry(comparisons([0], [1], outcomes=[0], n_items=2)).tie_log_odds or 0) < 4


def test_smallest_input_is_one_answer_about_two_items() -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[-1], n_items=2))
    assert fit.score[0] == -fit.score[1] < 0
    assert fit.low[1] < 0 < fit.high[1]
    assert fit.order.tolist() == [1, 0]


def test_an_item_that_always_wins_has_a_finite_score() -> None:
    fit = bradley_terry(comparisons([0], [1], outcomes=[1], n_items=2, counts=[1e6]))
    assert np.isfinite(fit.score).all()
    assert fit.score[0] < 15


def test_chances_follow_the_scores_and_the_interval_maps_the_difference() -> None:
    fit = bradley_terry(of_wins(BASEBALL))
    told = preference(fit, [0, 6], second=[6, 0])
    difference = fit.score[0] - fit.score[6]
    assert told.chance[0] == pytest.approx(1 / (1 + math.exp(-difference)))
    assert told.chance[1] == pytest.approx(1 - told.chance[0])
    assert told.low[0] == pytest.approx(1 - told.high[1])
    assert told.low[0] < told.chance[0] < told.high[0]
    assert told.tie_chance.tolist() == [0, 0]


def test_tie_chance_is_davidsons() -> None:
    fit = bradley_terry(comparisons([0] * 3, [1] * 3, outcomes=[1, 0, -1], n_items=2, counts=[50, 30, 20]))
    told = preference(fit, [0], second=[1])
    # Observed shares, pulled a little by the priors.
    assert told.tie_chance[0] == pytest.approx(0.3, abs=0.01)
    assert told.chance[0] == pytest.approx(50 / 70, abs=0.01)


def test_what_cannot_be_fitted_is_refused() -> None:
    tally = comparisons([0], [1], outcomes=[1], n_items=2)
    with pytest.raises(InputError, match="prior_sd"):
        bradley_terry(tally, prior_sd=0)
    with pytest.raises(InputError, match="level"):
        bradley_terry(tally, level=1.0)
    with pytest.raises(InputError, match="bradley_terry_large"):
        bradley_terry(comparisons([0], [1], outcomes=[1], n_items=MOST_ITEMS_FULL + 1))
    with pytest.raises(NotEnoughData, match="Nobody has preferred"):
        bradley_terry(comparisons([0], [1], outcomes=[2], n_items=2))
    with pytest.raises(InputError, match="items of the fit"):
        preference(bradley_terry(tally), [0], second=[2])


@pytest.mark.parametrize(("prior_sd", "answers"), [(1.0, 1e10), (1e3, 1e6), (1e3, 1e10), (1e-4, 10.0)])
def test_errors_keep_their_digits_where_the_prior_and_the_answers_are_far_apart(
    prior_sd: float, answers: float
) -> None:
    tally = comparisons([0, 1, 2] * 2, [1, 2, 0] * 2, outcomes=[1] * 3 + [-1] * 3, n_items=3, counts=[answers] * 6)
    # Three alike items: a comparison tells a quarter; a contrast has the precision 3 * 2 * answers / 4 and the prior's.
    expected = math.sqrt((2 / 3) / (6 * answers / 4 + prior_sd**-2))
    assert bradley_terry(tally, prior_sd=prior_sd).standard_error == pytest.approx([expected] * 3, rel=1e-6)


@pytest.mark.parametrize("prior_sd", [math.nan, math.inf, 1e-200, 1e160, -1.0])
def test_a_prior_out_of_range_is_refused(prior_sd: float) -> None:
    with pytest.raises(InputError, match="prior_sd"):
        bradley_terry(comparisons([0], [1], outcomes=[1], n_items=2), prior_sd=prior_sd)


def test_scores_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_NEWTON_STEPS", 1)
    with pytest.raises(NotEnoughData, match="did not settle"):
        bradley_terry(of_wins(BASEBALL), prior_sd=NO_PRIOR)


def test_a_precision_that_is_none_is_refused() -> None:
    mode = fitting.Mode(np.zeros(2), None, np.array([[1.0, 5.0], [0.0, -1.0]]), prior_sd=1.0)
    with pytest.raises(NotEnoughData, match="did not settle"):
        _centred_covariance(mode, 2)


def test_pairs_asked_about_must_be_whole_and_of_one_length() -> None:
    fit = bradley_terry(of_wins(BASEBALL))
    with pytest.raises(InputError, match="whole numbers"):
        preference(fit, [0.9], second=[1])
    with pytest.raises(InputError, match="3 items and `second` 2"):
        preference(fit, [0, 1, 2], second=[1, 0])
