"""Goals drawn as a graph (GraphML, as yEd writes it): the nesting of nodes is the hierarchy.

Edges are mostly sequence, and their direction is mixed, so they become dependencies and never alignment.
"""

import re

from throughline.integrations.okr_formats.file_text import decode_file, require_size, split_lines
from throughline.integrations.okr_formats.graphml_drawing import Drawing, Node
from throughline.integrations.okr_formats.markdown.cycles import cycle_named, year_named
from throughline.integrations.okr_formats.markdown.marks import find_marks, stated_numbers
from throughline.integrations.okr_formats.model import (
    CycleHint,
    FilePart,
    GoalKind,
    ParsedDependency,
    ParsedFile,
    ParsedGoal,
    ParsedLink,
    StructureLine,
    UnreadLine,
)

XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


class GraphMl:
    key = "graphml"
    label = "GraphML: nested nodes of a drawing"
    endings: tuple[str, ...] = (".graphml",)

    def sniff(self, data: bytes, name: str) -> float:
        if b"<graphml" in data[:4000]:
            return 1.0
        return 0.25 if name.lower().endswith(self.endings) else 0.0

    def read(self, data: bytes, name: str) -> ParsedFile:
        """The labelled nodes as goals, the edges between them as dependencies. Raises UnreadableFile."""
        require_size(data, name)
        decoded = decode_file(data, name)
        lines = split_lines(decoded.text)
        drawing = Drawing(name)
        text = "\n".join(lines)
        # The text is decoded already, so what the declaration says of its encoding no longer holds.
        drawing.parse(XML_DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text, count=1))
        return _Result(drawing, lines, list(decoded.notes)).parsed_file()


class _Result:
    def __init__(self, drawing: Drawing, lines: list[str], notes: list[str]) -> None:
        self.drawing = drawing
        self.lines = lines
        self.notes = notes
        self.owner_of: dict[int, int] = {}
        self.goals: list[ParsedGoal] = []
        self.frame = _frame(drawing.nodes)
        self.unread: list[UnreadLine] = []
        self.kinds: dict[str, GoalKind] = {}

    def parsed_file(self) -> ParsedFile:
        claimed = self._claims()
        self._read_nodes(claimed)
        dependencies = self._dependencies(claimed)
        if not self.goals and not self.unread:
            self.notes.append("The drawing holds no labelled node, so no goal was found.")
        structure = [
            StructureLine(line, "frame" if id(self.frame) == self.owner_of.get(line) else "document")
            for line in range(1, len(self.lines) + 1)
            if line not in self.owner_of or self.owner_of[line] == id(self.frame)
        ]
        title = self.frame.labels[0] if self.frame is not None and self.frame.labels else ""
        return ParsedFile(
            format_key=GraphMl.key,
            title=_one_line(title),
            cycle_hint=_cycle(title, self.drawing.name),
            goals=tuple(self.goals),
            dependencies=dependencies,
            structure=tuple(structure),
            unread=tuple(sorted(self.unread, key=lambda line: line.line)),
            notes=tuple(self.notes),
            parts=(FilePart("", len(self.lines)),),
        )

    def _claims(self) -> dict[int, tuple[int, ...]]:
        """Each line belongs to the innermost node or edge on it; of several on one line, to the last."""
        for node in self.drawing.nodes:
            for line in range(node.line, node.last_line + 1):
                self.owner_of[line] = id(node)
        for edge in self.drawing.edges:
            for line in range(edge.line, edge.last_line + 1):
                self.owner_of[line] = id(edge)
        lines_of: dict[int, list[int]] = {}
        for line in sorted(self.owner_of):
            lines_of.setdefault(self.owner_of[line], []).append(line)
        return {owner: tuple(lines) for owner, lines in lines_of.items()}

    def _read_nodes(self, claimed: dict[int, tuple[int, ...]]) -> None:
        seen: set[str] = set()
        for node in self.drawing.nodes:
            lines = claimed.get(id(node), ())
            if node is self.frame:
                if len(node.labels) > 1:
                    self.notes.append(
                        f"Labels of the frame that are no goals: {', '.join(map(_one_line, node.labels[1:]))}."
                    )
                continue
            title = _one_line(node.labels[0]) if node.labels else ""
            if not re.search(r"\w", title) or node.id in seen:
                reason = "a node whose id was already used" if node.id in seen else "a node without a label"
                self._refuse(lines, node.line, reason)
                continue
            seen.add(node.id)
            self.goals.append(self._goal(node, title, lines))

    def _refuse(self, lines: tuple[int, ...], line: int, reason: str) -> None:
        if not lines:
            self.notes.append(f"Line {line}: {reason}.")
        self.unread += [UnreadLine(number, self.lines[number - 1].strip()[:200], reason) for number in lines]

    def _goal(self, node: Node, title: str, lines: tuple[int, ...]) -> ParsedGoal:
        parent = node.parent
        while parent is not None and parent.id not in self.kinds:
            parent = parent.parent
        parent_kind = None if parent is None else self.kinds[parent.id]
        if parent_kind is None or (parent_kind == "objective" and node.children):
            kind: GoalKind = "objective"
        else:
            kind = "key_result" if parent_kind == "objective" else "initiative"
        self.kinds[node.id] = kind
        marks = find_marks(title)
        depth = 0
        above = parent
        while above is not None:
            depth += above.id in self.kinds
            above = above.parent
        others = [label for label in dict.fromkeys(map(_one_line, node.labels)) if label != title]
        return ParsedGoal(
            key=node.id,
            line=node.line,
            depth=depth,
            kind=kind,
            title=marks.title,
            description="\n".join([*others, node.description]).strip(),
            owner=marks.owner,
            links=(ParsedLink(marks.title, node.url),) if node.url else (),
            outcome_text=marks.outcome_text,
            progress_0_1=marks.progress_0_1,
            is_wip=marks.is_wip,
            is_done=marks.is_done,
            priority=marks.priority,
            parent_key=None if parent is None else parent.id,
            labels=tuple(marks.labels),
            marks=tuple(marks.marks),
            numbers=stated_numbers(marks.title),
            lines=lines,
        )

    def _dependencies(self, claimed: dict[int, tuple[int, ...]]) -> tuple[ParsedDependency, ...]:
        keys = {goal.key for goal in self.goals}
        found: list[ParsedDependency] = []
        for edge in self.drawing.edges:
            lines = claimed.get(id(edge), ())
            if edge.source not in keys or edge.target not in keys or edge.source == edge.target:
                self._refuse(lines, edge.line, "an edge that does not join two goals")
                continue
            text = _one_line(" ".join(edge.labels))
            found.append(ParsedDependency(edge.source, edge.target, edge.line, text, lines))
        return tuple(found)


def _frame(nodes: list[Node]) -> Node | None:
    """The one table around everything, whose label names the document and whose columns name quarters."""
    outermost = [node for node in nodes if node.parent is None]
    return outermost[0] if len(outermost) == 1 and outermost[0].is_drawing else None


def _one_line(text: str) -> str:
    """Labels are broken to fit their box; the words stay."""
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _cycle(title: str, name: str) -> CycleHint | None:
    return cycle_named(title) or year_named(title) or cycle_named(name) or year_named(name)


FORMAT = GraphMl()
