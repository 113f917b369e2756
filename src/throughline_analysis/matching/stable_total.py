"""Among the stable matchings, the one with the highest total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.matching.optimal import total_of
from throughline_analysis.matching.problem import IntArray, Matching, MentoringWishes
from throughline_analysis.matching.stable import blocking_pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Entries of the program that fit into some hundred megabytes.
MOST_ENTRIES = 10_000_000


def match_stable_best_total(wishes: MentoringWishes) -> Matching:
    """The stable matching with the highest total value.

    Between the best for learners and the best for mentors there may be many stable matchings. This one serves both
    sides together as well as stability allows; `match_best_total` may reach more, at the price of pairs who would
    rather swap.

    Parameters
    ----------
    wishes : MentoringWishes
        Of `mentoring_wishes`.

    Returns
    -------
    Matching
        Stable; no other stable matching has a higher total.

    Raises
    ------
    InputError
        The wishes are so many that the program would not fit into memory; use `match_stable`.

    Notes
    -----
    A linear program over allowed pairs of learners and places: each learner and each place at most once, and for each
    pair the learner has this place or a better one, or the place has a better learner. Its corners are the stable
    matchings, so the simplex method ends at one. Places of a mentor stand in a fixed order that all learners share,
    which changes nothing about who is with whom. Entries: allowed pairs times places times the length of the lists.
    Cost of a linear program of that size; 120 learners with eight wishes and two places a mentor take about 0.1 s.

    Source
    ------
    Rothblum (1992), Characterization of stable matchings as extreme points of a polytope, Mathematical Programming.
    Places instead of mentors: Gusfield and Irving (1989), The Stable Marriage Problem, MIT Press, section 1.6.

    Examples
    --------
    Both ends are stable here; the fit decides.

    >>> from throughline_analysis.matching import mentoring_wishes
    >>> wishes = mentoring_wishes([[0, 1], [1, 0]], [[1, 0], [0, 1]], capacities=[1, 1], fit=[[0, 1], [1, 0]])
    >>> match_stable(wishes).mentor_of.tolist(), match_stable_best_total(wishes).mentor_of.tolist()
    ([0, 1], [1, 0])
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    learner, mentor, place = _chances(wishes)
    mentor_of = np.full(wishes.n_learners, -1, dtype=np.int64)
    if not len(learner):
        return Matching(mentor_of, total=0.0, method="stable, highest total")
    once = [
        csr_array((np.ones(len(learner)), (rows, np.arange(len(learner)))), shape=(int(rows.max()) + 1, len(learner)))
        for rows in (learner, place)
    ]
    kept = _kept_by(wishes, learner, mentor, place)
    solution = linprog(
        -wishes.value[learner, mentor],
        A_ub=vstack([*once, -kept], format="csr"),
        b_ub=np.concatenate([np.ones(once[0].shape[0] + once[1].shape[0]), -np.ones(len(learner))]),
        bounds=(0, 1),
        method="highs-ds",
    )
    if solution.x is not None:
        taken = solution.x > 0.5
        mentor_of[learner[taken]] = mentor[taken]
    matching = Matching(mentor_of, total=total_of(wishes, mentor_of), method="stable, highest total")
    if solution.x is None or blocking_pairs(wishes, matching):
        raise InputError(f"The solver found no stable matching ({solution.message}); report this with the wishes.")
    return matching


def _chances(wishes: MentoringWishes) -> tuple[IntArray, IntArray, IntArray]:
    """Learner, mentor and place of every allowed pair of a learner and a place, by learner and by the learner's wish."""
    pairs = np.argwhere(wishes.allowed)
    pairs = pairs[np.lexsort((wishes.learner_ranks[pairs[:, 0], pairs[:, 1]], pairs[:, 0]))]
    n_wishing = wishes.allowed.sum(axis=0)
    places = np.minimum(wishes.capacities, n_wishing)
    first = np.concatenate([[0], np.cumsum(places)[:-1]]) if len(places) else places
    times = places[pairs[:, 1]]
    learner, mentor = (np.repeat(column, times) for column in pairs.T)
    begins = np.repeat(np.cumsum(times) - times, times)
    place = first[mentor] + np.arange(len(mentor)) - begins
    by_learner = np.bincount(learner, minlength=wishes.n_learners)
    if int((by_learner**2).sum() + (n_wishing**2 * places).sum()) > MOST_ENTRIES:
        raise InputError("There are too many wishes and places to search all stable matchings; use `match_stable`.")
    return learner.astype(np.int64), mentor.astype(np.int64), place.astype(np.int64)


def _kept_by(wishes: MentoringWishes, learner: IntArray, mentor: IntArray, place: IntArray) -> csr_array:
    """Row by chance: the chances that keep it from blocking, itself included."""
    from scipy.sparse import csr_array

    rows, columns = [], []
    numbers = np.arange(len(learner))
    rank = wishes.mentor_ranks[learner, mentor]
    # Learners hold theirs in order of their wishes already; places hold theirs in order of the mentor's.
    for group, order in ((learner, numbers), (place, np.lexsort((rank, place)))):
        sizes = np.bincount(group[order])
        begins = np.cumsum(sizes) - sizes
        for begin, size in zip(begins[sizes > 0].tolist(), sizes[sizes > 0].tolist(), strict=True):
            mine = order[begin : begin + size]
            worse, better = np.tril_indices(size, 0 if group is learner else -1)
            rows.append(mine[worse])
            columns.append(mine[better])
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_array((np.ones(len(row)), (row, column)), shape=(len(learner), len(learner)))
