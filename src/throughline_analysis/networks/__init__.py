"""Goals as a network: how progress and amounts travel from key results to the goals above them.

Two questions, two rules, never mixed:

- *How far are we?* A mean, normalised at the parent: `rollup_means`, `rollup_ancestors`, `explain`,
  `leaf_weights`, `leaf_paths`.
- *How much is it together?* An amount, normalised at the child, nothing counts twice: `rollup_amounts`.

Nodes are numbered from 0; an edge leads from a parent to a child that contributes to it. Build the input once
with `goal_graph`; it checks everything and is never changed by a calculation.
"""

from throughline_analysis.networks.amounts import AmountRollup, rollup_amounts
from throughline_analysis.networks.explaining import Explanation, Line, Reason, explain, shown_points
from throughline_analysis.networks.graph import AlignmentRule, GoalGraph, goal_graph
from throughline_analysis.networks.key_results import (
    KeyResultKind,
    KeyResultProgress,
    Milestone,
    band_progress,
    linear_progress,
    progress_of_key_result,
)
from throughline_analysis.networks.leaves import LeafPath, LeafPaths, LeafWeights, leaf_paths, leaf_weights
from throughline_analysis.networks.levels import GoalCycle
from throughline_analysis.networks.means import KnownProgress, MeanRollup, rollup_ancestors, rollup_means

__all__ = [
    "AlignmentRule",
    "AmountRollup",
    "Explanation",
    "GoalCycle",
    "GoalGraph",
    "KeyResultKind",
    "KeyResultProgress",
    "KnownProgress",
    "LeafPath",
    "LeafPaths",
    "LeafWeights",
    "Line",
    "MeanRollup",
    "Milestone",
    "Reason",
    "band_progress",
    "explain",
    "goal_graph",
    "leaf_paths",
    "leaf_weights",
    "linear_progress",
    "progress_of_key_result",
    "rollup_amounts",
    "rollup_ancestors",
    "rollup_means",
    "shown_points",
]
