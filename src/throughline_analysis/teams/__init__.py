"""How a team works together: group measures beside what chance alone would show, each with its interval.

- *Do all take part?* `participation_equality` (Gini, evenness).
- *Does leading rest on few?* `leadership_network` (density, centralisation), `degree_centralisation`.
- *Do units work together?* `cross_unit_collaboration`, against the configuration model and permuted units.
- *Is the work spread by strength?* `load_balance`.
"""

from throughline_analysis.teams.collaborating import CrossUnitCollaboration, cross_unit_collaboration
from throughline_analysis.teams.equality import ParticipationEquality, participation_equality
from throughline_analysis.teams.leading import LeadershipNetwork, degree_centralisation, leadership_network
from throughline_analysis.teams.load import LoadBalance, load_balance

__all__ = [
    "CrossUnitCollaboration",
    "LeadershipNetwork",
    "LoadBalance",
    "ParticipationEquality",
    "cross_unit_collaboration",
    "degree_centralisation",
    "leadership_network",
    "load_balance",
    "participation_equality",
]
