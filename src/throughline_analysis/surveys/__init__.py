"""Surveys: from answers to figures that say how sure they are.

- *What score does each person have?* `score_scale`.
- *Do the items of a scale belong together?* `cronbach_alpha`, `mcdonald_omega`.
- *Do the members of a team agree, and do teams differ?* `within_team_agreement`, `team_effects`.
- *How sure is a share or a mean of a small group?* `share_intervals`, `mean_interval`.
- *Which groups differ or changed by more than noise?* `differences_from_rest`, `changes`, `adjust_p_values`.
- *What if some kinds of people answered less?* `poststratify`, `rake`, `weighted_mean`, `weighted_share`.
- *Where is it going, and where does it stand?* `trend`, `place_among`.

Missing answers are nan. Nothing here hides small groups from view: that is the release's work.
"""

from throughline_analysis.surveys.agreement import TeamAgreement, null_distributions, within_team_agreement
from throughline_analysis.surveys.benchmarks import BenchmarkPlace, place_among
from throughline_analysis.surveys.differences import changes, differences_from_rest
from throughline_analysis.surveys.multiplicity import AdjustedPValues, Correction, adjust_p_values
from throughline_analysis.surveys.reliability import OmegaReliability, Reliability, cronbach_alpha, mcdonald_omega
from throughline_analysis.surveys.scales import ScaleScores, score_scale
from throughline_analysis.surveys.small_groups import (
    MeanEstimate,
    MeanMethod,
    ShareIntervals,
    mean_interval,
    share_intervals,
)
from throughline_analysis.surveys.team_effects import TeamEffects, team_effects
from throughline_analysis.surveys.trends import Direction, Trend, trend
from throughline_analysis.surveys.weighted_figures import weighted_mean, weighted_share
from throughline_analysis.surveys.weighting import SurveyWeights, poststratify, rake
from throughline_analysis.surveys.welch import Differences

__all__ = [
    "AdjustedPValues",
    "BenchmarkPlace",
    "Correction",
    "Differences",
    "Direction",
    "MeanEstimate",
    "MeanMethod",
    "OmegaReliability",
    "Reliability",
    "ScaleScores",
    "ShareIntervals",
    "SurveyWeights",
    "TeamAgreement",
    "TeamEffects",
    "Trend",
    "adjust_p_values",
    "changes",
    "cronbach_alpha",
    "differences_from_rest",
    "mcdonald_omega",
    "mean_interval",
    "null_distributions",
    "place_among",
    "poststratify",
    "rake",
    "score_scale",
    "share_intervals",
    "team_effects",
    "trend",
    "weighted_mean",
    "weighted_share",
    "within_team_agreement",
]
