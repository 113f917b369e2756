"""Method of equal shares: the published example, exact fractions, who pays, and whom it must not leave out."""

import itertools
import math
import sys
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.ranking import cost_utilities, equal_shares
from throughline_analysis.ranking.equal_shares import RAISE_PART, Completion

approvals_and_costs = st.integers(2, 5).flatmap(
    lambda n_projects: st.tuples(
        st.lists(st.lists(st.booleans(), min_size=n_projects, max_size=n_projects), min_size=2, max_size=6),
        st.lists(st.integers(1, 6), min_size=n_projects, max_size=n_projects),
        st.integers(3, 14),
    )
)


def test_a_minority_of_49_percent_gets_its_part_as_published() -> None:
    """The example by which the rule is explained everywhere: ten red, ten blue, money for ten: five and five."""
    likes = np.zeros((100, 20), dtype=bool)
    likes[:51, :10] = likes[51:, 10:] = True
    result = equal_shares(likes, np.full(20, 10.0), budget=100, tie_order=range(20))
    red = sum(project < 10 for project in result.selected)
    assert (red, len(result.selected)) == (5, 10)


def with_fractions(gain: list[list[int]], cost: list[int], budget: int) -> tuple[list[int], list[list[Fraction]]]:
    """The rule written out with exact numbers; ties by total utility, then cost, then number."""
    voters = range(len(gain))
    money = [Fraction(budget, len(gain))] * len(gain)
    bought: list[int] = []
    paid: list[list[Fraction]] = []
    while True:
        offers = []
        for project in range(len(cost)):
            group = [voter for voter in voters if gain[voter][project]]
            if project in bought or sum(money[voter] for voter in group) < cost[project] or not group:
                continue
            # The price is the least at which all that is offered adds up; it lies where one more voter is spent out.
            group.sort(key=lambda voter: money[voter] / gain[voter][project])
            left = Fraction(cost[project])
            for place, voter in enumerate(group):
                rest = sum(gain[other][project] for other in group[place:])
                if left / rest <= money[voter] / gain[voter][project]:
                    total = sum(gain[other][project] for other in voters)
                    offers.append((left / rest, -total, cost[project], project))
                    break
                left -= money[voter]
        if not offers:
            return bought, paid
        price, _, _, project = min(offers)
        own = [min(money[voter], price * gain[voter][project]) for voter in voters]
        money = [before - now for before, now in zip(money, own, strict=True)]
        bought.append(project)
        paid.append(own)


@given(approvals_and_costs, st.booleans())
def test_purchases_and_payments_are_those_of_exact_fractions(case: tuple, by_cost: bool) -> None:
    likes, costs, budget = case
    gain = cost_utilities(likes, costs) if by_cost else np.array(likes, dtype=float)
    result = equal_shares(gain, costs, budget=budget, completion="none", tie_order=range(len(costs)))
    bought, paid = with_fractions(gain.astype(int).tolist(), costs, budget)
    assert list(result.selected) == bought
    np.testing.assert_allclose(
        result.payments.T, np.array(paid, dtype=float).reshape(len(bought), len(gain)), atol=1e-9
    )


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=5), st.integers(3, 14))
def test_graded_utilities_follow_the_fractions_too(gain: list[list[int]], budget: int) -> None:
    costs = [2, 3, 3, 5]
    result = equal_shares(gain, costs, budget=budget, completion="none", tie_order=range(4))
    assert list(result.selected) == with_fractions(gain, costs, budget)[0]


