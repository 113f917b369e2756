"""What stands around a goal, ready to print: its parts, aligned goals, dependencies, facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from throughline.goals.rules import NEXT_DEPENDENCY_STATES, DependencyState
from throughline.goals.selectors import GoalPage
from throughline.goals.selectors.page import AlignmentRow, DependencyRow, PartRow
from throughline.goals.views.showing import meta_words, progress_words
from throughline.goals.views.wording import number_words, part_words
from throughline.kernel.actor import Actor

DEPENDENCY_TONES = {
    "requested": "wait", "accepted": "good", "at_risk": "warn", "declined": "bad", "delivered": "good",
}  # fmt: skip
ANSWER_WORDS = {
    DependencyState.ACCEPTED: ("accept", "Accept"),
    DependencyState.DELIVERED: ("deliver", "Delivered"),
    DependencyState.AT_RISK: ("at_risk", "At risk"),
    DependencyState.DECLINED: ("decline", "Decline"),
}


@dataclass(frozen=True)
class ShownPart:
    """A key result or initiative with its words and the shape of its readings."""

    part: PartRow
    side: str
    meta: str
    tone: str
    status: str
    values: tuple[float, ...]
    spark_label: str
    progress: float | None
    raw: float | None


def shown_part(part: PartRow, readings: Sequence[tuple[date, float]]) -> ShownPart:
    """One part as the page of its goal shows it."""
    words, values = part_words(part), tuple(value for _, value in readings)
    shape = f"{len(values)} readings, from {number_words(values[0])} to {number_words(values[-1])}" if values else ""
    is_read = part.goal.has_reading
    return ShownPart(
        part=part,
        side=words.side,
        meta=f"{part.row.progress_percent} % of the way; {words.meta}" if is_read else words.meta,
        tone=words.tone or "wait",
        status=part.row.status_label,
        values=values if len(values) > 1 else (),
        spark_label=shape,
        progress=part.goal.progress if is_read else None,
        raw=part.goal.progress_raw if is_read else None,
    )


@dataclass(frozen=True)
class Aligned:
    """A goal above or below; without an address it is one the reader may not open."""

    title: str
    url: str
    meta: str
    side: str
    percent: int | None
    is_struck: bool
    end_url: str


def aligned(actor: Actor, item: AlignmentRow, *, can_end: bool) -> Aligned:
    """One aligned goal in words: how it counts, how far it is, and whether it is left out."""
    how = "supports, never counts" if item.rule == "supports" else f"weight {number_words(item.weight)}"
    end_url = reverse("goals:unalign", args=[actor.org_slug, item.alignment_id]) if can_end else ""
    if item.row is None:
        return Aligned("Something you cannot open", "", how, "", None, is_struck=False, end_url=end_url)
    row = item.row
    return Aligned(
        title=row.title,
        url=row.url,
        meta=f"{how}; {meta_words(row)}",
        side=progress_words(row),
        percent=None if row.is_empty or row.is_unread else row.progress_percent,
        is_struck=not row.is_counted,
        end_url=end_url,
    )


@dataclass(frozen=True)
class ShownDependency:
    """What a goal needs or promised, with the answers this reader may give or why they may not."""

    text: str
    state_label: str
    tone: str
    meta: str
    goal_title: str
    goal_url: str
    answer: str
    answers: tuple[tuple[str, str], ...]
    reason: str


def dependency(actor: Actor, item: DependencyRow, *, is_need: bool) -> ShownDependency:
    """One dependency in words."""
    needed = f", needed by {item.needed_on:%-d %B %Y}" if item.needed_on is not None else ""
    following = NEXT_DEPENDENCY_STATES[DependencyState(item.state)]
    answers = tuple(
        (label, reverse("goals:dependency_answer", args=[actor.org_slug, item.id, word]))
        for state, (word, label) in ANSWER_WORDS.items()
        if state in following
    )
    return ShownDependency(
        text=item.text,
        state_label=item.state_label,
        tone=DEPENDENCY_TONES[item.state],
        meta=f"{'from' if is_need else 'promised by'} {item.provider.name}{needed}"
        + ("" if not item.goal_title else ", through" if is_need else ", for"),
        goal_title=item.goal_title,
        goal_url=item.goal_url,
        answer=item.answer,
        answers=answers if item.can_answer else (),
        reason="" if item.can_answer or not following or item.state != "requested" else item.can_answer.reason,
    )


def facts_of(found: GoalPage) -> list[tuple[str, object]]:
    """The short pairs beside a goal."""
    goal = found.goal
    starts, ends = goal.starts_on, goal.ends_on
    if goal.cycle is not None:
        starts, ends = starts or goal.cycle.starts_on, ends or goal.cycle.ends_on
    span = " to ".join(f"{day:%-d %B %Y}" for day in (starts, ends) if day is not None)
    return [
        ("Owner", goal.owner.name if goal.owner is not None else "nobody yet"),
        ("Together with", ", ".join(person.name for person in found.co_owners)),
        ("Unit", goal.unit.name if goal.unit is not None else ""),
        ("Cycle", goal.cycle.name if goal.cycle is not None else ""),
        ("Time", span),
        ("Theme", goal.theme.title if goal.theme is not None else ""),
        ("Stakeholders who sign", ", ".join(person.name for person in found.stakeholders)),
        (
            "Confidence",
            f"{found.row.confidence_percent} % chance" if found.row.confidence_percent is not None else "",
        ),
        ("Read by", "everyone here" if goal.visibility == "open" else "its owners, its team and leaders"),
    ]
