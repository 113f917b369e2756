"""Words with a meaning: states, tags, notes, quotes, figures, dates, differences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from difflib import SequenceMatcher

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from throughline.components.tags.icons import icon_svg
from throughline.components.tags.rendering import part_html, tone_of
from throughline.components.tags.timing import relative_words

register = template.Library()


@register.simple_tag
def state(tone: str, label: str) -> SafeString:
    """A state in words, with a shape beside it: {% state "warn" "Due today" %}."""
    return format_html('<span class="state state-{}">{}</span>', tone_of(tone), label)


@register.simple_tag
def tag(label: str, url: str = "") -> SafeString:
    """A quiet label, a link when it has an address."""
    if url:
        return format_html('<a class="tag" href="{}">{}</a>', url, label)
    return format_html('<span class="tag">{}</span>', label)


@register.simple_tag
def badge(count: int, label: str = "") -> SafeString:
    """A small count. `label` tells a screen reader what is counted."""
    return format_html(
        '<span class="badge num">{}<span class="visually-hidden"> {}</span></span>',
        formats.localize(count),
        label,
    )


@register.simple_block_tag
def note(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A remark that must not be missed: {% note "warn" title="" %}…{% endnote %}; info, good, warn or bad."""
    return part_html(
        "note",
        {"content": content, "tone": tone_of(tone, allowed=("info", "good", "warn", "bad")), "title": title},
    )


@register.simple_block_tag
def quote(content: str, by: str = "", url: str = "") -> SafeString:
    """What somebody said, in their words."""
    return part_html("quote", {"content": content, "by": by, "url": url})


@register.simple_tag
def figure(value: object, label: str, detail: str = "") -> SafeString:
    """One large number with what it means."""
    return part_html("figure", {"value": value, "label": label, "detail": detail})


@register.simple_tag
def facts(items: Iterable[tuple[str, object]]) -> SafeString:
    """Pairs of term and description; a pair without a description is left out."""
    kept = [(term, description) for term, description in items if description is not None and description != ""]
    return part_html("facts", {"items": kept})


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One of our few symbols. Without a label it is decoration."""
    return icon_svg(name, label)


@register.simple_tag
def when(value: datetime | date | None, show: str = "both") -> SafeString | str:
    """A date or moment in the reader's time zone. `show` is both, absolute or relative."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    has_time = isinstance(value, datetime)
    absolute = formats.date_format(value, "j F Y, H:i" if has_time else "j F Y")
    relative = relative_words(value, timezone.localtime())
    machine = value.isoformat()
    if show == "absolute" or not relative:
        return format_html('<time datetime="{}">{}</time>', machine, absolute)
    if show == "relative":
        return format_html('<time datetime="{}" title="{}">{}</time>', machine, absolute, relative)
    return format_html('<time datetime="{}">{} <span class="soft">({})</span></time>', machine, absolute, relative)


@register.simple_tag
def diff(old: str, new: str) -> SafeString:
    """What changed from one text to the next, word by word, in marks and in words for a screen reader."""
    pieces = _diff_pieces(old, new)
    return part_html("diff", {"pieces": pieces, "is_same": old == new})


def _diff_pieces(old: str, new: str) -> list[tuple[str, str]]:
    """Same, removed and added stretches. Changed words with only a space between them read as one change."""
    before, after = _words(old), _words(new)
    pieces: list[tuple[str, str]] = []
    removed = added = ""
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        same = "".join(before[old_from:old_to]) if operation == "equal" else ""
        is_gap = operation == "equal" and same.isspace() and bool(removed or added) and old_to < len(before)
        if operation != "equal" or is_gap:
            removed += "".join(before[old_from:old_to])
            added += "".join(after[new_from:new_to])
            continue
        pieces += [piece for piece in (("removed", removed), ("added", added)) if piece[1]]
        pieces.append(("same", same))
        removed = added = ""
    return pieces + [piece for piece in (("removed", removed), ("added", added)) if piece[1]]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs: a blank line starts one, a line break stays."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block]
    breaks = SafeString("<br>")
    return format_html_join(
        "",
        "<p>{}</p>",
        ((format_html_join(breaks, "{}", ((line,) for line in block.splitlines())),) for block in blocks),
    )
