"""Refusals. Each carries a sentence for the person who reads it: what, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ThroughlineError(Exception):
    """Base of every refusal of the product; `str(error)` is a sentence fit to show."""


class NotFound(ThroughlineError):
    """The thing does not exist, or this actor may not know that it does. Pages and API answer 404."""

    def __init__(self, sentence: str = "There is nothing here that you can open.") -> None:
        super().__init__(sentence)


class Refused(ThroughlineError):
    """The actor may see the thing but not do this to it. Pages and API answer 403 with the reason."""


class Conflict(ThroughlineError):
    """Somebody else changed the thing first, or it is in a state that forbids the change. Answers 409."""


class Invalid(ThroughlineError):
    """The input cannot be taken as it is. Answers 422 with a sentence per field; "" is the whole form."""

    def __init__(self, problems: str | Mapping[str, str | Sequence[str]]) -> None:
        if isinstance(problems, str):
            problems = {"": problems}
        self.problems: dict[str, list[str]] = {
            field: [words] if isinstance(words, str) else list(words) for field, words in problems.items()
        }
        super().__init__(" ".join(word for words in self.problems.values() for word in words))


class Busy(ThroughlineError):
    """Too much is being written at once; nothing was saved. Answers 503, and the same request may be sent again."""

    def __init__(self) -> None:
        super().__init__("Too much is being saved at this moment. Nothing was lost; send it again in a few seconds.")


class ScopeError(RuntimeError):
    """A query ran outside an organisation scope, or reached into another one. A bug, never a user's mistake."""
