"""Opinions: what people answered to statements, who answers alike, and what that does and does not show.

- *Where does everybody stand?* `opinion_map`, with the uncertainty of every position.
- *Are there groups at all, and how many?* `one_cloud_test`, `opinion_groups`: one is a legal answer.
- *Would the groups be found again?* `group_stability`.
- *What does each group say, what divides, what bridges?* `group_agreement`, `representative_statements`,
  `dividing_statements`, `bridging_statements`; with `held_out_labels` where groups come from the same votes.
- *What should this person be asked next?* `next_statements`.
- *What would Polis have shown?* `polis_groups`, `polis_statements`.

Build the input once with `votes_from_rows` or `votes_from_matrix`; it stays sparse and is never changed.
"""

from throughline_analysis.opinion.agreement import GroupAgreement, group_agreement, held_out_labels
from throughline_analysis.opinion.groups import OpinionGroups, opinion_groups
from throughline_analysis.opinion.mapping import OpinionMap, opinion_map
from throughline_analysis.opinion.one_cloud import OneCloudTest, one_cloud_test
from throughline_analysis.opinion.polis import PolisGroups, polis_groups
from throughline_analysis.opinion.polis_statements import PolisPick, PolisStatements, polis_statements
from throughline_analysis.opinion.routing import NextStatements, next_statements
from throughline_analysis.opinion.stability import GroupStability, group_stability
from throughline_analysis.opinion.statements import (
    BridgingStatements,
    DividingStatements,
    RepresentativeStatements,
    bridging_statements,
    dividing_statements,
    representative_statements,
)
from throughline_analysis.opinion.votes import VoteCounts, Votes, vote_counts, votes_from_matrix, votes_from_rows

__all__ = [
    "BridgingStatements",
    "DividingStatements",
    "GroupAgreement",
    "GroupStability",
    "NextStatements",
    "OneCloudTest",
    "OpinionGroups",
    "OpinionMap",
    "PolisGroups",
    "PolisPick",
    "PolisStatements",
    "RepresentativeStatements",
    "VoteCounts",
    "Votes",
    "bridging_statements",
    "dividing_statements",
    "group_agreement",
    "group_stability",
    "held_out_labels",
    "next_statements",
    "one_cloud_test",
    "opinion_groups",
    "opinion_map",
    "polis_groups",
    "polis_statements",
    "representative_statements",
    "vote_counts",
    "votes_from_matrix",
    "votes_from_rows",
]
