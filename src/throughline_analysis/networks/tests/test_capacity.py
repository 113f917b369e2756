"""Capacity: against a count moment by moment, and by what must hold for any demands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.networks import capacity_contention

DEMANDS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 8), st.integers(1, 5), st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.5])),
    max_size=14,
)
ROUNDING = 1e-9


@given(DEMANDS, st.lists(st.sampled_from([0.0, 0.6, 1.0, 3.0]), min_size=3, max_size=3))
def test_every_stretch_equals_a_count_moment_by_moment(
    demands: list[tuple[int, int, int, float]], capacity: list[float]
) -> None:
    resources = [demand[0] for demand in demands]
    begins = [demand[1] for demand in demands]
    ends = [demand[1] + demand[2] for demand in demands]
    amounts = [demand[3] for demand in demands]
    result = capacity_contention(resources, begins, ends, amounts=amounts, capacity=capacity)
    load = np.zeros((3, 14))
    for number, begin, length, amount in demands:
        load[number, begin : begin + length] += amount
    excess = np.maximum(load - np.array(capacity)[:, None], 0)
    excess[excess < ROUNDING] = 0
    assert result.peak.tolist() == pytest.approx(load.max(axis=1).tolist(), abs=ROUNDING)
    assert result.overload.tolist() == pytest.approx(excess.sum(axis=1).tolist(), abs=1e-6)
    seen = np.zeros_like(excess)
    for row, number in enumerate(result.resource.tolist()):
        begin, end = int(result.begin[row]), int(result.end[row])
        assert seen[number, begin:end].sum() == 0
        seen[number, begin:end] = result.excess[row]
        at_work = result.demands[result.firsts[row] : result.firsts[row + 1]].tolist()
        assert at_work == [
            which
            for which, demand in enumerate(demands)
            if demand[0] == number and begins[which] <= begin < ends[which]
        ]
        assert sum(amounts[which] for which in at_work) == pytest.approx(result.load[row], abs=ROUNDING)
    np.testing.assert_allclose(seen, excess, atol=1e-6)


def test_demands_that_only_touch_do_not_collide_and_full_use_is_no_contention() -> None:
    result = capacity_contention([0, 0], [0, 5], [5, 10], amounts=[1.0, 1.0], capacity=[1.0])
    assert len(result.resource) == 0
    assert result.utilisation_0_1.tolist() == [1.0]
    assert result.firsts.tolist() == [0]


def test_demands_on_no_capacity_use_infinitely_much_of_it() -> None:
    result = capacity_contention([0], [0], [5], amounts=[1.0], capacity=[0.0, 0.0])
    assert result.utilisation_0_1.tolist() == [np.inf, 0.0]
    assert result.excess.tolist() == [1.0]


@given(DEMANDS, st.sampled_from([1e-9, 1e9]))
def test_the_unit_of_amounts_does_not_matter(demands: list[tuple[int, int, int, float]], unit: float) -> None:
    def stretches(factor: float) -> list[tuple[int, float, float]]:
        result = capacity_contention(
            [demand[0] for demand in demands],
            [demand[1] for demand in demands],
            [demand[1] + demand[2] for demand in demands],
            amounts=[demand[3] * factor for demand in demands],
            capacity=[0.6 * factor, 0.0, 1.0 * factor],
        )
        return list(zip(result.resource.tolist(), result.begin.tolist(), result.end.tolist(), strict=True))

    assert stretches(unit) == stretches(1.0)


def test_nothing_promised_is_an_answer_and_inputs_stay() -> None:
    result = capacity_contention([], [], [], amounts=[], capacity=[1.0, 0.0])
    assert result.peak.tolist() == [0.0, 0.0]
    assert result.utilisation_0_1.tolist() == [0.0, 0.0]
    begins = np.array([3.0, 1.0])
    capacity_contention([0, 0], begins, [5, 4], amounts=[1, 1], capacity=[1])
    assert begins.tolist() == [3.0, 1.0]


def test_a_hundred_thousand_tenths_leave_no_rounding_behind() -> None:
    n = 100_000
    begins = np.arange(n) % 97
    result = capacity_contention(
        np.arange(n) % 10, begins, begins + 3, amounts=np.full(n, 0.1), capacity=np.full(10, 1e6)
    )
    assert len(result.resource) == 0
    assert result.peak.max() == pytest.approx(result.peak.min(), rel=0.01)


@pytest.mark.parametrize(
    ("resources", "ends", "terms", "words"),
    [
        ([0], [0], {}, "end after it begins"),
        ([1], [5], {}, "outside 0 to 0"),
        ([0], [5], {"amounts": [-1.0]}, "from 0 on"),
        ([0], [5], {"capacity": [np.nan]}, "from 0 on"),
        ([0, 0], [5], {}, "one resource, begin"),
        ([0.5], [5], {}, "whole numbers"),
    ],
)
def test_wrong_demands_are_refused(
    resources: list[float], ends: list[float], terms: dict[str, list[float]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        capacity_contention(resources, [0.0], ends, **{"amounts": [1.0], "capacity": [1.0], **terms})
