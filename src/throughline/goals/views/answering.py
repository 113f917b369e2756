"""How every page of goals answers: contexts, forms with their refusals, and searches on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from throughline.access.requests import PageRequest
from throughline.goals.forms.picking import as_typed
from throughline.goals.views.trying import tried
from throughline.kernel.errors import Conflict, Invalid

ValueT = TypeVar("ValueT")
FormT = TypeVar("FormT", bound=forms.Form)


def page(request: PageRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of goals from its template."""
    return render(request, f"goals/{template}", dict(context), status=status)


@dataclass(frozen=True)
class Answer(Generic[FormT, ValueT]):
    """A form after a request: `value` when it was saved, else the form to show with its status."""

    form: FormT
    status: int
    value: ValueT | None = None
    is_saved: bool = False
    seen: Any = None
    is_stale: bool = False


def answered(
    request: PageRequest,
    make: Callable[..., FormT],
    save: Callable[[FormT], ValueT],
    *,
    initial: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    look: Callable[[], Any] | None = None,
) -> Answer[FormT, ValueT]:
    """Show, search, try or save a form.

    `make` builds it from `data` or `initial`; `save` calls the service; `names` maps the service's field names to the
    form's. A press of a `find` button shows the form as typed with new choices. It answers 422, because nothing was
    sent yet: so the token of the form stays unused, and going back to it still works. With `look` the first sending
    only tries: `seen` is what would happen, and the page asks whether to go on.
    """
    if request.method != "POST":
        return Answer(make(initial=dict(initial or {})), 200)
    if "find" in request.POST or "back" in request.POST:
        blank = make(initial={})
        return Answer(make(initial=as_typed(blank, request.POST)), 422)
    form = make(data=request.POST)
    if not form.is_valid():
        return Answer(form, 422)
    try:
        if look is not None and "sure" not in request.POST:
            return Answer(form, 200, seen=tried(lambda: save(form), look))
        return Answer(form, 302, value=save(form), is_saved=True)
    except Invalid as error:
        refuse(form, error, names=names)
        return Answer(form, 422)
    except Conflict as error:
        form.add_error(None, str(error))
        return Answer(form, 409, is_stale=True)


def refuse(form: forms.Form, error: Invalid, *, names: Mapping[str, str] | None = None) -> None:
    """Put each sentence of a refusal beside its field, or above the form."""
    for field, words in error.problems.items():
        shown = (names or {}).get(field, field)
        for sentence in words:
            form.add_error(shown if shown in form.fields else None, sentence)


def version_sent(request: PageRequest, current: int) -> int:
    """The version a form was made from; the current one when the form is only being shown."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else current


def beside(next_cursor: str, previous_cursor: str, kept: str = "") -> dict[str, str]:
    """The addresses of the pages beside this one, for a pager."""
    return {
        "older_url": f"?cursor={next_cursor}{kept}" if next_cursor else "",
        "newer_url": f"?cursor={previous_cursor}{kept}" if previous_cursor else "",
    }
