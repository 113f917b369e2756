"""The choices of a form's field, where they are known only once somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

Choice = tuple[int | str, str]


def choices_set(form: forms.Form, name: str, choices: Iterable[Choice]) -> None:
    """Give a field its choices. Raises `TypeError` for a field that has none, as `choices_of` does."""
    _field(form, name).choices = list(choices)


def choices_of(form: forms.Form, name: str) -> list[Choice]:
    """The choices a field has now, in order. They are plain pairs; a field with groups is not for this function."""
    # Django takes groups and callables too, and its types say so of what it gives back.
    found: Any = _field(form, name).choices
    return list(found)


def _field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} of {type(form).__name__} is no field to choose from.")
    return field
