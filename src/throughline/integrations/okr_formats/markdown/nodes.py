"""Blocks to a tree of nodes: which heading or item holds which, and which lines belong to it."""

import re
from dataclasses import dataclass, field

from throughline.integrations.okr_formats.markdown.blocks import FIELD, FIELD_LEVEL, Block, Blocks
from throughline.integrations.okr_formats.markdown.cycles import (
    dates_stated,
    is_only_a_cycle,
)
from throughline.integrations.okr_formats.markdown.headings import (
    CONTENTS_HEADING,
    RETROSPECTIVE,
    RETROSPECTIVE_HEADING,
    SECTION_HEADING,
    section_kind,
    title_block,
)
from throughline.integrations.okr_formats.markdown.inline import PlainText, plain_text
from throughline.integrations.okr_formats.markdown.marks import (
    KIND_PREFIX,
    Marks,
    find_marks,
    progress_stated,
)
from throughline.integrations.okr_formats.model import GoalKind, ParsedLink, StructureLine, UnreadLine

SECTION_LEVEL = 99
RANK = {"objective": 0, "key_result": 1, "initiative": 2}


@dataclass(slots=True)
class Node:
    """A goal to be, or a heading that only groups (`is_goal` false)."""

    block: Block
    plain: PlainText
    marks: Marks
    parent: "Node | None"
    is_heading: bool
    is_goal: bool = True
    section_kind: GoalKind | None = None
    is_remark: bool = False
    children: "list[Node]" = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    links: list[ParsedLink] = field(default_factory=list)

    @property
    def kind_stated(self) -> GoalKind | None:
        return self.marks.kind


@dataclass(slots=True)
class Tree:
    nodes: list[Node] = field(default_factory=list)
    structure: list[StructureLine] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    title: str = ""
    cycle_texts: list[str] = field(default_factory=list)
    date_text: str = ""


def build_tree(scanned: Blocks) -> Tree:
    """Every heading and item as a node under its parent; other lines beside them, each exactly once."""
    builder = _Builder(scanned)
    for block in scanned.blocks:
        builder.place(block)
    return builder.tree


