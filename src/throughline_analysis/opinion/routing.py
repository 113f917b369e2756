"""Which statement to show a person next: the one whose answer says most, about the person and about the statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.opinion.mapping import OpinionMap
from throughline_analysis.opinion.votes import FloatArray, IndexArray, Votes, vote_counts

# A statement nobody answered counts as if it had this many answers, so that its first answer is worth half a bit.
PRIOR_ANSWERS = 1.0


@dataclass(frozen=True, eq=False)
class NextStatements:
    """Statements to show, in order, and why.

    `statements` (n_shown,); `candidates` (n_candidates,) all that could be shown, with the `chances_0_1` of being
    drawn first, and the expected bits of information `about_person` and `about_statement`.
    """

    statements: IndexArray
    candidates: IndexArray
    chances_0_1: FloatArray
    about_person: FloatArray
    about_statement: FloatArray
    n_answered: int
    method: str


def next_statements(
    votes: Votes, opinion_map: OpinionMap | None, person: int, *, rng: np.random.Generator, n_statements: int = 1
) -> NextStatements:
    """Draw what a person is asked next, in proportion to what the answer is expected to tell.

    Parameters
    ----------
    votes : Votes
    opinion_map : OpinionMap or None
        Of these votes, or of slightly older ones with the same statements; None while there is no map yet.
    person : int
        Number of the person; a person without votes is allowed.
    rng : numpy.random.Generator
        Draws, so that not everybody sees the same statements first.
    n_statements : int >= 1
        How many; fewer come back when fewer are left.

    Returns
    -------
    NextStatements
        Neither withdrawn statements nor statements the person has answered.

    Raises
    ------
    InputError
        The person is unknown, `n_statements` is below 1, or the map has other statements.
    NotEnoughData
        The person has answered everything.

    Notes
    -----
    About the person: half the logarithm of how much the answer shrinks the area of uncertainty of the person's
    position, log2(1 + l' C l / s²) / 2 for loadings l, covariance of the position C and noise variance s². About the
    statement: the same for its mean, log2((n + 2) / (n + 1)) / 2 after n answers. Both are bits and are added. The
    first makes the map precise, the second gives every statement its hearing, new and divisive ones included;
    nothing here prefers what is popular. Cost O(n_statements * n_dimensions²).

    Source
    ------
    Lindley (1956), Annals of Mathematical Statistics 27:986-1005, doi:10.1214/aoms/1177728069 (expected information).

    Examples
    --------
    >>> votes = votes_from_matrix([[1, -1, float("nan")], [1, 1, -1]])
    >>> next_statements(votes, None, 0, rng=np.random.default_rng(1)).statements.tolist()
    [2]
    """
    if not 0 <= person < votes.n_people:
        raise InputError(f"Person {person} is unknown; people are 0 to {votes.n_people - 1}.")
    if n_statements < 1:
        raise InputError(f"`n_statements` is {n_statements}; ask for at least one.")
    answered = votes.statements[votes.starts[person] : votes.starts[person + 1]]
    is_open = ~votes.is_withdrawn
    is_open[answered] = False
    candidates = np.flatnonzero(is_open)
    if not len(candidates):
        raise NotEnoughData(f"Person {person} has answered every statement; there is nothing left to ask.")
    about_person = np.zeros(len(candidates))
    if opinion_map is not None:
        if len(opinion_map.loadings) != votes.n_statements:
            raise InputError("The map has another number of statements than the votes; draw it again.")
        about_person = _bits_about_person(opinion_map, answered.astype(np.intp), candidates)
    n_answers = vote_counts(votes).seen[candidates] + PRIOR_ANSWERS
    about_statement = np.log2((n_answers + 1) / n_answers) / 2
    total = about_person + about_statement
    chances = total / total.sum()
    drawn = rng.choice(candidates, min(n_statements, len(candidates)), replace=False, p=chances)
    return NextStatements(
        statements=drawn,
        candidates=candidates,
        chances_0_1=chances,
        about_person=about_person,
        about_statement=about_statement,
        n_answered=len(answered),
        method="drawn in proportion to expected information",
    )


def _bits_about_person(opinion_map: OpinionMap, answered: IndexArray, candidates: IndexArray) -> FloatArray:
    seen, offered = opinion_map.loadings[answered], opinion_map.loadings[candidates]
    precision = seen.T @ seen / opinion_map.residual_variance + np.diag(1 / opinion_map.spread**2)
    covariance = np.linalg.inv(precision)
    gain = np.einsum("ja,ab,jb->j", offered, covariance, offered) / opinion_map.residual_variance
    return np.asarray(np.log2(1 + gain) / 2, dtype=np.float64)
