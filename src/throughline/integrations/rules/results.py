"""What an import did or would do: per file an account of every line, in all what became of the goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from throughline.integrations.rules.reading import LineCounts, UnreadFile


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that was not understood, not taken, or is worth a note, with its place. Line 0: the whole file."""

    file: str
    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file: how many of its lines were what; the kinds of line add up to `lines.total`."""

    name: str
    format_key: str
    format_label: str
    goals: int
    lines: LineCounts


@dataclass(frozen=True, slots=True)
class OkrImportResult:
    """The whole import. `owners_as_text` counts goals by the owner named whom nobody here is."""

    is_dry_run: bool
    files: tuple[FileResult, ...]
    unreadable: tuple[UnreadFile, ...]
    new: int
    changed: int
    unchanged: int
    check_ins_new: int
    check_ins_known: int
    cycles_created: tuple[str, ...]
    unread: tuple[FoundLine, ...]
    refused: tuple[FoundLine, ...]
    notes: tuple[FoundLine, ...]
    owners_as_text: Mapping[str, int]
    dependencies_as_text: int

    @property
    def lines(self) -> LineCounts:
        """The lines of all files together."""
        names = ("total", "goals", "dependencies", "check_ins", "structure", "unread")
        return LineCounts(**{name: sum(getattr(file.lines, name) for file in self.files) for name in names})

    def document(self) -> dict[str, Any]:
        """Everything as plain data, for `--json` and the API."""
        return {
            "is_dry_run": self.is_dry_run,
            **self.counts(),
            "files": [asdict(file) for file in self.files],
            "unreadable_files": [asdict(file) for file in self.unreadable],
            "unread_lines": [asdict(line) for line in self.unread],
            "refused": [asdict(line) for line in self.refused],
            "notes": [asdict(line) for line in self.notes],
            "owners_as_text": dict(self.owners_as_text),
        }

    def counts(self) -> dict[str, Any]:
        """The numbers alone."""
        return {
            "goals": {
                "new": self.new,
                "changed": self.changed,
                "unchanged": self.unchanged,
                "refused": len(self.refused),
            },
            "check_ins": {"new": self.check_ins_new, "known": self.check_ins_known},
            "lines": asdict(self.lines),
            "cycles_created": list(self.cycles_created),
            "dependencies_as_text": self.dependencies_as_text,
        }

    def sentence(self) -> str:
        """The same for a person on the command line: counts, then every line that was not understood or taken."""
        lines = self.lines
        verb = "would be" if self.is_dry_run else "were"
        said = [
            f"{_count(len(self.files), 'file')}, {_count(lines.total, 'line')}: {lines.goals:,} of goals, "
            f"{lines.dependencies:,} of dependencies, {lines.check_ins:,} of check-ins, "
            f"{lines.structure:,} of structure, {lines.unread:,} not understood.",
            f"{_count(self.new, 'goal')} {verb} added, {self.changed:,} changed, {self.unchanged:,} left as they are; "
            f"{_count(self.check_ins_new, 'check-in')} {verb} added.",
        ]
        if self.cycles_created:
            said.append(f"Cycles that {verb} created: {', '.join(self.cycles_created)}.")
        if self.owners_as_text:
            said.append(
                f"{_count(len(self.owners_as_text), 'owner')} nobody here is called by stay as text in the descriptions."
            )
        if self.dependencies_as_text:
            said.append(
                f"{_count(self.dependencies_as_text, 'drawn line')} between goals stay as text on both: nobody answers for them yet."
            )
        said += [f"Not read: {file.name}: {file.reason}" for file in self.unreadable]
        said += [f"Not understood: {_place(line)}: {line.reason}: {line.text}" for line in self.unread]
        said += [f"Not taken: {_place(line)}: {line.text}: {line.reason}" for line in self.refused]
        said += [f"Note: {_place(line)}: {line.reason}" for line in self.notes]
        return "\n".join(said)


def _place(line: FoundLine) -> str:
    return f"{line.file}, line {line.line}" if line.line else line.file


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
