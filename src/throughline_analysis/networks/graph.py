"""The input of every calculation on goals: who contributes to whom, and what has been read."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.errors import InputError
from throughline_analysis.networks.levels import (
    SMALL,
    BoolArray,
    FloatArray,
    Groups,
    IndexArray,
    Levels,
    grouped,
    levels_of,
)

RuleArray = NDArray[np.int8]
Array = TypeVar("Array", IndexArray, FloatArray, BoolArray, RuleArray)

# A weight outside these bounds is a slip of the keyboard, and sums of such weights would lose digits or
# overflow.
SMALLEST_WEIGHT = 1e-9
LARGEST_WEIGHT = 1e9
# Far beyond any sensible overshoot; keeps sums over millions of edges finite.
LARGEST_RAW = 1e100


class AlignmentRule(IntEnum):
    """How a child is aligned to its parent. Only contributing children count; supporting ones are shown."""

    CONTRIBUTES = 0
    SUPPORTS = 1


@dataclass(frozen=True, eq=False)
class GoalGraph:
    """Checked, read-only graph of goals; make one with `goal_graph`.

    Edges are kept sorted by parent, then child; the children of a node are `children[starts[node]:starts[node
    + 1]]`. `levels` is the order of calculation, found once.
    """

    n_nodes: int
    parents: IndexArray
    children: IndexArray
    weights: FloatArray
    rules: RuleArray
    starts: IndexArray
    leaves: BoolArray
    progress: FloatArray
    excluded: BoolArray
    levels: Levels

    @property
    def n_edges(self) -> int:
        """Number of edges, supporting ones included."""
        return len(self.parents)

    def edges_below(self, node: int) -> slice:
        """Rows of the edges that lead down from `node`."""
        return slice(int(self.starts[node]), int(self.starts[node + 1]))

    def require_node(self, node: int) -> None:
        """Raise InputError unless `node` is a node of this graph."""
        if not 0 <= node < self.n_nodes:
            raise InputError(f"Node {node} is not in the graph, whose nodes are 0 to {self.n_nodes - 1}.")


def goal_graph(
    parents: ArrayLike,
    children: ArrayLike,
    *,
    leaves: ArrayLike,
    progress: ArrayLike,
    weights: ArrayLike | None = None,
    rules: ArrayLike | None = None,
    excluded: ArrayLike | None = None,
) -> GoalGraph:
    """Graph of goals, checked once so that every calculation on it has an answer.

    Parameters
    ----------
    parents, children : (n_edges,) of int
        Each row says that the child is aligned to the parent. Node numbers run from 0 to n_nodes - 1; row
        order is of no importance.
    leaves : (n_nodes,) of bool
        True for what is measured itself (a key result). A leaf has no contributing children.
    progress : (n_nodes,) of float, nan for no reading
        Raw progress of each leaf, 1 = reached; may lie outside [0, 1]. Ignored where `leaves` is False.
    weights : (n_edges,) of float, 0 or within [1e-9, 1e9]; 1 unless given
        Weight of the child among the children of its parent. Zero: aligned, but does not count.
    rules : (n_edges,) of AlignmentRule; contributes unless given
        A supporting child never counts.
    excluded : (n_nodes,) of bool; False unless given
        True for what does not count for its parents: candidates, proposals, dropped goals.

    Returns
    -------
    GoalGraph
        Own, read-only copies of the input, edges sorted by parent, then child.

    Raises
    ------
    InputError
        Shapes differ, a number is out of range, a pair is given twice, a goal is its own parent, or a leaf
        has contributing children.
    GoalCycle
        Goals contribute to each other in a circle; `nodes` names one. (An InputError.)

    Notes
    -----
    A pair given twice is refused and not summed: a doubled row is more often an import run twice than a wish.
    Circles that only close through a supporting edge are harmless, and allowed. An empty graph is legal.
    Cost O(n_nodes + n_edges) plus some microseconds per level.

    Examples
    --------
    >>> graph = goal_graph([0, 0], [2, 1], leaves=[False, True, True], progress=[0, 0.5, float("nan")])
    >>> graph.children.tolist()
    [1, 2]
    """
    is_leaf = _flags(leaves, "leaves")
    n_nodes = len(is_leaf)
    above = _nodes(parents, "parents", n_nodes=n_nodes)
    below = _nodes(children, "children", n_nodes=n_nodes)
    if len(above) != len(below):
        raise InputError(f"There are {len(above)} parents but {len(below)} children; give one of each per edge.")
    n_edges = len(above)
    weight = np.ones(n_edges) if weights is None else _weights(weights, n_edges)
    rule = np.zeros(n_edges, dtype=np.int8) if rules is None else _rules(rules, n_edges)
    is_excluded = np.zeros(n_nodes, dtype=np.bool_) if excluded is None else _flags(excluded, "excluded")
    if len(is_excluded) != n_nodes:
        raise InputError(f"`excluded` has {len(is_excluded)} entries for {n_nodes} nodes; give one per node.")
    raw = _raw_progress(progress, is_leaf)
    order, upwards = _by_parent_then_child(above, below, n_nodes)
    above, below, rule = above[order], below[order], rule[order]
    _require_sound_edges(above, below, is_measured=is_leaf[above] & (rule == AlignmentRule.CONTRIBUTES))
    contributing = np.flatnonzero(rule == AlignmentRule.CONTRIBUTES)
    if len(contributing) < n_edges:
        upwards = None
    starts = np.zeros(n_nodes + 1, dtype=np.intp)
    np.bincount(above, minlength=n_nodes).cumsum(out=starts[1:])
    return GoalGraph(
        n_nodes=n_nodes,
        parents=_sealed(above),
        children=_sealed(below),
        weights=_sealed(weight[order]),
        rules=_sealed(rule),
        starts=_sealed(starts),
        leaves=_sealed(is_leaf),
        progress=_sealed(raw),
        excluded=_sealed(is_excluded),
        levels=levels_of(above, below, contributing=contributing, n_nodes=n_nodes, parents_by_child=upwards),
    )


def _by_parent_then_child(parents: IndexArray, children: IndexArray, n_nodes: int) -> tuple[IndexArray, Groups | None]:
    """Rows sorted so that sums do not depend on the order they were given in; parents by child where at hand."""
    if len(parents) < SMALL:
        return np.argsort(parents * n_nodes + children, kind="stable"), None
    # Two stable passes, each a counting sort: by child, then by parent.
    by_child = grouped(children, n_nodes)
    parents_by_child = parents[by_child.order]
    order = by_child.order[grouped(parents_by_child, n_nodes).order]
    return order, Groups(order=parents_by_child, starts=by_child.starts)


def _require_sound_edges(parents: IndexArray, children: IndexArray, *, is_measured: BoolArray) -> None:
    own = np.flatnonzero(parents == children)
    if len(own):
        raise InputError(f"Node {parents[own[0]]} is given as its own parent; remove that alignment.")
    twice = np.flatnonzero((parents[1:] == parents[:-1]) & (children[1:] == children[:-1]))
    if len(twice):
        pair = f"{parents[twice[0]]} -> {children[twice[0]]}"
        raise InputError(f"The alignment {pair} is given more than once; keep one row with the weight you mean.")
    measured = np.flatnonzero(is_measured)
    if len(measured):
        raise InputError(
            f"Node {parents[measured[0]]} is measured itself and also has contributing children; "
            "align the children to a goal above it, or let them support it."
        )


def _nodes(values: ArrayLike, name: str, *, n_nodes: int) -> IndexArray:
    given = np.asarray(values)
    if given.size == 0:
        given = given.astype(np.intp)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError(f"`{name}` must be one row of whole numbers, one per edge.")
    nodes = given.astype(np.intp, copy=False)
    # Read without a sign, a negative number is larger than any number of nodes.
    if len(nodes) and nodes.view(np.uintp).max() >= n_nodes:
        wrong = nodes[(nodes < 0) | (nodes >= n_nodes)][0]
        raise InputError(f"`{name}` names node {wrong}, but the nodes are 0 to {n_nodes - 1}.")
    return nodes


def _flags(values: ArrayLike, name: str) -> BoolArray:
    given = np.asarray(values)
    if given.size == 0:
        given = given.astype(np.bool_)
    if given.ndim != 1 or given.dtype.kind != "b":
        raise InputError(f"`{name}` must be one row of True or False, one per node.")
    return np.array(given, dtype=np.bool_)


def _weights(values: ArrayLike, n_edges: int) -> FloatArray:
    weights = np.asarray(values, dtype=np.float64)
    if weights.shape != (n_edges,):
        raise InputError(f"`weights` has shape {weights.shape} for {n_edges} edges; give one weight per edge.")
    inside = (weights == 0) | ((weights >= SMALLEST_WEIGHT) & (weights <= LARGEST_WEIGHT))
    if not inside.all():
        row = int(np.flatnonzero(~inside)[0])
        raise InputError(
            f"The weight in row {row} is {weights[row]:g}; a weight is 0 or from {SMALLEST_WEIGHT:g} "
            f"to {LARGEST_WEIGHT:g}. Leave a child out with 0, never with a negative weight."
        )
    return weights


def _rules(values: ArrayLike, n_edges: int) -> RuleArray:
    rules = np.array(values)
    if rules.shape != (n_edges,):
        raise InputError(f"`rules` has shape {rules.shape} for {n_edges} edges; give one rule per edge.")
    known = (rules == AlignmentRule.CONTRIBUTES) | (rules == AlignmentRule.SUPPORTS)
    if not known.all():
        row = int(np.flatnonzero(~known)[0])
        raise InputError(f"The rule in row {row} is {rules[row]}; use AlignmentRule.CONTRIBUTES or SUPPORTS.")
    return rules.astype(np.int8)


def _raw_progress(values: ArrayLike, is_leaf: BoolArray) -> FloatArray:
    raw = np.array(values, dtype=np.float64)
    if raw.shape != is_leaf.shape:
        raise InputError(f"`progress` has shape {raw.shape} for {len(is_leaf)} nodes; give one number per node.")
    raw[~is_leaf] = np.nan
    # A comparison with nan is False, so "no reading" passes.
    wild = np.flatnonzero(np.abs(raw) > LARGEST_RAW)
    if len(wild):
        raise InputError(f"The progress of node {wild[0]} is {raw[wild[0]]:g}; check its baseline and target.")
    return raw


def _sealed(array: Array) -> Array:
    array.setflags(write=False)
    return array