class _Builder:
    def __init__(self, scanned: Blocks) -> None:
        self.tree = Tree(title=scanned.front_matter.get("title", ""))
        self.references = scanned.references
        self.headings: list[Node] = []
        self.items: list[Node] = []
        self.latest: Node | None = None
        headings = [
            block
            for block in scanned.blocks
            if block.kind == "heading" and not CONTENTS_HEADING.match(plain_text(block.text).text)
        ]
        self.title_block = title_block(headings)
        named = {block.text.casefold().strip(" :.!*_") for block in scanned.blocks if block.kind == "item"}
        # One "Keep" may well be a goal; "Keep" beside "Stop" is a retrospective.
        self.has_retrospective = sum(RETROSPECTIVE.match(text) is not None for text in named) >= 2

    def place(self, block: Block) -> None:
        if block.kind == "structure":
            self.tree.structure += [StructureLine(line, block.detail) for line in block.lines]
        elif block.kind == "heading":
            self._heading(block)
        elif block.kind == "item":
            self._item(block)
        elif block.kind == "html":
            self._unread(block, "embedded HTML cannot be shown; take over its text or address by hand")
        else:
            self._prose(block)

    def _unread(self, block: Block, reason: str) -> None:
        self.tree.unread += [
            UnreadLine(line, raw.strip(), reason) for line, raw in zip(block.lines, block.raw, strict=False)
        ]
        self.tree.unread += [UnreadLine(line, "", reason) for line in block.lines[len(block.raw) :]]

    def _structure(self, block: Block, kind: str) -> None:
        self.tree.structure += [StructureLine(line, kind) for line in block.lines]

    def _heading(self, block: Block) -> None:
        plain = plain_text(block.text, self.references)
        while self.headings and self.headings[-1].block.level >= block.level:
            self.headings.pop()
        self.items = []
        parent = self.headings[-1] if self.headings else None
        node = Node(block, plain, Marks(plain.text), parent, is_heading=True, is_goal=False, lines=list(block.lines))
        self.headings.append(node)
        self.latest = node
        if block is self.title_block:
            self.tree.title = self.tree.title or plain.text
            self.tree.cycle_texts.append(plain.text)
            self._structure(block, "title")
        elif not re.search(r"\w", plain.text):
            self._unread(block, "a heading without words")
        elif CONTENTS_HEADING.match(plain.text):
            self._structure(block, "table_of_contents")
        elif is_only_a_cycle(plain.text):
            self.tree.cycle_texts.append(plain.text)
            self._structure(block, "cycle")
        elif section := SECTION_HEADING.match(plain.text):
            node.section_kind = section_kind(section)
            self._structure(block, "section")
        elif self._within_retrospective(parent) or RETROSPECTIVE_HEADING.search(plain.text):
            node.is_remark = True
            self._unread(block, "part of a retrospective, not a goal")
        else:
            self._goal(node, is_heading=True)

    def _goal(self, node: Node, *, is_heading: bool) -> None:
        node.is_goal = True
        node.marks = find_marks(node.plain.text, is_heading=is_heading)
        node.links = list(node.plain.links)
        if node.parent is not None:
            node.parent.children.append(node)
        self.tree.nodes.append(node)

    def _within_retrospective(self, node: Node | None) -> bool:
        while node is not None:
            if node.is_remark:
                return True
            node = node.parent
        return False

    def _item(self, block: Block) -> None:
        plain = plain_text(block.text, self.references)
        stated = _stated_kind(plain.text)
        self._leave_items(block, stated)
        parent = self.items[-1] if self.items else self.headings[-1] if self.headings else None
        found = FIELD.match(block.text)
        holder = parent if found and parent is not None and parent.is_goal else None
        if found is not None and holder is not None and _sets_field(found):
            self._set_field(holder, block, found)
            return
        node = Node(block, plain, Marks(plain.text), parent, is_heading=False, is_goal=False, lines=list(block.lines))
        self.latest = node
        if not re.search(r"\w", plain.text):
            self._unread(block, "a list item without words")
            return
        self.items.append(node)
        opens_retrospective = self.has_retrospective and stated is None and RETROSPECTIVE.match(plain.text)
        if self._within_retrospective(parent) or opens_retrospective:
            node.is_remark = True
            self._unread(block, "part of a retrospective, not a goal")
            return
        if not stated and (section := SECTION_HEADING.match(plain.text)):
            node.section_kind = section_kind(section)
            self._structure(block, "section")
            return
        self._goal(node, is_heading=False)

    def _leave_items(self, block: Block, stated: GoalKind | None) -> None:
        """Closes the items the new one does not belong to: by indent, or by rank when both say what
        they are.
        """
        while self.items:
            above = self.items[-1]
            step = block.indent - above.block.indent
            above_kind = above.kind_stated
            if stated is not None and above_kind is not None and step <= 1:
                if RANK[above_kind] < RANK[stated]:
                    return
            elif (
                step >= 2
                or (step == 1 and above.block.indent == 0)
                or (step == 0 and above_kind is not None and stated is None and above.block.marker != block.marker)
            ):
                return
            self.items.pop()

    def _prose(self, block: Block) -> None:
        if not self.tree.date_text and dates_stated(block.text):
            self.tree.date_text = plain_text(block.text).text
            if not self.tree.nodes:
                self._structure(block, "cycle")
                return
        if block.kind == "text" and (section := SECTION_HEADING.match(plain_text(block.text).text)):
            self._section_line(block, section)
            return
        holder = self._holder(block)
        found = FIELD.match(block.text) if block.level == FIELD_LEVEL else None
        if holder is None:
            self._unread(block, "text that belongs to no goal")
        elif self._within_retrospective(holder):
            self._unread(block, "part of a retrospective, not a goal")
        elif not holder.is_goal:
            self._unread(block, "text that belongs to no goal")
        elif found is not None:
            self._set_field(holder, block, found)
        else:
            self._describe(holder, block)

    def _section_line(self, block: Block, section: re.Match[str]) -> None:
        """A line such as “**Key results:**” by itself heads what follows, below every real heading."""
        while self.headings and self.headings[-1].block.level >= SECTION_LEVEL:
            self.headings.pop()
        self.items = []
        block.level = SECTION_LEVEL
        parent = self.headings[-1] if self.headings else None
        plain = plain_text(block.text)
        node = Node(block, plain, Marks(plain.text), parent, is_heading=True, is_goal=False)
        node.section_kind = section_kind(section)
        self.headings.append(node)
        self.latest = node
        self._structure(block, "section")

    def _holder(self, block: Block) -> Node | None:
        if not block.follows_blank and self.latest is not None and self.items and self.latest is self.items[-1]:
            return self.latest
        while self.items and self.items[-1].block.indent >= max(block.indent, 1):
            self.items.pop()
        if self.items:
            return self.items[-1]
        return self.headings[-1] if self.headings else None

    def _describe(self, holder: Node, block: Block) -> None:
        if block.kind == "text":
            plain = [plain_text(line, self.references) for line in block.text.split("\n")]
            holder.description.append("\n".join(line.text for line in plain))
            holder.links += [link for line in plain for link in line.links]
        else:
            holder.description.append(block.text)
        holder.lines += block.lines

    def _set_field(self, holder: Node, block: Block, found: re.Match[str]) -> None:
        """“Owner: …” and “Progress: …” become fields; whatever else is named this way stays a line of
        description.
        """
        plain = plain_text(block.text, self.references)
        value = plain_text(found[2], self.references).text
        name = found[1].lower()
        holder.lines += block.lines
        holder.links += plain.links
        if name in {"owner", "owners", "dri", "responsible", "assignee"} and holder.marks.owner is None:
            holder.marks.owner = value
            holder.marks.marks.append(plain.text)
        elif name in {"progress", "score", "grade"} and holder.marks.outcome_text is None:
            holder.marks.outcome_text = value
            holder.marks.progress_0_1 = progress_stated(value)
            holder.marks.marks.append(plain.text)
        elif name == "priority" and holder.marks.priority is None:
            holder.marks.priority = value
            holder.marks.marks.append(plain.text)
        else:
            holder.description.append(plain.text)


def _sets_field(found: re.Match[str]) -> bool:
    return found[1].lower() not in {"target", "baseline", "status"} or len(found[2]) < 60


def _stated_kind(text: str) -> GoalKind | None:
    return find_marks(text).kind if KIND_PREFIX.match(text) else None
