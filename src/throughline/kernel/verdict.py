"""The answer of a policy: yes, or no with the reason a person is shown."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an actor may do a thing. `reason` is a sentence whenever `allowed` is False."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `Refused` with the reason unless allowed. Services call this before they change anything."""
        if not self.allowed:
            raise Refused(self.reason)


YES = Verdict(allowed=True)


def no(reason: str) -> Verdict:
    """A refusal with its reason, a whole sentence."""
    return Verdict(allowed=False, reason=reason)


def allow_if(condition: bool, reason: str) -> Verdict:
    """`YES` when the condition holds, else a refusal with `reason`."""
    return YES if condition else no(reason)
