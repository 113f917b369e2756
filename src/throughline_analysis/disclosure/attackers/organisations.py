"""Made-up organisations to attack: trees of teams with answers that differ by team and question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.records import SurveyRecords, survey_records
from throughline_analysis.errors import InputError

Parents = list[int]


def team_organisation(
    rng: np.random.Generator,
    *,
    n_people: int = 300,
    n_filters: int = 2,
    points: int | NDArray[np.int64] = 2,
    n_questions: int = 4,
) -> SurveyRecords:
    """About `n_people` in teams of 2 to 15, in departments of three to nine teams, some in a division between.

    Parameters
    ----------
    rng : numpy Generator
        Makes everything up.
    n_people : int above 0
        At least so many; the last department is filled.
    n_filters : int from 0 on
        Attributes, of two, three, four, ... values of uneven size.
    points : int, or (n_questions,) of int
        Possible answers, as in `survey_records`.
    n_questions : int above 0
        Questions, from evenly answered to nearly unanimous.

    Returns
    -------
    SurveyRecords
        Nobody's.

    Raises
    ------
    InputError
        No people or no questions.

    Notes
    -----
    Cost O(n_people * n_questions).

    Examples
    --------
    >>> import numpy as np
    >>> team_organisation(np.random.default_rng(1), n_people=60, n_filters=1).answers.shape[1]
    4
    """
    if n_people < 1 or n_questions < 1:
        raise InputError("An organisation to attack needs at least one person and one question.")
    parents: Parents = [-1]
    team_of: list[int] = []
    while len(team_of) < n_people:
        above = 0
        if rng.random() < 0.5:
            parents.append(0)
            above = len(parents) - 1
        for _ in range(int(rng.integers(1, 3))):
            parents.append(above)
            department = len(parents) - 1
            for _ in range(int(rng.integers(3, 10))):
                parents.append(department)
                team_of += [len(parents) - 1] * int(rng.integers(2, 16))
    units = np.array(team_of)
    attributes = random_attributes(rng, len(units), n_filters)
    answers = random_answers(rng, units, parents=parents, points=points, n_questions=n_questions)
    return survey_records(parents, units, answers=answers, points=points, attributes=attributes)


def random_attributes(rng: np.random.Generator, n_people: int, n_filters: int) -> NDArray[np.int64]:
    """Codes of two, three, four … values of uneven size."""
    columns = [
        rng.choice(2 + f, size=n_people, p=np.arange(2 + f, 0, -1) / np.arange(2 + f, 0, -1).sum())
        for f in range(n_filters)
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((n_people, 0), dtype=np.int64)


def random_answers(
    rng: np.random.Generator,
    units: NDArray[np.int64],
    *,
    parents: Parents,
    points: int | NDArray[np.int64],
    n_questions: int,
) -> NDArray[np.int64]:
    """Answers around a level that differs by question, from even to nearly unanimous, and by team."""
    level = np.linspace(0.0, 2.5, n_questions)[None, :] + rng.normal(0, 0.7, (len(parents), n_questions))
    chance = 1 / (1 + np.exp(-level[units]))
    return np.asarray(rng.binomial(np.asarray(points) - 1, chance))
