"""Writing a goal down and changing it."""

from __future__ import annotations

from typing import Any

from django import forms

from throughline.goals.forms.picking import FindText, ManyOf, OneOf, PickingForm
from throughline.goals.models import Goal
from throughline.goals.rules import CADENCE_LABELS, GoalLevel, Visibility
from throughline.goals.services import GoalFields
from throughline.kernel.ids import SubjectRef

LEVELS = [
    (GoalLevel.UNIT, "a unit’s"),
    (GoalLevel.ORGANISATION, "the whole organisation’s"),
    (GoalLevel.PERSON, "one person’s"),
]
RHYTHMS = [("", "as the cycle says"), *((key, label.lower()) for key, label in CADENCE_LABELS.items())]
SEEN_BY = [
    ("", "as usual for its level"),
    (Visibility.OPEN, "everyone here"),
    (Visibility.TEAM, "its owners and team"),
]


class GoalForm(PickingForm):
    """An objective as a person writes it."""

    searched = {"unit_find": "unit_id", "people_find": "co_owner_ids", "serves_find": "serves"}

    title = forms.CharField(
        label="What will be true when it is reached",
        max_length=300,
        help_text="One sentence about the change, not the work: “A clinician never loses work to an outage”.",
    )
    description = forms.CharField(
        label="Why, and what it covers", required=False, max_length=8000, widget=forms.Textarea
    )
    level = forms.ChoiceField(label="Whose goal is it", choices=[(str(key), label) for key, label in LEVELS])
    unit_id = OneOf(label="Unit", empty="No unit")
    unit_find = FindText("Find a unit by name")
    owner_id = OneOf(label="Owner", empty="Nobody yet")
    co_owner_ids = ManyOf(label="Owned together with")
    people_find = FindText("Find people by name")
    serves = forms.ChoiceField(
        label="Which purpose or value does it serve",
        required=False,
        help_text="Every goal names what it is for; it is asked for at the latest when you propose it.",
    )
    serves_find = FindText("Find a purpose, value or policy by its words")
    cycle_id = OneOf(label="Cycle", empty="No cycle")
    theme_id = OneOf(label="Strategic theme", empty="No theme")
    starts_on = forms.DateField(label="Starts", required=False)
    ends_on = forms.DateField(label="Ends", required=False, help_text="Left empty, the cycle’s dates count.")
    cadence = forms.ChoiceField(label="Check-ins", required=False, choices=RHYTHMS)
    visibility = forms.ChoiceField(label="Who may read it", required=False, choices=SEEN_BY)

    def fields_given(self, goal: Goal | None = None) -> GoalFields:
        """What was typed, as the service takes it; what the form does not show stays as it is in `goal`."""
        given: dict[str, Any] = dict(self.cleaned_data)
        serves = given["serves"]
        return GoalFields(
            title=given["title"],
            description=given["description"],
            level=given["level"],
            unit_id=given["unit_id"],
            owner_id=given["owner_id"],
            co_owner_ids=tuple(given["co_owner_ids"]),
            cycle_id=given["cycle_id"],
            theme_id=given["theme_id"],
            serves=SubjectRef.parse(serves) if serves else None,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            cadence=given["cadence"],
            visibility=given["visibility"],
            metric_key=goal.metric_key if goal is not None else "",
            metric_unit=goal.metric_unit if goal is not None else "",
            weight=goal.weight if goal is not None else 1.0,
        )


class NewGoalForm(GoalForm):
    """A first writing down also chooses the goals above; each is one alignment."""

    parent_ids = ManyOf(label="Which goals above does it contribute to")
    parent_find = FindText("Find a goal by its title")


class GoalEditForm(GoalForm):
    """A change says why, and whether it is only editorial."""

    reason = forms.CharField(
        label="Why this changes",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text="Everyone who signed reads this.",
    )
    is_editorial = forms.BooleanField(
        label="Only editorial: spelling or clearer words, the same promise",
        required=False,
        help_text="Nobody is asked again for wording, but anybody who signed may contest it for seven days.",
    )


class ReasonForm(forms.Form):
    """A step that needs a reason in words."""

    reason = forms.CharField(label="The reason", max_length=2000, widget=forms.Textarea(attrs={"rows": "3"}))


class OptionalReasonForm(forms.Form):
    """A step that may carry a reason."""

    reason = forms.CharField(
        label="A word about it", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2"})
    )


class ProposeForm(forms.Form):
    """Asking for signatures."""

    note = forms.CharField(
        label="A word to those who are asked", required=False, max_length=2000, widget=forms.Textarea
    )
    closes_on = forms.DateField(label="Answer wanted by", required=False)


class StakeholdersForm(PickingForm):
    """Who, besides the owners, must sign."""

    searched = {"stakeholder_find": "stakeholder_ids"}

    stakeholder_ids = ManyOf(label="Stakeholders who must sign")
    stakeholder_find = FindText("Find a stakeholder by name")


class CloseForm(forms.Form):
    """The end of a goal: how far it came and what was learned."""

    score_percent = forms.FloatField(
        label="Score, in percent",
        min_value=0,
        max_value=100,
        help_text="How far it was reached, as its owners judge it. The measured progress is shown beside it.",
    )
    retrospective = forms.CharField(
        label="What was learned",
        required=False,
        max_length=8000,
        widget=forms.Textarea,
        help_text="What helped, what got in the way, what you would do differently.",
    )
    reason = forms.CharField(label="Why it ends now", max_length=2000, widget=forms.Textarea(attrs={"rows": "2"}))
