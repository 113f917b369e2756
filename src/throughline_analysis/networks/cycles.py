"""Circles among goals: every one found, the shortest of each named, and the one an alignment would close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.networks.graph import AlignmentRule, GoalGraph
from throughline_analysis.networks.levels import NAMED_IN_MESSAGE, IndexArray, grouped


@dataclass(frozen=True)
class Knot:
    """Goals that all lie below each other. `circle` is a shortest way around, parent before child, smallest first.

    As long as a knot has more goals than its circle, or alignments to spare, removing one alignment of the circle may
    leave another circle.
    """

    nodes: tuple[int, ...]
    circle: tuple[int, ...]
    n_alignments: int
    sentence: str


def find_cycles(
    parents: ArrayLike,
    children: ArrayLike,
    *,
    n_nodes: int,
    rules: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> tuple[Knot, ...]:
    """Every group of goals that contribute to each other in circles, each with a shortest circle, named.

    Parameters
    ----------
    parents, children, rules
        As for `goal_graph`; supporting alignments close no circle.
    n_nodes : int
        Nodes are 0 to n_nodes - 1.
    names : sequence of str, optional
        What each node is called; its number unless given.

    Returns
    -------
    tuple of Knot
        Empty when `goal_graph` would take these alignments; in ascending order of smallest node.

    Raises
    ------
    InputError
        Shapes differ, a node is out of range, or there are fewer names than nodes.

    Notes
    -----
    Knots are the strongly connected components with a circle. The circle named is a shortest one of its knot: people
    see two or three goals, not forty. Cost O(n_nodes + n_edges), and for each knot its nodes times its alignments.

    Source
    ------
    Tarjan (1972), SIAM Journal on Computing 1:146-160, doi:10.1137/0201010.

    Examples
    --------
    >>> knots = find_cycles([0, 1, 2], [1, 2, 1], n_nodes=3, names=["Grow", "Sell more", "Hire"])
    >>> knots[0].circle
    (1, 2)
    >>> knots[0].sentence
    'Sell more -> Hire -> Sell more: each contributes to the one before. Remove one of these alignments.'
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    above, below = _edges(parents, children, rules=rules, n_nodes=n_nodes)
    if names is not None and len(names) < n_nodes:
        raise InputError(f"There are {len(names)} names for {n_nodes} nodes; give one per node.")
    matrix = csr_array((np.ones(len(above), dtype=np.int8), (above, below)), shape=(n_nodes, n_nodes))
    _, group = connected_components(matrix, directed=True, connection="strong") if n_nodes else (0, np.empty(0, int))
    inside = group[above] == group[below]
    above, below = above[inside], below[inside]
    order = np.argsort(group[above], kind="stable")
    begins = np.flatnonzero(np.diff(group[above][order], prepend=-1))
    knots = []
    for rows in np.split(order, begins[1:]) if len(order) else []:
        circle = _shortest_circle(above[rows], below[rows])
        called = [str(node) if names is None else names[node] for node in circle[:NAMED_IN_MESSAGE]]
        if len(circle) > NAMED_IN_MESSAGE:
            called.append(f"({len(circle) - NAMED_IN_MESSAGE} more)")
        knots.append(
            Knot(
                nodes=tuple(np.unique(above[rows]).tolist()),
                circle=circle,
                n_alignments=len(rows),
                sentence=f"{' -> '.join([*called, called[0]])}: each contributes to the one before. "
                "Remove one of these alignments.",
            )
        )
    return tuple(sorted(knots, key=lambda knot: knot.nodes[0]))


def closing_path(graph: GoalGraph, parent: int, *, child: int) -> tuple[int, ...]:
    """The way that aligning `child` to `parent` would close to a circle; empty when it would close none.

    Parameters
    ----------
    graph : GoalGraph
        As it is now.
    parent, child : int
        The alignment somebody is about to make.

    Returns
    -------
    tuple of int
        A shortest way down from the child to the parent, both included; the child alone when both are the same.

    Raises
    ------
    InputError
        A node is not in the graph.

    Notes
    -----
    Ask before the change rather than catch `GoalCycle` after it. Cost: that of what lies below the child.

    Examples
    --------
    >>> graph = goal_graph([0, 1], [1, 2], leaves=[False] * 3, progress=[0] * 3)
    >>> closing_path(graph, 2, child=0), closing_path(graph, 0, child=2)
    ((0, 1, 2), ())
    """
    graph.require_node(parent)
    graph.require_node(child)
    came_from = {child: -1}
    frontier = [child]
    while frontier and parent not in came_from:
        reached = []
        for node in frontier:
            rows = graph.edges_below(node)
            counting = graph.rules[rows] == AlignmentRule.CONTRIBUTES
            for below in graph.children[rows][counting].tolist():
                if below not in came_from:
                    came_from[below] = node
                    reached.append(below)
        frontier = reached
    if parent not in came_from:
        return ()
    way = [parent]
    while came_from[way[-1]] >= 0:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def _edges(
    parents: ArrayLike, children: ArrayLike, *, rules: ArrayLike | None, n_nodes: int
) -> tuple[IndexArray, IndexArray]:
    columns = []
    for name, given in (("parents", np.array(parents)), ("children", np.array(children))):
        numbers = given.astype(np.intp) if given.size == 0 else given
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
            raise InputError(f"`{name}` must be one row of whole numbers, one per edge.")
        if len(numbers) and (numbers.min() < 0 or numbers.max() >= n_nodes):
            raise InputError(f"`{name}` names a node outside 0 to {n_nodes - 1}.")
        columns.append(numbers.astype(np.intp))
    if len(columns[0]) != len(columns[1]):
        raise InputError("Give one parent and one child per edge.")
    if rules is None:
        return columns[0], columns[1]
    kept = np.array(rules)
    if kept.shape != columns[0].shape:
        raise InputError("`rules` must have one entry per edge.")
    contributes = kept == AlignmentRule.CONTRIBUTES
    return columns[0][contributes], columns[1][contributes]


def _shortest_circle(above: IndexArray, below: IndexArray) -> tuple[int, ...]:
    """A shortest way around in a strongly connected part, by a search from each node that stops when it is beaten."""
    nodes, numbers = np.unique(np.concatenate([above, below]), return_inverse=True)
    by_parent = grouped(numbers[: len(above)], len(nodes))
    children = numbers[len(above) :][by_parent.order].tolist()
    starts = by_parent.starts.tolist()
    best: list[int] = []
    for start in range(len(nodes)):
        came_from, frontier, steps, closed = {start: -1}, [start], 1, -1
        while frontier and closed < 0 and (not best or steps < len(best)):
            reached = []
            for node in frontier:
                for child in children[starts[node] : starts[node + 1]]:
                    if child == start:
                        closed = node
                    if child not in came_from:
                        came_from[child] = node
                        reached.append(child)
                if closed >= 0:
                    break
            frontier, steps = reached, steps + 1
        if closed >= 0:
            best = [closed]
            while came_from[best[-1]] >= 0:
                best.append(came_from[best[-1]])
            # Nothing is shorter than a loop, and as many alignments as nodes are one circle.
            if len(best) == 1 or len(above) == len(nodes):
                break
    circle = [int(nodes[number]) for number in reversed(best)]
    smallest = circle.index(min(circle))
    return tuple(circle[smallest:] + circle[:smallest])
