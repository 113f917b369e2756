"""Log-rank test: a published trial, lifelines and scipy, no false alarms, and joined times."""

import sys

import numpy as np
import pytest
from lifelines.statistics import multivariate_logrank_test
from scipy.stats import CensoredData
from scipy.stats import logrank as scipy_logrank

from throughline_analysis import NotEnoughData
from throughline_analysis.retention import histories, logrank
from throughline_analysis.retention.logrank import MOST_TIMES
from throughline_analysis.retention.tests.simulated import drawn, raw
from throughline_analysis.retention.tests.test_curves import RELAPSED, REMISSION

# The placebo arm of the same trial; everybody relapsed.
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_remission_trial_gives_the_published_test() -> None:
    """Kleinbaum, Klein, Survival Analysis, ch. 2: 16.79 on one degree of freedom, 19.25 relapses expected."""
    test = logrank(histories([*REMISSION, *PLACEBO], [*RELAPSED, *[1] * 21], groups=[0] * 21 + [1] * 21))
    assert test.statistic == pytest.approx(16.79, abs=5e-3)
    assert test.expected[0] == pytest.approx(19.25, abs=5e-3)
    assert (test.degrees_of_freedom, test.observed.tolist()) == (1, [9, 21])


@pytest.mark.parametrize("rounding", [None, 0.25])
@pytest.mark.parametrize("n_groups", [2, 5])
def test_statistic_and_chance_equal_those_of_lifelines(n_groups: int, rounding: float | None) -> None:
    rng = np.random.default_rng(41)
    duration, left, group, _ = raw(rng, 60 * n_groups, hazards=np.linspace(0.4, 0.8, n_groups), rounding=rounding)
    test = logrank(histories(duration, left, groups=group))
    other = multivariate_logrank_test(duration, group, left)
    assert test.statistic == pytest.approx(other.test_statistic, rel=1e-8)
    assert test.p_value == pytest.approx(other.p_value, rel=1e-6)


def test_two_groups_equal_scipys_test() -> None:
    rng = np.random.default_rng(42)
    duration, left, group, _ = raw(rng, 100, hazards=np.array([0.4, 0.7]))
    test = logrank(histories(duration, left, groups=group))
    one, two = (CensoredData.right_censored(duration[group == g], ~left[group == g]) for g in (0, 1))
    other = scipy_logrank(one, two)
    assert test.statistic == pytest.approx(other.statistic**2, rel=1e-9)
    assert test.p_value == pytest.approx(other.pvalue, rel=1e-9)


def plain_variance(
    duration: np.ndarray, left: np.ndarray, group: np.ndarray, *, entry: np.ndarray, n_groups: int
) -> np.ndarray:
    total = np.zeros((n_groups, n_groups))
    for time in np.unique(duration[left]):
        here = (duration >= time) & (entry < time)
        n, d = here.sum(), (left & (duration == time)).sum()
        share = np.bincount(group[here], minlength=n_groups) / n
        if n > 1:
            total += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    return total


def test_late_entry_follows_the_definition() -> None:
    rng = np.random.default_rng(43)
    duration, left, group, entry = raw(rng, 150, hazards=np.array([0.4, 0.7, 0.5]), rounding=0.125, late_entry=True)
    assert entry is not None
    test = logrank(histories(duration, left, groups=group, entries=entry))
    surplus = (test.observed - test.expected)[:2]
    variance = plain_variance(duration, left, group, entry=entry, n_groups=3)[:2, :2]
    assert test.statistic == pytest.approx(surplus @ np.linalg.solve(variance, surplus), rel=1e-9)


@pytest.mark.parametrize("factor", [0.25, 0.5, 1, 2])
def test_joining_times_hardly_moves_the_statistic(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A twentieth of the limit and of the histories stands for the whole: 200 joined times of 2,000."""
    rng = np.random.default_rng(44)
    watched = drawn(rng, 3_000, hazards=np.array([0.5, 0.55, 0.5, 0.6]))
    exact = logrank(watched).statistic
    assert watched.has_left.sum() < MOST_TIMES
    monkeypatch.setattr(sys.modules[logrank.__module__], "MOST_TIMES", int(200 * factor))
    # The error falls with the square of the number of times; at 4,000 it is a hundred times below this.
    assert logrank(watched).statistic == pytest.approx(exact, rel=2e-3 / factor)


def test_equal_groups_alarm_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(45)
    chances = [logrank(drawn(rng, 300, hazards=np.full(4, 0.7))).p_value for _ in range(300)]
    # Three standard errors of 300 runs.
    assert np.mean(np.array(chances) < 0.1) == pytest.approx(0.1, abs=0.052)


def test_names_of_groups_and_refused_groups_do_not_matter() -> None:
    rng = np.random.default_rng(46)
    duration, left, group, _ = raw(rng, 90, hazards=np.array([0.4, 0.9]))
    test = logrank(histories(duration, left, groups=group))
    renamed = logrank(histories([*duration, 1, 2], [*left, True, True], groups=[*(7 - group), 3, 3]))
    assert renamed.statistic == pytest.approx(test.statistic)
    assert (renamed.group.tolist(), renamed.refused.tolist()) == ([6, 7], [3])


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="there is one"):
        logrank(histories([1, 2, 3, 4, 5], [True] * 5))
    apart = histories([1] * 5 + [9] * 5, [False] * 5 + [True] * 5, groups=[0] * 5 + [1] * 5)
    with pytest.raises(NotEnoughData, match="cannot be compared"):
        logrank(apart)
