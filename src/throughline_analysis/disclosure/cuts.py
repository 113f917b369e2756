"""Two divisions of the same people: how few people separate sums of groups of one from sums of groups of the other?

Draw every group as a node and every person as an edge between the two groups he or she is in. Adding groups of one
division and subtracting groups of the other leaves the people on edges that a cut of this graph crosses, and every
such cut can be had. So every number obtained from the two divisions is about at least as many people as the
smallest cut of a connected part, or about none.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError

# Group number of people who are not in a division at all; one node stands for them in both.
OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class MinimumCut:
    """`weight` people separate one side from the rest; `sides` are the groups of one side, for each cut that was
    found with fewer people than asked for, the smallest cut last.

    Sides are (n_groups,) flags per division: `first[i]`, `second[i]`. Where no cut is smaller than `enough`, `weight`
    is only known to be at least that, and there are no sides.
    """

    weight: int
    sides: tuple[CutSide, ...]


@dataclass(frozen=True, eq=False)
class CutSide:
    """Groups on one side of a cut, and `people` (n_people,) True for those the cut crosses."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    people: NDArray[np.bool_]


def minimum_cut(first: ArrayLike, second: ArrayLike, *, enough: int | None = None) -> MinimumCut:
    """Fewest people that separate the groups of two divisions into two sides, in any connected part.

    Parameters
    ----------
    first, second : (n_people,) of int
        Group of each person in either division, from 0; -1 for people outside a division.
    enough : int, optional
        Stop at the first cuts with fewer people than this, or when there are none.

    Returns
    -------
    MinimumCut
        The cut.

    Raises
    ------
    InputError
        Lengths differ, there is nobody, or a number is no group number.

    Notes
    -----
    Nagamochi, Ono and Ibaraki: along a maximum adjacency order, edges whose ends are at least as connected as the
    smallest cut known are contracted, until every part is one node. Cost O(edges log edges) a pass; few passes.

    Source
    ------
    Nagamochi, Ono and Ibaraki (1994), Mathematical Programming 67:325-341, doi:10.1007/BF01582226;
    Stoer and Wagner (1997), Journal of the ACM 44:585-591, doi:10.1145/263867.263872.

    Examples
    --------
    Two teams and two sites; only two people of the first team are at the second site:

    >>> cut = minimum_cut([0] * 8 + [1] * 6, [0] * 6 + [1] * 2 + [1] * 6)
    >>> cut.weight
    2
    """
    one, other = np.asarray(first), np.asarray(second)
    if one.dtype.kind not in "iu" or other.dtype.kind not in "iu" or min(one.min(initial=0), other.min(initial=0)) < -1:
        raise InputError("Group numbers must be whole numbers from 0, with -1 for people outside a division.")
    one, other = one.astype(np.int64), other.astype(np.int64)
    if one.ndim != 1 or one.shape != other.shape or not len(one):
        raise InputError(f"There are {one.shape} and {other.shape} group numbers; give one of each per person.")
    graph = _Graph(one, other)
    best = len(one) + 1
    found: list[CutSide] = []
    while True:
        loosest = graph.loosest_nodes(below=best if enough is None else min(best, enough))
        for node, weight in loosest:
            best = min(best, weight)
            found.append(graph.side_of(node))
        is_settled = enough is not None and best < enough
        if is_settled or not graph.contract(best if enough is None else min(best, enough)):
            break
    return MinimumCut(weight=best if enough is None or best < enough else enough, sides=tuple(found))


class _Graph:
    """Nodes are groups, numbered 0 for outside, then the first division, then the second."""

    def __init__(self, first: IntArray, second: IntArray) -> None:
        self.first, self.second = first, second
        self.offset = int(first.max()) + 2
        self.ends = np.stack([first + 1, np.where(second == OUTSIDE, 0, second + self.offset)])
        self.n_nodes = self.offset + int(second.max()) + 2
        self.label = np.arange(self.n_nodes)
        self._collect()

    def _collect(self) -> None:
        """Neighbours with weights of the contracted graph, without loops."""
        left, right = np.sort(self.label[self.ends], axis=0)
        pairs, weights = np.unique((left * self.n_nodes + right)[left != right], return_counts=True)
        self.edges = (pairs // self.n_nodes, pairs % self.n_nodes, weights)

    def loosest_nodes(self, *, below: int) -> list[tuple[int, int]]:
        """Nodes with fewer crossing people than `below`, in falling order."""
        left, right, weights = self.edges
        degree = np.bincount(left, weights, self.n_nodes) + np.bincount(right, weights, self.n_nodes)
        loose = np.flatnonzero((degree > 0) & (degree < below))
        order = loose[np.argsort(-degree[loose], kind="stable")]
        return [(int(node), int(degree[node])) for node in order]

    def side_of(self, node: int) -> CutSide:
        inside = self.label == node
        ends = inside[self.ends]
        groups = np.flatnonzero(inside)
        first = groups[(groups > 0) & (groups < self.offset)] - 1
        second = groups[groups >= self.offset] - self.offset
        return CutSide(tuple(first.tolist()), tuple(second.tolist()), people=ends[0] != ends[1])

    def contract(self, connected: int) -> bool:
        """Contract what no cut smaller than `connected` separates; False when nothing is left to contract."""
        left, right, weights = (part.tolist() for part in self.edges)
        if not left:
            return False
        neighbours: dict[int, list[tuple[int, int]]] = {}
        for a, b, weight in zip(left, right, weights, strict=True):
            neighbours.setdefault(a, []).append((b, weight))
            neighbours.setdefault(b, []).append((a, weight))
        above = list(range(self.n_nodes))

        def top(node: int) -> int:
            while above[node] != node:
                above[node] = above[above[node]]
                node = above[node]
            return node

        reach = dict.fromkeys(neighbours, 0)
        waiting = [(0, node) for node in neighbours]
        heapq.heapify(waiting)
        done: set[int] = set()
        while waiting:
            _, node = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            for other, weight in neighbours[node]:
                if other not in done:
                    reach[other] += weight
                    if reach[other] >= connected:
                        above[top(other)] = top(node)
                    heapq.heappush(waiting, (-reach[other], other))
        joined = np.array([top(node) for node in range(self.n_nodes)])
        self.label = joined[self.label]
        self._collect()
        return True
