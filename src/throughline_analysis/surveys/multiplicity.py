"""P values corrected for how many were looked at."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.intervals import check_level
from throughline_analysis.surveys.answers import FloatArray, answer_column

Correction = Literal["holm", "benjamini-hochberg"]


@dataclass(frozen=True, eq=False)
class AdjustedPValues:
    """`adjusted` (n,) in [0, 1], comparable to 1 - level; `is_below` where it is at most that; `method` in words."""

    adjusted: FloatArray
    is_below: NDArray[np.bool_]
    level: float
    method: str


def adjust_p_values(p_values: ArrayLike, *, correction: Correction, level: float = 0.95) -> AdjustedPValues:
    """P values corrected for how many were looked at.

    Parameters
    ----------
    p_values : (n,) of float in [0, 1]
    correction : {"holm", "benjamini-hochberg"}
        "holm": the chance of even one false finding is at most 1 - level. "benjamini-hochberg": at most that share of
        the findings is false on average; more is found.
    level : float in (0, 1)

    Returns
    -------
    AdjustedPValues
        `adjusted`, `is_below`: (n,), in the order given.

    Raises
    ------
    InputError
        A p value outside [0, 1], or an unknown correction.

    Notes
    -----
    Holm holds under any dependence; Benjamini-Hochberg where the tests are independent or lean the same way. Cost
    O(n log n).

    Source
    ------
    Holm (1979), Scandinavian Journal of Statistics 6:65-70; Benjamini and Hochberg (1995), Journal of the Royal
    Statistical Society B 57:289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03], correction="holm").adjusted.round(2).tolist()
    [0.03, 0.06, 0.06]
    >>> adjust_p_values([0.01, 0.04, 0.03], correction="benjamini-hochberg").is_below.tolist()
    [True, True, True]
    """
    check_level(level)
    if correction not in get_args(Correction):
        raise InputError(f'{correction!r} is not a correction; choose "holm" or "benjamini-hochberg".')
    values = answer_column(p_values, name="P values")
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("P values lie between 0 and 1.")
    n = len(values)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    adjusted = np.empty(n)
    if correction == "holm":
        adjusted[order] = np.maximum.accumulate(ordered * np.arange(n, 0, -1))
    else:
        adjusted[order] = np.minimum.accumulate((ordered * n / np.arange(1, n + 1))[::-1])[::-1]
    adjusted = np.minimum(adjusted, 1.0)
    name = "Holm" if correction == "holm" else "Benjamini-Hochberg"
    return AdjustedPValues(adjusted=adjusted, is_below=adjusted <= 1 - level + 1e-12, level=level, method=name)
