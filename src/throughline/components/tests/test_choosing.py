"""Choices that are known only once somebody asks."""

from __future__ import annotations

import pytest
from django import forms

from throughline.components.choosing import choices_of, choices_set


class Lunch(forms.Form):
    dish = forms.ChoiceField()
    wish = forms.CharField()


def test_choices_given_are_the_choices_of_field_and_control() -> None:
    form = Lunch({"dish": "2", "wish": "-"})
    choices_set(form, "dish", iter([("", "Nothing"), (2, "Soup")]))
    assert choices_of(form, "dish") == [("", "Nothing"), (2, "Soup")]
    assert "Soup" in str(form["dish"])
    assert form.is_valid()


def test_choices_of_one_form_are_not_those_of_the_next() -> None:
    choices_set(Lunch(), "dish", [(2, "Soup")])
    assert choices_of(Lunch(), "dish") == []


def test_a_field_without_choices_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="wish of Lunch"):
        choices_set(Lunch(), "wish", [])
    with pytest.raises(TypeError, match="wish of Lunch"):
        choices_of(Lunch(), "wish")
