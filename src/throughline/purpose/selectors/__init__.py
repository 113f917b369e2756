"""Reads about purpose, the actor first."""

from throughline.purpose.selectors.overview import PurposeOverview, purpose_overview, units_with_purposes
from throughline.purpose.selectors.pages import StatementPage, statement_page
from throughline.purpose.selectors.statements import (
    PurposeLine,
    purpose_choices,
    purposes_for_line,
    statement_for,
    statement_of_level,
    statements_visible_to,
    suggestion_for,
    suggestions_of,
)
from throughline.purpose.selectors.values import (
    PolicyRow,
    ValueRow,
    policies_overview,
    policy_for,
    value_for,
    value_rows,
)

__all__ = [
    "PolicyRow",
    "PurposeLine",
    "PurposeOverview",
    "StatementPage",
    "ValueRow",
    "policies_overview",
    "policy_for",
    "purpose_choices",
    "purpose_overview",
    "purposes_for_line",
    "statement_for",
    "statement_of_level",
    "statement_page",
    "statements_visible_to",
    "suggestion_for",
    "suggestions_of",
    "units_with_purposes",
    "value_for",
    "value_rows",
]
