"""The input of a release: who answered what, where they belong, and what may be filtered by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.disclosure.tree import UnitTree, unit_tree
from throughline_analysis.errors import InputError

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MISSING = -1
MOST_POINTS = 101


@dataclass(frozen=True, eq=False)
class Comment:
    """A text somebody wrote: `person` is the row of the record, `question` the column."""

    person: int
    question: int
    text: str


@dataclass(frozen=True, eq=False)
class SurveyRecords:
    """Checked, read-only records; make them with `survey_records`. Never published.

    `answers` (n_people, n_questions) from 0 to points - 1, -1 where missing; `unit` (n_people,) the lowest unit of
    each person in `tree`; `attributes` (n_people, n_attributes) codes from 0, -1 for not said; `second_unit` the
    lowest unit in `second_tree`, a second hierarchy over the same people; `keys` (n_people,) the same number for the
    same ballot in every release it takes part in.
    """

    tree: UnitTree
    unit: IntArray
    answers: NDArray[np.int8]
    points: IntArray
    attributes: NDArray[np.int32]
    second_tree: UnitTree | None
    second_unit: IntArray | None
    comments: tuple[Comment, ...]
    keys: IntArray

    @property
    def n_people(self) -> int:
        """Number of records."""
        return len(self.unit)

    @property
    def n_questions(self) -> int:
        """Number of questions."""
        return len(self.points)


def survey_records(
    parents: ArrayLike,
    units: ArrayLike,
    *,
    answers: ArrayLike,
    points: ArrayLike,
    attributes: ArrayLike | None = None,
    second_parents: ArrayLike | None = None,
    second_units: ArrayLike | None = None,
    comments: tuple[Comment, ...] = (),
    keys: ArrayLike | None = None,
) -> SurveyRecords:
    """Individual records of a survey, checked once.

    Parameters
    ----------
    parents : (n_units,) of int
        The tree of units: the parent of each, -1 for the topmost.
    units : (n_people,) of int
        The lowest unit of each person.
    answers : (n_people, n_questions) of float or int, nan for not answered
        Whole numbers from 0 to points - 1; for yes and no, 0 is no and 1 is yes.
    points : (n_questions,) of int, or one int for all
        Number of possible answers, from 2 to 101.
    attributes : (n_people, n_attributes) of int, optional
        Codes from 0, -1 for not said. Single filters are shown by these, in this order of importance.
    second_parents, second_units : as `parents` and `units`, optional
        A second hierarchy over the same people, such as sites or professions.
    comments : tuple of Comment
        Texts with the person and the question they belong to.
    keys : (n_people,) of int, optional
        A number for each ballot that stays the same from release to release; row numbers unless given. Give them
        wherever there will be a second release of the same ballots.

    Returns
    -------
    SurveyRecords
        Own, read-only copies.

    Raises
    ------
    InputError
        Shapes differ, a number is outside its range, or a key is given twice.

    Notes
    -----
    One release publishes one number for each question and group: for yes and no the share of yes, otherwise the
    mean as a share of the range. Pass the share of favourable answers as a yes and no question *instead of* the
    points, not beside them: the gate takes questions as independent, and two forms of one question are not. Nor may a
    question ask what an attribute says. Cost O(n_people * n_questions).

    Examples
    --------
    >>> records = survey_records([-1, 0], [1, 1, 0], answers=[[1, 4], [0, 2], [1, float("nan")]], points=[2, 5])
    >>> records.n_people, records.answers.tolist()
    (3, [[1, 4], [0, 2], [1, -1]])
    """
    tree = unit_tree(parents)
    unit = _numbers(units, "units", least=0, below=tree.n_units)
    n_people = len(unit)
    steps, given = _answers(answers, points, n_people)
    second_tree = None if second_parents is None else unit_tree(second_parents)
    second_unit = None
    if (second_tree is None) != (second_units is None):
        raise InputError("Give both `second_parents` and `second_units`, or neither.")
    if second_tree is not None and second_units is not None:
        second_unit = _numbers(second_units, "second_units", least=0, below=second_tree.n_units)
        _require_length(second_unit, n_people, "second_units")
    key = np.arange(n_people) if keys is None else _numbers(keys, "keys", least=None, below=None)
    _require_length(key, n_people, "keys")
    if len(np.unique(key)) != n_people:
        raise InputError("A key is given twice in `keys`; every ballot needs its own.")
    for comment in comments:
        if not 0 <= comment.person < n_people or not 0 <= comment.question < len(steps):
            raise InputError(f"A comment names person {comment.person}, question {comment.question}; there is none.")
    records = SurveyRecords(
        tree=tree,
        unit=unit,
        answers=given,
        points=steps,
        attributes=_attributes(attributes, n_people),
        second_tree=second_tree,
        second_unit=second_unit,
        comments=tuple(comments),
        keys=key,
    )
    for array in (records.unit, records.answers, records.points, records.attributes, records.keys, records.second_unit):
        if array is not None:
            array.setflags(write=False)
    return records


def _answers(answers: ArrayLike, points: ArrayLike, n_people: int) -> tuple[IntArray, NDArray[np.int8]]:
    given = np.asarray(answers)
    if given.ndim != 2 or given.shape[0] != n_people or given.shape[1] == 0 or n_people == 0:
        raise InputError(
            f"`answers` has shape {given.shape} for {n_people} people; give one row each, one column a question."
        )
    wanted = np.asarray(points)
    if wanted.dtype.kind not in "iu" or wanted.shape not in ((), given.shape[1:]):
        raise InputError(f"`points` must be one whole number, or {given.shape[1]} of them, one per question.")
    steps = np.array(np.broadcast_to(wanted, given.shape[1:]), dtype=np.int64)
    if steps.min() < 2 or steps.max() > MOST_POINTS:
        raise InputError(f"`points` must be from 2 to {MOST_POINTS} for every question.")
    is_missing = np.isnan(given) if given.dtype.kind == "f" else np.zeros(given.shape, dtype=np.bool_)
    whole = np.where(is_missing, 0, given)
    if given.dtype.kind not in "iufb" or (whole < 0).any() or (whole >= steps).any() or (whole % 1 != 0).any():
        raise InputError("An answer is not a whole number from 0 to points - 1; use nan for not answered.")
    return steps, np.where(is_missing, MISSING, whole).astype(np.int8)


def _attributes(attributes: ArrayLike | None, n_people: int) -> NDArray[np.int32]:
    if attributes is None:
        return np.zeros((n_people, 0), dtype=np.int32)
    given = np.asarray(attributes)
    if given.ndim != 2 or given.shape[0] != n_people or (given.size and given.dtype.kind not in "iu"):
        raise InputError(f"`attributes` has shape {given.shape} for {n_people} people; give one row of codes each.")
    if given.size and (given.min() < MISSING or given.max() > 10_000):
        raise InputError("A code in `attributes` is outside -1 to 10000; number the values of each attribute from 0.")
    return given.astype(np.int32)


def _numbers(values: ArrayLike, name: str, *, least: int | None, below: int | None) -> IntArray:
    given = np.asarray(values)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise InputError(f"`{name}` must be one row of whole numbers, one per person.")
    if given.size and ((least is not None and given.min() < least) or (below is not None and given.max() >= below)):
        raise InputError(f"`{name}` holds a number outside {least} to {(below or 0) - 1}; it must name a unit.")
    return given.astype(np.int64)


def _require_length(values: IntArray, n_people: int, name: str) -> None:
    if len(values) != n_people:
        raise InputError(f"`{name}` has {len(values)} entries for {n_people} people; give one per person.")
