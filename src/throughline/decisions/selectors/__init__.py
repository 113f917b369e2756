"""Reads about proposals, the actor first."""

from throughline.decisions.selectors.log import LogFilter, decision_log, decision_rows, proposals_visible_to
from throughline.decisions.selectors.pages import (
    ProposalPage,
    objection_for_settling,
    proposal_for,
    proposal_page,
)
from throughline.decisions.selectors.polls import poll_of
from throughline.decisions.selectors.sign_offs import SignOff, SignOffRow, sign_off_of, sign_offs_of

__all__ = [
    "LogFilter",
    "ProposalPage",
    "SignOff",
    "SignOffRow",
    "decision_log",
    "decision_rows",
    "objection_for_settling",
    "poll_of",
    "proposal_for",
    "proposal_page",
    "proposals_visible_to",
    "sign_off_of",
    "sign_offs_of",
]
