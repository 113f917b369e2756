"""The one filter of the goal list, read from its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from throughline.components.choosing import choices_of
from throughline.goals.forms.picking import OneOf, PickingForm
from throughline.goals.rules import STATE_LABELS, STATUS_LABELS, GoalLevel
from throughline.goals.selectors import GoalFilter

VIEWS = (("tree", "Tree"), ("table", "Table"), ("outline", "Outline"))


class GoalFilterForm(PickingForm):
    """The filter as controls; unknown values in an address are ignored rather than refused."""

    q = forms.CharField(
        label="Words in the title",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    cycle = OneOf(label="Cycle", empty="Every cycle")
    unit = OneOf(label="Unit", empty="Every unit")
    theme = OneOf(label="Theme", empty="Every theme")
    owner = OneOf(label="Owner", empty="Everybody")
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Every state"), *((str(key), label) for key, label in STATE_LABELS.items())],
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any status"), *((str(key), label) for key, label in STATUS_LABELS.items())],
    )
    mine = forms.BooleanField(label="Only mine", required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in ("cycle", "unit", "theme", "owner"):
            # A control with nothing to choose only takes room.
            if len(choices_of(self, name)) == 1:
                del self.fields[name]


def filter_of(query: QueryDict) -> GoalFilter:
    """The filter an address asks for."""
    state, status = query.get("state", ""), query.get("status", "")
    return GoalFilter(
        q=query.get("q", "").strip()[:200],
        state=state if state in set(STATE_LABELS) else "",
        cycle_id=_number(query, "cycle"),
        unit_id=_number(query, "unit"),
        theme_id=_number(query, "theme"),
        owner_id=_number(query, "owner"),
        status=status if status in set(STATUS_LABELS) else "",
        level=query.get("level", "") if query.get("level", "") in set(GoalLevel) else "",
        is_mine=query.get("mine", "") in ("1", "on", "true"),
    )


def view_of(query: QueryDict) -> str:
    """Which of the three views an address asks for."""
    wanted = query.get("view", "")
    return wanted if wanted in dict(VIEWS) else "tree"


def opened_of(query: QueryDict, *, most: int) -> tuple[int, ...]:
    """The branches an address has open, at most so many."""
    numbers = [int(part) for part in query.get("open", "").split(".") if part.isdecimal() and len(part) < 19]
    return tuple(dict.fromkeys(numbers))[-most:]


def _number(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
