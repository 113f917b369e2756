"""How evenly the work lies on shoulders that can carry different amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval, check_level
from throughline_analysis.teams.resampling import FloatArray, IntArray, basic_interval, corrected, whole_numbers

LEAST_PEOPLE = 3
LEAST_ITEMS = 10
DRAWS = 2_000


@dataclass(frozen=True, eq=False)
class LoadBalance:
    """`share_to_move`: least part of the owned work that would have to change hands for all to be loaded alike,
    lasting rather than by chance, with its interval; `share_to_move_observed` is the plain value of these items and
    `share_to_move_by_chance` what dealing the same items out by capacity gives on average.

    `utilisation`: (n_people,) load over capacity; `surplus`: (n_people,) load less the fair part, in units of size,
    positive where somebody carries too much; `over_capacity_share`: part of the owned work above people's capacity;
    `unowned_share`: part of all work without an owner.
    """

    share_to_move: float
    interval: Interval
    share_to_move_observed: float
    share_to_move_by_chance: float
    utilisation: FloatArray
    surplus: FloatArray
    over_capacity_share: float
    unowned_share: float
    n_people: int
    n_items: int
    method: str


def load_balance(
    owners: ArrayLike,
    sizes: ArrayLike,
    *,
    capacities: ArrayLike,
    rng: np.random.Generator,
    level: float = 0.95,
) -> LoadBalance:
    """Part of the work that lies with the wrong people, given what each can carry.

    Parameters
    ----------
    owners : (n_items,) of int
        Person who owns each piece of work, -1 for nobody.
    sizes : (n_items,) of float above 0
        Effort of each piece, in the unit of the capacities, for example days.
    capacities : (n_people,) of float above 0
        What each person can carry in the same time.
    rng : numpy Generator
        For the resamples.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    LoadBalance
        Shares in [0, 1] and each person's load.

    Raises
    ------
    InputError
        An owner is out of range, a size or capacity is not positive, or shapes differ.
    NotEnoughData
        Fewer than 3 people or 10 owned items.

    Notes
    -----
    The measure is the Hoover index against capacity: half the sum of the differences between load and fair part,
    divided by all work. What lies where today is a fact; the interval, from resampled items, says how far it would
    stay so with other items handed out in the same way. Sizes are guesses and work without an item is not seen; say
    so beside the number. Cost O(draws * n_items * n_people) at most,
    some 10 ms for a team.

    Source
    ------
    Hoover (1936), Review of Economics and Statistics 18:162-171, doi:10.2307/1927875.

    Examples
    --------
    >>> found = load_balance([0] * 8 + [1] * 2 + [2] * 2, [1.0] * 12, capacities=[4, 4, 4], rng=np.random.default_rng(1))
    >>> round(found.share_to_move_observed, 3), found.surplus.tolist(), found.over_capacity_share.__round__(3)
    (0.333, [4.0, -2.0, -2.0], 0.333)
    """
    check_level(level)
    owner, size, capacity = _work(owners, sizes, capacities)
    n_people = len(capacity)
    owned = owner >= 0
    if n_people < LEAST_PEOPLE or owned.sum() < LEAST_ITEMS:
        raise NotEnoughData(
            f"{n_people} people with {int(owned.sum())} owned items are too few; "
            f"it needs {LEAST_PEOPLE} people and {LEAST_ITEMS} items."
        )
    mine, effort = owner[owned], size[owned]
    load = np.asarray(np.bincount(mine, effort, n_people), dtype=np.float64)
    fair = capacity / capacity.sum()
    observed = float(_to_move(load[None, :], fair)[0])
    n_items = len(mine)
    times = rng.multinomial(n_items, np.full(n_items, 1 / n_items), size=DRAWS)
    by_person = np.zeros((n_items, n_people))
    by_person[np.arange(n_items), mine] = effort
    draws = _to_move(np.asarray(times @ by_person, dtype=np.float64), fair)
    dealt = rng.choice(n_people, size=(DRAWS // 10, n_items), p=fair)
    chance = np.array([np.bincount(row, effort, n_people) for row in dealt], dtype=np.float64)
    return LoadBalance(
        share_to_move=corrected(observed, draws),
        interval=basic_interval(observed, draws, level=level, method="items", n_units=n_items),
        share_to_move_observed=observed,
        share_to_move_by_chance=float(_to_move(chance, fair).mean()),
        utilisation=load / capacity,
        surplus=load - fair * load.sum(),
        over_capacity_share=float(np.maximum(load - capacity, 0).sum() / load.sum()),
        unowned_share=float(size[~owned].sum() / size.sum()),
        n_people=n_people,
        n_items=n_items,
        method="Hoover index against capacity, bias taken off by resampling items",
    )


def _to_move(loads: FloatArray, fair: FloatArray) -> FloatArray:
    """Least part of each row's load that would have to change hands."""
    total = loads.sum(axis=1, keepdims=True)
    return np.asarray(np.abs(loads / total - fair).sum(axis=1) / 2, dtype=np.float64)


def _work(owners: ArrayLike, sizes: ArrayLike, capacities: ArrayLike) -> tuple[IntArray, FloatArray, FloatArray]:
    owner = whole_numbers(owners, "owners")
    size, capacity = np.array(sizes, dtype=np.float64), np.array(capacities, dtype=np.float64)
    if owner.ndim != 1 or owner.shape != size.shape or capacity.ndim != 1:
        raise InputError("`owners` and `sizes` must be rows of the same length, `capacities` one row of people.")
    if len(owner) and (owner.min() < -1 or owner.max() >= len(capacity)):
        raise InputError(f"An owner is outside 0 to {len(capacity) - 1}; write -1 for nobody.")
    for values, name in ((size, "size"), (capacity, "capacity")):
        if not ((values > 0) & np.isfinite(values)).all():
            raise InputError(f"Every {name} must be a number above zero; leave out what has none.")
    return owner, size, capacity
