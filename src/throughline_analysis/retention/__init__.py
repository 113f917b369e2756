"""Who stays and who leaves: rates, curves and comparisons that allow for people who are still here.

- *How often do people leave for the time we watched?* `leaving_rates`, `event_rates` for any counted event, and
  `rate_ratio` for two of them.
- *What share is still here after a time?* `survival_curves`, then `survival_at`, `median_stay`, `mean_stay`.
- *When do people leave?* `hazard_rates`, by bands of the time behind them.
- *Do groups differ, and which?* `logrank` for all at once, `standardised_leaving` for each, time behind them allowed
  for.

Everything but `event_rates` and `rate_ratio` starts from `histories`. Groups of fewer than five people are refused.
"""

from throughline_analysis.retention.curves import SurvivalCurve, SurvivalCurves, survival_curves
from throughline_analysis.retention.hazards import (
    HazardRates,
    StandardisedLeaving,
    hazard_rates,
    standardised_leaving,
)
from throughline_analysis.retention.histories import Histories, histories
from throughline_analysis.retention.logrank import LogRank, logrank
from throughline_analysis.retention.rates import EventRates, RateRatio, event_rates, leaving_rates, rate_ratio
from throughline_analysis.retention.summaries import (
    MeanStay,
    MedianStay,
    SurvivalAt,
    mean_stay,
    median_stay,
    survival_at,
)

__all__ = [
    "EventRates",
    "HazardRates",
    "Histories",
    "LogRank",
    "MeanStay",
    "MedianStay",
    "RateRatio",
    "StandardisedLeaving",
    "SurvivalAt",
    "SurvivalCurve",
    "SurvivalCurves",
    "event_rates",
    "hazard_rates",
    "histories",
    "leaving_rates",
    "logrank",
    "mean_stay",
    "median_stay",
    "rate_ratio",
    "standardised_leaving",
    "survival_at",
    "survival_curves",
]
