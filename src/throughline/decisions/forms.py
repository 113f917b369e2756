"""Reading what is typed about decisions, and wording what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from throughline.components.choosing import choices_set
from throughline.decisions.methods import METHODS
from throughline.decisions.rules import Outcome, Stance
from throughline.decisions.services import RejectedOption
from throughline.kernel.errors import Invalid
from throughline.ledger.subjects import ChangeKind

STANCES = (
    (Stance.AGREE.value, "I agree"),
    (Stance.AGREE_WITH_RESERVATION.value, "I agree, with a reservation"),
    (Stance.OBJECT.value, "I object"),
    (Stance.ABSTAIN.value, "I abstain"),
)
STATES = (
    ("", "Any state"),
    ("open", "Open"),
    ("adopted", "Adopted or signed"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
)


def refuse(form: forms.Form, error: Invalid) -> None:
    """Put a service's refusal where it belongs on the form."""
    for field, words in error.problems.items():
        for sentence in words:
            form.add_error(field if field in form.fields else None, sentence)


class LogForm(forms.Form):
    """Filters of the log, from the address."""

    q = forms.CharField(label="Words", required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    method = forms.ChoiceField(label="Method", required=False)
    serves = forms.ChoiceField(label="Serves", required=False)

    def __init__(self, *args: Any, served: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "method", [("", "Any method"), *((method.key, method.label) for method in METHODS)])
        choices_set(self, "serves", [("", "Anything"), *served])


class DecisionForm(forms.Form):
    """A new free-standing decision."""

    title = forms.CharField(label="What is to be decided", max_length=300)
    text = forms.CharField(
        label="The exact text",
        widget=forms.Textarea,
        help_text="Positions count for these words. Changing them later asks people again.",
    )
    method = forms.ChoiceField(label="How it is decided", widget=forms.RadioSelect)
    asked = forms.CharField(
        label="Whom to ask",
        widget=forms.Textarea({"rows": 3}),
        help_text="Names or e-mail addresses, one per line. Guests see only this proposal.",
    )
    serves = forms.ChoiceField(label="Purpose or value it serves", required=False)
    options = forms.CharField(
        label="Options considered",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="One per line. When the outcome is recorded, each one not taken gets its reason.",
    )
    closes_on = forms.DateField(
        label="Last day to speak",
        required=False,
        widget=forms.DateInput,
        help_text="After it, silence no longer holds a consent decision up.",
    )

    def __init__(self, *args: Any, serves: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "method", [(method.key, f"{method.label}: {method.explanation}") for method in METHODS])
        choices_set(self, "serves", [("", "Nothing in particular"), *serves])


class PositionForm(forms.Form):
    """Taking or changing a position on the version shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    stance = forms.ChoiceField(label="Your position", choices=STANCES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Needed for an objection or a reservation; welcome with any position.",
    )
    quote = forms.CharField(
        label="Passage you object to",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Copied from the text word for word. Empty means the whole text.",
    )


class DecideForm(forms.Form):
    """Recording the outcome with its reason and the ways not taken."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=((Outcome.ADOPTED.value, "Adopted"), (Outcome.REJECTED.value, "Rejected")),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Reason", widget=forms.Textarea({"rows": 4}))
    rejected = forms.CharField(
        label="Options not taken",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="One per line: the option, then “because”, then why.",
    )

    def clean_rejected(self) -> list[RejectedOption]:
        """Each line split at its first “because”."""
        found = []
        for number, line in enumerate(self.cleaned_data["rejected"].splitlines(), start=1):
            if not line.strip():
                continue
            option, separator, reason = line.partition(" because ")
            if not separator or not reason.strip():
                raise forms.ValidationError(f"Line {number} gives no reason; write “{line.strip()} because …”.")
            found.append(RejectedOption(option.strip(" ,;:"), reason.strip()))
        return found


class ReviseForm(forms.Form):
    """A new version of a free-standing text."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(label="The exact text", widget=forms.Textarea({"rows": 10}))
    change = forms.ChoiceField(
        label="What kind of change is it?",
        choices=(
            (ChangeKind.WORDING.value, "The wording changed: everyone is asked again"),
            (
                ChangeKind.EDITORIAL.value,
                "Only editorial: positions carry over, and anyone asked may contest that for seven days",
            ),
        ),
        widget=forms.RadioSelect,
        initial=ChangeKind.WORDING.value,
    )


class NoteForm(forms.Form):
    """One text: an answer to an objection, a reason to withdraw or contest."""

    note = forms.CharField(label="Answer", required=False, widget=forms.Textarea({"rows": 3}))
