"""The page of a goal, and of one of its key results or initiatives."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import ChartPoint, LineChart, TimelineItem
from throughline.goals.models import Goal
from throughline.goals.policies import GOAL
from throughline.goals.selectors import (
    GoalPage,
    checkins_on,
    comments_on,
    goal_page,
    readings_of,
)
from throughline.goals.selectors.for_pages import readings_by_goal
from throughline.goals.subjects import stations_of
from throughline.goals.views.acting import actions_of, decision_url
from throughline.goals.views.answering import page
from throughline.goals.views.checkins import comment_maker
from throughline.goals.views.showing import STATE_TONES, STATUS_TONES
from throughline.goals.views.surroundings import aligned, dependency, facts_of, shown_part
from throughline.goals.views.wording import comment_parts, number_words, reading_words, signature_words
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import trace_stations
from throughline.ledger.subjects import Station

# Fewer readings than this are said better in words than in a picture.
CHART_FROM = 3


@guests_welcome
def goal(request: PageRequest, goal_id: int) -> HttpResponse:
    """One goal with everything around it; a key result or initiative has a page of its own."""
    actor = request.actor
    found = goal_page(actor, goal_id)
    is_part = found.goal.part_of_id is not None
    comments = comments_on(actor, found.goal, cursor=request.GET.get("comments", ""))
    context: dict[str, Any] = {
        "shown": found,
        "goal": found.goal,
        "crumb_items": _crumbs(actor, found),
        "actions": actions_of(actor, found),
        "status_tone": STATUS_TONES.get(found.row.status, "wait"),
        "comments": comment_parts(actor, comments.rows),
        "older_comments": f"?comments={comments.next_cursor}#comments" if comments.next_cursor else "",
        "newer_comments": f"?comments={comments.previous_cursor}#comments" if comments.previous_cursor else "",
        "comment_form": comment_maker(request, found.goal)(initial={}) if found.can_comment else None,
    }
    if is_part:
        return page(request, "part_page.html", {**context, **_part_context(actor, found, request)})
    return page(request, "goal.html", {**context, **_objective_context(actor, found)})


def _crumbs(actor: Actor, found: GoalPage) -> list[tuple[str, str]]:
    if actor.is_guest:
        return []
    goal, list_url = found.goal, reverse("goals:list", args=[actor.org_slug])
    pairs = [("Goals", list_url)]
    if goal.cycle is not None:
        pairs.append((goal.cycle.name, f"{list_url}?cycle={goal.cycle_id}"))
    if goal.unit is not None:
        pairs.append((goal.unit.name, f"{list_url}?unit={goal.unit_id}"))
    if goal.part_of is not None:
        pairs.append((goal.part_of.title, found.objective_url))
    return pairs


def _objective_context(actor: Actor, found: GoalPage) -> dict[str, Any]:
    def url(name: str) -> str:
        return reverse(f"goals:{name}", args=[actor.org_slug, found.goal.pk])

    readings = readings_by_goal(actor, [part.goal.pk for part in found.key_results])
    parts = [shown_part(part, readings.get(part.goal.pk, ())) for part in found.key_results]
    charted = next((item for item in parts if len(item.values) >= CHART_FROM), None)
    owners = [found.goal.owner.name] if found.goal.owner is not None else []
    owners += [person.name for person in found.co_owners]
    may_edit, last = (
        bool(found.can_edit) and found.objective.state not in ("closed", "dropped"),
        found.steps[-1:],
    )
    score = found.goal.score_0_1
    return {
        "key_results": parts,
        "initiatives": [shown_part(part, ()) for part in found.initiatives],
        "chart": _chart(charted.part.goal, readings[charted.part.goal.pk]) if charted is not None else None,
        "signatures": signature_words(found.sign_off),
        "sign_off_rows": found.sign_off.rows if found.sign_off is not None else (),
        "decision_url": decision_url(actor, found.sign_off),
        "stations": trace_stations(actor, SubjectRef(GOAL, found.goal.pk), own=_own_stations(found)),
        "history": [
            TimelineItem(at=step.at, title=step.to_label, by=step.by_name, detail=step.reason)
            for step in reversed(found.steps)
        ],
        "owners": owners,
        "owner_words": " with ".join([owners[0], ", ".join(owners[1:])] if len(owners) > 1 else owners),
        "facts": facts_of(found),
        "state_tone": STATE_TONES.get(found.objective.state) or "wait",
        "progress_words": f"{found.row.progress_percent} %" + ("" if not found.row.is_unread else ", no reading yet"),
        "part_note": "",
        "score_words": f"scored {round(score * 100)} %" if score is not None else "",
        "dropped_reason": last[0].reason if last and found.objective.state == "dropped" else "",
        "above": [aligned(actor, item, can_end=may_edit) for item in found.parents],
        "below": [aligned(actor, item, can_end=False) for item in found.children],
        "needs": [dependency(actor, item, is_need=True) for item in found.needs],
        "promises": [dependency(actor, item, is_need=False) for item in found.promises],
        "explain_url": "" if actor.is_guest else url("explain"),
        "versions_url": "" if actor.is_guest else url("versions"),
        "add_key_result_url": url("key_result_new") if may_edit else "",
        "add_initiative_url": url("initiative_new") if may_edit else "",
        "align_url": url("align") if may_edit else "",
        "depend_url": url("depend") if may_edit else "",
    }


def _own_stations(found: GoalPage) -> list[Station]:
    goals = [found.goal, *(part.goal for part in (*found.key_results, *found.initiatives, *found.removed))]
    read = [goal for goal in goals if goal.checked_in_on is not None]
    latest = (
        found.goal if found.goal in read else max(read, key=lambda goal: (goal.checked_in_on, goal.pk), default=None)
    )
    return stations_of(found.goal, found.sign_off, latest, url=found.objective_url)


def _part_context(actor: Actor, found: GoalPage, request: PageRequest) -> dict[str, Any]:
    readings = readings_of(actor, found.goal.pk)
    checkins = checkins_on(actor, found.goal, cursor=request.GET.get("checkins", ""))
    everything = (*found.key_results, *found.initiatives, *found.removed)
    own = next((part for part in everything if part.goal.pk == found.goal.pk), None)
    may_correct = bool(found.can_check_in) and not actor.is_guest
    return {
        "kind_label": "Key result" if found.goal.kind == "key_result" else "Initiative",
        "own": shown_part(own, readings) if own is not None else None,
        "milestones": own.milestones if own is not None else (),
        "chart": _chart(found.goal, readings) if len(readings) >= CHART_FROM else None,
        "checkins": [
            (line, reading_words(line), line.id if may_correct and not line.is_corrected else None)
            for line in checkins.rows
        ],
        "older_url": f"?checkins={checkins.next_cursor}" if checkins.next_cursor else "",
        "newer_url": f"?checkins={checkins.previous_cursor}" if checkins.previous_cursor else "",
    }


def _chart(goal: Goal, readings: Any) -> LineChart:
    first, last = readings[0], readings[-1]
    unit = goal.metric_unit
    aim = f"; target {number_words(goal.target, unit)}" if goal.target is not None else ""
    return LineChart(
        title=goal.title,
        summary=f"From {number_words(first[1], unit)} on {first[0]:%-d %B} to {number_words(last[1], unit)} on {last[0]:%-d %B}{aim}.",
        points=[ChartPoint(f"{on:%-d %b}", value) for on, value in readings],
        target=goal.target,
        target_label="target",
        unit=unit,
    )
