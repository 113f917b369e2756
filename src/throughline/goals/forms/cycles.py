"""Cycles and strategic themes."""

from __future__ import annotations

from django import forms

from throughline.goals.forms.picking import OneOf, PickingForm
from throughline.goals.rules import CADENCE_LABELS


class CycleForm(forms.Form):
    """A span in which goals are set, signed and reached."""

    name = forms.CharField(label="Name", max_length=120, help_text="“Autumn 2026”, “First quarter”.")
    starts_on = forms.DateField(label="First day")
    ends_on = forms.DateField(label="Last day")
    cadence = forms.ChoiceField(
        label="Check-ins", choices=[(key, label) for key, label in CADENCE_LABELS.items()], initial="weekly"
    )
    note = forms.CharField(label="What this cycle is about", required=False, max_length=4000, widget=forms.Textarea)


class ThemeForm(PickingForm):
    """A direction that goals belong to."""

    title = forms.CharField(label="Theme", max_length=200)
    text = forms.CharField(label="What it means", required=False, max_length=4000, widget=forms.Textarea)
    cycle_id = OneOf(label="For one cycle", empty="Standing, for every cycle")
    is_sustainability = forms.BooleanField(
        label="Serves social or environmental sustainability",
        required=False,
        help_text="Its goals are followed together as the organisation’s sustainability goals.",
    )
