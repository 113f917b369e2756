"""Our own JSON export: {"format": "throughline-goals/1", "goals": […], "check_ins": […]}."""

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from throughline.integrations.okr_formats.file_text import LINE_END, decode_file, split_lines
from throughline.integrations.okr_formats.model import FilePart, ParsedFile, StructureLine, UnreadableFile
from throughline.integrations.okr_formats.tabular.checking import check_sheets
from throughline.integrations.okr_formats.tabular.columns import CHECK_IN_COLUMNS, GOAL_COLUMNS
from throughline.integrations.okr_formats.tabular.sheets import RawRow, Sheet
from throughline.integrations.okr_formats.tabular.writing import JSON_VERSION

WHITE_SPACE = " \t\r\n"


class ThroughlineJson:
    key = "throughline_json"
    label = "Throughline's own JSON export"
    endings: tuple[str, ...] = (".json",)

    def sniff(self, data: bytes, name: str) -> float:
        head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4000]
        if not head.startswith(b"{"):
            return 0.0
        if b'"throughline-goals/' in head:
            return 1.0
        return 0.3 if name.lower().endswith(self.endings) else 0.1

    def read(self, data: bytes, name: str) -> ParsedFile:
        decoded = decode_file(data, name)
        try:
            document = _Reader(decoded.text, name).document()
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise UnreadableFile(
                f"{name} is no sound JSON ({error}). Export it again, or check brackets, commas "
                f"and quotation marks there."
            ) from error
        document.goals.notes = [*decoded.notes, *document.notes]
        parsed = check_sheets([document.goals, document.check_ins], name, format_key=self.key)
        return _in_one_part(parsed, document)


@dataclass(slots=True)
class _Document:
    """Rows of both lists. They get parts of their own while they are checked, and share the lines of
    one file.
    """

    goals: Sheet = field(default_factory=lambda: Sheet("goals", columns=list(GOAL_COLUMNS)))
    check_ins: Sheet = field(default_factory=lambda: Sheet("check_ins", columns=list(CHECK_IN_COLUMNS)))
    version: object = None
    notes: list[str] = field(default_factory=list)
    line_count: int = 0


class _Reader:
    """Steps through the top of the document, so that every row is known by its lines."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.position = 0
        self.line_starts = [0, *(found.end() for found in LINE_END.finditer(text))]
        self.line_count = len(split_lines(text))
        self.claimed_to = 0
        self.decoder = json.JSONDecoder(
            parse_float=_number,
            parse_int=_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unrepeated,
        )

    def document(self) -> _Document:
        document = _Document(line_count=self.line_count)
        self._each("{", "}", lambda: self._member(document))
        self._skip_space()
        if self.position != len(self.text):
            raise ValueError(f"something follows the end of the document in line {self._line(self.position)}")
        if document.version != JSON_VERSION:
            raise UnreadableFile(
                f"{self.name} says it is in the format “{document.version}”; only "
                f"“{JSON_VERSION}” can be read. "
                "Export it again with this version."
            )
        return document

    def _each(self, opening: str, closing: str, read_one: Callable[[], None]) -> None:
        self._expect(opening)
        self._skip_space()
        if self.text[self.position : self.position + 1] == closing:
            self.position += 1
            return
        while True:
            read_one()
            self._skip_space()
            if self.text[self.position : self.position + 1] == closing:
                self.position += 1
                return
            self._expect(",")

    def _member(self, document: _Document) -> None:
        key = self._value()
        if not isinstance(key, str):
            raise ValueError(f"a name is expected in line {self._line(self.position)}")
        self._expect(":")
        self._skip_space()
        sheet = {"goals": document.goals, "check_ins": document.check_ins}.get(key)
        if sheet is not None:
            self._each("[", "]", lambda: self._row(sheet))
        elif key == "format":
            document.version = self._value()
        else:
            line = self._line(self.position)
            self._value()
            document.notes.append(f"Line {line}: “{key[:60]}” is not known and was left out.")

    def _row(self, sheet: Sheet) -> None:
        self._skip_space()
        start = self.position
        value = self._value()
        first, last = self._line(start), self._line(self.position - 1)
        lines = tuple(range(max(first, self.claimed_to + 1), last + 1))
        self.claimed_to = max(self.claimed_to, last)
        cells, problems = _cells(value, sheet.columns)
        sheet.rows.append(RawRow(first, lines, cells, tuple(problems), self.text[start : self.position][:200]))

    def _value(self) -> Any:
        self._skip_space()
        value, self.position = self.decoder.raw_decode(self.text, self.position)
        return value

    def _skip_space(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in WHITE_SPACE:
            self.position += 1

    def _expect(self, character: str) -> None:
        self._skip_space()
        if self.text[self.position : self.position + 1] != character:
            raise ValueError(f"“{character}” is expected in line {self._line(self.position)}")
        self.position += 1

    def _line(self, position: int) -> int:
        return min(bisect_right(self.line_starts, position), self.line_count)


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not -30 < number.adjusted() < 30:
        raise ValueError(f"the number {text[:30]} is out of bounds")
    return number


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a name appears twice in one object")
    return dict(pairs)


def _cells(value: Any, columns: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The members of one object as the cells of a row; lists in the notation of the table."""
    if not isinstance(value, dict):
        return {}, ["an object with names and values is expected"]
    cells: dict[str, Any] = {}
    problems = [f"“{key[:60]}” is not known" for key in value if key not in columns]
    for key, content in value.items():
        if content is None:
            continue
        if isinstance(content, list) and key in {"parent_ids", "supports_ids", "co_owner_emails"}:
            pieces = [_piece(item) for item in content]
            if any(piece is None for piece in pieces):
                problems.append(f"{key} holds something that is neither a text nor an id with a weight")
            cells[key] = ";".join(piece for piece in pieces if piece is not None)
        elif isinstance(content, str | Decimal):
            cells[key] = content
        else:
            problems.append(f"{key} holds neither a text nor a number")
    return cells, problems


def _piece(item: Any) -> str | None:
    if isinstance(item, str):
        return item
    if not isinstance(item, dict) or not set(item) <= {"id", "weight"} or not isinstance(item.get("id"), str):
        return None
    weight = item.get("weight")
    return str(item["id"]) if weight is None else f"{item['id']}:{weight}"


def _rows(document: _Document) -> list[RawRow]:
    return [*document.goals.rows, *document.check_ins.rows]


def _in_one_part(parsed: ParsedFile, document: _Document) -> ParsedFile:
    """Goals, check-ins and refused rows in the lines of the one file; every other line is structure."""
    goals = tuple(replace(goal, part="") for goal in parsed.goals)
    check_ins = tuple(replace(check_in, part="") for check_in in parsed.check_ins)
    unread = [replace(line, part="") for line in parsed.unread]
    # A row that shares its line with an earlier row claims none; refused, it is named in the notes.
    listed = {line for row in _rows(document) for line in row.lines}
    structure = [StructureLine(line, "json") for line in range(1, document.line_count + 1) if line not in listed]
    return replace(
        parsed,
        goals=goals,
        check_ins=check_ins,
        unread=tuple(sorted(unread, key=lambda line: line.line)),
        structure=tuple(structure),
        parts=(FilePart("", document.line_count),),
    )


FORMAT = ThroughlineJson()
