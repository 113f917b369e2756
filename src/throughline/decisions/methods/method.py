"""What a method is: words for people, and one pure judgement over a poll."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from throughline.decisions.rules import Judgement, Poll


@dataclass(frozen=True, slots=True)
class Method:
    """One way to decide.

    `is_self_completing`: the proposal is decided by the last signature; otherwise somebody records the
    outcome. `follows_versions`: a decided proposal goes on with the subject's next versions and may reopen.
    """

    key: str
    label: str
    explanation: str
    judge: Callable[[Poll], Judgement]
    is_self_completing: bool = False
    follows_versions: bool = False
