"""Key results of four kinds, milestones and initiatives."""

from __future__ import annotations

from typing import Any

from django import forms

from throughline.goals.forms.picking import FindText, OneOf, PickingForm
from throughline.goals.rules import CADENCE_LABELS, Measure
from throughline.goals.services import KeyResultTerms, MilestoneTerms

MEASURE_WORDS = {
    Measure.INCREASE_TO: ("Increase to a number", "More is better: 40 of 100 wards, 99.9 % available."),
    Measure.DECREASE_TO: ("Decrease to a number", "Less is better: 15 minutes instead of 94."),
    Measure.KEEP_WITHIN: ("Keep within a range", "Neither too much nor too little: between 18 and 22."),
    Measure.MILESTONES: ("Reach milestones", "Steps that are done or not, in order."),
}
# Empty lines offered below the milestones that exist; saving offers as many again.
SPARE_MILESTONES = 4
MOST_MILESTONES = 40


class KeyResultForm(PickingForm):
    """What every kind of key result has. The kinds below add their numbers."""

    searched = {"people_find": "owner_id"}

    title = forms.CharField(label="What is measured", max_length=300)
    description = forms.CharField(
        label="How it is measured",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    owner_id = OneOf(label="Owner", empty="The goal’s owner")
    people_find = FindText("Find people by name")
    ends_on = forms.DateField(label="Reached by", required=False, help_text="Left empty, the goal’s end counts.")
    cadence = forms.ChoiceField(
        label="Check-ins",
        required=False,
        choices=[("", "as the goal says"), *((key, label.lower()) for key, label in CADENCE_LABELS.items())],
    )
    weight = forms.FloatField(
        label="Weight", initial=1, help_text="1 is usual; 0.5 counts half as much as its neighbours."
    )
    reason = forms.CharField(
        label="Why this changes", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2"})
    )
    is_editorial = forms.BooleanField(label="Only editorial: clearer words, the same promise", required=False)

    numbers: tuple[str, ...] = ()

    def terms(self, measure: str, *, metric_key: str = "") -> KeyResultTerms:
        """What was typed, as the service takes it."""
        given: dict[str, Any] = self.cleaned_data
        return KeyResultTerms(
            title=given["title"],
            measure=measure,
            description=given["description"],
            baseline=given.get("baseline"),
            target=given.get("target"),
            low=given.get("low"),
            high=given.get("high"),
            metric_key=metric_key,
            metric_unit=given.get("metric_unit", ""),
            weight=given["weight"],
            owner_id=given["owner_id"],
            ends_on=given["ends_on"],
            cadence=given["cadence"],
            milestones=self.milestones(),
        )

    def milestones(self) -> tuple[MilestoneTerms, ...]:
        """The milestones typed; none for the kinds that count numbers."""
        return ()


class TargetForm(KeyResultForm):
    """Increase to, and decrease to."""

    baseline = forms.FloatField(label="From", help_text="The value today, or at the start.")
    target = forms.FloatField(label="To", help_text="The value to reach.")
    metric_unit = forms.CharField(label="Unit", required=False, max_length=40, help_text="minutes, %, wards, …")
    numbers = ("baseline", "target", "metric_unit")


class RangeForm(KeyResultForm):
    """Keep within."""

    low = forms.FloatField(label="Not below")
    high = forms.FloatField(label="Not above")
    metric_unit = forms.CharField(label="Unit", required=False, max_length=40, help_text="minutes, %, wards, …")
    numbers = ("low", "high", "metric_unit")


class MilestonesForm(KeyResultForm):
    """Steps, each with an optional day. A line without a title is left out."""

    def __init__(self, *args: Any, existing: int = 0, **rest: Any) -> None:
        super().__init__(*args, **rest)
        posted = sum(1 for name in self.data if name.startswith("milestone_title_"))
        self.line_count = min(max(existing + SPARE_MILESTONES, posted), MOST_MILESTONES)
        for line in range(self.line_count):
            self.fields[f"milestone_id_{line}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
            self.fields[f"milestone_title_{line}"] = forms.CharField(
                label=f"Milestone {line + 1}", required=False, max_length=200
            )
            self.fields[f"milestone_due_{line}"] = forms.DateField(label="Due", required=False)

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Number, title and day of each line, for the page."""
        names = ("milestone_id", "milestone_title", "milestone_due")
        return [
            (self[f"{names[0]}_{line}"], self[f"{names[1]}_{line}"], self[f"{names[2]}_{line}"])
            for line in range(self.line_count)
        ]

    def milestones(self) -> tuple[MilestoneTerms, ...]:
        given = self.cleaned_data
        return tuple(
            MilestoneTerms(
                title=given[f"milestone_title_{line}"],
                due_on=given[f"milestone_due_{line}"],
                id=given[f"milestone_id_{line}"],
            )
            for line in range(self.line_count)
            if given[f"milestone_title_{line}"]
        )


FORM_OF: dict[str, type[KeyResultForm]] = {
    Measure.INCREASE_TO: TargetForm,
    Measure.DECREASE_TO: TargetForm,
    Measure.KEEP_WITHIN: RangeForm,
    Measure.MILESTONES: MilestonesForm,
}


class InitiativeForm(PickingForm):
    """Work done for a goal; it is done or not, and never counts as progress."""

    searched = {"people_find": "owner_id"}

    title = forms.CharField(label="What will be done", max_length=300)
    description = forms.CharField(
        label="More about it", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": "3"})
    )
    owner_id = OneOf(label="Who does it", empty="Nobody yet")
    people_find = FindText("Find people by name")
    ends_on = forms.DateField(label="Done by", required=False)
    reason = forms.CharField(
        label="Why this changes", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2"})
    )
