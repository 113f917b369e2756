"""Changes to proposals, one atomic service each."""

from throughline.decisions.rules import Capacity
from throughline.decisions.services.editorial import editorial_contest
from throughline.decisions.services.objections import objection_integrate, objection_stand, objection_withdraw
from throughline.decisions.services.opening import Signatory, decision_open, proposal_open
from throughline.decisions.services.outcomes import RejectedOption, proposal_decide, proposal_withdraw
from throughline.decisions.services.positions import position_take
from throughline.decisions.services.versions import MoveResult, decision_revise, version_move

__all__ = [
    "Capacity",
    "MoveResult",
    "RejectedOption",
    "Signatory",
    "decision_open",
    "decision_revise",
    "editorial_contest",
    "objection_integrate",
    "objection_stand",
    "objection_withdraw",
    "position_take",
    "proposal_decide",
    "proposal_open",
    "proposal_withdraw",
    "version_move",
]
