"""Goals as Markdown headings that nest, with bullets and checkboxes below them."""

from throughline.integrations.okr_formats.markdown.reading import MarkdownStyle, read_markdown
from throughline.integrations.okr_formats.markdown.sniffing import sniff_markdown
from throughline.integrations.okr_formats.model import ParsedFile

STYLE = MarkdownStyle("markdown_headings", reads_owner_before_colon=False, reads_labels_as_owner=True)


class MarkdownHeadings:
    key = "markdown_headings"
    label = "Markdown: headings that nest, with lists and checkboxes"
    endings: tuple[str, ...] = (".md", ".markdown", ".txt")

    def sniff(self, data: bytes, name: str) -> float:
        """Headings and checkboxes speak for it, owners before colons against it."""
        signs = sniff_markdown(data, name)
        if not signs.is_markdown:
            return 0.0
        return 0.8 if signs.headings and not signs.names_owners else 0.5

    def read(self, data: bytes, name: str) -> ParsedFile:
        return read_markdown(data, name, style=STYLE)


FORMAT = MarkdownHeadings()
