"""A goal's number line by line, today or on any past day; the lines add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from throughline.goals.analysis.numbers import (
    explanation_now,
    explanation_then,
    percent,
    points_shown,
    reading_of,
)
from throughline.goals.models import Goal
from throughline.goals.policies import visible_goals
from throughline.goals.selectors.fetching import goal_visible
from throughline.goals.selectors.graph import neighbourhood_of
from throughline.goals.selectors.past import PastGraph, past_graph
from throughline.goals.selectors.rows import url_prefix
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline_analysis.networks import Explanation, Line, Reason

REASON_WORDS: Mapping[Reason, str] = {
    Reason.COUNTS: "",
    Reason.NO_READING: "no reading yet, counts as zero",
    Reason.SUPPORTS: "supports, is not counted",
    Reason.EXCLUDED: "not signed, or dropped: left out",
    Reason.NOTHING_BELOW: "has no key result yet: left out",
    Reason.ZERO_WEIGHT: "weight 0: left out",
}


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One key result or aligned goal. `points` of all lines add up to the goal's percent. Hidden ones keep no title."""

    id: int
    title: str
    url: str
    kind: str
    reason: str
    reason_words: str
    weight: float
    share_percent: float
    progress_percent: float
    raw_percent: float
    points: float
    is_counted: bool
    is_unread: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class GoalExplanation:
    """What a goal's progress is made of. A key result has no lines; its number is its reading."""

    goal: Goal
    on: date | None
    progress_percent: float
    raw_percent: float
    unread_percent: float
    is_empty: bool
    lines: tuple[ExplanationLine, ...]
    amount: float | None
    amount_unit: str


def goal_explanation(actor: Actor, goal_id: int, *, on: date | None = None) -> GoalExplanation:
    """Today's stored number line by line, or the number of a past day recomputed from what held then.

    Today: five queries. A past day reads everything below the goal; its cost grows with that.
    """
    goal = goal_visible(actor, goal_id)
    if goal.kind == "initiative":
        raise Invalid("An initiative has no number; it is done or not.")
    if goal.kind == "key_result":
        return _of_key_result(actor, goal, on)
    if on is None:
        ids, found = explanation_now(neighbourhood_of(actor, goal.pk), goal.pk)
        past = None
    else:
        past = past_graph(actor, goal.pk, on=on)
        ids, found = explanation_then(past)
    return GoalExplanation(
        goal=goal,
        on=on,
        progress_percent=0.0 if found.is_empty else percent(found.progress),
        raw_percent=0.0 if found.is_empty else percent(found.raw),
        unread_percent=100.0 if found.is_empty else percent(found.unread_share_0_1),
        is_empty=found.is_empty,
        lines=_lines(actor, ids, found, past),
        amount=goal.amount if on is None else None,
        amount_unit=goal.metric_unit,
    )


def _lines(actor: Actor, ids: list[int], found: Explanation, past: PastGraph | None) -> tuple[ExplanationLine, ...]:
    numbers = [ids[line.child] for line in found.lines]
    rows = Goal.objects.filter(visible_goals(actor), pk__in=numbers).values_list("id", "title", "kind")
    shown = {number: (title, kind) for number, title, kind in rows}
    then = {part.id: part.title for part in past.key_results} | past.titles if past is not None else {}
    points = points_shown([line.contribution for line in found.lines])
    prefix = url_prefix(actor)
    lines = []
    for number, line, point in zip(numbers, found.lines, points, strict=True):
        title, kind = shown.get(number, ("Something you cannot open", "objective"))
        is_hidden = number not in shown
        lines.append(
            ExplanationLine(
                id=number,
                title=title if is_hidden else then.get(number, title),
                url="" if is_hidden else f"{prefix}{number}/",
                kind=kind,
                reason=line.reason.value,
                reason_words=REASON_WORDS[line.reason],
                weight=line.weight,
                share_percent=percent(line.normalised_weight),
                progress_percent=_shown(line, line.progress),
                raw_percent=_shown(line, line.raw),
                points=point,
                is_counted=line.is_counted,
                is_unread=line.reason is Reason.NO_READING,
                is_hidden=is_hidden,
            )
        )
    return tuple(sorted(lines, key=lambda item: (not item.is_counted, item.kind, item.id)))


def _shown(line: Line, value: float) -> float:
    return 0.0 if line.reason is Reason.NOTHING_BELOW else percent(value)


def _of_key_result(actor: Actor, goal: Goal, on: date | None) -> GoalExplanation:
    progress, raw, has_reading = goal.progress, goal.progress_raw, goal.has_reading
    if on is not None:
        past = past_graph(actor, goal.objective_id, on=on)
        part = next((item for item in past.key_results if item.id == goal.pk), None)
        progress, raw, has_reading = 0.0, 0.0, False
        if part is not None:
            reading = reading_of(part, value=part.value, milestones=part.milestones)
            progress, raw, has_reading = reading.progress, reading.raw, reading.has_reading
    return GoalExplanation(
        goal=goal,
        on=on,
        progress_percent=percent(progress),
        raw_percent=percent(raw),
        unread_percent=0.0 if has_reading else 100.0,
        is_empty=False,
        lines=(),
        amount=goal.value if on is None else None,
        amount_unit=goal.metric_unit,
    )
