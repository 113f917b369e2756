"""How unevenly key results weigh in the whole when every goal counts its parts alike: one company's year of goals."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from matplotlib.figure import Figure

from throughline_analysis.networks import LeafWeights, goal_graph, leaf_weights

NODE = "{http://graphml.graphdrawing.org/xmlns}node"


def draw(data: Path) -> Figure:
    """Weight of every key result in the whole, by how many goals lie between; the line is one equal part each."""
    weights, depth = weights_of_the_year(data / "okrs-sourced" / "2018.graphml")
    figure = Figure(figsize=(7.2, 4.0))
    axes = figure.subplots()
    rng = np.random.default_rng(1)
    aside = rng.uniform(-0.3, 0.3, len(depth))
    axes.axhline(100 / len(depth), color="#888888", linewidth=1, label=f"one {len(depth)}th each")
    axes.plot(depth + aside, 100 * weights.weights, "o", color="#12355b", markersize=3.2, alpha=0.6)
    axes.set_yscale("log")
    axes.set_xticks(np.unique(depth))
    axes.set_xlabel("goals between a key result and the whole")
    axes.set_ylabel("weight in the whole, per cent")
    axes.legend(frameon=False, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    heaviest, lightest = 100 * weights.weights.max(), 100 * weights.weights.min()
    axes.set_title(f"{len(depth)} key results weigh between {lightest:.2g} and {heaviest:.2g} per cent", fontsize=11)
    return figure


def weights_of_the_year(path: Path) -> tuple[LeafWeights, np.ndarray]:
    """Leaf weights of the whole over the nesting of the file, and how many goals lie above each leaf."""
    names = [node.attrib["id"] for node in ElementTree.parse(path).iter(NODE)]
    number = {name: row + 1 for row, name in enumerate(names)}
    # A name such as n0::n2::n1 says which node it lies in; what lies in none belongs to the whole, node 0.
    parents = [number[name.rpartition("::")[0]] if "::" in name else 0 for name in names]
    children = list(number.values())
    is_leaf = np.ones(len(names) + 1, dtype=bool)
    is_leaf[parents] = False
    graph = goal_graph(parents, children, leaves=is_leaf, progress=np.where(is_leaf, 0.5, np.nan))
    weights = leaf_weights(graph, 0)
    depth = np.array([names[leaf - 1].count("::") for leaf in weights.leaves.tolist()])
    return weights, depth
