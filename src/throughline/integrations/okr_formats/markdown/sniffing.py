"""Signs of Markdown in a file's first bytes."""

import codecs
import re
from dataclasses import dataclass

from throughline.integrations.okr_formats.markdown.owners import owner_prefix

SNIFFED_BYTES = 200_000
LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,4}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(\S.*)$", re.M)
HEADING_LINE = re.compile(r"^ {0,3}#{1,12}[ \t]*\S|^\S.*\n(?:={3,}|-{3,})[ \t]*$", re.M)
SIMPLE_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,500}\)")


@dataclass(frozen=True, slots=True)
class MarkdownSigns:
    is_markdown: bool
    headings: int
    names_owners: bool


def sniff_markdown(data: bytes, name: str) -> MarkdownSigns:
    """Whether a file is Markdown with lists or headings, and whether its items name owners before a colon."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    text = data[:SNIFFED_BYTES].decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    head = text.lstrip("\ufeff \n\t")[:1]
    ending = name.lower().rpartition(".")[2]
    if (
        "\0" in text
        or ending in {"json", "graphml", "xml", "xlsx", "csv", "tsv"}
        or head in {"{", "<"}
        or data[:2] == b"PK"
    ):
        return MarkdownSigns(False, 0, False)
    items = [found[1] for found in LIST_ITEM.finditer(text)]
    headings = len(HEADING_LINE.findall(text))
    with_prefix = sum(owner_prefix(SIMPLE_LINK.sub(r"\1", item)) is not None for item in items)
    is_markdown = bool(items or headings or ending in {"md", "markdown"})
    return MarkdownSigns(is_markdown, headings, bool(items) and with_prefix / len(items) >= 0.4)
