"""Forms of notify."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from throughline.notify.channels import CHANNELS
from throughline.notify.rules import GROUP_WORDS, PACE_WORDS
from throughline.notify.selectors import PreferenceChoice


class InboxFilterForm(forms.Form):
    """What the inbox shows."""

    show = forms.ChoiceField(label="Show", required=False, choices=[("", "All"), ("unread", "Unread only")])
    group = forms.ChoiceField(label="About", required=False, choices=[("", "Everything"), *GROUP_WORDS.items()])


class MailServerForm(forms.Form):
    """The organisation's mail server."""

    host = forms.CharField(label="Server", max_length=200, help_text="Such as smtp.example.org.")
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(
        label="Encryption",
        choices=[
            ("starttls", "STARTTLS, usually port 587"),
            ("tls", "TLS, usually port 465"),
            ("none", "none, for a server on the same machine or network"),
        ],
        widget=forms.RadioSelect,
        initial="starttls",
    )
    user_name = forms.CharField(label="User name", max_length=200, required=False)
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput, required=False, strip=False, max_length=500
    )
    from_address = forms.EmailField(label="Sender's address", max_length=254)
    from_name = forms.CharField(label="Sender's name", max_length=120, required=False)

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["password"].help_text = "One is stored. Leave this empty to keep it; it is never shown."


class TestMailForm(forms.Form):
    """Where a test mail goes."""

    __test__ = False

    to = forms.EmailField(label="Send a test mail to", max_length=254)


class PreferencesForm(forms.Form):
    """A pace for each group and channel."""

    def __init__(self, *args: Any, choices: Sequence[PreferenceChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for choice in choices:
            self.fields[f"{choice.group}_{choice.channel}"] = forms.ChoiceField(
                label=CHANNELS[choice.channel].label,
                choices=[(pace, PACE_WORDS[pace]) for pace in choice.paces],
                widget=forms.RadioSelect,
                initial=choice.pace,
            )

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by group, with the group's words."""
        return [
            (words, [bound for bound in self if bound.name.startswith(f"{group}_")])
            for group, words in GROUP_WORDS.items()
        ]

    def paces(self) -> dict[tuple[str, str], str]:
        """What was chosen, by group and channel."""
        found: dict[tuple[str, str], str] = {}
        for name, pace in self.cleaned_data.items():
            group, _, channel = name.partition("_")
            found[group, channel] = pace
        return found
