"""Forms of people pages: they parse and word errors; what is allowed is the services' to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from throughline.kernel.errors import Invalid
from throughline.people.rules import STAKEHOLDER_KINDS, STRENGTH_KINDS
from throughline.people.rules.hr_columns import HrMapping
from throughline.people.rules.hr_dates import DATE_FORMATS
from throughline.people.rules.hr_file import TableHead
from throughline.people.rules.hr_targets import TARGETS, UNIT_STYLES
from throughline.people.selectors.people import PRESENCE

_WHO = "A name, e-mail address or id."


def form_refuse(form: forms.Form, error: Invalid) -> None:
    """Put a service's refusals onto the form, each at its field, the others on top."""
    for field, sentences in error.problems.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def choices_of(labels: dict[str, str], *, empty: str = "") -> list[tuple[str, str]]:
    """Choices from keys and labels, with a first empty one when it has words."""
    return [*([("", empty)] if empty else []), *labels.items()]


class PeopleFilterForm(forms.Form):
    """The filter over the list of people."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    unit = forms.CharField(label="Unit", required=False, help_text="Its name, or Above > name.")
    location = forms.ChoiceField(label="Location", required=False)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any"), ("lead", "Leads a unit")])
    presence = forms.ChoiceField(label="Presence", required=False, choices=list(PRESENCE.items()))

    def __init__(self, *args: Any, locations: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"] = forms.ChoiceField(
            label="Location",
            required=False,
            choices=[("", "Anywhere"), *((place, place) for place in locations)],
        )


class PersonForm(forms.Form):
    """Everything about a person, for administrators."""

    name = forms.CharField(label="Name", max_length=160)
    email = forms.CharField(label="E-mail", required=False, max_length=254)
    external_id = forms.CharField(label="Personnel number or other id", required=False, max_length=120)
    title = forms.CharField(label="Job title", required=False, max_length=160)
    location = forms.CharField(label="Location", required=False, max_length=120)
    manager = forms.CharField(label="Manager", required=False, help_text=_WHO)
    started_on = forms.DateField(label="First day", required=False, widget=forms.DateInput())
    time_zone = forms.CharField(
        label="Time zone", required=False, help_text="As Europe/Berlin; empty: the organisation's."
    )
    about = forms.CharField(label="About", required=False, max_length=2000, widget=forms.Textarea())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class ProfileForm(forms.Form):
    """One's own part of a profile."""

    name = forms.CharField(label="Name", max_length=160)
    location = forms.CharField(label="Location", required=False, max_length=120)
    time_zone = forms.CharField(
        label="Time zone", required=False, help_text="As Europe/Berlin; empty: the organisation's."
    )
    about = forms.CharField(
        label="About",
        required=False,
        max_length=2000,
        widget=forms.Textarea(),
        help_text="What you work on, and what people may come to you for.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class EndForm(forms.Form):
    """A last day; empty means today."""

    on = forms.DateField(label="Last day", required=False, widget=forms.DateInput(), help_text="Empty: today.")


class StrengthForm(forms.Form):
    """A gift, strength or asset."""

    kind = forms.ChoiceField(label="Kind", choices=list(STRENGTH_KINDS.items()))
    name = forms.CharField(label="What", max_length=120, help_text="In few words: explains charts to anybody.")
    note = forms.CharField(label="Where it shows", required=False, max_length=400)


class StrengthFilterForm(forms.Form):
    """The search for who can do something."""

    q = forms.CharField(label="Who can …", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Kind", required=False, choices=choices_of(STRENGTH_KINDS, empty="Any"))


class UnitForm(forms.Form):
    """A unit to create."""

    name = forms.CharField(label="Name", max_length=160)
    function = forms.CharField(
        label="Function",
        required=False,
        max_length=80,
        help_text="What kind of work it does: engineering, finance, …",
    )
    parent = forms.CharField(label="Unit above", required=False, help_text="Its name; empty: at the top.")


class UnitRenameForm(forms.Form):
    """A unit's name and function."""

    name = forms.CharField(label="Name", max_length=160)
    function = forms.CharField(label="Function", required=False, max_length=80)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class UnitMoveForm(forms.Form):
    """Where a unit hangs."""

    parent = forms.CharField(
        label="New unit above", required=False, help_text="Its name, or Above > name. Empty: at the top."
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class MemberForm(forms.Form):
    """Somebody who belongs to a unit."""

    person = forms.CharField(label="Person", help_text=_WHO)
    starts_on = forms.DateField(label="From", required=False, widget=forms.DateInput(), help_text="Empty: today.")
    is_lead = forms.BooleanField(label="Leads the unit", required=False)


class MemberMoveForm(forms.Form):
    """A move from one unit to another."""

    unit = forms.CharField(label="To unit", help_text="Its name, or Above > name.")
    starts_on = forms.DateField(label="From", required=False, widget=forms.DateInput(), help_text="Empty: today.")
    is_lead = forms.BooleanField(label="Leads the unit", required=False)


_SCALE = [
    (str(number), f"{number}{words}") for number, words in ((1, ", low"), (2, ""), (3, ""), (4, ""), (5, ", high"))
]


class StakeholderForm(forms.Form):
    """An entry of the register."""

    kind = forms.ChoiceField(label="Kind", choices=list(STAKEHOLDER_KINDS.items()))
    name = forms.CharField(label="Name", max_length=160)
    is_group = forms.BooleanField(label="This is a group, not one person", required=False)
    represents = forms.CharField(
        label="Represents", max_length=400, help_text="Whose needs or which knowledge they bring."
    )
    person = forms.CharField(
        label="Who stands for it here",
        required=False,
        help_text="A person or guest, by name, e-mail address or id.",
    )
    influence = forms.TypedChoiceField(label="Influence", choices=_SCALE, coerce=int, initial="3")
    interest = forms.TypedChoiceField(label="Interest", choices=_SCALE, coerce=int, initial="3")
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class StakeholderFilterForm(forms.Form):
    """The filter over the register."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label="Kind", required=False, choices=choices_of(STAKEHOLDER_KINDS, empty="All kinds"))
    presence = forms.ChoiceField(
        label="Presence",
        required=False,
        choices=[("", "Has a stake now"), ("ended", "Ended"), ("all", "All")],
    )


class UploadForm(forms.Form):
    """An HR export to import."""

    file = forms.FileField(
        label="HR export",
        help_text="CSV or XLSX with a first line of column names.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )


class MappingForm(forms.Form):
    """What the columns of an upload mean."""

    def __init__(self, *args: Any, head: TableHead, mapping: HrMapping | None = None, **kwargs: Any) -> None:
        guessed = mapping or HrMapping()
        initial: dict[str, Any] = {key: str(position) for key, position in guessed.columns.items()}
        initial |= {
            "date_format": guessed.date_format,
            "unit_style": guessed.unit_style,
            "is_leaving_when_missing": guessed.is_leaving_when_missing,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        choices = [
            ("", "Not in the file"),
            *((str(place), label) for place, label in enumerate(_column_labels(head))),
        ]
        for target in TARGETS:
            self.fields[target.key] = forms.ChoiceField(
                label=target.label, required=False, choices=choices, help_text=target.help
            )
        self.fields["date_format"] = forms.ChoiceField(
            label="Dates are written as", choices=[(entry.key, entry.label) for entry in DATE_FORMATS]
        )
        self.fields["unit_style"] = forms.ChoiceField(label="Units are written as", choices=list(UNIT_STYLES.items()))
        self.fields["is_leaving_when_missing"] = forms.BooleanField(
            label="People who are not in this file have left",
            required=False,
            help_text="Only for a file of everybody. Nobody is deleted; the preview names each of them.",
        )

    def mapping(self) -> dict[str, Any]:
        """What was chosen, as `people_import_map` takes it."""
        data = self.cleaned_data
        return {
            "columns": {target.key: int(data[target.key]) for target in TARGETS if data.get(target.key)},
            "date_format": data["date_format"],
            "unit_style": data["unit_style"],
            "is_leaving_when_missing": data["is_leaving_when_missing"],
        }


def _column_labels(head: TableHead) -> list[str]:
    labels = []
    for position, name in enumerate(head.columns):
        sample = next((line[position] for line in head.samples if line[position]), "")
        shown = name or f"column {position + 1}"
        labels.append(f"{shown} (such as {sample[:40]})" if sample else f"{shown} (empty)")
    return labels
