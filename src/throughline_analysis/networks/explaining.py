"""One goal's number, line by line: what counts, how much, and why something does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import AlignmentRule, GoalGraph
from throughline_analysis.networks.means import (
    KnownProgress,
    MeanRollup,
    counting_weights,
    rollup_ancestors,
    rollup_means,
)


class Reason(StrEnum):
    """Why a line counts as it does. The first two count; the others are left out."""

    COUNTS = "counts"
    NO_READING = "no_reading"
    SUPPORTS = "supports"
    EXCLUDED = "excluded"
    NOTHING_BELOW = "nothing_below"
    ZERO_WEIGHT = "zero_weight"


@dataclass(frozen=True)
class Line:
    """One child of the explained goal. `contribution` is what it adds to the progress, 0 when left out.

    `progress` and `raw` are the child's own numbers, nan when it has nothing to roll up.
    """

    child: int
    reason: Reason
    weight: float
    normalised_weight: float
    progress: float
    raw: float
    unread_share_0_1: float
    contribution: float

    @property
    def is_counted(self) -> bool:
        """True when the line is part of the mean, even if it adds zero for want of a reading."""
        return self.reason in (Reason.COUNTS, Reason.NO_READING)


@dataclass(frozen=True)
class Explanation:
    """A goal's progress and the lines that make it up, in ascending order of child.

    `math.fsum` over the contributions equals `progress`, to the last bit. When `is_empty`, no line counts and
    `progress` is nan.
    """

    node: int
    progress: float
    raw: float
    unread_share_0_1: float
    is_empty: bool
    lines: tuple[Line, ...]


def explain(graph: GoalGraph, node: int, *, known: KnownProgress | None = None) -> Explanation:
    """How a goal's progress comes about: one line per child, also for those left out, with the reason.

    Parameters
    ----------
    graph : GoalGraph
        Holds the goal and all its children, and either what lies below them or, in `known`, their numbers.
    node : int
        The goal.
    known : KnownProgress, optional
        Numbers of children that were rolled up earlier, as for `rollup_ancestors`.

    Returns
    -------
    Explanation
        `progress` as `rollup_means` gives it; `lines` whose contributions add up to it exactly.

    Raises
    ------
    InputError
        The node is not in the graph, or is measured itself and has no lines.

    Notes
    -----
    A contribution is normalised weight times progress. Rounding of single products could leave a difference
    in the sixteenth digit between sum and mean; it is put on the largest lines. When several reasons apply
    the order is supports, excluded, nothing below, zero weight, no reading. A child goal all of whose weight
    lacks readings is marked `no_reading` as well. Cost: that of the roll-up of `graph`, so pass the goal's
    neighbourhood, not the organisation.

    Examples
    --------
    >>> graph = goal_graph([0, 0], [1, 2], leaves=[False, True, True], progress=[0, 0.5, 1], weights=[3, 1])
    >>> [(line.child, line.normalised_weight, line.contribution) for line in explain(graph, 0).lines]
    [(1, 0.75, 0.375), (2, 0.25, 0.25)]
    """
    graph.require_node(node)
    if graph.leaves[node]:
        raise InputError(f"Node {node} is measured itself; its number is its reading and has no lines below it.")
    result = rollup_means(graph) if known is None else rollup_ancestors(graph, known)
    edges = graph.edges_below(node)
    reasons = [_reason(graph, result, edge) for edge in range(edges.start, edges.stop)]
    counted = np.array([reason in (Reason.COUNTS, Reason.NO_READING) for reason in reasons], dtype=np.bool_)
    counting = np.where(counted, counting_weights(graph)[edges], 0.0)
    total = math.fsum(counting)
    normalised = counting / total if total > 0 else counting
    below = graph.children[edges]
    products = [float(w * p) if w > 0 else 0.0 for w, p in zip(normalised, result.progress[below], strict=True)]
    progress = float(result.progress[node])
    contributions = products if result.is_empty[node] else _settled(products, progress)
    lines = tuple(
        Line(
            child=int(child),
            reason=reasons[row],
            weight=float(graph.weights[edges][row]),
            normalised_weight=float(normalised[row]),
            progress=float(result.progress[child]),
            raw=float(result.raw[child]),
            unread_share_0_1=float(result.unread_share_0_1[child]),
            contribution=contributions[row],
        )
        for row, child in enumerate(below)
    )
    return Explanation(
        node=node,
        progress=progress,
        raw=float(result.raw[node]),
        unread_share_0_1=float(result.unread_share_0_1[node]),
        is_empty=bool(result.is_empty[node]),
        lines=lines,
    )


def shown_points(contributions: Sequence[float], *, decimals: int = 0) -> tuple[float, ...]:
    """Contributions in percentage points, rounded for a page so that the rounded lines still add up.

    Parameters
    ----------
    contributions : sequence of float in [0, 1]
        As in the lines of an Explanation.
    decimals : int from 0 to 6
        Digits after the point that the page shows.

    Returns
    -------
    tuple of float
        Points per line; each is at most one last digit away from its exact value, and together they are the
        rounded total.

    Raises
    ------
    InputError
        A contribution is not a number from 0 to 1, or `decimals` is out of range.

    Source
    ------
    Largest remainder method (Hamilton); ties go to the earlier line.

    Examples
    --------
    >>> shown_points([1 / 3, 1 / 3, 1 / 3])
    (34.0, 33.0, 33.0)
    """
    if not 0 <= decimals <= 6:
        raise InputError(f"`decimals` is {decimals}; choose a number from 0 to 6.")
    if not all(0 <= value <= 1 for value in contributions):
        raise InputError("A contribution lies outside 0 to 1; pass the contributions of one explanation.")
    steps = 10**decimals
    exact = [value * 100 * steps for value in contributions]
    floors = [math.floor(value) for value in exact]
    missing = round(math.fsum(contributions) * 100 * steps) - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda row: (floors[row] - exact[row], row))
    raised = set(by_remainder[:missing])
    return tuple((floors[row] + (row in raised)) / steps for row in range(len(exact)))


def _reason(graph: GoalGraph, result: MeanRollup, edge: int) -> Reason:
    child = graph.children[edge]
    if graph.rules[edge] == AlignmentRule.SUPPORTS:
        return Reason.SUPPORTS
    if graph.excluded[child]:
        return Reason.EXCLUDED
    if result.is_empty[child]:
        return Reason.NOTHING_BELOW
    if graph.weights[edge] == 0:
        return Reason.ZERO_WEIGHT
    if result.unread_share_0_1[child] == 1:
        return Reason.NO_READING
    return Reason.COUNTS


def _settled(products: list[float], progress: float) -> list[float]:
    """The products, the last rounding difference put on the largest, so that their exact sum is right.

    Smaller lines follow only when the largest has too coarse a last digit to take the whole difference.
    """
    settled = list(products)
    for row in sorted(range(len(settled)), key=lambda row: -settled[row]):
        if math.fsum(settled) == progress:
            break
        settled[row] = max(0.0, settled[row] + math.fsum([progress, *(-part for part in settled)]))
    return settled
