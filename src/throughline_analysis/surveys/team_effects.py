"""How far answers depend on the team: ICC(1) and ICC(2) with intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.surveys.answers import FloatArray, IndexArray, answer_column, labels

# With fewer the variance between teams rests on three degrees of freedom or less: its 95 % interval spans a factor of
# over forty.
LEAST_TEAMS = 5


@dataclass(frozen=True)
class TeamEffects:
    """`icc1`: share of the variance that lies between teams, which is also the likeness of two members of one team.

    `icc2`: how reliably teams of the average size are told apart by their means. Both may be below zero, which means
    that members differ more than strangers would. `team_size` is the average that belongs to unequal teams;
    `f_value` with `f_p` tests whether teams differ at all.
    """

    icc1: float
    icc1_interval: Interval
    icc2: float
    icc2_interval: Interval
    team_size: float
    f_value: float
    f_p: float
    n_people: int
    n_teams: int
    n_teams_left_out: int
    method: str


def team_effects(values: ArrayLike, teams: ArrayLike, *, level: float = 0.95) -> TeamEffects:
    """ICC(1) and ICC(2): how much of an answer is the team's, and how reliable team means are.

    Parameters
    ----------
    values : (n_people,) of float, nan for no answer
        An item or a scale score.
    teams : (n_people,) of hashable
        Team of each person. Teams of one person are left out.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    TeamEffects
        `icc1`, `icc2` with intervals, the test of any difference, and numbers.

    Raises
    ------
    InputError
        Shapes differ, a team is missing, or the level is out of range.
    NotEnoughData
        Fewer than five teams of two people, nobody differs from a team mate, or all team means are equal.

    Notes
    -----
    One-way analysis of variance with random teams: icc1 = (B - W) / (B + (k - 1) W), icc2 = (B - W) / B, with the
    mean squares between (B) and within teams (W) and the average size k = (N - sum of n² / N) / (teams - 1). The
    intervals are exact for normal answers and equal teams; for unequal ones they use the variance of unweighted team
    means and the harmonic mean size, which is close unless sizes differ by more than some tenfold; ends of icc2 below
    zero are those of the harmonic mean size. A high icc1 does
    not mean that members of a team agree, but that they agree more than with others; see `within_team_agreement`.
    Cost O(n_people).

    Source
    ------
    Shrout and Fleiss (1979), Psychological Bulletin 86:420-428, doi:10.1037/0033-2909.86.2.420; unequal teams by
    Thomas and Hultquist (1978), Interval estimation for the unbalanced case of the one-way random effects model, Annals
    of Statistics 6:582-587; the names ICC(1) and
    ICC(2) by Bliese (2000), in Klein and Kozlowski (eds), pp. 349-381.

    Examples
    --------
    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> result = team_effects(np.ravel(ratings), np.repeat(range(6), 4))
    >>> round(result.icc1, 2), round(result.icc1_interval.low, 2), round(result.icc1_interval.high, 2)
    (0.17, -0.13, 0.72)
    """
    check_level(level)
    column = answer_column(values, name="Values")
    team = labels(teams, len(column), name="Teams")
    is_given = ~np.isnan(column)
    names, number, counts = np.unique(team[is_given], return_inverse=True, return_counts=True)
    is_kept = counts[number] >= 2
    n_alone = int((counts < 2).sum())
    column, number = column[is_given][is_kept], np.unique(number[is_kept], return_inverse=True)[1]
    n_teams, n_people = len(names) - n_alone, len(column)
    if n_teams < LEAST_TEAMS:
        raise NotEnoughData(f"{n_teams} teams have two people who answered; team effects need at least {LEAST_TEAMS}.")
    sizes = np.bincount(number)
    means = np.bincount(number, column) / sizes
    within = float(((column - means[number]) ** 2).sum()) / (n_people - n_teams)
    if within <= 1e-14 * float(column.var()) or column.var() == 0:
        raise NotEnoughData("Nobody differs from a team mate, so the likeness within teams has no estimate.")
    between = float((sizes * (means - column.mean()) ** 2).sum()) / (n_teams - 1)
    if between <= 1e-12 * within:
        raise NotEnoughData("All team means are the same, so how reliably they differ has no estimate.")
    size = (n_people - float((sizes**2).sum()) / n_people) / (n_teams - 1)
    icc1 = (between - within) / (between + (size - 1) * within)
    low, high = _icc1_interval(means, sizes, within=within, level=level)
    from scipy.special import fdtrc

    method = "F of team means (Shrout-Fleiss; Thomas-Hultquist for unequal teams)"
    return TeamEffects(
        icc1=icc1,
        icc1_interval=Interval(low=low, high=high, level=level, method=method),
        icc2=(between - within) / between,
        icc2_interval=Interval(
            low=_stepped_up(low, sizes, average=size),
            high=_stepped_up(high, sizes, average=size),
            level=level,
            method=method,
        ),
        team_size=size,
        f_value=between / within,
        f_p=float(fdtrc(n_teams - 1, n_people - n_teams, between / within)),
        n_people=n_people,
        n_teams=n_teams,
        n_teams_left_out=n_alone,
        method="one-way analysis of variance, random teams",
    )


def _icc1_interval(means: FloatArray, sizes: IndexArray, *, within: float, level: float) -> tuple[float, float]:
    from scipy.special import fdtri

    n_teams, n_people = len(sizes), int(sizes.sum())
    harmonic = n_teams / float((1 / sizes).sum())
    ratio = harmonic * float(means.var(ddof=1)) / within
    low = ratio / float(fdtri(n_teams - 1, n_people - n_teams, (1 + level) / 2))
    high = ratio / float(fdtri(n_teams - 1, n_people - n_teams, (1 - level) / 2))
    return (low - 1) / (low + harmonic - 1), (high - 1) / (high + harmonic - 1)


def _stepped_up(icc1: float, sizes: IndexArray, *, average: float) -> float:
    """Spearman-Brown: likeness of two members to reliability of a mean of `average` members.

    An end below zero lies above -1 / (harmonic mean size - 1), not above -1 / (average - 1) where the formula turns
    over; there the harmonic mean is taken. At zero both give zero.
    """
    size = average if icc1 >= 0 else len(sizes) / float((1 / sizes).sum())
    return size * icc1 / (1 + (size - 1) * icc1)
