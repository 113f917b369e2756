"""Choosing people, units, goals and the rest from long lists, with a search that needs no script.

A form that has such a field carries a text box `<field>_find` and a button named `find`: pressing it sends the form, the
view answers with the same form as typed and the matches as choices. Nothing is saved on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from throughline.components.choosing import choices_of, choices_set
from throughline.goals.selectors.choices import MOST, MOST_TICKS

Choice = tuple[int, str]


class OneOf(forms.TypedChoiceField):
    """One thing by its number out of choices given at construction; empty is None."""

    def __init__(self, *, choices: Iterable[Choice] = (), empty: str = "None", **rest: Any) -> None:
        shown = [("", empty), *((str(number), label) for number, label in choices)]
        rest.setdefault("required", False)
        super().__init__(choices=shown, coerce=int, empty_value=None, **rest)


class ManyOf(forms.TypedMultipleChoiceField):
    """Several things by their numbers, as ticks."""

    def __init__(self, *, choices: Iterable[Choice] = (), **rest: Any) -> None:
        rest.setdefault("required", False)
        rest.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=[(str(number), label) for number, label in choices], coerce=int, **rest)


class PickingForm(forms.Form):
    """A form some of whose fields choose from what a selector found: `choices` by field name.

    `searched` names for each search box the field it serves: where all there is fits in the list the box is left out.
    """

    searched: Mapping[str, str] = {}

    def __init__(
        self, *args: Any, choices: Mapping[str, Iterable[tuple[int | str, str]]] | None = None, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        for name, options in (choices or {}).items():
            if name not in self.fields:
                continue
            words_for_none = choices_of(self, name)[:1] if isinstance(self.fields[name], OneOf) else []
            choices_set(self, name, [*words_for_none, *((str(key), label) for key, label in options)])
        for box, name in self.searched.items():
            typed = self.data.get(box) or self.initial.get(box)
            if name not in self.fields or typed:
                continue
            room = MOST_TICKS if isinstance(self.fields[name], ManyOf) else MOST
            if len(choices_of(self, name)) < room:
                del self.fields[box]


class FindText(forms.CharField):
    """The search box beside a field with many choices; never part of what is saved."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=80, widget=forms.TextInput)


def as_typed(form: forms.Form, posted: QueryDict) -> dict[str, Any]:
    """What somebody typed, as initial values: the form is shown again without being judged."""
    many = (forms.MultipleChoiceField, forms.TypedMultipleChoiceField)
    return {
        name: posted.getlist(name) if isinstance(field, many) else posted.get(name, "")
        for name, field in form.fields.items()
    }


def numbers_in(source: Mapping[str, Any] | QueryDict, *names: str) -> list[int]:
    """The numbers chosen in these fields so far, so that they stay among the choices whatever is searched."""
    found: list[int] = []
    for name in names:
        values = source.getlist(name) if isinstance(source, QueryDict) else _listed(source.get(name))
        found += [int(value) for value in values if str(value).isdecimal()]
    return found


def _listed(value: Any) -> Sequence[Any]:
    if value is None or value == "":
        return ()
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
