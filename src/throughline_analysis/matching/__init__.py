"""Mentors and learners: who should meet, given what both sides wish.

State the wishes once with `mentoring_wishes` (ranked wishes of both sides, places, pairs that must not be), then ask:

- *What serves everybody together?* `match_best_total`, or `match_most_pairs` when nobody should be left out.
- *What would nobody want to leave?* `match_stable` (best for learners), `match_stable_for_mentors`, and between them
  `match_stable_best_total`.
- *Who would rather have each other?* `blocking_pairs` of any matching.
- *Why this mentor?* `explain_match`, with the price of each wish not granted (`cost_of_granting`).
"""

from throughline_analysis.matching.explaining import PairExplanation, Passed, Reason, explain_match
from throughline_analysis.matching.optimal import cost_of_granting, match_best_total, match_most_pairs
from throughline_analysis.matching.problem import Matching, MentoringWishes, mentoring_wishes
from throughline_analysis.matching.stable import blocking_pairs, match_stable, match_stable_for_mentors
from throughline_analysis.matching.stable_total import match_stable_best_total

__all__ = [
    "Matching",
    "MentoringWishes",
    "PairExplanation",
    "Passed",
    "Reason",
    "blocking_pairs",
    "cost_of_granting",
    "explain_match",
    "match_best_total",
    "match_most_pairs",
    "match_stable",
    "match_stable_best_total",
    "match_stable_for_mentors",
    "mentoring_wishes",
]
