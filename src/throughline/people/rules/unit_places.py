"""Finding the units that rows name, and the ones that have to be created for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from throughline.people.rules import DEEPEST_UNIT
from throughline.people.rules.present import UnitNow

# An existing unit's id, or minus one minus the position among the new ones.
UnitKey = int


@dataclass(slots=True)
class NewUnit:
    """A unit to create; `parent` is a key of either kind."""

    key: UnitKey
    parent: UnitKey | None
    name: str
    depth: int


@dataclass(slots=True)
class UnitPlaces:
    """Looks up unit paths. Names are compared without regard to case; new units are made once, parents first."""

    known: dict[tuple[UnitKey | None, str], UnitKey] = field(default_factory=dict)
    by_name: dict[str, list[UnitKey]] = field(default_factory=dict)
    depth: dict[UnitKey, int] = field(default_factory=dict)
    name: dict[UnitKey, str] = field(default_factory=dict)
    parent: dict[UnitKey, UnitKey | None] = field(default_factory=dict)
    new: list[NewUnit] = field(default_factory=list)
    _found: dict[tuple[str, ...], tuple[UnitKey | None, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[UnitNow]) -> UnitPlaces:
        """The tree as it is."""
        places = cls()
        for unit in units:
            folded = unit.name.casefold()
            places.known[(unit.parent_id, folded)] = unit.id
            places.by_name.setdefault(folded, []).append(unit.id)
            places.depth[unit.id], places.name[unit.id] = unit.depth, unit.name
            places.parent[unit.id] = unit.parent_id
        return places

    def find(self, path: Sequence[str]) -> tuple[UnitKey | None, str]:
        """The unit of a path, made when it is missing; or None with the reason it cannot be found or made."""
        asked = tuple(path)
        if asked not in self._found:
            self._found[asked] = self._find(asked)
        return self._found[asked]

    def label(self, key: UnitKey) -> str:
        """The whole path in words."""
        names: list[str] = []
        current: UnitKey | None = key
        while current is not None:
            names.append(self.name[current])
            current = self.parent[current]
        return " > ".join(reversed(names))

    def _find(self, path: tuple[str, ...]) -> tuple[UnitKey | None, str]:
        too_long = next((name for name in path if len(name) > 160), None)
        if too_long is not None:
            return None, f"The unit name has {len(too_long)} characters; at most 160 are kept. Shorten it."
        if len(path) > DEEPEST_UNIT:
            return None, f"The path has {len(path)} levels; at most {DEEPEST_UNIT} are kept."
        current, trouble = self._top(path[0])
        if trouble:
            return None, trouble
        for name in path[1:]:
            if current is not None and self.depth[current] + 1 >= DEEPEST_UNIT:
                return None, f"The tree would be deeper than {DEEPEST_UNIT} levels."
            current = self._below(current, name)
        return current, ""

    def _top(self, name: str) -> tuple[UnitKey | None, str]:
        """A unit at the top; else the only one of this name anywhere; else a new one at the top."""
        folded = name.casefold()
        at_top = self.known.get((None, folded))
        if at_top is not None:
            return at_top, ""
        anywhere = self.by_name.get(folded, [])
        if len(anywhere) > 1:
            places = "; ".join(sorted(self.label(key) for key in anywhere)[:4])
            return None, f"{len(anywhere)} units are called “{name}” ({places}). Give the whole path."
        if anywhere:
            return anywhere[0], ""
        return self._below(None, name), ""

    def _below(self, parent: UnitKey | None, name: str) -> UnitKey:
        place = (parent, name.casefold())
        if place not in self.known:
            depth = 0 if parent is None else self.depth[parent] + 1
            unit = NewUnit(key=-1 - len(self.new), parent=parent, name=name, depth=depth)
            self.new.append(unit)
            self.known[place] = unit.key
            self.depth[unit.key], self.name[unit.key], self.parent[unit.key] = depth, name, parent
        return self.known[place]
