"""What a person presses: buttons, confirmations, copy boxes, running jobs."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from throughline.components.tags.rendering import fresh_id, page_context, part_html, tone_of

register = template.Library()
KINDS = ("primary", "quiet", "danger", "plain")


@register.simple_tag
def button(
    label: str,
    url: str = "",
    kind: str = "primary",
    *,
    type: str = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    icon: str = "",
    disabled_reason: str = "",
    accessible_label: str = "",
) -> SafeString:
    """A link with `url`, else a button. With `disabled_reason` it is shown, cannot be used, and says why."""
    tone_of(kind, allowed=KINDS)
    return part_html(
        "button",
        {
            "label": label,
            "url": url,
            "kind": kind,
            "type": type,
            "name": name,
            "value": value,
            "form": form,
            "icon": icon,
            "disabled_reason": disabled_reason,
            "accessible_label": accessible_label,
            "reason_id": fresh_id("reason") if disabled_reason else "",
        },
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: str,
    url: str,
    kind: str = "quiet",
    *,
    name: str = "",
    value: str = "",
    disabled_reason: str = "",
    accessible_label: str = "",
) -> SafeString:
    """One button that changes something: a form of its own, with the token."""
    pressed = button(
        label,
        kind=kind,
        name=name,
        value=value,
        disabled_reason=disabled_reason,
        accessible_label=accessible_label,
    )
    return part_html("post_button", {**page_context(context), "url": url, "button": pressed, "off": disabled_reason})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    label: str,
    url: str,
    question: str,
    kind: str = "danger",
    yes: str = "",
    no: str = "Keep it",
) -> SafeString:
    """A button that asks first, without JavaScript; the content (fields) goes into the form it sends."""
    tone_of(kind, allowed=KINDS)
    return part_html(
        "confirm",
        {
            **page_context(context),
            "content": content,
            "label": label,
            "url": url,
            "question": question,
            "kind": kind,
            "yes": yes or label,
            "no": no,
        },
    )


@register.simple_tag
def copy_box(value: str, label: str, help: str = "") -> SafeString:
    """A text to copy. The button appears where copying works; the text can be selected everywhere."""
    return part_html("copy_box", {"value": value, "label": label, "help": help, "id": fresh_id("copy")})


@register.simple_block_tag
def qr(content: str, label: str, caption: str = "") -> SafeString:
    """Room for a QR code given as SVG content, on white in both themes so that cameras can read it."""
    return part_html("qr", {"content": content, "label": label, "caption": caption})


@register.simple_tag
def job(
    label: str,
    poll_url: str,
    done: int = 0,
    total: int | None = None,
    detail: str = "",
    state: str = "running",
    refresh_url: str = "",
) -> SafeString:
    """A running job: this part replaces itself from `poll_url` every second; a link does the same."""
    tone_of(state, allowed=("running", "done", "failed"))
    percent = None if not total else round(100 * min(done, total) / total)
    return part_html(
        "job",
        {
            "label": label,
            "poll_url": poll_url,
            "done": done,
            "total": total,
            "percent": percent,
            "detail": detail,
            "state": state,
            "refresh_url": refresh_url,
            "id": fresh_id("job"),
        },
    )
