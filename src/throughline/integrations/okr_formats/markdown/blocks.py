"""Lines of Markdown to blocks: headings, list items, text, and what carries no goal."""

import re
from dataclasses import dataclass, field

HEADING = re.compile(r"^ {0,3}(#{1,12})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
TIGHT_HEADING = re.compile(r"^ {0,3}(#{2,12})([^\s#].*)$")
ITEM = re.compile(r"^([ \t]*)([-*+•◦▪‣]|\d{1,9}[.)])(?:([ \t]+)(.*))?$")
LETTER_ITEM = re.compile(r"^([ \t]*)([a-zA-Z][.)]|\([a-zA-Z0-9]{1,2}\)|[ivx]{1,5}[.)])([ \t]+)(.*)$")
CHECKBOX = re.compile(r"^\[([ xX✓✔~-])\](?:[ \t]+|$)(.*)$")
RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
SETEXT = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
ATTRIBUTES = re.compile(r"^[ \t]*(?:\{:.*\}|\{#[\w-]+\}|\[\[_?TOC_?\]\]|\[TOC\]|<!-- *toc.*-->)[ \t]*$", re.I)
CONTENTS_ITEM = re.compile(r"^(?:TOC|\[.*\]\(#[^)\s]*\))$")
DEFINITION = re.compile(r"^ {0,3}\[([^\]]{1,200})\]:[ \t]+<?(\S+?)>?(?:[ \t]+.*)?$")
HTML_LINE = re.compile(r"^[ \t]*</?[a-zA-Z][\w-]*(?:[\s/>]|$)")
PLAIN_GOAL = re.compile(
    r"^[ \t]*[*_]{0,3}(?:(?:objective|key\s+result|initiative)\s*\d*(?:\.\d+)*"
    r"|O\d{1,2}|KR\s*\d*(?:\.\d+)*)[*_]{0,3}"
    r"\s*:[*_]{0,3}[ \t]+\S",
    re.I,
)


@dataclass(slots=True)
class Block:
    """One or more lines that belong together.

    kind: heading, item, text, quote, code, table, html, or structure (then `detail` says which).
    """

    kind: str
    lines: list[int]
    text: str = ""
    indent: int = 0
    level: int = 0
    marker: str = ""
    is_checked: bool | None = None
    detail: str = ""
    follows_blank: bool = True
    raw: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    blocks: list[Block]
    references: dict[str, str]
    front_matter: dict[str, str]


def indent_width(space: str) -> int:
    """Columns of leading white space; a tab reaches the next multiple of four."""
    width = 0
    for character in space:
        width = width + 4 - width % 4 if character == "\t" else width + 1
    return width


def scan_blocks(lines: list[str]) -> Blocks:
    """Blocks of a file in order; every line is in exactly one."""
    scanner = _Scanner(lines)
    scanner.scan()
    return Blocks(scanner.blocks, scanner.references, scanner.front_matter)


class _Scanner:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.references: dict[str, str] = {}
        self.front_matter: dict[str, str] = {}
        self.after_blank = True

    def scan(self) -> None:
        number = self._front_matter()
        while number < len(self.lines):
            number = self._next(number)

    def _front_matter(self) -> int:
        fence = self.lines[0].strip() if self.lines else ""
        if fence not in {"---", "+++"}:
            return 0
        for end in range(1, min(len(self.lines), 200)):
            if self.lines[end].strip() in {fence, "..."}:
                break
            if not re.match(r"^(\s*$|#|\s+|-\s|[\w-]+\s*[:=])", self.lines[end]):
                return 0
        else:
            return 0
        if end == 1:
            return 0
        for number in range(end + 1):
            self._add(Block("structure", [number + 1], detail="front_matter"))
            found = re.match(r"^([\w-]+)\s*[:=]\s*(.+)$", self.lines[number])
            if found:
                self.front_matter[found[1].lower()] = found[2].strip().strip("\"'")
        return end + 1

    def _add(self, block: Block) -> None:
        block.follows_blank = self.after_blank
        block.raw = block.raw or [self.lines[line - 1] for line in block.lines]
        self.blocks.append(block)
        self.after_blank = False

    def _next(self, number: int) -> int:
        line = self.lines[number]
        if not line.strip():
            self._add(Block("structure", [number + 1], detail="blank"))
            self.after_blank = True
            return number + 1
        if FENCE.match(line):
            return self._fence(number)
        if line.lstrip().startswith("<!--") and not ATTRIBUTES.match(line):
            return self._comment(number)
        if self._single(number, line):
            return number + 1
        self._text(number, line)
        return number + 1

    def _fence(self, number: int) -> int:
        found = FENCE.match(self.lines[number])
        fence = found[1][:3] if found else "```"
        end = number + 1
        while end < len(self.lines) and not self.lines[end].lstrip().startswith(fence):
            end += 1
        end = min(end + 1, len(self.lines))
        indent = indent_width(self.lines[number][: len(self.lines[number]) - len(self.lines[number].lstrip())])
        text = "\n".join(self.lines[number:end])
        self._add(Block("code", list(range(number + 1, end + 1)), text, indent))
        return end

    def _comment(self, number: int) -> int:
        end = number
        while end < len(self.lines) and "-->" not in self.lines[end]:
            end += 1
        if end == len(self.lines):
            end = number
        for line in range(number, end + 1):
            self._add(Block("structure", [line + 1], detail="comment"))
        return end + 1

    def _single(self, number: int, line: str) -> bool:
        """Blocks that are one line by themselves. Text is left to `_text`."""
        lines = [number + 1]
        last = self.blocks[-1] if self.blocks else None
        if ATTRIBUTES.match(line):
            self._add(Block("structure", lines, detail="attributes"))
        elif last and last.kind == "text" and last.level == 0 and not self.after_blank and SETEXT.match(line):
            level = 1 if line.strip().startswith("=") else 2
            last.kind, last.level, last.text = "heading", level, " ".join(last.text.split("\n"))
            last.lines.append(number + 1)
        elif RULE.match(line) or re.fullmatch(r"[ \t]*(?:={3,}|-{3,}|_{3,})[ \t]*", line):
            self._add(Block("structure", lines, detail="rule"))
        elif found := HEADING.match(line) or TIGHT_HEADING.match(line):
            self._add(Block("heading", lines, (found[2] or "").strip(), level=len(found[1])))
        elif (found := ITEM.match(line)) or ((found := LETTER_ITEM.match(line)) and self._within_list()):
            self._item(lines, found)
        elif PLAIN_GOAL.match(line):
            text = line.strip()
            self._add(Block("item", lines, text, indent_width(line[: len(line) - len(line.lstrip())]), marker="word"))
        elif found := DEFINITION.match(line):
            self.references[found[1].lower()] = found[2]
            self._add(Block("structure", lines, detail="link_definition"))
        elif line.lstrip().startswith(">"):
            self._grouped("quote", number, re.sub(r"^[ \t]*(?:>[ \t]?)+", "", line))
        elif line.lstrip().startswith("|") or (last and last.kind == "table" and not self.after_blank and "|" in line):
            self._grouped("table", number, line.strip())
        elif HTML_LINE.match(line):
            self._add(Block("html", lines, line.strip()))
        else:
            return False
        return True

    def _within_list(self) -> bool:
        for block in reversed(self.blocks):
            if block.detail != "blank":
                return block.kind in {"item", "text"} and any(b.kind == "item" for b in self.blocks[-3:])
        return False

    def _item(self, lines: list[int], found: re.Match[str]) -> None:
        text = (found[4] or "").strip()
        if CONTENTS_ITEM.match(text):
            self._add(Block("structure", lines, detail="table_of_contents"))
            return
        block = Block(
            "item",
            lines,
            text,
            indent_width(found[1]),
            marker="number" if found[2][0].isalnum() else "bullet",
        )
        if box := CHECKBOX.match(text):
            block.text, block.is_checked = box[2].strip(), box[1] in "xX✓✔"
        self._add(block)

    def _grouped(self, kind: str, number: int, text: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.kind == kind and not self.after_blank:
            last.lines.append(number + 1)
            last.text += "\n" + text
            last.raw.append(self.lines[number])
            return
        indent = indent_width(self.lines[number][: len(self.lines[number]) - len(self.lines[number].lstrip())])
        self._add(Block(kind, [number + 1], text, indent))

    def _text(self, number: int, line: str) -> None:
        """A line of running text: joins the item or paragraph above it when no blank line lies between."""
        last = self.blocks[-1] if self.blocks else None
        field_line = FIELD.match(line.strip())
        if last is not None and not self.after_blank and last.kind in {"item", "text"} and not field_line:
            hard_break = last.raw[-1].endswith(("  ", "\\"))
            joins = last.kind == "text" or (not hard_break and last.marker != "word")
            if joins and last.level != FIELD_LEVEL:
                joint = "\n" if last.kind == "text" else " "
                last.text = f"{last.text}{joint}{line.strip()}" if last.text else line.strip()
                last.lines.append(number + 1)
                last.raw.append(line)
                return
        indent = indent_width(line[: len(line) - len(line.lstrip())])
        self._add(Block("text", [number + 1], line.strip(), indent, FIELD_LEVEL if field_line else 0))


FIELD_LEVEL = -1
FIELD = re.compile(
    r"^[*_]{0,3}(owners?|dri|responsible|assignee|progress|score|grade|status|priority|baseline|target|due(?:\s+date)?)"
    r"[*_]{0,3}\s*:[*_]{0,3}\s*(\S.*)$",
    re.I,
)
