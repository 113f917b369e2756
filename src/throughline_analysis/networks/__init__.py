"""Goals as a network: how progress and amounts travel from key results to the goals above them.

Two questions, two rules, never mixed:

- *How far are we?* A mean, normalised at the parent: `rollup_means`, `rollup_ancestors`, `explain`,
  `leaf_weights`, `leaf_paths`; with stated numbers in it, `rollup_overridden`; kept up to date one reading at a
  time, `prepare_rollup`.
- *How much is it together?* An amount, normalised at the child, nothing counts twice: `rollup_amounts`.

And what the network shows besides:

- *What was known on that day?* `readings_as_of`.
- *Where is the line broken?* `purpose_coverage`; `find_cycles`, and before an alignment is made, `closing_path`.
- *What decides when all is done?* `critical_path`, `uncertain_critical_path`.
- *Who is promised more than there is?* `capacity_contention`.
- *Which goals pull against each other?* `goal_pairs`, with `metric_links` for metrics that move together.

Nodes are numbered from 0; an edge leads from a parent to a child that contributes to it. Build the input once
with `goal_graph`; it checks everything and is never changed by a calculation.
"""

from throughline_analysis.networks.amounts import AmountRollup, rollup_amounts
from throughline_analysis.networks.asof import AsOf, readings_as_of
from throughline_analysis.networks.capacity import CapacityContention, capacity_contention
from throughline_analysis.networks.conflicts import GoalPair, MetricLinks, Pull, goal_pairs, metric_links
from throughline_analysis.networks.coverage import PurposeCoverage, Reach, Service, purpose_coverage
from throughline_analysis.networks.cycles import Knot, closing_path, find_cycles
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
from throughline_analysis.networks.overriding import OverriddenRollup, rollup_overridden
from throughline_analysis.networks.prepared import ChangedProgress, PreparedRollup, prepare_rollup
from throughline_analysis.networks.schedule import Schedule, critical_path
from throughline_analysis.networks.uncertain_schedule import (
    UncertainSchedule,
    three_point_draws,
    uncertain_critical_path,
)

__all__ = [
    "AlignmentRule",
    "AmountRollup",
    "AsOf",
    "CapacityContention",
    "ChangedProgress",
    "Explanation",
    "GoalCycle",
    "GoalGraph",
    "GoalPair",
    "KeyResultKind",
    "KeyResultProgress",
    "Knot",
    "KnownProgress",
    "LeafPath",
    "LeafPaths",
    "LeafWeights",
    "Line",
    "MeanRollup",
    "MetricLinks",
    "Milestone",
    "OverriddenRollup",
    "PreparedRollup",
    "Pull",
    "PurposeCoverage",
    "Reach",
    "Reason",
    "Schedule",
    "Service",
    "UncertainSchedule",
    "band_progress",
    "capacity_contention",
    "closing_path",
    "critical_path",
    "explain",
    "find_cycles",
    "goal_graph",
    "goal_pairs",
    "leaf_paths",
    "leaf_weights",
    "linear_progress",
    "metric_links",
    "prepare_rollup",
    "progress_of_key_result",
    "purpose_coverage",
    "readings_as_of",
    "rollup_amounts",
    "rollup_ancestors",
    "rollup_means",
    "rollup_overridden",
    "shown_points",
    "three_point_draws",
    "uncertain_critical_path",
]
