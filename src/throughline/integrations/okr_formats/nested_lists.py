"""Goals as nested lists by role: "1. CRO: grow … => 78%", numbered or bulleted, tabs and spaces mixed."""

from throughline.integrations.okr_formats.markdown.reading import MarkdownStyle, read_markdown
from throughline.integrations.okr_formats.markdown.sniffing import sniff_markdown
from throughline.integrations.okr_formats.model import ParsedFile

STYLE = MarkdownStyle("nested_lists", reads_owner_before_colon=True, reads_labels_as_owner=False)


class NestedLists:
    key = "nested_lists"
    label = "Markdown: nested lists with an owner before the colon"
    endings: tuple[str, ...] = (".md", ".markdown", ".txt")

    def sniff(self, data: bytes, name: str) -> float:
        """Owners before colons speak for it, and lists without any heading."""
        signs = sniff_markdown(data, name)
        if not signs.is_markdown:
            return 0.0
        if signs.names_owners:
            return 0.9
        return 0.6 if not signs.headings else 0.4

    def read(self, data: bytes, name: str) -> ParsedFile:
        return read_markdown(data, name, style=STYLE)


FORMAT = NestedLists()
