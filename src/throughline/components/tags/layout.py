"""What gives a page its shape: sections, tabs, menus, steps, the trace strip, pagers, empty states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from throughline.components.tags.rendering import fresh_id, page_context, part_html, tone_of
from throughline.components.trace_folding import MOST_ACROSS, fold

register = template.Library()


@register.simple_block_tag
def section(
    content: str,
    title: str,
    note: str = "",
    link_url: str = "",
    link_label: str = "",
    level: int = 2,
    anchor: str = "",
) -> SafeString:
    """A titled part of a page under one rule: {% section "Key results" note="…" %}…{% endsection %}."""
    if level not in (2, 3):
        raise ValueError(f"A section is level 2 or 3, not {level}.")
    return part_html(
        "section",
        {
            "content": content,
            "title": title,
            "note": note,
            "link_url": link_url,
            "link_label": link_label,
            "level": level,
            "anchor": anchor,
            "heading_id": fresh_id("section"),
        },
    )


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """A bar of buttons that wraps."""
    return part_html("actions", {"content": content})


@register.simple_tag
def crumbs(items: Sequence[tuple[str, str]]) -> SafeString:
    """Where this page hangs: pairs of label and address, an empty address for a plain word."""
    return part_html("crumbs", {"items": items})


@register.simple_tag
def tabs(items: Sequence[Any], label: str = "Views") -> SafeString:
    """Views of one thing as links; TabLink items."""
    return part_html("tabs", {"items": items, "label": label})


@register.simple_tag(takes_context=True)
def menu(context: Context, label: str, items: Sequence[Any], kind: str = "quiet") -> SafeString:
    """A menu that opens without JavaScript; MenuLink items."""
    return part_html("menu", {**page_context(context), "label": label, "items": items, "kind": kind})


@register.simple_tag
def steps(items: Sequence[Any], label: str = "Steps") -> SafeString:
    """A guided line of steps; Step items."""
    words = {"done": "done", "here": "you are here", "todo": "to come", "blocked": "blocked"}
    shown = [{"step": item, "words": words[tone_of(item.state, allowed=tuple(words))]} for item in items]
    return part_html("steps", {"items": shown, "label": label})


@register.simple_tag
def trace(stations: Sequence[Any], label: str = "The line of this page", layout: str = "auto") -> SafeString:
    """The trace strip; Station items in order. `layout` is auto (across where short and wide) or down."""
    tone_of(layout, allowed=("auto", "down"))
    stations = list(stations)
    is_across = layout == "auto" and len(stations) <= MOST_ACROSS
    return part_html(
        "trace", {"stretches": fold(stations), "label": label, "is_across": is_across, "count": len(stations)}
    )


@register.simple_tag
def pager(
    older_url: str = "", newer_url: str = "", older_label: str = "Older", newer_label: str = "Newer"
) -> SafeString:
    """Links to the neighbouring pages of a list paged by key."""
    return part_html(
        "pager",
        {
            "older_url": older_url,
            "newer_url": newer_url,
            "older_label": older_label,
            "newer_label": newer_label,
        },
    )


@register.simple_block_tag
def empty(content: str, title: str, action_label: str = "", action_url: str = "") -> SafeString:
    """An empty list: what to do next (title, action) and why (content)."""
    return part_html(
        "empty", {"content": content, "title": title, "action_label": action_label, "action_url": action_url}
    )
