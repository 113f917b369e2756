"""From individual records to one release: what can be published so that nobody's answer follows?

- *Which groups and values may be shown?* `release_make` from `survey_records`; the `Release` is all that is published.
- *Why is it safe?* `visible_units` and `remainders` for one tree, `minimum_cut` for two, `leverages` for filters,
  `tree_ranges` for values, `guarded_units` beside earlier releases; every step is usable alone.
- *Does it hold?* `throughline_analysis.disclosure.attackers`, which take a release and try.
"""

from throughline_analysis.disclosure.assembling import ReleaseOutcome, release_make
from throughline_analysis.disclosure.attackers import (
    WEAK_RULES,
    Roster,
    attack_integer,
    attack_linear,
    attack_linear_large,
    attack_ordering,
    attack_sample,
    attack_temporal,
    roster_from_counts,
    roster_of,
    team_organisation,
    weak_release,
)
from throughline_analysis.disclosure.cells import Cells
from throughline_analysis.disclosure.coding import Limits, codes_of, limits_of, words_of
from throughline_analysis.disclosure.cuts import MinimumCut, minimum_cut
from throughline_analysis.disclosure.earlier import Ledger, guarded_units
from throughline_analysis.disclosure.leverage import are_remainders_safe, leverages
from throughline_analysis.disclosure.merging import Merging, merge_small_units
from throughline_analysis.disclosure.ranges import TreeRanges, TreeValues, tree_gate, tree_ranges
from throughline_analysis.disclosure.records import Comment, SurveyRecords, survey_records
from throughline_analysis.disclosure.release import Release, ShownComments, Style
from throughline_analysis.disclosure.rules import STANDARD_RULES, ReleaseRules
from throughline_analysis.disclosure.suppression import VisibleUnits, remainders, visible_units
from throughline_analysis.disclosure.tree import UnitTree, unit_tree

__all__ = [
    "STANDARD_RULES",
    "WEAK_RULES",
    "Cells",
    "Comment",
    "Ledger",
    "Limits",
    "Merging",
    "MinimumCut",
    "Release",
    "ReleaseOutcome",
    "ReleaseRules",
    "Roster",
    "ShownComments",
    "Style",
    "SurveyRecords",
    "TreeRanges",
    "TreeValues",
    "UnitTree",
    "VisibleUnits",
    "are_remainders_safe",
    "attack_integer",
    "attack_linear",
    "attack_linear_large",
    "attack_ordering",
    "attack_sample",
    "attack_temporal",
    "codes_of",
    "guarded_units",
    "leverages",
    "limits_of",
    "merge_small_units",
    "minimum_cut",
    "release_make",
    "remainders",
    "roster_from_counts",
    "roster_of",
    "survey_records",
    "team_organisation",
    "tree_gate",
    "tree_ranges",
    "unit_tree",
    "visible_units",
    "weak_release",
    "words_of",
]
