"""The base of every event: a frozen dataclass with a kind, holding ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar


@dataclass(frozen=True)
class DomainEvent:
    """A change that happened, in the past tense. Subclasses set `kind` ("goals.checkin_submitted") and add fields."""

    kind: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values. Raises TypeError for free text: the ledger must never hold words."""
        return {item.name: _plain(item.name, getattr(self, item.name)) for item in fields(self)}


def _plain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(name, item) for item in value]
    raise TypeError(f"Event field “{name}” holds {type(value).__name__}; the ledger takes ids, numbers and state keys.")
