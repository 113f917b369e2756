"""Sign-off: complete when every signatory has signed what now stands."""

from __future__ import annotations

from throughline.decisions.methods.method import Method
from throughline.decisions.rules import Judgement, Poll


def judge(poll: Poll) -> Judgement:
    """Complete when every signature covers the current version and no objection is open."""
    if poll.open_objections:
        noun = "objection is" if poll.open_objections == 1 else "objections are"
        words = f"{poll.open_objections} {noun} open."
    elif poll.unsigned:
        count = len(poll.unsigned)
        words = f"{count} {'signature is' if count == 1 else 'signatures are'} missing."
    else:
        return Judgement(may_adopt=True, may_reject=True, words="Everyone asked has signed.")
    return Judgement(may_adopt=False, may_reject=True, words=words)


ENTRY = Method(
    key="sign_off",
    label="Sign-off",
    explanation="Complete when every person named has signed the exact text; a change asks again whom it concerns.",
    judge=judge,
    is_self_completing=True,
    follows_versions=True,
)
