"""What waits for a person: one list, fed by every app through a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One thing a person owes. `state` is good, warn, bad or wait; `state_label` says it in words
    ("due today").
    """

    key: str
    title: str
    url: str
    state: str
    state_label: str
    meta: str = ""
    due_on: date | None = None
    subject: SubjectRef | None = None


WaitingSource = Callable[[Actor], Sequence[WaitingItem]]
_sources: dict[str, WaitingSource] = {}


def waiting_register(key: str, source: WaitingSource) -> None:
    """Add a source: given an actor, the items that wait for them, in at most three queries."""
    _sources[key] = source


def waiting_for(actor: Actor) -> list[WaitingItem]:
    """Everything that waits for the actor: what is late first, then by due date, undated last."""
    order = {"bad": 0, "warn": 1, "wait": 2, "good": 3}
    items = [item for key in sorted(_sources) for item in _sources[key](actor)]
    return sorted(items, key=lambda item: (order[item.state], item.due_on or date.max, item.title))
