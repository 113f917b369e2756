"""Drivers: which answers go together with an outcome, and how much.

- *What goes with engagement (or any outcome), how sure is that, and do two methods agree?* `key_drivers`.
- *The same from a published correlation matrix, without intervals:* `johnson_weights`, `lmg_shares`.
- *How many people does that need?* `least_sample`.

Association, not causation: `CAUTION` is the sentence to show beside every result.
"""

from throughline_analysis.drivers.importance import (
    MOST_PREDICTORS_LMG,
    RelativeImportance,
    johnson_weights,
    lmg_shares,
)
from throughline_analysis.drivers.reading import LEAST_TEAMS, Missing, least_sample
from throughline_analysis.drivers.report import (
    CAUTION,
    LEAST_RESAMPLES,
    DriverReport,
    ImportanceReport,
    MethodAgreement,
    key_drivers,
)

__all__ = [
    "CAUTION",
    "LEAST_RESAMPLES",
    "LEAST_TEAMS",
    "MOST_PREDICTORS_LMG",
    "DriverReport",
    "ImportanceReport",
    "MethodAgreement",
    "Missing",
    "RelativeImportance",
    "johnson_weights",
    "key_drivers",
    "least_sample",
    "lmg_shares",
]
