"""Chances through the graph: against closed forms, and by what common causes must and must not change."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from throughline_analysis import InputError
from throughline_analysis.forecasting import (
    CommonCause,
    LeafOutlook,
    forecast_endings,
    key_result_histories,
    leaf_outlook,
    simulate_chances,
)
from throughline_analysis.networks import goal_graph, rollup_means

NAN = np.nan
# 20,000 draws: three standard errors of a share are at most 0.011.
DRAWS = 20_000
CLOSE = 0.012


def two_leaves(share: float, *, threshold: float = 0.5) -> tuple[float, float]:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 0.5, 0.5], weights=[3, 1])
    reach = norm.ppf(0.95) * 0.05
    outlook = LeafOutlook([NAN, 0.52, 0.52], [NAN, 0.52 - reach, 0.52 - reach], [NAN, 0.52 + reach, 0.52 + reach], 0.9)
    causes = [CommonCause([-1, 7, 7], share)] if share else []
    result = simulate_chances(
        graph, outlook, causes=causes, rng=np.random.default_rng(1), threshold=threshold, n_draws=DRAWS
    )
    return float(result.chance[0]), float(result.chance_apart[0])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_two_key_results_equal_the_closed_form(share: float) -> None:
    # Far from 0 and 1 nothing is held, so the goal is normal: 0.75 a + 0.25 b with correlation `share`.
    spread = 0.05 * np.sqrt(0.75**2 + 0.25**2 + 2 * 0.75 * 0.25 * share)
    together, apart = two_leaves(share)
    assert together == pytest.approx(1 - norm.cdf((0.5 - 0.52) / spread), abs=CLOSE)
    assert apart == pytest.approx(1 - norm.cdf((0.5 - 0.52) / (0.05 * np.sqrt(0.625))), abs=CLOSE)


def test_common_causes_pull_chances_towards_one_half_and_leave_the_mean() -> None:
    together, apart = two_leaves(0.6)
    assert 0.5 < together < apart
    together, apart = two_leaves(0.6, threshold=0.56)
    assert apart < together < 0.5


def test_two_goals_with_one_cause_meet_their_thresholds_together_as_often_as_a_bivariate_normal_says() -> None:
    # A goal above two goals of one leaf each reaches 1 only when both leaves do.
    graph = goal_graph([0, 0, 1, 2], [1, 2, 3, 4], leaves=[False] * 3 + [True] * 2, progress=[0] * 3 + [0.5] * 2)
    outlook = LeafOutlook([NAN] * 3 + [1.0] * 2, [NAN] * 3 + [0.9] * 2, [NAN] * 3 + [1.1] * 2, 0.9)
    result = simulate_chances(
        graph,
        outlook,
        causes=[CommonCause([0] * 5, 0.5)],
        rng=np.random.default_rng(2),
        threshold=1.0,
        n_draws=DRAWS,
    )
    both = multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]]).cdf([0, 0])
    assert result.nodes.tolist() == [0, 1, 2]
    assert result.chance.tolist() == pytest.approx([both, 0.5, 0.5], abs=CLOSE)
    assert result.chance_apart.tolist() == pytest.approx([0.25, 0.5, 0.5], abs=CLOSE)
    assert ((result.chance_low < result.chance) & (result.chance < result.chance_high)).all()


def test_without_forecasts_everything_is_certain_and_equals_the_roll_up() -> None:
    graph = goal_graph(
        [0, 0, 1, 1], [1, 2, 3, 4], leaves=[False, False, True, True, True], progress=[0, 0, 0.25, 1.2, NAN]
    )
    nothing = np.full(5, NAN)
    result = simulate_chances(graph, LeafOutlook(nothing, nothing, nothing, 0.9), rng=np.random.default_rng(3))
    expected = rollup_means(graph).progress[result.nodes]
    for name in ("mean", "low", "high"):
        assert getattr(result, name).tolist() == pytest.approx(expected.tolist())
    assert result.chance.tolist() == [0.0, 0.0]


def test_a_lopsided_outlook_keeps_its_median_and_both_ends() -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    outlook = LeafOutlook([NAN, 0.4], [NAN, 0.35], [NAN, 0.7], 0.9)
    result = simulate_chances(graph, outlook, rng=np.random.default_rng(4), threshold=0.4, n_draws=DRAWS, nodes=[0])
    assert result.chance[0] == pytest.approx(0.5, abs=CLOSE)
    assert result.low[0] == pytest.approx(0.35, abs=0.005)
    assert result.high[0] == pytest.approx(0.7, abs=0.01)


def test_the_same_generator_gives_the_same_chances_and_inputs_stay() -> None:
    graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 0.4, 0.4])
    median = np.array([NAN, 0.8, 0.8])
    outlook = LeafOutlook(median, [NAN, 0.5, 0.5], [NAN, 1.1, 1.1], 0.9)
    first, again = (simulate_chances(graph, outlook, rng=np.random.default_rng(5), n_draws=200) for _ in range(2))
    assert first.chance.tolist() == again.chance.tolist()
    assert np.array_equal(median, [NAN, 0.8, 0.8], equal_nan=True)
    assert graph.progress[1] == 0.4


@pytest.mark.parametrize(
    ("columns", "cause", "words"),
    [
        (([0.5, 0.5], [0.4, 0.4], [0.6, 0.6]), None, "no leaf"),
        (([NAN, 0.5], [NAN, 0.6], [NAN, 0.7]), None, "upside down"),
        (([NAN, 0.5, 0.5], [NAN, 0.4, 0.5], [NAN, 0.6, 0.5]), None, "one entry per node"),
        (([NAN, 0.5], [NAN, 0.4], [NAN, 0.6]), CommonCause([0], 0.5), "one whole number per node"),
        (([NAN, 0.5], [NAN, 0.4], [NAN, 0.6]), CommonCause([0, 0], 1.0), "below 1"),
    ],
)
def test_what_does_not_fit_is_refused(columns: tuple[list[float], ...], cause: CommonCause | None, words: str) -> None:
    graph = goal_graph([0], [1], leaves=[False, True], progress=[0, 0.5])
    causes = [] if cause is None else [cause]
    with pytest.raises(InputError, match=words):
        simulate_chances(graph, LeafOutlook(*columns, 0.9), causes=causes, rng=np.random.default_rng(6))


def test_causes_that_explain_everything_together_and_goals_with_nothing_below_are_refused() -> None:
    graph = goal_graph([0], [1], leaves=[False, True, False], progress=[0, 0.5, 0])
    outlook = LeafOutlook([NAN, 0.5, NAN], [NAN, 0.4, NAN], [NAN, 0.6, NAN], 0.9)
    half = CommonCause([0, 0, 0], 0.5)
    with pytest.raises(InputError, match="lower a share"):
        simulate_chances(graph, outlook, causes=[half, half], rng=np.random.default_rng(7))
    with pytest.raises(InputError, match="nothing to roll up"):
        simulate_chances(graph, outlook, nodes=[2], rng=np.random.default_rng(7))
    with pytest.raises(InputError, match="row of node numbers"):
        simulate_chances(graph, outlook, nodes=[0.7], rng=np.random.default_rng(7))


def two_key_results(**terms: object) -> tuple[object, object]:
    histories = key_result_histories(
        [0] * 4 + [2] * 4,
        [0.0, 20.0, 40.0, 60.0] * 2,
        values=[0.0, 10.0, 20.0, 30.0, 12.0, 11.0, 10.0, 9.0],
        starts=[0] * 3,
        ends=[90] * 3,
        baselines=[0, 0, 12],
        targets=[60, 1, 2],
        **terms,
    )
    return histories, forecast_endings(histories)


def test_an_outlook_is_the_forecast_as_progress_also_where_less_is_better() -> None:
    histories, forecast = two_key_results()
    outlook = leaf_outlook(forecast, histories, nodes=[3, 1, 2], n_nodes=4)
    assert np.isnan(outlook.median[[0, 1]]).all()
    assert outlook.median[[3, 2]] == pytest.approx((forecast.median - [0, 12]) / [60, -10])
    assert outlook.low[2] == pytest.approx((forecast.high[1] - 12) / -10)
    assert (outlook.low[[2, 3]] < outlook.high[[2, 3]]).all()
    graph = goal_graph([0] * 3, [1, 2, 3], leaves=[False] + [True] * 3, progress=[0, NAN, 0.3, 0.5])
    chances = simulate_chances(graph, outlook, rng=np.random.default_rng(8), threshold=0.4, nodes=[3], n_draws=DRAWS)
    # The chance of half the way is that of the two halves of a normal through low, median and high.
    assert chances.chance[0] == pytest.approx(norm.cdf((outlook.median[3] - 0.4) / two_halves(outlook, 3)), abs=CLOSE)


def two_halves(outlook: LeafOutlook, node: int) -> float:
    return float((outlook.median[node] - outlook.low[node]) / norm.ppf(0.95))


def test_outlooks_that_cannot_be_are_refused() -> None:
    histories, forecast = two_key_results()
    for nodes, words in (([0, 1], "per key result"), ([0, 1, 1], "each node once"), ([0, 1, 9], "from 0 to 3")):
        with pytest.raises(InputError, match=words):
            leaf_outlook(forecast, histories, nodes=nodes, n_nodes=4)
    histories, forecast = two_key_results(is_band=[False, False, True])
    with pytest.raises(InputError, match="within a band"):
        leaf_outlook(forecast, histories, nodes=[0, 1, 2], n_nodes=4)
