"""How a number is printed: thirds for small groups, steps of 5 % for larger ones, never 0 % or 100 %.

A value is the sum of the answers of a group, each from 0 to `points - 1`, as a share of the largest possible
sum. For yes and no it is the share of yes; for five points, the mean on a scale from 0 to 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.errors import InputError

IntArray = NDArray[np.int64]

HIDDEN = -1
LOWER_THIRD, MIDDLE_THIRD, UPPER_THIRD = 0, 1, 2
STEP_PERCENT = 5
# The outermost steps take 0 % and 100 % in, so that "nobody" and "everybody" are never printed.
FIRST_STEP, LAST_STEP = 1, 19
BAND_WORDS = ("lower third", "middle third", "upper third")


@dataclass(frozen=True, eq=False)
class Limits:
    """Least and largest sum of answers that a printed code stands for; same shape as the codes."""

    low: IntArray
    high: IntArray


def codes_of(sums: ArrayLike, n: ArrayLike, *, points: ArrayLike, rules: ReleaseRules = STANDARD_RULES) -> IntArray:
    """Printed codes of sums of answers.

    Higher means higher answers. Below twenty people 0, 1 or 2 for the lower, middle and upper third; from twenty
    on a percentage that is a multiple of 5, from 5 ("5 % or less") to 95 ("95 % or more").

    Parameters
    ----------
    sums : array of int
        Sum over the group of the answers, each from 0 to points - 1.
    n : array of int, broadcast against `sums`
        People in the group. Groups of nobody get the code -1, hidden.
    points : array of int >= 2, broadcast against `sums`
        Number of possible answers: 2 for yes and no, 5 for five points.
    rules : ReleaseRules
        Where bands end.

    Returns
    -------
    array of int64, the broadcast shape
        The codes.

    Raises
    ------
    InputError
        A sum is negative or larger than possible, or a number is not whole.

    Notes
    -----
    Thirds are closed in the middle: exactly one third of the way is "middle". Half steps are rounded towards
    50 %. Both make the code of the mirrored answers the mirrored code. Cost O(size).

    Examples
    --------
    >>> codes_of([0, 3, 14, 100], [5, 6, 40, 100], points=2).tolist()
    [0, 1, 35, 95]
    """
    total, people, answers = _whole(sums, n, points)
    largest = (answers - 1) * people
    if (total < 0).any() or (total > largest).any():
        raise InputError("A sum of answers is negative or larger than its group allows; check points and counts.")
    bands = np.where(3 * total < largest, LOWER_THIRD, np.where(3 * total > 2 * largest, UPPER_THIRD, MIDDLE_THIRD))
    divisor = np.maximum(2 * largest, 1)
    below = (40 * total + largest) // divisor
    above = 20 - (40 * (largest - total) + largest) // divisor
    steps = np.clip(np.where(2 * total <= largest, below, above), FIRST_STEP, LAST_STEP)
    codes = np.where(people < rules.band_below, bands, STEP_PERCENT * steps)
    return np.asarray(np.where(people > 0, codes, HIDDEN), dtype=np.int64)


def limits_of(codes: ArrayLike, n: ArrayLike, *, points: ArrayLike, rules: ReleaseRules = STANDARD_RULES) -> Limits:
    """What a reader can conclude from printed codes: least and largest sum of answers.

    Parameters
    ----------
    codes : array of int
        As `codes_of` gives them; -1 for a hidden value, of which only the size of the group is known.
    n, points : arrays of int, broadcast against `codes`
        People in the group, and possible answers.
    rules : ReleaseRules
        Those of the release.

    Returns
    -------
    Limits
        `low` and `high`, both included.

    Raises
    ------
    InputError
        A third for a group large enough for a share, or a share for a small one: `n` are not those who answered. Or a
        number is not whole.

    Notes
    -----
    From 41 people on every class holds at least two neighbouring sums, also with two points: a step is 5 % of
    at least 41, more than two, and the outermost classes are wider. Below that a class of two points may hold a
    single sum (exactly half of 20), but the outermost never do: they hold 0 and 1, or n - 1 and n. A group alone
    therefore never shows what one of its people answered. Cost O(size).

    Examples
    --------
    >>> limits = limits_of([0, 50, 95, -1], [5, 40, 20, 3], points=2)
    >>> limits.low.tolist(), limits.high.tolist()
    ([0, 19, 19, 0], [1, 21, 20, 3])
    """
    code, people, answers = _whole(codes, n, points)
    if ((code != HIDDEN) & ((code <= UPPER_THIRD) != (people < rules.band_below))).any():
        raise InputError(
            f"A third is printed for groups of fewer than {rules.band_below} answers and a share for others; "
            "pass as `n` how many people answered."
        )
    largest = (answers - 1) * people
    third, two_thirds = -(-largest // 3), 2 * largest // 3
    band_low = np.select([code == LOWER_THIRD, code == MIDDLE_THIRD], [np.zeros_like(third), third], two_thirds + 1)
    band_high = np.select([code == LOWER_THIRD, code == MIDDLE_THIRD], [third - 1, two_thirds], largest)
    step = code // STEP_PERCENT
    mirrored = np.where(step > 10, 20 - step, step)
    low = np.where(mirrored == FIRST_STEP, 0, -(-largest * (2 * mirrored - 1) // 40))
    high = np.where(mirrored == 10, largest - low, -(-largest * (2 * mirrored + 1) // 40) - 1)
    step_low = np.where(step > 10, largest - high, low)
    step_high = np.where(step > 10, largest - low, high)
    is_band = people < rules.band_below
    shown_low = np.where(is_band, band_low, step_low)
    shown_high = np.where(is_band, band_high, step_high)
    is_hidden = code == HIDDEN
    return Limits(low=np.where(is_hidden, 0, shown_low), high=np.where(is_hidden, largest, shown_high))


def _whole(*parts: ArrayLike) -> tuple[IntArray, ...]:
    arrays = [np.asarray(part) for part in parts]
    if any(array.size and array.dtype.kind not in "iu" for array in arrays):
        raise InputError("Sums, codes, counts of people and points must be whole numbers.")
    return np.broadcast_arrays(*(array.astype(np.int64) for array in arrays))


def words_of(code: int) -> str:
    """A printed code in words.

    Examples
    --------
    >>> [words_of(code) for code in (-1, 2, 5, 40, 95)]
    ['not shown', 'upper third', '5 % or less', '40 %', '95 % or more']
    """
    if code == HIDDEN:
        return "not shown"
    if code in (LOWER_THIRD, MIDDLE_THIRD, UPPER_THIRD):
        return BAND_WORDS[code]
    if code == STEP_PERCENT * FIRST_STEP:
        return "5 % or less"
    return "95 % or more" if code == STEP_PERCENT * LAST_STEP else f"{code} %"
