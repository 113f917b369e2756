"""Trying a change and taking it back: what a page says before saving is what saving would do, by construction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from throughline.decisions.rules import SignatureState
from throughline.decisions.selectors import SignOffRow, sign_off_of
from throughline.goals.models import Goal
from throughline.goals.policies import GOAL
from throughline.goals.selectors.for_pages import version_text
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef

SeenT = TypeVar("SeenT")


class _TakenBack(Exception):
    """Ends the try; never leaves this module."""


def tried(change: Callable[[], object], look: Callable[[], SeenT]) -> SeenT:
    """What `look` sees after `change`; afterwards nothing has happened. Refusals of the change come through."""
    seen: list[SeenT] = []
    with suppress(_TakenBack), transaction.atomic():
        change()
        seen.append(look())
        raise _TakenBack
    return seen[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a change would do to the signatures of a goal."""

    version: int
    old_version: int
    old_text: str
    new_text: str
    asked: tuple[SignOffRow, ...]
    carried_over: tuple[SignOffRow, ...]

    @property
    def is_same(self) -> bool:
        """Nothing that people sign has changed."""
        return self.version == self.old_version


def asked_after(actor: Actor, goal: Goal) -> Callable[[], Asked]:
    """A look at who is asked about the goal's newest version, against the version it has now."""
    number, before = goal.version, version_text(actor, goal.objective_id, goal.version)

    def look() -> Asked:
        row = Goal.objects.get(pk=goal.objective_id)
        found = sign_off_of(actor, SubjectRef(GOAL, row.pk))
        rows = found.rows if found is not None else ()
        return Asked(
            version=row.version,
            old_version=number,
            old_text=before,
            new_text=version_text(actor, row.pk, row.version),
            asked=tuple(item for item in rows if not item.is_signed and item.state is not SignatureState.OBJECTS),
            carried_over=tuple(item for item in rows if item.is_signed),
        )

    return look
