"""Consent: adopted when nobody asked has an open objection, not when everybody is enthusiastic."""

from __future__ import annotations

from throughline.decisions.methods.method import Method
from throughline.decisions.rules import Judgement, Poll


def judge(poll: Poll) -> Judgement:
    """Ready when everyone asked has spoken, or it is past its closing day, and no objection is open."""
    is_heard = not poll.missing or poll.is_past_closing
    count = poll.open_objections
    if count:
        noun = "objection is" if count == 1 else "objections are"
        return Judgement(
            may_adopt=False,
            may_reject=True,
            words=f"{count} {noun} open: integrate what is right in it, or record it as standing.",
        )
    if not is_heard:
        waiting = len(poll.missing)
        who = "One person asked has" if waiting == 1 else f"{waiting} people asked have"
        return Judgement(may_adopt=False, may_reject=False, words=f"{who} not spoken yet.")
    return Judgement(may_adopt=True, may_reject=True, words="No objection is open: the outcome can be recorded.")


ENTRY = Method(
    key="consent",
    label="Consent",
    explanation="Adopted when everyone asked has spoken, or the closing day has passed, and no objection is open.",
    judge=judge,
)
