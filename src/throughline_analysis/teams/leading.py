"""Who leads whom: how much leading there is in a team, and how far it rests on few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.teams.resampling import FloatArray, IntArray, basic_interval, whole_numbers

# The floor for results about people.
LEAST_ANSWERS = 5
DRAWS = 2_000


@dataclass(frozen=True, eq=False)
class LeadershipNetwork:
    """`density`: named pairs as part of all that those who answered could name; `centralisation`: 0 when all are
    named alike, 1 when everybody names one person and nobody else; `decentralisation`: 1 less that. With intervals.

    `centralisation_by_chance`: mean when each names as many people as now, but anybody; `reciprocity`: part of the
    named pairs among those who answered that are named back; `effective_leaders`: the number of equally named people
    that would give the same spread; `named_share`: (n_people,) part of the others who answered that name each person,
    which speaks of single people and is not for showing.
    """

    density: float
    density_interval: Interval
    centralisation: float
    centralisation_interval: Interval
    decentralisation: float
    centralisation_by_chance: float
    reciprocity: float
    effective_leaders: float
    named_share: FloatArray
    n_people: int
    n_answers: int
    method: str


def leadership_network(
    namers: ArrayLike,
    leaders: ArrayLike,
    *,
    n_people: int,
    rng: np.random.Generator,
    answered: ArrayLike | None = None,
    level: float = 0.95,
) -> LeadershipNetwork:
    """Density and centralisation of the answers to "who leads you on something?".

    High density with low centralisation is shared leadership.

    Parameters
    ----------
    namers, leaders : (n_named,) of int
        Each row says that a person names another; a pair given twice counts once.
    n_people : int
        Members, numbered from 0.
    rng : numpy Generator
        For resamples and chance.
    answered : (n_people,) of bool, optional
        Who answered, naming somebody or nobody; all unless given. Others can be named but count as unknown.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    LeadershipNetwork
        Measures in [0, 1], with intervals over those who answered.

    Raises
    ------
    InputError
        A number is out of range, somebody names themselves, or names without having answered.
    NotEnoughData
        Fewer than 5 answered.

    Notes
    -----
    Centralisation is Freeman's for the number of times named, each as part of those who could name the person, so
    missing answers do not lower it. Compare it with chance: few namings in a small team are never even. Intervals
    resample the answers, as if other people like them had answered; they say nothing about who did not. Naming is
    not the quality of leading. Cost O(draws * n_people^2).

    Source
    ------
    Freeman (1978), Social Networks 1:215-239, doi:10.1016/0378-8733(78)90021-7. Shared leadership as density: Carson,
    Tesluk and Marrone (2007), doi:10.5465/amj.2007.20159921. Effective number: Jost (2006),
    doi:10.1111/j.2006.0030-1299.14714.x.

    Examples
    --------
    >>> found = leadership_network([1, 2, 3, 4, 5], [0] * 5, n_people=6, rng=np.random.default_rng(1))
    >>> round(found.density, 3), found.centralisation, found.effective_leaders
    (0.167, 1.0, 1.0)
    """
    check_level(level)
    table, has = _table(namers, leaders, n_people, answered)
    n_answers = int(has.sum())
    if n_answers < LEAST_ANSWERS:
        raise NotEnoughData(f"{n_answers} people answered; a network of who leads needs at least {LEAST_ANSWERS}.")
    rows = np.flatnonzero(has)
    once = np.ones((1, n_answers))
    density, centralisation = (float(values[0]) for values in _measures(table, rows, once))
    picked = rng.multinomial(n_answers, np.full(n_answers, 1 / n_answers), size=DRAWS).astype(np.float64)
    densities, centralisations = _measures(table, rows, picked)
    among = table[np.ix_(rows, rows)]
    named = table[rows].sum(axis=0)
    shares = named / max(named.sum(), 1)
    entropy = -float(np.sum(shares * np.log(np.where(shares > 0, shares, 1.0))))
    return LeadershipNetwork(
        density=density,
        density_interval=basic_interval(density, densities, level=level, method="answers", n_units=n_answers),
        centralisation=centralisation,
        centralisation_interval=basic_interval(
            centralisation, centralisations, level=level, method="answers", n_units=n_answers
        ),
        decentralisation=1 - centralisation,
        centralisation_by_chance=_by_chance(table, rows, rng),
        reciprocity=float((among & among.T).sum() / among.sum()) if among.any() else 0.0,
        effective_leaders=float(np.exp(entropy)) if named.sum() else 0.0,
        named_share=named / np.maximum(n_answers - has, 1),
        n_people=n_people,
        n_answers=n_answers,
        method="density and Freeman centralisation of in-degree among those who answered",
    )


def degree_centralisation(adjacency: ArrayLike) -> float:
    """Freeman's centralisation of an undirected network without loops, by degree.

    Parameters
    ----------
    adjacency : (n, n) of bool, symmetric, n from 3 on
        Who is tied to whom; the diagonal is ignored.

    Returns
    -------
    float
        1 for a star, 0 when all have the same number of ties.

    Raises
    ------
    InputError
        Not square and symmetric, or fewer than three people.

    Notes
    -----
    Cost O(n^2).

    Source
    ------
    Freeman (1978), Social Networks 1:215-239, doi:10.1016/0378-8733(78)90021-7.

    Examples
    --------
    >>> degree_centralisation([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    1.0
    """
    ties = np.array(adjacency, dtype=np.bool_)
    if ties.ndim != 2 or ties.shape[0] != ties.shape[1] or len(ties) < 3 or not np.array_equal(ties, ties.T):
        raise InputError("`adjacency` must be square and symmetric, with three people or more.")
    np.fill_diagonal(ties, False)
    degrees = ties.sum(axis=1)
    n_people = len(ties)
    return float((degrees.max() - degrees).sum() / ((n_people - 1) * (n_people - 2)))


def _table(
    namers: ArrayLike, leaders: ArrayLike, n_people: int, answered: ArrayLike | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    one, other = whole_numbers(namers, "namers"), whole_numbers(leaders, "leaders")
    if one.ndim != 1 or one.shape != other.shape:
        raise InputError("`namers` and `leaders` must be rows of the same length, one entry per naming.")
    both = np.concatenate([one, other])
    if len(both) and (both.min() < 0 or both.max() >= n_people):
        raise InputError(f"A naming has a person outside 0 to {n_people - 1}.")
    if (one == other).any():
        raise InputError(f"Person {int(one[one == other][0])} names themselves; leave such rows out.")
    if answered is not None and np.asarray(answered).dtype.kind not in "biu":
        raise InputError("`answered` must be yes or no for each person.")
    has = np.ones(n_people, dtype=np.bool_) if answered is None else np.array(answered, dtype=np.bool_)
    if has.shape != (n_people,):
        raise InputError(f"`answered` has shape {has.shape}; give one entry for each of {n_people} people.")
    if len(one) and not has[one].all():
        raise InputError(f"Person {int(one[~has[one]][0])} names somebody but is not among those who answered.")
    table = np.zeros((n_people, n_people), dtype=np.bool_)
    table[one, other] = True
    return table, has


def _measures(table: NDArray[np.bool_], rows: IntArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Density and centralisation when each answer counts `times`, one row per resample."""
    n_people = table.shape[1]
    given = table[rows].astype(np.float64)
    named = times @ given
    # Nobody can name themselves: their own answers are not possible namings of them.
    possible = times.sum(axis=1, keepdims=True) - _own(times, rows, n_people)
    share = np.divide(named, possible, out=np.zeros_like(named), where=possible > 0)
    density = named.sum(axis=1) / (times.sum(axis=1) * (n_people - 1))
    spread = (share.max(axis=1, keepdims=True) - share).sum(axis=1) / (n_people - 1)
    return density, np.minimum(spread, 1.0)


def _own(times: FloatArray, rows: IntArray, n_people: int) -> FloatArray:
    own = np.zeros((len(times), n_people))
    own[:, rows] = times
    return own


def _by_chance(table: NDArray[np.bool_], rows: IntArray, rng: np.random.Generator, n_draws: int = 200) -> float:
    """Mean centralisation when everybody names as many others as now, at random."""
    n_people = table.shape[1]
    sizes = table[rows].sum(axis=1)
    once = np.ones((1, len(rows)))
    total = 0.0
    for _ in range(n_draws):
        order = rng.random((len(rows), n_people))
        order[np.arange(len(rows)), rows] = 2.0
        ranks = order.argsort(axis=1).argsort(axis=1)
        drawn = np.zeros_like(table)
        drawn[rows] = ranks < sizes[:, None]
        total += float(_measures(drawn, rows, once)[1][0])
    return total / n_draws
