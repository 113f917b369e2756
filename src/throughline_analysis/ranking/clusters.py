"""Intervals of scores where people answer many times each: people are what was sampled, not answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.ranking.bradley_terry import BradleyTerry, quantile, tie_interval
from throughline_analysis.ranking.comparisons import IndexArray, Outcome, whole_numbers
from throughline_analysis.ranking.davidson import pair_chances
from throughline_analysis.ranking.fitting import TIE_PRIOR_SD

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# With fewer people nobody can tell how much people differ. Simulations with ten people hold their level.
FEWEST_PEOPLE = 10


def clustered_by_person(
    fit: BradleyTerry, first: ArrayLike, *, second: ArrayLike, outcomes: ArrayLike, people: ArrayLike
) -> BradleyTerry:
    """The same scores with intervals that allow for people who answer many times and differ from each other.

    Parameters
    ----------
    fit : BradleyTerry
        Of `bradley_terry`, from these very answers.
    first, second : (n_rows,) of int
        The two items of each comparison.
    outcomes : (n_rows,) of {-1, 0, 1, 2}
        `Outcome`, as given to `comparisons`.
    people : (n_rows,) of int >= 0
        Who answered.

    Returns
    -------
    BradleyTerry
        Scores as before; covariance, errors and intervals new; `degrees_of_freedom` is people less one.

    Raises
    ------
    InputError
        Shapes differ, or the rows are not those of the fit.
    NotEnoughData
        Fewer than ten people decided anything.

    Notes
    -----
    Sandwich estimate: the curvature's share of the answers is replaced by how much the sums of each person's pull on
    the scores vary between people, the prior's share stays; Student's distribution with people less one. Where
    everybody answers once it is nearly the plain interval. With people drawn from those who could have been asked it is
    an interval for what they all prefer; the plain one is for what these people prefer.
    Cost O(n_rows + n_items^3), n_items^2 numbers.

    Source
    ------
    Liang, Zeger (1986), Biometrika 73:13-22, doi:10.1093/biomet/73.1.13. Dependence in paired comparisons: Cattelan
    (2012), Statistical Science 27:412-433, doi:10.1214/12-STS396.

    Examples
    --------
    Ten people answer nine times each; seven always prefer item 0, three never do. Ninety answers are not ninety people.

    >>> person = np.repeat(np.arange(10), 9)
    >>> zero, one, said = np.zeros(90, dtype=int), np.ones(90, dtype=int), np.where(person < 7, 1, -1)
    >>> fit = bradley_terry(comparisons(zero, one, outcomes=said, n_items=2))
    >>> wide = clustered_by_person(fit, zero, second=one, outcomes=said, people=person)
    >>> bool(fit.low[0] > 0), bool(wide.low[0] > 0)
    (True, False)
    >>> fit.standard_error.round(2).tolist(), wide.standard_error.round(2).tolist()
    ([0.11, 0.11], [0.35, 0.35])
    """
    one, two = whole_numbers(first, name="first"), whole_numbers(second, name="second")
    said, person = whole_numbers(outcomes, name="outcomes"), whole_numbers(people, name="people")
    _check(fit, one, second=two, said=said, person=person)
    kept = said != Outcome.UNDECIDED
    pull = _pull_by_person(fit, one[kept], second=two[kept], said=said[kept], person=person[kept])
    n_people = pull.shape[0]
    if n_people < FEWEST_PEOPLE:
        raise NotEnoughData(
            f"Only {n_people} people decided anything; ask at least {FEWEST_PEOPLE} to know how they differ."
        )
    middle = (pull.T @ pull).toarray() * (n_people / (n_people - 1))
    n_items = len(fit.score)
    middle[np.arange(n_items), np.arange(n_items)] += fit.prior_sd**-2
    spread = fit.covariance
    if fit.tie_log_odds is not None:
        middle[n_items, n_items] += TIE_PRIOR_SD**-2
        spread = np.block([[fit.covariance, fit.tie_covariance[:-1, None]], [fit.tie_covariance]])
    whole = spread @ middle @ spread
    covariance = whole[:n_items, :n_items]
    error = np.sqrt(np.diagonal(covariance))
    reach = quantile(fit.level, n_people - 1)
    tie_covariance = whole[n_items] if fit.tie_log_odds is not None else fit.tie_covariance
    return replace(
        fit,
        standard_error=error,
        low=fit.score - reach * error,
        high=fit.score + reach * error,
        covariance=covariance,
        tie_covariance=tie_covariance,
        tie_interval=tie_interval(fit.tie_log_odds, tie_covariance, reach, level=fit.level),
        degrees_of_freedom=float(n_people - 1),
        method=fit.method + ", clustered by person",
    )


def _pull_by_person(
    fit: BradleyTerry, first: IndexArray, *, second: IndexArray, said: IndexArray, person: IndexArray
) -> csr_array:
    """Sparse (n_people, n_items, one more with ties): each person's slope of the log likelihood."""
    from scipy import sparse

    chances = pair_chances(fit.score[first] - fit.score[second], fit.tie_log_odds)
    by_row = (said - chances.lead) / 2
    _, row = np.unique(person, return_inverse=True)
    rows, columns, entries = [row, row], [first, second], [by_row, -by_row]
    size = len(fit.score)
    if fit.tie_log_odds is not None:
        rows.append(row)
        columns.append(np.full(len(row), size))
        entries.append((said == Outcome.TIE) - chances.tie)
        size += 1
    place = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array((np.concatenate(entries), place), shape=(int(row.max(initial=-1)) + 1, size))


def _check(fit: BradleyTerry, first: IndexArray, *, second: IndexArray, said: IndexArray, person: IndexArray) -> None:
    if len({first.shape, second.shape, said.shape, person.shape}) > 1:
        raise InputError("`first`, `second`, `outcomes` and `people` must be flat and of one length.")
    if len(first) and person.min() < 0:
        raise InputError("`people` holds a negative number; number people from 0.")
    decided = said != Outcome.UNDECIDED
    n_items = len(fit.score)
    fits = len(first) and min(first.min(), second.min()) >= 0 and max(first.max(), second.max()) < n_items
    counted = np.zeros(n_items, dtype=np.intp)
    if fits:
        counted = np.bincount(first[decided], minlength=n_items) + np.bincount(second[decided], minlength=n_items)
    if not fits or not np.array_equal(counted, fit.n):
        raise InputError("These rows are not the answers of the fit; pass the same rows to `comparisons` and here.")
