"""The fate of a contribution, as pure arithmetic over what is known of it and its themes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class FateKind(StrEnum):
    """What became of a contribution, strongest first."""

    SHAPED = "shaped"
    ANSWERED = "answered"
    NOT_TAKEN_UP = "not_taken_up"
    WAITING = "waiting"


_STRENGTH = {kind: rank for rank, kind in enumerate(FateKind)}


def own_fate(*, has_shaped: bool, answer: FateKind | None) -> FateKind | None:
    """A thing's own fate: what it shaped counts before what was answered; None when it has none of its own."""
    return FateKind.SHAPED if has_shaped else answer


def passed_fate(own: FateKind | None, themes: Iterable[FateKind | None]) -> FateKind:
    """The fate shown: one's own, else the strongest of its themes', else waiting. Grouping alone is no fate."""
    if own is not None:
        return own
    inherited = [kind for kind in themes if kind is not None]
    return min(inherited, key=_STRENGTH.__getitem__) if inherited else FateKind.WAITING
