"""Schulze's method: the candidate with the strongest chain of majorities against every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.ranking.ballots import EQUAL_PART, Ballots
from throughline_analysis.ranking.comparisons import BoolArray, FloatArray, IndexArray


@dataclass(frozen=True, eq=False)
class SchulzeResult:
    """Outcome of Schulze's method.

    `winners`: candidates that nobody beats, ascending; several only where votes are tied. `place`: (n_candidates,),
    1 plus the number of candidates that beat this one. `preferred` and `strength`: ballots for the row against the
    column, and strength of the strongest path. `beats`: the row's path to the column is stronger than the way back.
    `condorcet_winner`: who wins every pair alone, None where nobody does. `n`: ballots.
    """

    winners: tuple[int, ...]
    place: IndexArray
    preferred: FloatArray
    strength: FloatArray
    beats: BoolArray
    condorcet_winner: int | None
    n: float
    method: str


def schulze(votes: Ballots) -> SchulzeResult:
    """Winner and order by Schulze's method, strength measured in winning votes.

    Parameters
    ----------
    votes : Ballots
        Of `ballots`; equal ranks and candidates left out are allowed.

    Returns
    -------
    SchulzeResult
        Winners, places, and the tables they follow from.

    Notes
    -----
    Elects the Condorcet winner where there is one, and somebody of the Smith set always; is monotone and independent
    of clones. Does not keep later-no-harm: ranking a second choice can hurt the first. Ties are not broken here; where
    there are several winners, draw lots among them openly.
    Cost O(n_ballots * n_candidates^2 + n_candidates^3).

    Source
    ------
    Schulze (2011), Social Choice and Welfare 36:267-303, doi:10.1007/s00355-010-0475-4.

    Examples
    --------
    >>> cyclic = ballots([[1, 2, 3], [3, 1, 2], [2, 3, 1]], [4, 3, 2])
    >>> result = schulze(cyclic)
    >>> result.winners, result.place.tolist(), result.condorcet_winner
    ((0,), [1, 2, 3], None)
    """
    preferred = votes.preferred()
    margin_floor = EQUAL_PART * votes.total
    wins = preferred - preferred.T > margin_floor
    strength = np.where(wins, preferred, 0.0)
    for between in range(votes.n_candidates):
        through = np.minimum(strength[:, [between]], strength[[between], :])
        strength = np.maximum(strength, through)
    np.fill_diagonal(strength, 0.0)
    beats = strength - strength.T > margin_floor
    beaten_by = beats.sum(axis=0)
    beaten_pairs = wins.sum(axis=1)
    alone = np.flatnonzero(beaten_pairs == votes.n_candidates - 1)
    return SchulzeResult(
        winners=tuple(np.flatnonzero(beaten_by == 0).tolist()),
        place=1 + beaten_by,
        preferred=preferred,
        strength=strength,
        beats=beats,
        condorcet_winner=int(alone[0]) if len(alone) else None,
        n=votes.total,
        method="Schulze, winning votes",
    )
