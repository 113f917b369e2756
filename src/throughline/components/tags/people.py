"""People in small: initials and chips."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


def initials_of(name: str) -> str:
    """First letters of the first and last word; one letter for one word; a dot for nothing."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "·"
    if len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Initials in a circle. Decoration: put the name beside it."""
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', initials_of(name))


@register.simple_tag
def person(name: str, url: str = "", detail: str = "") -> SafeString:
    """A person with initials, a link when there is a profile, and one quiet line."""
    label = format_html('<a href="{}">{}</a>', url, name) if url else format_html("<span>{}</span>", name)
    line = format_html('<span class="soft small">{}</span>', detail) if detail else ""
    return format_html('<span class="person">{}<span class="person-name">{}{}</span></span>', avatar(name), label, line)
