"""What a decision can serve: apps above offer their purposes and values here, since decisions know none of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef

ServesSource = Callable[[Actor], Sequence[tuple[SubjectRef, str]]]
_sources: dict[str, ServesSource] = {}


def serves_register(key: str, source: ServesSource) -> None:
    """Add a source of things to serve: given an actor, pairs of subject and label."""
    _sources[key] = source


def serves_choices(actor: Actor) -> list[tuple[SubjectRef, str]]:
    """Everything a decision of this actor may name as what it serves."""
    return [pair for key in sorted(_sources) for pair in _sources[key](actor)]
