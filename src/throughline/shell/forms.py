"""Forms of the shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from throughline.components.choosing import choices_set


class CycleMeetingForm(forms.Form):
    """Which meeting feeds a cycle; `choices` are those the reader may see."""

    meeting = forms.ChoiceField(label="A meeting that took place, or will")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "meeting", [("", "Choose a meeting"), *choices])
