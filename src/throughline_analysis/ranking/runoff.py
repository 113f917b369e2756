"""Instant run-off: the last goes, their ballots move on, until somebody has more than half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.ranking.ballots import EQUAL_PART, Ballots, checked_order
from throughline_analysis.ranking.comparisons import BoolArray, FloatArray, IndexArray


@dataclass(frozen=True, eq=False)
class RunoffRound:
    """One count: `votes` (n_candidates,), nan for those who are out; `exhausted` ballots rank nobody who is left.

    `eliminated` go after this count, empty in the last; `tie` says how a tie for the last place was decided: None
    (no tie), "earlier round" or "lot".
    """

    votes: FloatArray
    exhausted: float
    eliminated: tuple[int, ...]
    tie: str | None


@dataclass(frozen=True, eq=False)
class RunoffResult:
    """The winner, every count, and the number of ballots."""

    winner: int
    rounds: tuple[RunoffRound, ...]
    n: float
    method: str


def instant_runoff(votes: Ballots, *, tie_order: Sequence[int] | ArrayLike | None = None) -> RunoffResult:
    """Winner by instant run-off, with every round.

    Parameters
    ----------
    votes : Ballots
        Of `ballots`. Candidates with an equal rank share the ballot equally.
    tie_order : (n_candidates,) of int, optional
        All candidates in an order drawn by lot before the count, the favoured one first. Used only where nothing else
        decides.

    Returns
    -------
    RunoffResult
        Winner and rounds.

    Raises
    ------
    InputError
        `tie_order` does not name every candidate once.
    NotEnoughData
        All ballots are blank, or a tie for the last place is left and no `tie_order` was given.

    Notes
    -----
    A candidate with more than half of the ballots that are not exhausted wins. Otherwise all without any vote go
    together, else the one with fewest. Equal last: who had fewer in the latest earlier round where they differed,
    then the lot. With strictly ranked ballots a later choice can neither help nor harm an earlier one, clones change
    nothing, and a majority's favourite wins. Not guaranteed: the Condorcet winner may lose, and ranking somebody
    higher can make them lose (not monotone).
    Cost O(n_ballots * n_candidates^2).

    Source
    ------
    Tideman (2006), Collective Decisions and Voting, ch. 13; Woodall (1997), Monotonicity of single-seat
    preferential election rules, Discrete Applied Mathematics 77:81-98, for the properties.

    Examples
    --------
    >>> tennessee = ballots([[1, 2, 3, 4], [4, 1, 2, 3], [4, 3, 1, 2], [4, 3, 2, 1]], [42, 26, 15, 17])
    >>> result = instant_runoff(tennessee)
    >>> result.winner, [step.eliminated for step in result.rounds]
    (3, [(2,), (1,), ()])
    """
    position = checked_order(tie_order, votes.n_candidates)
    standing = np.ones(votes.n_candidates, dtype=np.bool_)
    rounds: list[RunoffRound] = []
    while True:
        counted, exhausted = _count(votes, standing)
        if not counted.sum() > 0:
            raise NotEnoughData("No ballot ranks anybody who is left; a run-off needs at least one choice.")
        leader = int(np.where(standing, counted, -1.0).argmax())
        if standing.sum() == 1 or counted[leader] > counted.sum() / 2 * (1 + EQUAL_PART):
            rounds.append(RunoffRound(_shown(counted, standing), exhausted, (), None))
            return RunoffResult(leader, tuple(rounds), votes.total, "instant run-off")
        out, tie = _last(counted, standing, [*rounds], position=position, total=votes.total)
        rounds.append(RunoffRound(_shown(counted, standing), exhausted, out, tie))
        standing[list(out)] = False


def _count(votes: Ballots, standing: BoolArray) -> tuple[FloatArray, float]:
    ranks = np.where(standing, votes.ranks, np.inf)
    best = ranks.min(axis=1, keepdims=True)
    is_best = (ranks == best) & np.isfinite(ranks)
    sharing = is_best.sum(axis=1)
    share = np.divide(votes.counts, sharing, out=np.zeros(len(sharing)), where=sharing > 0)
    return share @ is_best, float(votes.counts[sharing == 0].sum())


def _shown(counted: FloatArray, standing: BoolArray) -> FloatArray:
    return np.where(standing, counted, np.nan)


def _last(
    counted: FloatArray, standing: BoolArray, rounds: list[RunoffRound], *, position: IndexArray | None, total: float
) -> tuple[tuple[int, ...], str | None]:
    """Who goes, and how a tie for it was decided."""
    slack = EQUAL_PART * total
    without = np.flatnonzero(standing & (counted <= slack))
    if len(without):
        return tuple(without.tolist()), None
    low = counted[standing].min()
    last = np.flatnonzero(standing & (counted <= low + slack))
    if len(last) == 1:
        return (int(last[0]),), None
    for earlier in reversed(rounds):
        before = earlier.votes[last]
        last = last[before <= before.min() + slack]
        if len(last) == 1:
            return (int(last[0]),), "earlier round"
    if position is None:
        names = ", ".join(str(candidate) for candidate in last)
        raise NotEnoughData(f"Candidates {names} are tied for the last place; draw lots and give `tie_order`.")
    return (int(last[position[last].argmax()]),), "lot"
