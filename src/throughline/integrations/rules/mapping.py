"""What a person chose for an import: formats, cycles, units, owners. Kept as JSON between the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class CycleChoice:
    """The cycle goals go to, by name; the dates are for one that does not exist yet. An empty name: no cycle."""

    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class FileChoice:
    """How one file is taken. `unit` "" is the organisation's; a table of ours speaks for itself."""

    format_key: str = ""
    cycle: CycleChoice = field(default_factory=CycleChoice)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OkrMapping:
    """Choices by file name, and e-mail addresses by the owner named in a file ("" leaves the owner as text).

    `state` is what goals become whose file says nothing else: active (they are in force) or candidate.
    """

    files: Mapping[str, FileChoice] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    state: str = "active"

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        files = {}
        for name, choice in self.files.items():
            row = asdict(choice)
            for key in ("starts_on", "ends_on"):
                day = row["cycle"][key]
                row["cycle"][key] = day.isoformat() if day is not None else ""
            files[name] = row
        return {"files": files, "owners": dict(self.owners), "state": self.state}


def mapping_read(data: Mapping[str, Any]) -> OkrMapping:
    """What `as_json` wrote."""
    files = {}
    for name, row in data.get("files", {}).items():
        cycle = row.get("cycle", {})
        files[name] = FileChoice(
            format_key=row.get("format_key", ""),
            cycle=CycleChoice(cycle.get("name", ""), _day(cycle.get("starts_on")), _day(cycle.get("ends_on"))),
            unit=row.get("unit", ""),
        )
    return OkrMapping(files=files, owners=dict(data.get("owners", {})), state=data.get("state", "active"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
