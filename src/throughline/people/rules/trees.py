"""Trees given as "child to parent": cycles and levels."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)


def cycles_of(parent_of: Mapping[KeyT, KeyT | None]) -> list[list[KeyT]]:
    """Every cycle, each as its members in reporting order. Time and memory grow with the number of keys only."""
    finished: set[KeyT] = set()
    found: list[list[KeyT]] = []
    for start in parent_of:
        walked: dict[KeyT, int] = {}
        current: KeyT | None = start
        while current is not None and current not in finished and current not in walked:
            walked[current] = len(walked)
            current = parent_of.get(current)
        if current is not None and current in walked:
            found.append(list(walked)[walked[current] :])
        finished.update(walked)
    return found


def without_cycles(
    wanted: Mapping[KeyT, KeyT | None], before: Mapping[KeyT, KeyT | None]
) -> tuple[dict[KeyT, KeyT | None], list[list[KeyT]]]:
    """`wanted` with every change that closes a cycle taken back, and the cycles that were found.

    `before` is free of cycles; keys it does not know had no parent. All changed members of a cycle are taken back
    together, so the answer does not depend on the order of the keys.
    """
    kept = dict(wanted)
    all_cycles: list[list[KeyT]] = []
    while cycles := cycles_of(kept):
        all_cycles.extend(cycles)
        for cycle in cycles:
            for key in cycle:
                kept[key] = before.get(key)
    return kept, all_cycles


def levels_of(parent_of: Mapping[KeyT, KeyT | None]) -> dict[KeyT, int]:
    """How far each key is from the top (0 for those without a known parent). The mapping has no cycles."""
    levels: dict[KeyT, int] = {}
    for start in parent_of:
        trail: list[KeyT] = []
        current: KeyT | None = start
        while current is not None and current in parent_of and current not in levels:
            trail.append(current)
            current = parent_of[current]
        level = levels.get(current, -1) if current is not None else -1
        for key in reversed(trail):
            level += 1
            levels[key] = level
    return levels
