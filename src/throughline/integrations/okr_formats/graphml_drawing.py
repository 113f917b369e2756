"""Nodes and edges of a GraphML file, with the lines they stand on."""

from dataclasses import dataclass, field
from xml.parsers import expat

from throughline.integrations.okr_formats.model import UnreadableFile

DEEPEST = 200
MOST_NODES = 100_000
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
DATA_NAMES = ("url", "description", "label", "name", "title", "text")


@dataclass(slots=True)
class Node:
    id: str
    line: int
    parent: "Node | None"
    depth: int
    last_line: int = 0
    labels: list[str] = field(default_factory=list)
    url: str = ""
    description: str = ""
    children: "list[Node]" = field(default_factory=list)
    is_drawing: bool = False


@dataclass(slots=True)
class Edge:
    source: str
    target: str
    line: int
    last_line: int = 0
    labels: list[str] = field(default_factory=list)


class Drawing:
    """Nodes and edges of the file with their lines.

    No entity is ever expanded: a document type is refused.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.open: list[Node | Edge | None] = []
        self.data_names: dict[str, str] = {}
        self.text: list[str] = []
        self.text_depth = 0
        self.text_goes_to = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")

    def parse(self, text: str) -> None:
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.EntityDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.buffer_text = True
        try:
            self.parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise UnreadableFile(
                f"{self.name} is no sound XML in line {error.lineno} "
                f"({expat.ErrorString(error.code)}). Export it again."
            ) from error

    def _refuse_document_type(self, *arguments: object) -> None:
        raise UnreadableFile(
            f"{self.name} declares a document type in line {self.parser.CurrentLineNumber}, "
            f"which GraphML never needs "
            "and which can hide harmful entities. Remove the declaration."
        )

    def _holder(self) -> Node | Edge | None:
        return next((element for element in reversed(self.open) if element is not None), None)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        if len(self.open) >= DEEPEST:
            raise UnreadableFile(f"{self.name} nests more than {DEEPEST} elements in line {line}; it cannot be read.")
        opened: Node | Edge | None = None
        if namespace in {GRAPHML, ""}:
            if tag == "key":
                self.data_names[attributes.get("id", "")] = attributes.get("attr.name", "").lower()
            elif tag == "node":
                opened = self._open_node(attributes, line)
            elif tag == "edge":
                opened = Edge(attributes.get("source", ""), attributes.get("target", ""), line)
                self.edges.append(opened)
            elif tag == "data" and self.data_names.get(attributes.get("key", ""), "") in DATA_NAMES:
                self._collect(self.data_names[attributes["key"]])
        if tag in {"NodeLabel", "EdgeLabel"}:
            self._collect("label")
        if tag.endswith("TableNode") and isinstance(holder := self._holder(), Node):
            holder.is_drawing = True
        self.open.append(opened)

    def _open_node(self, attributes: dict[str, str], line: int) -> Node:
        if len(self.nodes) >= MOST_NODES:
            raise UnreadableFile(f"{self.name} has more than {MOST_NODES:,} nodes; split it.")
        parent = next((element for element in reversed(self.open) if isinstance(element, Node)), None)
        node_id = attributes.get("id") or f"line-{line}-{len(self.nodes)}"
        node = Node(node_id, line, parent, 0 if parent is None else parent.depth + 1)
        self.nodes.append(node)
        if parent is not None:
            parent.children.append(node)
        return node

    def _collect(self, kind: str) -> None:
        self.text, self.text_goes_to, self.text_depth = [], kind, len(self.open)

    def _characters(self, text: str) -> None:
        if self.text_goes_to and len(self.open) == self.text_depth + 1:
            self.text.append(text)

    def _end(self, name: str) -> None:
        closed = self.open.pop()
        if closed is not None:
            closed.last_line = self.parser.CurrentLineNumber
        if not self.text_goes_to or len(self.open) != self.text_depth:
            return
        text, kind = "".join(self.text).strip(), self.text_goes_to
        self.text_goes_to = ""
        holder = self._holder()
        if holder is None or not text:
            return
        if kind in {"label", "label text"}:
            holder.labels.append(text)
        elif isinstance(holder, Node) and kind == "url":
            holder.url = text
        elif isinstance(holder, Node) and kind == "description":
            holder.description = text
        elif isinstance(holder, Node) and not holder.labels:
            holder.labels.append(text)
