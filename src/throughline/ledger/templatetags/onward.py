"""`{% onward kind number %}`: buttons for the steps other apps offer on a thing."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from throughline.components.tags.controls import button
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.onward import onward_links

register = template.Library()


@register.simple_tag(takes_context=True)
def onward(context: Context, kind: str, number: int) -> SafeString | str:
    """A bar of buttons, or nothing. A step the reader may not take is shown with the reason."""
    actor: Actor | None = context.get("actor")
    links = onward_links(actor, SubjectRef(kind, number)) if actor is not None else []
    if not links:
        return ""
    buttons = ((button(link.label, link.url, "quiet", disabled_reason=link.refused_because),) for link in links)
    return format_html('<div class="actions">{}</div>', format_html_join("", "{}", buttons))
