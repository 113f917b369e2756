"""Who stayed how long: histories as they are watched, checked and put in order once for every calculation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

# The floor of the product for showing results about people (design, section 5).
SMALLEST_GROUP = 5
# Groups are counted into a table as long as the highest number: 80 MB at this one. A personnel number given as a group
# would ask for more than there is.
HIGHEST_GROUP = 10_000_000
# numpy sorts numbers of 16 bits by radix, ten times faster than wider ones.
GROUPS_FOR_RADIX = 2**16


@dataclass(frozen=True, eq=False)
class Histories:
    """Histories in ascending order of duration, and the order that puts them by group, durations ascending in each.

    `entry` is None where everybody was watched from the start. `bounds` (n_groups + 1,) cuts `by_group` into groups;
    `shown` are the groups with at least `smallest_group` people, `refused` those with fewer (empty ones not named).
    Build it with `histories`; nothing changes it.
    """

    duration: FloatArray
    has_left: BoolArray
    group: IndexArray
    entry: FloatArray | None
    by_group: IndexArray
    bounds: IndexArray
    shown: IndexArray
    refused: IndexArray
    smallest_group: int

    @property
    def n(self) -> int:
        """How many histories there are."""
        return len(self.duration)

    @property
    def people(self) -> IndexArray:
        """People in each shown group."""
        return np.diff(self.bounds)[self.shown]

    def per_group(self, values: FloatArray) -> FloatArray:
        """Sum of a value per history over each shown group."""
        totals = np.bincount(self.group, values, len(self.bounds) - 1)[self.shown]
        return np.asarray(totals, dtype=np.float64)


def histories(
    durations: ArrayLike,
    has_left: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    entries: ArrayLike | None = None,
    smallest_group: int = SMALLEST_GROUP,
) -> Histories:
    """Histories of staying and leaving, checked, ready for every calculation of this part.

    Parameters
    ----------
    durations : (n_people,) of float > 0
        How long each had been here when they left, or when we last looked. Any one unit, such as years.
    has_left : (n_people,) of bool
        True for those who left; False for those still here (or lost from sight) at `durations`.
    groups : (n_people,) of int from 0 to 10,000,000, optional
        Group of each person; all in group 0 unless given. Groups need not be numbered without gaps.
    entries : (n_people,) of float >= 0, optional
        How long each had been here when watching began; 0 unless given. People who were here before the records
        start belong in with their entry, or survival is overstated.
    smallest_group : int >= 5
        Groups with fewer people are refused: they count in everybody together and are shown nowhere.

    Returns
    -------
    Histories
        Sorted once; pass it to the other functions.

    Raises
    ------
    InputError
        Shapes differ; a duration is not above its entry; something is missing or no number; `smallest_group` is below
        five.
    NotEnoughData
        Every group is smaller than `smallest_group`.

    Notes
    -----
    Those still here must be as likely to leave later as others with the same time behind them: leaving out people on
    notice, or stopping to watch those about to go, biases everything. A refused group can still be guessed by whoever
    knows the rest; what is published together is decided by the release, not here.
    Cost O(n_people log n_people + highest group number).

    Examples
    --------
    >>> watched = histories([2, 3, 3, 5, 8, 1], [True, True, False, True, False, True], groups=[0, 0, 0, 0, 0, 1])
    >>> watched.shown.tolist(), watched.refused.tolist()
    ([0], [1])
    """
    lasted = as_floats(durations, name="durations")
    gone = np.array(has_left)
    began = None if entries is None else as_floats(entries, name="entries")
    of_group = np.zeros(lasted.shape, dtype=np.intp) if groups is None else np.array(groups)
    _check(lasted, gone, of_group, began, smallest_group)
    order = np.argsort(lasted)
    group = of_group[order].astype(np.intp)
    n_groups = int(group.max()) + 1
    key = group.astype(np.uint16) if n_groups <= GROUPS_FOR_RADIX else group
    by_group = np.argsort(key, kind="stable")
    people = np.bincount(group, minlength=n_groups)
    shown = np.flatnonzero(people >= smallest_group)
    if len(shown) == 0:
        raise NotEnoughData(f"Every group has fewer than {smallest_group} people; join groups or wait for more.")
    return Histories(
        duration=lasted[order],
        has_left=gone[order].astype(np.bool_),
        group=group,
        entry=None if began is None or not began.any() else began[order],
        by_group=by_group,
        bounds=np.concatenate(([0], np.cumsum(people))),
        shown=shown,
        refused=np.flatnonzero((people > 0) & (people < smallest_group)),
        smallest_group=smallest_group,
    )


def _check(
    lasted: FloatArray,
    gone: NDArray[np.generic],
    of_group: NDArray[np.generic],
    began: FloatArray | None,
    smallest_group: int,
) -> None:
    if smallest_group < SMALLEST_GROUP:
        raise InputError(f"`smallest_group` is {smallest_group}; results about people begin at {SMALLEST_GROUP}.")
    shapes = {lasted.shape, gone.shape, of_group.shape, lasted.shape if began is None else began.shape}
    if lasted.ndim != 1 or len(shapes) > 1:
        raise InputError("`durations`, `has_left`, `groups` and `entries` must be flat and of one length.")
    if len(lasted) == 0:
        raise NotEnoughData("There are no histories; watch at least one group of people.")
    if gone.dtype.kind not in "bui" or (gone.dtype.kind != "b" and not np.isin(gone, (0, 1)).all()):
        raise InputError("`has_left` must be True or False for everybody.")
    if of_group.dtype.kind not in "ui" or int(of_group.min()) < 0:
        raise InputError("`groups` must hold whole numbers from 0 on.")
    if int(of_group.max()) > HIGHEST_GROUP:
        raise InputError(f"`groups` holds {of_group.max()}; number the groups from 0, to {HIGHEST_GROUP:,} at most.")
    if not np.isfinite(lasted).all() or (began is not None and not (np.isfinite(began).all() and began.min() >= 0)):
        raise InputError("`durations` and `entries` must be finite, entries not negative; leave out who is not known.")
    short = np.flatnonzero(lasted <= (0.0 if began is None else began))
    if len(short):
        raise InputError(
            f"History {short[0]} was watched for no time; where times are rounded, add half of the rounding step."
        )
