"""What a reader returns: goals, dependencies, check-ins, and an account of every line of the file."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalTable

GoalKind = Literal["objective", "key_result", "initiative"]


class UnreadableFile(Exception):
    """The file as a whole cannot be read. The message says what, where and what to do."""


@dataclass(frozen=True, slots=True)
class ParsedLink:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class StatedNumbers:
    """Numbers the text states in so many words ("from 45% to 60%"). Never guessed."""

    baseline: Decimal | None
    target: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class CycleHint:
    """The cycle a file speaks of. Dates only where stated, or where a calendar name leaves no doubt."""

    name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedGoal:
    """One goal of the file.

    `title` is the plain text of the source without the `marks`; the marks are the fragments that became
    another field (owner, outcome, priority, labels, state), so every word of the source is in one of them.
    `progress_0_1` holds one share per stated outcome, clamped to 0–1; `outcome_text` keeps what was written.
    """

    key: str
    line: int
    depth: int
    kind: GoalKind
    title: str
    description: str = ""
    owner: str | None = None
    links: tuple[ParsedLink, ...] = ()
    outcome_text: str | None = None
    progress_0_1: tuple[float, ...] | None = None
    is_wip: bool = False
    is_done: bool | None = None
    is_struck: bool = False
    priority: str | None = None
    parent_key: str | None = None
    labels: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    numbers: StatedNumbers | None = None
    lines: tuple[int, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class ParsedDependency:
    """One goal comes before, or leans on, another. The direction is as drawn; files are known to mix it."""

    source_key: str
    target_key: str
    line: int
    text: str = ""
    lines: tuple[int, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class ParsedCheckIn:
    row: CheckInRow
    line: int
    lines: tuple[int, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class StructureLine:
    """A line that carries no goal: blank, rule, front_matter, table_of_contents, title, cycle, section, …"""

    line: int
    kind: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class UnreadLine:
    line: int
    text: str
    reason: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A sheet of a workbook, or the whole file (with an empty name)."""

    name: str
    line_count: int


@dataclass(frozen=True, slots=True)
class ParsedFile:
    format_key: str
    title: str
    cycle_hint: CycleHint | None
    goals: tuple[ParsedGoal, ...]
    dependencies: tuple[ParsedDependency, ...]
    structure: tuple[StructureLine, ...]
    unread: tuple[UnreadLine, ...]
    notes: tuple[str, ...]
    parts: tuple[FilePart, ...]
    check_ins: tuple[ParsedCheckIn, ...] = ()
    table: GoalTable | None = None

    @property
    def line_count(self) -> int:
        return sum(part.line_count for part in self.parts)


@dataclass(frozen=True, slots=True)
class LineAccount:
    """Which lines of a file are accounted for. A sound reader leaves `missing` and `repeated` empty."""

    of_goals: int
    of_dependencies: int
    of_check_ins: int
    of_structure: int
    of_unread: int
    missing: tuple[tuple[str, int], ...]
    repeated: tuple[tuple[str, int], ...]


class OkrFormat(Protocol):
    """One way goals are written down. A module of this folder with a `FORMAT` of this shape adds one."""

    key: str
    label: str
    endings: tuple[str, ...]

    def sniff(self, data: bytes, name: str) -> float:
        """How sure this format is that it can read the file, 0 to 1. Never raises."""

    def read(self, data: bytes, name: str) -> ParsedFile:
        """The file's goals. Raises UnreadableFile and nothing else."""


def line_account(file: ParsedFile) -> LineAccount:
    """Counts who claims each line of the file, so that a caller or a test sees that nothing was dropped."""
    goals = [(goal.part, line) for goal in file.goals for line in goal.lines]
    dependencies = [(edge.part, line) for edge in file.dependencies for line in edge.lines]
    check_ins = [(check_in.part, line) for check_in in file.check_ins for line in check_in.lines]
    structure = [(line.part, line.line) for line in file.structure]
    unread = sorted({(line.part, line.line) for line in file.unread})
    claimed = Counter(goals + dependencies + check_ins + structure + unread)
    expected = {(part.name, line) for part in file.parts for line in range(1, part.line_count + 1)}
    repeated = {place for place, count in claimed.items() if count > 1} | (set(claimed) - expected)
    return LineAccount(
        of_goals=len(goals),
        of_dependencies=len(dependencies),
        of_check_ins=len(check_ins),
        of_structure=len(structure),
        of_unread=len(unread),
        missing=tuple(sorted(expected - set(claimed))),
        repeated=tuple(sorted(repeated)),
    )
