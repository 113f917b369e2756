"""One run of the method of equal shares with a given amount of money for every voter."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.ranking.comparisons import FloatArray, IndexArray

# Prices per utility, and money, that differ by less than this part are equal: halves and thirds of money do not add
# up exactly in binary.
EQUAL_PART = 1e-9


@dataclass(eq=False)
class Purchase:
    """Projects in the order they were bought, what each voter paid for each, and the price per utility."""

    projects: list[int] = field(default_factory=list)
    payments: list[FloatArray] = field(default_factory=list)
    prices: list[float] = field(default_factory=list)
    had_lot: bool = False


@dataclass(frozen=True, eq=False)
class _Supporters:
    """Who gains from a project and how much."""

    voters: IndexArray
    gain: FloatArray


@dataclass(frozen=True, eq=False)
class Demand:
    """What all runs share: `total` utility of each project, and its supporters."""

    n_voters: int
    total: FloatArray
    supporters: tuple[_Supporters, ...]


def demand_of(gain: FloatArray) -> Demand:
    """Read from utilities (n_voters, n_projects)."""
    rows = [np.flatnonzero(gain[:, project]) for project in range(gain.shape[1])]
    supporters = tuple(_Supporters(voters, gain[voters, project]) for project, voters in enumerate(rows))
    return Demand(n_voters=len(gain), total=gain.sum(axis=0), supporters=supporters)


def bought_with(share: float, demand: Demand, price: FloatArray, *, position: IndexArray | None) -> Purchase:
    """What is bought when every voter has `share`; see `equal_shares` for the rule and the order among equals."""
    money = np.full(demand.n_voters, share)
    supporters = demand.supporters
    # Prices only rise as money is spent, so an old price is a lower bound and most projects need no second look.
    heap = [(0.0, project) for project in range(len(price)) if len(supporters[project].voters)]
    run = Purchase()
    while heap:
        tied, waiting = _cheapest(heap, supporters, money, price)
        if not tied:
            break
        project, by_lot = first_of([one for _, one in tied], demand.total, price, position=position)
        run.had_lot = run.had_lot or by_lot
        rho = next(own for own, one in tied if one == project)
        paid = np.zeros(demand.n_voters)
        group = supporters[project]
        paid[group.voters] = np.minimum(money[group.voters], rho * group.gain)
        # The last cent of rounding must not stay as money.
        money = np.where(money - paid <= EQUAL_PART * share, 0.0, money - paid)
        run.projects.append(project)
        run.payments.append(paid)
        run.prices.append(rho)
        heap = waiting + [(own, one) for own, one in tied if one != project]
        heapq.heapify(heap)
    return run


def _cheapest(
    heap: list[tuple[float, int]], supporters: tuple[_Supporters, ...], money: FloatArray, price: FloatArray
) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Projects with the lowest price per utility that can be paid, and the rest with their lower bounds.

    What its supporters cannot pay any more is dropped for good.
    """
    looked_at: list[tuple[float, int]] = []
    best = np.inf
    while heap and heap[0][0] <= best * (1 + EQUAL_PART):
        _, project = heapq.heappop(heap)
        rho = _price_per_utility(supporters[project], money, float(price[project]))
        if rho is not None:
            looked_at.append((rho, project))
            best = min(best, rho)
    tied = [entry for entry in looked_at if entry[0] <= best * (1 + EQUAL_PART)]
    return tied, heap + [entry for entry in looked_at if entry[0] > best * (1 + EQUAL_PART)]


def _price_per_utility(group: _Supporters, money: FloatArray, cost: float) -> float | None:
    """Least rho at which min(money, rho * gain) over the supporters adds up to the cost; None if it never does."""
    own = money[group.voters]
    if own.sum() < cost * (1 - EQUAL_PART):
        return None
    limit = own / group.gain
    order = np.argsort(limit, kind="stable")
    limit, own, gain = limit[order], own[order], group.gain[order]
    # With the first k voters spent out the rest pay in proportion to what they gain.
    before = np.concatenate(([0.0], np.cumsum(own)[:-1]))
    rest = np.cumsum(gain[::-1])[::-1]
    rho = (cost - before) / rest
    fits = rho <= limit * (1 + EQUAL_PART)
    return float(rho[fits.argmax()]) if fits.any() else float(limit[-1])


def first_of(tied: list[int], total: FloatArray, price: FloatArray, *, position: IndexArray | None) -> tuple[int, bool]:
    """Of equal projects the one with more utility in total, then the cheaper, then by lot; and whether lots decided."""
    most = max(total[project] for project in tied)
    left = [project for project in tied if total[project] >= most * (1 - EQUAL_PART)]
    least = min(price[project] for project in left)
    left = [project for project in left if price[project] <= least * (1 + EQUAL_PART)]
    if len(left) == 1:
        return left[0], False
    if position is None:
        names = ", ".join(str(project) for project in sorted(left))
        raise NotEnoughData(f"Projects {names} are tied in every respect; draw lots and give `tie_order`.")
    return min(left, key=lambda project: int(position[project])), True
