"""Welch's comparison of many groups from their sums, with small variances drawn to that within all groups."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import check_level
from throughline_analysis.surveys.answers import FloatArray, IndexArray
from throughline_analysis.surveys.multiplicity import Correction, adjust_p_values

# Degrees of freedom that the variance within all groups counts for in each single group. With few, teams that happen
# to answer alike are reported by chance; see the simulations in the tests.
PRIOR_FREEDOM = 16
# Imagined answers half a scale from the mean of their group, so that no comparison is ever without noise: one at each
# end, as `small_groups.ADDED_ANSWERS`. They count where all are of one mind and not elsewhere; tests halve and double.
IMAGINED_ANSWERS = 2


@dataclass(frozen=True, eq=False)
class Differences:
    """Differences of group means, groups in ascending order of label; all arrays (n_groups,).

    `difference` is the group less its counterpart, in the unit of the answers; `low` and `high` hold for all groups
    named by `is_above_noise` together. `noise_limit` is the smallest difference that could have been told from noise
    with these numbers of people. Show only what `reported` holds; a difference below the noise is no finding, and no
    proof of sameness either. `n_groups_left_out` had too few people.
    """

    groups: NDArray[np.generic]
    mean: FloatArray
    other_mean: FloatArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    p_adjusted: FloatArray
    is_above_noise: NDArray[np.bool_]
    noise_limit: FloatArray
    n_people: IndexArray
    n_other: IndexArray
    n_groups_left_out: int
    least_difference: float
    level: float
    correction: str
    method: str

    @property
    def reported(self) -> IndexArray:
        """Positions of the groups that differ by more than noise, largest difference first."""
        found = np.flatnonzero(self.is_above_noise)
        return np.asarray(found[np.argsort(-np.abs(self.difference[found]), kind="stable")])


@dataclass(frozen=True)
class Comparison:
    """How to compare: the ends of the scale and what counts as a finding. Checked when made."""

    ends: tuple[float, float]
    correction: Correction
    level: float
    least_difference: float

    @property
    def middle(self) -> float:
        """Of the scale: what is taken off every answer, so that squares keep their digits on a scale far from zero."""
        return (self.ends[0] + self.ends[1]) / 2

    def __post_init__(self) -> None:
        """Refuse options out of range before any work is done."""
        check_level(self.level)
        if self.correction not in get_args(Correction):
            raise InputError(f'{self.correction!r} is not a correction; choose "holm" or "benjamini-hochberg".')
        if not (np.isfinite(self.least_difference) and self.least_difference >= 0):
            raise InputError("The least difference to report must be zero or more.")


@dataclass(frozen=True, eq=False)
class GroupSums:
    """Numbers of answers, their sums and sums of squares (n_groups,)."""

    n: FloatArray
    total: FloatArray
    square: FloatArray

    def of(self, kept: NDArray[np.bool_]) -> "GroupSums":
        """Only the groups kept."""
        return GroupSums(n=self.n[kept], total=self.total[kept], square=self.square[kept])

    @property
    def mean(self) -> FloatArray:
        """Mean of each group."""
        return self.total / self.n

    @property
    def within(self) -> FloatArray:
        """Sum of squares around the mean of each group."""
        return np.asarray(np.maximum(self.square - self.n * self.mean**2, 0.0))


@dataclass(frozen=True, eq=False)
class Spread:
    """Variance of single answers to be used for each group, and its degrees of freedom (n_groups,)."""

    variance: FloatArray
    freedom: FloatArray


def common_variance(groups: GroupSums, ends: tuple[float, float]) -> float:
    """Variance within all groups, with `IMAGINED_ANSWERS`."""
    has_any = groups.n > 0
    far = ((ends[1] - ends[0]) / 2) ** 2
    freedom = float((groups.n[has_any] - 1).sum()) + IMAGINED_ANSWERS
    return (float(groups.within[has_any].sum()) + IMAGINED_ANSWERS * far) / freedom


def spread_of(side: GroupSums, common: float) -> Spread:
    """Each group's own variance, or its mixture with the common one where that is larger."""
    own = side.within / (side.n - 1)
    mixed = (side.within + PRIOR_FREEDOM * common) / (side.n - 1 + PRIOR_FREEDOM)
    return Spread(
        variance=np.maximum(own, mixed),
        freedom=np.where(own > mixed, side.n - 1, side.n - 1 + PRIOR_FREEDOM),
    )


def group_sums(column: FloatArray, number: IndexArray, *, n_groups: int) -> GroupSums:
    """Sums of each group; groups are numbered from 0. Squares keep their digits where `column` is near zero."""
    return GroupSums(
        n=np.bincount(number, minlength=n_groups).astype(np.float64),
        total=np.asarray(np.bincount(number, column, minlength=n_groups), dtype=np.float64),
        square=np.asarray(np.bincount(number, column**2, minlength=n_groups), dtype=np.float64),
    )


def compared(
    names: NDArray[np.generic],
    sides: tuple[GroupSums, GroupSums],
    how: Comparison,
    *,
    common: float,
    n_left_out: int,
) -> Differences:
    """Each group of the first side less the one beside it in the second; `common` of `common_variance`."""
    from scipy.special import stdtr, stdtrit

    plain, other = sides
    spreads = [spread_of(side, common) for side in sides]
    parts = [spread.variance / side.n for spread, side in zip(spreads, sides, strict=True)]
    error = np.sqrt(parts[0] + parts[1])
    freedom = error**4 / (parts[0] ** 2 / spreads[0].freedom + parts[1] ** 2 / spreads[1].freedom)
    difference = plain.mean - other.mean
    p_values = 2 * stdtr(freedom, -np.abs(difference) / error)
    adjusted = adjust_p_values(np.minimum(p_values, 1.0), correction=how.correction, level=how.level)
    is_found = adjusted.is_below & (np.abs(difference) >= how.least_difference)
    n_allowed = max(int(is_found.sum()), 1) if how.correction == "benjamini-hochberg" else 1
    tail = (1 - how.level) * n_allowed / len(names) / 2
    half = np.asarray(-stdtrit(freedom, tail) * error, dtype=np.float64)
    return Differences(
        groups=names,
        mean=plain.mean + how.middle,
        other_mean=other.mean + how.middle,
        difference=difference,
        low=difference - half,
        high=difference + half,
        p_adjusted=adjusted.adjusted,
        is_above_noise=is_found,
        noise_limit=half,
        n_people=plain.n.astype(np.intp),
        n_other=other.n.astype(np.intp),
        n_groups_left_out=n_left_out,
        least_difference=how.least_difference,
        level=how.level,
        correction=adjusted.method,
        method="Welch's t, small variances moderated",
    )
