"""Uploaded files as goals: which format each is in, and an account of every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from throughline.integrations.okr_formats import UnreadableFile, format_named, okr_formats, read_okr_file, sniff_format
from throughline.integrations.okr_formats.markdown.cycles import cycle_named
from throughline.integrations.okr_formats.model import CycleHint, ParsedFile, line_account
from throughline.integrations.okr_formats.table import read_csv_files

LARGEST_FILE_MB, MOST_FILES = 50, 30
TABLE_FORMATS = frozenset({"table", "throughline_json"})


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How the lines of a file are accounted for; the five add up to `total`."""

    total: int
    goals: int
    dependencies: int
    check_ins: int
    structure: int
    unread: int


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file (or a pair of CSV files) that was read."""

    name: str
    parsed: ParsedFile
    lines: LineCounts

    @property
    def is_table(self) -> bool:
        return self.parsed.format_key in TABLE_FORMATS

    @property
    def cycle(self) -> CycleHint | None:
        """The cycle the text or the file's name speaks of."""
        return self.parsed.cycle_hint or cycle_named(self.name)


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that could not be read at all, with the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """Everything that was uploaded, read."""

    files: tuple[ReadFile, ...]
    refused: tuple[UnreadFile, ...]


def files_read(files: Sequence[tuple[str, bytes]], *, formats: Mapping[str, str] | None = None) -> ReadFiles:
    """Read each file in the format chosen for its name, or else in the one that fits best. Never raises.

    Two CSV files, one of goals and one of check-ins, are read together.
    """
    chosen = formats or {}
    found: list[ReadFile] = []
    refused: list[UnreadFile] = []
    pair = _csv_pair(files, chosen)
    if pair is not None:
        goals, check_ins = pair
        try:
            found.append(
                _read_file(f"{goals[0]} + {check_ins[0]}", _named_parts(read_csv_files(goals[1], check_ins[1]), pair))
            )
        except UnreadableFile as error:
            refused.append(UnreadFile(f"{goals[0]} + {check_ins[0]}", str(error)))
    for name, data in files:
        if pair is not None and name in (pair[0][0], pair[1][0]):
            continue
        try:
            found.append(_read_file(name, read_okr_file(data, name, format_key=chosen.get(name) or None)))
        except UnreadableFile as error:
            refused.append(UnreadFile(name, str(error)))
    return ReadFiles(tuple(found), tuple(refused))


def format_choices() -> list[tuple[str, str]]:
    """Every format by key with its label, for choosing another one."""
    return [(okr_format.key, okr_format.label) for okr_format in okr_formats()]


def format_label(key: str) -> str:
    """The words for a format."""
    return format_named(key).label


def _read_file(name: str, parsed: ParsedFile) -> ReadFile:
    account = line_account(parsed)
    counts = LineCounts(
        total=parsed.line_count,
        goals=account.of_goals,
        dependencies=account.of_dependencies,
        check_ins=account.of_check_ins,
        structure=account.of_structure,
        unread=account.of_unread,
    )
    return ReadFile(name, parsed, counts)


def _csv_pair(
    files: Sequence[tuple[str, bytes]], chosen: Mapping[str, str]
) -> tuple[tuple[str, bytes], tuple[str, bytes]] | None:
    """The one file of goals and the one of check-ins, when exactly these two are there in our own table."""
    tables = [
        (name, data)
        for name, data in files
        if PurePath(name).suffix.lower() in (".csv", ".tsv")
        and chosen.get(name, "table") in ("table", "")
        and (sniffed := sniff_format(data, name)) is not None
        and sniffed.key == "table"
    ]
    check_ins = [item for item in tables if _columns(item[1]) >= {"goal_id", "on"}]
    goals = [item for item in tables if _columns(item[1]) >= {"id", "title"}]
    return (goals[0], check_ins[0]) if len(goals) == 1 and len(check_ins) == 1 else None


def _columns(data: bytes) -> set[str]:
    first = data.lstrip(b"\xef\xbb\xbf\r\n \t")[:4000].splitlines()[:1]
    text = first[0].decode("utf-8", "replace").lower() if first else ""
    return {cell.strip(' "') for cell in text.replace(";", ",").replace("\t", ",").split(",")}


def _named_parts(parsed: ParsedFile, pair: tuple[tuple[str, bytes], tuple[str, bytes]]) -> ParsedFile:
    """The same file with the names people gave their files in place of the reader's own."""
    names = {"goals": pair[0][0], "check_ins": pair[1][0]}

    def named(part: str) -> str:
        return names.get(part, part)

    return replace(
        parsed,
        goals=tuple(replace(goal, part=named(goal.part)) for goal in parsed.goals),
        check_ins=tuple(replace(row, part=named(row.part)) for row in parsed.check_ins),
        structure=tuple(replace(line, part=named(line.part)) for line in parsed.structure),
        unread=tuple(replace(line, part=named(line.part)) for line in parsed.unread),
        parts=tuple(replace(part, name=named(part.name)) for part in parsed.parts),
    )


def owners_named(files: Sequence[ReadFile]) -> list[tuple[str, int]]:
    """Who the files say owns goals, most goals first. In our own table owners are e-mail addresses already."""
    counts: Counter[str] = Counter()
    for file in files:
        if not file.is_table:
            counts.update(goal.owner.strip() for goal in file.parsed.goals if goal.owner and goal.owner.strip())
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].lower()))
