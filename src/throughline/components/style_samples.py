"""Invented content for the style page and the tests of the parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from throughline.components import parts


class SampleForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(label="Goal", help_text="One sentence that says what will be different.", max_length=200)
    reason = forms.CharField(label="Why it matters", widget=forms.Textarea, required=False)
    value = forms.ChoiceField(label="Value it serves", choices=[("", "Choose one"), ("safe", "Safe by default")])
    direction = forms.ChoiceField(
        label="Direction", choices=[("up", "Increase to"), ("down", "Decrease to")], widget=forms.RadioSelect
    )
    teams = forms.MultipleChoiceField(
        label="Teams that are asked",
        choices=[("platform", "Platform"), ("records", "Records"), ("radiology", "Radiology")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due = forms.DateField(label="Due", widget=forms.DateInput)
    meeting = forms.DateTimeField(label="First talk", widget=forms.DateTimeInput, required=False)
    target = forms.DecimalField(label="Target", help_text="In minutes.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    sheet = forms.FileField(label="Spreadsheet", help_text="CSV or XLSX, up to 20 MB.", required=False)
    is_shared = forms.BooleanField(label="Share with the whole organisation", required=False)


class SampleFilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    unit = forms.ChoiceField(label="Unit", required=False, choices=[("", "All units"), ("platform", "Platform")])
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All states"), ("late", "Late")])


def _line() -> list[parts.Station]:
    return [
        parts.Station("Purpose", "Care that never waits for a computer", "#purpose"),
        parts.Station("Theme from 3 meetings, 41 voices", "“We lose what we typed”", "#theme"),
        parts.Station("One voice", "said without a name; its author follows along", is_hidden=True),
        parts.Station("Decision, 12 September", "Chosen over “buy a second data centre”", "#decision"),
        parts.Station("This goal, version 4", "A clinician never loses work", is_here=True, note="signed by 9 of 9"),
        parts.Station("So far", "Two wards report no loss since October", "#result"),
    ]


def _long_line() -> list[parts.Station]:
    voices = [parts.Station("Voice", f"What was said in round {number}", f"#voice-{number}") for number in range(1, 36)]
    return [*_line()[:2], *voices, *_line()[3:]]


def _table() -> parts.DataTable:
    return parts.DataTable(
        caption="Key results of this cycle",
        columns=[
            parts.Column("title", "Key result", is_sortable=True),
            parts.Column("unit", "Unit"),
            parts.Column("progress", "Progress", is_number=True, is_sortable=True),
            parts.Column("chance", "Chance", is_number=True),
        ],
        rows=[
            {
                "title": "Restore within 15 minutes",
                "title_url": "#1",
                "unit": "Platform",
                "progress": "58 %",
                "chance": "60 %",
            },
            {
                "title": "Six failovers in working hours",
                "title_url": "#2",
                "unit": "Platform",
                "progress": "67 %",
                "chance": "80 %",
            },
            {
                "title": "Every ward heard once a month",
                "title_url": "#3",
                "unit": "Nursing IT",
                "progress": "0 %",
                "chance": None,
            },
        ],
    )


def _tree() -> list[parts.TreeRow]:
    return [
        parts.TreeRow(
            "Downtime halved",
            "#a",
            toggle_url="#close",
            is_open=True,
            side="58 %",
            share_0_1=0.58,
            meta="Organisation",
        ),
        parts.TreeRow("A clinician never loses work", "#b", 1, "On track", "Platform", "good", "#open", share_0_1=0.7),
        parts.TreeRow("Restore within 15 minutes", "#c", 2, "Late", "Key result", "warn", share_0_1=0.31),
        parts.TreeRow("Buy a second data centre", "#d", 1, "Dropped", "Not counted", "wait", is_struck=True),
    ]


def _chart() -> parts.LineChart:
    months = ("Sep", "", "", "", "Oct", "", "", "", "Nov", "today")
    readings = (94, 87, 88, 76, 68, 62, 56, 49, 40, 31)
    return parts.LineChart(
        title="Minutes to restore, weekly",
        summary="Time to restore fell from 94 to 31 minutes in ten weeks; forecast 12 to 24; target 15.",
        points=[
            parts.ChartPoint(label or f"week {index + 1}", value)
            for index, (label, value) in enumerate(zip(months, readings, strict=True))
        ],
        forecast=[
            parts.ChartPoint("week 11", 27, 22, 32),
            parts.ChartPoint("week 12", 23, 17, 29),
            parts.ChartPoint("week 13", 20, 14, 26),
            parts.ChartPoint("Dec", 18, 12, 24),
        ],
        target=15,
        unit="min",
    )


def _steps() -> list[parts.Step]:
    return [
        parts.Step("Stakeholders", "done", "38 named, none missing", "#1"),
        parts.Step("Input", "done", "5 meetings, 431 voices", "#2"),
        parts.Step("Priority", "done", "64 of 118 chosen, all with a reason", "#3"),
        parts.Step("Sign-off", "here", "57 of 64 signed, 2 objections open", "#4"),
        parts.Step("Monitor", "todo", "begins 15 September"),
    ]


def _conversation() -> list[parts.Comment]:
    now = timezone.now()
    return [
        parts.Comment(
            "Ben Okafor",
            now - timedelta(hours=5),
            "The rota of Radiology would change.\n\nCan we keep the night shift out of the first round?",
            "#ben",
            anchor="comment-1",
            replies=(
                parts.Comment("Ada Brandt", now - timedelta(hours=2), "Yes. Version 4 says so.", edit_url="#edit"),
            ),
        )
    ]


def sample_context() -> dict[str, Any]:
    """Everything the examples name."""
    now = timezone.now()
    wrong = SampleForm({"title": "", "due": "tomorrow", "target": "many", "direction": ""})
    wrong.is_valid()
    return {
        "stations": _line(),
        "short_line": _line()[:2] + _line()[3:],
        "long_line": _long_line(),
        "cycle_steps": _steps(),
        "table": _table(),
        "tree_rows": _tree(),
        "chart": _chart(),
        "shares": [
            parts.Share("shaped a signed goal", 268, "#shaped"),
            parts.Share("answered", 97, "#answered", "middle"),
            parts.Share("not taken up, each with a reason", 52, "#not", "light"),
            parts.Share("wait", 14, "#wait", "open"),
        ],
        "history": [
            parts.TimelineItem(now - timedelta(hours=3), "Signed version 4", "#v4", "as owner", "Ada Brandt"),
            parts.TimelineItem(
                now - timedelta(days=9), "Target lowered to 15 minutes", "#v3", "everyone was asked again"
            ),
        ],
        "checks": [
            parts.ChecklistItem("Every owner has signed", True),
            parts.ChecklistItem("Two objections are open", False, "oldest: five days", "#objections"),
        ],
        "conversation": _conversation(),
        "fact_items": [
            ("Owner", "Platform lead"),
            ("Value", "Safe by default"),
            ("Seen by", "everyone here"),
            ("Note", ""),
        ],
        "views": [
            parts.TabLink("Tree", "#tree", True, 64),
            parts.TabLink("Table", "#table"),
            parts.TabLink("Outline", "#outline"),
        ],
        "menu_links": [
            parts.MenuLink("Export as CSV", "#csv"),
            parts.MenuLink("Withdraw", "#withdraw", is_post=True),
        ],
        "form": SampleForm(),
        "wrong_form": wrong,
        "filter_form": SampleFilterForm({"q": "", "unit": "platform", "state": ""}),
        "readings": [94, 88, 76, 62, 49, 31],
        "an_hour_ago": now - timedelta(hours=1),
        "long_ago": now - timedelta(days=200),
        "in_a_week": timezone.localdate() + timedelta(days=7),
        "old_text": "We restore every service within 30 minutes, day and night.",
        "new_text": "We restore every clinical service within 15 minutes, in working hours.",
        "crumb_items": [("Goals", "#goals"), ("Autumn cycle", "#cycle"), ("Platform", "")],
    }
