"""Forms: any bound field, the summary of errors, the filter bar."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.widgets import DateTimeBaseInput
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from throughline.components.tags.rendering import fresh_id, part_html, tone_of

register = template.Library()

_TYPED_WIDGETS: tuple[tuple[type[DateTimeBaseInput], str, str], ...] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


@register.simple_tag
def once() -> SafeString:
    """A hidden field by which a form sent twice (double click, retry) has one effect. One in every form that writes."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(12))


@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: str = "",
    help: str = "",
    size: str = "full",
    autocomplete: str = "",
    placeholder: str = "",
    is_label_hidden: bool = False,
    is_focused: bool = False,
) -> SafeString | str:
    """Any bound field with label, help and error tied to its control. `size` is full, medium or short."""
    tone_of(size, allowed=("full", "medium", "short"))
    if bound.is_hidden:
        return bound.as_hidden()
    _use_native_input(bound)
    shape = _shape_of(bound)
    help_text = help or bound.help_text
    described_by = " ".join(
        part
        for part, is_there in ((f"{bound.auto_id}_error", bound.errors), (f"{bound.auto_id}_help", help_text))
        if is_there
    )
    attributes = _attributes(
        bound,
        described_by=described_by,
        autocomplete=autocomplete,
        placeholder=placeholder,
        is_focused=is_focused,
    )
    return part_html(
        f"field_{shape}",
        {
            "field": bound,
            "label": label or bound.label,
            "help": help_text,
            "size": size,
            "is_label_hidden": is_label_hidden,
            "described_by": described_by,
            "error_id": f"{bound.auto_id}_error",
            "help_id": f"{bound.auto_id}_help",
            "control": None if shape == "choices" else bound.as_widget(attrs=attributes),
            "options": list(bound.subwidgets) if shape == "choices" else [],
        },
    )


def _shape_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "text"


def _use_native_input(bound: BoundField) -> None:
    """Dates get the browser's own input; refused ones a plain one, or what was typed would be dropped."""
    # The form's own copy of the widget, so nothing leaks into other forms.
    if bound.errors and bound.data:
        if isinstance(bound.field.widget, forms.NumberInput):
            bound.field.widget.input_type = "text"
        return
    for widget_class, input_type, value_format in _TYPED_WIDGETS:
        widget = bound.field.widget
        if isinstance(widget, widget_class) and widget.input_type == "text":
            widget.input_type = input_type
            widget.format = value_format
            return


def _attributes(
    bound: BoundField, *, described_by: str, autocomplete: str, placeholder: str, is_focused: bool
) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if described_by:
        attributes["aria-describedby"] = described_by
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    # A form of a library may bring one that only repeats the label.
    bound.field.widget.attrs.pop("placeholder", None)
    if placeholder:
        attributes["placeholder"] = placeholder
    if is_focused:
        attributes["autofocus"] = True
    if isinstance(bound.field.widget, forms.Textarea):
        attributes["data-grow"] = True
        attributes["rows"] = bound.field.widget.attrs.get("rows") or "4"
    return attributes


@register.simple_tag
def form_errors(form: forms.BaseForm, *, is_focused: bool = True) -> SafeString | str:
    """What is wrong with the form, first on the page, each line a link to its field. Empty without errors."""
    if not form.errors:
        return ""
    lines = [
        {"label": bound.label, "errors": bound.errors, "target": _first_control_id(bound)}
        for bound in form.visible_fields()
        if bound.errors
    ]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return part_html(
        "form_errors",
        {
            "general": general,
            "lines": lines,
            "count": len(general) + len(lines),
            "id": fresh_id("errors"),
            "is_focused": is_focused,
        },
    )


def _first_control_id(bound: BoundField) -> str:
    if _shape_of(bound) == "choices":
        options = list(bound.subwidgets)
        return options[0].id_for_label or bound.auto_id if options else bound.auto_id
    return bound.id_for_label or bound.auto_id


@register.simple_tag(takes_context=True)
def filter_bar(
    context: Context,
    form: forms.BaseForm,
    target: str = "",
    label: str = "Filter",
    keep: str = "sort",
    action: str = "",
) -> SafeString:
    """A GET form over a list, with its active filters as links that remove them.

    `target` is the selector of the list: with htmx only that part of the answered page is replaced. `keep`
    names the query parameters, separated by commas, that survive filtering.
    """
    request = context.get("request")
    query = request.GET if request is not None else QueryDict()
    path = action or (request.path if request is not None else "")
    kept = [(name, query[name]) for name in keep.split(",") if name in query]
    active = list(_active_filters(form, query, path))
    return part_html(
        "filter_bar",
        {
            "form": form,
            "fields": [field(bound) for bound in form],
            "target": target,
            "label": label,
            "action": path,
            "kept": kept,
            "active": active,
            "clear_url": path or "?",
            "id": fresh_id("filter"),
        },
    )


def _active_filters(form: forms.BaseForm, query: QueryDict, path: str) -> Iterator[dict[str, str]]:
    for bound in form:
        name = bound.html_name
        for value in query.getlist(name):
            if value == "":
                continue
            remaining = query.copy()
            remaining.setlist(name, [other for other in query.getlist(name) if other != value])
            for cursor in ("after", "before"):
                remaining.pop(cursor, None)
            yield {
                "label": str(bound.label),
                "value": _words_of(bound, value),
                "url": f"{path}?{remaining.urlencode()}",
            }


def _words_of(bound: BoundField, value: str) -> str:
    if isinstance(bound.field, forms.BooleanField):
        return "yes"
    choices = getattr(bound.field, "choices", ())
    for key, words in choices:
        if str(key) == value:
            return str(words)
    return value
