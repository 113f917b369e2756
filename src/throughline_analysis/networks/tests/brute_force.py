"""The definitions of the roll-up written out path by path: slow, and too plain to be wrong the same way."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from throughline_analysis.networks import AlignmentRule, GoalGraph, goal_graph

READINGS = st.one_of(st.just(float("nan")), st.sampled_from([0.0, 0.25, 1.0, 1.5, -0.5]), st.floats(-2, 3))
WEIGHTS = st.one_of(st.just(0.0), st.just(1.0), st.floats(0.01, 100))


@dataclass(frozen=True)
class PlainGraph:
    """Rows of a small random graph. Edges lead from smaller to larger numbers before renumbering."""

    n_nodes: int
    edges: list[tuple[int, int, float, int]]
    leaves: list[bool]
    progress: list[float]
    excluded: list[bool]
    below: dict[int, list[tuple[int, float]]] = field(default_factory=dict)

    def built(self, rows: list[int] | None = None) -> GoalGraph:
        """The same graph through the public door, its rows in the given order."""
        edges = self.edges if rows is None else [self.edges[row] for row in rows]
        return goal_graph(
            [edge[0] for edge in edges],
            [edge[1] for edge in edges],
            weights=[edge[2] for edge in edges],
            rules=[edge[3] for edge in edges],
            leaves=self.leaves,
            progress=self.progress,
            excluded=self.excluded,
        )

    def has_leaf_that_counts(self, node: int) -> bool:
        """Whether anything is left to roll up at a node."""
        return self.leaves[node] or bool(self.counting_children(node))

    def counting_children(self, node: int) -> list[tuple[int, float]]:
        """Children that are part of the mean, with normalised weights."""
        if node not in self.below:
            kept = [
                (child, weight)
                for parent, child, weight, rule in self.edges
                if parent == node
                and rule == AlignmentRule.CONTRIBUTES
                and weight > 0
                and not self.excluded[child]
                and self.has_leaf_that_counts(child)
            ]
            total = sum(weight for _, weight in kept)
            self.below[node] = [(child, weight / total) for child, weight in kept]
        return self.below[node]

    def leaf_paths(self, node: int) -> list[tuple[tuple[int, ...], float]]:
        """Every way down from a node to a leaf, with the product of its normalised weights."""
        if self.leaves[node]:
            return [((node,), 1.0)]
        return [
            ((node, *path), share * product)
            for child, share in self.counting_children(node)
            for path, product in self.leaf_paths(child)
        ]


@st.composite
def plain_graphs(draw: Any, max_nodes: int = 9) -> PlainGraph:
    """Random small graphs with unread leaves, childless goals, zero weights, support and exclusions."""
    n_nodes = draw(st.integers(1, max_nodes))
    pairs = [(a, b) for a in range(n_nodes) for b in range(a + 1, n_nodes)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=18)) if pairs else []
    names = draw(st.permutations(range(n_nodes)))
    rules = [draw(st.sampled_from([0, 0, 0, 0, 1])) for _ in chosen]
    edges = [(names[a], names[b], draw(WEIGHTS), rule) for (a, b), rule in zip(chosen, rules, strict=True)]
    has_children = {edge[0] for edge in edges if edge[3] == AlignmentRule.CONTRIBUTES}
    return PlainGraph(
        n_nodes=n_nodes,
        edges=edges,
        leaves=[node not in has_children and draw(st.integers(0, 5)) > 0 for node in range(n_nodes)],
        progress=[draw(READINGS) for _ in range(n_nodes)],
        excluded=[draw(st.integers(0, 5)) == 0 for _ in range(n_nodes)],
    )
