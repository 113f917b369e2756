"""A goal's number line by line, today and on any past day; and its versions side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from throughline.access.requests import PageRequest
from throughline.components.parts import Column, DataTable
from throughline.decisions.selectors import sign_off_of
from throughline.goals.analysis.explanation import ExplanationLine, GoalExplanation, goal_explanation
from throughline.goals.analysis.ways import SharedKeyResult, shared_key_results
from throughline.goals.policies import GOAL
from throughline.goals.selectors import goal_versions, goal_visible
from throughline.goals.views.answering import page
from throughline.goals.views.wording import number_words
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef

KINDS = {"key_result": "Key result", "objective": "Goal below", "initiative": "Initiative"}
COLUMNS = (
    Column("title", "Line"),
    Column("kind", "Kind"),
    Column("weight", "Weight", is_number=True),
    Column("share", "Share", is_number=True),
    Column("progress", "Progress", is_number=True),
    Column("points", "Points", is_number=True),
)


class DayForm(forms.Form):
    """Another day of the same number."""

    on = forms.DateField(label="On the evening of", required=False)


class CompareForm(forms.Form):
    """Two versions to lay side by side; the field names are those of the address."""

    def __init__(self, numbers: list[int], *, older: int, newer: int) -> None:
        super().__init__(initial={"from": older, "to": newer})
        for name, label in (("from", "From version"), ("to", "to version")):
            self.fields[name] = forms.ChoiceField(label=label, choices=[(number, str(number)) for number in numbers])


@dataclass(frozen=True)
class LeftOut:
    """A line that does not count, and why."""

    title: str
    url: str
    explain_url: str
    words: str


def explain(request: PageRequest, goal_id: int) -> HttpResponse:
    """How a goal's number comes about."""
    actor = request.actor
    latest = today(actor.time_zone)
    on = _day(request.GET.get("on", ""), latest=latest)
    found = goal_explanation(actor, goal_id, on=on)
    counted = [line for line in found.lines if line.is_counted]
    context = {
        "found": found,
        "goal": found.goal,
        "on": on,
        "words": _words(found, on),
        "reading": _reading(found),
        "day_form": DayForm(initial={"on": on or latest}),
        "table": DataTable("Line by line", COLUMNS, [_cells(line, on) for line in counted], note=_sum_words(found))
        if counted
        else None,
        "left_out": [_left_out(line, on) for line in found.lines if not line.is_counted],
        **_ways(request, actor, found, on or latest),
    }
    return page(request, "explain.html", context)


def _ways(request: PageRequest, actor: Actor, found: GoalExplanation, on: date) -> dict[str, Any]:
    """Key results that count by several ways: read when asked for, because it reads everything below."""
    if not found.goal.is_objective or found.is_empty:
        return {}
    if request.GET.get("ways") != "1":
        query = request.GET.copy()
        query["ways"] = "1"
        return {"ways_url": f"?{query.urlencode()}"}
    shared = [
        (item.title, f"{number_words(item.share_percent)} % in all: {_ways_words(item)}")
        for item in shared_key_results(actor, found.goal.pk, on=on)
    ]
    return {"shared": shared, "has_ways": True}


def _ways_words(item: SharedKeyResult) -> str:
    ways = [
        f"{number_words(way.share_percent)} % by {' → '.join(way.titles) if way.titles else 'itself'}"
        for way in item.ways
    ]
    return "; ".join([*ways, *([f"and {item.folded} more ways"] if item.folded else [])])


