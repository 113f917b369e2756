"""Forecasts of key results and goals, and whether they can be trusted.

- *Where will this key result end?* `forecast_endings` from dated readings, with what `learn_process_mix` learnt from
  many histories or with `default_mix`; `forecast_milestones` where milestones are ticked off.
- *Is the target realistic yet challenging?* `reference_chance` and `reachable_target` from comparable goals.
- *What are the chances of the goals above?* `simulate_chances`, with common causes, from a `leaf_outlook`.
- *When we say seventy percent, is it?* `brier_score`, `reliability_curve`, `interval_coverage`; `fit_recalibration`
  and `recalibrated` set chances right when there are enough data.
"""

from throughline_analysis.forecasting.endings import EndingForecast, forecast_endings
from throughline_analysis.forecasting.histories import KeyResultHistories, key_result_histories
from throughline_analysis.forecasting.learning import learn_process_mix
from throughline_analysis.forecasting.milestones import MilestoneForecast, forecast_milestones
from throughline_analysis.forecasting.mixes import Backtest, ProcessMix, default_mix
from throughline_analysis.forecasting.outlooks import LeafOutlook, leaf_outlook
from throughline_analysis.forecasting.recalibration import (
    Recalibration,
    RecalibrationMethod,
    fit_recalibration,
    recalibrated,
)
from throughline_analysis.forecasting.reference_class import (
    ReachableTarget,
    TargetChance,
    TargetVerdict,
    reachable_target,
    reference_chance,
)
from throughline_analysis.forecasting.reliability import ReliabilityCurve, reliability_curve
from throughline_analysis.forecasting.scoring import BrierScore, IntervalCoverage, brier_score, interval_coverage
from throughline_analysis.forecasting.simulation import CommonCause, GoalChances, simulate_chances

__all__ = [
    "Backtest",
    "BrierScore",
    "CommonCause",
    "EndingForecast",
    "GoalChances",
    "IntervalCoverage",
    "KeyResultHistories",
    "LeafOutlook",
    "MilestoneForecast",
    "ProcessMix",
    "ReachableTarget",
    "Recalibration",
    "RecalibrationMethod",
    "ReliabilityCurve",
    "TargetChance",
    "TargetVerdict",
    "brier_score",
    "default_mix",
    "fit_recalibration",
    "forecast_endings",
    "forecast_milestones",
    "interval_coverage",
    "key_result_histories",
    "leaf_outlook",
    "learn_process_mix",
    "reachable_target",
    "recalibrated",
    "reference_chance",
    "reliability_curve",
    "simulate_chances",
]
