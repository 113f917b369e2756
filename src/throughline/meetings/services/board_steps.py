"""Steps that take a move back. Each names what it expects to find, so that undoing never undoes somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from throughline.kernel.actor import Actor
from throughline.meetings.models import BoardMove, Meeting
from throughline.meetings.rules import CardRef


@dataclass(frozen=True, slots=True)
class PutCard:
    """The card that is in `seen_in` goes back to `to`."""

    card: CardRef
    seen_in: int | None
    to: int | None

    def stored(self) -> dict[str, Any]:
        return {"do": "put", "card": str(self.card), "seen_in": self.seen_in, "to": self.to}


@dataclass(frozen=True, slots=True)
class Retitle:
    """The theme called `seen` is called `to` again."""

    theme_id: int
    seen: str
    to: str

    def stored(self) -> dict[str, Any]:
        return {"do": "retitle", "theme": self.theme_id, "seen": self.seen, "to": self.to}


@dataclass(frozen=True, slots=True)
class RemoveTheme:
    """The theme goes again, if nothing is in it."""

    theme_id: int

    def stored(self) -> dict[str, Any]:
        return {"do": "remove", "theme": self.theme_id}


@dataclass(frozen=True, slots=True)
class Remerge:
    """The theme that was merged into `into` (None: removed) comes back."""

    theme_id: int
    into: int | None

    def stored(self) -> dict[str, Any]:
        return {"do": "restore", "theme": self.theme_id, "into": self.into}


Step = PutCard | Retitle | RemoveTheme | Remerge


def step_read(stored: dict[str, Any]) -> Step:
    """The step that `stored()` wrote."""
    match stored["do"]:
        case "put":
            return PutCard(CardRef.parse(stored["card"]), stored["seen_in"], stored["to"])
        case "retitle":
            return Retitle(stored["theme"], stored["seen"], stored["to"])
        case "remove":
            return RemoveTheme(stored["theme"])
        case "restore":
            return Remerge(stored["theme"], stored["into"])
    raise ValueError(f"“{stored['do']}” is not a step of the board.")


def move_record(actor: Actor, meeting: Meeting, steps: Sequence[Step]) -> None:
    """Remember how to take a person's move back. The system's own moves are not undone."""
    if actor.person_id is None:
        return
    BoardMove.objects.create(
        org_id=actor.org_id, meeting=meeting, person_id=actor.person_id, inverse=[step.stored() for step in steps]
    )
