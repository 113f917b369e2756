"""Reading what is typed about purpose, and wording what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from throughline.components.choosing import choices_set
from throughline.kernel.errors import Invalid
from throughline.ledger.subjects import ChangeKind
from throughline.purpose.rules import ReviewOutcome, Visibility


def refuse(form: forms.Form, error: Invalid) -> None:
    """Put a service's refusal where it belongs on the form."""
    for field, words in error.problems.items():
        for sentence in words:
            form.add_error(field if field in form.fields else None, sentence)


class StatementForm(forms.Form):
    """A wording of a purpose. `based_on` is the version it was made from, 0 for the first."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(label="The purpose", widget=forms.Textarea({"rows": 6}))
    reason = forms.CharField(
        label="Why these words",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Kept with this version, so that later readers understand what changed and why.",
    )
    took_part = forms.CharField(
        label="Who took part",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Names or e-mail addresses, one per line, besides you.",
    )
    change = forms.ChoiceField(
        label="What kind of change is it?",
        required=False,
        choices=(
            (ChangeKind.WORDING.value, "The wording changed: everyone asked is asked again"),
            (
                ChangeKind.EDITORIAL.value,
                "Only editorial: positions carry over, and anyone asked may contest that for seven days",
            ),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, is_proposed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_proposed:
            del self.fields["change"]


class PersonalForm(forms.Form):
    """One's own purpose, and which others it points toward."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(label="What I am here for", widget=forms.Textarea({"rows": 5}))
    toward = forms.TypedMultipleChoiceField(
        label="It points toward", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="Why these words", required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, above: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if above:
            choices_set(self, "toward", above)
        else:
            del self.fields["toward"]


class ShareForm(forms.Form):
    """Who reads one's own purpose: "private", "organisation", or "unit:<number>"."""

    who = forms.ChoiceField(label="Who may read it", widget=forms.RadioSelect)

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = [
            (Visibility.PRIVATE.value, "Only me. Not even administrators."),
            *((f"{Visibility.UNIT.value}:{number}", name) for number, name in units),
            (Visibility.ORGANISATION.value, "Everyone in the organisation"),
        ]
        choices_set(self, "who", readers)

    def chosen(self) -> tuple[str, int | None]:
        """Visibility and the number of the unit."""
        visibility, _, number = self.cleaned_data["who"].partition(":")
        return visibility, int(number) if number else None


class ProposeForm(forms.Form):
    """Putting a draft to decision."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    asked = forms.CharField(
        label="Whom to ask",
        widget=forms.Textarea({"rows": 6}),
        help_text="Names or e-mail addresses, one per line. It is adopted when nobody has an open objection.",
    )
    options = forms.CharField(
        label="Other wordings considered",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="One per line.",
    )
    closes_on = forms.DateField(
        label="Last day to speak", required=False, help_text="After it, silence no longer holds it up."
    )


class SuggestionForm(forms.Form):
    """A member's contribution to a draft."""

    text = forms.CharField(label="What would you change, and why?", widget=forms.Textarea({"rows": 3}))
    wording = forms.CharField(label="The wording you would use", required=False, widget=forms.Textarea({"rows": 3}))


class FateForm(forms.Form):
    """What becomes of a suggestion."""

    fate = forms.ChoiceField(
        label="What becomes of it",
        choices=(
            ("taken_up", "Taken up in a version"),
            ("answered", "Answered"),
            ("not_taken_up", "Not taken up"),
        ),
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(label="Version", required=False, min_value=1)
    reason = forms.CharField(
        label="Your answer",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Its author reads it. Needed unless it was taken up.",
    )


class ReviewForm(forms.Form):
    """What looking at a purpose found."""

    outcome = forms.ChoiceField(
        label="Does it still hold?",
        choices=(
            (ReviewOutcome.KEEP.value, "Yes, it holds"),
            (ReviewOutcome.REVISE.value, "No, it is to be revised"),
        ),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="What we found", widget=forms.Textarea({"rows": 4}))
    next_on = forms.DateField(label="Next review")


class ReviewDateForm(forms.Form):
    """When to look again."""

    review_on = forms.DateField(label="Next review", required=False)


class ValueForm(forms.Form):
    """A value with its behaviours, one per line."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label="Value", max_length=120)
    meaning = forms.CharField(label="What we mean by it", required=False, widget=forms.Textarea({"rows": 3}))
    shows = forms.CharField(
        label="Behaviours that show it",
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text="One per line: what one would see somebody do.",
    )
    contradicts = forms.CharField(
        label="Behaviours that contradict it",
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text="One per line.",
    )


class PolicyForm(forms.Form):
    """A policy and the values it puts into practice."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label="Policy", max_length=200)
    text = forms.CharField(label="Its words", required=False, widget=forms.Textarea({"rows": 6}))
    reference = forms.CharField(
        label="Where it is kept",
        required=False,
        max_length=500,
        help_text="A document name, number or address.",
    )
    values = forms.TypedMultipleChoiceField(
        label="Values it puts into practice", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, values: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if values:
            choices_set(self, "values", values)
        else:
            del self.fields["values"]
