"""What is given to `key_drivers`, checked and put in order."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.drivers.moments import records_of
from throughline_analysis.drivers.resampling import Sample
from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats

FloatArray = NDArray[np.float64]
Missing = Literal["em", "complete"]

# Green (1991): 50 + 8 p people to test the whole, 104 + p to test single predictors.
PEOPLE_FOR_R_SQUARED = 50
PEOPLE_PER_PREDICTOR = 8
PEOPLE_FOR_ONE_PREDICTOR = 104
# Below about 20 teams an interval from whole teams is too narrow (Cameron and Miller 2015, section VI).
LEAST_TEAMS = 20


@dataclass(frozen=True, eq=False)
class ReadSample:
    """A sample fit for resampling, how many answered everything, and how many people it is worth after weights."""

    sample: Sample
    n_complete: int
    n_effective: float


def least_sample(n_predictors: int) -> int:
    """Smallest number of people from which drivers are reported: the larger of 50 + 8 p and 104 + p.

    Parameters
    ----------
    n_predictors : int, at least 1

    Returns
    -------
    int

    Raises
    ------
    InputError
        Not a whole number of predictors from one on.

    Notes
    -----
    The rule is about a medium-sized effect; it makes wild orders unlikely, not impossible. The intervals say how
    sure a given report is.

    Source
    ------
    Green (1991), Multivariate Behavioral Research 26:499-510, doi:10.1207/s15327906mbr2603_7.

    Examples
    --------
    >>> least_sample(5), least_sample(20)
    (109, 210)
    """
    if n_predictors < 1 or n_predictors != int(n_predictors):
        raise InputError(f"Drivers need a whole number of predictors, at least one; got {n_predictors}.")
    return max(PEOPLE_FOR_R_SQUARED + PEOPLE_PER_PREDICTOR * n_predictors, PEOPLE_FOR_ONE_PREDICTOR + n_predictors)


def read_sample(
    predictors: ArrayLike,
    outcome: ArrayLike,
    *,
    weights: ArrayLike | None,
    teams: ArrayLike | None,
    missing: Missing,
) -> ReadSample:
    """Check everything `key_drivers` was given; rows without any answer are left out."""
    if missing not in get_args(Missing):
        raise InputError(f'{missing!r} is not a way to treat missing answers; choose "em" or "complete".')
    data = _table(predictors, outcome)
    n_given = len(data)
    importance = _weights(weights, n_given)
    units = _units(teams, n_given)
    answered = ~np.isnan(data)
    complete = answered.all(axis=1)
    kept = complete if missing == "complete" else answered.any(axis=1)
    data, importance, units = data[kept], importance[kept], units[kept]
    _require_people(data, least_sample(data.shape[1] - 1))
    _require_spread(data)
    effective = float(importance.sum() ** 2 / (importance**2).sum())
    least = least_sample(data.shape[1] - 1)
    if effective < least:
        raise NotEnoughData(
            f"The weights are so uneven that {len(data)} people count as {effective:.0f}; drivers need {least}. "
            "Merge small classes before weighting."
        )
    _, numbers = np.unique(units, return_inverse=True)
    if teams is not None and numbers.max() + 1 < LEAST_TEAMS:
        raise NotEnoughData(
            f"There are {numbers.max() + 1} teams; intervals from whole teams need at least {LEAST_TEAMS}."
        )
    sample = Sample(records=records_of(data), weights=importance / importance.mean(), units=numbers)
    return ReadSample(sample=sample, n_complete=int(complete.sum()), n_effective=effective)


def _table(predictors: ArrayLike, outcome: ArrayLike) -> FloatArray:
    left, right = as_floats(predictors, name="Predictors"), as_floats(outcome, name="The outcome")
    if left.ndim != 2 or right.shape != left.shape[:1] or left.shape[1] == 0:
        raise InputError(
            f"Predictors must be a table of people by questions and the outcome one number a person; got shapes "
            f"{left.shape} and {right.shape}."
        )
    data = np.column_stack([left, right])
    if np.isinf(data).any():
        raise InputError("An answer is infinite; correct it, or give nan for a missing answer.")
    return data


def _weights(weights: ArrayLike | None, n_people: int) -> FloatArray:
    if weights is None:
        return np.ones(n_people)
    given = as_floats(weights, name="Weights")
    if given.shape != (n_people,) or not (np.isfinite(given) & (given > 0)).all():
        raise InputError("Weights must be finite and above zero, one for each person.")
    return given


def _units(teams: ArrayLike | None, n_people: int) -> NDArray[np.generic]:
    if teams is None:
        return np.arange(n_people)
    try:
        given: NDArray[np.generic] = np.array(teams)
        if given.shape != (n_people,):
            raise InputError("Teams must be one entry for each person.")
        # Only what is missing differs from itself; left in, everybody without a team would be drawn as one.
        if (given != given).any() or (given.dtype.kind == "O" and any(team is None for team in given)):
            raise InputError("Teams must be given for everybody; leave out who has none, or give each of them a team.")
        np.unique(given)
    except TypeError as error:
        raise InputError("Teams must be labels of one kind, such as all numbers or all words.") from error
    return given


def _require_people(data: FloatArray, least: int) -> None:
    answered = (~np.isnan(data)).astype(np.float64)
    together = answered.T @ answered
    if together.min(initial=np.inf) < least:
        left, right = np.unravel_index(int(together.argmin()), together.shape)
        last = data.shape[1] - 1
        names = [("the outcome" if column == last else f"predictor {column}") for column in sorted({left, right})]
        raise NotEnoughData(
            f"{int(together.min())} people answered {' and '.join(names)}; {last} predictors need at least {least} "
            "people for every pair. Take fewer predictors, or a larger group."
        )


def _require_spread(data: FloatArray) -> None:
    spread = np.nanmax(data, axis=0) - np.nanmin(data, axis=0)
    for column in np.flatnonzero(spread == 0):
        name = "the outcome" if column == data.shape[1] - 1 else f"predictor {column}"
        raise InputError(f"Everybody gave the same answer to {name}; leave it out.")
