"""What a goal contributes to and depends on."""

from __future__ import annotations

from django import forms

from throughline.goals.forms.picking import FindText, OneOf, PickingForm

RULES = [
    ("contributes", "contributes: its progress counts above"),
    ("supports", "supports: it helps, and never counts"),
]


class AlignForm(PickingForm):
    """One more goal above."""

    parent_id = OneOf(label="The goal above", empty="Choose a goal", required=True)
    parent_find = FindText("Find a goal by its title")
    rule = forms.ChoiceField(label="How", choices=RULES, widget=forms.RadioSelect, initial="contributes")
    weight = forms.FloatField(
        label="Weight among what stands below that goal",
        initial=1,
        help_text="1 is usual; 0 is aligned but not counted.",
    )
    reason = forms.CharField(label="Why", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2"}))


class DependencyForm(PickingForm):
    """A request to somebody whose help the goal needs."""

    searched = {"people_find": "provider_id"}

    text = forms.CharField(
        label="What you need",
        max_length=400,
        help_text="Say it so that both can tell whether it was delivered.",
    )
    provider_id = OneOf(label="Who answers for it", empty="Choose a person", required=True)
    people_find = FindText("Find people by name")
    provider_goal_id = OneOf(label="Which goal of theirs provides it", empty="None in particular")
    goal_find = FindText("Find a goal by its title")
    needed_on = forms.DateField(label="Needed by", required=False)
    reason = forms.CharField(label="Why", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2"}))


class DependencyAnswerForm(forms.Form):
    """What the person asked says."""

    answer = forms.CharField(
        label="A word with your answer",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
