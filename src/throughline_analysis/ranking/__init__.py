"""What comes first: from comparisons, ratings, ballots and money, always with what the answer rests on.

- *What do people prefer, shown two at a time?* `comparisons`, then `bradley_terry`, `preference`, `rank_intervals`;
  `clustered_by_person` where people answer often, `bradley_terry_large` for many thousands of items, `group_effects`
  where groups prefer differently, `next_pairs` for what to ask next.
- *How do items do on several criteria, whoever rated them?* `rated_items`.
- *Who or what is elected by ranked ballots or scores?* `ballots`, then `schulze` or `instant_runoff`; `score_vote`.
- *What is funded, so that every group gets its part of the budget?* `equal_shares`, `cost_utilities`.

Items, candidates, people and projects are numbered from 0. No function breaks a tie in silence.
"""

from throughline_analysis.ranking.ballots import Ballots, ballots
from throughline_analysis.ranking.bradley_terry import BradleyTerry, Preference, bradley_terry, preference
from throughline_analysis.ranking.clusters import clustered_by_person
from throughline_analysis.ranking.comparisons import Comparisons, Outcome, comparisons
from throughline_analysis.ranking.equal_shares import EqualSharesResult, cost_utilities, equal_shares
from throughline_analysis.ranking.group_effects import GroupEffects, group_effects
from throughline_analysis.ranking.large import (
    FactoredCovariance,
    LargeBradleyTerry,
    ScoreDifference,
    bradley_terry_large,
    score_differences,
)
from throughline_analysis.ranking.next_pairs import NextPairs, RankIntervals, next_pairs, rank_intervals
from throughline_analysis.ranking.ratings import CriterionRatings, RatedItems, rated_items
from throughline_analysis.ranking.runoff import RunoffResult, RunoffRound, instant_runoff
from throughline_analysis.ranking.schulze import SchulzeResult, schulze
from throughline_analysis.ranking.score_vote import ScoreResult, score_vote

__all__ = [
    "Ballots",
    "BradleyTerry",
    "Comparisons",
    "CriterionRatings",
    "EqualSharesResult",
    "FactoredCovariance",
    "GroupEffects",
    "LargeBradleyTerry",
    "NextPairs",
    "Outcome",
    "Preference",
    "RankIntervals",
    "RatedItems",
    "RunoffResult",
    "RunoffRound",
    "SchulzeResult",
    "ScoreDifference",
    "ScoreResult",
    "ballots",
    "bradley_terry",
    "bradley_terry_large",
    "clustered_by_person",
    "comparisons",
    "cost_utilities",
    "equal_shares",
    "group_effects",
    "instant_runoff",
    "next_pairs",
    "preference",
    "rank_intervals",
    "rated_items",
    "schulze",
    "score_differences",
    "score_vote",
]
