"""Forms of access: they parse and word; what is allowed is decided in services."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms

from throughline.access.rules import GIVABLE_ROLES, ROLE_MEANINGS, ROLE_WORDS, TOKEN_LASTS_DAYS
from throughline.components.choosing import choices_set
from throughline.kernel.errors import Conflict, Invalid

ROLE_CHOICES = [(str(role), f"{ROLE_WORDS[role]}: {ROLE_MEANINGS[role]}") for role in GIVABLE_ROLES]


@cache
def time_zone_choices() -> tuple[tuple[str, str], ...]:
    """Time zones that name a place, with UTC first."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places))


def refuse(form: forms.BaseForm, error: Invalid | Conflict) -> None:
    """Put a service's sentences onto the form, each beside its field."""
    if isinstance(error, Conflict):
        form.add_error(None, str(error))
        return
    for field, words in error.problems.items():
        for sentence in words:
            form.add_error(field if field in form.fields else None, sentence)


class StartForm(forms.Form):
    """A new organisation; the fields about the account are left out for somebody who has one."""

    name = forms.CharField(label="Name of the organisation", max_length=120)
    slug = forms.CharField(
        label="Address",
        required=False,
        max_length=50,
        help_text="Part of every page's address, after /o/. Leave it empty and it is made from the name.",
    )
    person_name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(label="Your e-mail", max_length=254)
    password = forms.CharField(
        label="A password", widget=forms.PasswordInput, strip=False, help_text="At least ten characters."
    )

    def __init__(self, *args: Any, has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            del self.fields["email"]
            del self.fields["password"]


class JoinForm(forms.Form):
    """A new account made by accepting an invitation."""

    name = forms.CharField(label="Your name", max_length=120, help_text="As colleagues will see it.")
    password = forms.CharField(
        label="A password", widget=forms.PasswordInput, strip=False, help_text="At least ten characters."
    )

    def __init__(self, *args: Any, has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            self.fields.clear()


class OrganisationForm(forms.Form):
    """Name and time zone, with what they were when the form was made."""

    name = forms.CharField(label="Name", max_length=120)
    time_zone = forms.ChoiceField(
        label="Time zone", help_text="Dates and reminders follow it, unless a person has chosen their own."
    )
    seen_name = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_time_zone = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "time_zone", time_zone_choices())


class MemberFilterForm(forms.Form):
    """What the member list shows."""

    q = forms.CharField(label="Name or e-mail", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "Any role"), *((str(r), w) for r, w in ROLE_WORDS.items())],
    )
    state = forms.ChoiceField(
        label="Access",
        required=False,
        choices=[("", "Active"), ("ended", "Ended"), ("all", "Active and ended")],
    )


class RolesForm(forms.Form):
    """The roles of one member."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="Somebody without a role is a member.",
    )
    seen_roles = forms.CharField(widget=forms.HiddenInput, required=False)


class InvitationForm(forms.Form):
    """Inviting a member."""

    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(label="Name", required=False, max_length=120, help_text="How the invitation greets them.")
    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="Without a choice they join as a member.",
    )


class InvitationFilterForm(forms.Form):
    """Which invitations the list shows."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("expired", "Run out"),
            ("revoked", "Taken back"),
        ],
    )


class ShareForm(forms.Form):
    """Sharing one thing with a guest."""

    email = forms.EmailField(label="Their e-mail", max_length=254)
    name = forms.CharField(label="Their name", max_length=120)


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label="Name", max_length=80, help_text="The program that will use it.")
    can_write = forms.ChoiceField(
        label="May",
        choices=[("", "read only"), ("1", "read and write")],
        required=False,
        widget=forms.RadioSelect,
    )
    lasts_days = forms.TypedChoiceField(
        label="Lasts",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[*((str(days), f"{days} days") for days in TOKEN_LASTS_DAYS), ("", "until I revoke it")],
        initial="90",
    )
