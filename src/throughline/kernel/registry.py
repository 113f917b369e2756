"""Registries that find their entries: one file in a folder adds one thing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything with a stable key; the key is what the database stores."""

    @property
    def key(self) -> str: ...


EntryT = TypeVar("EntryT", bound=Keyed)


class Registry(Generic[EntryT]):
    """Entries by key, discovered in the modules of one package.

    Each module of `package` that defines `ENTRY` (one) or `ENTRIES` (several) adds to it. Discovery happens at the
    first look-up, in alphabetical order of the modules, and refuses two entries with one key.
    """

    def __init__(self, package: str, *, noun: str) -> None:
        self.package = package
        self.noun = noun
        self._entries: dict[str, EntryT] | None = None

    def _load(self) -> dict[str, EntryT]:
        if self._entries is None:
            found: dict[str, EntryT] = {}
            package = importlib.import_module(self.package)
            for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
                if info.name == "tests":
                    continue
                module = importlib.import_module(f"{self.package}.{info.name}")
                entries = [*getattr(module, "ENTRIES", ())]
                if hasattr(module, "ENTRY"):
                    entries.append(module.ENTRY)
                for entry in entries:
                    if entry.key in found:
                        raise ValueError(f"Two entries for {self.noun} “{entry.key}” in {self.package}.")
                    found[entry.key] = entry
            self._entries = found
        return self._entries

    def __getitem__(self, key: str) -> EntryT:
        """The entry of a key; raises KeyError with a sentence that names the known ones."""
        entries = self._load()
        if key not in entries:
            raise KeyError(f"There is no {self.noun} “{key}”; known are {', '.join(sorted(entries))}.")
        return entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._load()

    def __iter__(self) -> Iterator[EntryT]:
        return iter(self._load().values())

    def __len__(self) -> int:
        return len(self._load())
