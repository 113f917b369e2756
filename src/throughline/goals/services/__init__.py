"""Changes to cycles, themes and goals, one atomic service each."""

from throughline.goals.services.aligning import goal_align, goal_unalign
from throughline.goals.services.bulk import BulkGoal, goals_write_bulk
from throughline.goals.services.bulk_checkins import BulkCheckIn, checkins_write_bulk
from throughline.goals.services.checkins import checkin_correct, checkin_submit
from throughline.goals.services.comments import comment_add, comment_edit, comment_withdraw
from throughline.goals.services.cycles import (
    cycle_close,
    cycle_create,
    cycle_edit,
    cycle_stakeholders_set,
    cycle_start,
    cycle_step_set,
    strategic_theme_create,
    strategic_theme_drop,
    strategic_theme_edit,
)
from throughline.goals.services.dependencies import (
    dependency_accept,
    dependency_at_risk,
    dependency_decline,
    dependency_deliver,
    dependency_request,
)
from throughline.goals.services.fields import GoalFields, KeyResultTerms, MilestoneTerms
from throughline.goals.services.goals import (
    goal_create,
    goal_edit,
    goal_share_co_owner,
    goal_signatories_set,
    goal_visibility_set,
)
from throughline.goals.services.parts import (
    initiative_add,
    initiative_done,
    initiative_edit,
    initiative_remove,
    key_result_add,
    key_result_edit,
    key_result_remove,
    milestone_done,
)
from throughline.goals.services.rolling import roll_up_everything
from throughline.goals.services.states import (
    goal_close,
    goal_drop,
    goal_propose,
    goal_reopen,
    goal_sign_off_follow,
    goal_start,
    goal_withdraw_proposal,
)

__all__ = [
    "BulkCheckIn",
    "BulkGoal",
    "GoalFields",
    "KeyResultTerms",
    "MilestoneTerms",
    "checkin_correct",
    "checkin_submit",
    "checkins_write_bulk",
    "comment_add",
    "comment_edit",
    "comment_withdraw",
    "cycle_close",
    "cycle_create",
    "cycle_edit",
    "cycle_stakeholders_set",
    "cycle_start",
    "cycle_step_set",
    "dependency_accept",
    "dependency_at_risk",
    "dependency_decline",
    "dependency_deliver",
    "dependency_request",
    "goal_align",
    "goal_close",
    "goal_create",
    "goal_drop",
    "goal_edit",
    "goal_propose",
    "goal_reopen",
    "goal_share_co_owner",
    "goal_sign_off_follow",
    "goal_signatories_set",
    "goal_start",
    "goal_unalign",
    "goal_visibility_set",
    "goal_withdraw_proposal",
    "goals_write_bulk",
    "initiative_add",
    "initiative_done",
    "initiative_edit",
    "initiative_remove",
    "key_result_add",
    "key_result_edit",
    "key_result_remove",
    "milestone_done",
    "roll_up_everything",
    "strategic_theme_create",
    "strategic_theme_drop",
    "strategic_theme_edit",
]