@given(approvals_and_costs, st.sampled_from(["none", "utilitarian", "add_one"]))
def test_everybody_pays_within_their_share_and_only_for_what_they_like(case: tuple, completion: Completion) -> None:
    likes, costs, budget = case
    gain = cost_utilities(likes, costs)
    result = equal_shares(gain, costs, budget=budget, completion=completion, tie_order=range(len(costs)))
    assert result.spent <= budget
    assert len(set(result.selected)) == len(result.selected)
    # Binary money: one part in a thousand million.
    assert (result.payments.sum(axis=1) <= result.share * (1 + 1e-9)).all()
    assert (result.payments[gain[:, list(result.selected)] == 0] == 0).all()
    paid = [project for project in result.selected if project not in result.completed]
    np.testing.assert_allclose(result.payments.sum(axis=0)[: len(paid)], np.array(costs)[paid], rtol=1e-8)
    assert (np.diff(result.effectiveness[: len(paid)]) <= 1e-9).all()


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=3, max_size=6),
    st.integers(1, 4),
    st.sampled_from(["none", "utilitarian", "add_one"]),
)
def test_extended_justified_representation_holds_with_equal_costs(
    likes: list, seats: int, completion: Completion
) -> None:
    """Every group: if it is l/seats of all and agrees on l projects, somebody in it has l of theirs (all groups)."""
    approved = np.array(likes)
    result = equal_shares(approved, np.ones(5), budget=seats, completion=completion, tie_order=range(5))
    has = approved[:, list(result.selected)].sum(axis=1)
    n = len(likes)
    for size in range(1, n + 1):
        for group in itertools.combinations(range(n), size):
            agreed = approved[list(group)].all(axis=0).sum()
            deserved = min(int(agreed), size * seats // n)
            assert has[list(group)].max() >= deserved


@settings(max_examples=60)
@given(approvals_and_costs, st.sampled_from(["none", "utilitarian", "add_one"]))
def test_with_costs_every_group_is_served_up_to_one_project(case: tuple, completion: Completion) -> None:
    """EJR up to one (Peters, Pierczynski, Skowron 2021): some member, with one project more, has what was deserved."""
    likes, costs, budget = case
    approved, price = np.array(likes), np.array(costs)
    gain = cost_utilities(approved, price)
    result = equal_shares(gain, costs, budget=budget, completion=completion, tie_order=range(len(costs)))
    funded = set(result.selected)
    worth = gain[:, list(funded)].sum(axis=1)
    n = len(likes)
    for size in range(1, n + 1):
        for group in itertools.combinations(range(n), size):
            common = np.flatnonzero(approved[list(group)].all(axis=0)).tolist()
            for many in range(1, len(common) + 1):
                for wanted in itertools.combinations(common, many):
                    if price[list(wanted)].sum() * n > size * budget or set(wanted) <= funded:
                        continue
                    more = max(price[project] for project in wanted if project not in funded)
                    assert (worth[list(group)] + more > price[list(wanted)].sum() - 1e-9).any()


@given(approvals_and_costs, st.permutations(range(6)))
def test_order_of_voters_does_not_matter(case: tuple, order: list[int]) -> None:
    likes, costs, budget = case
    turned = [likes[place] for place in order if place < len(likes)]
    one, two = (
        equal_shares(cost_utilities(rows, costs), costs, budget=budget, tie_order=range(len(costs)))
        for rows in (likes, turned)
    )
    assert one.selected == two.selected


@given(approvals_and_costs)
def test_another_unit_of_money_and_of_utility_changes_nothing(case: tuple) -> None:
    likes, costs, budget = case
    gain = cost_utilities(likes, costs)
    one = equal_shares(gain, costs, budget=budget, tie_order=range(len(costs)))
    two = equal_shares(gain * 3, np.array(costs) * 100, budget=budget * 100, tie_order=range(len(costs)))
    assert one.selected == two.selected


@given(approvals_and_costs)
def test_completion_leaves_nothing_that_fits_and_somebody_wants(case: tuple) -> None:
    likes, costs, budget = case
    completions: tuple[Completion, ...] = ("utilitarian", "add_one")
    for completion in completions:
        result = equal_shares(likes, costs, budget=budget, completion=completion, tie_order=range(len(costs)))
        wanted = np.array(likes).any(axis=0)
        outside = [one for one in range(len(costs)) if wanted[one] and one not in result.selected]
        assert all(costs[one] > budget - result.spent for one in outside)


def test_completion_by_raising_spends_what_plain_shares_leave() -> None:
    likes = [[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]]
    costs = [60, 60, 60]
    plain = equal_shares(likes, costs, budget=100, completion="none", tie_order=[0, 1, 2])
    raised = equal_shares(likes, costs, budget=120, tie_order=[0, 1, 2])
    assert plain.selected == ()
    # Shares of 30 make 60 together; the first and the last do not share a voter.
    assert sorted(raised.selected) == [0, 2]


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_or_double_the_raise_keeps_what_is_funded(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(81)
    same = []
    for _ in range(20):
        likes, costs = rng.random((30, 8)) < 0.3, rng.integers(5, 30, 8)
        gain = cost_utilities(likes, costs)
        monkeypatch.undo()
        usual = equal_shares(gain, costs, budget=60, tie_order=range(8))
        monkeypatch.setattr(sys.modules[equal_shares.__module__], "RAISE_PART", RAISE_PART * factor)
        other = equal_shares(gain, costs, budget=60, tie_order=range(8))
        same.append(set(usual.selected) == set(other.selected))
    # A finer or coarser raise stops at another share now and then, where an overshoot lies in between.
    assert np.mean(same) >= 0.8


def test_equal_projects_need_a_lot_and_the_cheaper_does_not() -> None:
    with pytest.raises(NotEnoughData, match="0, 1 are tied in every respect"):
        equal_shares([[1, 1]], [2, 2], budget=2)
    result = equal_shares([[1, 1]], [2, 2], budget=2, tie_order=[1, 0])
    assert (result.selected, result.had_lot) == ((1,), True)
    by_cost = equal_shares(cost_utilities([[1, 1]], [1, 2]), [1, 2], budget=2)
    assert (by_cost.selected, by_cost.had_lot) == ((1,), False)


def test_smallest_input_and_nothing_affordable() -> None:
    assert equal_shares([[1]], [1], budget=1).selected == (0,)
    nothing = equal_shares([[1]], [2], budget=1)
    assert (nothing.selected, nothing.spent, nothing.payments.shape) == ((), 0, (1, 0))


def test_inputs_stay_unchanged_and_wrong_input_is_refused() -> None:
    gain, costs = np.array([[1.0, 0], [0, 2]]), np.array([1.0, 1])
    equal_shares(gain, costs, budget=2)
    assert (gain.tolist(), costs.tolist()) == ([[1, 0], [0, 2]], [1, 1])
    for changed, words in (
        ({"utilities": [[1.0]]}, "one cost a project"),
        ({"utilities": [[-1.0, 0]]}, "not negative"),
        ({"costs": [0, 1]}, "above zero"),
        ({"budget": 0}, "above zero"),
        ({"completion": "all"}, "completion"),
        ({"tie_order": [0]}, "once"),
    ):
        with pytest.raises(InputError, match=words):
            equal_shares(**{"utilities": gain, "costs": costs, "budget": 2, **changed})
    with pytest.raises(NotEnoughData, match="nobody"):
        equal_shares(np.zeros((0, 2)), costs, budget=2)
    with pytest.raises(InputError, match="one cost a project"):
        cost_utilities([[True]], [1, 2])


@pytest.mark.parametrize("order", [[2, 1, 0], (2, 1, 0), range(2, -1, -1), np.array([2, 1, 0])])
def test_the_order_drawn_by_lot_may_be_any_sequence(order: Sequence[int]) -> None:
    assert equal_shares(np.ones((3, 3)), np.ones(3), budget=1, tie_order=order).selected == (2,)


@pytest.mark.parametrize(
    ("order", "words"),
    [([0.0, 1.2, 2], "whole numbers"), (["a", "b", "c"], "whole numbers"), ([0, 1], "each of the 3")],
)
def test_an_order_that_is_none_is_refused(order: list[object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        equal_shares(np.ones((3, 3)), np.ones(3), budget=1, tie_order=order)


@pytest.mark.parametrize("answer", [math.nan, 2, -1])
def test_an_approval_that_is_missing_or_no_approval_is_refused(answer: float) -> None:
    # Read as true or false, each of these would be a yes.
    with pytest.raises(InputError, match="True or False"):
        cost_utilities([[answer, 1], [0, 1]], [1, 2])
