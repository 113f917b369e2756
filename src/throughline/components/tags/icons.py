"""Our own few symbols, drawn on a grid of 16 with one line width. Words come first; use these sparingly."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

_PATHS = {
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "more": '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
    "chevron": '<path d="m6 3.5 4.5 4.5L6 12.5"/>',
    "up": '<path d="M8 13V3.5M4 7l4-4 4 4"/>',
    "down": '<path d="M8 3v9.5M4 9l4 4 4-4"/>',
    "check": '<path d="m3 8.5 3.2 3.2L13 4.8"/>',
    "cross": '<path d="m4 4 8 8m0-8-8 8"/>',
    "lock": '<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "copy": '<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M3 10.5V3.5a1 1 0 0 1 1-1h6.5"/>',
    "file": '<path d="M4 2.5h5l3 3v8H4z"/><path d="M9 2.5v3h3"/>',
    "out": '<path d="M6 3H3v10h3M7 8h6.5m-2.5-2.5L13.5 8 11 10.5"/>',
}


def icon_names() -> list[str]:
    return sorted(_PATHS)


def icon_svg(name: str, label: str = "") -> SafeString:
    if name not in _PATHS:
        raise ValueError(f"There is no symbol {name!r}; we have {', '.join(icon_names())}.")
    drawing = SafeString(_PATHS[name])  # Our own constant, never input.
    if label:
        return format_html('<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, drawing)
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', drawing)
