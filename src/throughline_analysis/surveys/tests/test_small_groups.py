"""Shares and means of small groups: published intervals, exact coverage, finite populations, properties."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import mean_interval, share_intervals, small_groups

# Shares of five options: from even to as lopsided as surveys get.
SHAPES = (
    (0.1, 0.2, 0.4, 0.2, 0.1),
    (0.05, 0.1, 0.15, 0.4, 0.3),
    (0.02, 0.03, 0.05, 0.2, 0.7),
    (0.02, 0.0, 0.0, 0.0, 0.98),
    (0.4, 0.05, 0.1, 0.05, 0.4),
    (0.0, 0.0, 0.0, 0.1, 0.9),
)


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_intervals_that_newcombe_printed(yes: int, n: int, low: float, high: float) -> None:
    # Newcombe (1998), table I, score method, four digits.
    result = share_intervals(yes, n)
    assert (result.low[0], result.high[0]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(min_value=5, max_value=60), st.data())
def test_without_a_population_it_is_the_wilson_interval_of_scipy(n: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(min_value=0, max_value=n))
    expected = stats.binomtest(yes, n).proportion_ci(0.9, method="wilson")
    result = share_intervals([yes], [n], level=0.9)
    assert (result.low[0], result.high[0]) == (
        pytest.approx(expected.low, abs=1e-12),
        pytest.approx(expected.high, abs=1e-12),
    )


@given(st.integers(min_value=5, max_value=40), st.integers(min_value=0, max_value=40), st.data())
def test_intervals_hold_the_share_stay_possible_and_shrink_with_the_population(
    n: int, rest: int, data: st.DataObject
) -> None:
    yes = data.draw(st.integers(min_value=0, max_value=n))
    small = share_intervals(yes, n, population=n + rest)
    large = share_intervals(yes, n, population=n + rest + 1)
    endless = share_intervals(yes, n)
    assert yes / (n + rest) <= small.low[0] <= yes / n + 1e-12
    assert yes / n - 1e-12 <= small.high[0] <= (yes + rest) / (n + rest)
    for narrow, wide in ((small, large), (large, endless)):
        assert narrow.high[0] - narrow.low[0] <= wide.high[0] - wide.low[0] + 1e-12


def test_yes_and_no_mirror_each_other() -> None:
    yes, no = share_intervals([3, 7], [9, 9], population=20), share_intervals([6, 2], [9, 9], population=20)
    assert yes.low == pytest.approx(1 - no.high, abs=1e-12)


def test_a_full_count_has_no_interval_left() -> None:
    result = share_intervals([3, 0, 8], [8, 8, 8], population=8)
    assert result.low.tolist() == result.share.tolist() == result.high.tolist() == [0.375, 0.0, 1.0]


@pytest.mark.parametrize(("population", "n"), [(12, 9), (40, 15), (200, 30)])
def test_coverage_in_finite_groups_by_going_through_every_sample(population: int, n: int) -> None:
    covered = []
    for truly_yes in range(population + 1):
        chance = stats.hypergeom(population, truly_yes, n).pmf(np.arange(n + 1))
        result = share_intervals(np.arange(n + 1), n, population=population)
        share = truly_yes / population
        covered.append(chance[(result.low <= share + 1e-12) & (share <= result.high + 1e-12)].sum())
    # Wilson's mean coverage is close to 95 %, in tiny groups above; single shares near 0 and 1 fall below.
    assert 0.945 <= np.mean(covered) <= 0.99
    assert min(covered) > 0.80


def test_kolmogorov_limits_are_the_published_ones() -> None:
    # Miller (1956), JASA 51:111-121: one-sided 2.5 % point for n = 10 is 0.40925.
    assert special.smirnovi(10, 0.025) == pytest.approx(0.40925, abs=5e-6)


@given(st.lists(st.integers(min_value=1, max_value=5), min_size=5, max_size=25))
def test_bounded_intervals_equal_the_integral_of_the_shifted_distribution_function(answers: list[int]) -> None:
    column, n = np.array(answers, dtype=float), len(answers)
    slack = special.smirnovi(n, 0.025)
    result = mean_interval(column, lowest=1, highest=5, method="bounded").interval

    def lower_function(x: float) -> float:
        return max(float((column <= x).mean()) - slack, 0.0)

    def upper_function(x: float) -> float:
        return min(float((column <= x).mean()) + slack, 1.0)

    # The functions step at whole numbers; integrate from step to step.
    pieces = [(a, a + 1) for a in range(1, 5)]
    high = 5 - sum(integrate.quad(lower_function, a, b - 1e-12)[0] for a, b in pieces)
    low = 5 - sum(integrate.quad(upper_function, a, b - 1e-12)[0] for a, b in pieces)
    assert (result.low, result.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


@given(st.lists(st.integers(min_value=1, max_value=5), min_size=5, max_size=25))
def test_students_interval_is_that_of_scipy_cut_to_the_scale(answers: list[int]) -> None:
    if len(set(answers)) == 1:
        return
    expected = stats.t.interval(0.95, len(answers) - 1, np.mean(answers), stats.sem(answers))
    result = mean_interval(answers, lowest=1, highest=5, method="t").interval
    assert (result.low, result.high) == (
        pytest.approx(max(expected[0], 1.0), abs=1e-9),
        pytest.approx(min(expected[1], 5.0), abs=1e-9),
    )


def coverage(shape: tuple[float, ...], n: int, *, added: float, runs: int = 4000) -> tuple[float, float]:
    """How often the interval from n people holds the truth, and its mean width, without the cut to the scale."""
    share, option = np.array(shape), np.arange(1, 6)
    rng = np.random.default_rng(n)
    counts = rng.multinomial(n, share, size=runs)
    size = n + 2 * added
    mean = (counts @ option + added * 6) / size
    variance = ((counts @ option**2 + added * 26) / size - mean**2) / size
    if added == 0:
        variance *= n / (n - 1)
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(variance)
    return float((np.abs(mean - share @ option) <= half + 1e-12).mean()), float(2 * half.mean())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [5, 10, 20, 50, 200])
def test_adjusted_intervals_cover_what_they_say_for_every_shape_and_size(shape: tuple[float, ...], n: int) -> None:
    # The standard error in 4,000 runs is 0.35 points.
    assert coverage(shape, n, added=small_groups.ADDED_ANSWERS)[0] >= 0.94


def test_half_an_added_answer_is_too_few_and_two_cost_width() -> None:
    worst = {added: min(coverage(shape, 100, added=added)[0] for shape in SHAPES) for added in (0.0, 0.5, 1.0, 2.0)}
    width = {added: coverage(SHAPES[1], 10, added=added)[1] for added in (0.0, 1.0, 2.0)}
    assert small_groups.ADDED_ANSWERS == 1.0
    # With 98 % at one end, a hundred people: nobody at the other end in one of seven samples.
    assert worst[0.0] < 0.90
    assert worst[0.5] < 0.90
    assert worst[1.0] >= 0.94
    assert worst[2.0] >= 0.93
    assert width[0.0] < width[1.0] < width[2.0]
    assert width[1.0] < 1.1 * width[0.0]
    assert width[2.0] > 1.1 * width[0.0]


def test_the_function_uses_exactly_the_formula_whose_coverage_is_shown() -> None:
    answers = np.array([4, 5, 4, 3, 5, 5, 4.0])
    result = mean_interval(answers, lowest=1, highest=5).interval
    padded = np.append(answers, [1.0, 5.0])
    half = stats.t.ppf(0.975, 6) * np.sqrt(padded.var() / 9)
    assert result.low == pytest.approx(padded.mean() - half, abs=1e-12)


@pytest.mark.parametrize("shape", [SHAPES[1], SHAPES[2]])
def test_adjusted_intervals_hold_the_mean_of_finite_groups(shape: tuple[float, ...]) -> None:
    rng, hits = np.random.default_rng(8), []
    for _ in range(600):
        everybody = rng.choice(5, size=14, p=shape) + 1.0
        result = mean_interval(everybody[:9], lowest=1, highest=5, population=14).interval
        hits.append(result.low - 1e-12 <= everybody.mean() <= result.high + 1e-12)
    # Standard error just below one point.
    assert np.mean(hits) >= 0.93


def test_what_the_silent_can_still_change_bounds_the_interval_and_nobody_silent_ends_it() -> None:
    answers = [5, 5, 4, 5, 5, 5]
    one = mean_interval(answers, lowest=1, highest=5, population=7).interval
    assert one.low >= (29 + 1) / 7 - 1e-12
    assert one.high <= (29 + 5) / 7 + 1e-12
    full = mean_interval(answers, lowest=1, highest=5, population=6)
    assert full.interval.low == full.interval.high == pytest.approx(29 / 6)
    assert full.standard_error == 0.0


@given(st.lists(st.integers(min_value=1, max_value=5), min_size=5, max_size=30))
def test_mirroring_the_scale_mirrors_every_interval(answers: list[int]) -> None:
    for method in ("adjusted t", "bounded"):
        plain = mean_interval(answers, lowest=1, highest=5, method=method)
        mirrored = mean_interval([6 - answer for answer in answers], lowest=1, highest=5, method=method)
        assert mirrored.interval.low == pytest.approx(6 - plain.interval.high, abs=1e-9)


def test_smallest_legal_input_missing_answers_and_unchanged_input() -> None:
    answers = np.array([1.0, 2, 3, 4, 5, np.nan])
    result = mean_interval(answers, lowest=1, highest=5)
    assert (result.n, result.mean) == (5, 3.0)
    assert np.isnan(answers[5])
    assert share_intervals(5, 5).high.tolist() == [1.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: share_intervals(6, 5), "More people said yes"),
        (lambda: share_intervals(3, 9, population=8), "More people said yes"),
        (lambda: share_intervals(-1, 9), "whole numbers"),
        (lambda: share_intervals(1.5, 9), "whole numbers"),
        (lambda: mean_interval([1] * 6, lowest=1, highest=5, population=5), "6 people answered"),
        (lambda: mean_interval([1] * 6, lowest=1, highest=5, method="z"), "not a method"),
        (lambda: mean_interval([[1] * 6], lowest=1, highest=5), "one number for each"),
        (lambda: mean_interval([6] * 6, lowest=1, highest=5), "outside the scale"),
    ],
)
def test_contradictions_are_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_too_few_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="4 people answered"):
        share_intervals(2, 4)
    with pytest.raises(NotEnoughData, match="4 people answered"):
        mean_interval([1, 2, 3, 4], lowest=1, highest=5)
    with pytest.raises(NotEnoughData, match="All answers are the same"):
        mean_interval([4] * 6, lowest=1, highest=5, method="t")


def test_equal_answers_that_no_float_holds_exactly_have_no_students_interval_either() -> None:
    with pytest.raises(NotEnoughData, match="All answers are the same"):
        mean_interval([0.1] * 6, lowest=0, highest=1, method="t")


@pytest.mark.parametrize("population", [np.nan, np.inf, 6.5])
def test_a_population_that_is_no_number_of_people_is_refused(population: float) -> None:
    with pytest.raises(InputError, match="whole numbers"):
        mean_interval([1, 2, 3, 4, 5], lowest=1, highest=5, population=population)
    with pytest.raises(InputError, match="whole numbers"):
        share_intervals(3, 6, population=population)


def test_counts_of_different_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="one shape"):
        share_intervals([3, 4], [6, 7, 8])
