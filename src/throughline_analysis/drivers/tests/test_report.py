"""The report: known answers, coverage, refusals, missing answers, weights and teams."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.drivers import (
    CAUTION,
    DriverReport,
    johnson_weights,
    key_drivers,
    least_sample,
    lmg_shares,
    resampling,
)
from throughline_analysis.drivers import reading as reading_module
from throughline_analysis.drivers.importance import johnson_shares
from throughline_analysis.drivers.moments import Moments, moments_of, moments_of_units, records_of, unit_sums
from throughline_analysis.drivers.report import kendall_tau

CSPS = Path(__file__).resolve().parents[5] / "shared" / "data" / "people-survey-csps"
EFFECTS = np.array([0.5, 0.3, 0.15, 0.0])


def population() -> np.ndarray:
    """Correlations of four predictors (0.3 with each other) and an outcome with `EFFECTS` and noise of one."""
    covariance = np.full((5, 5), 0.3)
    np.fill_diagonal(covariance, 1.0)
    covariance[4, :4] = covariance[:4, 4] = covariance[:4, :4] @ EFFECTS
    covariance[4, 4] = EFFECTS @ covariance[:4, :4] @ EFFECTS + 1
    scale = np.sqrt(np.diag(covariance))
    return covariance / np.outer(scale, scale)


def answers(seed: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 5)) @ np.linalg.cholesky(population()).T


def report_of(data: np.ndarray, **options: Any) -> DriverReport:
    options.setdefault("n_resamples", 200)
    return key_drivers(data[:, :-1], data[:, -1], rng=np.random.default_rng(11), **options)


def test_the_estimates_are_those_of_the_two_methods_on_the_sample() -> None:
    data = answers(1, 300)
    report = report_of(data)
    correlations = np.corrcoef(data.T)
    assert report.johnson.importance == pytest.approx(johnson_weights(correlations).importance, abs=1e-10)
    assert report.lmg is not None
    assert report.lmg.importance == pytest.approx(lmg_shares(correlations).importance, abs=1e-10)
    assert report.correlation == pytest.approx(correlations[:4, 4], abs=1e-10)
    expected = np.linalg.solve(correlations[:4, :4], correlations[:4, 4])
    assert report.coefficient == pytest.approx(expected, abs=1e-9)


def test_a_large_sample_recovers_the_division_in_the_population() -> None:
    report = report_of(answers(2, 40_000))
    assert report.lmg is not None
    # Standard errors are below 0.003 at this size; four of them.
    assert report.lmg.importance == pytest.approx(lmg_shares(population()).importance, abs=0.012)
    assert report.johnson.importance == pytest.approx(johnson_weights(population()).importance, abs=0.012)
    assert report.lmg.rank.tolist() == [1, 2, 3, 4]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = lmg_shares(population()).importance
    hits = []
    for seed in range(60):
        report = report_of(answers(100 + seed, 250))
        assert report.lmg is not None
        hits.append((report.lmg.importance_low <= truth) & (truth <= report.lmg.importance_high))
    # 240 intervals of 95 %, four and four dependent: two hundred resamples cost about one point, and the standard
    # error of the mean of 60 samples is below two points.
    assert 0.89 <= np.mean(hits) <= 0.99


def test_an_unrelated_predictor_is_seldom_above_noise_and_a_strong_one_always() -> None:
    false, strong = 0, 0
    for seed in range(60):
        rng = np.random.default_rng(500 + seed)
        data = rng.normal(size=(200, 4))
        data[:, 3] += 0.6 * data[:, 0]
        found = report_of(data).is_above_noise
        strong += bool(found[0])
        false += bool(found[1] or found[2])
    assert strong == 60
    # At most five per cent are aimed at; more than nine of sixty would have a chance below one in a thousand.
    assert false <= 9


def test_the_minimum_is_greens_rule() -> None:
    assert [least_sample(p) for p in (1, 5, 7, 8, 20)] == [105, 109, 111, 114, 210]
    for wrong in (0, 2.5):
        with pytest.raises(InputError, match="at least one"):
            least_sample(wrong)


def first_is_named_first(n: int) -> float:
    """How often a sample of n people names the truly most important of the four first, in 2,000 samples."""
    drawn = np.random.default_rng(77).normal(size=(2_000, n, 5)) @ np.linalg.cholesky(population()).T
    drawn -= drawn.mean(axis=1, keepdims=True)
    covariances = drawn.transpose(0, 2, 1) @ drawn / n
    moments = Moments(means=np.zeros((2_000, 5)), covariances=covariances)
    return float((johnson_shares(moments.correlations).argmax(axis=1) == 0).mean())


def test_half_the_minimum_names_the_wrong_first_clearly_more_often_and_double_less_often() -> None:
    least = least_sample(4)
    half, one, double = (first_is_named_first(n) for n in (least // 2, least, 2 * least))
    # Effects of 0.5 and 0.3; standard errors are below 0.01.
    assert half < one - 0.05
    assert one < double - 0.03
    assert one > 0.85


def test_one_person_below_the_minimum_is_refused_and_the_minimum_is_taken() -> None:
    least = least_sample(4)
    with pytest.raises(NotEnoughData, match=f"need at least {least}"):
        report_of(answers(3, least - 1))
    assert report_of(answers(3, least)).n_people == least


def test_smallest_legal_number_of_predictors_works() -> None:
    data = answers(4, 105)[:, [0, 4]]
    report = report_of(data)
    assert report.lmg is not None
    assert report.lmg.share_0_1.tolist() == [1.0]
    assert report.agreement is not None
    assert report.agreement.kendall_tau == 1.0


def test_the_same_generator_gives_the_same_report_and_the_input_is_unchanged() -> None:
    data = answers(5, 150)
    before = data.copy()
    left, right = report_of(data), report_of(data)
    assert np.array_equal(data, before)
    assert np.array_equal(left.johnson.importance_low, right.johnson.importance_low)
    assert left.r_squared_interval == right.r_squared_interval


def test_units_of_measurement_do_not_matter() -> None:
    data = answers(6, 150)
    left, right = report_of(data), report_of(data * [10, 0.1, -3, 1, 7] + [0, 5, 2, -1, 100])
    assert right.johnson.importance == pytest.approx(left.johnson.importance, abs=1e-9)
    assert right.johnson.importance_high == pytest.approx(left.johnson.importance_high, abs=1e-9)


def test_doubling_every_weight_changes_nothing_and_uneven_weights_lower_the_effective_number() -> None:
    data = answers(7, 200)
    rng = np.random.default_rng(7)
    weights = rng.uniform(0.5, 2, 200)
    left, right = report_of(data, weights=weights), report_of(data, weights=2 * weights)
    assert right.johnson.importance == pytest.approx(left.johnson.importance, abs=1e-12)
    assert left.n_effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert left.n_effective < 200


def test_weights_so_uneven_that_few_people_count_are_refused() -> None:
    weights = np.ones(200)
    weights[:3] = 500
    with pytest.raises(NotEnoughData, match="so uneven"):
        report_of(answers(8, 200), weights=weights)


def test_teams_that_think_alike_make_intervals_wider() -> None:
    rng = np.random.default_rng(31)
    team = np.repeat(np.arange(40), 10)
    shared = rng.normal(size=(40, 5))[team]
    data = answers(9, 400) * 0.6 + shared @ np.linalg.cholesky(population()).T
    alone = report_of(data, n_resamples=400)
    whole = report_of(data, n_resamples=400, teams=[f"team {number}" for number in team])
    width = np.mean(alone.johnson.importance_high - alone.johnson.importance_low)
    wider = np.mean(whole.johnson.importance_high - whole.johnson.importance_low)
    assert whole.n_units == 40
    assert wider > 1.3 * width


def test_bunches_of_people_leave_estimates_alone_and_intervals_as_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    data = answers(20, 3000)
    single = report_of(data, n_resamples=2000).johnson
    width = single.importance_high - single.importance_low
    for bunches in (500, 250, 1000):
        monkeypatch.setattr(resampling, "MOST_BUNCHES", bunches)
        bunched = report_of(data, n_resamples=2000).johnson
        assert np.array_equal(bunched.importance, single.importance)
        # 1 / sqrt(2 * bunches) is 4.5 % at 250, and ends of 2,000 resamples are known to some 4 %.
        assert bunched.importance_high - bunched.importance_low == pytest.approx(width, rel=0.18)


def test_resamples_of_units_have_the_moments_of_the_repeated_rows() -> None:
    data = answers(21, 60)
    records, weights = records_of(data), np.random.default_rng(0).uniform(0.5, 2, 60)
    units = np.arange(60) // 3
    counts = resampling.drawn_counts(20, 4, rng=np.random.default_rng(1))
    by_unit = moments_of_units(unit_sums(records, weights, units), counts)
    by_row = moments_of(records, counts[:, units] * weights)
    assert by_unit.covariances == pytest.approx(by_row.covariances, abs=1e-12)
    assert by_unit.means == pytest.approx(by_row.means, abs=1e-12)


def test_few_teams_are_refused_and_the_limit_is_the_named_one() -> None:
    data = answers(10, 200)
    with pytest.raises(NotEnoughData, match="at least 20"):
        report_of(data, teams=np.arange(200) % 19)
    assert report_of(data, teams=np.arange(200) % reading_module.LEAST_TEAMS).n_units == 20


def test_missing_answers_use_everybody_or_only_the_complete() -> None:
    data = answers(12, 400)
    data[np.random.default_rng(1).random(data.shape) < 0.06] = np.nan
    complete = ~np.isnan(data).any(axis=1)
    by_em, by_complete = report_of(data), report_of(data, missing="complete")
    assert by_em.n_people == 400 - int(np.isnan(data).all(axis=1).sum())
    assert by_complete.n_people == by_complete.n_complete == by_em.n_complete == complete.sum()
    expected = johnson_weights(np.corrcoef(data[complete].T)).importance
    assert by_complete.johnson.importance == pytest.approx(expected, abs=1e-9)
    # The two differ by less than the sampling error of the quarter that is left out.
    assert by_em.johnson.importance == pytest.approx(expected, abs=0.04)


def test_a_pair_of_questions_few_people_answered_is_named() -> None:
    data = answers(13, 220)
    data[:110, 1] = np.nan
    data[110:, 2] = np.nan
    with pytest.raises(NotEnoughData, match="0 people answered predictor 1 and predictor 2"):
        report_of(data)


def test_above_25_predictors_only_johnson_is_reported_and_said_so() -> None:
    rng = np.random.default_rng(2)
    data = rng.normal(size=(300, 27))
    data[:, 26] += data[:, 0]
    report = report_of(data)
    assert report.lmg is None
    assert report.agreement is None
    assert report.method == "Johnson's relative weights"
    assert report.johnson.rank[0] == 1


def test_agreement_is_one_where_both_orders_are_equal_and_reported_with_an_interval() -> None:
    report = report_of(answers(14, 2000))
    assert report.agreement is not None
    assert report.agreement.kendall_tau == 1.0
    assert report.agreement.interval.low <= 1.0
    assert report.agreement.same_first
    assert report.agreement.largest_difference_0_1 < 0.03


def test_kendalls_tau_is_that_of_scipy() -> None:
    from scipy.stats import kendalltau

    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(2, 20, 7))
    for index in range(20):
        expected = kendalltau(left[index], right[index]).statistic
        assert kendall_tau(left, right)[index] == pytest.approx(expected, abs=1e-12)


def test_one_year_of_organisations_is_too_few_for_nine_themes_and_three_years_tell_the_first_and_the_last() -> None:
    if not CSPS.is_dir():
        pytest.skip("needs people-survey-csps in ../shared/data")
    years = {year: organisations(year) for year in (2017, 2018, 2019)}
    with pytest.raises(NotEnoughData, match="at least 122"):
        report_of(years[2019][0])
    table = np.concatenate([years[year][0] for year in years])
    codes = np.concatenate([years[year][1] for year in years])
    report = report_of(table, teams=codes)
    assert report.lmg is not None
    assert report.lmg.rank.argmin() == 8
    assert report.lmg.rank.argmax() == 7
    assert report.n_units < report.n_people / 2


def organisations(year: int) -> tuple[np.ndarray, np.ndarray]:
    """Nine theme scores and the engagement index of each organisation in one year, and its code."""
    with (CSPS / f"{year}-all-organisations.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in list(csv.reader(lines))[1:] if not row[2].startswith(("CIVILSERVICE", "CS_"))]
    table = [[float(cell.rstrip("%")) for cell in (*row[5:14], row[4])] for row in rows]
    return np.array(table), np.array([row[2].removesuffix("0000") for row in rows])


def test_every_report_says_it_is_association() -> None:
    assert report_of(answers(15, 150)).caution == CAUTION
    assert CAUTION.startswith("This is association, not causation")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": 1.0}, "between 0 and 1"),
        ({"n_resamples": 199}, "at least 200"),
        ({"missing": "mean"}, "not a way"),
        ({"weights": np.zeros(150)}, "above zero"),
        ({"weights": np.ones(149)}, "one for each person"),
        ({"teams": np.zeros(3)}, "one entry for each person"),
        ({"teams": np.r_[np.arange(149.0), np.nan]}, "for everybody"),
        ({"teams": ["a"] * 149 + [None]}, "for everybody"),
        ({"teams": np.array(["a", 1] * 75, dtype=object)}, "one kind"),
        ({"weights": ["heavy"] * 150}, "must be numbers"),
    ],
)
def test_options_out_of_range_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        report_of(answers(16, 150), **change)


def test_a_column_that_never_varies_infinite_answers_and_wrong_shapes_are_refused() -> None:
    rng = np.random.default_rng(0)
    data = answers(17, 150)
    flat, endless = data.copy(), data.copy()
    flat[:, 2] = 3.0
    endless[0, 0] = np.inf
    with pytest.raises(InputError, match="same answer to predictor 2"):
        report_of(flat)
    with pytest.raises(InputError, match="infinite"):
        report_of(endless)
    with pytest.raises(InputError, match="table of people by questions"):
        key_drivers(data[:, 0], data[:, 1], rng=rng)
