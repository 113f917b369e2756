"""Attacks on a release, in the open: what could somebody conclude who has only what is published?

Every attack takes a release. With a roster it also knows who is in which unit and with which attributes, as colleagues
do; the roster holds no answer. `team_organisation` makes up something to attack, and `weak_release` releases it by rules
that look reasonable and are not, so that everybody can see the attacks succeed.
"""

from throughline_analysis.disclosure.attackers.integer import IntegerAttack, attack_integer
from throughline_analysis.disclosure.attackers.large import (
    LargeLinearAttack,
    SampleAttack,
    SmallRemainder,
    attack_linear_large,
    attack_sample,
)
from throughline_analysis.disclosure.attackers.linear import LinearAttack, attack_linear
from throughline_analysis.disclosure.attackers.ordering import OrderingAttack, PinnedSize, attack_ordering
from throughline_analysis.disclosure.attackers.organisations import team_organisation
from throughline_analysis.disclosure.attackers.system import Roster, roster_from_counts, roster_of
from throughline_analysis.disclosure.attackers.temporal import TemporalAttack, attack_temporal
from throughline_analysis.disclosure.attackers.weak_rules import WEAK_RULES, weak_release

__all__ = [
    "WEAK_RULES",
    "IntegerAttack",
    "LargeLinearAttack",
    "LinearAttack",
    "OrderingAttack",
    "PinnedSize",
    "Roster",
    "SampleAttack",
    "SmallRemainder",
    "TemporalAttack",
    "attack_integer",
    "attack_linear",
    "attack_linear_large",
    "attack_ordering",
    "attack_sample",
    "attack_temporal",
    "roster_from_counts",
    "roster_of",
    "team_organisation",
    "weak_release",
]