def _day(text: str, *, latest: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid({"on": f"“{text[:20]}” is not a day; write it like {latest.isoformat()}."}) from error
    if day > latest:
        raise Invalid({"on": "That day has not come yet; choose today or an earlier one."})
    return None if day == latest else day


def _words(found: GoalExplanation, on: date | None) -> str:
    when = f"On the evening of {on:%-d %B %Y}. " if on is not None else "Today. "
    if found.is_empty:
        return f"{when}Nothing below it said how far it is."
    beyond = f" Before it is held between 0 and 100, it is {number_words(found.raw_percent)} %."
    beyond = beyond if found.raw_percent != found.progress_percent else ""
    unread = f" {number_words(found.unread_percent)} % of its weight has no reading yet and counts as zero."
    return f"{when}{found.goal.title}.{beyond}{unread if found.unread_percent else ''}"


def _reading(found: GoalExplanation) -> str:
    goal = found.goal
    if goal.measure == "milestones":
        return "Its number is the share of its milestones that are reached, by weight."
    if found.amount is None:
        return "It has no reading of that day, so it counts as zero."
    unit = found.amount_unit
    if goal.measure == "keep_within":
        reach = f"{number_words(goal.low)} to {number_words(goal.high, unit)}"
        return f"Its reading is {number_words(found.amount, unit)}; it is to stay within {reach}."
    way = f"{number_words(goal.baseline)} to {number_words(goal.target, unit)}"
    return f"Its reading is {number_words(found.amount, unit)} on the way from {way}."


def _sum_words(found: GoalExplanation) -> str:
    return f"The points add up to {number_words(found.progress_percent)}."


def _query(on: date | None) -> str:
    return f"?on={on.isoformat()}" if on is not None else ""


def _cells(line: ExplanationLine, on: date | None) -> dict[str, object]:
    raw = f" ({number_words(line.raw_percent)} %)" if line.raw_percent != line.progress_percent else ""
    cells: dict[str, object] = {
        "title": line.title,
        "kind": KINDS[line.kind],
        "weight": number_words(line.weight),
        "share": f"{line.share_percent} %",
        "progress": line.reason_words if line.is_unread else f"{line.progress_percent} %{raw}",
        "points": number_words(line.points),
    }
    if line.url:
        cells["title_url"] = f"{line.url}explain/{_query(on)}"
    return cells


def _left_out(line: ExplanationLine, on: date | None) -> LeftOut:
    is_known = line.kind == "objective" and math.isfinite(line.progress_percent)
    progress = f"; it stands at {number_words(line.progress_percent)} %" if is_known else ""
    return LeftOut(
        title=line.title,
        url=line.url,
        explain_url=f"{line.url}explain/{_query(on)}" if line.url else "",
        words=f"{line.reason_words}{progress}",
    )


def versions(request: PageRequest, goal_id: int) -> HttpResponse:
    """Every version, who signed it last, and the difference between any two."""
    actor = request.actor
    row = goal_visible(actor, goal_id)
    found = goal_versions(actor, goal_id)
    numbers = [item.number for item in found]
    newer = _chosen(request.GET.get("to", ""), numbers, default=numbers[0])
    older = _chosen(request.GET.get("from", ""), numbers, default=max(newer - 1, numbers[-1]))
    older, newer = min(older, newer), max(older, newer)
    texts = {item.number: item.text for item in found}
    signers = _signers(actor, row.objective_id)
    context: dict[str, Any] = {
        "goal": row,
        "goal_url": reverse("goals:goal", args=[actor.org_slug, row.objective_id]),
        "versions": [(item, ", ".join(signers.get(item.number, ()))) for item in found],
        "compare": CompareForm(numbers, older=older, newer=newer),
        "compared_title": f"Version {newer}" if older == newer else f"From version {older} to version {newer}",
        "older": older,
        "newer": newer,
        "older_text": texts[older],
        "newer_text": texts[newer],
    }
    return page(request, "versions.html", context)


def _signers(actor: Actor, objective_id: int) -> dict[int, list[str]]:
    """Who last signed which version, in which capacity."""
    sign_off = sign_off_of(actor, SubjectRef(GOAL, objective_id))
    found: dict[int, list[str]] = {}
    for row in sign_off.rows if sign_off is not None else ():
        if row.signed_version is not None:
            found.setdefault(row.signed_version, []).append(f"{row.person_name} ({row.capacity})")
    return found


def _chosen(text: str, numbers: list[int], *, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) in numbers else default
