"""How far the members of a team agree: r_wg and r_wg(j) against several kinds of no agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.intervals import check_level
from throughline_analysis.surveys.answers import FloatArray, IndexArray, labels, whole_ends

# The floor of the product for showing results about people.
LEAST_TEAM = 5
MOST_OPTIONS = 101  # From 0 to 100 per cent.
# So many leave the 95 % limit known to a step of what teams of this size can show. Tests halve and double it.
CHANCE_DRAWS = 4_000
CHANCE_LEVEL = 0.95
# The spread of squared distances is estimated from all teams; this many imagined normal people steady it.
PRIOR_PEOPLE = 10
# Where people are equally far from the middle, squared distances hardly spread; more degrees of freedom than this
# spread gives (forty to a person) are not believed. Tests halve and double it.
LEAST_SPREAD = 0.05

# Shares of the five options in the order from lowest to highest, whose variances are those of LeBreton and Senter
# (2008), table 2: 1.34, 0.90, 0.44, 1.32, 1.04.
FIVE_OPTION_NULLS: dict[str, tuple[float, ...]] = {
    "slight skew": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate skew": (0.00, 0.10, 0.15, 0.40, 0.35),
    "heavy skew": (0.00, 0.00, 0.10, 0.40, 0.50),
    "triangular": (0.11, 0.22, 0.34, 0.22, 0.11),
    "normal": (0.07, 0.24, 0.38, 0.24, 0.07),
}


@dataclass(frozen=True, eq=False)
class TeamAgreement:
    """Agreement within each team, teams in ascending order of label, nulls as named in `nulls`.

    `r_wg`, `low`, `high` (n_nulls, n_teams) in [0, 1], 1 for perfect agreement; `is_clipped` where the answers vary
    more than the null says, shown as 0. `variance` (n_teams,) is the mean variance of the items within the team.
    `chance_limit` (n_teams,): what teams of this size that answer at random stay below in 95 % of cases, against the
    uniform null; `is_above_chance` where the team's r_wg against that null is higher. `n_people` (n_teams,).
    """

    teams: NDArray[np.generic]
    nulls: tuple[str, ...]
    null_variances: FloatArray
    r_wg: FloatArray
    low: FloatArray
    high: FloatArray
    is_clipped: NDArray[np.bool_]
    variance: FloatArray
    chance_limit: FloatArray
    is_above_chance: NDArray[np.bool_]
    n_people: IndexArray
    n_items: int
    n_left_out: int
    n_teams_left_out: int
    level: float
    method: str
    interval_method: str


def null_distributions(n_options: int) -> dict[str, tuple[float, ...]]:
    """Ways to answer without agreement on a scale: uniform and triangular, and for five options normal and three skews.

    Parameters
    ----------
    n_options : int from 2 to 101

    Returns
    -------
    dict of name to shares of the options, lowest first
        Each adds up to one.

    Raises
    ------
    InputError
        Too few or too many options.

    Notes
    -----
    Uniform: everybody answers at random. Skewed: everybody leans the same way out of politeness. Triangular and
    normal: everybody leans to the middle. The less a null varies, the harder it is to show agreement against it.

    Source
    ------
    LeBreton and Senter (2008), Organizational Research Methods 11:815-852, doi:10.1177/1094428106296642.

    Examples
    --------
    >>> sorted(null_distributions(5))
    ['heavy skew', 'moderate skew', 'normal', 'slight skew', 'triangular', 'uniform']
    >>> null_distributions(4)["uniform"]
    (0.25, 0.25, 0.25, 0.25)
    """
    if not 2 <= n_options <= MOST_OPTIONS:
        raise InputError(f"A scale has from 2 to {MOST_OPTIONS} options; got {n_options}.")
    uniform = {"uniform": (1 / n_options,) * n_options}
    if n_options == 5:
        return uniform | FIVE_OPTION_NULLS
    height = np.minimum(np.arange(1, n_options + 1), np.arange(n_options, 0, -1))
    return uniform | {"triangular": tuple(float(share) for share in height / height.sum())}


def within_team_agreement(
    answers: ArrayLike,
    teams: ArrayLike,
    *,
    lowest: int,
    highest: int,
    rng: np.random.Generator,
    nulls: Mapping[str, Sequence[float]] | None = None,
    level: float = 0.95,
) -> TeamAgreement:
    """How far each team's members agree, from 0 (as little as without agreement) to 1, against several nulls.

    Parameters
    ----------
    answers : (n_people,) or (n_people, n_items) of float in [lowest, highest], nan for no answer
        One item gives r_wg, several give r_wg(j). Items reversed already. People with a missing answer are left out.
    teams : (n_people,) of hashable
        Team of each person.
    lowest, highest : int
        Of the answer scale, one step an option.
    rng : numpy.random.Generator
        Draws teams that answer at random.
    nulls : mapping of name to shares of the options, optional
        Instead of those of `null_distributions`; must hold "uniform".
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    TeamAgreement
        `r_wg`, `low`, `high`, `is_clipped`: (n_nulls, n_teams); `chance_limit`, `variance`, `n_people`: (n_teams,).

    Raises
    ------
    InputError
        Shapes differ, a team is missing, an answer is outside the scale, an end of the scale is not whole, or a null is
        not a distribution over the options.
    NotEnoughData
        No team has five people who answered all items.

    Notes
    -----
    r_wg = 1 - s² / v with the mean item variance s² of the team and the variance v of the null; for J items
    r_wg(j) = J r / (J r + 1 - r), which is higher for the same answers the more items there are. Which null is right
    is a matter of judgement, so report the range. Agreement is not having high scores, and not being apart from other
    teams: for that see `team_effects`. The interval takes s² as a multiple of a chi-squared whose degrees of freedom
    allow for long tails and for items that go together, both estimated from all teams in the call: simulated with
    five options and many teams it covers 92 % and more from eight people on (79 % with five people and very lopsided
    answers), and with a single team of very lopsided answers as little as 73 %. Where a team answers everything
    alike, its variance could still be that of somebody one step away who was missed by chance. Cost O(n_people *
    n_items²) plus 4,000 random teams for each team size.

    Source
    ------
    James, Demaree and Wolf (1984), Journal of Applied Psychology 69:85-98, doi:10.1037/0021-9010.69.1.85; LeBreton and
    Senter (2008), doi:10.1177/1094428106296642; chance limits by Dunlap, Burke and Smith-Crowe (2003), Accurate
    tests of statistical significance for r_wg and average deviation interrater agreement indexes, Journal of Applied
    Psychology 88:356-362.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> answers = [4, 4, 5, 4, 4, 1, 5, 2, 4, 3]
    >>> result = within_team_agreement(answers, ["a"] * 5 + ["b"] * 5, lowest=1, highest=5, rng=rng)
    >>> result.r_wg[result.nulls.index("uniform")].round(2).tolist(), result.is_above_chance.tolist()
    ([0.9, 0.0], [True, False])
    """
    check_level(level)
    table, team, n_left_out = _complete(answers, teams)
    lowest, highest = whole_ends(table, lowest, highest=highest)
    given = null_distributions(highest - lowest + 1) if nulls is None else nulls
    variances = _null_variances(given, highest - lowest + 1)
    names, number, counts = np.unique(team, return_inverse=True, return_counts=True)
    is_kept = counts >= LEAST_TEAM
    if not is_kept.any():
        raise NotEnoughData(f"No team has {LEAST_TEAM} people who answered everything; join teams or take fewer items.")
    n_items, n_people = table.shape[1], counts[is_kept]
    within, spread = _variances_within(table, number, counts=counts)
    variance = within[is_kept]
    low, high = _variance_interval(variance, n_people, spread=spread, least=1 / n_items, level=level)
    uniform = variances[list(given).index("uniform")]
    limit = _chance_limits(n_people, n_items, n_options=highest - lowest + 1, uniform=uniform, rng=rng)
    figure = _r_wg_j(variance, variances, n_items=n_items)
    return TeamAgreement(
        teams=names[is_kept],
        nulls=tuple(given),
        null_variances=variances,
        r_wg=figure,
        low=_r_wg_j(high, variances, n_items=n_items),
        high=_r_wg_j(low, variances, n_items=n_items),
        is_clipped=variance[None] > variances[:, None],
        variance=variance,
        chance_limit=limit,
        is_above_chance=figure[list(given).index("uniform")] > limit,
        n_people=n_people,
        n_items=n_items,
        n_left_out=n_left_out,
        n_teams_left_out=int((~is_kept).sum()),
        level=level,
        method="r_wg" if n_items == 1 else "r_wg(j)",
        interval_method="scaled chi-squared of the mean item variance",
    )


def _complete(answers: ArrayLike, teams: ArrayLike) -> tuple[FloatArray, NDArray[np.generic], int]:
    table = as_floats(answers, name="Answers")
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or table.shape[1] == 0:
        raise InputError(f"Answers must be one column or a table of people by items; got shape {np.shape(answers)}.")
    team = labels(teams, len(table), name="Teams")
    is_complete = ~np.isnan(table).any(axis=1)
    n_some = int((~np.isnan(table)).any(axis=1).sum())
    return table[is_complete], team[is_complete], n_some - int(is_complete.sum())


def _null_variances(nulls: Mapping[str, Sequence[float]], n_options: int) -> FloatArray:
    if "uniform" not in nulls:
        raise InputError('The nulls must hold "uniform", which the chance limits refer to.')
    variances = np.empty(len(nulls))
    for index, (name, shares) in enumerate(nulls.items()):
        share = as_floats(shares, name=f"The null {name!r}")
        if share.shape != (n_options,) or (share < 0).any() or abs(share.sum() - 1) > 1e-6:
            raise InputError(f"The null {name!r} must give {n_options} shares that add up to one.")
        option = np.arange(n_options)
        variances[index] = share @ option**2 - (share @ option) ** 2
        if variances[index] <= 0:
            raise InputError(f"The null {name!r} puts everybody on one option, which is perfect agreement.")
    return variances


def _variances_within(table: FloatArray, number: IndexArray, *, counts: IndexArray) -> tuple[FloatArray, float]:
    """Each team's mean item variance, and how widely single people's squared distances spread around their mean.

    The spread (relative variance) is 2 for one normal item, less for items that are not alike, more for long tails.
    With few people in all, it is drawn to what normal answers with these items' covariance would give.
    """
    means = np.stack([np.bincount(number, column) for column in table.T], axis=1) / counts[:, None]
    is_team = counts[number] > 1
    away = (table - means[number])[is_team]
    freedom = np.maximum(counts - 1, 1)
    within = np.bincount(number[is_team], (away**2).mean(axis=1), minlength=len(counts)) / freedom
    size = counts[number][is_team]
    squares = (away**2).mean(axis=1) * size / np.maximum(size - 1, 1)
    level = float(squares.mean())
    if level == 0:
        return within, 2.0
    covariance = away.T @ away
    normal = 2 * float((covariance**2).sum()) / float(np.trace(covariance)) ** 2
    n = len(squares)
    seen = float(squares.var()) / level**2
    return within, (n * seen + PRIOR_PEOPLE * normal) / (n + PRIOR_PEOPLE)


def _variance_interval(
    variance: FloatArray, n_people: IndexArray, *, spread: float, least: float, level: float
) -> tuple[FloatArray, FloatArray]:
    """Ends of the variance; the upper one at least that of `least` of a step by a share that could be missed."""
    from scipy.special import chdtri

    freedom = (n_people - 1) * 2 / max(spread, LEAST_SPREAD)
    low = freedom * variance / chdtri(freedom, (1 - level) / 2)
    high = freedom * variance / chdtri(freedom, (1 + level) / 2)
    missed = np.minimum(1 - ((1 - level) / 2) ** (1 / n_people), 0.5)
    return low, np.maximum(high, missed * (1 - missed) * least)


def _r_wg_j(variance: FloatArray, nulls: FloatArray, *, n_items: int) -> FloatArray:
    """r_wg(j) for each null (rows) and variance (columns), at least 0."""
    one = 1 - np.minimum(variance[None] / nulls[:, None], 1.0)
    return np.asarray(n_items * one / (n_items * one + 1 - one))


def _chance_limits(
    n_people: IndexArray, n_items: int, *, n_options: int, uniform: float, rng: np.random.Generator
) -> FloatArray:
    """95 % point of r_wg(j) among teams whose members answer every item at random, for each team size."""
    sizes, which = np.unique(n_people, return_inverse=True)
    limits = np.empty(len(sizes))
    option = np.arange(n_options)
    shares = np.full(n_options, 1 / n_options)
    for index, size in enumerate(sizes):
        counts = rng.multinomial(size, shares, size=(CHANCE_DRAWS, n_items))
        total = counts @ option
        variance = ((counts @ option**2) - total**2 / size) / (size - 1)
        figure = _r_wg_j(variance.mean(axis=1), np.array([uniform]), n_items=n_items)[0]
        limits[index] = np.quantile(figure, CHANCE_LEVEL)
    return limits[which.ravel()]
