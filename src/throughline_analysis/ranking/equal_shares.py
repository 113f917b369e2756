"""Method of equal shares: everybody has the same part of the budget and spends it on what they support."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.given import as_floats
from throughline_analysis.ranking.ballots import checked_order
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray
from throughline_analysis.ranking.shares_round import Demand, Purchase, bought_with, demand_of, first_of

Completion = Literal["none", "utilitarian", "add_one"]
# How much "add_one" raises each share at a time, as part of the first share, and how often at most. Tests halve and
# double the step.
RAISE_PART = 0.01
MOST_RAISES = 1_000


@dataclass(frozen=True, eq=False)
class EqualSharesResult:
    """What is funded and who pays.

    `selected`: projects in the order they were bought, then those that only the completion added (`completed`).
    `payments`: (n_voters, n_selected), zero for completed ones, which are paid from what is left over. `share`: each
    voter's part in the run that counted, above budget / n_voters where "add_one" raised it. `spent`: sum of costs.
    `effectiveness`: per selected project, utility per unit of money in the order of purchase, nan for completed ones.
    `had_lot`: the drawn order decided somewhere.
    """

    selected: tuple[int, ...]
    completed: tuple[int, ...]
    payments: FloatArray
    share: float
    spent: float
    budget: float
    effectiveness: FloatArray
    had_lot: bool
    n: int
    method: str


def cost_utilities(approvals: ArrayLike, costs: ArrayLike) -> FloatArray:
    """Utilities where a voter gains a project's cost from each project approved: money's worth counts.

    Parameters
    ----------
    approvals : (n_voters, n_projects) of bool
        Who approves what.
    costs : (n_projects,) of float > 0
        What each costs.

    Returns
    -------
    (n_voters, n_projects) of float
        For `equal_shares`. For "every project counts the same" pass the approvals themselves.

    Raises
    ------
    InputError
        Shapes differ, or an approval is missing or neither yes nor no.

    Notes
    -----
    Cost O(n_voters * n_projects).

    Examples
    --------
    >>> cost_utilities([[True, False], [True, True]], [10, 4]).tolist()
    [[10.0, 0.0], [10.0, 4.0]]
    """
    approved, price = as_floats(approvals, name="approvals"), as_floats(costs, name="costs")
    if approved.ndim != 2 or price.shape != approved.shape[1:]:
        raise InputError(f"`approvals` has shape {approved.shape} and `costs` {price.shape}; give one cost a project.")
    if not np.isin(approved, (0.0, 1.0)).all():
        raise InputError("`approvals` must be True or False (or 1 and 0) for everybody and every project.")
    return approved * price


def equal_shares(
    utilities: ArrayLike,
    costs: ArrayLike,
    *,
    budget: float,
    completion: Completion = "add_one",
    tie_order: Sequence[int] | ArrayLike | None = None,
) -> EqualSharesResult:
    """Projects to fund by the method of equal shares, with what each voter pays.

    Parameters
    ----------
    utilities : (n_voters, n_projects) of float >= 0
        What each voter gains from each project; see `cost_utilities` for approvals.
    costs : (n_projects,) of float > 0
        What each project costs, in the unit of the budget.
    budget : float > 0
        What may be spent.
    completion : "none", "utilitarian" or "add_one"
        What is done with money left over, see Notes.
    tie_order : (n_projects,) of int, optional
        All projects in an order drawn by lot beforehand, the favoured one first.

    Returns
    -------
    EqualSharesResult
        What is funded, in order, and the payments.

    Raises
    ------
    InputError
        Wrong shapes; utilities negative or infinite; a cost or the budget that is not positive.
    NotEnoughData
        No voters or projects, or a tie that only a lot can decide and no `tie_order` was given.

    Notes
    -----
    Everybody starts with budget / n_voters. Again and again the project is bought whose supporters get most utility
    per unit of money: each pays in proportion to utility, or all they have left. Ties: more utility in total, then
    lower cost, then the lot. What is left is completed:
    "utilitarian": projects that still fit are added by utility per cost in total (with `cost_utilities`: by number
    of votes), ties as above. "add_one": all shares are raised together by 1 % of the first share until the projects
    bought would cost more than the budget or nothing more fits, at most to eleven times the first share; the last
    run that kept the budget counts, and the utilitarian completion follows.

    With approvals and equal costs every group of voters that is large enough for l projects, and agrees on l, has a
    member with at least l projects they approve (extended justified representation); with costs and additive
    utilities the same holds up to one project. It holds whatever the completion: "utilitarian" takes nothing away, and
    raised shares only entitle groups to more. Not guaranteed: the greatest utility in all, or that
    nobody gains from hiding a wish.
    Cost O(n_voters * n_projects * log n_voters) per purchase at worst, usually far less, as projects are looked at
    again only while they can still be the best; "add_one" repeats it for every raise.

    Source
    ------
    Peters, Skowron (2020), Proportionality and the limits of welfarism, EC'20. Peters, Pierczynski, Skowron (2021),
    Proportional participatory budgeting with additive utilities, NeurIPS 34. Completion: Faliszewski and others
    (2023), Participatory budgeting: data, tools and analysis, IJCAI, doi:10.24963/ijcai.2023/297.

    Examples
    --------
    Six of ten like projects 0 and 1, four like 2 and 3; three fit. Majority rule would fund 0 and 1 first.

    >>> likes = [[1, 1, 0, 0]] * 6 + [[0, 0, 1, 1]] * 4
    >>> result = equal_shares(likes, [30, 30, 30, 60], budget=100, tie_order=[0, 1, 2, 3])
    >>> sorted(result.selected), result.spent
    ([0, 1, 2], 90.0)
    """
    gain, price = _checked(utilities, costs, budget)
    if completion not in ("none", "utilitarian", "add_one"):
        raise InputError(f"`completion` is {completion!r}; give 'none', 'utilitarian' or 'add_one'.")
    position = checked_order(tie_order, len(price))
    share = budget / len(gain)
    demand = demand_of(gain)
    run = bought_with(share, demand, price, position=position)
    had_lot = run.had_lot
    if completion == "add_one":
        share, run = _raised(run, demand, price, budget=budget, position=position)
        had_lot = had_lot or run.had_lot
    added: list[int] = []
    if completion != "none":
        added, by_lot = _utilitarian(run.projects, gain, price, budget=budget, position=position)
        had_lot = had_lot or by_lot
    selected = (*run.projects, *added)
    return EqualSharesResult(
        selected=selected,
        completed=tuple(added),
        payments=np.column_stack([*run.payments, *([np.zeros(len(gain))] * len(added))])
        if selected
        else np.zeros((len(gain), 0)),
        share=share,
        spent=math.fsum(price[list(selected)]),
        budget=float(budget),
        effectiveness=np.array([1 / rho for rho in run.prices] + [math.nan] * len(added)),
        had_lot=had_lot,
        n=len(gain),
        method=f"equal shares, completion {completion}",
    )


def _checked(utilities: ArrayLike, costs: ArrayLike, budget: float) -> tuple[FloatArray, FloatArray]:
    gain, price = as_floats(utilities, name="utilities"), as_floats(costs, name="costs")
    if gain.ndim != 2 or price.shape != gain.shape[1:]:
        raise InputError(f"`utilities` has shape {gain.shape} and `costs` {price.shape}; give one cost a project.")
    if gain.size == 0:
        raise NotEnoughData("There is nobody to share among or nothing to fund; give voters and projects.")
    if not (np.isfinite(gain).all() and (gain >= 0).all()):
        raise InputError("`utilities` must be finite and not negative; use 0 where a voter gains nothing.")
    if not (np.isfinite(price).all() and (price > 0).all() and math.isfinite(budget) and budget > 0):
        raise InputError("`costs` and `budget` must be finite and above zero.")
    return gain, price


def _raised(
    run: Purchase, demand: Demand, price: FloatArray, *, budget: float, position: IndexArray | None
) -> tuple[float, Purchase]:
    first = share = budget / demand.n_voters
    supported = np.flatnonzero(demand.total > 0)
    for raises in range(1, MOST_RAISES + 1):
        left = budget - math.fsum(price[run.projects])
        outside = np.setdiff1d(supported, run.projects)
        if not (price[outside] <= left).any():
            break
        tried = bought_with(first * (1 + RAISE_PART * raises), demand, price, position=position)
        if math.fsum(price[tried.projects]) > budget:
            break
        share, run = first * (1 + RAISE_PART * raises), tried
    return share, run


def _utilitarian(
    chosen: list[int], gain: FloatArray, price: FloatArray, *, budget: float, position: IndexArray | None
) -> tuple[list[int], bool]:
    """Projects added by utility per cost while they fit; and whether the lot decided."""
    total = gain.sum(axis=0)
    left = budget - math.fsum(price[chosen])
    open_ = set(np.flatnonzero(total > 0).tolist()) - set(chosen)
    added, had_lot = [], False
    while fitting := [project for project in open_ if price[project] <= left]:
        worth = np.array([total[project] / price[project] for project in fitting])
        best = [project for project, own in zip(fitting, worth, strict=True) if own >= worth.max() * (1 - 1e-12)]
        project, by_lot = first_of(best, total, price, position=position)
        had_lot = had_lot or by_lot
        added.append(project)
        open_.discard(project)
        left -= price[project]
    return added, had_lot
