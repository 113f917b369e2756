"""Changes to purposes, values and policies, one atomic service each."""

from throughline.purpose.services.adopting import statement_adopt, statement_propose, statement_return
from throughline.purpose.services.endorsing import (
    endorsement_withdraw,
    statement_endorse,
    value_endorse,
    value_endorsement_withdraw,
)
from throughline.purpose.services.policies_kept import policy_create, policy_edit, policy_end
from throughline.purpose.services.reviewing import purpose_review, review_date_set
from throughline.purpose.services.sharing import statement_share
from throughline.purpose.services.suggesting import suggestion_add, suggestion_answer, suggestion_take_up
from throughline.purpose.services.values import value_create, value_edit, value_end
from throughline.purpose.services.writing import statement_start, statement_write

__all__ = [
    "endorsement_withdraw",
    "policy_create",
    "policy_edit",
    "policy_end",
    "purpose_review",
    "review_date_set",
    "statement_adopt",
    "statement_endorse",
    "statement_propose",
    "statement_return",
    "statement_share",
    "statement_start",
    "statement_write",
    "suggestion_add",
    "suggestion_answer",
    "suggestion_take_up",
    "value_create",
    "value_edit",
    "value_end",
    "value_endorse",
    "value_endorsement_withdraw",
]
