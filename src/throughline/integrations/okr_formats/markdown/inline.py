"""Inline Markdown to plain text: emphasis and links go, words stay, links are kept beside the text."""

import html
import re
from dataclasses import dataclass

from throughline.integrations.okr_formats.model import ParsedLink

MAX_LABEL = 2000
MAX_SPAN = 600
CODE_SPAN = re.compile(r"(?<!`)(`{1,4})(?!`)(.{1,2000}?)(?<!`)\1(?!`)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
BARE_URL = re.compile(r"https?://[^\s<>\[\]\0|]+")
TAG = re.compile(
    r"</?(?:br|b|i|em|strong|sup|sub|span|u|p|a|font|code|kbd|small|del|s|mark|div)(?:\s[^<>]{0,300})?/?>",
    re.I,
)
STARS = re.compile(rf"(?<![\w*])(\*{{1,3}})(?=[^\s*])(.{{1,{MAX_SPAN}}}?)(?<=[^\s*])\1(?![\w*])")
UNDERLINES = re.compile(rf"(?<![\w_])(_{{1,3}})(?=[^\s_])(.{{1,{MAX_SPAN}}}?)(?<=[^\s_])\1(?![\w_])")
STRUCK = re.compile(r"~~(.+)~~")
PLACEHOLDER = re.compile(r"\0(\d+)\0")
IMAGE_ONLY = re.compile(r"!\[[^\]]*\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class PlainText:
    """`leading_link` is the link the text starts with, if it does."""

    text: str
    links: tuple[ParsedLink, ...]
    is_struck: bool
    leading_link: ParsedLink | None


@dataclass(frozen=True, slots=True)
class _Link:
    start: int
    end: int
    label: str
    url: str


def plain_text(raw: str, references: dict[str, str] | None = None) -> PlainText:
    """The words of a line without its Markdown.

    A struck-out part keeps its tildes; a wholly struck line does not.
    """
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\0{len(kept) - 1}\0"

    def restore(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: kept[int(found[1])], text)

    text = CODE_SPAN.sub(lambda found: keep(found[2]), raw.replace("\0", ""))
    text = ESCAPE.sub(lambda found: keep(found[1]), text)
    pieces: list[str] = []
    found_links: list[tuple[str, str]] = []
    leading: tuple[str, str] | None = None
    position = 0
    for link in _links(text, references or {}):
        before = text[position : link.start]
        if not "".join(pieces).strip(" *_") and not before.strip(" *_~"):
            leading = (link.label, link.url)
        pieces += [before, link.label]
        found_links.append((link.label, link.url))
        position = link.end
    text = "".join(pieces) + text[position:]

    def keep_address(found: re.Match[str]) -> str:
        address = found[found.lastindex or 0]
        trimmed = address.rstrip(".,;:!?*_~'\")") if found.lastindex is None else address
        if trimmed.count("(") > trimmed.count(")") and address[len(trimmed) :].startswith(")"):
            trimmed += ")"
        found_links.append((trimmed, trimmed))
        return keep(trimmed) + address[len(trimmed) :]

    text = AUTOLINK.sub(keep_address, text)
    text = BARE_URL.sub(keep_address, text)
    text = html.unescape(TAG.sub(_tag_text, text))
    text, is_struck = _without_strike(_without_emphasis(text).strip())
    links = tuple(ParsedLink(restore(_without_emphasis(label)).strip(), restore(url)) for label, url in found_links)
    leading_link = None
    if leading is not None:
        leading_link = ParsedLink(restore(_without_emphasis(leading[0])).strip(), restore(leading[1]))
    return PlainText(restore(text).replace("\0", "").strip(), links, is_struck, leading_link)


def _tag_text(found: re.Match[str]) -> str:
    return " " if found[0].lower().startswith("<br") else ""


def _without_emphasis(text: str) -> str:
    for _ in range(6):
        shorter = UNDERLINES.sub(r"\2", STARS.sub(r"\2", text))
        if shorter == text:
            break
        text = shorter
    return text


def _without_strike(text: str) -> tuple[str, bool]:
    struck = STRUCK.fullmatch(text)
    if struck is None or "~~" in struck[1]:
        return text, False
    return _without_emphasis(struck[1].strip()), True


def _links(text: str, references: dict[str, str]) -> list[_Link]:
    """Links and pictures of a line, left to right, with brackets balanced inside label and address."""
    found: list[_Link] = []
    position = 0
    brackets = _closings(text, "[]")
    parentheses = _closings(text, "()") if brackets else {}
    while (start := text.find("[", position)) >= 0:
        label_end = brackets.get(start)
        is_label = label_end is not None and label_end - start <= MAX_LABEL
        link = (
            _link_at(text, start, label_end=label_end, parentheses=parentheses, references=references)
            if is_label and label_end
            else None
        )
        if link is None:
            position = start + 1
            continue
        found.append(link)
        position = link.end
    return found


def _link_at(
    text: str, start: int, *, label_end: int, parentheses: dict[int, int], references: dict[str, str]
) -> _Link | None:
    label = text[start + 1 : label_end]
    begin = start - 1 if start > 0 and text[start - 1] == "!" else start
    if text[label_end + 1 : label_end + 2] == "(":
        address_end = parentheses.get(label_end + 1)
        if address_end is None:
            return None
        parts = text[label_end + 2 : address_end].strip().split(None, 1)
        address = parts[0].strip("<>") if parts else ""
        if len(parts) == 2 and parts[1][:1] not in {'"', "'", "("}:
            return None
        return _Link(begin, address_end + 1, label, address)
    reference = re.match(r"\[([^\[\]]*)\]", text[label_end + 1 : label_end + 400])
    name = (reference[1] or label).lower() if reference else label.lower()
    if name not in references:
        return None
    end = label_end + 1 + (reference.end() if reference else 0)
    return _Link(begin, end, label, references[name])


def _closings(text: str, pair: str) -> dict[int, int]:
    """Where each opening bracket is closed; one pass, so that no line of brackets takes long."""
    closings: dict[int, int] = {}
    opened: list[int] = []
    for position, character in enumerate(text):
        if character == pair[0]:
            opened.append(position)
        elif character == pair[1] and opened:
            closings[opened.pop()] = position
    return closings
