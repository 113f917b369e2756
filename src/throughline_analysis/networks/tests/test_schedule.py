"""Schedules: a textbook network, networkx's longest path, closed forms for two parallel steps, and refusals."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import GoalCycle, critical_path, three_point_draws, uncertain_critical_path

NETWORKS = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 9).map(float), min_size=n, max_size=n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1]), max_size=12
        )
        if n > 1
        else st.just([]),
    )
)


def test_a_published_network() -> None:
    # Hillier and Lieberman, Introduction to Operations Research, Reliable Construction Co.: steps A to N, 44 weeks,
    # critical path A-B-C-E-F-J-L-N, slacks as in their table.
    names = "ABCDEFGHIJKLMN"
    weeks = [2, 4, 10, 6, 4, 5, 7, 9, 7, 8, 4, 5, 2, 6]
    waits = ["AB", "BC", "CD", "CE", "CI", "EF", "DG", "EH", "FJ", "GH", "IJ", "JK", "JL", "HM", "KN", "LN"]
    before, after = ([names.index(pair[side]) for pair in waits] for side in (0, 1))
    plan = critical_path(weeks, before, after)
    assert plan.duration == 44
    assert "".join(names[step] for step in plan.path) == "ABCEFJLN"
    slack = dict(zip(names, plan.slack.tolist(), strict=True))
    assert slack == {**dict.fromkeys("ABCEFJLN", 0), "D": 4, "G": 4, "H": 4, "M": 4, "I": 2, "K": 1}


@given(NETWORKS)
def test_duration_and_slack_equal_longest_paths_by_networkx(network: tuple[list[float], list[tuple[int, int]]]) -> None:
    durations, pairs = network
    plan = critical_path(durations, [a for a, _ in pairs], [b for _, b in pairs])
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(durations)))
    graph.add_edges_from(pairs)

    def longest(nodes: nx.DiGraph, step: int, ahead: bool) -> float:
        others = nx.descendants(nodes, step) if ahead else nx.ancestors(nodes, step)
        ways = [
            nx.all_simple_paths(nodes, step, other) if ahead else nx.all_simple_paths(nodes, other, step)
            for other in others
        ]
        return max([sum(durations[node] for node in way) for some in ways for way in some] + [durations[step]])

    through = [
        longest(graph, step, True) + longest(graph, step, False) - durations[step] for step in range(len(durations))
    ]
    assert plan.duration == max(through)
    assert plan.slack.tolist() == pytest.approx([max(through) - one for one in through])
    assert sum(durations[step] for step in plan.path) == plan.duration
    assert plan.is_critical[list(plan.path)].all()
    assert ((plan.free_slack >= 0) & (plan.free_slack <= plan.slack + 1e-9)).all()
    assert plan.latest_start.tolist() == pytest.approx((plan.earliest_start + plan.slack).tolist())


def test_criticality_of_two_parallel_exponential_steps_is_the_closed_form() -> None:
    rng = np.random.default_rng(1)
    draws = np.column_stack([rng.exponential(1, 20_000), rng.exponential(2, 20_000), np.full(20_000, 3.0)])
    plan = uncertain_critical_path(draws, [0, 1], [2, 2], deadline=6)
    # The larger of two exponentials: means 1 + 2 - 2/3, and the second is larger with 2/3. Four standard errors.
    assert plan.criticality.tolist() == pytest.approx([1 / 3, 2 / 3, 1], abs=0.014)
    assert plan.mean == pytest.approx(3 + 1 + 2 - 2 / 3, abs=0.06)
    assert plan.certain_duration == pytest.approx(5, abs=0.06)
    assert plan.chance_in_time == pytest.approx((1 - np.exp(-3)) * (1 - np.exp(-1.5)), abs=0.014)
    assert plan.influence[2] == 0
    assert plan.influence[1] > plan.influence[0] > 0
    assert (plan.criticality_low <= plan.criticality).all()
    assert (plan.criticality <= plan.criticality_high).all()


def test_certain_durations_give_the_plain_schedule() -> None:
    durations = [3.0, 2, 5, 1]
    plan = critical_path(durations, [0, 0, 1, 2], [1, 2, 3, 3])
    sure = uncertain_critical_path(np.tile(durations, (100, 1)), [0, 0, 1, 2], [1, 2, 3, 3])
    assert sure.mean == sure.interval.low == sure.interval.high == sure.certain_duration == plan.duration
    assert sure.criticality.tolist() == plan.is_critical.astype(float).tolist()
    assert sure.mean_slack.tolist() == plan.slack.tolist()
    assert sure.chance_in_time is None


def test_three_point_draws_have_the_published_mean_and_stay_in_their_range() -> None:
    rng = np.random.default_rng(2)
    low, likely, high = np.array([1.0, 4, 2, 5]), np.array([2.0, 5, 2, 5]), np.array([9.0, 6, 8, 5])
    draws = three_point_draws(low, likely, pessimistic=high, n_draws=40_000, rng=rng)
    # Four standard errors of a mean with a standard deviation of a sixth to a fifth of the range.
    np.testing.assert_allclose(draws.mean(axis=0), (low + 4 * likely + high) / 6, atol=0.035)
    assert (draws >= low).all()
    assert (draws <= high).all()
    assert (draws[:, 3] == 5).all()


def test_durations_that_hang_together_spread_the_whole() -> None:
    def width(share: float) -> float:
        rng = np.random.default_rng(3)
        draws = three_point_draws([1] * 6, [2] * 6, pessimistic=[6] * 6, n_draws=4000, rng=rng, common_share_0_1=share)
        plan = uncertain_critical_path(draws, range(5), range(1, 6))
        return plan.interval.high - plan.interval.low

    assert width(0.0) < width(0.3) < width(0.6)


def test_the_smallest_plan_works_and_inputs_stay() -> None:
    durations = np.array([2.0])
    plan = critical_path(durations, [], [])
    assert (plan.duration, plan.path, plan.is_critical.tolist()) == (2.0, (0,), [True])
    assert durations.tolist() == [2.0]
    nothing = critical_path([0.0, 0.0], [0], [1])
    assert nothing.duration == 0


def test_a_last_step_that_takes_no_time_ends_the_chain() -> None:
    plan = critical_path([3.0, 2.0, 0.0, 0.0], [0, 0, 2], [1, 2, 3])
    assert plan.path == (0, 1)
    done = critical_path([3.0, 2.0, 0.0, 0.0], [0, 1, 2], [1, 2, 3])
    assert done.path == (0, 1, 2, 3)


def test_a_long_chain_is_scheduled_without_searching_all_dependencies_at_every_step() -> None:
    n = 3_000
    plan = critical_path(np.ones(n), np.arange(n - 1), np.arange(1, n))
    assert plan.path == tuple(range(n))
    assert plan.duration == n


def test_slack_has_an_interval_over_the_courses() -> None:
    rng = np.random.default_rng(4)
    draws = np.column_stack([np.full(20_000, 10.0), rng.uniform(0, 10, 20_000)])
    plan = uncertain_critical_path(draws, [], [])
    # The second step's room is what it leaves of ten: uniform, so its middle nine tenths run from 0.5 to 9.5.
    assert plan.slack_low.tolist() == pytest.approx([0.0, 0.5], abs=0.05)
    assert plan.slack_high.tolist() == pytest.approx([0.0, 9.5], abs=0.05)
    assert plan.mean_slack[1] == pytest.approx(5, abs=0.08)
    with pytest.raises(InputError, match="deadline is missing"):
        uncertain_critical_path(draws, [], [], deadline=np.nan)


def test_circles_and_wrong_numbers_are_refused() -> None:
    with pytest.raises(GoalCycle, match="Steps wait for each other in a circle: 0 -> 1 -> 2 -> 0") as caught:
        critical_path([1, 1, 1], [0, 1, 2], [1, 2, 0])
    assert caught.value.nodes == (0, 1, 2)
    for durations, before, words in (
        ([], [], "at least one"),
        ([-1.0], [], "from 0 on"),
        ([1.0], [3], "outside 0 to 0"),
    ):
        with pytest.raises(InputError, match=words):
            critical_path(durations, before, before)
    with pytest.raises(InputError, match="at least 100"):
        uncertain_critical_path(np.ones((99, 2)), [], [])
    with pytest.raises(InputError, match="out of order"):
        three_point_draws([3], [2], pessimistic=[4], n_draws=5, rng=np.random.default_rng(1))
