"""What people type about meetings, read and worded."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.http import HttpRequest, QueryDict

from throughline.components.choosing import choices_set
from throughline.kernel.errors import Invalid
from throughline.meetings.formats import FORMATS
from throughline.meetings.models import Meeting, Theme
from throughline.meetings.rules import MAX_OUTCOME, MAX_TEXT, MAX_TITLE
from throughline.meetings.services import AgendaDraft
from throughline.meetings.services.meetings import ACTIVITIES

_AGENDA_LINE = re.compile(
    r"^\s*(?P<minutes>\d{1,3})\s+(?P<activity>[a-z]+)\s*:\s*(?P<title>[^|]+?)\s*(\|\s*(?P<note>.*?)\s*)?$"
)


def form_refused(form: forms.BaseForm, error: Invalid) -> None:
    """Put a service's sentences where the form shows them."""
    for field, words in error.problems.items():
        for word in words:
            form.add_error(field if field in form.fields else None, word)


def with_version(request: HttpRequest, version: int) -> QueryDict:
    """What was typed, as if from the present version: after a conflict the next save is made knowing it."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    return typed


def agenda_written(items: list[Any]) -> str:
    """An agenda as the text the form edits: one item a line."""
    return "\n".join(
        f"{item.minutes} {item.activity}: {item.title}"
        + (f" | {item.facilitator_note}" if item.facilitator_note else "")
        for item in items
    )


def agenda_read(text: str) -> list[AgendaDraft]:
    """The agenda of such a text; raises `ValidationError` naming the line that cannot be read."""
    drafts: list[AgendaDraft] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _AGENDA_LINE.match(line)
        if match is None or match["activity"] not in ACTIVITIES:
            raise forms.ValidationError(
                f"Line {number} (“{line.strip()[:60]}”) is not read. Write it like “15 board: Write, each alone | a note”; "
                f"the kinds are {', '.join(ACTIVITIES)}."
            )
        drafts.append(
            AgendaDraft(match["title"], int(match["minutes"]), match["activity"], (match["note"] or "")[:400])
        )
    return drafts


class MeetingForm(forms.Form):
    """A meeting as planned or changed."""

    title = forms.CharField(max_length=MAX_TITLE, label="Title")
    question = forms.CharField(
        max_length=400, required=False, label="Question of the board", widget=forms.Textarea(attrs={"rows": 2})
    )
    what_for = forms.CharField(
        max_length=400, required=False, label="What it is for", widget=forms.Textarea(attrs={"rows": 2})
    )
    starts_at = forms.DateTimeField(label="When", widget=forms.DateTimeInput(), help_text="In the time zone below.")
    time_zone = forms.ChoiceField(label="Time zone")
    unit = forms.TypedChoiceField(
        label="Whose meeting",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Everybody in the unit sees the board and may post. Invite more people afterwards.",
    )
    call_url = forms.CharField(max_length=400, required=False, label="Link of the video call")
    wants_anonymous = forms.BooleanField(
        required=False,
        label="Also take contributions without a name",
        help_text="Offered where at least eight people may post. Nobody, you included, can find out who wrote one.",
    )
    agenda = forms.CharField(
        label="Agenda",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One item a line: minutes, kind (board, grouping, discussion, outcome), title, and after a bar a note for you.",
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "time_zone", [(name, name) for name in sorted(available_timezones())])
        choices_set(self, "unit", [("", "Only the people invited"), *units])

    def clean_agenda(self) -> list[AgendaDraft]:
        return agenda_read(self.cleaned_data["agenda"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        moment, zone = cleaned.get("starts_at"), cleaned.get("time_zone")
        if isinstance(moment, datetime) and zone:
            # Django read it in the reader's zone; the clock time typed is meant in the zone chosen.
            cleaned["starts_at"] = moment.replace(tzinfo=ZoneInfo(zone))
        return cleaned


def meeting_initial(meeting: Meeting, agenda: list[Any]) -> dict[str, Any]:
    """What the form shows of a meeting."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone)).replace(tzinfo=None)
    return {
        "title": meeting.title,
        "question": meeting.question,
        "what_for": meeting.what_for,
        "starts_at": local,
        "time_zone": meeting.time_zone,
        "unit": meeting.unit_id,
        "call_url": meeting.call_url,
        "wants_anonymous": meeting.wants_anonymous,
        "agenda": agenda_written(agenda),
        "version": meeting.version,
    }


class MeetingChangeForm(MeetingForm):
    """The same for a meeting that exists: whose it is stays, and the version is carried."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, units=[], **kwargs)
        del self.fields["unit"]


class MeetingFilterForm(forms.Form):
    """The filters of the list."""

    q = forms.CharField(required=False, label="Search", max_length=100)
    format = forms.ChoiceField(required=False, label="Format")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_set(self, "format", [("", "Any"), *((entry.key, entry.title) for entry in FORMATS)])


class InviteForm(forms.Form):
    """People by name or address, one per line."""

    people = forms.CharField(
        label="People", widget=forms.Textarea(attrs={"rows": 3}), help_text="Names or e-mail addresses, one per line."
    )
    are_facilitators = forms.BooleanField(required=False, label="They facilitate with me")


class GuestForm(forms.Form):
    """Somebody outside."""

    name = forms.CharField(max_length=120, label="Name")
    email = forms.EmailField(label="E-mail address")


class ContributionForm(forms.Form):
    """What somebody says."""

    text = forms.CharField(label="Your contribution", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())


class ThemeForm(forms.Form):
    """A theme's name and what it comes to."""

    title = forms.CharField(label="Name of the theme", max_length=MAX_TITLE)
    summary = forms.CharField(
        label="What it comes to", max_length=MAX_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    @classmethod
    def of(cls, theme: Theme) -> ThemeForm:
        return cls(initial={"title": theme.title, "summary": theme.summary, "version": theme.version})


class OutcomeForm(forms.Form):
    """What the meeting came to."""

    outcome = forms.CharField(label="Outcome", max_length=MAX_OUTCOME, widget=forms.Textarea(attrs={"rows": 6}))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())


class AnswerForm(forms.Form):
    """An answer to a theme or contribution."""

    kind = forms.ChoiceField(
        label="What became of it",
        choices=[("answered", "Answered"), ("not_taken_up", "Not taken up")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Your answer, or why it is not taken up", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class MessageForm(forms.Form):
    """A message to whoever holds a receipt."""

    text = forms.CharField(
        label="Message to whoever wrote this", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class PostForm(forms.Form):
    """The form of the answer host. `nonce` is made anew for each form, in the browser where it can."""

    text = forms.CharField(label="Your contribution", max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 5}))
    key = forms.CharField(
        label="Posting key of the board",
        max_length=60,
        help_text="It stands on the board. The link and the QR code there bring it along.",
    )
    nonce = forms.CharField(max_length=64, widget=forms.HiddenInput())


class ReceiptForm(forms.Form):
    """A receipt, typed or brought along by its link."""

    receipt = forms.CharField(
        label="Receipt", max_length=80, help_text="The letters and digits you were given after posting."
    )
    text = forms.CharField(
        label="Your contribution", max_length=MAX_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
