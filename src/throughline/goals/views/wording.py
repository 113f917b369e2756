"""Goals in words: numbers with their units, signatures, readings, comments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from throughline.components.parts import Comment
from throughline.decisions.selectors import SignOff
from throughline.goals.selectors.for_pages import numbered
from throughline.goals.selectors.history import CheckInLine, CommentLine
from throughline.goals.selectors.page import PartRow
from throughline.goals.views.showing import STATUS_TONES
from throughline.kernel.actor import Actor


def number_words(value: float | None, unit: str = "") -> str:
    """A number as a person writes it, with its unit; a percent sign and short units read on."""
    if value is None:
        return ""
    rounded = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return f"{rounded} {unit}".strip()


@dataclass(frozen=True, slots=True)
class PartWords:
    """What stands at the end of a part's line, and below it."""

    side: str
    meta: str
    tone: str


def part_words(part: PartRow) -> PartWords:
    """A key result as “31 → 15 min”, milestones as “4 of 6”, an initiative as done or open."""
    goal, tone = part.goal, STATUS_TONES.get(part.row.status, "")
    if goal.kind == "initiative":
        due = f"by {goal.ends_on:%-d %B}" if goal.ends_on is not None and goal.state != "closed" else ""
        is_done = goal.state == "closed"
        meta = ", ".join(part for part in (part.row.owner_name, due) if part)
        return PartWords(side="Done" if is_done else "Open", meta=meta, tone="good" if is_done else "wait")
    said = [
        f"counts {number_words(goal.weight)} times" if goal.weight != 1 else "",
        f"chance {part.row.confidence_percent} %" if part.row.confidence_percent is not None else "",
        part.row.owner_name,
        part.row.due.label if part.row.due is not None and part.row.due.late_days >= 0 else "",
    ]
    if goal.measure == "milestones":
        done = sum(1 for item in part.milestones if item.done_on is not None)
        side = f"{done} of {len(part.milestones)}"
        start = "milestones"
    elif goal.measure == "keep_within":
        reach = f"{number_words(goal.low)} to {number_words(goal.high, goal.metric_unit)}"
        side = f"{number_words(goal.value)} in {reach}" if goal.value is not None else f"keep {reach}"
        start = "keep within"
    else:
        aim = number_words(goal.target, goal.metric_unit)
        now = number_words(goal.value if goal.value is not None else goal.baseline)
        side, start = f"{now} → {aim}", f"from {number_words(goal.baseline)}"
    return PartWords(side=side, meta="; ".join(word for word in (start, *said) if word), tone=tone)


def reading_words(line: CheckInLine) -> str:
    """A check-in in one line."""
    parts = [
        number_words(line.value, line.unit),
        line.status_label,
        f"chance {line.confidence_percent} %" if line.confidence_percent is not None else "",
    ]
    return ", ".join(part for part in parts if part) or "A note"


def signature_words(found: SignOff | None) -> str:
    """“Signed by 7 of 9 on version 4”."""
    if found is None:
        return "Nobody has been asked to sign it yet."
    everyone = (
        f"everyone asked ({found.required})"
        if found.signed == found.required
        else f"{found.signed} of {found.required}"
    )
    words = f"Signed by {everyone} on version {found.version}."
    if found.carried_over:
        words += f" {found.carried_over} carried over from an earlier version."
    if found.open_objections:
        words += f" {found.open_objections} open objection{'s' if found.open_objections > 1 else ''}."
    return words


def comment_parts(actor: Actor, rows: Iterable[CommentLine]) -> list[Comment]:
    """Comments as the thread shows them; one's own link to their form."""
    edit_url = reverse("goals:comment_change", args=[actor.org_slug, 0])
    profile_url = "" if actor.is_guest else reverse("people:person", args=[actor.org_slug, 0])
    shown = []
    for row in rows:
        told = ", ".join(name for _, name in row.mentions)
        notes = ["edited"] if row.is_edited and not row.is_withdrawn else []
        shown.append(
            Comment(
                author=row.by_name or "Somebody who left",
                at=row.at,
                text="This comment was withdrawn." if row.is_withdrawn else row.text,
                author_url=numbered(profile_url, row.by_id) if profile_url and row.by_id else "",
                edit_url=numbered(edit_url, row.id) if row.can_edit else "",
                anchor=f"comment-{row.id}",
                note=", ".join([*notes, *([f"told {told}"] if told else [])]),
            )
        )
    return shown
