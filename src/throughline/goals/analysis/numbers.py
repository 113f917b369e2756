"""The one place where goals ask the library: progress of a key result, roll-ups, and what a number is made of."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from throughline.goals.models import Goal
from throughline.goals.rules import COUNTING_STATES, counts_upwards
from throughline.goals.selectors.graph import Climb, GraphEdge, GraphNode, Neighbourhood, ParentShare
from throughline.goals.selectors.past import PastGraph, PastKeyResult
from throughline.kernel.errors import Invalid
from throughline_analysis.errors import InputError
from throughline_analysis.networks import (
    AlignmentRule,
    Explanation,
    GoalCycle,
    GoalGraph,
    KnownProgress,
    MeanRollup,
    explain,
    goal_graph,
    progress_of_key_result,
    rollup_amounts,
    rollup_ancestors,
    rollup_means,
    shown_points,
)
from throughline_analysis.networks import Milestone as CountedMilestone
from throughline_analysis.networks.graph import LARGEST_WEIGHT, SMALLEST_WEIGHT

Measure = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Progress of one key result: `raw` may lie outside 0 to 1; zero and unread without a reading."""

    raw: float
    progress: float
    has_reading: bool


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The derived numbers of one objective."""

    id: int
    progress: float
    raw: float
    unread_share_0_1: float
    is_empty: bool
    amount: float | None

    @property
    def has_reading(self) -> bool:
        """Whether anything below has been read."""
        return not self.is_empty and self.unread_share_0_1 < 1


def reading_of(
    terms: Goal | PastKeyResult, *, value: float | None, milestones: Iterable[tuple[float, bool]]
) -> Reading:
    """Progress of a key result with these terms at a value; `milestones` are (weight, is done)."""
    counted = [CountedMilestone(is_done=is_done, weight=weight) for weight, is_done in milestones]
    is_unread = not any(item.weight > 0 for item in counted) if terms.measure == "milestones" else value is None
    if is_unread:
        return Reading(0.0, 0.0, has_reading=False)
    try:
        found = progress_of_key_result(
            terms.measure,
            value,
            baseline=terms.baseline,
            target=terms.target,
            low=terms.low,
            high=terms.high,
            milestones=counted,
        )
    except InputError as error:
        raise Invalid({"value": str(error)}) from error
    return Reading(found.raw if found.has_reading else 0.0, found.progress, found.has_reading)


def ancestors_rolled_up(area: Neighbourhood, parents: Collection[ParentShare]) -> list[RolledUp]:
    """New numbers of the goals in `area.inner`, from their own key results and their children's stored numbers.

    `parents`: every contributing parent of the goals in `area` that are counted in an amount.
    """
    ids = list(area.nodes)
    result = rollup_ancestors(_graph(ids, area), _known(ids, area))
    inner = {number: area.nodes[number] for number in area.inner}
    return _results(ids, result, inner, _amounts(area, parents))


def climb_rolled_up(climb: Climb) -> list[RolledUp]:
    """New means of the goals of a climb; what it does not touch stands as one known child of each goal."""
    ids = list(climb.nodes)
    index = {number: row for row, number in enumerate(ids)}
    others = [item for item in climb.others if item.goal_id in index]
    first = len(ids)
    total = first + len(others)
    # A sum of weights may be more than one weight may be; a mean stays the same when all its weights shrink.
    shrink = {item.goal_id: min(1.0, LARGEST_WEIGHT / item.weight) for item in others}
    weights = [edge.weight * shrink.get(edge.parent_id, 1.0) for edge in climb.edges]
    graph = goal_graph(
        [*(index[edge.parent_id] for edge in climb.edges), *(index[item.goal_id] for item in others)],
        [*(index[edge.child_id] for edge in climb.edges), *range(first, total)],
        leaves=[False] * total,
        progress=[math.nan] * total,
        weights=[
            *(weight if weight >= SMALLEST_WEIGHT else 0.0 for weight in weights),
            *(item.weight * shrink[item.goal_id] for item in others),
        ],
        excluded=[not counts_upwards(node.kind, node.state) for node in climb.nodes.values()] + [False] * len(others),
    )
    known = KnownProgress(
        nodes=range(first, total),
        progress=[min(max(item.progress / item.weight, 0.0), 1.0) for item in others],
        raw=[item.raw / item.weight for item in others],
        unread_share_0_1=[min(max(item.unread / item.weight, 0.0), 1.0) for item in others],
        is_empty=[False] * len(others),
    )
    result = rollup_ancestors(graph, known)
    return _results(ids, result, climb.nodes, {})


def everything_rolled_up(area: Neighbourhood) -> list[RolledUp]:
    """New numbers of every objective of the organisation."""
    ids = list(area.nodes)
    graph = _graph(ids, area)
    result = rollup_means(graph)
    numbers = _measure_numbers(node.measure for node in area.nodes.values())
    amounts: dict[int, float] = {}
    if numbers:
        rolled = rollup_amounts(
            graph,
            [_value(node) for node in area.nodes.values()],
            measures=np.array([_measure(node, numbers) for node in area.nodes.values()], dtype=np.intp),
        )
        amounts = {
            number: float(amount)
            for number, amount, is_empty in zip(ids, rolled.amount, rolled.is_empty, strict=True)
            if not is_empty
        }
    return _results(ids, result, {number: area.nodes[number] for number in area.inner}, amounts)


def _graph(ids: Sequence[int], area: Neighbourhood) -> GoalGraph:
    index = {number: row for row, number in enumerate(ids)}
    nodes = [area.nodes[number] for number in ids]
    return goal_graph(
        [index[edge.parent_id] for edge in area.edges],
        [index[edge.child_id] for edge in area.edges],
        leaves=[node.kind == "key_result" for node in nodes],
        progress=[node.raw if node.has_reading else math.nan for node in nodes],
        weights=[edge.weight for edge in area.edges],
        rules=[_rule(edge) for edge in area.edges],
        excluded=[not counts_upwards(node.kind, node.state) for node in nodes],
    )


def _rule(edge: GraphEdge) -> AlignmentRule:
    return AlignmentRule.CONTRIBUTES if edge.is_counted else AlignmentRule.SUPPORTS


def _known(ids: Sequence[int], area: Neighbourhood) -> KnownProgress:
    inner = set(area.inner)
    rows = [
        (row, area.nodes[number])
        for row, number in enumerate(ids)
        if number not in inner and area.nodes[number].kind == "objective"
    ]
    return KnownProgress(
        nodes=[row for row, _ in rows],
        progress=[node.progress for _, node in rows],
        raw=[node.raw for _, node in rows],
        unread_share_0_1=[node.unread_share_0_1 for _, node in rows],
        is_empty=[node.is_empty for _, node in rows],
    )


def _results(
    ids: Sequence[int], result: MeanRollup, inner: Mapping[int, GraphNode], amounts: Mapping[int, float]
) -> list[RolledUp]:
    found: list[RolledUp] = []
    columns = zip(
        ids,
        result.progress.tolist(),
        result.raw.tolist(),
        result.unread_share_0_1.tolist(),
        result.is_empty.tolist(),
        strict=False,
    )
    for number, progress, raw, unread, is_empty in columns:
        if number not in inner or inner[number].kind != "objective":
            continue
        if is_empty:
            found.append(RolledUp(number, 0.0, 0.0, 1.0, is_empty=True, amount=amounts.get(number)))
        else:
            found.append(RolledUp(number, progress, raw, unread, False, amounts.get(number)))
    return found


def _measure_numbers(measures: Iterable[Measure | None]) -> dict[Measure, int]:
    return {measure: row for row, measure in enumerate(sorted({item for item in measures if item is not None}))}


def _measure(node: GraphNode, numbers: dict[Measure, int]) -> int:
    return numbers.get(node.measure, -1) if node.measure is not None else -1


def _value(node: GraphNode) -> float:
    return node.value if node.value is not None else math.nan


def _amounts(area: Neighbourhood, parents: Collection[ParentShare]) -> dict[int, float]:
    """Amounts of the inner goals. Children with stored amounts stand as leaves; parents outside only take their share."""
    inner = set(area.inner)
    numbers = _measure_numbers(node.measure for node in area.nodes.values())
    nodes = list(area.nodes.values())
    index = {node.id: row for row, node in enumerate(nodes)}
    measures = [_measure(node, numbers) for node in nodes]
    leaves = [node.id not in inner for node in nodes]
    values = [
        math.nan if node.id in inner else _value(node) if node.kind == "key_result" else _stored(node) for node in nodes
    ]
    excluded = [not counts_upwards(node.kind, node.state) for node in nodes]
    # A known child goal without an amount has nothing to pass up; a key result without a reading counts as zero.
    for row, node in enumerate(nodes):
        if leaves[row] and node.kind != "key_result" and node.amount is None:
            measures[row] = -1
    edges = [(index[edge.parent_id], index[edge.child_id], edge.weight) for edge in area.edges if edge.is_counted]
    outside: dict[int, int] = {}
    for share in parents:
        if share.parent_id in inner or share.child_id not in index:
            continue
        if share.parent_id not in outside:
            outside[share.parent_id] = len(leaves)
            leaves.append(False)
            values.append(math.nan)
            measures.append(numbers.get((share.metric_key, share.metric_unit), -1) if share.metric_key else -1)
            excluded.append(share.state not in COUNTING_STATES)
        edges.append((outside[share.parent_id], index[share.child_id], share.weight))
    graph = goal_graph(
        [edge[0] for edge in edges],
        [edge[1] for edge in edges],
        leaves=leaves,
        progress=[math.nan] * len(leaves),
        weights=[edge[2] for edge in edges],
        excluded=excluded,
    )
    rolled = rollup_amounts(graph, values, measures=np.array(measures, dtype=np.intp))
    return {number: float(rolled.amount[index[number]]) for number in inner if not rolled.is_empty[index[number]]}


def _stored(node: GraphNode) -> float:
    return node.amount if node.amount is not None else math.nan


def explanation_now(area: Neighbourhood, goal_id: int) -> tuple[list[int], Explanation]:
    """A goal's stored number line by line; the list translates the library's node numbers to ids."""
    ids = list(area.nodes)
    return ids, explain(_graph(ids, area), ids.index(goal_id), known=_known(ids, area))


def explanation_then(past: PastGraph) -> tuple[list[int], Explanation]:
    """A goal's number at the end of a past day, from that day's readings, terms, states and alignments."""
    ids = [*past.objective_ids, *(part.id for part in past.key_results)]
    index = {number: row for row, number in enumerate(ids)}
    raws = [math.nan] * len(past.objective_ids)
    for part in past.key_results:
        reading = reading_of(part, value=part.value, milestones=part.milestones)
        raws.append(reading.raw if reading.has_reading else math.nan)
    own = [GraphEdge(part.objective_id, part.id, part.weight, is_counted=True) for part in past.key_results]
    edges = [*past.edges, *own]
    excluded = [past.states.get(number) not in COUNTING_STATES for number in past.objective_ids]
    graph = goal_graph(
        [index[edge.parent_id] for edge in edges],
        [index[edge.child_id] for edge in edges],
        leaves=[False] * len(past.objective_ids) + [True] * len(past.key_results),
        progress=raws,
        weights=[edge.weight for edge in edges],
        rules=[_rule(edge) for edge in edges],
        excluded=excluded + [False] * len(past.key_results),
    )
    return ids, explain(graph, index[past.goal_id])


def points_shown(contributions: Sequence[float]) -> tuple[float, ...]:
    """Contributions in whole percentage points that still add up to the rounded total."""
    return shown_points([min(max(value, 0.0), 1.0) for value in contributions], decimals=1)


def percent(share_0_1: float) -> float:
    """A share as percent with one digit."""
    return round(share_0_1 * 100, 1)


def circle_among(parents: Sequence[int], children: Sequence[int]) -> tuple[int, ...]:
    """Goals that would stand above themselves through these alignments; empty when there is no circle."""
    ids, rows = np.unique(
        np.concatenate([np.array(parents, np.int64), np.array(children, np.int64)]), return_inverse=True
    )
    try:
        goal_graph(
            rows[: len(parents)],
            rows[len(parents) :],
            leaves=np.zeros(len(ids), dtype=np.bool_),
            progress=np.zeros(len(ids)),
        )
    except GoalCycle as circle:
        return tuple(int(ids[node]) for node in circle.nodes)
    return ()
