"""Lists of things: rows, tables, trees, timelines, checklists, comments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from throughline.components.parts import Column, DataTable
from throughline.components.tags.rendering import page_context, part_html, tone_of

register = template.Library()
DEEPEST_INDENT = 8


@register.simple_block_tag
def rows(content: str, label: str = "") -> SafeString:
    """The list around {% row %}s: {% rows %}{% for … %}{% row … %}{% endfor %}{% endrows %}."""
    if label:
        return format_html('<ul class="rows" aria-label="{}">{}</ul>', label, content)
    return format_html('<ul class="rows">{}</ul>', content)


@register.simple_tag
def row(title: str, url: str = "", side: str = "", meta: str = "", state: str = "") -> SafeString:
    """One line of a list. `side` and `meta` may be parts made with `as`; `state` gives `side` a tone."""
    # Formatted here, not in a template: a page may have fifty of these.
    head = format_html('<a class="title" href="{}">{}</a>', url, title) if url else format_html("<b>{}</b>", title)
    end = _side_html(side, state)
    return format_html("<li>{}{}{}</li>", head, end, format_html('<span class="meta">{}</span>', meta) if meta else "")


def _side_html(side: str, state: str) -> SafeString | str:
    if side is None or side == "":
        return ""
    if state:
        return format_html('<span class="side state state-{}">{}</span>', tone_of(state), side)
    return format_html('<span class="side num">{}</span>', side)


@register.simple_tag
def row_list(items: Iterable[Any], label: str = "") -> SafeString:
    """A whole list from Row items."""
    lines = [row(item.title, item.url, item.side, item.meta, item.state) for item in items]
    return rows_around(lines, label)


def rows_around(lines: Sequence[SafeString], label: str) -> SafeString:
    joined = SafeString("".join(lines))
    if label:
        return format_html('<ul class="rows" aria-label="{}">{}</ul>', label, joined)
    return format_html('<ul class="rows">{}</ul>', joined)


@register.simple_tag(takes_context=True)
def data_table(context: Context, table: DataTable, is_caption_hidden: bool = False) -> SafeString:
    """A table; on a phone each row becomes a card. Sort links keep the rest of the address."""
    request = context.get("request")
    query = request.GET if request is not None else QueryDict()
    return part_html(
        "data_table",
        {
            "table": table,
            "is_caption_hidden": is_caption_hidden,
            "headers": [_header(column, query) for column in table.columns],
            "rows": [[_cell(column, row) for column in table.columns] for row in table.rows],
        },
    )


def _header(column: Column, query: QueryDict) -> dict[str, Any]:
    current = query.get("sort", "")
    direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(current, "")
    url = ""
    if column.is_sortable:
        following = query.copy()
        following["sort"] = f"-{column.key}" if direction == "ascending" else column.key
        # A cursor belongs to the order it was made in.
        following.pop("after", None)
        following.pop("before", None)
        url = f"?{following.urlencode()}"
    return {"column": column, "direction": direction, "url": url}


def _cell(column: Column, row: Any) -> dict[str, Any]:
    value = row.get(column.key)
    return {
        "column": column,
        "value": "" if value is None else value,
        "url": row.get(f"{column.key}_url", ""),
    }


@register.simple_tag
def tree(items: Iterable[Any], label: str) -> SafeString:
    """Indented lines opened and closed by links; TreeRow items in display order."""
    shown = []
    for item in items:
        share = item.share_0_1
        percent = None if share is None else round(min(max(share, 0.0), 1.0) * 100)
        shown.append(
            {
                "item": item,
                "depth": min(item.depth, DEEPEST_INDENT),
                "level": item.depth + 1,
                "percent": percent,
                "side": _side_html(item.side, item.state),
            }
        )
    return part_html("tree", {"items": shown, "label": label})


@register.simple_tag
def timeline(items: Iterable[Any], label: str = "History") -> SafeString:
    """What happened, newest first as given; TimelineItem items."""
    return part_html("timeline", {"items": items, "label": label})


@register.simple_tag
def checklist(items: Iterable[Any], label: str = "Checklist") -> SafeString:
    """What is done and what is not; ChecklistItem items."""
    return part_html("checklist", {"items": items, "label": label})


@register.simple_block_tag(takes_context=True)
def comment_thread(context: Context, content: str, items: Sequence[Any], label: str = "Comments") -> SafeString:
    """Comments with replies, then the form given as content; Comment items."""
    return part_html("comment_thread", {**page_context(context), "content": content, "items": items, "label": label})
