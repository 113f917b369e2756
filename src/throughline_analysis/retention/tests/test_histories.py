"""Histories are checked, sorted once, and small groups are refused."""

import math

import numpy as np
import pytest

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.retention import histories, survival_curves
from throughline_analysis.retention.histories import SMALLEST_GROUP


def test_small_groups_are_refused_and_named() -> None:
    group = [0] * 5 + [2] * 4 + [3] * 6
    watched = histories(np.arange(1, 16), [True] * 15, groups=group)
    assert (watched.shown.tolist(), watched.refused.tolist(), watched.people.tolist()) == ([0, 3], [2], [5, 6])
    assert survival_curves(watched).group.tolist() == [0, 3]
    stricter = histories(np.arange(1, 16), [True] * 15, groups=group, smallest_group=6)
    assert stricter.shown.tolist() == [3]


def test_the_floor_cannot_be_lowered() -> None:
    with pytest.raises(InputError, match="begin at 5"):
        histories([1.0] * 9, [True] * 9, smallest_group=SMALLEST_GROUP - 1)


def test_four_people_alone_are_too_few() -> None:
    with pytest.raises(NotEnoughData, match="fewer than 5"):
        histories([1, 2, 3, 4], [True] * 4)
    assert histories([1, 2, 3, 4, 5], [True] * 5).n == 5


def test_order_by_group_has_ascending_durations_for_few_and_for_many_groups() -> None:
    rng = np.random.default_rng(1)
    for scale in (1, 40_000):
        group = rng.integers(0, 3, 60) * scale
        watched = histories(rng.random(60) + 0.1, rng.random(60) < 0.5, groups=group)
        inside = watched.duration[watched.by_group]
        for one in (0, scale, 2 * scale):
            part = inside[watched.bounds[one] : watched.bounds[one + 1]]
            assert len(part) == (group == one).sum()
            assert (np.diff(part) >= 0).all()


def test_inputs_stay_unchanged() -> None:
    duration, left, group = np.array([3.0, 1, 2, 5, 4]), np.array([1, 0, 1, 0, 1]), np.zeros(5, dtype=int)
    watched = histories(duration, left, groups=group, entries=[0, 0.5, 0, 1, 0])
    watched.duration[:] = 0
    assert (duration.tolist(), left.tolist()) == ([3, 1, 2, 5, 4], [1, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"durations": [1.0] * 4}, "one length"),
        ({"durations": [1, 2, 3, 4, 0]}, "History 4 was watched for no time"),
        ({"durations": [1, 2, 3, 4, math.nan]}, "finite"),
        ({"entries": [0, 0, 3, 0, 0]}, "History 2 was watched for no time"),
        ({"entries": [0, 0, -1, 0, 0]}, "not negative"),
        ({"has_left": [0, 1, 2, 0, 1]}, "True or False"),
        ({"has_left": [0.5] * 5}, "True or False"),
        ({"groups": [0.0] * 5}, "whole numbers"),
        ({"groups": [-1] * 5}, "whole numbers"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(changed: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        histories(**{"durations": [1, 2, 3, 4, 5], "has_left": [True] * 5, **changed})


def test_nobody_at_all_is_too_little() -> None:
    with pytest.raises(NotEnoughData, match="no histories"):
        histories([], [])


def test_a_personnel_number_given_as_a_group_is_refused_before_memory_is_asked_for() -> None:
    with pytest.raises(InputError, match="number the groups from 0"):
        histories([1, 2, 3, 4, 5], [True] * 5, groups=[10**12] * 5)


def test_durations_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="must be numbers"):
        histories(["long"], [True])
