"""Check-ins and comments."""

from __future__ import annotations

from typing import Any

from django import forms

from throughline.goals.forms.picking import FindText, ManyOf, PickingForm
from throughline.goals.rules import STATUS_LABELS


class CheckInForm(forms.Form):
    """One calm form: where it stands, how likely it is, what to say about it."""

    value = forms.FloatField(label="Value now")
    confidence_percent = forms.FloatField(
        label="Chance of reaching the target, in percent",
        required=False,
        min_value=0,
        max_value=100,
        help_text="5 all but lost, 20 unlikely, 50 a coin toss, 80 likely, 95 all but certain.",
    )
    status = forms.ChoiceField(
        label="How is it going",
        required=False,
        choices=[(str(key), label) for key, label in STATUS_LABELS.items()],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What happened, what comes next",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    on = forms.DateField(
        label="Reading of",
        required=False,
        help_text="Left empty, today. An earlier day is fine, a later one is not.",
    )

    def __init__(self, *args: Any, has_value: bool, is_correction: bool = False, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not has_value:
            del self.fields["value"]
        if is_correction:
            del self.fields["on"]

    def confidence_0_1(self) -> float | None:
        """The chance as a share, or None when it was not stated."""
        percent = self.cleaned_data["confidence_percent"]
        return None if percent is None else percent / 100


class CommentForm(PickingForm):
    """A comment, and whom it is for. `@Name` in the text works too."""

    searched = {"people_find": "mention_ids"}

    text = forms.CharField(label="Your comment", max_length=4000, widget=forms.Textarea(attrs={"rows": "3"}))
    mention_ids = ManyOf(label="Tell these people")
    people_find = FindText("Find people by name")
