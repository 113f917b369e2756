"""Which groups differ from the rest, and which changed, by more than noise."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.surveys.answers import FloatArray, answer_column, labels, require_range
from throughline_analysis.surveys.multiplicity import Correction
from throughline_analysis.surveys.small_groups import LEAST_PEOPLE
from throughline_analysis.surveys.welch import Comparison, Differences, GroupSums, common_variance, compared, group_sums


def differences_from_rest(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    lowest: float,
    highest: float,
    correction: Correction = "benjamini-hochberg",
    level: float = 0.95,
    least_difference: float = 0.0,
) -> Differences:
    """Which groups' means differ from everybody else's by more than noise.

    Parameters
    ----------
    values : (n_people,) of float in [lowest, highest], nan for no answer
        Answers, scores, or 0 and 1 for shares.
    groups : (n_people,) of hashable
        Group of each person.
    lowest, highest : float
        Of the scale.
    correction : {"benjamini-hochberg", "holm"}
        For the number of groups; see `adjust_p_values`.
    level : float in (0, 1)
        Of the test and of the intervals.
    least_difference : float, at least 0
        A difference smaller than this is not reported even where it is above noise.

    Returns
    -------
    Differences
        One entry a group with at least five answers; `reported` for what to show.

    Raises
    ------
    InputError
        Shapes differ, an answer outside the scale, or an option out of range.
    NotEnoughData
        Fewer than two groups have five answers.

    Notes
    -----
    Welch's t, with a group's variance never taken to be less than its mixture with the variance within all groups
    (which counts for 16 degrees of freedom, as in a moderated t), so that a team that happens to answer alike does not
    look certain. Simulated with five options and no difference anywhere, plain Welch reports something in 5 to 99 % of
    surveys, depending on how lopsided answers are and how small teams; this in at most 6 %, save 11 % where groups of
    ten stand beside hundreds and 98 % give one answer, and some 15 % where teams of five differ only in how divided
    they are. Under "benjamini-hochberg" intervals have the level that keeps the share of wrong ones among those
    reported (Benjamini and Yekutieli); under "holm" Bonferroni's. "Everybody else" includes people in groups too small
    to be compared, and the other groups that differ. Groups differ for many reasons; none is shown here. Cost
    O(n_people log n_people).

    Source
    ------
    Welch (1947), Biometrika 34:28-35, doi:10.1093/biomet/34.1-2.28; moderated variances by Smyth (2004), Statistical
    Applications in Genetics and Molecular Biology 3(1):3, doi:10.2202/1544-6115.1027; Benjamini and Yekutieli (2005),
    JASA 100:71-81, doi:10.1198/016214504000001907.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> answers, team = rng.integers(2, 5, 60).astype(float), np.repeat(["a", "b", "c"], 20)
    >>> answers[team == "b"] += 1
    >>> result = differences_from_rest(answers, team, lowest=1, highest=5)
    >>> result.groups[result.reported].tolist(), result.difference[result.reported].round(1).tolist()
    (['b', 'c'], [1.2, -0.8])
    """
    how = Comparison((lowest, highest), correction=correction, level=level, least_difference=least_difference)
    column, group = _given(values, groups, (lowest, highest))
    all_names, all_number = np.unique(group, return_inverse=True)
    sums = group_sums(column - how.middle, all_number, n_groups=len(all_names))
    kept = sums.n >= LEAST_PEOPLE
    rest = GroupSums(*(part.sum() - part for part in (sums.n, sums.total, sums.square)))
    if kept.sum() < 2:
        raise NotEnoughData(f"Fewer than two groups have {LEAST_PEOPLE} answers, so there is nothing to compare.")
    kept &= rest.n >= LEAST_PEOPLE
    return compared(
        all_names[kept],
        (sums.of(kept), rest.of(kept)),
        how,
        common=common_variance(sums, how.ends),
        n_left_out=int((~kept).sum()),
    )


def changes(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    *,
    lowest: float,
    highest: float,
    correction: Correction = "benjamini-hochberg",
    level: float = 0.95,
    least_difference: float = 0.0,
) -> Differences:
    """Which groups' means changed between two rounds by more than noise.

    Parameters
    ----------
    before, after : ((n_people,) of float, (n_people,) of hashable)
        Values and groups of each round, as for `differences_from_rest`; numbers of people may differ.
    lowest, highest, correction, level, least_difference
        As for `differences_from_rest`.

    Returns
    -------
    Differences
        `difference` is after less before, for groups with at least five answers in both rounds.

    Raises
    ------
    InputError
        As for `differences_from_rest`.
    NotEnoughData
        No group has five answers in both rounds.

    Notes
    -----
    Rounds are anonymous, so the two are compared as if different people answered. Where the same people answered, the
    real noise is smaller, and what is reported here stands all the more. Cost O(n_people log n_people).

    Source
    ------
    As for `differences_from_rest`.

    Examples
    --------
    >>> team = ["a"] * 8 + ["b"] * 8
    >>> before = [2, 2, 3, 1, 2, 2, 1, 3, 3, 4, 3, 2, 3, 4, 2, 3]
    >>> after = [4, 5, 4, 4, 5, 4, 5, 4, 3, 3, 4, 3, 2, 4, 3, 3]
    >>> result = changes((before, team), (after, team), lowest=1, highest=5)
    >>> result.difference.tolist(), result.is_above_noise.tolist()
    ([2.375, 0.125], [True, False])
    """
    how = Comparison((lowest, highest), correction=correction, level=level, least_difference=least_difference)
    sides = [_given(*side, (lowest, highest)) for side in (before, after)]
    try:
        names = np.unique(np.concatenate([side[1] for side in sides]))
    except (TypeError, ValueError) as error:
        raise InputError("The groups of the two rounds are of different kinds; label them alike.") from error
    earlier, later = (
        group_sums(column - how.middle, np.searchsorted(names, group), n_groups=len(names)) for column, group in sides
    )
    kept = (earlier.n >= LEAST_PEOPLE) & (later.n >= LEAST_PEOPLE)
    if not kept.any():
        raise NotEnoughData(f"No group has {LEAST_PEOPLE} answers in both rounds.")
    both = GroupSums(
        n=np.append(earlier.n, later.n),
        total=np.append(earlier.total, later.total),
        square=np.append(earlier.square, later.square),
    )
    return compared(
        names[kept],
        (later.of(kept), earlier.of(kept)),
        how,
        common=common_variance(both, how.ends),
        n_left_out=int((~kept).sum()),
    )


def _given(values: ArrayLike, groups: ArrayLike, ends: tuple[float, float]) -> tuple[FloatArray, NDArray[np.generic]]:
    column = answer_column(values, name="Values")
    group = labels(groups, len(column), name="Groups")
    require_range(column, ends[0], highest=ends[1])
    is_given = ~np.isnan(column)
    return column[is_given], group[is_given]
